//! The page of one session: see page.js.

use gloo_net::http::Response;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use super::super::convert::List;

#[wasm_bindgen(module = "/src/shell/browser/page.js")]
extern "C" {
    /// Opens a page that can reach this host.
    #[wasm_bindgen(js_name = openPage)]
    pub fn open_page(host: &JsValue) -> JsValue;

    /// Whether the host has a store, the page's origin, whether it is visible, some entropy, and what there is, in words.
    pub fn facts(page: &JsValue) -> Array;

    /// Gives the page its storage, and begins to listen.
    pub fn listen(page: &JsValue, name: &str, storage: &JsValue, is_shared: bool, hear: &JsValue);

    /// Makes the way into the module: after a trap it is shut.
    pub fn guard(enter: &JsValue) -> JsValue;

    /// The request that `fetch` was called with and what core must know of it, or only why there is none.
    pub fn describe(input: &JsValue, init: &JsValue) -> Array;

    /// Tells who waits: a value, or the members of an `AuthError`.
    pub fn tell(settle: &JsValue, outcome: &Array);

    /// What `status()` gives; a number that is none means `null`.
    #[wasm_bindgen(js_name = statusObject)]
    pub fn status_object(signed_in: bool, expires_at: f64, expires_in: f64, has_refresh_token: bool) -> JsValue;

    #[wasm_bindgen(js_name = act)]
    fn act_with(page: &JsValue, op: u32, id: u32, arguments: &Array) -> JsValue;
}

/// What is asked of a page, and what it tells: the numbers of page.js.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Op {
    /// Told: someone calls.
    Enter,
    /// Asked and answered.
    Read,
    /// Asked and answered.
    Commit,
    /// Asked and answered.
    List,
    /// Asked and answered.
    Put,
    /// Asked and answered: a flow's request.
    Http,
    /// Asked and answered: the caller's own query.
    Query,
    /// Asked and answered: a function of a flow.
    Call,
    /// Asked and answered: a query of a flow.
    Run,
    /// Asked and answered: what the user enters into a form.
    Prompt,
    /// Asked and answered: the caller's own request.
    Send,
    /// Asked and answered.
    Navigate,
    /// Asked, and told when the lock is held.
    Lock,
    /// Asked.
    Unlock,
    /// Asked.
    Abort,
    /// Asked.
    Mirror,
    /// Asked.
    Show,
    /// Asked, answered at once.
    Value,
    /// Asked, answered at once.
    Values,
    /// Asked, answered at once.
    On,
    /// Asked.
    Notify,
    /// Asked.
    CloseForm,
    /// Asked.
    Emit,
    /// Asked.
    Say,
    /// Asked, and told when the time has come.
    Timer,
    /// Asked.
    Begin,
    /// Asked.
    Settle,
    /// Asked, answered at once.
    Glance,
    /// Asked.
    Close,
    /// Asked: another host.
    Use,
    /// Told: the record may have changed.
    Changed,
    /// Told: the user is there, in another tab.
    Active,
    /// Told: the page woke up, or the network came back.
    Woke,
    /// Told: the page became visible or hidden.
    Visible,
    /// Told: another tab changed a value.
    Stored,
    /// Told: the user is there, in this tab.
    Touched,
}

/// Asks the page to do something.
pub fn act(page: &JsValue, op: Op, id: u32, arguments: &List) -> JsValue {
    act_with(page, op as u32, id, &arguments.0)
}

/// The status of a response.
pub fn status(response: &JsValue) -> u16 {
    Response::from(response.clone().unchecked_into::<web_sys::Response>()).status()
}
