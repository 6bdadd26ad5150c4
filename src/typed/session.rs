//! The session that JavaScript sees, called from Rust: see src/shell/main.js.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::bindings::turn::turn;

#[wasm_bindgen(module = "/src/shell/main.js")]
extern "C" {
    /// A module whose turns this function takes.
    #[wasm_bindgen(js_name = makeModule)]
    fn make_module(turn: &JsValue) -> JsValue;

    #[wasm_bindgen(catch, js_name = openSession)]
    fn open_session(module: &JsValue, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = claims)]
    fn claims_of(module: &JsValue, token: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    fn ask(session: &JsValue, member: &str, arguments: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen]
    fn call(session: &JsValue, member: &str, arguments: &Array) -> Promise;
}

thread_local! {
    /// The way into this very module: JavaScript performs what it is given after the call has returned, as in the package.
    static MODULE: JsValue = make_module(&Closure::<dyn Fn(Vec<u8>, f64) -> Vec<u8>>::new(|message: Vec<u8>, now| turn(&message, now)).into_js_value());
}

/// What a call gave, or what it failed with.
type Given = Result<JsValue, JsValue>;

/// A session; dropping it disposes of it.
#[derive(Debug)]
pub(super) struct Session(JsValue);

impl Session {
    pub(super) fn open(options: &JsValue) -> Result<Self, JsValue> {
        MODULE.with(|module| open_session(module, options)).map(Self)
    }

    /// Asks a member that answers at once.
    pub(super) fn ask(&self, member: &str, arguments: &[&JsValue]) -> Given {
        ask(&self.0, member, &list(arguments))
    }

    /// Calls a member that takes time.
    pub(super) async fn call(&self, member: &str, arguments: &[&JsValue]) -> Given {
        JsFuture::from(call(&self.0, member, &list(arguments))).await
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It gives nothing and throws nothing.
        let _ = self.ask("dispose", &[]);
    }
}

/// The claims of a JWT.
pub(super) fn claims(token: &JsValue) -> Given {
    MODULE.with(|module| claims_of(module, token))
}

fn list(arguments: &[&JsValue]) -> Array {
    arguments.iter().copied().collect()
}
