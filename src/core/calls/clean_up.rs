//! The server has ended the session: what it exposed goes, the user's values stay for the next sign-in.

use super::caller::{Caller, Next};
use super::writing::Writing;
use crate::core::input::Answer;
use crate::core::values::exposed::exposed_keys;

/// What is left to do when the server has ended the session.
#[derive(Clone, Debug, PartialEq)]
pub enum CleanUp {
    /// The removal of what was exposed.
    Writing(Writing),
    /// The login page.
    Navigating,
}

impl CleanUp {
    /// Begins with what was exposed.
    pub fn begin<S: From<Self>>(caller: &mut Caller<'_>) -> Next<S> {
        if caller.ground.tokens().is_some() {
            // Somebody has signed in meanwhile: what is there now is theirs.
            return Next::is(false);
        }
        caller.page.leaving = true;
        let writing = Writing::remove(exposed_keys(&caller.ground.cx), caller.waiter(), caller.ground);
        Self::on_written(writing, caller)
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Writing(writing) = self else {
            caller.page.leaving = false;
            caller.has_navigated(answer);
            return Next::is(true);
        };
        let writing = writing.on_own_answer(answer, caller.waiter(), caller.ground);
        Self::on_written(writing, caller)
    }

    fn on_written<S: From<Self>>(writing: Option<Writing>, caller: &mut Caller<'_>) -> Next<S> {
        if let Some(writing) = writing {
            return Next::waits(Self::Writing(writing));
        }
        if !std::mem::replace(&mut caller.page.guarded, false) {
            caller.page.shown = None;
        }
        caller.page.leaving = caller.send_away();
        if caller.page.leaving { Next::waits(Self::Navigating) } else { Next::is(false) }
    }
}
