//! `check()`: whether the server takes the session; without a check flow, whether a good token is held or can be got.

use super::caller::{Caller, Next};
use super::renewal::look_for_next;
use crate::core::error::{AuthError, Code};
use crate::core::flow::flowing::{Flow, Flowing, Job};
use crate::core::input::Answer;
use crate::core::refresh::due::can_refresh;
use crate::core::refresh::ensured::{Ensured, NoToken, Requirement};
use crate::core::vocabulary::FlowName;

/// A check under way; `is_second`: after a refusal and a refresh.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// A token.
    Ensuring {
        /// Whether the server was asked before.
        is_second: bool,
    },
    /// A step of the check flow.
    Flowing {
        /// The flow.
        flowing: Box<Flowing>,
        /// Whether the server was asked before.
        is_second: bool,
    },
}

impl Check {
    /// Begins by seeing to it that there is a token.
    pub fn begin<S: From<Self>>(caller: &mut Caller<'_>) -> Next<S> {
        Self::ensure(false, Requirement::ANY, caller)
    }

    /// There is a token, or word that there is none.
    pub fn on_ensured<S: From<Self>>(self, ensured: Ensured, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Ensuring { is_second } = self else { return Next::waits(self) };
        match ensured {
            Err(why) if why.is_rejection() => return Next::is(false),
            Err(NoToken::Failed(error)) => return Next::failed(error),
            Err(_) => return Next::is(false),
            Ok(_) => {}
        }
        let tokens = caller.ground.tokens().cloned();
        let (Some(program), Some(tokens)) = (caller.ground.cx.program(FlowName::Check), &tokens) else {
            return Next::is(tokens.is_some());
        };
        let inputs = tokens.to_inputs().into();
        let tokens = Some(tokens.clone());
        let job = Job { flow: FlowName::Check, waiter: caller.waiter(), tokens, limit: None, keeps_steps: None };
        let flow = Flowing::begin(program, job, inputs, caller.ground);
        Self::on_flow(flow, is_second, caller)
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match self {
            Self::Flowing { flowing, is_second } => {
                let flow = flowing.on_answer(answer, caller.ground);
                Self::on_flow(flow, is_second, caller)
            }
            ensuring => Next::waits(ensuring),
        }
    }

    fn ensure<S: From<Self>>(is_second: bool, requirement: Requirement, caller: &mut Caller<'_>) -> Next<S> {
        let state = Self::Ensuring { is_second };
        match caller.ensure_token(requirement) {
            Some(ensured) => state.on_ensured(ensured, caller),
            None => Next::waits(state),
        }
    }

    fn on_flow<S: From<Self>>(flow: Flow, is_second: bool, caller: &mut Caller<'_>) -> Next<S> {
        let (flowing, result) = match flow {
            Flow::Waits(flowing) => return Next::waits(Self::Flowing { flowing, is_second }),
            Flow::Ended(flowing, result) => (flowing, result),
        };
        match result {
            Err(error) if !flowing.is_unauthorised => Self::on_no(Some(error), is_second, caller),
            Ok(()) if !flowing.says_no(caller.ground) => {
                if let Some(sent) = flowing.sent() {
                    look_for_next(sent, flowing.response(), caller.ground);
                }
                Next::is(true)
            }
            _ => Self::on_no(None, is_second, caller),
        }
    }

    /// The server says no, or nothing; `None`: that the user is not signed in, though its status does not say so.
    fn on_no<S: From<Self>>(error: Option<AuthError>, is_second: bool, caller: &mut Caller<'_>) -> Next<S> {
        let ground = &caller.ground;
        let status = error.as_ref().map_or(Some(401), |error| error.status);
        let refused = error.is_none() || status.is_some_and(|status| ground.cx.options.refresh.covers(status));
        let refreshable = ground.tokens().is_some_and(|tokens| can_refresh(tokens, ground));
        if refused && !is_second && refreshable && caller.refresh.may_help("check", caller.ground) {
            return Self::ensure(true, Requirement::fresh("refused"), caller);
        }
        match error {
            Some(error) if status.is_none() || matches!(error.code, Code::Unreachable | Code::InvalidResponse) => {
                Next::failed(error)
            }
            _ => Next::is(false),
        }
    }
}
