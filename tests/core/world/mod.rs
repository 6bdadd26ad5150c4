//! A simulated world around sessions: it plays the shell of every tab, and all that the shell touches.
//!
//! Nothing happens by itself: effects become jobs with a moment, [`World::settle`] does those that are due now,
//! [`World::advance`] moves the clock and does what comes due on the way, timers of the tabs included.

mod ahead;
mod away;
mod clock;
pub mod disk;
pub mod host;
pub mod locks;
pub mod options;
mod perform;
pub mod provider;
mod replay;
mod requests;
pub mod server;
mod words;

use std::collections::BTreeMap;

use doorkey::core::effect::{Effect, Event};
use doorkey::core::error::AuthError;
use doorkey::core::input::{Answer, Call, CallId, EffectId, Hint, Input};
use doorkey::core::options::{Options, Storage};
use doorkey::core::secret::Secret;
use doorkey::core::session::{Session, Setting};
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;

use crate::testing::PLATFORM;
use crate::testing::sorted;
use disk::Disk;
use host::Host;
use locks::Locks;
use perform::Work;
use server::Server;
pub use words::{assert_clean, code, credentials, get, ok, other_credentials, random_config};

/// The moment at which every world begins.
pub const START: u64 = 1_800_000_000_000;

pub const SECOND: u64 = 1000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

/// What a call was settled with.
pub type Outcome = Result<Value, AuthError>;

/// How long things take, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Delays {
    pub storage: u64,
    pub network: u64,
    pub host: u64,
    pub message: u64,
    /// When it is not zero, every delay is a random part of what stands here: the state of the generator.
    pub chaos: u32,
}

/// Where a tab stands.
#[derive(Debug)]
pub struct Tab {
    pub session: Session,
    /// Its page is open.
    pub open: bool,
    /// How often it was opened before.
    page: u32,
    pub storage: Storage,
    pub events: Vec<Event>,
    pub navigations: Vec<String>,
    /// What the user was told in the host's way.
    pub notices: Vec<String>,
    /// The page that this tab keeps, to come back to.
    pub kept: Option<String>,
    /// How often a form was told to go.
    pub forms_closed: usize,
    /// What `getValue` gives, as JSON.
    pub shown: BTreeMap<String, String>,
    /// The host's own store, where the record is mirrored: JSON by key, and whether it outlives a reload.
    pub host_store: BTreeMap<String, (String, bool)>,
    /// The browser's storage of this tab, which outlives its page.
    pub area: Disk,
    /// What the page's memory holds of a session that is stored nowhere else.
    pub memory: Disk,
    /// The address of the page.
    pub address: String,
    /// Where it was sent to.
    pub left: Vec<String>,
    leaves: Vec<EffectId>,
    /// How many windows were opened for a sign-in.
    pub popups: usize,
    /// What is kept of sign-ins that have left, in this tab's own storage; `None`: it takes nothing.
    pub stowed: Option<BTreeMap<String, String>>,
    /// The caller's own requests that were sent, with all that was put on them.
    pub sent: Vec<server::Request>,
    pub requests: ahead::Requests,
    refreshing: Vec<EffectId>,
    /// When the last message comes, and the last answer of the storage.
    last_jobs: [u64; 2],
    record: replay::Recording,
}

/// A call that was made.
#[derive(Debug)]
struct Made {
    tab: usize,
    outcome: Option<Outcome>,
    /// What it resolves may hold a secret: `accessToken()`, `headers()`.
    is_open: bool,
}

#[derive(Debug)]
struct Job {
    at: u64,
    number: u64,
    tab: usize,
    /// The page that asked; the answer is for no other.
    page: u32,
    work: Work,
}

/// The world.
#[derive(Debug)]
pub struct World {
    pub now: u64,
    pub tabs: Vec<Tab>,
    pub disk: Disk,
    pub locks: Locks,
    pub server: Server,
    pub host: Host,
    pub delays: Delays,
    /// The address that another page takes over, which has begun that sign-in.
    pub takes_over: Option<Secret>,
    /// What is kept of an issuer's metadata.
    pub metadata: Option<String>,
    /// How often a record was looked at.
    pub reads: usize,
    jobs: Vec<Job>,
    made: BTreeMap<CallId, Made>,
    next_number: u64,
}

impl Default for World {
    fn default() -> Self {
        let delays = Delays { storage: 0, network: 50, host: 0, message: 5, chaos: 0 };
        Self {
            now: START,
            tabs: Vec::new(),
            disk: Disk::default(),
            locks: Locks::default(),
            server: Server::default(),
            host: Host::default(),
            delays,
            takes_over: None,
            metadata: None,
            reads: 0,
            jobs: Vec::new(),
            made: BTreeMap::new(),
            next_number: 0,
        }
    }
}

impl World {
    /// A world with one tab that has opened its storage, with the usual options and these on top.
    pub fn with(extra: &str) -> Self {
        Self::with_options(&options::usual(extra))
    }

    /// A world with one tab that has opened its storage.
    pub fn with_options(given: &Value) -> Self {
        let mut world = Self::default();
        world.open(given);
        world.settle();
        world
    }

