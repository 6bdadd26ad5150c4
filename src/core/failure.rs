//! What a host's failure means: hosts throw errors, strings, plain objects and nothing at all.

pub mod said;

use super::error::{AuthError, Code};
use super::http::data_in;
use super::http::messages::{is_html, is_page, message_of};
use super::http::status::{Purpose, refusal};
use super::lite::text::{cut, split};
use super::platform::Platform;
use super::secret::Sensitive;
use super::token::at_path;
use super::value::{HostRef, Map, Value};
use said::{leading_status, refusal_without_status, repeated_status, status_in};

/// What is wrong with a request that was redirected and may not follow.
const REDIRECTED: &str = "the server redirects this request to another address: write that as its url (often a / at the end \
     is too much or missing), or redirect: \"follow\" where its body and headers may go there";

/// What a host's function threw or rejected with.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The thrown value as data: for an `Error` its name, message and own members.
    pub thrown: Sensitive<Value>,
    /// The thrown value itself, for `cause`.
    pub cause: Option<HostRef>,
}

impl Failure {
    /// What was thrown: hosts give the server's JSON as text, too.
    pub fn new(thrown: Value, cause: Option<HostRef>, platform: Platform) -> Self {
        let mut thrown = data_in(thrown, platform);
        if let Value::Map(members) = &mut thrown {
            for name in ["body", "data", "message"] {
                if let Some(text @ Value::Text(_)) = members.get(name) {
                    let data = data_in(text.clone(), platform);
                    members.set(name, data);
                }
            }
        }
        Self { thrown: thrown.into(), cause }
    }

    /// A request was redirected, and may not follow.
    pub fn redirected() -> Self {
        Self::of(Code::Unreachable, REDIRECTED)
    }

    fn of(code: Code, message: &str) -> Self {
        let mut thrown = Map::new();
        thrown.set_text("code", code.as_str());
        thrown.set_text("message", message);
        Self { thrown: Value::Map(thrown).into(), cause: None }
    }

    /// The key of the session is lost, and its tokens are of no use without it.
    pub fn key_lost() -> Self {
        Self::of(Code::RefreshRejected, "the key of this session is lost: sign in again")
    }

    /// The HTTP status that the failure shows, if it shows one, or else that its body repeats.
    pub fn status(&self) -> Option<u16> {
        self.own_status().or_else(|| repeated_status(self.said()))
    }

    fn own_status(&self) -> Option<u16> {
        const PLACES: [&str; 8] = [
            "status",
            "statusCode",
            "response.status",
            "response.statusCode",
            "responseMeta.status",
            "responseMeta.statusCode",
            "error.status",
            "error.statusCode",
        ];
        let named = PLACES.iter().find_map(|path| status_in(at_path(self.thrown.data(), path)?));
        named.or_else(|| status_in_words(self.text()?))
    }

    /// What the server answered, as far as the failure shows it.
    pub fn body(&self) -> Option<&Value> {
        const PLACES: [&str; 4] = ["body", "data", "response.data", "response.body"];
        let thrown = self.thrown.data();
        let found = PLACES.iter().find_map(|path| at_path(thrown, path).filter(|body| !body.is_nullish()));
        // Some hosts put the whole answer where the message belongs.
        found.or_else(|| thrown.member("message").filter(|message| message.as_map().is_some()))
    }

    /// The answer as a `response`, as far as the failure shows it.
    pub fn to_response(&self) -> Value {
        as_response(self.status(), self.body().cloned().unwrap_or_default())
    }

    /// The answer, or what stands in its place.
    fn said(&self) -> &Value {
        self.body().unwrap_or_else(|| self.thrown.data())
    }

    fn text(&self) -> Option<&str> {
        match self.thrown.data() {
            Value::Text(text) => Some(text),
            thrown => thrown.member("message")?.as_text(),
        }
    }

