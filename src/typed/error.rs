//! The session's errors as Rust sees them.

use std::fmt;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::member::member;
use crate::core::error::Code;

/// Why a call failed: `AuthError` of the JavaScript surface.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Error {
    /// The stable code.
    pub code: Code,
    /// What a person should read. Holds no secret.
    pub message: String,
    /// The HTTP status that the server answered with.
    pub status: Option<u16>,
    /// Whether the same call may succeed later, with nothing changed.
    pub retryable: bool,
    /// The earliest moment at which another try makes sense, in milliseconds since 1970.
    pub retry_at_ms: Option<f64>,
    /// The step of the flow that failed.
    pub step_id: Option<String>,
    /// The option, the argument or the place in an answer: `flows.signin[1].request.url`.
    pub path: Option<String>,
    js: JsValue,
}

impl Error {
    /// An error of the typed layer itself: a value that serde can't carry.
    pub(super) fn new(code: Code, message: String, path: &str) -> Self {
        let mut error = Self::from(JsValue::from(js_sys::Error::new(&message)));
        error.code = code;
        error.path = Some(path.to_owned());
        error
    }

    /// What the server answered, secrets masked; `None` when there is nothing, or it is no `T`.
    pub fn body<T: DeserializeOwned>(&self) -> Option<T> {
        let body = member(&self.js, "body");
        if body.is_undefined() { None } else { serde_wasm_bindgen::from_value(body).ok() }
    }

    /// What the host or the browser threw; `undefined` when there is nothing.
    pub fn cause(&self) -> JsValue {
        member(&self.js, "cause")
    }
}

impl From<JsValue> for Error {
    /// Anything can be thrown; what the session throws has a code.
    fn from(js: JsValue) -> Self {
        let text = |key: &str| member(&js, key).as_string();
        let number = |key: &str| member(&js, key).as_f64();
        Self {
            code: text("code").and_then(|word| Code::of(&word)).unwrap_or(Code::NotReady),
            message: text("message").or_else(|| js.as_string()).unwrap_or_default(),
            status: number("status").map(|status| status as u16),
            retryable: member(&js, "retryable").is_truthy(),
            retry_at_ms: number("retryAtMs"),
            step_id: text("stepId"),
            path: text("path"),
            js,
        }
    }
}

impl From<Error> for JsValue {
    /// The error as it was thrown.
    fn from(error: Error) -> Self {
        error.js
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.message, self.code.as_str())?;
        if let Some(path) = &self.path {
            write!(f, " at {path}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for Error {}
