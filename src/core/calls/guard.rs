//! `guard("protected")` and `guard("login")`: whether the page may be shown; where not, the way to the one that may.

use super::caller::{Caller, Next};
use crate::core::input::Answer;
use crate::core::refresh::ensured::{Ensured, NoToken, Requirement};
use crate::core::vocabulary::GuardedPage;

/// A guard under way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Guard {
    /// A token, for this page.
    Ensuring(GuardedPage),
    /// The other page.
    Navigating,
}

impl Guard {
    /// Begins by finding out whether there is a session that can be used.
    pub fn begin<S: From<Self>>(page: GuardedPage, caller: &mut Caller<'_>) -> Next<S> {
        // It must go as well if the session turns out to have ended.
        caller.page.guarded = page == GuardedPage::Protected;
        let guard = Self::Ensuring(page);
        match caller.ensure_token(Requirement::ANY) {
            Some(ensured) => guard.on_ensured(ensured, caller),
            None => Next::waits(guard),
        }
    }

    /// Leaves a protected page whose session has ended.
    pub fn leave<S: From<Self>>(caller: &mut Caller<'_>) -> Next<S> {
        if !caller.page.going && caller.send_away() { Next::waits(Self::Navigating) } else { Next::is(false) }
    }

    /// There is a token, or word that there is none.
    pub fn on_ensured<S: From<Self>>(self, ensured: Ensured, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Ensuring(page) = self else { return Next::waits(self) };
        let protected = page == GuardedPage::Protected;
        let is_rejected = ensured.as_ref().is_err_and(NoToken::is_rejection);
        // A server that can't be reached now has not ended the session.
        let held = match &ensured {
            Ok(_) => true,
            Err(NoToken::Failed(_)) => !is_rejected && caller.ground.tokens().is_some(),
            Err(_) => false,
        };
        caller.page.guarded = protected && held;
        if protected && is_rejected {
            // The end of the session is on its way to the login page already.
            return Next::is(false);
        }
        if protected == held {
            caller.page.admitted = caller.page.shown.clone().map(|at| (page, at));
            return Next::is(true);
        }
        if caller.page.going {
            return Next::is(false);
        }
        if !protected {
            caller.page.shown = None;
        }
        let navigates = if protected { caller.send_away() } else { caller.navigate(|options| &options.home) };
        if navigates { Next::waits(Self::Navigating) } else { Next::is(false) }
    }

    /// The navigation is done, or has failed.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match self {
            Self::Navigating => {
                caller.has_navigated(answer);
                Next::is(false)
            }
            Self::Ensuring(_) => Next::waits(self),
        }
    }
}
