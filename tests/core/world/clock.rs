//! A clock that somebody sets, and delays that are a part of what they can be.

use super::perform::Work;
use super::{Job, World};

impl World {
    /// Sets the tabs' clock, as a user or a time server does: nothing else moves.
    pub fn set_clock(&mut self, ahead: i64) {
        let moved = self.now.saturating_add_signed(ahead);
        self.server.clock_ahead -= ahead;
        for job in &mut self.jobs {
            job.at = job.at.saturating_add_signed(ahead);
        }
        let timers: Vec<_> = self.tabs.iter().map(|tab| tab.session.poll_timeout()).collect();
        for (tab, timer) in timers.into_iter().enumerate() {
            for last in &mut self.tabs[tab].last_jobs {
                *last = last.saturating_add_signed(ahead);
            }
            // A timer that runs was set to a span, not to a moment.
            if let Some(timer) = timer.filter(|_| self.tabs[tab].open) {
                self.next_number += 1;
                let at = moved + timer.0.saturating_sub(self.now);
                self.jobs.push(Job { at, number: self.next_number, tab, page: self.tabs[tab].page, work: Work::Tick });
            }
        }
        self.now = moved;
    }

    pub(super) fn random_part(&mut self, most: u64) -> u64 {
        if self.delays.chaos == 0 {
            return most;
        }
        self.delays.chaos ^= self.delays.chaos << 13;
        self.delays.chaos ^= self.delays.chaos >> 17;
        self.delays.chaos ^= self.delays.chaos << 5;
        u64::from(self.delays.chaos) % (most + 1)
    }
}
