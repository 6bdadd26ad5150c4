//! A sign-in that has left the page: what is kept of it, and how its answer is told from any other address.

use super::address::{Address, OWN_ID};
use crate::core::error::{AuthError, Code};
use crate::core::lite::json::json_of;
use crate::core::lite::text::start;
use crate::core::platform::Platform;
use crate::core::redact::Secrets;
use crate::core::secret::{Secret, Sensitive};
use crate::core::time::{Millis, UnixMillis};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::Bind;

/// So long an answer is waited for, and so many of them.
const LONGEST: Millis = Millis(10 * 60_000);
const MOST: usize = 10;

/// Nothing is sent for such an answer.
pub const NO_CODE: &str = "the answer holds no code";

/// A description of the server's is no longer than this.
const DESCRIPTION: usize = 500;

/// What is kept of a sign-in that has left: its members, as they are stored.
///
/// `id` is its name: the `state`, or our id in the address. `verifier` is the `code_verifier`, `nonce` the `nonce` where one was
/// sent, `clientId` and `issuer` whose answer it must be, `redirectUri` where the user comes back to, `bind` how the answer is
/// tied to it, `answer` the parameters that make an address an answer, `at` when it left, `mode` how it wanted to, `page` the page
/// to show after it, `run` the run so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pending(Sensitive<Map>);

impl Pending {
    /// One that leaves now.
    pub fn new(id: &Secret, redirect_uri: &str, bind: Bind, answer: &[String], now: UnixMillis) -> Self {
        let mut names = Vec::new();
        for name in answer {
            names.push(Value::from(name.as_str()));
        }
        let mut pending = Self::default();
        pending.set("id", Some(id.expose()));
        pending.set("redirectUri", Some(redirect_uri));
        pending.set("bind", Some(bind.as_str()));
        let members = pending.0.data_mut();
        members.set("answer", Value::List(names));
        members.set_number("at", now.0 as f64);
        pending
    }

    /// Sets a member that is a text, where there is one.
    pub fn set(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.0.data_mut().set_text(name, text);
        }
    }

    /// Sets the run so far.
    pub fn set_run(&mut self, run: Sensitive<Value>) {
        self.0.data_mut().set("run", run.into_data());
    }

    /// The run so far; `None`: there is nothing to go on with.
    pub fn run(&self) -> Option<&Value> {
        self.0.data().get("run")
    }

    /// A member that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.data().get(name)?.as_text()
    }

    /// Its name.
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// Where the user comes back to.
    pub fn redirect_uri(&self) -> &str {
        self.text("redirectUri").unwrap_or_default()
    }

    /// The parameters that make an address an answer.
    pub fn answer(&self) -> &[Value] {
        match self.0.data().get("answer") {
            Some(Value::List(names)) => names,
            _ => &[],
        }
    }

    /// Writes it down.
    pub fn to_text(&self) -> Secret {
        json_of(&Value::Map(self.0.data().clone())).into()
    }

    /// Reads what was written down; `None` for anything else.
    pub fn from_text(text: &Secret, platform: Platform) -> Option<Self> {
        let Value::Map(members) = (platform.parse_json)(text.expose())? else { return None };
        let pending = Self(Sensitive::new(members));
        let is_whole = !pending.id().is_empty() && !pending.redirect_uri().is_empty() && pending.at().0 > 0;
        is_whole.then_some(pending)
    }

    /// What a trace may show of it. The address to come back to may hold our id in its query.
    pub fn shown(&self) -> Map {
        let mut shown = Map::new();
        for name in ["mode", "issuer"] {
            if let Some(text) = self.text(name) {
                shown.set_text(name, text);
            }
        }
        shown.set_text("redirectUri", Address::parse(self.redirect_uri()).page);
        shown.set_number("at", self.at().0 as f64);
        shown
    }

    /// Adds what must not be seen.
    pub fn add_secrets(&self, secrets: &mut Secrets) {
        for name in ["id", "verifier", "nonce"] {
            secrets.add(self.text(name).unwrap_or_default());
        }
    }

    /// Whether an address is its answer. `is_only`: no other waits for one.
    fn is_answered_by(&self, address: &Address<'_>, is_only: bool) -> bool {
        if !address.is_page(self.redirect_uri()) {
            return false;
        }
        let has_id = |name: &str| address.param(name).as_deref() == Some(self.id());
        let is_bound = match self.bind() {
            Some(Bind::State) => has_id("state"),
            Some(Bind::RedirectUri) => has_id(OWN_ID),
            Some(Bind::Tab) => is_only,
            None => false,
        };
        let has = |name: &str| address.param(name).is_some();
        let is_answer = self.answer().is_empty()
            || has("error")
            || self.answer().iter().any(|name| name.as_text().is_some_and(has));
        is_bound && is_answer
    }

    /// What an answer brought, once it is known to be the right one: its parameters.
    ///
    /// # Errors
    /// `ERR_CALLBACK_MISMATCH` for one of another server (RFC 9207 section 2.4) or with a parameter twice; then what the server
    /// says: `ERR_CANCELLED` where the user has refused, else `ERR_INVALID_CREDENTIALS`.
    pub fn read(&self, address: &Address<'_>, metadata: Option<&Map>) -> Result<Map, AuthError> {
        let mismatch = |why: &'static str| Err(AuthError::new(Code::CallbackMismatch, why));
        let other = |why: &'static str| Err(AuthError::new(Code::CallbackMismatch, why).at("iss"));
        if ["code", "state", "iss", "error"].iter().any(|name| address.is_doubled(name)) {
            return mismatch("a parameter of the answer stands there twice");
        }
        let promised = metadata.and_then(|metadata| metadata.get("authorization_response_iss_parameter_supported"));
        match (address.param("iss"), self.text("issuer")) {
            (Some(given), Some(issuer)) if given != issuer => return other("the answer is of another server (iss)"),
            (None, Some(_)) if promised.is_some_and(Value::is_truthy) => {
                return other("the answer lacks the iss that its server promises");
            }
            _ => {}
        }
        match address.param("error").filter(|error| !error.is_empty()) {
            Some(error) => Err(refusal(error, address)),
            None if address.param("code").as_deref() == Some("") => mismatch(NO_CODE),
            None => Ok(address.params()),
        }
    }

    fn bind(&self) -> Option<Bind> {
        Bind::of(self.text("bind")?)
    }

    fn at(&self) -> UnixMillis {
        match self.0.data().get("at") {
            Some(Value::Number(at)) => UnixMillis(*at as u64),
            _ => UnixMillis(0),
        }
    }

    fn is_old(&self, now: UnixMillis) -> bool {
        now.since(self.at()) > LONGEST
    }
}

