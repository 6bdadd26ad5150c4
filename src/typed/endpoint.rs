//! One HTTP request of a flow.

use std::collections::BTreeMap;

use serde::Serialize;

use super::data::Data;
use crate::core::vocabulary::Credentials;

/// One HTTP request. `{{ expression }}` stands in every text of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Endpoint {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query: BTreeMap<String, String>,
    #[serde(flatten)]
    body: Option<Body>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<Credentials>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attach: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ok: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Body {
    Json(Data),
    Form(BTreeMap<String, String>),
    #[serde(rename = "body")]
    Text(String),
}

impl Endpoint {
    /// A request to this address: POST where there is a body, else GET.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// With this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// With this header too.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// With these members in the query of the address.
    #[must_use]
    pub fn query<const N: usize>(mut self, members: [(&str, &str); N]) -> Self {
        self.query = texts(members);
        self
    }

    /// With a JSON body: anything that serde can serialise.
    #[must_use]
    pub fn json(mut self, body: impl Serialize + 'static) -> Self {
        self.body = Some(Body::Json(Data::new(body)));
        self
    }

    /// With the body of a form: `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form<const N: usize>(mut self, fields: [(&str, &str); N]) -> Self {
        self.body = Some(Body::Form(texts(fields)));
        self
    }

    /// With a body that is sent as it is.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(Body::Text(text.into()));
        self
    }

    /// With this treatment of cookies.
    #[must_use]
    pub const fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Authorised like `fetch`, or not.
    #[must_use]
    pub const fn attach(mut self, is_authorised: bool) -> Self {
        self.attach = Some(is_authorised);
        self
    }

    /// Following redirects wherever they lead, with the body, tokens and headers.
    #[must_use]
    pub const fn follow_redirects(mut self) -> Self {
        self.redirect = Some("follow");
        self
    }

    /// Fine when this template over `response` is true, refused when it is false, whatever the status.
    #[must_use]
    pub fn ok(mut self, template: impl Into<String>) -> Self {
        self.ok = Some(template.into());
        self
    }

    /// With this template over `response` as the text of a refusal.
    #[must_use]
    pub fn message(mut self, template: impl Into<String>) -> Self {
        self.message = Some(template.into());
        self
    }
}

pub(super) fn texts<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
}
