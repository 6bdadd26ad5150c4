//! The session as an object of JavaScript. Calls that wait are no `async fn`: they clone an `Rc` and give a promise.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use super::error::to_js;
use crate::core::effect::EventKind;
use crate::core::error::{AuthError, Code};
use crate::core::input::{Call, key};
use crate::core::options::Options;
use crate::core::platform::Platform;
use crate::core::token;
use crate::core::value::{ForeignKind, Value};
use crate::shell::browser::fetch::OwnRequest;
use crate::shell::browser::{form, is_data_field};
use crate::shell::convert::{failure, foreign, from_value, member, parse_date, parse_json, to_json, to_value};
use crate::shell::driver::Driver;
use crate::shell::host::Host;

thread_local! {
    /// A panic leaves the module in a state that nobody knows: from then on every call says so.
    static IS_DEAD: Cell<bool> = const { Cell::new(false) };
}

#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|_| IS_DEAD.with(|dead| dead.set(true))));
}

/// One session.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(Rc<Driver>);

#[wasm_bindgen]
impl Session {
    /// Opens a session with the options of `createAuth`.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION`, `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn open(options: &JsValue) -> Result<Session, JsValue> {
        alive().map_err(|error| to_js(&error))?;
        let (options, host) = parse(options)?;
        Driver::open(options, host).map(Session).map_err(|error| to_js(&error))
    }

    /// Takes new options for the same session.
    ///
    /// # Errors
    /// As [`Session::open`]; the old options stay.
    pub fn configure(&self, options: &JsValue) -> Result<(), JsValue> {
        alive().map_err(|error| to_js(&error))?;
        let (options, host) = parse(options)?;
        self.0.configure(options, host);
        Ok(())
    }

    /// `signin(inputs)`, `signin(event)` or `signin(email, password)`.
    pub fn signin(&self, inputs: &JsValue, password: &JsValue) -> Promise {
        self.call("signin", &form::inputs(inputs), password)
    }

    /// `refreshAccessToken({ force })`.
    #[wasm_bindgen(js_name = refreshAccessToken)]
    pub fn refresh_access_token(&self, options: &JsValue) -> Promise {
        self.call("refreshAccessToken", &form::inputs(options), &JsValue::UNDEFINED)
    }

    /// `logout({ navigate, keep })`.
    pub fn logout(&self, options: &JsValue) -> Promise {
        self.call("logout", &form::inputs(options), &JsValue::UNDEFINED)
    }

    /// `accessToken({ minSeconds })`.
    #[wasm_bindgen(js_name = accessToken)]
    pub fn access_token(&self, options: &JsValue) -> Promise {
        self.call("accessToken", options, &JsValue::UNDEFINED)
    }

    /// `headers()`.
    pub fn headers(&self) -> Promise {
        self.call("headers", &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    }

    /// `check()`.
    pub fn check(&self) -> Promise {
        self.call("check", &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    }

    /// `guard("protected" | "login")`.
    pub fn guard(&self, page: &JsValue) -> Promise {
        self.call("guard", page, &JsValue::UNDEFINED)
    }

    /// `run(query, params)`.
    pub fn run(&self, query: &JsValue, params: &JsValue) -> Promise {
        let query = to_value(query).unwrap_or_default();
        self.begin(Call::parse("run", query, foreign(ForeignKind::Other, params)), None)
    }

    /// `fetch(input, init)`.
    pub fn fetch(&self, input: &JsValue, init: &JsValue) -> Promise {
        match OwnRequest::new(input, init) {
            Ok((request, call)) => self.begin(Ok(Call::Fetch(call)), Some(request)),
            Err(thrown) => {
                let mut error = AuthError::new(Code::InvalidOption, "the browser can't make a request of this");
                error.cause = failure(&thrown).cause;
                self.begin(Err(error.at("input")), None)
            }
        }
    }

    /// `storeValue(key, value, persist = true)`.
    #[wasm_bindgen(js_name = storeValue)]
    pub fn store_value(&self, name: &JsValue, value: &JsValue, persist: &JsValue) -> Promise {
        let call = key(&to_value(name).unwrap_or_default())
            .and_then(|key| Ok(Call::StoreValue(key, to_json(value)?, !persist.is_falsy() || persist.is_undefined())));
        self.begin(call, None)
    }

    /// `removeValue(key)`.
    #[wasm_bindgen(js_name = removeValue)]
    pub fn remove_value(&self, key: &JsValue) -> Promise {
        self.call("removeValue", key, &JsValue::UNDEFINED)
    }

    /// `clearStore()`.
    #[wasm_bindgen(js_name = clearStore)]
    pub fn clear_store(&self) -> Promise {
        self.call("clearStore", &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    }

    /// `test(flow, inputs, { secrets })`.
    pub fn test(&self, flow: &JsValue, inputs: &JsValue, options: &JsValue) -> Promise {
        let open = member(options, "secrets").is_truthy();
        let call = data(flow, "flow").and_then(|flow| Ok(Call::Test(flow, data(inputs, "inputs")?, open)));
        self.begin(call, None)
    }

    /// `getValue(key)`.
    #[wasm_bindgen(js_name = getValue)]
    pub fn value(&self, key: &JsValue) -> JsValue {
        self.0.view().get(key)
    }

    /// `values()`.
    pub fn values(&self) -> JsValue {
        js_sys::Object::from_entries(self.0.view().as_ref()).map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// `status(store)`.
    pub fn status(&self, store: &JsValue) -> JsValue {
        let now = crate::core::time::UnixMillis(js_sys::Date::now().max(0.0) as u64);
        let status = self.0.read(|session| {
            if !store.is_object() {
                return session.status(now);
            }
            let stored = member(store, &session.options().name);
            session.status_in(&to_value(&stored).unwrap_or_default(), now)
        });
        from_value(&status)
    }

    /// `trace()`.
    pub fn trace(&self) -> JsValue {
        from_value(&self.0.read(crate::core::session::Session::trace))
    }

    /// `on(event, fn)`.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for an event that there is not, or what is no function.
    pub fn on(&self, event: &JsValue, function: &JsValue) -> Result<Function, JsValue> {
        let word = event.as_string().unwrap_or_default();
        if !EventKind::ALL.iter().any(|kind| kind.as_str() == word) {
            return Err(to_js(&AuthError::new(Code::InvalidOption, "there is no such event").at("event")));
        }
        let function = listener(function)?;
        Ok(self.ender(self.0.on(&word, &function)))
    }

    /// `watch(key, fn)`.
    ///
    /// # Errors
    /// `ERR_INVALID_VALUE` for what is no key, `ERR_INVALID_OPTION` for what is no function.
    pub fn watch(&self, name: &JsValue, function: &JsValue) -> Result<Function, JsValue> {
        let key = key(&to_value(name).unwrap_or_default()).map_err(|error| to_js(&error))?;
        let function = listener(function)?;
        Ok(self.ender(self.0.watch(&key, &function)))
    }

    /// `dispose()`.
    pub fn dispose(&self) {
        self.0.dispose();
    }
}

impl Session {
    /// Begins a call whose arguments are plain data.
    fn call(&self, name: &str, first: &JsValue, second: &JsValue) -> Promise {
        let call = data(first, "").and_then(|first| Call::parse(name, first, data(second, "")?));
        self.begin(call, None)
    }

    fn begin(&self, call: Result<Call, AuthError>, request: Option<OwnRequest>) -> Promise {
        let call = alive().and_then(|()| outside_data_field()).and(call);
        let mut functions = None;
        let promise = Promise::new(&mut |resolve, reject| functions = Some((resolve, reject)));
        let settle = move |outcome: Result<Value, AuthError>| {
            let Some((resolve, reject)) = functions else { return };
            let _ = match outcome {
                Ok(value) => resolve.call1(&JsValue::UNDEFINED, &from_value(&value)),
                Err(error) => reject.call1(&JsValue::UNDEFINED, &to_js(&error)),
            };
        };
        match call {
            Ok(call) => self.0.call(call, request, Box::new(settle)),
            Err(error) => settle(Err(error)),
        }
        promise
    }

    /// A function that ends a listener.
    fn ender(&self, id: u32) -> Function {
        let driver = Rc::downgrade(&self.0);
        let end = move || {
            if let Some(driver) = driver.upgrade() {
                driver.off(id);
            }
        };
        Closure::<dyn Fn()>::new(end).into_js_value().unchecked_into()
    }
}

/// The claims of a JWT, unverified.
///
/// # Errors
/// `ERR_INVALID_VALUE` for what is no JWT.
#[wasm_bindgen]
pub fn claims(token: &JsValue) -> Result<JsValue, JsValue> {
    let platform = Platform { parse_json, parse_date };
    let claims = token.as_string().and_then(|jwt| token::claims(&jwt, platform));
    let error = || to_js(&AuthError::new(Code::InvalidValue, "this is no JSON web token").at("token"));
    claims.map(|claims| from_value(&claims)).ok_or_else(error)
}

fn parse(options: &JsValue) -> Result<(Options, Host), JsValue> {
    let host = Host(member(options, "host"));
    let value = data(options, "options").map_err(|mut error| {
        error.code = Code::InvalidOption;
        to_js(&error)
    })?;
    let options = Options::parse(&value).map_err(|error| to_js(&error))?;
    Ok((options, host))
}

fn data(js: &JsValue, path: &str) -> Result<Value, AuthError> {
    to_value(js).map_err(|why| AuthError::new(Code::InvalidValue, why).at(path))
}

fn listener(function: &JsValue) -> Result<Function, JsValue> {
    let error = |_| to_js(&AuthError::new(Code::InvalidOption, "must be a function").at("fn"));
    function.clone().dyn_into().map_err(error)
}

fn alive() -> Result<(), AuthError> {
    if IS_DEAD.with(Cell::get) {
        return Err(AuthError::new(Code::NotReady, "doorkey has failed: reload the page"));
    }
    Ok(())
}

/// Appsmith evaluates bindings of widgets synchronously: nothing can be awaited there.
fn outside_data_field() -> Result<(), AuthError> {
    if is_data_field() {
        return Err(AuthError::new(
            Code::Host,
            "this can't be called from a data field: call it from an event or a JS function",
        ));
    }
    Ok(())
}
