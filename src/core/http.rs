//! Requests and responses as data: origins, form encoding, what a status means.

use super::error::{AuthError, Code};
use super::platform::Platform;
use super::time::{Millis, UnixMillis};
use super::value::{Map, Value};
use crate::core::lite::codec::percent_encode;
use crate::core::lite::json::{json_to_text, number_to_text};
use crate::core::lite::text::{concat, cut, holds, split, start, trim};

/// What the browser may do with cookies (the Fetch standard's credentials mode).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Credentials {
    /// Neither send nor accept cookies.
    #[default]
    Omit,
    /// Cookies for the page's own origin.
    SameOrigin,
    /// Cookies for any origin that the server allows.
    Include,
}

impl Credentials {
    /// The words for them in the Fetch standard.
    pub const WORDS: [&str; 3] = ["omit", "same-origin", "include"];

    /// The word for it in the Fetch standard.
    pub const fn as_str(self) -> &'static str {
        // There is a word for each mode.
        Self::WORDS[self as usize]
    }

    /// What a word stands for.
    pub fn of(word: &Value) -> Self {
        match word.as_text() {
            Some("same-origin") => Self::SameOrigin,
            Some("include") => Self::Include,
            _ => Self::Omit,
        }
    }
}

/// A request that doorkey sends for a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// Absolute, or relative to the page.
    pub url: String,
    /// In capitals.
    pub method: String,
    /// In the order in which they were given.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: Option<String>,
    /// What to do with cookies.
    pub credentials: Credentials,
    /// Whether a redirect is refused: attached headers must not follow one.
    pub refuse_redirect: bool,
    /// The cookie to read and the header to send it in.
    pub csrf: Option<(String, String)>,
}

impl HttpRequest {
    /// Whether a header of that name was given, in any case.
    pub fn has_header(&self, name: &str) -> bool {
        has_header(&self.headers, name)
    }
}

/// Whether a header of that name is among these, in any case.
pub fn has_header(headers: &[(String, String)], name: &str) -> bool {
    headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
}

/// What a server answered to an [`HttpRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Map,
    /// The JSON of the body, or its text where it is none.
    pub body: Value,
}

impl HttpResponse {
    /// Whether the status is 200 to 299.
    pub const fn is_ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The scope entry of a `request` step.
    pub fn into_scope(self) -> Value {
        let mut scope = Map::new();
        scope.set("status", Value::Number(f64::from(self.status)));
        scope.set("headers", Value::Map(self.headers));
        scope.set("body", self.body);
        Value::Map(scope)
    }

    /// The moment of a `Retry-After` header, in seconds or as a date (RFC 9110 section 10.2.3).
    pub fn retry_after(&self, platform: Platform, now: UnixMillis) -> Option<UnixMillis> {
        let text = self.headers.get("retry-after")?.as_text()?;
        if let Some(seconds) = whole_number(trim(text)) {
            return Some(now.after(Millis::from_seconds(seconds)));
        }
        // A date is one of the server's clock, which is not ours.
        let wait = (platform.parse_date)(text)?.since(self.date(platform).unwrap_or(now));
        Some(now.after(wait))
    }

    /// The moment of the answer by the server's clock, when the browser shows it.
    pub fn date(&self, platform: Platform) -> Option<UnixMillis> {
        (platform.parse_date)(self.headers.get("date")?.as_text()?)
    }
}

/// Reads digits, and nothing else, as a number.
pub fn whole_number(text: &str) -> Option<f64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.bytes().try_fold(0.0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10.0 + f64::from(byte - b'0')))
}

/// The scheme, host and port of an absolute http or https URL, as the browser writes an origin.
///
/// `None` for a relative URL, another scheme, or one with a user name in it: such a URL gets no token.
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = cut(url, "://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let (authority, _) = split(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    let authority = authority.to_ascii_lowercase();
    if authority.is_empty() || holds(&authority, |byte| matches!(byte, b'@' | b' ' | b'\t' | b'\n' | b'\r' | b'{')) {
        return None;
    }
    let host = authority.strip_suffix(default_port).unwrap_or(&authority);
    Some(concat(&[&scheme, "://", host]))
}

