//! Sessions as functions of JavaScript. There is one export, and one way in: whoever calls says what, with which
//! arguments, and how to tell the end, which is told exactly once. The facade of the package makes promises of that.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::core::effect::EventKind;
use crate::core::error::{AuthError, Code};
use crate::core::input::{Call, FetchCall, key};
use crate::core::options::Options;
use crate::core::session;
use crate::core::token;
use crate::core::value::{ForeignKind, Value};
use crate::shell::browser::data::{inputs, kind, member, text};
use crate::shell::browser::page::{self, Op, describe};
use crate::shell::convert::{List, PLATFORM, cause, foreign, to_data, to_json, to_text, to_value};
use crate::shell::driver::{Driver, ended, entrance, now};

type Outcome = Result<Value, AuthError>;

/// The way in: a function `(0, 0, isDataField, [name, ...arguments], settle)` with the names `open`, which gives such a
/// function for one session, and `claims`. What it is told by is `settle(failed, value)`.
#[wasm_bindgen]
pub fn root() -> JsValue {
    entrance(|_, _, _, arguments, settle| {
        let given = Arguments(arguments.unchecked_into());
        let outcome = match given.name().as_str() {
            "claims" => claims(&given.at(1)),
            _ => open(&given.at(1)),
        };
        page::tell(&settle, &ended(&outcome).0);
    })
}

/// Opens a session with the options of `createAuth`.
fn open(given: &JsValue) -> Outcome {
    let opened = Driver::open(options(given)?, &member(given, "host"), |driver, is_data_field, arguments, settle| {
        let given = Arguments(arguments.clone().unchecked_into());
        let name = given.name();
        if let Some(outcome) = direct(driver, &name, &given) {
            return page::tell(settle, &ended(&outcome).0);
        }
        let mut request = JsValue::UNDEFINED;
        let call = outside(is_data_field).and_then(|()| waiting(&name, &given, &mut request));
        match call {
            Ok(call) => driver.call(call, &request, settle),
            Err(error) => page::tell(settle, &ended(&Err(error)).0),
        }
    });
    opened.map(|function| other(&function))
}

/// What a caller gave.
struct Arguments(Array);

impl Arguments {
    fn name(&self) -> String {
        text(&self.at(0))
    }

    fn at(&self, index: u32) -> JsValue {
        self.0.get(index)
    }

    fn data(&self, index: u32, path: &str) -> Outcome {
        data(&self.at(index), path)
    }

    fn key(&self) -> Result<String, AuthError> {
        key(&to_data(&self.at(1)))
    }

    /// The second argument, which must be a function.
    fn listener(&self) -> Outcome {
        match to_data(&self.at(2)) {
            Value::Foreign(found) if found.kind == ForeignKind::Function => Ok(Value::Foreign(found)),
            _ => Err(AuthError::new(Code::InvalidOption, "must be a function").at("fn")),
        }
    }
}

/// The members that answer at once; `None` for all others.
fn direct(driver: &Driver, name: &str, given: &Arguments) -> Option<Outcome> {
    Some(Ok(match name {
        "configure" => {
            let options = match options(&given.at(1)) {
                Ok(options) => options,
                Err(error) => return Some(Err(error)),
            };
            driver.configure(options, &member(&given.at(1), "host"));
            Value::Undefined
        }
        "dispose" => {
            driver.dispose();
            Value::Undefined
        }
        "getValue" => other(&driver.ask(Op::Value, List::new().js(&given.at(1)))),
        "values" => other(&driver.ask(Op::Values, List::new())),
        "status" => status(driver, &given.at(1)),
        "trace" => driver.read(session::Session::trace),
        "on" => {
            let word = text(&given.at(1));
            if !EventKind::ALL.iter().any(|kind| kind.as_str() == word) {
                return Some(Err(AuthError::new(Code::InvalidOption, "there is no such event").at("event")));
            }
            return Some(given.listener().map(|listener| listen(driver, word, listener)));
        }
        "watch" => {
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
    if kind(store) < 7 {
        return driver.read(|session| session.status(now()));
    }
    let stored = to_data(&member(store, &driver.read(|session| session.options().name.clone())));
    driver.read(|session| session.status_in(&stored, now()))
}

/// The members that give a promise.
fn waiting(name: &str, given: &Arguments, request: &mut JsValue) -> Result<Call, AuthError> {
    match name {
        "fetch" => {
            let described = describe(&given.at(1), &given.at(2));
            *request = described.get(0);
            fetch_call(&described).map(Call::Fetch).ok_or_else(|| {
                let mut error = AuthError::new(Code::InvalidOption, "the browser can't make a request of this");
                error.cause = cause(request);
                error.at("input")
            })
        }
        "storeValue" => {
            let (key, value) = (given.key()?, to_json(&given.at(2))?);
            let persist = to_data(&given.at(3));
            Ok(Call::StoreValue(key, value, persist == Value::Undefined || persist.is_truthy()))
        }
        "test" => {
            let open = to_data(&given.at(3)).member("secrets").is_some_and(Value::is_truthy);
            Ok(Call::Test(given.data(1, "flow")?, given.data(2, "inputs")?, open))
        }
        "run" => Call::parse(name, to_data(&given.at(1)), other(&given.at(2))),
        "signin" | "refreshAccessToken" | "logout" => {
            Call::parse(name, data(&inputs(&given.at(1)), "")?, given.data(2, "")?)
        }
        _ => Call::parse(name, given.data(1, "")?, Value::Undefined),
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
    let value = data(given, "options").map_err(|mut error| {
        error.code = Code::InvalidOption;
        error
    })?;
    Options::parse(&value)
}

fn data(js: &JsValue, path: &str) -> Outcome {
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
