//! Who awaits what, and until when.

use std::collections::VecDeque;

use super::input::{CallId, EffectId};
use super::time::{Millis, UnixMillis, earlier};

/// A timer that is later than this was asleep, and so was the page.
const NAP: Millis = Millis(2_000);

/// Who awaits the answer to an effect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Waiter {
    /// The session, which is about to open.
    Opening,
    /// Whoever holds the record: a hint says that it may have changed.
    Record,
    /// The refresh under way.
    Refresh,
    /// A call.
    Call(CallId),
}

/// An effect whose answer is awaited.
#[derive(Clone, Debug, PartialEq)]
struct Wait {
    id: EffectId,
    deadline: Option<UnixMillis>,
    waiter: Waiter,
    /// The page slept past the deadline: it was moved, once.
    has_slept: bool,
    /// The storage is to answer.
    of_storage: bool,
}

/// The effects whose answers are awaited, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits {
    waits: VecDeque<Wait>,
    last: u32,
    /// No deadline is earlier. It may have been answered meanwhile: that is found out when the moment comes, or once nothing
    /// is awaited any more.
    bound: Option<UnixMillis>,
}

impl Waits {
    /// A number that was not given before.
    pub const fn next_number(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.last
    }

    /// An id for an effect that is about to go out.
    pub fn begin(&mut self, waiter: Waiter, deadline: Option<UnixMillis>) -> EffectId {
        let id = EffectId(self.next_number());
        self.waits.push_back(Wait { id, deadline, waiter, has_slept: false, of_storage: false });
        self.bound = earlier(self.bound, deadline);
        id
    }

    /// The last effect is one that the storage is to answer.
    pub fn mark_storage(&mut self) {
        if let Some(wait) = self.waits.back_mut() {
            wait.of_storage = true;
        }
    }

    /// Whether an answer of the storage is awaited.
    pub fn awaits_storage(&self) -> bool {
        self.waits.iter().any(|wait| wait.of_storage)
    }

    /// Gives an answer that is awaited more time.
    pub fn put_off(&mut self, id: EffectId, deadline: UnixMillis) {
        if let Some(wait) = self.waits.iter_mut().find(|wait| wait.id == id) {
            wait.deadline = Some(deadline);
        }
    }

    /// Who awaits this answer; `None` when nobody does any more.
    pub fn on_answer(&mut self, id: EffectId) -> Option<Waiter> {
        // Ids rise. Most answers are for the oldest, so that a removal moves little.
        let at = self.waits.binary_search_by(|wait| wait.id.cmp(&id)).ok()?;
        let waiter = self.waits.remove(at)?.waiter;
        self.settle_bound();
        Some(waiter)
    }

    /// The next answer that is late.
    pub fn poll_late(&mut self, now: UnixMillis) -> Option<(EffectId, Waiter)> {
        self.bound.filter(|bound| *bound <= now)?;
        for (at, wait) in self.waits.iter_mut().enumerate() {
            let Some(deadline) = wait.deadline.filter(|deadline| *deadline <= now) else { continue };
            if deadline.after(NAP) < now && !std::mem::replace(&mut wait.has_slept, true) {
                // What came while the page slept is heard before it is called late.
                wait.deadline = Some(now.after(NAP));
            } else {
                return self.waits.remove(at).map(|wait| (wait.id, wait.waiter));
            }
        }
        self.bound = self.waits.iter().fold(None, |first, wait| earlier(first, wait.deadline));
        None
    }

    /// Whether what this one awaits has an end, whatever a person does.
    pub fn ends(&self, waiter: Waiter) -> bool {
        self.waits.iter().any(|wait| wait.waiter == waiter && wait.deadline.is_some())
    }

    /// Lets another await what this one does; gives whether that has an end, whatever a person does.
    pub fn hand_over(&mut self, from: Waiter, to: Waiter) -> bool {
        let mut ends = false;
        for wait in self.waits.iter_mut().filter(|wait| wait.waiter == from) {
            wait.waiter = to;
            ends |= wait.deadline.is_some();
        }
        ends
    }

