//! `refreshAccessToken`, `accessToken` and `headers`: a token, in three shapes.

use super::caller::{Caller, Next, ok};
use crate::core::error::{AuthError, Code};
use crate::core::refresh::ensured::{Ensured, NoToken, Requirement};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::NothingDone;

/// A call that waits for a token, by what it gives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Token {
    /// Whether it was refreshed, and when it expires.
    Refresh,
    /// The token itself.
    Access,
    /// The headers that carry it.
    Headers,
    /// Whether there is a session, whose user stays.
    Extend,
}

impl Token {
    /// Begins by seeing to it that there is one.
    pub fn begin<S: From<Self>>(self, requirement: Requirement, caller: &mut Caller<'_>) -> Next<S> {
        match caller.ensure_token(requirement) {
            Some(ensured) => self.on_ensured(ensured, caller),
            None => Next::waits(self),
        }
    }

    /// The user stays: that is activity. Where the session ends with the refresh token, it takes a refresh to move that.
    pub fn extend<S: From<Self>>(caller: &mut Caller<'_>) -> Next<S> {
        caller.page.limits.on_touched(true, caller.ground);
        let needs_refresh = caller.page.limits.is_refresh_tokens(caller.ground);
        let requirement = if needs_refresh { Requirement::fresh("extended") } else { Requirement::ANY };
        Self::Extend.begin(requirement, caller)
    }

    /// There is a token, or word that there is none.
    pub fn on_ensured<S: From<Self>>(self, ensured: Ensured, caller: &Caller<'_>) -> Next<S> {
        match self {
            Self::Refresh => refreshed(ensured, caller),
            Self::Extend => extended(ensured, caller),
            Self::Access => Next::Done(ensured.map_err(NoToken::into_error).and_then(|_| access(caller))),
            Self::Headers => Next::Done(ensured.map_err(NoToken::into_error).and_then(|_| headers(caller))),
        }
    }
}

fn refreshed<S>(ensured: Ensured, caller: &Caller<'_>) -> Next<S> {
    let reason = match ensured {
        Ok(refreshed) => {
            let mut members = ok();
            members.set_flag("refreshed", refreshed);
            members.set("expiresAt", caller.expires_at());
            return Next::done(members);
        }
        Err(NoToken::SignedOut) => NothingDone::SignedOut,
        Err(NoToken::NotRefreshable) => NothingDone::NotRefreshable,
        Err(NoToken::Failed(error)) => return Next::failed(error),
    };
    let mut members = Map::new();
    members.set_flag("ok", false);
    members.set_text("reason", reason.as_str());
    Next::done(members)
}

fn extended<S>(ensured: Ensured, caller: &Caller<'_>) -> Next<S> {
    if let Err(NoToken::Failed(error)) = ensured {
        return Next::failed(error);
    }
    let mut members = Map::new();
    members.set_flag("ok", ensured.is_ok());
    members.set("expiresAt", caller.expires_at());
    Next::done(members)
}

fn access(caller: &Caller<'_>) -> Result<Value, AuthError> {
    let access = caller.ground.tokens().and_then(|tokens| tokens.access.as_ref());
    let access = access.ok_or_else(|| AuthError::new(Code::SignedOut, "this session has no access token"))?;
    Ok(Value::from(access.expose()))
}

fn headers(caller: &Caller<'_>) -> Result<Value, AuthError> {
    let ground = &caller.ground;
    let tokens = ground.tokens().ok_or_else(|| NoToken::SignedOut.into_error())?;
    let headers = ground.with_scope(None, |scope| ground.cx.options.attach.headers(tokens, scope))?;
    let mut members = Map::new();
    for (name, value) in headers {
        members.set(name, Value::Text(value.into_exposed()));
    }
    Ok(Value::Map(members))
}
