//! Where the record and the values rest: see storage.js.

use gloo_storage::Storage;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/ports/storage.js")]
extern "C" {
    /// The browser's storage, which JavaScript has found to be there.
    #[wasm_bindgen(js_name = rawStorage)]
    fn raw_storage(is_local: bool) -> web_sys::Storage;

    /// Hands it back, for the message that follows.
    #[wasm_bindgen(js_name = handStorage)]
    fn hand_storage(area: &web_sys::Storage);
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

/// Looks up `localStorage`, or `sessionStorage`, for the message that says what it is for.
pub fn open(is_local: bool) {
    hand_storage(&if is_local { Browser::<true>::raw() } else { Browser::<false>::raw() });
}
