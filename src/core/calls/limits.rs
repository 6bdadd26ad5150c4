//! `idleSeconds` and `maxAgeSeconds`: when a session ends by itself, and when the user is to be warned.

use crate::core::context::Errand;
use crate::core::effect::{Effect, Word};
use crate::core::ground::Ground;
use crate::core::time::{Millis, UnixMillis, earlier};
use crate::core::vocabulary::Reason;

/// The other tabs are told no more often than this that the user is there.
const ANNOUNCE_EVERY: Millis = Millis(1_000);

/// `idleSeconds` and `maxAgeSeconds`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    announced_at: Option<UnixMillis>,
    /// The end of which the user was warned.
    warned_of: Option<UnixMillis>,
    /// The end for which was looked at what is stored.
    looked_for: Option<UnixMillis>,
}

/// How a session ends by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limit {
    at: UnixMillis,
    /// How long it lasts, from what counts.
    span: Millis,
    reason: Reason,
}

impl Limits {
    /// The user did something in this tab, and the others shall know.
    pub fn on_touched(&mut self, is_open: bool, ground: &mut Ground) {
        if self.reached(ground).is_some() {
            return; // What is stored is being looked at.
        }
        let cx = &mut ground.cx;
        cx.active_at = cx.now;
        let is_news = self.announced_at.is_none_or(|at| cx.now.since(at) >= ANNOUNCE_EVERY);
        if let Some(idle) = cx.options.idle.filter(|_| is_open && is_news) {
            self.announced_at = Some(cx.now);
            cx.ask(Effect::Announce(Word::Active));
            keep_activity(Millis(idle.0 / 10), ground);
        }
    }

    /// When the session ends, or the user is to be warned.
    pub fn poll_timeout(&self, ground: &Ground) -> Option<UnixMillis> {
        let is_looking = |at| self.looked_for == Some(at) && ground.cx.waits.awaits_storage();
        let ends = self.own(ground).map(|limit| limit.at).filter(|at| !is_looking(*at));
        earlier(ends, self.warning(ground).map(|(at, _)| at))
    }

    /// Why the session ends now, if it does.
    pub fn reached(&self, ground: &Ground) -> Option<Reason> {
        self.own(ground).filter(|limit| limit.at <= ground.cx.now).map(|limit| limit.reason)
    }

    /// Looks at what is stored before the session ends, once: this tab may have slept while the user was in another. Gives
    /// whether that is under way.
    pub fn looks_first(&mut self, ground: &mut Ground) -> bool {
        let ends = self.own(ground).map(|limit| limit.at);
        if std::mem::replace(&mut self.looked_for, ends) != ends {
            ground.record.reread(&mut ground.cx);
        }
        ground.cx.waits.awaits_storage()
    }

    /// What is stored has been looked at just now.
    pub fn on_looked(&mut self, ground: &Ground) {
        self.looked_for = self.own(ground).map(|limit| limit.at);
    }

    /// Why the session will end, where the user is to be warned now: once of each end.
    pub fn warn(&mut self, ground: &Ground) -> Option<Reason> {
        let (_, limit) = self.warning(ground).filter(|(at, limit)| *at <= ground.cx.now && limit.at > ground.cx.now)?;
        self.warned_of = Some(limit.at);
        Some(limit.reason)
    }

    /// Whether only a refresh moves the end.
    pub fn is_refresh_tokens(&self, ground: &Ground) -> bool {
        self.next(ground).is_some_and(|limit| limit.reason == Reason::RefreshToken)
    }

    /// The next end of which nobody was warned, and when to warn: in the second half of its time at the earliest.
    fn warning(&self, ground: &Ground) -> Option<(UnixMillis, Limit)> {
        let limit = self.next(ground).filter(|limit| self.warned_of != Some(limit.at))?;
        let margin = ground.cx.options.warn.0.min(limit.span.0 / 2);
        (margin > 0).then(|| (limit.at.before(Millis(margin)), limit))
    }

    /// The next end, whoever brings it about.
    fn next(&self, ground: &Ground) -> Option<Limit> {
        let tokens = ground.tokens()?;
        let by_server = tokens.refresh_expires_at.filter(|at| *at > ground.cx.now).map(|at| Limit {
            at,
            span: at.since(tokens.signed_in_at),
            reason: Reason::RefreshToken,
        });
        first(self.own(ground), by_server)
    }

    /// The next end that we bring about.
    fn own(&self, ground: &Ground) -> Option<Limit> {
        let tokens = ground.tokens()?;
        let options = &ground.cx.options;
        let limit = |from: UnixMillis, span: Millis, reason| Limit { at: from.after(span), span, reason };
        let active_at = ground.record.record().last_active_at(ground.cx.active_at, ground.cx.now);
        let idle = options.idle.map(|span| limit(active_at, span, Reason::Idle));
        first(idle, options.max_age.map(|span| limit(tokens.signed_in_at, span, Reason::MaxAge)))
    }

    /// The clock was put back: no wait gets longer by it.
    pub const fn put_back(&mut self, by: Millis) {
        if let Some(at) = &mut self.announced_at {
            *at = at.before(by);
        }
    }
}

/// Lets the record say when the user was there last, where that is so much later than it says.
pub fn keep_activity(lag: Millis, ground: &mut Ground) {
    let Ground { cx, record, .. } = ground;
    let known = record.record().active_at.unwrap_or_default();
    // A moment to come is of a clock that has been put back.
    let is_news = cx.active_at.since(known) >= lag || known > cx.now;
    if let Some(tokens) = record.tokens()
        && is_news
        && cx.options.idle.is_some()
        && record.survives_reload()
        && !cx.waits.awaits_storage()
    {
        cx.want(Errand::Renew { sent: tokens.clone(), next: tokens.clone() });
    }
}

/// The earlier of two ends, of which there may be one or none.
fn first(one: Option<Limit>, other: Option<Limit>) -> Option<Limit> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.at < one.at { other } else { one }),
        (one, other) => one.or(other),
    }
}
