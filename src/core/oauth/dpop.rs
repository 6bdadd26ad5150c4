//! Proofs that who asks has the key of the session (RFC 9449): what is in one, and which requests have one. The keys, and
//! whoever signs with them, are the shell's.

use crate::core::error::{AuthError, Code};
use crate::core::lite::text::{concat, cut, split};
use crate::core::platform::Platform;
use crate::core::secret::Secret;
use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};

/// What stands before a token that is bound to a key (RFC 9449 section 7.1), and before one that is not.
const BOUND: &str = "DPoP ";
const BEARER: &str = "Bearer ";

/// Why a server that wants a nonce is not given it.
const NOT_SHOWN: &str =
    "the server wants a nonce: it must show it to this page, by Access-Control-Expose-Headers: DPoP-Nonce";

/// Why a server that finds the proof too old or too new is not given another.
const CLOCK_NOT_SHOWN: &str =
    "the server refuses the proof: if that is for its clock, it must show that by Access-Control-Expose-Headers: Date";

/// What is wrong with a server that binds no token to the key that it was shown (RFC 9449 section 5).
const BEARER_GIVEN: &str =
    "the server has bound no token to the key: let this client use DPoP there, or leave out dpop";

/// The word of a server that wants to see its nonce in the proof (RFC 9449 sections 8 and 9).
const USE_NONCE: &str = "use_dpop_nonce";

/// The word of one that takes the proof for none (RFC 9449 section 5): also where its clock is not ours.
const INVALID: &str = "invalid_dpop_proof";

/// A clock that is so far off is told of: a date counts whole seconds, and took its way.
const OFF: f64 = 5.0;

/// What servers have reported for the proofs that come, by origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reported {
    nonces: Map,
    /// By how many seconds their clocks are ahead of ours.
    clocks: Map,
}

impl Reported {
    /// The moment there.
    fn seconds(&self, origin: &str, now: UnixMillis) -> f64 {
        let ahead = if let Some(Value::Number(ahead)) = self.clocks.get(origin) { *ahead } else { 0.0 };
        seconds(now) + ahead
    }
}

/// Whether a server speaks of the proof: that says nothing of the token.
pub fn is_of_proof(why: &str) -> bool {
    cut(why, INVALID).or_else(|| cut(why, USE_NONCE)).is_some()
}

/// A key, as far as core knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Under this name the shell finds it.
    pub name: String,
    /// Whether it is made where there is none yet: in a sign-in.
    pub is_new: bool,
    /// Whether it outlives the page.
    pub is_kept: bool,
}

/// What a proof says (RFC 9449 section 4.2), but for what the shell adds: `jti`, the hash of the token, and the public key.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Whose proof it is.
    pub key: Key,
    /// The method of the request.
    pub htm: String,
    /// The address of the request, without query and fragment.
    pub htu: Secret,
    /// When it is made, in seconds.
    pub iat: f64,
    /// The nonce that the server wants to see.
    pub nonce: Option<String>,
    /// The access token that goes with it.
    pub token: Option<Secret>,
    /// Where it goes.
    origin: String,
    /// Whether it goes there again, with the nonce that the first answer has brought.
    is_second: bool,
}

/// What an answer says of the proof that went there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Nothing.
    Other,
    /// It was refused for what the answer tells, the nonce or the time, for the first time: the request goes out again.
    Again,
    /// It was refused, and there is nothing that helps, and why. That says nothing of the token.
    Unheard(&'static str),
}

impl Proof {
    /// The proof for a request to that origin; `reported` is what servers have.
    pub fn new(
        key: Key,
        (method, url, headers): (&str, &Secret, &[(String, Secret)]),
        origin: String,
        reported: &Reported,
        now: UnixMillis,
    ) -> Self {
        let (htu, _) = split(url.expose(), |byte| matches!(byte, b'?' | b'#'));
        Self {
            key,
            htm: method.to_owned(),
            htu: htu.into(),
            iat: reported.seconds(&origin, now),
            nonce: reported.nonces.get(&origin).and_then(Value::as_text).map(str::to_owned),
            token: bound_token(headers).map(Secret::from),
            origin,
            is_second: false,
        }
    }

    /// Takes in the answer, the nonce that it has brought, and the time where that is what is wrong.
    pub fn on_answer(
        &mut self,
        (status, headers, body): (u16, Option<&Map>, &Value),
        reported: &mut Reported,
        now: UnixMillis,
        platform: Platform,
    ) -> Verdict {
        let header = |name| headers?.get(name)?.as_text();
        let nonce = header("dpop-nonce").filter(|nonce| !nonce.is_empty());
        if let Some(nonce) = nonce {
            reported.nonces.set_text(&self.origin, nonce);
        }
        let why = body.member("error").and_then(Value::as_text).or_else(|| header("www-authenticate"));
        // Not every page is shown why; then the new nonce says it.
        if !matches!(status, 400 | 401) || !is_of_proof(why.unwrap_or(USE_NONCE)) {
            return Verdict::Other;
        }
        let is_invalid = why.is_some_and(|why| cut(why, INVALID).is_some());
        let date = header("date").and_then(platform.parse_date).map(seconds);
        let date = date.filter(|date| is_invalid && (date - self.iat).abs() >= OFF);
        if let Some(date) = date {
            reported.clocks.set_number(&self.origin, date - seconds(now));
        }
        let helps = if is_invalid { date.is_some() } else { nonce.is_some_and(|it| self.nonce.as_deref() != Some(it)) };
        if helps && !self.is_second {
            self.nonce = nonce.map(str::to_owned).or_else(|| self.nonce.take());
            self.iat = reported.seconds(&self.origin, now);
            self.is_second = true;
            return Verdict::Again;
        }
        match why {
            Some(_) => Verdict::Unheard(if is_invalid { CLOCK_NOT_SHOWN } else { NOT_SHOWN }),
            None => Verdict::Other,
        }
    }
}

const fn seconds(at: UnixMillis) -> f64 {
    (at.0 / 1000) as f64
}

/// The token among these headers that is bound to a key.
pub fn bound_token(headers: &[(String, Secret)]) -> Option<&str> {
    let (_, value) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    after(BOUND, value)
}

/// What stands behind a scheme, in whatever letters that is written (RFC 9110 section 11.1).
fn after<'a>(scheme: &str, value: &'a Secret) -> Option<&'a str> {
    let (word, rest) = value.expose().split_at_checked(scheme.len())?;
    word.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Says of the bearer token among these headers that it is bound.
pub fn bind(headers: &mut [(String, Secret)], token: &Secret) {
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("authorization") && after(BEARER, value) == Some(token.expose()) {
            *value = concat(&[BOUND, token.expose()]).into();
        }
    }
}

/// Whether the server has bound its tokens to the key that it was shown, as far as their type says.
///
/// # Errors
/// `ERR_INVALID_RESPONSE`.
pub fn check_bound(token_type: Option<&Secret>) -> Result<(), AuthError> {
    match token_type {
        Some(kind) if kind.expose().eq_ignore_ascii_case(BEARER.trim_end()) => {
            Err(AuthError::new(Code::InvalidResponse, BEARER_GIVEN).at("token_type"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
