//! What the end of a refresh means: for the session, and for who waits.

use super::cooldown::Cooldown;
use super::end::End;
use super::ensured::NoToken;
use super::{Outcome, Refresh, SESSION_ENDED, Waiting};
use crate::core::context::Errand;
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::vocabulary::EventKind;
use crate::core::waits::Waiter;

impl Refresh {
    /// Ends the refresh under way, and gives the lock back. One that may have spent the refresh token may go on to its end: what
    /// it brings is the session. Gives whether it does.
    pub fn dispose(&mut self, may_go_on: bool, ground: &mut Ground) -> bool {
        self.waiting.clear();
        let goes_on = may_go_on && self.is_to_end(ground);
        if let Some(flight) = &mut self.flight {
            flight.is_left = true;
        }
        if !goes_on && self.flight.take().is_some_and(|flight| flight.uses_lock) {
            ground.cx.ask(Effect::Unlock);
        }
        goes_on
    }

    /// Whether there is a refresh under way that is worth its end, and comes to one without a person.
    pub fn is_to_end(&self, ground: &Ground) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.may_have_spent()) && ground.cx.waits.ends(Waiter::Refresh)
    }

    /// What the end of a refresh means for the session.
    pub(super) fn finish(&mut self, end: End, kind: EventKind, ground: &mut Ground) -> Result<(), NoToken> {
        match end {
            End::Refreshed => {
                self.cooldown = None;
                self.refusals.on_refreshed(ground.cx.now);
                ground.cx.emit(kind, None);
                ground.cx.want(Errand::Expose);
                Ok(())
            }
            End::Adopted => Ok(()),
            End::NoToken(why) => Err(why),
            End::Failed(error, pause) => {
                ground.cx.emit_failed(error.code);
                let pause = Cooldown::after(error, pause, ground.cx.now);
                self.seen = Some(ground.record.revision());
                Err(NoToken::Failed(self.cooldown.insert(pause).error.clone()))
            }
            End::Superseded(fresh) => {
                ground.drop_key(fresh.key.as_ref());
                ground.cx.want(Errand::Revoke(fresh));
                let error = AuthError::new(Code::Superseded, "the session ended while it was being refreshed");
                Err(NoToken::Failed(error))
            }
            End::Expired(error) => {
                let error = ground.masked(error);
                ground.cx.emit(EventKind::Expired, Some(error.code.as_str()));
                ground.cx.ask(Effect::Notify(SESSION_ENDED.to_owned()));
                ground.cx.want(Errand::CleanUp);
                Err(NoToken::Failed(error))
            }
        }
    }

    /// Tells all who wait.
    pub(super) fn tell_waiting(&mut self, outcome: &Result<(), NoToken>, ground: &Ground) {
        let usable = ground.has_good_token();
        for Waiting { call, needs_fresh } in std::mem::take(&mut self.waiting) {
            let ensured = match outcome {
                Ok(()) => Ok(true),
                // A token that still works goes on being used.
                Err(_) if usable && !needs_fresh => Ok(false),
                Err(why) => Err(why.clone()),
            };
            self.outcomes.push(Outcome::Ensured(call, ensured));
        }
    }
}
