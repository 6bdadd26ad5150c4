//! The way to the session of the bindings: its members by the names that JavaScript calls them by.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::data::member;
use crate::bindings::session;

/// What a member gave, or what it threw.
type Given = Result<JsValue, JsValue>;

/// A session; dropping it disposes of it.
#[derive(Debug)]
pub(super) struct Session(JsValue);

impl Session {
    pub(super) fn open(options: &JsValue) -> Result<Self, JsValue> {
        Ok(Self(session::Session::open(options)?.into()))
    }

    /// Asks a member that answers at once.
    pub(super) fn ask(&self, name: &str, arguments: &[&JsValue]) -> Given {
        let arguments: Array = arguments.iter().copied().collect();
        Reflect::apply(member(&self.0, name).unchecked_ref::<Function>(), &self.0, &arguments)
    }

    /// Calls a member that gives a promise, and waits for it.
    pub(super) async fn call(&self, name: &str, arguments: &[&JsValue]) -> Given {
        JsFuture::from(self.ask(name, arguments)?.unchecked_into::<Promise>()).await
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
    session::claims(token)
}
