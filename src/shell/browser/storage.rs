//! Where the record and the values rest: see storage.js.

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/browser/storage.js")]
extern "C" {
    #[wasm_bindgen(js_name = hasStorage)]
    fn has_storage(local: bool) -> bool;

    #[wasm_bindgen(js_name = webStorage)]
    fn web_storage(name: &str, storage: &JsValue) -> JsValue;

    /// The store of the page's host.
    #[wasm_bindgen(js_name = hostStorage)]
    pub fn host_storage(name: &str, page: &JsValue) -> JsValue;
}

/// This page's memory.
pub fn memory(name: &str) -> JsValue {
    web_storage(name, &JsValue::UNDEFINED)
}

/// `localStorage`, or `sessionStorage`; `None` where it can't be had.
pub fn web(name: &str, local: bool) -> Option<JsValue> {
    // gloo-storage throws where there is no window or no access: look first, where looking may throw.
    let storage = has_storage(local).then(|| if local { LocalStorage::raw() } else { SessionStorage::raw() })?;
    Some(web_storage(name, &storage))
}
