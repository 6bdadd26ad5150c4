//! A tab: core's session, and what is on its way to it.

use std::collections::VecDeque;
use std::rc::Rc;

use doorkey::core::input::{EffectId, Hint};
use doorkey::core::options::Storage;
use doorkey::core::session::{Session, Setting};
use doorkey::core::time::UnixMillis;

use crate::canon::Canon;
use crate::rules::{Ask, Rules};
use crate::testing::PLATFORM;

/// What the storage is asked, in order.
#[derive(Clone, Debug)]
pub enum Op {
    Read(EffectId),
    Commit(EffectId, Option<Rc<str>>, Rc<str>),
    List(EffectId),
    Put(EffectId),
}

impl Op {
    pub const fn id(&self) -> EffectId {
        match self {
            Self::Read(id) | Self::Commit(id, ..) | Self::List(id) | Self::Put(id) => *id,
        }
    }
}

/// What the lock manager says.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum LockWord {
    Given,
    Refused,
}

/// A tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Shared by all states in which nothing has come to it.
    pub session: Rc<Session>,
    pub canon: Rc<Canon>,
    pub open: bool,
    pub frozen: bool,
    /// How often a page has come up in it.
    pub page: u8,
    pub storage: VecDeque<Op>,
    pub hints: VecDeque<Hint>,
    /// The word of the lock manager that is on its way.
    pub lock: Option<(EffectId, LockWord)>,
    /// Calls that are not settled.
    pub pending: Vec<(u32, Ask)>,
    /// How many calls were made.
    pub made: u32,
    /// The text that the storage last gave to it, or took from it.
    pub seen: Option<Rc<str>>,
    /// The storage has not answered in time: the session goes on in this page alone.
    pub alone: bool,
}

impl Tab {
    /// A tab whose page has just come up.
    pub fn new(rules: &Rules, number: usize, page: u8, now: u64) -> Self {
        let options = rules.options();
        let storage = Setting::choose_storage(&options, rules.in_host).expect("the storage can be chosen");
        assert_eq!(storage == Storage::Host, rules.in_host);
        let setting = Setting {
            platform: PLATFORM,
            base: Some("https://app.example".to_owned()),
            storage,
            seed: 7 + number as u32,
            visible: true,
            found: String::new(),
        };
        Self {
            session: Rc::new(Session::new(options, setting, UnixMillis(now))),
            canon: Rc::default(),
            open: true,
            frozen: false,
            page,
            storage: VecDeque::new(),
            hints: VecDeque::new(),
            lock: None,
            pending: Vec::new(),
            made: 0,
            seen: None,
            alone: false,
        }
    }

    /// Whether something can come to it.
    pub const fn listens(&self) -> bool {
        self.open && !self.frozen
    }

    /// Whether something is on its way to it.
    pub fn is_busy(&self) -> bool {
        self.open && !(self.storage.is_empty() && self.hints.is_empty() && self.lock.is_none())
    }

    /// Puts a word into its mailbox; one that says what the last one says is that one.
    pub fn tell(&mut self, hint: &Hint) {
        if self.open && self.hints.back() != Some(hint) {
            self.hints.push_back(hint.clone());
        }
    }

    /// When its timer is due.
    pub fn due(&self) -> Option<u64> {
        self.session.poll_timeout().map(|at| at.0)
    }
}
