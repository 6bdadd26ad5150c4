//! Sessions as functions of JavaScript. There is one export, and one way in: whoever calls says what, with which
//! arguments, and how to tell the end, which is told exactly once. The facade of the package makes promises of that.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::member::Member;
use crate::core::effect::EventKind;
use crate::core::error::{AuthError, Code};
use crate::core::input::{Call, FetchCall, key};
use crate::core::options::Options;
use crate::core::session;
use crate::core::token;
use crate::core::value::{ForeignKind, Value};
use crate::shell::browser::data::{self, inputs, kind, text};
use crate::shell::browser::page::{self, Op, describe};
use crate::shell::convert::{List, PLATFORM, cause, foreign, to_data, to_json, to_text, to_value};
use crate::shell::driver::{Driver, ended, entrance, now};

type Outcome = Result<Value, AuthError>;

/// The way in: a function `(0, member, isDataField, arguments, settle)` with the numbers of [`Member::Open`], which gives such
/// a function for one session, and of [`Member::Claims`]. What it is told by is `settle(failed, value)`.
#[wasm_bindgen]
pub fn root() -> JsValue {
    entrance(|_, member, _, arguments, settle| {
        let given = Arguments(arguments.unchecked_into());
        let outcome = match Member::numbered(member) {
            Member::Claims => claims(&given.at(0)),
            _ => open(&given.at(0)),
        };
        page::tell(&settle, &ended(&outcome).0);
    })
}

/// Opens a session with the options of `createAuth`.
fn open(given: &JsValue) -> Outcome {
    let enter = |driver: &Driver, member: u32, is_data_field: bool, arguments: &JsValue, settle: &JsValue| {
        let member = Member::numbered(member);
        let given = Arguments(arguments.clone().unchecked_into());
        if let Some(outcome) = direct(driver, member, &given) {
            return page::tell(settle, &ended(&outcome).0);
        }
        let mut request = JsValue::UNDEFINED;
        let call = outside(is_data_field).and_then(|()| waiting(member, &given, &mut request));
        match call {
            Ok(call) => driver.call(call, &request, settle),
            Err(error) => page::tell(settle, &ended(&Err(error)).0),
        }
    };
    let opened = Driver::open(options(given)?, &data::member(given, "host"), enter);
    opened.map(|function| other(&function))
}

/// What a caller gave.
struct Arguments(Array);

impl Arguments {
    fn at(&self, index: u32) -> JsValue {
        self.0.get(index)
    }

    fn data(&self, index: u32, path: &str) -> Outcome {
        value(&self.at(index), path)
    }

    fn key(&self) -> Result<String, AuthError> {
        key(&to_data(&self.at(0)))
    }

    /// The second argument, which must be a function.
    fn listener(&self) -> Outcome {
        match to_data(&self.at(1)) {
            Value::Foreign(found) if found.kind == ForeignKind::Function => Ok(Value::Foreign(found)),
            _ => Err(AuthError::new(Code::InvalidOption, "must be a function").at("fn")),
        }
    }
}

/// The members that answer at once; `None` for all others.
fn direct(driver: &Driver, member: Member, given: &Arguments) -> Option<Outcome> {
    Some(Ok(match member {
        Member::Configure => {
            let options = match options(&given.at(0)) {
                Ok(options) => options,
                Err(error) => return Some(Err(error)),
            };
            driver.configure(options, &data::member(&given.at(0), "host"));
            Value::Undefined
        }
        Member::Dispose => {
            driver.dispose();
            Value::Undefined
        }
        Member::GetValue => other(&driver.ask(Op::Value, List::new().js(&given.at(0)))),
        Member::Values => other(&driver.ask(Op::Values, List::new())),
        Member::Status => status(driver, &given.at(0)),
        Member::Trace => driver.read(session::Session::trace),
        Member::On => {
            let word = text(&given.at(0));
            if !EventKind::ALL.iter().any(|kind| kind.as_str() == word) {
                return Some(Err(AuthError::new(Code::InvalidOption, "there is no such event").at("event")));
            }
            return Some(given.listener().map(|listener| listen(driver, word, listener)));
        }
        Member::Watch => {
            let topic = given.key().map(|key| ["value:", &key].concat());
            return Some(topic.and_then(|topic| Ok(listen(driver, topic, given.listener()?))));
        }
        _ => return None,
    }))
}

