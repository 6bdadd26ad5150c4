//! A sign-in that has left the page: what is kept of it, and how its answer is told from any other address.

use super::address::{Address, OWN_ID};
use crate::core::error::{AuthError, Code};
use crate::core::lite::json::json_of;
use crate::core::lite::text::{concat, start};
use crate::core::platform::Platform;
use crate::core::redact::Secrets;
use crate::core::secret::{Secret, Sensitive};
use crate::core::time::{Millis, UnixMillis};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::Bind;

/// So long an answer is waited for, and so many of them.
const LONGEST: Millis = Millis(10 * 60_000);
const MOST: usize = 10;

/// A description of the server's is no longer than this.
const DESCRIPTION: usize = 500;

/// What is kept of a sign-in that has left.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Its name: the `state`, or our id in the address.
    pub id: Secret,
    /// The `code_verifier`.
    pub verifier: Secret,
    /// The `nonce`, where one was sent.
    pub nonce: Option<Secret>,
    /// The client that the code is for.
    pub client_id: Option<String>,
    /// Whose answer it must be, where that is known.
    pub issuer: Option<String>,
    /// Where the user comes back to.
    pub redirect_uri: String,
    /// How the answer is tied to it.
    pub bind: Bind,
    /// The parameters that make an address an answer.
    pub answer: Vec<String>,
    /// When it left.
    pub at: UnixMillis,
    /// The page to return to.
    pub page: Option<String>,
    /// The run so far.
    pub run: Sensitive<Value>,
}

impl Pending {
    /// Writes it down.
    pub fn to_text(&self) -> Secret {
        let mut map = Map::new();
        let mut set = |name: &str, text: Option<&str>| {
            if let Some(text) = text {
                map.set_text(name, text);
            }
        };
        set("id", Some(self.id.expose()));
        set("verifier", Some(self.verifier.expose()));
        set("nonce", self.nonce.as_ref().map(Secret::expose));
        set("clientId", self.client_id.as_deref());
        set("issuer", self.issuer.as_deref());
        set("redirectUri", Some(&self.redirect_uri));
        set("bind", Some(self.bind.as_str()));
        set("page", self.page.as_deref());
        map.set("answer", Value::List(self.answer.iter().map(|name| Value::from(name.as_str())).collect()));
        map.set_number("at", self.at.0 as f64);
        map.set("run", self.run.data().clone());
        json_of(&Value::Map(map)).into()
    }

    /// Reads what was written down; `None` for anything else.
    pub fn from_text(text: &Secret, platform: Platform) -> Option<Self> {
        let value = (platform.parse_json)(text.expose())?;
        let text = |name: &str| value.member(name).and_then(Value::as_text);
        let owned = |name: &str| text(name).map(str::to_owned);
        let Some(Value::List(names)) = value.member("answer") else { return None };
        Some(Self {
            id: text("id")?.into(),
            verifier: text("verifier")?.into(),
            nonce: text("nonce").map(Secret::from),
            client_id: owned("clientId"),
            issuer: owned("issuer"),
            redirect_uri: owned("redirectUri")?,
            bind: Bind::of(text("bind")?)?,
            answer: names.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
            at: match value.member("at") {
                Some(Value::Number(at)) if *at >= 0.0 => UnixMillis(*at as u64),
                _ => return None,
            },
            page: owned("page"),
            run: value.member("run").cloned().unwrap_or_default().into(),
        })
    }

    /// Adds what must not be seen.
    pub fn add_secrets(&self, secrets: &mut Secrets) {
        for secret in [Some(&self.id), Some(&self.verifier), self.nonce.as_ref()].into_iter().flatten() {
            secrets.add(secret.expose());
        }
    }

    /// Whether its time is over.
    pub fn is_old(&self, now: UnixMillis) -> bool {
        now.since(self.at) > LONGEST
    }

