//! The token record, and the names under which servers send it.

mod answer;
mod expiry;

use super::error::{AuthError, Code};
use super::http::form::decode_form;
use super::http::whole_number;
use super::platform::Platform;
use super::secret::{Secret, Sensitive};
use super::time::{Millis, UnixMillis};
use super::value::{Map, Value};
use super::vocabulary::TokenField;
use crate::core::lite::codec::base64_decode;
use crate::core::lite::text::{cut, from_utf8, replace};
use answer::{by_name, is_moment, is_text};
use expiry::{expiry, lifetime};

pub use answer::Answer;

/// What a session is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tokens {
    /// The access token; `None` where the session is a cookie or a set of variables.
    pub access: Option<Secret>,
    /// The refresh token.
    pub refresh: Option<Secret>,
    /// The ID token of OpenID Connect.
    pub id: Option<Secret>,
    /// The token type as the server spells it.
    pub token_type: Option<Secret>,
    /// The local moment at which the answer came.
    pub received_at: UnixMillis,
    /// The local moment at which the access token expires, when that is known.
    pub expires_at: Option<UnixMillis>,
    /// The local moment at which the refresh token itself expires, when that is known.
    pub refresh_expires_at: Option<UnixMillis>,
    /// The local moment of the sign-in.
    pub signed_in_at: UnixMillis,
    /// The variables that the flow defined.
    pub variables: Sensitive<Map>,
    /// The origins that the sign-in turned out to use: its tokens may go where they came from.
    pub origins: Vec<String>,
    /// The origins of the flows that made the session.
    pub servers: Vec<String>,
    /// The name of the key that they are bound to (RFC 9449); `None`: whoever bears them can use them.
    pub key: Option<String>,
}

/// Paths into an answer, where the builder set them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenPaths {
    /// `tokens: false`: the server keeps the session in a cookie.
    pub cookie: bool,
    /// For each [`TokenField`], the path.
    pub paths: [Option<String>; 7],
}

const ACCESS: &[&str] =
    &["access_token", "accessToken", "accesstoken", "AccessToken", "access", "token", "jwt", "authToken", "idToken"];
const REFRESH: &[&str] =
    &["refresh_token", "refreshToken", "refreshtoken", "RefreshToken", "refresh", "authRefreshToken"];
const ID: &[&str] = &["id_token", "idToken", "IdToken"];
const TYPE: &[&str] = &["token_type", "tokenType", "TokenType"];
const LIFETIME: &[&str] = &["expires_in", "expiresIn", "ExpiresIn"];
const MOMENT: &[&str] = &["expires_at", "expiresAt"];
const REFRESH_LIFETIME: &[&str] = &["refresh_expires_in", "refreshExpiresIn"];

impl TokenField {
    /// The names under which servers send it.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::AccessToken => ACCESS,
            Self::RefreshToken => REFRESH,
            Self::IdToken => ID,
            Self::TokenType => TYPE,
            Self::ExpiresIn => LIFETIME,
            Self::ExpiresAt => MOMENT,
            Self::RefreshExpiresIn => REFRESH_LIFETIME,
        }
    }

    /// Whether it is a text, and no moment or lifetime.
    const fn is_text(self) -> bool {
        matches!(self, Self::AccessToken | Self::RefreshToken | Self::IdToken | Self::TokenType)
    }
}

impl TokenPaths {
    /// The path to a field, where the builder set one.
    fn of(&self, field: TokenField) -> Option<&str> {
        self.paths.get(field as usize)?.as_deref()
    }
}

impl Tokens {
    /// Reads the tokens in an answer: that of a token endpoint (RFC 6749 section 5.1), or any that names them otherwise.
    ///
    /// # Errors
    /// `ERR_INVALID_RESPONSE` when there is no access token, and neither a variable nor `tokens: false` stands for one.
    pub fn read(answer: &Answer<'_>, paths: &TokenPaths, platform: Platform) -> Result<Self, AuthError> {
        // RFC 6749 section 5.1 wants JSON; some endpoints answer as they are asked, with a form.
        let form = answer.value.as_text().and_then(decode_form).map(Value::Map);
        let answer = &Answer { value: form.as_ref().unwrap_or(answer.value), ..*answer };
        let value = |field: TokenField| -> Option<&Value> {
            let defined = answer.variables.get(field.as_str());
            // A page that has a cookie for a session needs no copy of what is in it.
            if defined.is_some() || (paths.cookie && field.is_text()) {
                return defined.filter(|value| !value.is_nullish());
            }
            let fits = if field.is_text() { is_text } else { is_moment };
            let by_path = paths.of(field).and_then(|path| at_path(answer.value, path));
            // A refresh may answer as the standard says where the sign-in has names of its own.
            by_path.filter(|value| !value.is_nullish()).or_else(|| by_name(answer.value, field.names(), fits))
        };
        let text = |field| value(field).and_then(Value::as_text).map(bare).filter(|text| !text.is_empty());
        let access = text(TokenField::AccessToken);
        if access.is_none() && !paths.cookie && answer.variables.is_empty() {
            let path = paths.of(TokenField::AccessToken).unwrap_or("access_token");
            return Err(AuthError::new(Code::InvalidResponse, "the answer holds no access token").at(path));
        }
        let claims = access.and_then(|jwt| claims(jwt, platform));
        let mut tokens = Self {
            received_at: answer.received_at,
            expires_at: expiry(
                answer,
                value(TokenField::ExpiresIn),
                value(TokenField::ExpiresAt),
                claims.as_ref(),
                platform,
            ),
            refresh_expires_at: value(TokenField::RefreshExpiresIn)
                .and_then(lifetime)
                .map(|lifetime| answer.received_at.after(lifetime)),
            signed_in_at: answer.received_at,
            variables: answer.variables.clone().into(),
            ..Self::default()
        };
        for (slot, field) in tokens.texts_mut().iter_mut().zip(TokenField::ALL) {
            **slot = text(*field).map(Secret::from);
        }
        Ok(tokens)
    }

