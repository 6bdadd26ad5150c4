//! One HTTP request as a flow gives it: typed once, filled in when it is sent.

use crate::core::error::{AuthError, Code};
use crate::core::http::form::{encode_form, to_text, with_query};
use crate::core::http::origin::{NO_PORT, has_no_port, origin_from};
use crate::core::http::{Credentials, HttpRequest, HttpResponse, Redirect, has_header, header_list};
use crate::core::lite::json::json_of;
use crate::core::lite::text::trim;
use crate::core::secret::Secret;
use crate::core::section::{Place, Section};
use crate::core::template::Shape;
use crate::core::template::{Scope, Template};
use crate::core::value::Value;
use crate::core::vocabulary::ENDPOINT;

/// An endpoint of a flow, with templates in its strings.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    url: Template,
    method: Option<Template>,
    headers: Shape,
    query: Shape,
    body: Body,
    credentials: Credentials,
    /// Whether it is authorised; `None`: as its flow is.
    attach: Option<bool>,
    /// Whether a redirect is followed wherever it leads.
    follows: bool,
    /// Decides in place of the status.
    ok: Option<Template>,
    /// The text of a refusal.
    message: Option<Template>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
enum Body {
    None,
    Json(Shape),
    Form(Shape),
    Text(Template),
}

impl Endpoint {
    /// Parses an endpoint; `None` where it has no URL, which is noted as a fault.
    pub fn parse(value: &Value, place: Place<'_>) -> Option<Self> {
        let section = Section::open(value, place, &ENDPOINT);
        let url = address(&section, "url");
        if url.is_none() && !section.has("url") {
            section.fail("url", "must be a text that is not empty");
        }
        let mut bodies = ["json", "form", "body"].into_iter().filter(|key| section.has(key));
        let (given, extra) = (bodies.next(), bodies.next());
        if let Some(extra) = extra {
            section.fail(extra, "a request has one body: json, form or body");
        }
        section.map("query");
        section.map("form");
        section.headers();
        let method = section.text("method").map(str::to_ascii_uppercase);
        if given.is_some() && matches!(method.as_deref(), Some("GET" | "HEAD")) {
            section.fail("method", "GET and HEAD have no body");
        }
        let shape = |key| Shape::parse(section.get(key), &section.place.member(key));
        let body = match given {
            Some("json") => Body::Json(shape("json")),
            Some("form") => Body::Form(shape("form")),
            Some(_) => text(&section, "body").map_or(Body::None, Body::Text),
            None => Body::None,
        };
        Some(Self {
            method: template(&section, "method"),
            headers: shape("headers"),
            query: shape("query"),
            body,
            credentials: section.word("credentials", Credentials::WORDS, Credentials::ALL).unwrap_or(Credentials::Omit),
            attach: section.has("attach").then(|| section.flag("attach")),
            follows: section.word("redirect", &["follow"], &[true]).unwrap_or(false),
            ok: section.text("ok").and_then(|_| expression(&section, "ok")),
            message: template(&section, "message"),
            url: url?,
        })
    }

    /// Whether it says itself what an answer means.
    pub const fn judges(&self) -> bool {
        self.ok.is_some() || self.message.is_some()
    }

    /// Whether the server has done what it was asked; `None`: its status says.
    ///
    /// A path that leads nowhere in this answer is no word of the server's, and a page in place of one is a proxy's.
    pub fn is_ok(&self, response: &HttpResponse, scope: &dyn Scope) -> Option<bool> {
        let ok = self.ok.as_ref().filter(|_| response.is_ok() || !response.is_page())?;
        Some(ok.eval(scope).ok()?.is_truthy())
    }

    /// What a person should read of a refusal, where it is said how to find that.
    pub fn message(&self, scope: &dyn Scope) -> Option<String> {
        let value = self.message.as_ref()?.eval(scope).ok().filter(|value| !value.is_nullish())?;
        Some(to_text(&value)).filter(|text| !trim(text).is_empty())
    }

