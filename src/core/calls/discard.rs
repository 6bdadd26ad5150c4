//! The session of another server, under the same name: it goes without a word, and its tokens are sent nowhere.

use super::caller::{Caller, Next};
use super::writing::Writing;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::record::Other;
use crate::core::record::envelope::{Record, State};

/// What is left to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Discard {
    /// The commit of this tombstone; then these keys are removed.
    Committing(Box<Record>, Vec<String>),
    /// Their removal.
    Writing(Writing),
}

impl Discard {
    /// Begins with the tombstone, unless somebody has signed in meanwhile.
    pub fn begin<S: From<Self>>(exposed: Vec<String>, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let Ground { cx, record, .. } = &mut *caller.ground;
        if record.tokens().is_some() {
            return Next::is(false);
        }
        let tombstone = record.next(State::Gone, cx);
        if record.commit(&tombstone, waiter, cx) {
            return Self::clean_up(exposed, caller);
        }
        Next::waits(Self::Committing(Box::new(tombstone), exposed))
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match self {
            Self::Committing(tombstone, exposed) => {
                let Ground { cx, record, .. } = &mut *caller.ground;
                record.on_committed(*tombstone, answer.into_commit(), Other::Adopted, cx);
                Self::clean_up(exposed, caller)
            }
            Self::Writing(writing) => {
                let writing = writing.on_own_answer(answer, caller.waiter(), caller.ground);
                Self::on_written(writing)
            }
        }
    }

    fn clean_up<S: From<Self>>(exposed: Vec<String>, caller: &mut Caller<'_>) -> Next<S> {
        if caller.ground.tokens().is_some() {
            return Next::is(false);
        }
        let writing = Writing::remove(exposed, caller.waiter(), caller.ground);
        Self::on_written(writing)
    }

    fn on_written<S: From<Self>>(writing: Option<Writing>) -> Next<S> {
        match writing {
            Some(writing) => Next::waits(Self::Writing(writing)),
            None => Next::is(true),
        }
    }
}
