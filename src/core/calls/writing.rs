//! Writes under way, of a call that waits for them all: the values, then the record that names their keys.

use crate::core::context::Errand;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::input::{Answer, Commit};
use crate::core::record::Other;
use crate::core::record::envelope::Record;
use crate::core::waits::Waiter;

/// What a call waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Writing {
    /// So many writes.
    Values(usize),
    /// The commit of a record that names keys, for another call: it may name this one's, too.
    Queued,
    /// The commit of the record that names our keys.
    Naming(Box<Record>),
}

impl Writing {
    /// Waits for so many writes that are out; `None` when everything is done already.
    pub fn begin(writes: usize, waiter: Waiter, ground: &mut Ground) -> Option<Self> {
        if writes > 0 { Some(Self::Values(writes)) } else { Self::name_keys(waiter, ground) }
    }

    /// Goes on with an answer; what a write failed with is added to `failures`. `None` when everything is done.
    pub fn on_answer(
        self,
        answer: Answer,
        failures: &mut Vec<AuthError>,
        waiter: Waiter,
        ground: &mut Ground,
    ) -> Option<Self> {
        match (self, answer) {
            (Self::Values(left), Answer::Done(result)) => {
                failures.extend(result.err());
                Self::begin(left - 1, waiter, ground)
            }
            (Self::Values(left), Answer::Late) => {
                failures.push(AuthError::new(Code::Timeout, "the host did not answer in time"));
                Self::begin(left - 1, waiter, ground)
            }
            (Self::Queued, Answer::Done(_)) => Self::name_keys(waiter, ground),
            (Self::Naming(named), answer) => Self::named(*named, answer.into_commit(), waiter, ground),
            (writing, _) => Some(writing),
        }
    }

    /// Goes on with an answer where nobody waits to be told of a failure: the listeners are.
    pub fn on_own_answer(self, answer: Answer, waiter: Waiter, ground: &mut Ground) -> Option<Self> {
        let mut failures = Vec::new();
        let writing = self.on_answer(answer, &mut failures, waiter, ground);
        for error in failures {
            ground.cx.emit_failed(error.code);
        }
        writing
    }

    /// Removes those of these values that there are; `None` when everything is done already.
    pub fn remove(keys: Vec<String>, waiter: Waiter, ground: &mut Ground) -> Option<Self> {
        let Ground { cx, record, values, .. } = ground;
        let writes = values.remove(waiter, keys, record, cx);
        Self::begin(writes, waiter, ground)
    }

    /// All writes of a call are done: before it goes on, the record must name the keys that there are now.
    fn name_keys(waiter: Waiter, ground: &mut Ground) -> Option<Self> {
        let Ground { cx, record, values, .. } = ground;
        // Which keys there are is reckoned for all who wait, and not for each of them.
        if let Waiter::Call(call) = waiter
            && !values.are_named(record)
            && values.queue_up(call)
        {
            return Some(Self::Queued);
        }
        let (keys, marks) = values.unnamed_keys(record)?;
        values.begin_naming();
        let mut named = record.next(record.record().state.clone(), cx);
        (named.keys, named.marks, named.pause) = (keys, marks, record.record().pause);
        record.commit(&named, waiter, cx);
        Some(Self::Naming(Box::new(named)))
    }

    fn named(named: Record, commit: Commit, waiter: Waiter, ground: &mut Ground) -> Option<Self> {
        ground.record.on_committed(named, commit, Other::Adopted, &mut ground.cx);
        let queue = ground.values.end_naming();
        let writing = Self::name_keys(waiter, ground);
        ground.cx.want(Errand::NamedKeys(queue));
        writing
    }
}
