//! What a page tells, as inputs of core.

use gloo_net::http::Response;
use wasm_bindgen::{JsCast, JsValue};

use super::browser::data;
use super::browser::page::Op;
use super::convert::{cause, failure, foreign, map_of, to_data, to_value};
use crate::core::error::{AuthError, Code};
use crate::core::failure::Failure;
use crate::core::flow::machine::Found;
use crate::core::http::{HttpResponse, Purpose};
use crate::core::input::{Answer, Commit};
use crate::core::value::{ForeignKind, Map, Value};

/// A longer answer is no answer of an auth server.
const LONGEST_BODY: f64 = 4_000_000.0;

/// What came of something that was asked of the page. `in_host`: the storage is the host's.
pub fn answer(op: u32, in_host: bool, result: Result<JsValue, JsValue>) -> Answer {
    const READ: u32 = Op::Read as u32;
    const COMMIT: u32 = Op::Commit as u32;
    const LIST: u32 = Op::List as u32;
    const PUT: u32 = Op::Put as u32;
    const HTTP: u32 = Op::Http as u32;
    const QUERY: u32 = Op::Query as u32;
    const SEND: u32 = Op::Send as u32;
    const NAVIGATE: u32 = Op::Navigate as u32;
    const LOCK: u32 = Op::Lock as u32;
    match (op, result) {
        (LOCK, _) => Answer::Locked,
        (READ, result) => {
            let mut found = texts(&result.unwrap_or_default()).into_iter();
            Answer::Stored { text: found.next().flatten(), mirror: found.next() }
        }
        (COMMIT, Ok(lost)) => Answer::Committed(match texts(&lost).pop() {
            None => Commit::Applied,
            Some(current) => Commit::Lost(current),
        }),
        (COMMIT, Err(thrown)) => Answer::Committed(Commit::Failed(storage_code(&thrown, in_host))),
        (LIST, found) => {
            let mut found = texts(&found.unwrap_or_default()).into_iter().flatten();
            let mut values = Vec::new();
            while let (Some(key), Some(text)) = (found.next(), found.next()) {
                values.push((key, text));
            }
            Answer::Values(values)
        }
        (PUT | NAVIGATE, Ok(_)) => Answer::Done(Ok(())),
        (PUT, Err(thrown)) if !in_host => {
            Answer::Done(Err(AuthError::new(storage_code(&thrown, false), "the storage refused the value")))
        }
        (PUT | NAVIGATE, Err(thrown)) => {
            let mut error = failure(&thrown).classify(Purpose::Other, Code::Host);
            if op == PUT {
                error.path = Some("host.store".to_owned());
            }
            Answer::Done(Err(error))
        }
        (SEND, Ok(response)) => {
            let status = Response::from(response.clone().unchecked_into::<web_sys::Response>()).status();
            Answer::Response(status, foreign(ForeignKind::Other, &response))
        }
        (SEND, Err(thrown)) => Answer::NoResponse(not_sent(&thrown)),
        (QUERY, Ok(data)) => Answer::Response(0, foreign(ForeignKind::Other, &data)),
        (_, Err(thrown)) => Answer::Found(Found::Failed(failure(&thrown))),
        (_, Ok(given)) => Answer::Found(match to_value(&given) {
            Ok(value) if op == HTTP => response(value),
            Ok(value) => Found::Value(value),
            Err(why) => too_much(if op == HTTP { "ERR_INVALID_RESPONSE" } else { "" }, why),
        }),
    }
}

/// A flow's response.
fn response(given: Value) -> Found {
    let Value::Map(mut members) = given else { return too_much("ERR_INVALID_RESPONSE", "there is no response") };
    let Some(Value::Number(status)) = members.remove("status") else {
        return too_much("ERR_INVALID_RESPONSE", "the host's http gave no status");
    };
    if matches!(members.get("size"), Some(Value::Number(size)) if *size > LONGEST_BODY) {
        // A refusal is one by its status, whatever it says.
        if (200.0..300.0).contains(&status) {
            return too_much("ERR_INVALID_RESPONSE", "the answer is too long");
        }
        members.remove("body");
    }
    let headers = match members.remove("headers") {
        Some(Value::Map(headers)) => headers,
        _ => Map::new(),
    };
    Found::Http(HttpResponse { status: status as u16, headers, body: members.remove("body").unwrap_or_default() })
}

/// A failure of our own making.
fn too_much(code: &str, why: &str) -> Found {
    let code = if code.is_empty() { Value::Undefined } else { Value::from(code) };
    Found::Failed(Failure { thrown: map_of([("code", code), ("message", Value::from(why))]), cause: None })
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
    } else if name.contains("Quota") || name.contains("QUOTA") {
        Code::StorageFull
    } else {
        Code::StorageDenied
    }
}

/// An array of texts; what is none is `None`.
fn texts(given: &JsValue) -> Vec<Option<String>> {
    let Value::List(items) = to_data(given) else { return Vec::new() };
    let text = |item| match item {
        Value::Text(text) => Some(text),
        _ => None,
    };
    items.into_iter().map(text).collect()
}
