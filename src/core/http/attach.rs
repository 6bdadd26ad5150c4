//! What is put on authorised requests, and where it may go.

use std::sync::Arc;

use super::form::{encode_form, leave_out, with_missing_query};
use super::origin::origin_from;
use super::{Addition, Credentials, HttpRequest, fits_header, header_list};
use crate::core::error::{AuthError, Code};
use crate::core::flow::program::Program;
use crate::core::lite::json::json_of;
use crate::core::lite::text::{concat, cut, split, trim};
use crate::core::oauth::dpop::bind;
use crate::core::options::Attach;
use crate::core::platform::Platform;
use crate::core::secret::Secret;
use crate::core::template::Scope;
use crate::core::time::UnixMillis;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};

/// Where what is attached may go: the origins that the options name, else those of the flows' own endpoints, and those that
/// the sign-in turned out to use which gave the tokens. The flows' own requests need not be named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origins {
    named: Option<Vec<String>>,
    /// Those of the flows' own endpoints.
    own: Vec<String>,
    /// The moment of a sign-in whose origins are forgotten: there are other options now.
    forgotten: Option<UnixMillis>,
}

impl Origins {
    /// The origins that options allow; `base` is that of relative endpoints.
    pub fn configure(&mut self, attach: &Attach, flows: &[Option<Arc<Program>>], base: Option<&str>) {
        self.named.clone_from(&attach.origins);
        self.own.clear();
        for program in flows {
            let Some(program) = program else { continue };
            program.add_origins(base, &mut self.own);
        }
    }

    /// Forgets what the sign-in of these tokens has taught.
    pub fn forget(&mut self, tokens: Option<&Tokens>) {
        self.forgotten = tokens.map(|tokens| tokens.signed_in_at);
    }

    /// Whether what is attached of these tokens may go to an origin.
    pub fn allow(&self, origin: &str, tokens: Option<&Tokens>) -> bool {
        match &self.named {
            Some(named) => is_in(named, origin),
            None => self.allow_own(origin, tokens),
        }
    }

    /// All origins that these tokens may go to.
    pub fn of(&self, tokens: &Tokens) -> Vec<String> {
        if let Some(named) = &self.named {
            return named.clone();
        }
        let mut origins = self.own.clone();
        if self.forgotten != Some(tokens.signed_in_at) {
            origins.extend_from_slice(&tokens.origins);
        }
        origins
    }

    /// The same, of a flow's own request.
    pub fn allow_own(&self, origin: &str, tokens: Option<&Tokens>) -> bool {
        let has_learnt =
            |tokens: &Tokens| self.forgotten != Some(tokens.signed_in_at) && is_in(&tokens.origins, origin);
        is_in(&self.own, origin) || tokens.is_some_and(has_learnt)
    }
}

fn is_in(origins: &[String], origin: &str) -> bool {
    origins.iter().any(|allowed| allowed == origin)
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
        let mut headers = header_list(self.headers.fill(scope)?.as_map(), Code::Template)?;
        if let (Some(access), Some(_)) = (&tokens.access, &tokens.key) {
            bind(&mut headers, access);
        }
        Ok(headers)
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
        let mut addition = Addition { headers, ..Addition::default() };
        if let Value::Map(members) = self.query.fill(scope)? {
            addition.url = Some(with_missing_query(target.url.expose(), members).into());
        }
        if self.adds_to_body(target.method, target.content_type)
            && let Value::Map(members) = self.body.fill(scope)?
        {
            addition.body = with_members(target, members, platform);
        }
        Ok(addition)
    }

    /// Whether members go into a body, as far as is told by what it is.
    pub fn adds_to_body(&self, method: &str, content_type: Option<&str>) -> bool {
        let is_bodiless = matches!(method, "GET" | "HEAD");
        !self.body.is_undefined() && !is_bodiless && content_type.and_then(is_form).is_some()
    }

    /// The header that shows that the page may read a cookie, where there is one. A request that changes nothing needs none,
    /// and one without cookies has none to protect.
    pub fn proof(&self, method: &str, credentials: Credentials, platform: Platform) -> Option<(String, Secret)> {
        let (cookie, header) = self.csrf.as_ref()?;
        if credentials == Credentials::Omit || matches!(method, "GET" | "HEAD" | "OPTIONS") {
            return None;
        }
        let value = (platform.cookie)(cookie).filter(|value| fits_header(value))?;
        Some((header.clone(), value.into()))
    }

    /// Puts what is attached on a request of a flow; one whose template fails goes out as it is.
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
    }
}

/// Whether a body is a form; `None` for one that is no JSON either.
fn is_form(content_type: &str) -> Option<bool> {
    let kind = split(content_type, |byte| byte == b';').0.to_ascii_lowercase();
    let is_form = trim(&kind) == "application/x-www-form-urlencoded";
    (is_form || cut(&kind, "json").is_some()).then_some(is_form)
}

/// A JSON or form body with more members behind its own, whose text stays as it is; `None` for any other body. What it has
/// under the same name is the caller's.
fn with_members(target: Target<'_>, mut more: Map, platform: Platform) -> Option<Secret> {
    let (is_form, body) = (is_form(target.content_type?)?, target.body?.expose());
    let mut separator = if body.is_empty() { "" } else { "&" };
    if is_form {
        leave_out(&mut more, body);
    } else {
        let own = (platform.parse_json)(body)?;
        let own = own.as_map()?;
        for (key, _) in own {
            more.remove(key);
        }
        separator = if own.is_empty() { "" } else { "," };
    }
    let text = if is_form { encode_form(&more) } else { json_of(&Value::Map(more)) };
    let parts = if is_form {
        [body, separator, &text]
    } else {
        [trim(body).strip_suffix('}')?, separator, text.strip_prefix('{')?]
    };
    (!matches!(&*text, "" | "{}")).then(|| concat(&parts).into())
}
