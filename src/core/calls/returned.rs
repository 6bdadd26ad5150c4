//! The calls that find that the user has come back from a sign-in elsewhere: they wait for it, whoever of them was first.

use super::caller::{Caller, Next};
use super::guard::Guard;
use crate::core::error::AuthError;
use crate::core::input::CallId;
use crate::core::value::{Map, Value};

/// A call that waits for the end of such a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Returned {
    /// The sign-in.
    pub of: CallId,
    /// The guard that waits, and whether of a protected page; `None`: a call that wants the outcome itself.
    pub guard: Option<bool>,
}

impl Returned {
    /// The sign-in has come to its end.
    pub fn on_outcome<S: From<Guard>>(self, outcome: &Result<Value, AuthError>, caller: &mut Caller<'_>) -> Next<S> {
        match (self.guard, outcome) {
            (None, outcome) => Next::Done(outcome.clone()),
            (Some(_), Ok(said)) if said.member("navigated") == Some(&Value::Bool(true)) => Next::is(false),
            // What went wrong has been told: the page is that of whoever is signed in, or of nobody.
            (Some(protected), _) => Guard::begin(protected, caller),
        }
    }
}

/// What `signinCallback()` resolves where the page's address is no answer.
pub fn no_callback<S>() -> Next<S> {
    let mut members = Map::new();
    members.set_flag("ok", false);
    members.set_text("reason", "no-callback");
    members.set_text("message", "this address is no answer to a sign-in that was begun here");
    Next::done(members)
}
