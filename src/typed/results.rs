//! What calls take and give.

use serde::{Deserialize, Serialize};

/// What `signin` gives.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct SignedIn {
    /// When the access token expires, in milliseconds since 1970; `None` when the server does not say.
    #[serde(rename = "expiresAt")]
    pub expires_at_ms: Option<f64>,
    /// Whether the host went to the home page.
    pub navigated: bool,
}

/// What `refresh_access_token` gives.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct Refreshed {
    /// Whether there is a session with a good token.
    pub ok: bool,
    /// Whether a request was sent; false when the token was good.
    #[serde(default)]
    pub refreshed: bool,
    /// When the access token expires, in milliseconds since 1970; `None` when the server does not say.
    #[serde(default, rename = "expiresAt")]
    pub expires_at_ms: Option<f64>,
    /// Where there is none, why: `signed-out` or `not-refreshable`.
    pub reason: Option<String>,
}

/// What `extend` gives.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct Extended {
    /// Whether there is a session still.
    pub ok: bool,
    /// When the access token expires, in milliseconds since 1970; `None` when the server does not say.
    #[serde(rename = "expiresAt")]
    pub expires_at_ms: Option<f64>,
}

/// What `logout` gives.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct SignedOut {
    /// Whether the server took the tokens back.
    pub revoked: bool,
    /// Whether the host went to the login page.
    pub navigated: bool,
}

/// What is known of the session.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Whether the session exists and can be used or refreshed.
    pub signed_in: bool,
    /// When the access token expires, in milliseconds since 1970; `None` when not known.
    #[serde(rename = "expiresAt")]
    pub expires_at_ms: Option<f64>,
    /// Negative when the access token is past its time; `None` when not known.
    pub expires_in_seconds: Option<f64>,
    /// Whether there is a refresh token.
    pub has_refresh_token: bool,
}

/// How `logout` is to go.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Logout {
    /// Whether to go to the login page; `None`: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navigate: Option<bool>,
    /// The stored values to spare.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

/// What `guard` guards.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Page {
    /// Only for those who are signed in; others go to the login page.
    Protected,
    /// Only for those who are not; others go to the home page.
    Login,
}

impl Page {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Login => "login",
        }
    }
}
