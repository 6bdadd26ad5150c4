//! What is put on authorised requests, and where it may go.

use std::sync::Arc;

use super::form::{encode_form, with_query};
use super::origin::{origin_from, origin_of};
use super::{Addition, HttpRequest, header_list};
use crate::core::error::{AuthError, Code};
use crate::core::flow::program::Program;
use crate::core::lite::json::json_of;
use crate::core::lite::text::{concat, cut};
use crate::core::options::Attach;
use crate::core::platform::Platform;
use crate::core::secret::Secret;
use crate::core::template::Scope;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};

/// Where what is attached may go: the origins that the options name, else those of the flows' own endpoints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origins {
    allowed: Vec<String>,
    /// Those that flows have turned out to use; `None` where the options name all.
    learnt: Option<Vec<String>>,
}

impl Origins {
    /// The origins that options allow; `base` is that of relative endpoints.
    pub fn configure(&mut self, attach: &Attach, flows: &[Option<Arc<Program>>], base: Option<&str>) {
        if let Some(origins) = &attach.origins {
            self.allowed.clone_from(origins);
            self.learnt = None;
            return;
        }
        self.allowed.clear();
        for program in flows {
            let Some(program) = program else { continue };
            program.add_origins(base, &mut self.allowed);
        }
        self.learnt.get_or_insert_default();
    }

    /// Remembers the origin of a flow's own request: its tokens may go where they came from.
    pub fn learn(&mut self, url: &Secret) {
        if let (Some(learnt), Some(origin)) = (&mut self.learnt, origin_of(url.expose()))
            && !learnt.contains(&origin)
        {
            learnt.push(origin);
        }
    }

    /// Whether what is attached may go there.
    pub fn allow(&self, url: &Secret, base: Option<&str>) -> bool {
        let Some(origin) = origin_from(url.expose(), base) else { return false };
        self.allowed.contains(&origin) || self.learnt.as_ref().is_some_and(|learnt| learnt.contains(&origin))
    }
}

/// The origin that a caller's request goes to; empty where the browser knows best.
pub fn origin_of_call(url: &Secret, base: Option<&str>) -> String {
    origin_from(url.expose(), base).unwrap_or_default()
}

/// What must be known of a request to put something on it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Absolute, or relative to the page.
    pub url: &'a Secret,
    /// In capitals.
    pub method: &'a str,
    /// What its body is.
    pub content_type: Option<&'a str>,
    /// Its body, where it is text.
    pub body: Option<&'a Secret>,
}

impl Attach {
    /// The headers that are attached with these tokens; by default the bearer token (RFC 6750 section 2.1).
    ///
    /// # Errors
    /// `ERR_TEMPLATE`.
    pub fn headers(&self, tokens: &Tokens, scope: &dyn Scope) -> Result<Vec<(String, Secret)>, AuthError> {
        // A session that is a cookie or a set of variables has no bearer token, and needs none by default.
        if self.is_default && tokens.access.is_none() {
            return Ok(Vec::new());
        }
        header_list(self.headers.fill(scope)?.as_map(), Code::Template)
    }

    /// What is put on a request.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`.
    pub fn addition(
        &self,
        target: Target<'_>,
        tokens: &Tokens,
        scope: &dyn Scope,
        platform: Platform,
    ) -> Result<Addition, AuthError> {
        let headers = self.headers(tokens, scope)?;
        let mut addition = Addition { headers, csrf: self.csrf.clone(), ..Addition::default() };
        if let Value::Map(members) = self.query.fill(scope)? {
            addition.url = Some(with_query(target.url.expose(), &members).into());
        }
        if !matches!(target.method, "GET" | "HEAD")
            && let Value::Map(members) = self.body.fill(scope)?
        {
            addition.body = with_members(target, &members, platform);
        }
        let beyond_bearer = addition.headers.iter().any(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        addition.refuse_redirect = beyond_bearer || addition.body.is_some() || addition.csrf.is_some();
        Ok(addition)
    }

    /// Puts what is attached on a request of a `revoke` or `check` flow; one whose template fails goes out as it is.
    pub fn authorise(&self, request: &mut HttpRequest, tokens: &Tokens, scope: &dyn Scope, platform: Platform) {
        let is_type = |name: &str| name.eq_ignore_ascii_case("content-type");
        let content_type = request.headers.iter().find(|(name, _)| is_type(name)).map(|(_, value)| value.clone());
        let target = Target {
            url: &request.url,
            method: &request.method,
            content_type: content_type.as_ref().map(|value| value.expose()),
            body: request.body.as_ref(),
        };
        let Ok(addition) = self.addition(target, tokens, scope, platform) else { return };
        for (name, value) in addition.headers {
            if !request.has_header(&name) {
                request.headers.push((name, value));
            }
        }
        request.url = addition.url.unwrap_or_else(|| request.url.clone());
        request.body = addition.body.or_else(|| request.body.take());
        request.refuse_redirect |= addition.refuse_redirect;
        request.csrf = addition.csrf.filter(|(_, header)| !request.has_header(header));
    }
}

/// A JSON or form body with more members; `None` for any other body.
fn with_members(target: Target<'_>, members: &Map, platform: Platform) -> Option<Secret> {
    let (kind, body) = (target.content_type?.to_ascii_lowercase(), target.body?.expose());
    if kind.starts_with("application/x-www-form-urlencoded") {
        let more = encode_form(members);
        return Some(if body.is_empty() { more } else { concat(&[body, "&", &more]) }.into());
    }
    cut(&kind, "json")?;
    let Value::Map(mut map) = (platform.parse_json)(body)? else { return None };
    map.extend(members);
    Some(json_of(&Value::Map(map)).into())
}
