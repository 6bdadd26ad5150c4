//! The way of a session to another storage: what it leaves is empty, but for a tombstone where other tabs must learn of it.

use crate::core::context::Context;
use crate::core::effect::Effect;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::vocabulary::{EventKind, Storage};
use crate::core::waits::Waiter;

/// A session on its way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moving {
    to: Storage,
    /// The record that is taken along.
    carried: Record,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// The commit of this tombstone to where the record rests.
    Leaving(Record),
    /// So many removals of values from there.
    TakingOut(usize),
    /// What stands where the record is to rest.
    Looking,
    /// The key, which is to outlive the page before the record does.
    Keeping,
    /// The commit of this record there.
    Settling(Record),
    /// So many writes of values there.
    PuttingIn(usize),
    /// The values that there are now.
    Listing,
}

impl Moving {
    /// Begins by leaving. A tab of its own has nobody who must learn of it.
    pub fn begin(to: Storage, ground: &mut Ground) -> Self {
        let carried = ground.record.record().clone();
        let mut moving = Self { to, carried, stage: Stage::Looking };
        moving.leave(ground);
        moving
    }

    /// Goes on with an answer; gives whether the session has arrived.
    pub fn on_answer(&mut self, answer: Answer, ground: &mut Ground) -> bool {
        match (std::mem::replace(&mut self.stage, Stage::Looking), answer) {
            (Stage::Leaving(tombstone), answer) => {
                let Ground { cx, record, .. } = ground;
                let committed = record.on_committed(tombstone, answer.into_commit(), Other::Replaced, cx);
                if committed == Committed::Lost {
                    // Another tab has refreshed, or ended the session: that is what there is to take along.
                    self.carried = record.record().clone();
                    self.leave(ground);
                } else {
                    record.foresee(self.carried.clone());
                    self.take_out(ground);
                }
            }
            (Stage::TakingOut(left), _) if left > 1 => self.stage = Stage::TakingOut(left - 1),
            (Stage::TakingOut(_), _) => self.place(ground),
            (Stage::Looking, Answer::Stored { text, mirror }) => {
                ground.record.open(text, mirror, &mut ground.cx);
                self.settle(ground);
            }
            (Stage::Looking, answer) => {
                let code = answer.failure();
                ground.record.detach(code, &mut ground.cx);
                self.settle(ground);
            }
            (Stage::Keeping, _) => self.settle(ground),
            (Stage::Settling(next), answer) => {
                match ground.record.on_committed(next, answer.into_commit(), Other::Replaced, &mut ground.cx) {
                    Committed::Lost => self.settle(ground),
                    Committed::Kept => self.put_in(ground),
                }
            }
            (Stage::PuttingIn(left), _) if left > 1 => self.stage = Stage::PuttingIn(left - 1),
            (Stage::PuttingIn(_), _) => self.list(ground),
            (Stage::Listing, Answer::Values(values)) => {
                let Ground { cx, record, values: store, .. } = ground;
                store.open(values, record, cx);
                return true;
            }
            (Stage::Listing, _) => return true,
        }
        false
    }

    fn leave(&mut self, ground: &mut Ground) {
        let Ground { cx, record, .. } = ground;
        if record.place.storage.is_shared() && record.tokens().is_some() {
            let mut tombstone = record.next(State::Gone, cx);
            (tombstone.keys, tombstone.marks) = Default::default();
            if !record.commit(&tombstone, Waiter::Opening, cx) {
                self.stage = Stage::Leaving(tombstone);
                return;
            }
            record.foresee(self.carried.clone());
        }
        self.take_out(ground);
    }

    fn take_out(&mut self, ground: &mut Ground) {
        match ground.values.take_out(Waiter::Opening, &mut ground.cx) {
            0 => self.place(ground),
            writes => self.stage = Stage::TakingOut(writes),
        }
    }

    fn place(&mut self, ground: &mut Ground) {
        let Ground { cx, record, .. } = ground;
        let forgets = !record.place.storage.is_shared();
        record.rest_at(self.to, forgets, cx);
        record.read(Waiter::Opening, cx);
        self.stage = Stage::Looking;
    }

    /// The session that is taken along is newer than what is found.
    fn settle(&mut self, ground: &mut Ground) {
        if self.carried.tokens().is_none() {
            if ground.tokens().is_some() {
                ground.cx.emit(EventKind::SignedIn, None);
            }
            return self.put_in(ground);
        }
        if ground.keep_key(Waiter::Opening) {
            self.stage = Stage::Keeping;
            return;
        }
        let Ground { cx, record, values, .. } = ground;
        let mut next = record.next(self.carried.state.clone(), cx);
        next.pause = self.carried.pause;
        next.keys = if record.place.storage.has_copy() { values.store().keys() } else { Vec::new() };
        next.marks = if record.place.is_alone { values.marks(&next.keys, &next) } else { Vec::new() };
        let is_kept = record.commit(&next, Waiter::Opening, cx);
        record.foresee(self.carried.clone());
        if is_kept {
            return self.put_in(ground);
        }
        self.stage = Stage::Settling(next);
    }

    fn put_in(&mut self, ground: &mut Ground) {
        match ground.values.put_in(Waiter::Opening, &mut ground.cx) {
            0 => self.list(ground),
            writes => self.stage = Stage::PuttingIn(writes),
        }
    }

    fn list(&mut self, ground: &mut Ground) {
        list(ground);
        self.stage = Stage::Listing;
    }
}

/// Asks which values there are where the record rests.
pub(super) fn list(ground: &mut Ground) {
    let Ground { cx, record, .. } = ground;
    ask_for_list(record.record().keys.clone(), cx);
}

fn ask_for_list(keys: Vec<String>, cx: &mut Context) {
    let id = cx.wait_for_storage(Waiter::Opening);
    cx.ask(Effect::List(id, keys));
}