    /// A world in which the only tab has signed in.
    pub fn signed_in(extra: &str) -> Self {
        let mut world = Self::with(extra);
        world.sign_in(0);
        world
    }

    /// Opens a tab; its storage is still to be read.
    pub fn open(&mut self, given: &Value) -> usize {
        self.open_with(given, BTreeMap::new())
    }

    /// Opens a tab whose host has this in its store.
    pub fn open_with(&mut self, given: &Value, host_store: BTreeMap<String, (String, bool)>) -> usize {
        let tab = self.new_tab(given, host_store);
        self.tabs.push(tab);
        self.drain(self.tabs.len() - 1);
        self.tabs.len() - 1
    }

    /// Opens the page of a closed tab again.
    pub fn reopen(&mut self, tab: usize, given: &Value, host_store: BTreeMap<String, (String, bool)>) {
        let old = &mut self.tabs[tab];
        let (page, area) = (old.page + 1, std::mem::take(&mut old.area));
        let (stowed, left) = (old.stowed.take(), std::mem::take(&mut old.left));
        self.tabs[tab] = Tab { page, area, stowed, left, ..self.new_tab(given, host_store) };
        self.made.retain(|_, made| made.tab != tab);
        self.drain(tab);
    }

    fn new_tab(&self, given: &Value, host_store: BTreeMap<String, (String, bool)>) -> Tab {
        let options = Options::parse(given).unwrap_or_else(|error| panic!("bad options: {error:?}"));
        let has_store = options.storage == Some(Storage::Host);
        let storage = Setting::choose_storage(&options, has_store).expect("the storage can be chosen");
        let setting = Setting {
            platform: PLATFORM,
            base: Some("https://app.example".to_owned()),
            storage,
            seed: 7 + self.tabs.len() as u32,
            visible: true,
            found: "host: run".to_owned(),
        };
        let record = replay::Recording::of(options.clone(), setting.clone(), UnixMillis(self.now));
        let session = Session::new(options, setting, UnixMillis(self.now));
        Tab {
            session,
            open: true,
            page: 0,
            storage,
            events: Vec::new(),
            notices: Vec::new(),
            kept: None,
            forms_closed: 0,
            address: "https://app.example/login?tab=1".to_owned(),
            left: Vec::new(),
            leaves: Vec::new(),
            popups: 0,
            stowed: Some(BTreeMap::new()),
            navigations: Vec::new(),
            shown: BTreeMap::new(),
            host_store,
            area: Disk::default(),
            memory: Disk::default(),
            sent: Vec::new(),
            requests: ahead::Requests::default(),
            refreshing: Vec::new(),
            last_jobs: [0; 2],
            record,
        }
    }

    /// Opens tabs until there are so many.
    pub fn fill(&mut self, count: usize, given: &Value) {
        while self.tabs.len() < count {
            self.open(given);
        }
        self.settle();
    }

    /// Closes the page: nobody tells the session, but the browser takes its lock away.
    pub fn close(&mut self, tab: usize) {
        self.tabs[tab].open = false;
        self.jobs.retain(|job| job.tab != tab || job.work.outlives_the_page());
        // What was being written is written.
        for job in self.jobs.iter_mut().filter(|job| job.tab == tab && job.work.is_storage()) {
            job.at = self.now;
        }
        self.locks.release(tab);
        self.grant();
    }

    /// Gives one input to a tab and does what it asks.
    pub fn input(&mut self, tab: usize, input: Input) {
        if !self.tabs[tab].open {
            return;
        }
        let (is_tick, is_end) = (input == Input::Tick, input == Input::Dispose);
        self.handle(tab, input);
        self.drain(tab);
        if is_end {
            self.end_ahead(tab);
        }
        if is_tick && let Some(next) = self.tabs[tab].session.poll_timeout() {
            assert!(next.0 > self.now, "tab {tab} asks for a tick again at once: a busy loop");
        }
    }

    /// Gives one input to a tab; its effects are still to be taken.
    pub fn handle(&mut self, tab: usize, input: Input) {
        let now = UnixMillis(self.now);
        self.tabs[tab].record.input(&input, now);
        self.tabs[tab].session.handle(input, now);
    }

    /// The next effect of a tab.
    pub fn poll_effect(&mut self, tab: usize) -> Option<Effect> {
        let effect = self.tabs[tab].session.poll_effect()?;
        self.tabs[tab].record.effect(&effect);
        Some(effect)
    }

    pub fn hint(&mut self, tab: usize, hint: Hint) {
        self.input(tab, Input::Hint(hint));
    }

    /// The user does something in the tab.
    pub fn touch(&mut self, tab: usize) {
        self.hint(tab, Hint::Touched);
    }

    /// Makes a call; [`World::outcome`] tells what becomes of it.
    pub fn call(&mut self, tab: usize, call: Call) -> CallId {
        self.next_number += 1;
        let id = CallId(self.next_number as u32);
        let is_open = matches!(call, Call::AccessToken(_) | Call::Headers | Call::Test(_, _, true));
        self.made.insert(id, Made { tab, outcome: None, is_open });
        if !matches!(&call, Call::Fetch(fetch) if self.goes_ahead(tab, id, fetch)) {
            self.input(tab, Input::Call(id, call));
        }
        id
    }

