//! Requests and responses as data.

pub mod attach;
pub mod form;
pub mod messages;
pub mod origin;
pub mod status;

use self::form::to_text;
use self::messages::is_page;
use super::error::{AuthError, Code};
use super::lite::text::trim;
use super::oauth::dpop::Proof;
use super::platform::Platform;
use super::secret::{Secret, Sensitive};
use super::time::{Millis, UnixMillis};
use super::value::{HostRef, Map, Value};

pub use super::vocabulary::Credentials;

/// Nobody keeps us waiting for longer, whatever a server asks for.
pub const LONGEST_WAIT: Millis = Millis(10 * 60_000);

/// What is wrong with the value of a header.
const UNFIT: &str = "a header can't hold a line break, a control character, or one above U+00FF";

/// A request that doorkey sends for a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// Absolute, or relative to the page.
    pub url: Secret,
    /// In capitals.
    pub method: String,
    /// In the order in which they were given.
    pub headers: Vec<(String, Secret)>,
    /// The body as text.
    pub body: Option<Secret>,
    /// What to do with cookies.
    pub credentials: Credentials,
    /// What is done about a redirect.
    pub redirect: Redirect,
    /// Whether it is authorised; `None`: as its flow is.
    pub authorised: Option<bool>,
    /// The proof that goes with it.
    pub proof: Option<Box<Proof>>,
}

/// What is done about a redirect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Redirect {
    /// It is followed, wherever it leads.
    Follow,
    /// It is followed within the page's own origin.
    Own,
    /// It is followed within the origin where one sees where it leads, as in Node. A page does not: there it is the end.
    Seen,
}

impl Redirect {
    /// The word for it in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Own => "own",
            Self::Seen => "seen",
        }
    }
}

impl HttpRequest {
    /// Whether a header of that name was given, in any case.
    pub fn has_header(&self, name: &str) -> bool {
        has_header(&self.headers, name)
    }
}

/// Whether a header of that name is among these, in any case.
pub fn has_header(headers: &[(String, Secret)], name: &str) -> bool {
    headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
}

/// Keeps the headers of which `keeps` is true.
#[inline(never)]
pub fn keep_headers(headers: &mut Vec<(String, Secret)>, keeps: &dyn Fn(&str, &Secret) -> bool) {
    headers.retain(|(name, value)| keeps(name, value));
}

/// What a server answered to an [`HttpRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Sensitive<Map>,
    /// The JSON of the body, or its text where it is none.
    pub body: Sensitive<Value>,
    /// Where it came from.
    pub url: Secret,
    /// Whether that is not where the request went first.
    pub redirected: bool,
    /// Whether there is more of its body than is read: none of it is here then.
    pub is_too_long: bool,
    /// What was thrown, as data and as itself, where that was the response, or held it.
    pub thrown: Option<Box<(Sensitive<Value>, Option<HostRef>)>>,
}

impl HttpResponse {
    /// Whether the status is 200 to 299.
    pub const fn is_ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// Whether it is a page, in the place of an API's answer.
    pub fn is_page(&self) -> bool {
        is_page(self.body.data(), self.header("content-type"))
    }

    /// A header's text, its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.data().get(name)?.as_text()
    }

    /// The scope entry of a `request` step.
    pub fn into_scope(self) -> Value {
        let mut scope = Map::new();
        scope.set_number("status", f64::from(self.status));
        scope.set("headers", Value::Map(self.headers.into_data()));
        scope.set("body", self.body.into_data());
        scope.set_text("url", self.url.expose());
        scope.set_flag("redirected", self.redirected);
        Value::Map(scope)
    }

    /// The moment of a `Retry-After` header, in seconds or as a date (RFC 9110 section 10.2.3).
    pub fn retry_after(&self, platform: Platform, now: UnixMillis) -> Option<UnixMillis> {
        let text = self.header("retry-after")?;
        if let Some(seconds) = whole_number(trim(text)) {
            return Some(now.after(Millis::from_seconds(seconds).min(LONGEST_WAIT)));
        }
        // An HTTP date begins with the day of the week: engines take other texts for dates, too.
        let is_date = text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic());
        // It is one of the server's clock, which is not ours.
        let at = is_date.then(|| (platform.parse_date)(text)).flatten()?;
        let wait = at.since(self.date(platform).unwrap_or(now));
        (wait.0 > 0).then(|| now.after(wait.min(LONGEST_WAIT)))
    }

    /// The moment of the answer by the server's clock, when the browser shows it.
    pub fn date(&self, platform: Platform) -> Option<UnixMillis> {
        (platform.parse_date)(self.header("date")?)
    }
}

/// What a text holds as JSON, where it does. Of an opaque token that is all digits a number would be left, and not all of it.
pub fn data_in(value: Value, platform: Platform) -> Value {
    let data = value.as_text().and_then(platform.parse_json);
    data.filter(|data| !matches!(data, Value::Number(_))).unwrap_or(value)
}

/// Reads digits, and nothing else, as a number.
pub fn whole_number(text: &str) -> Option<f64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.bytes().try_fold(0.0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10.0 + f64::from(byte - b'0')))
}

/// What is put on the caller's own request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addition {
    /// Headers to set.
    pub headers: Vec<(String, Secret)>,
    /// The URL with more query members.
    pub url: Option<Secret>,
    /// The body with more members.
    pub body: Option<Secret>,
    /// Whether a redirect is refused.
    pub refuse_redirect: bool,
    /// Whether cookies go along, also to another origin.
    pub with_cookies: bool,
    /// The proof that goes with it.
    pub proof: Option<Box<Proof>>,
}

/// Whether a header can hold a text (RFC 9110 section 5.5). In UTF-8 what is above U+00FF begins with more than 0xC3.
pub fn fits_header(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..=0xc3))
}

/// These members as header lines.
///
/// # Errors
/// `code` for a value that no header can hold.
pub fn header_list(members: Option<&Map>, code: Code) -> Result<Vec<(String, Secret)>, AuthError> {
    let mut headers = Vec::new();
    let Some(members) = members else { return Ok(headers) };
    // What is not there is left out, as in `form` and `query`.
    for (name, value) in members.iter().filter(|(_, value)| !value.is_nullish()) {
        let value = to_text(value);
        if !fits_header(&value) {
            return Err(AuthError::new(code, UNFIT).at(name.as_str()));
        }
        headers.push((name.clone(), value.into()));
    }
    Ok(headers)
}