    /// Shows every template to `see`.
    pub fn templates(&self, see: &mut dyn FnMut(&Template)) {
        see(&self.url);
        for template in [&self.method, &self.ok, &self.message] {
            template.iter().for_each(&mut *see);
        }
        for shape in [&self.headers, &self.query] {
            shape.templates(see);
        }
        match &self.body {
            Body::None => {}
            Body::Json(shape) | Body::Form(shape) => shape.templates(see),
            Body::Text(text) => see(text),
        }
    }

    /// The origin, as far as the URL's text tells it; `base` is that of relative URLs.
    pub fn origin(&self, base: Option<&str>) -> Option<String> {
        origin_from(address_text(&self.url)?, base)
    }

    /// The request in this scope.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, and `ERR_STEP` for the value of a header that none can hold.
    pub fn request(&self, scope: &dyn Scope) -> Result<HttpRequest, AuthError> {
        let mut url = to_text(&self.url.eval(scope)?);
        if let Value::Map(query) = self.query.fill(scope)? {
            url = with_query(&url, &query);
        }
        let mut headers = header_list(self.headers.fill(scope)?.as_map(), Code::Step)?;
        let (body, content_type) = match &self.body {
            Body::None => (None, ""),
            Body::Json(shape) => (Some(json_of(&shape.fill(scope)?)), "application/json"),
            Body::Form(shape) => {
                let form = shape.fill(scope)?;
                (form.as_map().map(encode_form), "application/x-www-form-urlencoded")
            }
            Body::Text(text) => (Some(to_text(&text.eval(scope)?)), ""),
        };
        if !content_type.is_empty() && !has_header(&headers, "content-type") {
            headers.push(("Content-Type".to_owned(), content_type.into()));
        }
        let method = match &self.method {
            Some(method) => to_text(&method.eval(scope)?).to_ascii_uppercase(),
            None => if body.is_some() { "POST" } else { "GET" }.to_owned(),
        };
        Ok(HttpRequest {
            url: url.into(),
            method,
            headers,
            body: body.map(Secret::new),
            credentials: self.credentials,
            redirect: if self.follows { Redirect::Follow } else { Redirect::Seen },
            authorised: self.attach,
            proof: None,
        })
    }
}

/// The literal text of an address, where its origin is whole in it: `https://api.` could become anything.
fn address_text(address: &Template) -> Option<&str> {
    let text = address.literal_prefix();
    let slashes = text.bytes().filter(|byte| *byte == b'/').count();
    (address.constant().is_some() || slashes >= 3 || text.starts_with('/')).then_some(text)
}

/// A member that must be an address, as a template.
#[inline(never)]
pub fn address(section: &Section<'_>, key: &str) -> Option<Template> {
    let address = template(section, key)?;
    if address_text(&address).is_some_and(has_no_port) {
        section.fail(key, NO_PORT);
    }
    Some(address)
}

/// Notes that a member is an address with a port that there is none of.
#[inline(never)]
pub fn check_port(section: &Section<'_>, key: &str) {
    if section.get(key).as_text().is_some_and(has_no_port) {
        section.fail(key, NO_PORT);
    }
}

/// A member that must be a text, not an empty one, as a template.
pub fn template(section: &Section<'_>, key: &str) -> Option<Template> {
    section.text(key)?;
    text(section, key)
}

/// A member that must be a text with an expression, as a template: without one it would be true for ever.
pub fn expression(section: &Section<'_>, key: &str) -> Option<Template> {
    let template = text(section, key)?;
    if template.constant().is_some_and(|text| !text.is_empty()) {
        section.fail(key, "must have an expression in it: {{ … }}");
    }
    Some(template)
}

/// A member that must be a text, as a template.
pub fn text(section: &Section<'_>, key: &str) -> Option<Template> {
    match section.get(key) {
        Value::Undefined => None,
        Value::Text(text) => match Template::parse(text) {
            Ok(template) => Some(template),
            Err(error) => {
                section.place.member(key).report(error);
                None
            }
        },
        _ => {
            section.fail(key, "must be a text");
            None
        }
    }
}
