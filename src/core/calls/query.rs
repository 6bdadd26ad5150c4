//! `run(query, params)`: a query of the host's, with a good token; when that is refused, refreshed once and run once more.

use std::sync::Arc;

use super::caller::{Caller, Next};
use super::fetch::{doubt, is_anothers, of_another, retry_requirement};
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::flow::step;
use crate::core::http::status::Purpose;
use crate::core::input::Answer;
use crate::core::refresh::ensured::{Ensured, NoToken, Requirement};
use crate::core::secret::Sensitive;
use crate::core::time::UnixMillis;
use crate::core::token::Tokens;
use crate::core::value::Value;

/// The query, its parameters, and the sign-in of the session in which it began; `None` where there was none yet.
type Asked = (step::Query, Sensitive<Value>, Option<UnixMillis>);

/// What the first try came to.
type First = Result<Value, AuthError>;

/// A query of the caller's own under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// A token.
    Ensuring {
        /// What is run.
        asked: Asked,
        /// What the first try came to, where this is the second.
        first: Option<Box<First>>,
    },
    /// The writes of what the session exposes: the query may be bound to it.
    Exposing {
        /// What is run.
        asked: Asked,
        /// Whether it was run before.
        is_second: bool,
    },
    /// Its data.
    Running {
        /// What is run.
        asked: Asked,
        /// The tokens that it went out with.
        sent: Option<Arc<Tokens>>,
        /// Whether it was run before.
        is_second: bool,
    },
}

impl Query {
    /// Begins by seeing to it that there is a token; without a session it runs as it is.
    pub fn begin<S: From<Self>>(query: step::Query, params: Sensitive<Value>, caller: &mut Caller<'_>) -> Next<S> {
        let begun = caller.ground.tokens().map(|tokens| tokens.signed_in_at);
        let every = caller.ground.cx.options.refresh.every_query && begun.is_some();
        let requirement = if every { Requirement::fresh("every query") } else { Requirement::ANY };
        Self::ensure((query, params, begun), None, requirement, caller)
    }

    /// There is a token, or word that there is none.
    pub fn on_ensured<S: From<Self>>(self, ensured: Ensured, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Ensuring { asked, first } = self else { return Next::waits(self) };
        let is_second = first.is_some();
        if is_anothers(asked.2, caller.ground) {
            return first.map_or_else(|| Next::failed(of_another()), |first| Next::Done(*first));
        }
        match (ensured, first) {
            (Err(NoToken::Failed(error)), first) if first.is_some() || !caller.ground.has_good_token() => {
                return Next::failed(error);
            }
            (Err(_), Some(first)) => return Next::Done(*first),
            _ => {}
        }
        if caller.page.exposing > 0 {
            return Next::waits(Self::Exposing { asked, is_second });
        }
        Self::run(asked, is_second, caller)
    }

    /// What it may be bound to is up to date in the host's store.
    pub fn on_exposed<S: From<Self>>(self, caller: &mut Caller<'_>) -> Next<S> {
        match self {
            Self::Exposing { asked, .. } if is_anothers(asked.2, caller.ground) => Next::failed(of_another()),
            Self::Exposing { asked, is_second } => Self::run(asked, is_second, caller),
            other => Next::waits(other),
        }
    }

    /// The query's data, or the way in which it failed.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Running { asked, sent, is_second } = self else { return Next::waits(self) };
        let ground = &caller.ground;
        let rule = &ground.cx.options.refresh;
        let (first, status, unauthorised, refused) = match answer {
            Answer::Response { status, given, seen } => {
                // Of data there is no status, of a response there is.
                let refused = status > 0 && rule.covers(status);
                (Ok(given), Some(status), ground.says_unauthorised(seen.data()), refused)
            }
            Answer::Failed(failure) => {
                let unauthorised = ground.says_unauthorised(&failure.to_response());
                let refused = match (failure.status(), ground.tokens()) {
                    (Some(status), _) => rule.covers(status),
                    // It shows no status: it may be the token's fault when the token is past, or may be.
                    (None, Some(tokens)) => tokens.expires_at.is_none() || tokens.is_expired(ground.cx.now),
                    (None, None) => false,
                };
                let error = failure.classify(Purpose::Other, Code::Host);
                let (status, may_be) = (error.status, error.code != Code::Cancelled);
                (Err(error), status, unauthorised && may_be, refused && may_be)
            }
            Answer::NoResponse(error) => return Next::failed(error),
            _ => return Next::failed(AuthError::new(Code::Timeout, "the host did not answer in time")),
        };
        let Some(sent) = sent.filter(|_| unauthorised || refused) else { return Next::Done(first) };
        if unauthorised || status.is_some_and(|status| rule.names(status)) {
            doubt(&sent, caller.ground);
        }
        match retry_requirement(&sent, "query", caller).filter(|_| !is_second) {
            Some(requirement) => Self::ensure(asked, Some(Box::new(first)), requirement, caller),
            None => Next::Done(first),
        }
    }

    fn ensure<S: From<Self>>(
        asked: Asked,
        first: Option<Box<First>>,
        requirement: Requirement,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let state = Self::Ensuring { asked, first };
        match caller.ensure_token(requirement) {
            Some(ensured) => state.on_ensured(ensured, caller),
            None => Next::waits(state),
        }
    }

    fn run<S: From<Self>>(asked: Asked, is_second: bool, caller: &mut Caller<'_>) -> Next<S> {
        let id = caller.ground.cx.wait(caller.waiter());
        let look = caller.ground.cx.options.refresh.when.is_some();
        let (query, params, _) = asked.clone();
        caller.ground.cx.ask(Effect::Query { id, query, params, look });
        Next::waits(Self::Running { asked, sent: caller.ground.tokens().cloned(), is_second })
    }
}
