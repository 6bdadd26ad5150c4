//! The options of a session. What is `None` or empty keeps its default.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::data::Data;
use super::flow::Flow;
use super::host::Host;
use crate::core::vocabulary::{CrossTab, Storage};

/// The options of a session.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// The session's name, and the key under which it is stored; by default `doorkey`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the application gives.
    #[serde(skip_serializing_if = "Host::is_none")]
    pub host: Host,
    /// What signs in, refreshes, revokes and checks.
    pub flows: Flows,
    /// Options in part, for a well-known server; what is set here wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Data>,
    /// Where the tokens stand in an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// The issuer whose metadata flows can use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The public client at that issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Where a sign-in and the session's end lead.
    pub pages: Pages,
    /// Where the session is kept; by default the host's store if there is one, else `Local`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// A template over `inputs`, read at sign-in: where it gives false, or finds nothing, the session rests in `Session`
    /// in place of `Local`, and sealed there in place of `Vault`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember: Option<String>,
    /// Whether a page without a session tries the refresh flow once, silently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore: Option<bool>,
    /// Plain store keys under which these are stored too.
    pub expose: Expose,
    /// Fields of the answer that are stored as values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// What is added to authorised requests, and where they may go.
    pub attach: Attach,
    /// When tokens are refreshed.
    pub refresh: Refresh,
    /// Whether a sign-out goes on at the provider: true, false, or `{ endpoint, returnTo }` as data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session: Option<Data>,
    /// Whether a sign-in binds its tokens to a key that can't leave the browser (RFC 9449).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop: Option<bool>,
    /// What keeps tabs from refreshing at once; by default `Lock`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_tab: Option<CrossTab>,
    /// The limit of each request and host call; by default 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<f64>,
    /// Signs out after that long without activity in any tab, also while none was open; by default never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_seconds: Option<f64>,
    /// Signs out that long after the sign-in; by default never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<f64>,
    /// Tells `Expiring` that long before the session ends by itself; by default 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_seconds: Option<f64>,
}

/// The flows of a session.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Flows {
    /// Signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signin: Option<Flow>,
    /// Refreshes the tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Flow>,
    /// Takes the tokens back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoke: Option<Flow>,
    /// Asks whether the session is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Flow>,
}

/// Where the tokens stand in the answer of `signin` and `refresh`.
#[derive(Clone, Debug, PartialEq)]
pub enum Tokens {
    /// At these paths.
    At(TokenPaths),
    /// Nowhere: the server keeps the session in a cookie.
    InCookie,
}

impl Serialize for Tokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(paths) => paths.serialize(serializer),
            Self::InCookie => serializer.serialize_bool(false),
        }
    }
}

/// Paths into an answer, such as `data.token`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenPaths {
    /// The access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// The refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The lifetime of the access token, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
    /// Its end, in seconds or milliseconds since 1970, or as ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The lifetime of the refresh token itself, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_expires_in: Option<String>,
    /// The ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The type of the access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
}

/// The pages that the host goes to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pages {
    /// Where a sign-in leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// Where the session's end leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Whether a sign-in leads back to the page that a guard has sent away from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_to: Option<bool>,
}

/// Plain store keys under which the tokens are stored too.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Expose {
    /// The key of the access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// The key of the refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The key of the moment of expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

/// What is added to authorised requests, and where they may go. Texts are templates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Attach {
    /// The origins that get it, each scheme, host and port and nothing else; by default those of the flows' own endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origins: Option<Vec<String>>,
    /// By default `Authorization: Bearer {{ session.accessToken }}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// Members of the query: an object. One that the URL has already stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<Data>,
    /// Members of a JSON or form body: an object. One that the body has already stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Data>,
    /// A cookie that is repeated, decoded, in a header of what changes something and has cookies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf: Option<Csrf>,
}

/// A cookie that is repeated in a header.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Csrf {
    /// The name of the cookie.
    pub cookie: String,
    /// The name of the header.
    pub header: String,
}

/// When tokens are refreshed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refresh {
    /// So long before expiry, up to half of the lifetime; by default 60, or a tenth of the lifetime when that is shorter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_expiry_seconds: Option<f64>,
    /// The statuses that mean unauthorised; by default 401.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Statuses>,
    /// Every so often too; by default never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<Every>,
    /// Whether before each `run` and `fetch`; by default not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_query: Option<bool>,
    /// After a `response` of which this expression, in its braces, is true, whatever its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The header in which an answer to an authorised request brings the next access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_header: Option<String>,
}

/// The statuses that mean unauthorised.
#[derive(Clone, Debug, PartialEq)]
pub enum Statuses {
    /// These.
    In(Vec<u16>),
    /// All outside 200 to 299.
    NonSuccess,
}

impl Serialize for Statuses {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::In(statuses) => statuses.serialize(serializer),
            Self::NonSuccess => serializer.serialize_str("non-2xx"),
        }
    }
}

/// How often tokens are refreshed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Every {
    /// Every so many seconds.
    Seconds(f64),
    /// As often as a template or a variable says, in seconds.
    Template(String),
}
