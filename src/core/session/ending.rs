//! The end of a session: by the user, by the server, by the clock. What was written goes; what is foreign stays.

use std::rc::Rc;

use super::super::effect::{Effect, EventKind};
use super::super::envelope::State;
use super::super::flow::machine::Run;
use super::super::http::Purpose;
use super::super::input::{Commit, LogoutCall};
use super::super::options::FlowName;
use super::super::time::{Millis, UnixMillis, earlier};
use super::super::token::Tokens;
use super::flight::refresh_inputs;
use super::tasks::{Kind, Stage, Task};
use super::{Opening, Session, To};

/// No step of a revocation may hold up a sign-out for longer.
pub(super) const REVOKE_LIMIT: Millis = Millis(5_000);

impl Session {
    /// Signs out: the tombstone first, so that nothing under way can bring the session back.
    pub(super) fn log_out(&mut self, task: Box<Task>) {
        // A sign-in whose tokens are being written counts as done: there is something to end.
        self.supersede_sign_ins(|stage| !matches!(stage, Stage::Navigating));
        if self.tokens().is_none() {
            return self.all_written(task);
        }
        self.commit_logout(task);
    }

    pub(super) fn commit_logout(&mut self, mut task: Box<Task>) {
        let Some(tokens) = self.tokens().cloned() else { return self.after_tombstone(task) };
        if let Kind::Logout(_, captured, _) = &mut task.kind {
            *captured = Some(tokens);
        }
        let record = self.record.next(State::SignedOut, self.now);
        if self.detached {
            return self.committed(task, record, Commit::Applied);
        }
        self.commit(&record, To::Task(task.call));
        // From this moment on nobody in this tab is signed in, whatever the storage takes to say so.
        self.record = record.clone();
        self.due_at = None;
        self.park(task, Stage::Committing(Box::new(record)));
    }

    /// The session is gone: revokes its tokens.
    pub(super) fn after_tombstone(&mut self, task: Box<Task>) {
        self.cooldown = None;
        self.guarded = false;
        let reason = if let Kind::Logout(options, ..) = &task.kind { options.reason } else { None };
        self.emit(EventKind::SignedOut, reason);
        let Kind::Logout(_, Some(tokens), _) = &task.kind else { return self.clean_up(task) };
        match self.program(FlowName::Revoke) {
            Some(program) => {
                let run = Run::new(program, Purpose::Other, refresh_inputs(tokens), self.now);
                self.drive(task, run, None);
            }
            None => self.clean_up(task),
        }
    }

    /// The revocation is through, or has failed: that blocks nothing.
    pub(super) fn revoked(&mut self, mut task: Box<Task>, done: bool) {
        if let Kind::Logout(_, _, revoked) = &mut task.kind {
            *revoked = done;
        }
        self.clean_up(task);
    }

    /// Removes the values that were stored through doorkey, but for those to spare; then goes to the login page.
    pub(super) fn clean_up(&mut self, task: Box<Task>) {
        if self.tokens().is_some() {
            // Somebody has signed in meanwhile: what is there now is theirs.
            return self.arrived(task, false);
        }
        let exposed = self.exposed_keys();
        let mut keys = Vec::new();
        for key in self.store.keys() {
            let goes = match &task.kind {
                _ if exposed.contains(&key) => true,
                Kind::Logout(LogoutCall { keep, keep_all, .. }, ..) => !keep_all && !keep.contains(&key),
                // The server ended it: the user's values stay for the next sign-in.
                _ => false,
            };
            if goes {
                keys.push(key);
            }
        }
        let writes = self.remove_keys(task.call, &keys);
        self.after_writes(task, writes);
    }

    /// Revokes tokens that came too late to be kept; nobody waits for it.
    pub(super) fn revoke_orphan(&mut self, tokens: Rc<Tokens>) {
        let Some(program) = self.program(FlowName::Revoke) else { return };
        let run = Run::new(program, Purpose::Other, refresh_inputs(&tokens), self.now);
        let options = LogoutCall { stay: true, keep_all: true, ..LogoutCall::default() };
        let task = self.internal(Kind::Logout(options, Some(tokens), false));
        self.drive(task, run, None);
    }

    /// Another tab ended the session: a protected page may not stay.
    pub(super) fn leave_protected_page(&mut self) {
        if std::mem::replace(&mut self.guarded, false) {
            let task = self.internal(Kind::Guard(true));
            let target = self.options.login.clone();
            self.navigate(task, target);
        }
    }

    /// When the session ends by itself: `idleSeconds` and `maxAgeSeconds`.
    pub(super) fn next_end(&self) -> Option<UnixMillis> {
        let tokens = self.tokens()?;
        let idle = self.options.idle.map(|idle| self.active_at.after(idle));
        let old = self.options.max_age.map(|age| tokens.signed_in_at.after(age));
        earlier(idle, old)
    }

    pub(super) fn end_by_time(&mut self) {
        let is_idle = self.options.idle.is_some_and(|idle| self.active_at.after(idle) <= self.now);
        let reason = Some(if is_idle { "idle" } else { "maxAge" });
        let task = self.internal(Kind::Logout(LogoutCall { reason, ..LogoutCall::default() }, None, false));
        self.note("logout", "idleSeconds or maxAgeSeconds have passed");
        self.log_out(task);
    }

    /// The user is there: in this tab, and the others shall know.
    pub fn active(&mut self, now: UnixMillis) {
        self.set_clock(now);
        // The timer may have slept: a session that should have ended by now is not saved by this.
        self.tick();
        if self.opening == Opening::Open && self.options.idle.is_some() && now.since(self.active_at) >= Millis(1_000) {
            self.active_at = now;
            self.effects.push(Effect::AnnounceActive);
        }
    }
}