/// What a server says in place of an answer (RFC 6749 section 4.1.2.1), as plain text.
fn refusal(error: String, address: &Address<'_>) -> AuthError {
    let code = if error == "access_denied" { Code::Cancelled } else { Code::InvalidCredentials };
    let described = address.param("error_description").or_else(|| address.param("errorDescription"));
    let said = described.filter(|text| !text.is_empty()).unwrap_or(error);
    AuthError::new(code, start(&shown(&said), DESCRIPTION).to_owned())
}

/// A text without what would lead who reads it astray: control characters, and those that turn its direction.
fn shown(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// The sign-in that an address is the answer of, and the key under which it is kept.
pub fn find(
    address: &Address<'_>,
    kept: &[(String, Secret)],
    now: UnixMillis,
    platform: Platform,
) -> Option<(String, Pending)> {
    let mut alive = Vec::new();
    let mut tabs = 0;
    for (key, text) in kept {
        if let Some(pending) = Pending::from_text(text, platform).filter(|pending| !pending.is_old(now)) {
            tabs += usize::from(pending.bind() == Some(Bind::Tab));
            alive.push((key.clone(), pending));
        }
    }
    alive.into_iter().find(|(_, pending)| pending.is_answered_by(address, tabs == 1))
}

/// The keys of those that go when another is to be kept: the old ones, and the oldest where there are too many.
pub fn outdated(kept: &[(String, Secret)], now: UnixMillis, platform: Platform) -> Vec<String> {
    let mut alive: Vec<(UnixMillis, &String)> = Vec::new();
    let mut gone = Vec::new();
    for (key, text) in kept {
        match Pending::from_text(text, platform).filter(|pending| !pending.is_old(now)) {
            Some(pending) => alive.push((pending.at(), key)),
            None => gone.push(key.clone()),
        }
    }
    while alive.len() >= MOST {
        let mut oldest = 0;
        for (place, (at, _)) in alive.iter().enumerate() {
            if alive.get(oldest).is_some_and(|(least, _)| at.0 < least.0) {
                oldest = place;
            }
        }
        gone.push(alive.swap_remove(oldest).1.clone());
    }
    gone
}

#[cfg(test)]
#[allow(clippy::expect_used)] // A test that panics has failed, and says where.
mod tests;
