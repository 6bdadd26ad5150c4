//! What the application gives to the session.

use js_sys::{Object, Reflect};
use serde::{Serialize, Serializer};
use serde_wasm_bindgen::preserve;
use wasm_bindgen::prelude::*;

/// What the application gives: by default nothing, so that pages are not navigated and the browser's storage is used.
#[derive(Clone, Debug, Default)]
pub struct Host(JsValue);

impl Host {
    /// A host that gives nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes to a page ([`super::Pages`]) by this function, such as the navigation of a router.
    #[must_use]
    pub fn navigate_to(self, mut navigate: impl FnMut(&str) + 'static) -> Self {
        let function = Closure::<dyn FnMut(String)>::new(move |page: String| navigate(&page));
        self.member("navigateTo", &function.into_js_value())
    }

    fn member(self, name: &str, value: &JsValue) -> Self {
        // The caller's object stays as it was.
        let host = Object::assign(&Object::new(), self.0.unchecked_ref::<Object>());
        // A fresh object takes every member.
        let _ = Reflect::set(&host, &JsValue::from_str(name), value);
        Self(host.into())
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.is_undefined()
    }
}

impl From<JsValue> for Host {
    /// A `Host` of the JavaScript surface, with any of its members.
    fn from(host: JsValue) -> Self {
        Self(host)
    }
}

impl Serialize for Host {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        preserve::serialize(&self.0, serializer)
    }
}
