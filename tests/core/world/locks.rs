//! Web Locks, for one name: first come, first served.

use std::collections::VecDeque;

use doorkey::core::input::EffectId;

/// Who holds the lock or waits for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Owner {
    /// A tab, and the effect that asked.
    Tab(usize, EffectId),
    /// A page that never lets go.
    Stranger,
}

/// The lock manager of the browser.
#[derive(Debug, Default)]
pub struct Locks {
    /// The browser has no Web Locks.
    pub absent: bool,
    pub holder: Option<Owner>,
    waiting: VecDeque<Owner>,
}

impl Locks {
    pub fn ask(&mut self, tab: usize, id: EffectId) {
        self.waiting.push_back(Owner::Tab(tab, id));
    }

    /// Gives the lock to who is next, if it is free.
    pub fn grant(&mut self) -> Option<(usize, EffectId)> {
        if self.holder.is_some() {
            return None;
        }
        self.holder = self.waiting.pop_front();
        match self.holder {
            Some(Owner::Tab(tab, id)) => Some((tab, id)),
            _ => None,
        }
    }

    /// A request that was not granted yet is taken back.
    pub fn abort(&mut self, tab: usize, id: EffectId) {
        self.waiting.retain(|owner| *owner != Owner::Tab(tab, id));
    }

    /// The tab gives the lock back, or stops waiting for it; so does a page that is closed.
    pub fn release(&mut self, tab: usize) {
        let is_theirs = |owner: &Owner| matches!(owner, Owner::Tab(owner, _) if *owner == tab);
        self.waiting.retain(|owner| !is_theirs(owner));
        if self.holder.as_ref().is_some_and(is_theirs) {
            self.holder = None;
        }
    }
}
