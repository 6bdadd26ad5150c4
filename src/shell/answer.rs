//! What a page tells, as inputs of core.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::browser::data;
use super::browser::page::{self, Op};
use super::convert::{Unfit, cause, failure, foreign, to_data, to_text, to_value};
use crate::core::error::{AuthError, Code};
use crate::core::failure::Failure;
use crate::core::flow::machine::Found;
use crate::core::http::{HttpResponse, Purpose};
use crate::core::input::{Answer, Commit};
use crate::core::lite::text::cut;
use crate::core::value::{ForeignKind, Map, Value};

/// A longer answer is no answer of an auth server.
const LONGEST_BODY: f64 = 4_000_000.0;

/// What came of something that was asked of the page. `in_host`: the storage is the host's.
pub fn answer(op: u32, in_host: bool, result: Result<&JsValue, &JsValue>) -> Answer {
    const READ: u32 = Op::Read as u32;
    const COMMIT: u32 = Op::Commit as u32;
    const LIST: u32 = Op::List as u32;
    const PUT: u32 = Op::Put as u32;
    const HTTP: u32 = Op::Http as u32;
    const PROMPT: u32 = Op::Prompt as u32;
    const QUERY: u32 = Op::Query as u32;
    const SEND: u32 = Op::Send as u32;
    const NAVIGATE: u32 = Op::Navigate as u32;
    const LOCK: u32 = Op::Lock as u32;
    match (op, result) {
        (LOCK, Ok(_)) => Answer::Locked,
        (LOCK, Err(_)) => Answer::Done(Err(AuthError::new(Code::Host, "there are no locks"))),
        (READ, Ok(found)) => {
            let found = found.unchecked_ref::<Array>();
            let mirror = (found.length() > 1).then(|| to_text(&found.get(1)));
            Answer::Stored { text: to_text(&found.get(0)), mirror }
        }
        (READ, Err(thrown)) => {
            Answer::Done(Err(AuthError::new(storage_code(thrown, in_host), "the storage can't be read")))
        }
        (COMMIT, Ok(lost)) => {
            let lost = lost.unchecked_ref::<Array>();
            let is_lost = lost.length() > 0;
            Answer::Committed(if is_lost { Commit::Lost(to_text(&lost.get(0))) } else { Commit::Applied })
        }
        (COMMIT, Err(thrown)) => Answer::Committed(Commit::Failed(storage_code(thrown, in_host))),
        (LIST, found) => {
            let mut values = Vec::new();
            if let Ok(found) = found {
                let found = found.unchecked_ref::<Array>();
                for at in (0..found.length()).step_by(2) {
                    values.push((data::text(&found.get(at)), data::text(&found.get(at + 1))));
                }
            }
            Answer::Values(values)
        }
        (PUT | NAVIGATE, Ok(_)) => Answer::Done(Ok(())),
        (PUT, Err(thrown)) if !in_host => {
            Answer::Done(Err(AuthError::new(storage_code(thrown, false), "the storage refused the value")))
        }
        (PUT | NAVIGATE, Err(thrown)) => {
            let mut error = failure(thrown).classify(Purpose::Other, Code::Host);
            if op == PUT {
                error.path = Some("host.store".to_owned());
            }
            Answer::Done(Err(error))
        }
        (SEND | QUERY, Ok(found)) => {
            let found = found.unchecked_ref::<Array>();
            let given = found.get(0);
            let status = if op == SEND { page::status(&given) } else { 0 };
            Answer::Response { status, given: foreign(ForeignKind::Other, &given), seen: to_data(&found.get(1)) }
        }
        (PROMPT, Ok(found)) => {
            let found = found.unchecked_ref::<Array>();
            Answer::Found(match to_value(&found.get(0)) {
                Ok(values) => Found::Entered(values, found.get(1).is_truthy()),
                Err(why) => unfit(why, None),
            })
        }
        (SEND, Err(thrown)) => Answer::NoResponse(not_sent(thrown)),
        (_, Err(thrown)) => Answer::Found(Found::Failed(failure(thrown))),
        (HTTP, Ok(given)) => Answer::Found(response(given.unchecked_ref()).unwrap_or_else(|why| {
            let code = Value::from(Code::InvalidResponse.as_str());
            unfit(why, Some(code))
        })),
        (_, Ok(given)) => Answer::Found(match to_value(given) {
            Ok(value) => Found::Value(value),
            Err(why) => unfit(why, None),
        }),
    }
}

/// A flow's response.
fn response(given: &Array) -> Result<Found, Unfit> {
    let status = given.get(0).unchecked_into_f64();
    if status.is_nan() {
        return Err("the host's http gave no status");
    }
    // A refusal is one by its status, whatever it says.
    if given.get(1).unchecked_into_f64() > LONGEST_BODY && (200.0..300.0).contains(&status) {
        return Err("the answer is too long");
    }
    let headers = match to_data(&given.get(2)) {
        Value::Map(headers) => headers,
        _ => Map::new(),
    };
    let body = to_value(&given.get(3))?;
    Ok(Found::Http(HttpResponse { status: status as u16, headers, body }))
}

/// A failure of our own making.
fn unfit(why: Unfit, code: Option<Value>) -> Found {
    let mut thrown = Map::new();
    thrown.set("message", Value::from(why));
    if let Some(code) = code {
        thrown.set("code", code);
    }
    Found::Failed(Failure { thrown: Value::Map(thrown), cause: None })
}

/// Why the caller's own request failed.
fn not_sent(thrown: &JsValue) -> AuthError {
    let (code, text) = if data::text(&data::member(thrown, "name")) == "AbortError" {
        (Code::Cancelled, "the request was aborted")
    } else {
        (Code::Unreachable, "the server could not be reached")
    };
    let mut error = AuthError::new(code, text);
    error.cause = cause(thrown);
    error
}

fn storage_code(thrown: &JsValue, in_host: bool) -> Code {
    let name = data::text(&data::member(thrown, "name"));
    if in_host {
        Code::Host
    } else if cut(&name, "Quota").is_some() || cut(&name, "QUOTA").is_some() {
        Code::StorageFull
    } else {
        Code::StorageDenied
    }
}
