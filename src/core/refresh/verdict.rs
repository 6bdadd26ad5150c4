//! What a refused refresh means: whether the server has ended the session, or another tab has refreshed it.

use super::end::End;
use super::ensured::NoToken;
use super::flight::{Flight, Next, Stage};
use crate::core::error::AuthError;
use crate::core::ground::Ground;
use crate::core::input::Commit;
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::time::Millis;
use crate::core::waits::Waiter;

/// How long a refused refresh waits, where no lock kept the tabs apart, for the winner's commit to show.
const VERDICT_PAUSE: Millis = Millis(1_000);

impl Flight {
    /// The server has refused. That is believed only after one more look at the record: if another tab has refreshed
    /// meanwhile, its tokens are the good ones.
    pub(super) fn on_rejected(self: Box<Self>, error: AuthError, ground: &mut Ground) -> Next {
        if self.has_lock || !ground.record.place.is_shared(&ground.cx) {
            return self.confirm_rejection(error, ground);
        }
        let until = ground.cx.now.after(VERDICT_PAUSE);
        self.waits(Stage::Pausing(error, until))
    }

    pub(super) fn confirm_rejection(self: Box<Self>, error: AuthError, ground: &mut Ground) -> Next {
        if ground.record.is_detached() {
            return self.commit_tombstone(error, ground);
        }
        ground.record.read(Waiter::Refresh, &mut ground.cx);
        self.waits(Stage::Confirming(error))
    }

    pub(super) fn commit_tombstone(self: Box<Self>, error: AuthError, ground: &mut Ground) -> Next {
        match ground.tokens() {
            None => return Next::Ended(self, End::NoToken(NoToken::SignedOut)),
            Some(tokens) if !tokens.is_same(&self.sent) => return Next::Ended(self, End::Adopted),
            Some(_) => {}
        }
        let Ground { cx, record, .. } = ground;
        let next = record.next(State::Expired, cx);
        if record.commit(&next, Waiter::Refresh, cx) {
            return Next::Ended(self, End::Expired(error));
        }
        self.waits(Stage::Ending(error, Box::new(next)))
    }

    pub(super) fn on_tombstone_committed(
        self: Box<Self>,
        error: AuthError,
        record: Record,
        commit: Commit,
        ground: &mut Ground,
    ) -> Next {
        let has_signed_out = ground.tokens().is_none();
        match ground.record.on_committed(record, commit, Other::Adopted, &mut ground.cx) {
            // By hand, meanwhile: that is what it was then.
            Committed::Kept if has_signed_out => Next::Ended(self, End::NoToken(NoToken::SignedOut)),
            Committed::Lost => self.commit_tombstone(error, ground),
            Committed::Kept => Next::Ended(self, End::Expired(error)),
        }
    }
}