/// The function that ends it.
fn listen(driver: &Driver, topic: String, listener: Value) -> Value {
    other(&driver.ask(Op::On, List::new().text(&topic).value(&listener)))
}

/// `status()`, or `status(store)`.
fn status(driver: &Driver, store: &JsValue) -> Value {
    let status = if kind(store) < 7 {
        driver.read(|session| session.status(now()))
    } else {
        let stored = to_data(&data::member(store, &driver.read(|session| session.options().name.clone())));
        driver.read(|session| session.status_in(&stored, now()))
    };
    let expires_at = status.expires_at.map_or(f64::NAN, |at| at.0 as f64);
    let expires_in = status.expires_in_seconds.unwrap_or(f64::NAN);
    other(&page::status_object(status.signed_in, expires_at, expires_in, status.has_refresh_token))
}

/// The members that give a promise.
fn waiting(member: Member, given: &Arguments, request: &mut JsValue) -> Result<Call, AuthError> {
    match member {
        Member::Signin => Ok(Call::signin(&value(&inputs(&given.at(0)), "")?, &given.data(1, "")?)),
        Member::RefreshAccessToken => Call::refresh(&value(&inputs(&given.at(0)), "")?),
        Member::Logout => Call::logout(&value(&inputs(&given.at(0)), "")?),
        Member::StoreValue => {
            let (key, value) = (given.key()?, to_json(&given.at(1))?);
            let persist = to_data(&given.at(2));
            Ok(Call::StoreValue(key, value, persist == Value::Undefined || persist.is_truthy()))
        }
        Member::RemoveValue => given.key().map(Call::RemoveValue),
        Member::ClearStore => Ok(Call::ClearStore),
        Member::AccessToken => Call::access_token(&given.data(0, "")?),
        Member::Headers => Ok(Call::Headers),
        Member::Run => Call::run(to_data(&given.at(0)), other(&given.at(1))),
        Member::Check => Ok(Call::Check),
        Member::Guard => Call::guard(&given.data(0, "")?),
        Member::Fetch => {
            let described = describe(&given.at(0), &given.at(1));
            *request = described.get(0);
            fetch_call(&described).map(Call::Fetch).ok_or_else(|| {
                let mut error = AuthError::new(Code::InvalidOption, "the browser can't make a request of this");
                error.cause = cause(request);
                error.at("input")
            })
        }
        _ => {
            let open = to_data(&given.at(2)).member("secrets").is_some_and(Value::is_truthy);
            Ok(Call::Test(given.data(0, "flow")?, given.data(1, "inputs")?, open))
        }
    }
}

/// What core must know of the caller's own request.
fn fetch_call(given: &Array) -> Option<FetchCall> {
    let names = given.get(3).unchecked_into::<Array>();
    Some(FetchCall {
        url: to_text(&given.get(1))?,
        method: text(&given.get(2)),
        header_names: (0..names.length()).map(|at| text(&names.get(at))).collect(),
        content_type: to_text(&given.get(4)),
        body: to_text(&given.get(5)),
        replayable: given.get(6).is_truthy(),
        redirect_chosen: given.get(7).is_truthy(),
    })
}

/// The claims of a JWT, unverified.
fn claims(token: &JsValue) -> Outcome {
    let error = || AuthError::new(Code::InvalidValue, "this is no JSON web token").at("token");
    token::claims(&text(token), PLATFORM).ok_or_else(error)
}

fn options(given: &JsValue) -> Result<Options, AuthError> {
    let value = value(given, "options").map_err(|mut error| {
        error.code = Code::InvalidOption;
        error
    })?;
    Options::parse(&value)
}

fn value(js: &JsValue, path: &str) -> Outcome {
    to_value(js).map_err(|why| AuthError::new(Code::InvalidValue, why).at(path))
}

/// A value that is only carried about.
fn other(js: &JsValue) -> Value {
    foreign(ForeignKind::Other, js)
}

/// Appsmith evaluates bindings of widgets synchronously: nothing can be awaited there.
fn outside(is_data_field: bool) -> Result<(), AuthError> {
    if is_data_field {
        return Err(AuthError::new(
            Code::Host,
            "this can't be called from a data field: call it from an event or a JS function",
        ));
    }
    Ok(())
}
