//! The browser: the only place that names web-sys.

pub mod channel;
pub mod events;
pub mod fetch;
pub mod form;
pub mod idb;
pub mod locks;
pub mod timer;
pub mod web_storage;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

use super::convert::member;

/// A global by name; `undefined` when there is none, or looking throws.
pub fn global(name: &str) -> JsValue {
    member(&js_sys::global(), name)
}

/// The page's window. Some hosts call a worker's global `window`: that is none.
pub fn window() -> Option<web_sys::Window> {
    js_sys::global().dyn_into().ok()
}

/// The origin of the page, for relative URLs.
pub fn origin() -> Option<String> {
    let origin = member(&global("location"), "origin").as_string()?;
    origin.starts_with("http").then_some(origin)
}

/// Whether the page is visible; what has no page always is.
pub fn is_visible() -> bool {
    window().and_then(|window| window.document()).is_none_or(|document| !document.hidden())
}

/// Whether a host evaluates a data field now, in which nothing asynchronous may begin.
pub fn is_data_field() -> bool {
    global("$isDataField").is_truthy()
}

/// Lets a Node process end while this waits; browsers have no `unref`.
pub fn unref(handle: &JsValue) {
    if let Ok(unref) = member(handle, "unref").dyn_into::<js_sys::Function>() {
        let _ = Reflect::apply(&unref, handle, &js_sys::Array::new());
    }
}
