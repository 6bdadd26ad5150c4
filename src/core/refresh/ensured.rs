//! What token a call needs, and what it gets.

use crate::core::error::{AuthError, Code};
use crate::core::time::Millis;

/// Whether a call has a good token, and whether that was refreshed for it.
pub type Ensured = Result<bool, NoToken>;

/// Why there is no good token.
#[derive(Clone, Debug, PartialEq)]
pub enum NoToken {
    /// There is no session.
    SignedOut,
    /// There is no way to refresh it.
    NotRefreshable,
    /// The refresh failed.
    Failed(AuthError),
}

impl NoToken {
    /// The error for it.
    pub fn into_error(self) -> AuthError {
        match self {
            Self::SignedOut => AuthError::new(Code::SignedOut, "there is no session: sign in first"),
            Self::NotRefreshable => {
                AuthError::new(Code::SignedOut, "the access token has expired and can't be refreshed: sign in again")
            }
            Self::Failed(error) => error,
        }
    }

    /// Whether the server has refused the refresh.
    pub fn is_rejection(&self) -> bool {
        matches!(self, Self::Failed(error) if error.code == Code::RefreshRejected)
    }
}

/// What token a call needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Requirement {
    /// It must be good for that long.
    pub min: Millis,
    /// It must be a fresh one, and why: the server has just refused the one that there is, or the caller forces it.
    pub fresh: Option<&'static str>,
    /// A pause of our own choosing does not hold it up: the call is `refreshAccessToken`.
    pub skips_pause: bool,
}

impl Requirement {
    /// Any good token.
    pub const ANY: Self = Self { min: Millis(0), fresh: None, skips_pause: false };

    /// A fresh token, and why.
    pub const fn fresh(why: &'static str) -> Self {
        Self { fresh: Some(why), ..Self::ANY }
    }
}
