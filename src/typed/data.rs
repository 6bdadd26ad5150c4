//! Values on their way between Rust and the session.

use std::fmt;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_wasm_bindgen::preserve;
use wasm_bindgen::JsValue;

use super::error::Error;
use crate::core::error::Code;

/// Anything that serde can serialise, or JavaScript already has: the free part of an option, such as the body of a request.
///
/// It is converted when the options are used, so that a mistake in it is an error of [`super::Auth::new`].
#[derive(Clone)]
pub struct Data(Rc<dyn ToJs>);

impl Data {
    /// Data that serde serialises. Maps become objects, `None` becomes `null`.
    pub fn new(value: impl Serialize + 'static) -> Self {
        Self(Rc::new(Native(value)))
    }
}

impl From<JsValue> for Data {
    /// A value of JavaScript: handed over as it is, with its functions.
    fn from(value: JsValue) -> Self {
        Self(Rc::new(value))
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let js = self.0.to_js().map_err(S::Error::custom)?;
        preserve::serialize(&js, serializer)
    }
}

impl fmt::Debug for Data {
    /// Says nothing of the value, which may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Data")
    }
}

trait ToJs {
    fn to_js(&self) -> Result<JsValue, serde_wasm_bindgen::Error>;
}

struct Native<T>(T);

impl<T: Serialize> ToJs for Native<T> {
    fn to_js(&self) -> Result<JsValue, serde_wasm_bindgen::Error> {
        serialized(&self.0)
    }
}

impl ToJs for JsValue {
    fn to_js(&self) -> Result<JsValue, serde_wasm_bindgen::Error> {
        Ok(self.clone())
    }
}

/// As JSON would have it: objects and not `Map`s, `null` for what is missing.
fn serialized(value: &(impl Serialize + ?Sized)) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}

/// The JavaScript value of an argument; `path` is what an error calls it.
pub(super) fn to_js(value: &(impl Serialize + ?Sized), code: Code, path: &str) -> Result<JsValue, Error> {
    serialized(value).map_err(|why| Error::new(code, why.to_string(), path))
}

/// The Rust value of what the session gave.
pub(super) fn from_js<T: DeserializeOwned>(js: JsValue, path: &str) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(js).map_err(|why| Error::new(Code::InvalidValue, why.to_string(), path))
}
