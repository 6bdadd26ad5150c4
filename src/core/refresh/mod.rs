//! The refresh: one in the tab, one among the tabs. When a token is due, who waits for it, and why there may be none for a
//! while.

pub mod cooldown;
pub mod due;
pub mod end;
pub mod ensured;
mod finish;
pub mod flight;
mod refusals;
mod storing;
mod unreached;
mod verdict;
pub mod why;

use std::sync::Arc;

use super::context::Context;
use super::effect::Effect;
use super::error::{AuthError, Code};
use super::ground::Ground;
use super::input::{Answer, CallId};
use super::record::envelope::State;
use super::time::{Millis, UnixMillis, earlier, put_back};
use super::value::Value;
use super::vocabulary::{EventKind, FlowName};
use super::waits::Waiter;
use cooldown::Cooldown;
use due::can_refresh;
use ensured::{Ensured, NoToken, Requirement};
use flight::{Flight, Next};
use refusals::Refusals;
use why::{Test, Why};

/// What a person is told when the server has ended the session: what it answered is nothing for them.
pub const SESSION_ENDED: &str = "your session has ended: sign in again";

/// By the timer there are never two refreshes within this.
const BETWEEN_TIMERS: Millis = Millis(1_000);

/// A call that waits for the refresh under way.
#[derive(Clone, Debug, PartialEq)]
struct Waiting {
    call: CallId,
    needs_fresh: bool,
}

/// What a call that has waited gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A token, or word that there is none.
    Ensured(CallId, Ensured),
    /// The steps of a tested refresh, and what it has come to.
    Tested(CallId, Vec<Value>, Result<(), NoToken>),
}

/// Refreshes the session of a tab.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refresh {
    flight: Option<Box<Flight>>,
    cooldown: Option<Cooldown>,
    /// When the tokens are due for a refresh.
    due_at: Option<UnixMillis>,
    waiting: Vec<Waiting>,
    outcomes: Vec<Outcome>,
    /// When the last refresh began.
    begun_at: Option<UnixMillis>,
    /// The longest that a token had to be good for when a refresh was begun.
    longest_min: Millis,
    /// When the network came back.
    online_at: Option<UnixMillis>,
    /// Who has refused tokens, and the moment of the refresh that was made of that.
    refusals: Refusals,
    /// The revision of the record that `due_at` was reckoned from.
    seen: Option<u32>,
}

impl Refresh {
    /// Sees to it that a call has a token. Gives the answer where the call need not wait; else [`Refresh::poll_outcome`] does.
    pub fn ensure_token(&mut self, call: CallId, requirement: Requirement, ground: &mut Ground) -> Option<Ensured> {
        let now = ground.cx.now;
        self.reckon(ground);
        let Some(tokens) = ground.tokens() else {
            if !self.is_restoring() {
                return Some(Err(NoToken::SignedOut));
            }
            self.waiting.push(Waiting { call, needs_fresh: false });
            return None;
        };
        let expired = tokens.is_expired(now);
        let min = due::in_reach(requirement.min, tokens, self.begun_at, self.longest_min);
        let short = tokens.expires_at.is_some_and(|at| at < now.after(min));
        let due = self.due_at.is_some_and(|at| at <= now);
        if !(requirement.fresh.is_some() || expired || short || due) {
            return Some(Ok(false));
        }
        if self.flight.is_none() {
            let refused = if !can_refresh(tokens, ground) {
                Some(NoToken::NotRefreshable)
            } else {
                let pause = self.cooldown.as_ref().and_then(|pause| pause.refuses(now, requirement.skips_pause));
                pause.map(NoToken::Failed)
            };
            if let Some(no_token) = refused {
                return Some(if requirement.fresh.is_some() || expired { Err(no_token) } else { Ok(false) });
            }
        }
        // It waits before the refresh begins, which may be at its end then: where nothing is stored, and nothing is sent.
        self.waiting.push(Waiting { call, needs_fresh: requirement.fresh.is_some() });
        self.longest_min = self.longest_min.max(requirement.min);
        if self.flight.is_none() {
            let note = requirement.fresh.unwrap_or(if expired { "expired" } else { "due" });
            self.begin(note, Why { skips_pause: requirement.skips_pause, ..Why::default() }, ground);
        }
        None
    }

    /// Refreshes for `test("refresh")`: under the lock, with the record read first, and every step kept.
    ///
    /// # Errors
    /// `ERR_SUPERSEDED` while a refresh is under way.
    pub fn test(&mut self, test: Test, ground: &mut Ground) -> Result<(), AuthError> {
        if self.flight.is_some() {
            return Err(AuthError::new(Code::Superseded, "a refresh is under way: test it again in a moment"));
        }
        self.begin("tested", Why { test: Some(test), ..Why::default() }, ground);
        Ok(())
    }

    /// Tries whether there is a session to be had, where the page has none and the options say so. One that was signed out of stays
    /// so, whatever a cookie keeps.
    pub fn restore(&mut self, ground: &mut Ground) {
        let program = ground.cx.program(FlowName::Refresh).filter(|program| !program.needs_refresh_token());
        let may_be = !matches!(ground.record.record().state, State::Live(_) | State::SignedOut);
        if ground.cx.options.restore && may_be && program.is_some() {
            ground.cx.note("refresh", "restore");
            let next = Flight::begin(Arc::default(), Why { restores: true, ..Why::default() }, ground);
            self.go_on(next, ground);
        }
    }

