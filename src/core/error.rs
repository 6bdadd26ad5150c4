//! Why an operation failed: the only error that leaves core.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};

use super::time::UnixMillis;
use super::value::{HostRef, Value};

/// The stable code that JavaScript sees as `error.code`: added to, never renamed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Code {
    /// There is no session.
    SignedOut,
    /// The server refused the refresh: the session is over.
    RefreshRejected,
    /// The server refused the sign-in.
    InvalidCredentials,
    /// The server answered with a status that says nothing about the session.
    Server,
    /// The server could not be reached, or said to come again later.
    Unreachable,
    /// A host call took longer than `timeoutSeconds`.
    Timeout,
    /// The user cancelled.
    Cancelled,
    /// Another call or another tab decided otherwise meanwhile.
    Superseded,
    /// An answer did not hold what it must.
    InvalidResponse,
    /// An option is misspelt, ill-typed or missing.
    InvalidOption,
    /// A value can't be stored.
    InvalidValue,
    /// A template can't be parsed or evaluated.
    Template,
    /// A step of a flow failed.
    Step,
    /// A member of the host failed.
    Host,
    /// The storage can't be used.
    StorageDenied,
    /// The storage is full.
    StorageFull,
    /// An OAuth callback does not belong to a sign-in that was begun here.
    CallbackMismatch,
    /// The module can't be used: not yet, or not at all.
    NotReady,
    /// `dispose()` was called.
    Disposed,
}

impl Code {
    /// All codes, in the order of the documentation.
    pub const ALL: [Self; 19] = [
        Self::SignedOut,
        Self::RefreshRejected,
        Self::InvalidCredentials,
        Self::Server,
        Self::Unreachable,
        Self::Timeout,
        Self::Cancelled,
        Self::Superseded,
        Self::InvalidResponse,
        Self::InvalidOption,
        Self::InvalidValue,
        Self::Template,
        Self::Step,
        Self::Host,
        Self::StorageDenied,
        Self::StorageFull,
        Self::CallbackMismatch,
        Self::NotReady,
        Self::Disposed,
    ];

    /// The code as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "ERR_SIGNED_OUT",
            Self::RefreshRejected => "ERR_REFRESH_REJECTED",
            Self::InvalidCredentials => "ERR_INVALID_CREDENTIALS",
            Self::Server => "ERR_SERVER",
            Self::Unreachable => "ERR_UNREACHABLE",
            Self::Timeout => "ERR_TIMEOUT",
            Self::Cancelled => "ERR_CANCELLED",
            Self::Superseded => "ERR_SUPERSEDED",
            Self::InvalidResponse => "ERR_INVALID_RESPONSE",
            Self::InvalidOption => "ERR_INVALID_OPTION",
            Self::InvalidValue => "ERR_INVALID_VALUE",
            Self::Template => "ERR_TEMPLATE",
            Self::Step => "ERR_STEP",
            Self::Host => "ERR_HOST",
            Self::StorageDenied => "ERR_STORAGE_DENIED",
            Self::StorageFull => "ERR_STORAGE_FULL",
            Self::CallbackMismatch => "ERR_CALLBACK_MISMATCH",
            Self::NotReady => "ERR_NOT_READY",
            Self::Disposed => "ERR_DISPOSED",
        }
    }

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