/// The origin that a URL leads to from a page of the origin `base`.
///
/// `None` where browsers may see more than a path in what looks relative: `//host`, `/\host`, `https:host`, hidden line breaks.
pub fn origin_from(url: &str, base: Option<&str>) -> Option<String> {
    origin_of(url).or_else(|| {
        let (path, _) = split(url, |byte| matches!(byte, b'?' | b'#'));
        let has_scheme = holds(split(path, |byte| byte == b'/').0, |byte| byte == b':');
        let is_path = !has_scheme && !path.starts_with("//") && !holds(path, |byte| byte <= b' ' || byte == b'\\');
        base.filter(|_| is_path).map(str::to_owned)
    })
}

/// Encodes members as `application/x-www-form-urlencoded`; `undefined` members are left out.
pub fn encode_form(members: &Map) -> String {
    let mut form = String::new();
    for (key, value) in members.iter() {
        if matches!(value, Value::Undefined) {
            continue;
        }
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(&percent_encode(key));
        form.push('=');
        form.push_str(&percent_encode(&to_text(value)));
    }
    form
}

/// The URL with more query members, before its fragment.
pub fn with_query(url: &str, members: &Map) -> String {
    let query = encode_form(members);
    if query.is_empty() {
        return url.to_owned();
    }
    let (before, fragment) = split(url, |byte| byte == b'#');
    let separator = if holds(before, |byte| byte == b'?') { "&" } else { "?" };
    concat(&[before, separator, &query, fragment])
}

/// What a value is among text: JSON for what is not text itself.
pub fn to_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number_to_text(*number),
        other => {
            let mut text = String::new();
            json_to_text(other, &mut text);
            text
        }
    }
}

/// What a request was for: the same status means different things.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Signing in.
    Signin,
    /// Refreshing the tokens.
    Refresh,
    /// Anything else.
    Other,
}

/// The code for a status outside 200 to 299.
pub const fn code_of(status: u16, purpose: Purpose) -> Code {
    match (purpose, status) {
        (_, 408 | 409 | 425 | 429 | 500..=599) => Code::Unreachable,
        (Purpose::Signin, 400 | 401 | 403 | 404 | 422) => Code::InvalidCredentials,
        (Purpose::Refresh, 400 | 401 | 403 | 422) => Code::RefreshRejected,
        _ => Code::Server,
    }
}

/// The error for a status and a body that a server refused with.
pub fn refusal(status: u16, body: Value, purpose: Purpose) -> AuthError {
    let code = if purpose == Purpose::Refresh && is_invalid_grant(&body) {
        Code::RefreshRejected
    } else {
        code_of(status, purpose)
    };
    let mut error = AuthError::new(code, message_of(&body).unwrap_or_else(|| status_text(status)));
    error.status = Some(status);
    error.body = body;
    error
}

/// Whether an answer says `invalid_grant` (RFC 6749 section 5.2), whatever its status.
pub fn is_invalid_grant(body: &Value) -> bool {
    body.member("error").and_then(Value::as_text) == Some("invalid_grant")
}

/// What a person should read of a server's refusal; `None` when it says nothing.
pub fn message_of(body: &Value) -> Option<String> {
    let found = match body {
        Value::Undefined | Value::Null | Value::Foreign(_) => return None,
        Value::Map(members) => readable(members),
        _ => None,
    };
    let text = found.unwrap_or_else(|| to_text(body));
    let text = trim(&text);
    (!text.is_empty()).then(|| start(text, 500).to_owned())
}

/// The error text among the members of an answer.
fn readable(members: &Map) -> Option<String> {
    const NAMES: [&str; 5] = ["error_description", "message", "msg", "detail", "error"];
    let direct = NAMES.iter().find_map(|name| match members.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Map(inner)) => readable(inner),
        _ => None,
    });
    direct.or_else(|| match members.get("errors") {
        Some(Value::List(list)) => list.first()?.member("message")?.as_text().map(str::to_owned),
        _ => None,
    })
}