    /// Forgets what this one awaits; its answers are for nobody then.
    pub fn forget(&mut self, waiter: Waiter) {
        self.waits.retain(|wait| wait.waiter != waiter);
        self.settle_bound();
    }

    /// A call that comes after all others sets no timer for what was awaited by them.
    fn settle_bound(&mut self) {
        if self.waits.is_empty() {
            self.bound = None;
        }
    }

    /// Forgets everything, but for what a refresh awaits that goes on; gives what was awaited. The storage still does what it was
    /// asked: a sign-out is to hold.
    pub fn drain(&mut self, refresh_goes_on: bool) -> Vec<EffectId> {
        let mut ended = Vec::new();
        self.waits.retain(|wait| {
            let stays = refresh_goes_on && wait.waiter == Waiter::Refresh;
            if !stays && !wait.of_storage {
                ended.push(wait.id);
            }
            stays
        });
        self.settle_bound();
        ended
    }

    /// A moment before which no answer is late.
    pub const fn poll_timeout(&self) -> Option<UnixMillis> {
        self.bound
    }

    /// The clock was put back: no wait gets longer by it.
    pub fn put_back(&mut self, by: Millis) {
        let deadlines = self.waits.iter_mut().filter_map(|wait| wait.deadline.as_mut());
        for deadline in deadlines.chain(self.bound.as_mut()) {
            *deadline = deadline.before(by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(second: u64) -> UnixMillis {
        UnixMillis(second * 1000)
    }

    #[test]
    fn an_answer_is_for_who_awaits_it_and_only_once() {
        let mut waits = Waits::default();
        let (one, other) = (waits.begin(Waiter::Refresh, None), waits.begin(Waiter::Call(CallId(7)), None));

        assert_eq!(waits.on_answer(other), Some(Waiter::Call(CallId(7))));
        assert_eq!(waits.on_answer(other), None);
        waits.forget(Waiter::Refresh);
        assert_eq!(waits.on_answer(one), None, "what is forgotten is for nobody");
    }

    #[test]
    fn the_first_deadline_counts_and_what_is_late_is_told_once() {
        let mut waits = Waits::default();
        let late = waits.begin(Waiter::Record, Some(at(10)));
        waits.begin(Waiter::Refresh, Some(at(20)));
        assert_eq!(waits.poll_timeout(), Some(at(10)));

        assert_eq!(waits.poll_late(at(9)), None);
        assert_eq!(waits.poll_late(at(10)), Some((late, Waiter::Record)));
        assert_eq!(waits.poll_late(at(10)), None);
        assert_eq!(waits.poll_timeout(), Some(at(20)));
    }

    #[test]
    fn a_deadline_is_forgotten_with_the_last_that_is_awaited() {
        let mut waits = Waits::default();
        let first = waits.begin(Waiter::Record, Some(at(10)));
        waits.on_answer(first);
        assert_eq!(waits.poll_timeout(), None);

        waits.begin(Waiter::Refresh, Some(at(20)));
        assert_eq!(waits.poll_timeout(), Some(at(20)), "and not that of what has been answered");

        waits.forget(Waiter::Refresh);
        assert_eq!(waits.poll_timeout(), None);
    }

    #[test]
    fn a_page_that_slept_past_a_deadline_gets_a_moment_more_but_once() {
        let mut waits = Waits::default();
        let id = waits.begin(Waiter::Record, Some(at(10)));

        assert_eq!(waits.poll_late(at(1000)), None, "what came while it slept is heard first");
        assert_eq!(waits.poll_timeout(), Some(at(1002)));
        assert_eq!(waits.poll_late(at(5000)), Some((id, Waiter::Record)));
    }

    #[test]
    fn a_clock_that_is_put_back_makes_no_wait_longer() {
        let mut waits = Waits::default();
        waits.begin(Waiter::Record, Some(at(100)));

        waits.put_back(Millis(60_000));

        assert_eq!(waits.poll_timeout(), Some(at(40)));
    }
}