    /// The error for it. One that shows no status is `fallback`, and keeps the session.
    pub fn classify(self, purpose: Purpose, fallback: Code) -> AuthError {
        let text = self.text().unwrap_or_default();
        let member = |name| self.thrown.data().member(name).and_then(Value::as_text).unwrap_or_default();
        let never_arrived = is_network(member("name"), text) || is_network(member("code"), "");
        let status = self.own_status();
        let body = || self.body().cloned().unwrap_or_default();
        let own = if text.starts_with("User cancelled") { Some(Code::Cancelled) } else { self.own_code() };
        let mut error = match (own, status) {
            (None, Some(status)) if status >= 400 => {
                let body = body();
                let is_page = is_page(&body, None);
                refusal(status, body, is_page, purpose)
            }
            (Some(code), _) => {
                let mut error = AuthError::new(code, text.to_owned());
                error.path = self.thrown.data().member("path").and_then(Value::as_text).map(str::to_owned);
                error
            }
            _ => refusal_without_status(self.said(), purpose).unwrap_or_else(|| {
                let code = if never_arrived { Code::Unreachable } else { fallback };
                let of_body = self.body().and_then(|body| message_of(body, None));
                let message = of_body.or_else(|| message_of(self.thrown.data(), None));
                // Of an object without members there is nothing to read.
                AuthError::new(code, message.filter(|said| said != "{}").unwrap_or_else(|| unsaid(text).to_owned()))
            }),
        };
        if matches!(error.body, Value::Undefined) {
            error.body = body();
        }
        error.status = error.status.or(status);
        self.explain(error)
    }

    /// The error for an answer that came with it: says what was thrown where the server says nothing.
    pub fn explain(self, mut error: AuthError) -> AuthError {
        let text = self.text().unwrap_or_default();
        if error.message.starts_with("the server answered") && !text.is_empty() && !is_html(text) {
            error.message = text.to_owned().into();
        }
        error.cause = self.cause;
        error
    }

    /// The code of one of our own errors that came through the host.
    fn own_code(&self) -> Option<Code> {
        Code::of(self.thrown.data().member("code")?.as_text()?)
    }
}

/// What a host gave, in the shape of a `response`: it shows no headers. `undefined` where it shows neither status nor body.
pub fn as_response(status: Option<u16>, body: Value) -> Value {
    if status.is_none() && body == Value::Undefined {
        return body;
    }
    let mut response = Map::new();
    if let Some(status) = status {
        response.set_number("status", f64::from(status));
    }
    response.set("headers", Value::Map(Map::new()));
    response.set("body", body);
    Value::Map(response)
}

/// What is said of a failure that says nothing to a person: `text` is empty, or a page.
fn unsaid(text: &str) -> &'static str {
    if is_html(text) {
        "a page was answered and no data: is the address right?"
    } else {
        "the host failed and did not say why"
    }
}

/// The status in a message that begins with it, or that says `status` or `code` right before it. What a query says of its own
/// rows or fields may begin with a number, too: only what can be the name of a status stands behind one.
fn status_in_words(text: &str) -> Option<u16> {
    let after = ["status: ", "status ", "HTTP "];
    let place = after.iter().find_map(|word| Some(cut(text, word)?.1)).unwrap_or(text);
    let explicit = cut(text, "status code ").map(|(_, number)| number);
    let status = leading_status(explicit.unwrap_or(place)).filter(|status| (400.0..600.0).contains(status))?;
    let rest = place.get(3..).filter(|_| explicit.is_none()).unwrap_or_default();
    if rest.starts_with(['(', '-']) {
        return None;
    }
    let (name, _) = split(rest, |byte| matches!(byte, b':' | b',' | b'.' | b'(' | b'-' | b'\n'));
    let mut before = b' ';
    for byte in name.bytes() {
        if !byte.is_ascii() || byte.is_ascii_lowercase() && !before.is_ascii_alphabetic() {
            return None;
        }
        before = byte;
    }
    Some(status as u16)
}

/// Whether a thrown error says that a request never got through, in the words of the engines and hosts.
fn is_network(name: &str, text: &str) -> bool {
    const TEXTS: [&str; 6] =
        ["Failed to fetch", "NetworkError", "Load failed", "Network Error", "fetch failed", "Response not valid"];
    matches!(name, "NetworkError" | "TimeoutError" | "AbortError" | "ECONNABORTED" | "ETIMEDOUT")
        || TEXTS.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests;
