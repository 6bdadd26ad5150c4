//! Members of JavaScript objects.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A member of an object; `undefined` when there is none, it can't be read, or this is no object.
pub(super) fn member(js: &JsValue, key: &str) -> JsValue {
    Reflect::get(js, &JsValue::from_str(key)).unwrap_or_default()
}
