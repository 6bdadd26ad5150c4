//! Why an operation failed: the only error that leaves core.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};

use super::time::UnixMillis;
use super::value::{HostRef, Value};

pub use super::vocabulary::Code;

impl Code {
    /// Whether the same call may succeed later, with nothing changed.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Unreachable | Self::Timeout)
    }
}

/// Why an operation failed, with what is known of the place.
///
/// Boxed, so that a `Result` is as small as a pointer: errors are rare, results are everywhere.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthError(Box<Detail>);

/// The members of an [`AuthError`].
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The stable code.
    pub code: Code,
    /// What a person should read. Holds no secret.
    pub message: Cow<'static, str>,
    /// The HTTP status that the server answered with.
    pub status: Option<u16>,
    /// What the server answered, secrets masked; `Undefined` when there is nothing.
    pub body: Value,
    /// The earliest moment at which another try makes sense.
    pub retry_at: Option<UnixMillis>,
    /// The step of the flow that failed.
    pub step_id: Option<String>,
    /// The option or the place in an answer: `flows.signin[1].request.url`.
    pub path: Option<String>,
    /// What the host threw.
    pub cause: Option<HostRef>,
}

impl AuthError {
    /// An error with a code and a text.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self::build(code, message.into())
    }

    /// What calls are settled with after `dispose()`.
    pub fn disposed() -> Self {
        Self::new(Code::Disposed, "the session was disposed")
    }

    #[inline(never)] // Errors are made in a hundred places.
    fn build(code: Code, message: Cow<'static, str>) -> Self {
        Self(Box::new(Detail {
            code,
            message,
            status: None,
            body: Value::Undefined,
            retry_at: None,
            step_id: None,
            path: None,
            cause: None,
        }))
    }

    /// The same error, with the place named.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl Deref for AuthError {
    type Target = Detail;

    fn deref(&self) -> &Detail {
        &self.0
    }
}

impl DerefMut for AuthError {
    fn deref_mut(&mut self) -> &mut Detail {
        &mut self.0
    }
}
