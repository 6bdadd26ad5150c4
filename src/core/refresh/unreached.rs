//! What a refresh that did not get through means: a pause, which all tabs keep.

use super::cooldown::Cooldown;
use super::end::End;
use super::flight::{Flight, Next, Stage};
use crate::core::error::AuthError;
use crate::core::ground::Ground;
use crate::core::input::Commit;
use crate::core::record::Other;
use crate::core::record::envelope::{Pause, Record};
use crate::core::waits::Waiter;

impl Flight {
    /// Another tab has just failed, and the server has asked for a pause, or we have chosen one.
    pub(super) fn has_to_wait(&self, ground: &Ground) -> Option<AuthError> {
        let (record, now) = (ground.record.record(), ground.cx.now);
        let reported = Cooldown::reported(record, now)?;
        let is_over = !reported.by_server && self.online_at.is_some_and(|at| at >= record.changed_at);
        reported.refuses(now, self.skips_pause || self.test.is_some()).filter(|_| !is_over)
    }

    /// It did not get through: the pause that follows is for all tabs.
    pub(super) fn on_failed(self: Box<Self>, error: AuthError, ground: &mut Ground) -> Next {
        let Ground { cx, record, .. } = ground;
        let before = record.record().pause;
        let pause = Pause::after(before, error.retry_at, cx.now, cx.draw());
        let is_ours = record.tokens().is_some_and(|tokens| tokens.is_same(&self.sent));
        if is_ours && self.test.is_none() {
            let mut next = record.next(record.record().state.clone(), cx);
            next.pause = Some(pause);
            if !record.commit(&next, Waiter::Refresh, cx) {
                return self.waits(Stage::Telling(error, Box::new(next)));
            }
        }
        Next::Ended(self, End::Failed(error, pause))
    }

    pub(super) fn on_pause_committed(
        self: Box<Self>,
        error: AuthError,
        record: Record,
        commit: Commit,
        ground: &mut Ground,
    ) -> Next {
        // The clock may have been put back while it was being stored: no wait gets longer by it.
        let back = record.changed_at.since(ground.cx.now);
        let pause = record.pause.map(|pause| Pause { until: pause.until.before(back), ..pause });
        ground.record.on_committed(record, commit, Other::Adopted, &mut ground.cx);
        let pause = pause.unwrap_or_else(|| Pause::after(None, None, ground.cx.now, 0.0));
        Next::Ended(self, End::Failed(error, pause))
    }
}