    /// Makes a call and waits for its end.
    pub fn run(&mut self, tab: usize, call: Call) -> Outcome {
        let id = self.call(tab, call);
        self.wait(id)
    }

    /// Waits for the end of a call, an hour at most.
    pub fn wait(&mut self, id: CallId) -> Outcome {
        let end = self.now + HOUR;
        self.settle();
        while self.outcome(id).is_none() {
            let next = self.next_moment().filter(|next| *next <= end);
            let Some(next) = next else { panic!("call {id:?} is never settled") };
            self.now = next.max(self.now);
            self.step();
        }
        self.outcome(id).expect("it has an outcome")
    }

    /// What a call came to, if it has ended.
    pub fn outcome(&self, id: CallId) -> Option<Outcome> {
        self.made[&id].outcome.clone()
    }

    /// Whether somebody still waits for the end of a call.
    pub fn is_pending(&self, id: CallId) -> bool {
        self.made.get(&id).is_some_and(|made| made.outcome.is_none() && self.tabs[made.tab].open)
    }

    /// The calls of open tabs that are not settled.
    pub fn unsettled(&self) -> Vec<CallId> {
        self.made.keys().copied().filter(|id| self.is_pending(*id)).collect()
    }

    /// Does all that is due now.
    pub fn settle(&mut self) {
        while self.next_moment().is_some_and(|next| next <= self.now) {
            self.step();
        }
    }

    /// Moves the clock, and does what comes due on the way.
    pub fn advance(&mut self, millis: u64) {
        let end = self.now + millis;
        let mut steps = 0;
        while let Some(next) = self.next_moment().filter(|next| *next <= end) {
            self.now = next.max(self.now);
            self.step();
            steps += 1;
            assert!(steps < 200_000, "the world does not come to rest");
        }
        self.now = end;
    }

    /// Moves the clock with every page frozen: no timer runs, no answer comes.
    pub fn sleep(&mut self, millis: u64) {
        self.now += millis;
        for job in &mut self.jobs {
            job.at += millis;
        }
    }

    /// The moment of the next job or timer.
    fn next_moment(&self) -> Option<u64> {
        let timers = self.tabs.iter().filter(|tab| tab.open).filter_map(|tab| tab.session.poll_timeout());
        self.jobs.iter().map(|job| job.at).chain(timers.map(|at| at.0)).min()
    }

    /// Does one job that is due, or else the ticks that are.
    fn step(&mut self) {
        let due = self.jobs.iter().enumerate().filter(|(_, job)| job.at <= self.now);
        if let Some((at, _)) = due.min_by_key(|(_, job)| (job.at, job.number)) {
            let job = self.jobs.remove(at);
            let tab = &mut self.tabs[job.tab];
            let now = (tab.page, tab.open);
            // What a page that is gone has asked is done, and answered to nobody.
            (tab.page, tab.open) = (job.page, tab.open && tab.page == job.page);
            self.perform(job.tab, job.work);
            (self.tabs[job.tab].page, self.tabs[job.tab].open) = now;
            return;
        }
        for tab in 0..self.tabs.len() {
            let session = &self.tabs[tab].session;
            if self.tabs[tab].open && session.poll_timeout().is_some_and(|at| at.0 <= self.now) {
                self.input(tab, Input::Tick);
            }
        }
    }

    fn job(&mut self, tab: usize, after: u64, work: Work) {
        let after = self.random_part(after);
        let mut at = self.now + after;
        // A browser answers one page's storage requests in their order, and tells of changes in theirs.
        let last = &mut self.tabs[tab].last_jobs;
        let last = match work {
            Work::Hint(_) => &mut last[0],
            _ if work.is_storage() => &mut last[1],
            _ => &mut at,
        };
        *last = (*last).max(self.now + after);
        at = *last;
        self.next_number += 1;
        self.jobs.push(Job { at, number: self.next_number, tab, page: self.tabs[tab].page, work });
    }

    fn settled(&mut self, tab: usize, id: CallId, outcome: Outcome) {
        let made = self.made.get_mut(&id).unwrap_or_else(|| panic!("{id:?} was settled, and nobody called it"));
        assert_eq!(made.tab, tab, "{id:?} was settled by another tab");
        assert!(made.outcome.is_none(), "{id:?} was settled twice: {:?}, then {outcome:?}", made.outcome);
        match &outcome {
            Ok(value) if !made.is_open => assert_clean(value, "what a call resolves"),
            Ok(_) => {}
            Err(error) => assert_clean(error, "an error"),
        }
        made.outcome = Some(outcome.map(sorted));
    }

    fn answer(&mut self, tab: usize, id: EffectId, answer: Answer) {
        self.tabs[tab].refreshing.retain(|refreshing| *refreshing != id);
        self.input(tab, Input::Answer(id, answer));
    }
}
