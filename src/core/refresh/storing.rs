//! How fresh tokens are stored, and what becomes of them where the session was ended or replaced meanwhile.

use std::sync::Arc;

use super::end::End;
use super::flight::{Flight, Next, Stage};
use crate::core::context::Errand;
use crate::core::ground::Ground;
use crate::core::input::Commit;
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::token::Tokens;
use crate::core::waits::Waiter;

impl Flight {
    /// Stores fresh tokens, unless the session that they belong to was ended or replaced meanwhile.
    pub(super) fn commit(self: Box<Self>, fresh: Arc<Tokens>, ground: &mut Ground) -> Next {
        match ground.tokens() {
            None if self.restores && !self.is_given_up => {}
            Some(_) if self.restores => {
                ground.drop_key(fresh.key.as_ref());
                return Next::Ended(self, End::Adopted);
            }
            Some(tokens) if tokens.is_same(&self.sent) => {}
            Some(tokens) => {
                if tokens.signed_in_at != fresh.signed_in_at {
                    // Somebody has signed in meanwhile: nobody keeps these.
                    ground.cx.want(Errand::Revoke(fresh));
                }
                return Next::Ended(self, End::Adopted);
            }
            None => return self.yield_to_end(fresh, ground),
        }
        let Ground { cx, record, .. } = ground;
        let next = record.next(State::Live(fresh), cx);
        if record.commit(&next, Waiter::Refresh, cx) {
            return Next::Ended(self, End::Refreshed);
        }
        self.waits(Stage::Committing(Box::new(next)))
    }

    /// The session has ended meanwhile. While that is not stored the lock is kept, or the next tab would find the old tokens
    /// and send what is spent.
    fn yield_to_end(self: Box<Self>, fresh: Arc<Tokens>, ground: &mut Ground) -> Next {
        if !self.has_lock || ground.record.is_detached() {
            return Next::Ended(self, End::Superseded(fresh));
        }
        ground.record.read(Waiter::Refresh, &mut ground.cx);
        self.waits(Stage::Yielding(fresh))
    }

    pub(super) fn on_committed(self: Box<Self>, record: Record, commit: Commit, ground: &mut Ground) -> Next {
        let fresh = record.tokens().cloned();
        match (ground.record.on_committed(record, commit, Other::Adopted, &mut ground.cx), fresh) {
            (Committed::Lost, Some(fresh)) => self.commit(fresh, ground),
            _ => Next::Ended(self, End::Refreshed),
        }
    }
}