    /// The tokens after a refresh: what the answer leaves out, as it may the refresh token, stays as it was (RFC 6749 section 6).
    #[must_use]
    pub fn renewed(&self, mut fresh: Self) -> Self {
        if fresh.refresh.is_none() && fresh.refresh_expires_at.is_none() {
            fresh.refresh_expires_at = self.refresh_expires_at;
        }
        for (slot, old) in fresh.texts_mut().iter_mut().zip(&self.texts()) {
            if slot.is_none() {
                slot.clone_from(old);
            }
        }
        fresh.signed_in_at = self.signed_in_at;
        fresh.origins.clone_from(&self.origins);
        fresh.servers.clone_from(&self.servers);
        fresh.key.clone_from(&self.key);
        let defined = std::mem::replace(&mut fresh.variables, self.variables.clone());
        fresh.variables.data_mut().extend(defined.data());
        fresh
    }

    /// The texts of the tokens, in the order of [`TokenField`].
    pub const fn texts(&self) -> [&Option<Secret>; 4] {
        [&self.access, &self.refresh, &self.id, &self.token_type]
    }

    /// As [`Tokens::texts`], to be set.
    pub const fn texts_mut(&mut self) -> [&mut Option<Secret>; 4] {
        [&mut self.access, &mut self.refresh, &mut self.id, &mut self.token_type]
    }

    /// Whether both are the outcome of the same sign-in or refresh.
    pub fn is_same(&self, other: &Self) -> bool {
        self.access == other.access && self.refresh == other.refresh && self.received_at == other.received_at
    }

    /// Whether revoking these would leave the others alive, as far as can be seen: some servers give the same token again.
    pub fn is_of_another_session(&self, other: &Self) -> bool {
        let differs = |one: &Option<Secret>, other: &Option<Secret>| one.is_none() || one != other;
        self.access.is_some() && differs(&self.access, &other.access) && differs(&self.refresh, &other.refresh)
    }

    /// How long the access token lives from receipt, when that is known.
    pub fn lifetime(&self) -> Option<Millis> {
        self.expires_at.map(|at| at.since(self.received_at))
    }

    /// Whether the access token is past its time. One of unknown expiry never is.
    ///
    /// A clock that now stands before the receipt was put back: nothing is known then, and the token counts as past.
    pub fn is_expired(&self, now: UnixMillis) -> bool {
        let put_back = now.after(Millis(60_000)) < self.received_at;
        self.expires_at.is_some_and(|at| now >= at || put_back)
    }

    /// What refresh, revoke and check flows get, in every spelling that a builder may have bound.
    pub fn to_inputs(&self) -> Value {
        let mut inputs = Map::new();
        if let Some(access) = &self.access {
            inputs.set_text("accessToken", access.expose());
        }
        if let Some(refresh) = &self.refresh {
            for name in ["refreshToken", "refreshtoken", "refresh_token"] {
                inputs.set_text(name, refresh.expose());
            }
        }
        Value::Map(inputs)
    }

    /// The `session` of a template's scope.
    pub fn to_scope(&self) -> Map {
        let mut scope = Map::new();
        let texts = [
            (TokenField::AccessToken, &self.access),
            (TokenField::RefreshToken, &self.refresh),
            (TokenField::IdToken, &self.id),
        ];
        for (field, text) in texts {
            if let Some(secret) = text {
                scope.set_text(field.as_str(), secret.expose());
            }
        }
        if let Some(at) = self.expires_at {
            scope.set_number("expiresAt", at.0 as f64);
        }
        scope
    }
}

/// A path as people write it, `data[0].token`, with dots alone: `data.0.token`.
pub fn dotted(path: &str) -> String {
    replace(&replace(path, "[", "."), "]", "")
}

/// The member at a dotted path: `data.token`, `tokens.0.value`.
pub fn at_path<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let (key, rest) = cut(path, ".").map_or((path, None), |(key, rest)| (key, Some(rest)));
    let found = match value {
        Value::List(items) => items.get(whole_number(key)? as usize)?,
        other => other.member(key)?,
    };
    match rest {
        Some(rest) => at_path(found, rest),
        None => Some(found),
    }
}

/// The claims of a JWT (RFC 7519 section 4), unverified; `None` when it is none.
pub fn claims(jwt: &str, platform: Platform) -> Option<Value> {
    let (payload, _) = cut(cut(jwt, ".")?.1, ".")?;
    let text = from_utf8(base64_decode(payload)?)?;
    (platform.parse_json)(&text).filter(|claims| claims.as_map().is_some())
}

/// A token without the word that some servers put before it, which the header has already.
pub fn bare(token: &str) -> &str {
    let (word, rest) = token.split_at_checked("Bearer ".len()).unwrap_or(("", token));
    if word.eq_ignore_ascii_case("Bearer ") { rest } else { token }
}

#[cfg(test)]
mod tests;
