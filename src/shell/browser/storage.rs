//! Where the record and the values rest: see storage.js.

use gloo_storage::Storage;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/browser/storage.js")]
extern "C" {
    #[wasm_bindgen(js_name = hasStorage)]
    fn has_storage(local: bool) -> bool;

    /// The browser's storage. Throws where there is none.
    #[wasm_bindgen(js_name = rawStorage)]
    fn raw_storage(local: bool) -> web_sys::Storage;

    #[wasm_bindgen(js_name = webStorage)]
    fn web_storage(name: &str, storage: &JsValue) -> JsValue;

    /// The store of the page's host.
    #[wasm_bindgen(js_name = hostStorage)]
    pub fn host_storage(name: &str, page: &JsValue) -> JsValue;
}

/// gloo-storage's view of `localStorage`, or of `sessionStorage`. Its own two look for a window in four places and carry
/// along what there is to say when that fails, which would cost every user most of a kilobyte.
#[derive(Debug)]
pub struct Browser<const LOCAL: bool>;

impl<const LOCAL: bool> Storage for Browser<LOCAL> {
    fn raw() -> web_sys::Storage {
        raw_storage(LOCAL)
    }
}

/// This page's memory.
pub fn memory(name: &str) -> JsValue {
    web_storage(name, &JsValue::UNDEFINED)
}

/// `localStorage`, or `sessionStorage`; `None` where it can't be had.
pub fn web(name: &str, local: bool) -> Option<JsValue> {
    // It throws where there is no window or no access: look first, where looking may throw.
    let storage = has_storage(local).then(|| if local { Browser::<true>::raw() } else { Browser::<false>::raw() })?;
    Some(web_storage(name, &storage))
}
