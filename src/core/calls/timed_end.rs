//! The session ends by itself, and the user is warned before.

use super::Calls;
use super::limits::keep_activity;
use crate::core::ground::Ground;
use crate::core::input::{Call, CallId, LogoutCall};
use crate::core::refresh::Refresh;
use crate::core::time::Millis;
use crate::core::vocabulary::{EventKind, Reason};

impl Calls {
    /// The session has opened: one that was over before this page came up gives nobody a token.
    pub fn on_opened(&mut self, ground: &mut Ground, refresh: &mut Refresh) {
        let Ground { cx, record, .. } = &mut *ground;
        if let Some(idle) = cx.options.idle
            && record.tokens().is_some()
        {
            // That a page comes up is activity, too, but not past the limit. A record that says nothing counts from its last change.
            let at = record.record().active_at.unwrap_or(record.record().changed_at);
            if at.after(idle) <= cx.now {
                cx.active_at = at;
            }
            keep_activity(Millis(idle.0 / 10), ground);
        }
        self.page.limits.on_looked(ground);
        self.on_limits(ground, refresh);
    }

    /// Warns of the end that the options have set, or ends the session.
    pub fn on_limits(&mut self, ground: &mut Ground, refresh: &mut Refresh) {
        let limits = &mut self.page.limits;
        if let Some(reason) = limits.warn(ground) {
            ground.cx.emit(EventKind::Expiring, Some(reason.as_str()));
        }
        if let Some(reason) = limits.reached(ground)
            && !limits.looks_first(ground)
        {
            ground.cx.note("logout", "idleSeconds or maxAgeSeconds have passed");
            self.end_session(reason, ground, refresh);
        }
    }

    /// Ends the session by itself, and why.
    fn end_session(&mut self, reason: Reason, ground: &mut Ground, refresh: &mut Refresh) {
        let call = CallId::internal(ground.cx.waits.next_number());
        let options = LogoutCall { reason: Some(reason), ..LogoutCall::default() };
        self.begin(call, Call::Logout(options), ground, refresh);
    }
}
