//! What the app builder gives: every member may be missing, slow, throw anything, or lie.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::convert::{from_value, member, unwrap};
use crate::core::value::Value;

/// The host object.
#[derive(Clone, Debug, Default)]
pub struct Host(pub JsValue);

/// What a call of the host gave: a value or a promise, or what it threw.
pub type Called = Result<JsValue, JsValue>;

impl Host {
    /// Whether the host has a store.
    pub fn has_store(&self) -> bool {
        member(&self.0, "store").is_object()
    }

    /// A member's value, if the host has it.
    pub fn has(&self, name: &str) -> bool {
        member(&self.0, name).is_function()
    }

    /// Calls a member.
    pub fn call(&self, name: &str, arguments: &Array) -> Called {
        call(&self.0, name, arguments)
    }

    /// Calls a member of the store.
    pub fn call_store(&self, name: &str, arguments: &Array) -> Called {
        call(&member(&self.0, "store"), name, arguments)
    }

    /// Runs a query: a function by calling it, anything else as the host says, or by its own `run` or `trigger`.
    pub fn run(&self, query: &Value, params: &JsValue) -> Called {
        let js = from_value(query);
        if let Some(function) = js.dyn_ref::<Function>() {
            return function.call1(&JsValue::UNDEFINED, params);
        }
        if self.has("run") {
            return self.call("run", &Array::of2(&js, params));
        }
        let name = if member(&js, "run").is_function() { "run" } else { "trigger" };
        call(&js, name, &Array::of1(params))
    }
}

/// Calls a function with what core wants it to get.
pub fn call_function(function: &crate::core::value::Foreign, arguments: &[Value]) -> Called {
    let function = unwrap(function);
    let arguments: Array = arguments.iter().map(from_value).collect();
    Reflect::apply(function.unchecked_ref::<Function>(), &JsValue::UNDEFINED, &arguments)
}

fn call(object: &JsValue, name: &str, arguments: &Array) -> Called {
    match member(object, name).dyn_into::<Function>() {
        Ok(function) => Reflect::apply(&function, object, arguments),
        Err(_) => Err(js_sys::Error::new(&["the host has no ", name].concat()).into()),
    }
}

/// A promise for what a call gave, as `await` makes one.
pub fn promised(called: Called) -> Promise {
    match called {
        Ok(value) => Promise::resolve(&value),
        Err(thrown) => Promise::reject(&thrown),
    }
}
