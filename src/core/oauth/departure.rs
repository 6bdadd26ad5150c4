//! Where the user is sent, and with what: the address of RFC 6749 section 4.1.1, or what is pushed beforehand (RFC 9126).

use super::pending::Pending;
use crate::core::error::{AuthError, Code};
use crate::core::http::form::{decoded, encode_form, pairs};
use crate::core::http::{Credentials, HttpRequest, Redirect};
use crate::core::lite::text::{concat, cut, holds, split};
use crate::core::secret::{Secret, Sensitive};
use crate::core::section::Place;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::Bind;

/// What the platform gives at the beginning: values that nobody can guess, and where the page is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// Names what is begun: the `state` of RFC 6749 section 10.12.
    pub id: Secret,
    /// The `code_verifier` of RFC 7636 section 4.1.
    pub verifier: Secret,
    /// Its `code_challenge`; empty where there is no SHA-256.
    pub challenge: String,
    /// The `nonce` of OpenID Connect Core section 3.1.2.1.
    pub nonce: Secret,
    /// The address of the page.
    pub address: String,
}

/// Where the user goes, and what is kept meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// The authorization endpoint.
    pub endpoint: String,
    /// The parameters.
    pub params: Sensitive<Map>,
    /// What is kept.
    pub pending: Pending,
}

impl Departure {
    /// The request that pushes the parameters (RFC 9126 section 2.1), where the server wants that.
    ///
    /// # Errors
    /// `ERR_INVALID_RESPONSE` where the metadata names no endpoint for it.
    pub fn push(&self, metadata: Option<&Map>) -> Result<Option<HttpRequest>, AuthError> {
        let required = metadata.and_then(|metadata| metadata.get("require_pushed_authorization_requests"));
        if !required.is_some_and(Value::is_truthy) {
            return Ok(None);
        }
        Ok(Some(posted(known(metadata, "pushed_authorization_request_endpoint")?.to_owned(), self.params.data())))
    }

    /// The address once the parameters were pushed (RFC 9126 section 4).
    ///
    /// # Errors
    /// `ERR_INVALID_RESPONSE` for an answer without a `request_uri`.
    pub fn pushed(&self, answer: &Value) -> Result<Secret, AuthError> {
        let Some(uri) = answer.member("request_uri").filter(|uri| uri.as_text().is_some_and(|text| !text.is_empty()))
        else {
            return Err(AuthError::new(Code::InvalidResponse, "the answer holds no request_uri").at("request_uri"));
        };
        let mut params = own_params(&self.endpoint, &Map::new());
        params.set("client_id", self.params.data().get("client_id").cloned().unwrap_or_default());
        params.set("request_uri", uri.clone());
        Ok(to_address(&self.endpoint, &params))
    }

    /// The address.
    pub fn url(&self) -> Secret {
        to_address(&self.endpoint, self.params.data())
    }
}

/// What the endpoint has itself: but no empty parameters, and none that are ours. One of ours that is left out by `null` is
/// not: there the endpoint has what its server wants back. The `response_type` is ours too, since another is another flow.
pub fn own_params(endpoint: &str, params: &Map) -> Map {
    let (before, _) = split(endpoint, |byte| byte == b'#');
    let (_, query) = split(before, |byte| byte == b'?');
    let mut own = Map::new();
    pairs(query.get(1..).unwrap_or_default(), &mut |pair| {
        let (name, value) = cut(pair, "=").unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        let is_left_out = params.get(&name).is_some_and(Value::is_nullish);
        if (!OURS.contains(&name.as_str()) || is_left_out) && !value.is_empty() {
            own.set(name, Value::Text(value));
        }
    });
    own
}

const OURS: [&str; 5] = ["response_type", "redirect_uri", "state", "code_challenge", "code_challenge_method"];

/// The endpoint with these parameters, which are all that it shall have.
fn to_address(endpoint: &str, params: &Map) -> Secret {
    let (before, fragment) = split(endpoint, |byte| byte == b'#');
    let (page, _) = split(before, |byte| byte == b'?');
    let query = encode_form(params);
    concat(&[page, if query.is_empty() { "" } else { "?" }, &query, fragment]).into()
}

/// An endpoint of the metadata.
///
/// # Errors
/// `ERR_INVALID_RESPONSE` where it names none, `ERR_INVALID_OPTION` where there is no metadata.
pub fn known<'a>(metadata: Option<&'a Map>, name: &str) -> Result<&'a str, AuthError> {
    metadata.and_then(|metadata| metadata.get(name)?.as_text()).ok_or_else(|| {
        let why = concat(&["no ", name, " is known: give an issuer that has one, or its address"]);
        let code = if metadata.is_some() { Code::InvalidResponse } else { Code::InvalidOption };
        AuthError::new(code, why).at("issuer")
    })
}

/// A request with a form.
pub fn posted(url: String, form: &Map) -> HttpRequest {
    HttpRequest {
        url: url.into(),
        method: "POST".to_owned(),
        // Some answer with a form unless they are asked.
        headers: vec![
            ("Accept".to_owned(), "application/json".into()),
            ("Content-Type".to_owned(), "application/x-www-form-urlencoded".into()),
        ],
        body: Some(encode_form(form).into()),
        credentials: Credentials::Omit,
        redirect: Redirect::Seen,
        authorised: Some(false),
        proof: None,
    }
}

/// Refuses a secret of the client, there and in these members: what is sent from a page anybody can read.
pub fn refuse_secret(value: &Value, place: &Place<'_>, members: &[&str]) {
    for name in ["clientSecret", "client_secret"] {
        if value.member(name).is_some() {
            place.member(name).fail(
                "a page can't keep a secret: sign in at a provider that takes public clients, or by a broker \
                 (Supabase, Firebase, Auth0, Cognito, Keycloak …) that keeps the secret on its server",
            );
        }
    }
    for name in members {
        let inner: &[&str] = if *name == "token" { &["form", "json"] } else { &[] };
        refuse_secret(value.member(name).unwrap_or(&Value::Undefined), &place.member(name), inner);
    }
}

/// Why nobody can come back to an address: servers compare what is registered there.
pub fn why_no_return(uri: &str, bind: Bind) -> Option<&'static str> {
    if cut(uri, "://").is_none() {
        return Some("must be an absolute address: https://app.example.com/callback");
    }
    let is_bad = bind == Bind::State && holds(uri, |byte| byte == b'#');
    is_bad.then_some("must have no fragment (RFC 6749 section 3.1.2)")
}

/// Whether one of the scopes is `openid` (RFC 6749 section 3.3 puts blanks between them).
pub fn has_openid(scope: &str) -> bool {
    let (word, more) = split(scope, |byte| byte == b' ');
    word == "openid" || (!more.is_empty() && has_openid(more.get(1..).unwrap_or_default()))
}
