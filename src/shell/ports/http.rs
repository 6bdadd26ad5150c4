//! The caller's own response: see http.js.

use gloo_net::http::Response;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/ports/http.js")]
extern "C" {
    /// A response of which nothing but the status is there: it has been looked at under guard.
    fn shown(status: f64) -> web_sys::Response;
}

/// The status of a response; 0 for what is none.
pub fn status(number: f64) -> u16 {
    Response::from(shown(number)).status()
}
