//! Errors on their way to JavaScript: the only place that builds them.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::core::error::AuthError;
use crate::shell::convert::{from_value, unwrap};

thread_local! {
    static CLASS: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the class of errors: `new AuthError(code, message, details)`.
#[wasm_bindgen]
pub fn install(class: &Function) {
    CLASS.with(|slot| slot.replace(Some(class.clone())));
}

/// The error as JavaScript throws it; without a class a plain `Error` with the same members.
pub fn to_js(error: &AuthError) -> JsValue {
    let details = Object::new();
    let set = |key: &str, value: JsValue| {
        // A fresh object takes every member.
        let _ = Reflect::set(&details, &JsValue::from_str(key), &value);
    };
    if let Some(status) = error.status {
        set("status", JsValue::from_f64(f64::from(status)));
    }
    if error.body != crate::core::value::Value::Undefined {
        set("body", from_value(&error.body));
    }
    set("retryable", JsValue::from_bool(error.code.is_retryable()));
    if let Some(at) = error.retry_at {
        set("retryAtMs", JsValue::from_f64(at.0 as f64));
    }
    for (key, text) in [("stepId", &error.step_id), ("path", &error.path)] {
        if let Some(text) = text {
            set(key, JsValue::from_str(text));
        }
    }
    if let Some(cause) = &error.cause {
        set("cause", unwrap(cause));
    }
    let (code, message) = (JsValue::from_str(error.code.as_str()), JsValue::from_str(&error.message));
    let class = CLASS.with(|slot| slot.borrow().clone());
    let built = class.and_then(|class| Reflect::construct(&class, &Array::of3(&code, &message, &details)).ok());
    built.unwrap_or_else(|| {
        set("code", code);
        Object::assign(&js_sys::Error::new(&error.message), &details).into()
    })
}