fn status_text(status: u16) -> String {
    concat(&["the server answered ", &number_to_text(f64::from(status))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_the_browser_calls_one() {
        let rows = [
            ("https://a.example/x?y#z", Some("https://a.example")),
            ("HTTPS://A.Example:443/x", Some("https://a.example")),
            ("http://a.example:80", Some("http://a.example")),
            ("http://127.0.0.1:4001/token", Some("http://127.0.0.1:4001")),
            ("https://user@a.example/", None),
            ("https://a.example@evil.example/", None),
            ("https://a.example\\@evil.example/", Some("https://a.example")),
            ("/token", None),
            ("//a.example/x", None),
            ("ftp://a.example", None),
            ("https://", None),
            ("https://{{store.host}}/x", None),
        ];
        for (url, origin) in rows {
            assert_eq!(origin_of(url).as_deref(), origin, "{url}");
        }
    }

    #[test]
    fn a_relative_url_leads_to_the_page_only_when_every_browser_thinks_so() {
        let base = Some("https://app.example");
        for url in ["/token", "token", "./a:b", "/users:all", "?x=https://a.example", "#top", "", "a/b?c=\\#d:e"] {
            assert_eq!(origin_from(url, base).as_deref(), base, "{url}");
            assert_eq!(origin_from(url, None), None, "{url}");
        }
        let elsewhere =
            ["//a.example/x", "/\\a.example", "\\\\a.example", "https:a.example", "https:/a.example", "/\t/a.example"];
        for url in elsewhere.into_iter().chain([" //a.example", "data:x", "ftp://a.example", "https://{{ host }}/x"]) {
            assert_eq!(origin_from(url, base), None, "{url}");
        }
        assert_eq!(origin_from("https://a.example/x", base).as_deref(), Some("https://a.example"));
    }

    #[test]
    fn a_status_means_what_the_request_was_for() {
        use Purpose::{Other, Refresh, Signin};
        let rows = [
            (400, Signin, Code::InvalidCredentials),
            (404, Signin, Code::InvalidCredentials),
            (422, Signin, Code::InvalidCredentials),
            (418, Signin, Code::Server),
            (429, Signin, Code::Unreachable),
            (401, Refresh, Code::RefreshRejected),
            (404, Refresh, Code::Server),
            (409, Refresh, Code::Unreachable),
            (500, Refresh, Code::Unreachable),
            (401, Other, Code::Server),
            (302, Other, Code::Server),
        ];
        for (status, purpose, code) in rows {
            assert_eq!(code_of(status, purpose), code, "{status} {purpose:?}");
        }
    }

    #[test]
    fn a_refusal_is_read_aloud() {
        let text = |text: &str| Value::Text(text.to_owned());
        let map = |key: &str, value: Value| Value::Map([(key.to_owned(), value)].into_iter().collect());
        let rows = [
            (map("error_description", text("no")), "no"),
            (map("error", map("message", text("INVALID_PASSWORD"))), "INVALID_PASSWORD"),
            (map("errors", Value::List(vec![map("message", text("bad"))])), "bad"),
            (map("email", Value::List(vec![text("required")])), r#"{"email":["required"]}"#),
            (text("Incorrect password"), "Incorrect password"),
        ];
        for (body, message) in rows {
            assert_eq!(message_of(&body).as_deref(), Some(message));
        }
        assert_eq!(message_of(&Value::Null), None);
        assert_eq!(refusal(401, Value::Undefined, Purpose::Signin).message, "the server answered 401");
    }

    #[test]
    fn query_members_go_before_the_fragment() {
        let members = [("a b".to_owned(), Value::from("c&d")), ("gone".to_owned(), Value::Undefined)];
        let members = members.into_iter().collect();
        assert_eq!(with_query("https://a.example/x#top", &members), "https://a.example/x?a%20b=c%26d#top");
        assert_eq!(with_query("https://a.example/x?y=1", &members), "https://a.example/x?y=1&a%20b=c%26d");
    }
}