    /// Whether there may be a session in a moment.
    pub fn is_restoring(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.restores)
    }

    /// The user signs out: a session that is had now is not wanted.
    pub fn give_up_restoring(&mut self) {
        if let Some(flight) = &mut self.flight {
            flight.is_given_up = flight.restores;
        }
    }

    /// The answer that the refresh waits for.
    pub fn on_answer(&mut self, answer: Answer, ground: &mut Ground) {
        if let Some(flight) = self.flight.take() {
            let next = flight.on_answer(answer, ground);
            self.go_on(next, ground);
        }
    }

    /// Does what time alone brings about.
    pub fn on_time(&mut self, ground: &mut Ground) {
        self.reckon(ground);
        let now = ground.cx.now;
        if let Some(flight) = &mut self.flight {
            flight.speak(&mut ground.cx);
        }
        if self.flight.as_ref().and_then(|flight| flight.wakes_at()).is_some_and(|at| at <= now) {
            self.on_answer(Answer::Late, ground);
        }
        if self.flight.is_none() && self.next_refresh(ground).is_some_and(|at| at <= now) {
            self.begin("due", Why::default(), ground);
        }
    }

    /// Somebody has refused a good token. Gives whether a refresh may help: not where one was made of such a refusal just now.
    pub fn may_help(&mut self, refuser: &str, ground: &Ground) -> bool {
        self.refusals.may_help(refuser, ground.cx.now)
    }

    /// What calls that have waited get.
    pub fn poll_outcome(&mut self) -> Option<Outcome> {
        (!self.outcomes.is_empty()).then(|| self.outcomes.remove(0))
    }

    /// Until when the token is good for every call, as far as is known; `None` where it is not.
    pub fn good_until(&self, ground: &Ground) -> Option<UnixMillis> {
        const NEVER: UnixMillis = UnixMillis(u64::MAX);
        let tokens =
            ground.tokens().filter(|_| self.seen == Some(ground.record.revision()) && ground.has_good_token())?;
        earlier(self.due_at, tokens.expires_at.or(Some(NEVER)))
    }

    /// When [`Refresh::on_time`] has something to do.
    pub fn poll_timeout(&self, ground: &Ground) -> Option<UnixMillis> {
        earlier(self.flight.as_ref().and_then(|flight| flight.poll_timeout()), self.next_refresh(ground))
    }

    /// The clock was put back: no wait gets longer by it.
    pub fn put_back(&mut self, by: Millis) {
        put_back(self.due_at.as_mut(), by);
        if let Some(flight) = &mut self.flight {
            flight.put_back(by);
        }
        put_back(self.cooldown.as_mut().map(|cooldown| &mut cooldown.until), by);
        put_back(self.begun_at.as_mut(), by);
    }

    /// Another tab is still refreshing.
    pub fn on_refreshing(&self, cx: &mut Context) {
        if let Some(flight) = &self.flight {
            flight.on_refreshing(cx);
        }
    }

    /// The network is back: a pause of our own choosing is over.
    pub fn on_online(&mut self, now: UnixMillis) {
        self.online_at = Some(now);
        self.cooldown.take_if(|cooldown| !cooldown.by_server);
    }

    /// There is another session, or none: no pause is left, and nobody has refused its tokens.
    pub fn on_other_session(&mut self) {
        self.cooldown = None;
        self.refusals = Refusals::default();
    }

    /// The options or the record have changed: the moment of the next refresh is reckoned anew.
    pub const fn forget_due(&mut self) {
        self.seen = None;
    }

    fn begin(&mut self, note: &'static str, why: Why, ground: &mut Ground) {
        if let Some(sent) = ground.tokens().cloned() {
            self.begun_at = Some(ground.cx.now);
            ground.cx.note("refresh", note);
            let next = Flight::begin(sent, Why { online_at: self.online_at, ..why }, ground);
            self.go_on(next, ground);
        }
    }

    fn go_on(&mut self, next: Next, ground: &mut Ground) {
        match next {
            Next::Waits(flight) => self.flight = Some(flight),
            Next::Ended(flight, end) => {
                if flight.uses_lock {
                    ground.cx.ask(Effect::Unlock);
                }
                let kind = if flight.restores { EventKind::SignedIn } else { EventKind::Refreshed };
                let end = if flight.test.is_some() { end.of_test() } else { end };
                let outcome = self.finish(end, kind, ground);
                self.tell_waiting(&outcome, ground);
                if let Some(test) = flight.test {
                    self.outcomes.push(Outcome::Tested(test.call, flight.steps, outcome));
                }
                ground.cx.forget_secrets(Waiter::Refresh);
            }
        }
    }

    /// Sets the moment of the next refresh, where the record is another than before: before expiry, a random bit earlier,
    /// so that clients do not come at once.
    fn reckon(&mut self, ground: &mut Ground) {
        let revision = ground.record.revision();
        if self.seen.replace(revision) == Some(revision) {
            return;
        }
        self.due_at = due::due_at(ground);
        let reported = Cooldown::reported(ground.record.record(), ground.cx.now);
        if reported.as_ref().is_some_and(|reported| self.cooldown.as_ref().is_none_or(|own| own.until < reported.until))
        {
            self.cooldown = reported;
        }
    }

    /// When the timer shall refresh: only while the page is visible, not in a cooldown, and not without a way to.
    fn next_refresh(&self, ground: &Ground) -> Option<UnixMillis> {
        let due_at = self.due_at.filter(|_| ground.cx.visible && self.flight.is_none())?;
        if !can_refresh(ground.tokens()?, ground) {
            return None;
        }
        // Whatever lifetimes a server names, the timers of all tabs do nothing twice within a second.
        let soonest = self.begun_at.map_or(due_at, |at| due_at.max(at.after(BETWEEN_TIMERS)));
        let received_at = ground.tokens()?.received_at.min(ground.cx.now);
        let soonest = soonest.max(received_at.after(BETWEEN_TIMERS));
        Some(self.cooldown.as_ref().map_or(soonest, |cooldown| soonest.max(cooldown.until)))
    }
}
