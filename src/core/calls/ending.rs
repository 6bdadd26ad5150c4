//! A server has refused tokens that can't be refreshed: the session is over, unless the check flow says otherwise.

use std::sync::Arc;

use super::caller::{Caller, Next};
use crate::core::context::Errand;
use crate::core::effect::Effect;
use crate::core::error::Code;
use crate::core::flow::flowing::{Flow, Flowing, Job};
use crate::core::ground::Ground;
use crate::core::input::{Answer, Commit};
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::refresh::SESSION_ENDED;
use crate::core::token::Tokens;
use crate::core::vocabulary::{EventKind, FlowName};

/// An end that is being made sure of.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// A step of the check flow.
    Checking(Box<Flowing>, Arc<Tokens>),
    /// The commit of the tombstone.
    Committing(Box<Record>),
}

impl Ending {
    /// Begins with the check flow, where there is one.
    pub fn begin<S: From<Self>>(sent: Arc<Tokens>, caller: &mut Caller<'_>) -> Next<S> {
        let Some(program) = caller.ground.cx.program(FlowName::Check) else { return Self::commit(&sent, caller) };
        let job = Job {
            flow: FlowName::Check,
            waiter: caller.waiter(),
            tokens: Some(sent.clone()),
            limit: None,
            keeps_steps: None,
        };
        let flow = Flowing::begin(program, job, sent.to_inputs().into(), caller.ground);
        Self::on_flow(flow, sent, caller)
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match (self, answer) {
            (Self::Checking(flowing, sent), answer) => {
                let flow = flowing.on_answer(answer, caller.ground);
                Self::on_flow(flow, sent, caller)
            }
            (Self::Committing(tombstone), answer) => Self::on_committed(*tombstone, answer.into_commit(), caller),
        }
    }

    fn on_flow<S: From<Self>>(flow: Flow, sent: Arc<Tokens>, caller: &mut Caller<'_>) -> Next<S> {
        let (flowing, result) = match flow {
            Flow::Waits(flowing) => return Next::waits(Self::Checking(flowing, sent)),
            Flow::Ended(flowing, result) => (flowing, result),
        };
        let says_no = match result {
            Ok(()) => flowing.says_no(caller.ground),
            // A server that can't be reached now has not ended the session.
            Err(error) => error.code != Code::Unreachable && (flowing.is_unauthorised || error.status.is_some()),
        };
        if says_no { Self::commit(&sent, caller) } else { Next::is(false) }
    }

    /// Ends the session of these tokens, of which nothing more is to be found out.
    pub fn commit<S: From<Self>>(sent: &Tokens, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let Ground { cx, record, .. } = caller.ground;
        if !record.tokens().is_some_and(|tokens| tokens.is_same(sent)) {
            return Next::is(false);
        }
        let tombstone = record.next(State::Expired, cx);
        if record.commit(&tombstone, waiter, cx) {
            return Self::ended(caller);
        }
        Next::waits(Self::Committing(Box::new(tombstone)))
    }

    fn on_committed<S: From<Self>>(tombstone: Record, commit: Commit, caller: &mut Caller<'_>) -> Next<S> {
        let has_signed_out = caller.ground.tokens().is_none();
        match caller.ground.record.on_committed(tombstone, commit, Other::Adopted, &mut caller.ground.cx) {
            // Somebody has written meanwhile: what is there now is another session, or none.
            Committed::Lost => Next::is(false),
            Committed::Kept if has_signed_out => Next::is(false),
            Committed::Kept => Self::ended(caller),
        }
    }

    fn ended<S: From<Self>>(caller: &mut Caller<'_>) -> Next<S> {
        caller.refresh.on_other_session();
        let cx = &mut caller.ground.cx;
        cx.emit(EventKind::Expired, Some(Code::SignedOut.as_str()));
        cx.ask(Effect::Notify(SESSION_ENDED.to_owned()));
        cx.want(Errand::CleanUp);
        Next::is(true)
    }
}