    /// Whether an address is its answer. `is_only`: no other waits for one.
    pub fn is_answered_by(&self, address: &Address<'_>, is_only: bool) -> bool {
        if address.page != Address::parse(&self.redirect_uri).page {
            return false;
        }
        let is_bound = match self.bind {
            Bind::State => address.param("state").as_deref() == Some(self.id.expose()),
            Bind::RedirectUri => address.param(OWN_ID).as_deref() == Some(self.id.expose()),
            Bind::Tab => is_only,
        };
        let mut names = self.answer.iter();
        is_bound && (self.answer.is_empty() || names.any(|name| address.param(name).is_some()) || has_error(address))
    }

    /// What an answer brought, once it is known to be the right one: its parameters.
    ///
    /// # Errors
    /// `ERR_CALLBACK_MISMATCH` for one of another server (RFC 9207 section 2.4) or with a parameter twice; then what the server
    /// says: `ERR_CANCELLED` where the user has refused, else `ERR_INVALID_CREDENTIALS`.
    pub fn read(&self, address: &Address<'_>, metadata: Option<&Map>) -> Result<Map, AuthError> {
        let mismatch = |why: &'static str| Err(AuthError::new(Code::CallbackMismatch, why));
        if ["code", "state", "iss", "error"].iter().any(|name| address.is_doubled(name)) {
            return mismatch("a parameter of the answer stands there twice");
        }
        let promised = metadata.and_then(|metadata| metadata.get("authorization_response_iss_parameter_supported"));
        match (address.param("iss"), &self.issuer) {
            (Some(given), Some(issuer)) if given != *issuer => {
                return mismatch("the answer is of another server (iss)");
            }
            (None, Some(_)) if promised.is_some_and(Value::is_truthy) => {
                return mismatch("the answer lacks the iss that its server promises");
            }
            _ => {}
        }
        if let Some(error) = address.param("error") {
            return Err(refusal(&error, address));
        }
        Ok(address.params())
    }
}

/// What a server says in place of an answer (RFC 6749 section 4.1.2.1), as plain text.
fn refusal(error: &str, address: &Address<'_>) -> AuthError {
    let described = address.param("error_description").or_else(|| address.param("errorDescription"));
    let said = described.filter(|text| !text.is_empty()).unwrap_or_else(|| error.to_owned());
    let said = start(&said, DESCRIPTION).to_owned();
    match error {
        "access_denied" => AuthError::new(Code::Cancelled, said),
        _ => AuthError::new(Code::InvalidCredentials, concat(&[&said])),
    }
}

fn has_error(address: &Address<'_>) -> bool {
    address.param("error").is_some()
}

/// The sign-in that an address is the answer of, and the key under which it is kept.
pub fn find(
    address: &Address<'_>,
    kept: &[(String, Secret)],
    now: UnixMillis,
    platform: Platform,
) -> Option<(String, Pending)> {
    let read = |(key, text): &(String, Secret)| Some((key.clone(), Pending::from_text(text, platform)?));
    let alive: Vec<_> = kept.iter().filter_map(read).filter(|(_, pending)| !pending.is_old(now)).collect();
    let is_only = alive.iter().filter(|(_, pending)| pending.bind == Bind::Tab).count() == 1;
    alive.into_iter().find(|(_, pending)| pending.is_answered_by(address, is_only))
}

/// The keys of those that go when another is to be kept: the old ones, and the oldest where there are too many.
pub fn outdated(kept: &[(String, Secret)], now: UnixMillis, platform: Platform) -> Vec<String> {
    let mut alive = Vec::new();
    let mut gone = Vec::new();
    for (key, text) in kept {
        match Pending::from_text(text, platform).filter(|pending| !pending.is_old(now)) {
            Some(pending) => alive.push((pending.at, key)),
            None => gone.push(key.clone()),
        }
    }
    alive.sort_by_key(|(at, _)| at.0);
    let extra = (alive.len() + 1).saturating_sub(MOST);
    gone.extend(alive.into_iter().take(extra).map(|(_, key)| key.clone()));
    gone
}

#[cfg(test)]
mod tests;
