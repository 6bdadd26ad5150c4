//! `fetch(input, init)`: attach, send; on an unauthorised status (401, as RFC 6750 section 3.1 says it of `invalid_token`,
//! unless options say otherwise) refresh once, send once more; never a third time.

use std::sync::Arc;

use super::caller::{Caller, Next};
use crate::core::context::Errand;
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::http::attach::{Target, origin_of_call};
use crate::core::http::{Addition, keep_headers};
use crate::core::input::{Answer, FetchCall};
use crate::core::refresh::due::can_refresh;
use crate::core::refresh::ensured::{Ensured, NoToken, Requirement};
use crate::core::token::Tokens;
use crate::core::value::Value;

/// A request of the caller's own under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetch {
    /// A token.
    Ensuring {
        /// The request.
        fetch: FetchCall,
        /// The response to the first try, where this is the second.
        first: Option<Value>,
    },
    /// The response.
    Sending {
        /// The request.
        fetch: FetchCall,
        /// The tokens that it went out with; `None` when it went out untouched.
        sent: Option<Arc<Tokens>>,
        /// Whether it was sent before.
        is_second: bool,
    },
}

impl Fetch {
    /// Begins: a request elsewhere, or without a session, goes out untouched.
    pub fn begin<S: From<Self>>(fetch: FetchCall, caller: &mut Caller<'_>) -> Next<S> {
        let ground = &caller.ground;
        let may_have = ground.tokens().is_some() || caller.refresh.is_restoring();
        if !may_have || !ground.origins.allow(&fetch.url, ground.cx.base.as_deref()) {
            return Self::send(fetch, None, false, Addition::default(), caller);
        }
        if !fetch.replayable {
            let text = "a stream can't be sent a second time: give the body as text, a blob, a form or bytes";
            return Next::failed(AuthError::new(Code::InvalidValue, text).at("body"));
        }
        let requirement =
            if ground.cx.options.refresh.every_query { Requirement::fresh("every query") } else { Requirement::ANY };
        Self::ensure(fetch, None, requirement, caller)
    }

    /// There is a token, or word that there is none.
    pub fn on_ensured<S: From<Self>>(self, ensured: Ensured, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Ensuring { fetch, first } = self else { return Next::waits(self) };
        let is_second = first.is_some();
        match (ensured, first) {
            (Err(_), Some(first)) => return Next::Done(Ok(first)),
            (Err(why), None) if !why.is_rejection() && !caller.ground.has_good_token() => {
                if let NoToken::Failed(error) = why {
                    return Next::failed(error);
                }
            }
            _ => {}
        }
        let Some(tokens) = caller.ground.tokens().cloned() else {
            return Self::send(fetch, None, is_second, Addition::default(), caller);
        };
        match addition(&fetch, &tokens, caller.ground) {
            Ok(addition) => Self::send(fetch, Some(tokens), is_second, addition, caller),
            Err(error) => Next::failed(error),
        }
    }

    /// The response, or why there is none.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Sending { fetch, sent, is_second } = self else { return Next::waits(self) };
        let (status, given, seen) = match answer {
            Answer::Response { status, given, seen } => (status, given, seen),
            Answer::NoResponse(error) => return Next::failed(error),
            _ => return Next::failed(AuthError::new(Code::Unreachable, "the server did not answer in time")),
        };
        let ground = &caller.ground;
        let own_header = fetch.header_names.iter().any(|name| name == "authorization");
        let unauthorised = ground.says_unauthorised(seen.data());
        let refused = ground.cx.options.refresh.covers(status) || unauthorised;
        let Some(sent) = sent.filter(|_| refused && !own_header) else { return Next::Done(Ok(given)) };
        if status == 401 || unauthorised {
            doubt(&sent, caller.ground);
        }
        let refuser = origin_of_call(&fetch.url, caller.ground.cx.base.as_deref());
        match retry_requirement(&sent, &refuser, caller).filter(|_| !is_second) {
            Some(requirement) => Self::ensure(fetch, Some(given), requirement, caller),
            None => Next::Done(Ok(given)),
        }
    }

    fn ensure<S: From<Self>>(
        fetch: FetchCall,
        first: Option<Value>,
        requirement: Requirement,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let state = Self::Ensuring { fetch, first };
        match caller.ensure_token(requirement) {
            Some(ensured) => state.on_ensured(ensured, caller),
            None => Next::waits(state),
        }
    }

    fn send<S: From<Self>>(
        fetch: FetchCall,
        sent: Option<Arc<Tokens>>,
        is_second: bool,
        addition: Addition,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let id = caller.ground.cx.wait(caller.waiter());
        let look = caller.ground.cx.options.refresh.when.is_some();
        caller.ground.cx.ask(Effect::Send { id, call: caller.call, addition, look });
        Next::waits(Self::Sending { fetch, sent, is_second })
    }
}

/// What is put on the request: what the caller set is not overwritten.
fn addition(fetch: &FetchCall, tokens: &Arc<Tokens>, ground: &Ground) -> Result<Addition, AuthError> {
    let target = Target {
        url: &fetch.url,
        method: &fetch.method,
        content_type: fetch.content_type.as_deref(),
        body: fetch.body.as_ref(),
    };
    let attach = &ground.cx.options.attach;
    let added = ground.with_scope(Some(tokens), |scope| attach.addition(target, tokens, scope, ground.cx.platform));
    let mut addition = added?;
    keep_headers(&mut addition.headers, &|name, _| !fetch.header_names.contains(&name.to_ascii_lowercase()));
    addition.refuse_redirect &= !fetch.redirect_chosen;
    Ok(addition)
}

/// What a second try needs after a first that was refused: a fresh token, or the one that has come since; `None`: there is
/// no second try.
pub fn retry_requirement(sent: &Tokens, refuser: &str, caller: &mut Caller<'_>) -> Option<Requirement> {
    let tokens = caller.ground.tokens()?;
    if !tokens.is_same(sent) {
        return Some(Requirement::ANY);
    }
    let may_help = can_refresh(tokens, caller.ground) && caller.refresh.may_help(refuser, caller.ground);
    may_help.then_some(Requirement::fresh("refused"))
}

/// A server has refused tokens that can't be refreshed: the session may be over.
pub fn doubt(sent: &Arc<Tokens>, ground: &mut Ground) {
    if ground.tokens().is_some_and(|tokens| tokens.is_same(sent) && !can_refresh(tokens, ground)) {
        ground.cx.want(Errand::Doubt(sent.clone()));
    }
}
