//! The calls that find that the user has come back from a sign-in elsewhere: they wait for it, whoever of them was first. So
//! does a second sign-out for the first.

use super::caller::{Caller, Next};
use crate::core::effect::Effect;
use crate::core::error::AuthError;
use crate::core::input::{Answer, Call, CallId};
use crate::core::secret::Secret;
use crate::core::time::Millis;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::NothingDone;

/// Whoever has begun answers at once, or is not there.
const HAND_OVER_LIMIT: Millis = Millis(1_000);

/// A call that waits for the end of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    /// The other.
    pub of: CallId,
    /// The call that waits.
    pub what: Box<Call>,
}

/// What becomes of a call that has waited.
#[derive(Debug)]
pub enum Onward {
    /// It has come to its end.
    Done(Result<Value, AuthError>),
    /// It begins.
    Begin(Call),
}

impl Returned {
    /// The other has come to its end.
    pub fn on_outcome(self, outcome: &Result<Value, AuthError>) -> Onward {
        let is_none = matches!(outcome, Ok(said) if said.member("reason").is_some());
        let has_left = matches!(outcome, Ok(said) if said.member("navigated") == Some(&Value::Bool(true)));
        match *self.what {
            Call::Guard(_) if has_left => Onward::Done(Ok(Value::Bool(false))),
            // What went wrong has been told: the page is that of whoever is signed in, or of nobody.
            call @ Call::Guard(_) => Onward::Begin(call),
            // A second sign-out has revoked nothing.
            Call::Logout(_) => Onward::Done(outcome.clone().map(|said| {
                let mut members = said.as_map().cloned().unwrap_or_default();
                members.set_flag("revoked", false);
                Value::Map(members)
            })),
            call if is_none => Onward::Begin(call),
            _ => Onward::Done(outcome.clone()),
        }
    }
}

/// An address that only a page that began elsewhere can make anything of: it is handed to that page, if it is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HandOver;

impl HandOver {
    /// Asks whoever has begun.
    pub fn begin<S: From<Self>>(address: Secret, caller: &mut Caller<'_>) -> Next<S> {
        let id = caller.ground.cx.wait_for(caller.waiter(), Some(HAND_OVER_LIMIT));
        caller.ground.cx.ask(Effect::HandOver(id, address));
        Next::waits(Self)
    }

    /// Somebody has taken it, and this page is at its end; or nobody has.
    pub fn on_answer<S: From<Self>>(self, answer: Answer) -> Next<S> {
        match answer {
            Answer::Done(Ok(())) => Next::waits(self),
            _ => no_callback(),
        }
    }
}

/// What `signinCallback()` resolves where the page's address is no answer.
pub fn no_callback<S>() -> Next<S> {
    let mut members = Map::new();
    members.set_flag("ok", false);
    members.set_text("reason", NothingDone::NoCallback.as_str());
    members.set_text("message", "this address is no answer to a sign-in that was begun here");
    Next::done(members)
}
