//! The one export: a message in, and what is to be done. Who sends which stands in src/shell/session.js.

use wasm_bindgen::prelude::*;

use super::call;
use crate::core::arguments::key;
use crate::core::error::{AuthError, Code};
use crate::core::input::{CallId, Input};
use crate::core::options::{Options, Storage};
use crate::core::session::{Session, Setting};
use crate::core::status::Status;
use crate::core::time::UnixMillis;
use crate::core::token;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::EventKind;
use crate::shell::answer::{self, Incoming};
use crate::shell::message::{LONGEST_LOOK, reply, settle};
use crate::shell::platform::PLATFORM;
use crate::shell::sessions;
use crate::shell::wire::{self, Messages};

type Outcome = Result<Value, AuthError>;

/// Takes a message in, and gives the messages that answer it: see wire.js.
#[wasm_bindgen]
pub fn turn(message: &[u8], now: f64) -> Vec<u8> {
    let mut out = Messages::new();
    if let Value::Map(members) = wire::read(message) {
        handle(Incoming(members), UnixMillis(now as u64), &mut out);
    }
    out.finish()
}

fn handle(mut incoming: Incoming, now: UnixMillis, out: &mut Messages) {
    let (op, number) = (incoming.text("op").unwrap_or_default(), incoming.number("session") as usize);
    match op.as_str() {
        "claims" => reply(&claims(&incoming.text("token").unwrap_or_default()), out),
        "validate" => reply(&configuration(&mut incoming).map(|(it, _)| Value::Number(it.timeout.0 as f64)), out),
        "event" => reply(&event(&incoming.text("event").unwrap_or_default()), out),
        "key" => reply(&key(&incoming.take("key")).map(Value::Text), out),
        "open" => {
            let opened =
                options(&mut incoming).and_then(|options| sessions::open(number, options, &mut incoming, now, out));
            if let Err(error) = opened {
                reply(&Err(error), out);
            }
        }
        _ => with_session(&op, incoming, number, now, out),
    }
}

/// What is said of one session, or to it.
fn with_session(op: &str, mut incoming: Incoming, number: usize, now: UnixMillis, out: &mut Messages) {
    let opened = sessions::take(number);
    match op {
        "status" => {
            reply(&Ok(opened.as_deref().map_or_else(signed_out, |it| status(it, &mut incoming, now))), out);
        }
        "reads" => {
            let reads = opened.as_deref().is_some_and(|it| it.reads_body(&call::fetch(&mut incoming)));
            reply(&Ok(if reads { Value::Number(LONGEST_LOOK) } else { Value::Undefined }), out);
        }
        "trace" => reply(&Ok(opened.as_deref().map_or(Value::List(Vec::new()), |it| it.trace())), out),
        "call" => {
            let id = incoming.number("id") as u32;
            let Some(it) = opened else {
                return settle(id, Err(&AuthError::new(Code::Disposed, "the session was disposed")), out);
            };
            let (address, kept) = (incoming.secret("address"), incoming.list("kept"));
            match call::read(incoming) {
                Ok(call) => {
                    let input = answer::called(CallId(id), call, address, kept);
                    return sessions::handle(number, it, input, now, out);
                }
                Err(error) => settle(id, Err(&error), out),
            }
            return sessions::put(number, it);
        }
        _ => {
            let Some(it) = opened else { return };
            let input = match op {
                "configure" => configuration(&mut incoming).ok().map(|(it, storage)| Input::Configure(it, storage)),
                "dispose" => Some(Input::Dispose),
                _ => answer::input(op, incoming, it.storage() == Storage::Host),
            };
            return match input {
                Some(input) => sessions::handle(number, it, input, now, out),
                None => sessions::put(number, it),
            };
        }
    }
    if let Some(it) = opened {
        sessions::put(number, it);
    }
}

fn options(incoming: &mut Incoming) -> Result<Options, AuthError> {
    Options::parse(&incoming.take("options"))
}

/// New options, and the storage that they ask for.
fn configuration(incoming: &mut Incoming) -> Result<(Box<Options>, Storage), AuthError> {
    let options = Box::new(options(incoming)?);
    let storage = Setting::choose_storage(&options, incoming.flag("hasStore"))?;
    Ok((options, storage))
}

/// `status()`, or `status(store)`.
fn status(session: &Session, incoming: &mut Incoming, now: UnixMillis) -> Value {
    let status =
        if incoming.flag("hasStore") { session.status_in(&incoming.take("stored"), now) } else { session.status(now) };
    let mut members = shown(&status);
    if !incoming.flag("hasStore") {
        members.set_number("until", status.until(now));
    }
    Value::Map(members)
}

fn signed_out() -> Value {
    Value::Map(shown(&Status {
        signed_in: false,
        expires_at: None,
        expires_in_seconds: None,
        has_refresh_token: false,
    }))
}

fn shown(status: &Status) -> Map {
    let known = |number: Option<f64>| number.map_or(Value::Null, Value::Number);
    let mut members = Map::new();
    members.set_flag("signedIn", status.signed_in);
    members.set("expiresAt", known(status.expires_at.map(|at| at.0 as f64)));
    members.set("expiresInSeconds", known(status.expires_in_seconds));
    members.set_flag("hasRefreshToken", status.has_refresh_token);
    members
}

/// Whether there is such an event.
fn event(word: &str) -> Outcome {
    let error = || AuthError::new(Code::InvalidOption, "there is no such event").at("event");
    EventKind::of(word).map(|_| Value::Undefined).ok_or_else(error)
}

/// The claims of a JWT, unverified.
fn claims(token: &str) -> Outcome {
    token::claims(token, PLATFORM)
        .ok_or_else(|| AuthError::new(Code::InvalidValue, "this is no JSON web token").at("token"))
}
