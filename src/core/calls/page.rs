//! What calls know of the page: whether a protected one is shown, whether the user is there, what is being exposed.

use crate::core::context::Context;
use crate::core::effect::{Effect, Word};
use crate::core::ground::Ground;
use crate::core::time::{Millis, UnixMillis, earlier};

/// The other tabs are told no more often than this that the user is there.
const ANNOUNCE_EVERY: Millis = Millis(1_000);

/// The page of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// A protected page is shown in this tab: when the session ends elsewhere, it must go.
    pub guarded: bool,
    /// The session has ended, and the login page is on its way.
    pub leaving: bool,
    /// So many writes of what the session exposes are under way: a query may be bound to it.
    pub exposing: usize,
    /// When the session ends by itself.
    pub limits: Limits,
}

/// `idleSeconds` and `maxAgeSeconds`.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    active_at: UnixMillis,
    announced_at: Option<UnixMillis>,
}

impl Page {
    /// A page that has just come up.
    pub const fn new(now: UnixMillis) -> Self {
        Self { guarded: false, leaving: false, exposing: 0, limits: Limits { active_at: now, announced_at: None } }
    }
}

impl Limits {
    /// The user did something in another tab, or has signed in.
    pub const fn on_active(&mut self, now: UnixMillis) {
        self.active_at = now;
    }

    /// The user did something in this tab, and the others shall know.
    pub fn on_touched(&mut self, is_open: bool, cx: &mut Context) {
        self.active_at = cx.now;
        let is_news = self.announced_at.is_none_or(|at| cx.now.since(at) >= ANNOUNCE_EVERY);
        if is_open && is_news && cx.options.idle.is_some() {
            self.announced_at = Some(cx.now);
            cx.ask(Effect::Announce(Word::Active));
        }
    }

    /// When the session ends.
    pub fn poll_timeout(&self, ground: &Ground) -> Option<UnixMillis> {
        let tokens = ground.tokens()?;
        let old = ground.cx.options.max_age.map(|age| tokens.signed_in_at.after(age));
        earlier(self.idle_at(ground), old)
    }

    /// Why the session ends now, if it does.
    pub fn reached(&self, ground: &Ground) -> Option<&'static str> {
        self.poll_timeout(ground).filter(|at| *at <= ground.cx.now)?;
        let is_idle = self.idle_at(ground).is_some_and(|at| at <= ground.cx.now);
        Some(if is_idle { "idle" } else { "maxAge" })
    }

    /// The clock was put back: no wait gets longer by it.
    pub const fn put_back(&mut self, by: Millis) {
        self.active_at = self.active_at.before(by);
        if let Some(at) = &mut self.announced_at {
            *at = at.before(by);
        }
    }

    fn idle_at(&self, ground: &Ground) -> Option<UnixMillis> {
        ground.cx.options.idle.map(|idle| self.active_at.after(idle))
    }
}
