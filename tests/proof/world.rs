//! The state of everything: tabs, storage, lock, requests under way, the server. What core asks for is put on its way
//! here; [`crate::steps`] lets it happen.

use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::rc::Rc;

use doorkey::core::effect::{Effect, Word};
use doorkey::core::flow::step::StepRequest;
use doorkey::core::input::{Answer, Commit, EffectId, Hint, Input};
use doorkey::core::secret::{Secret, Sensitive};
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::canon::{Canon, hash_text};
use crate::rules::{Ask, Budget, Rules, Seed};
use crate::server::{Path, Reply, Server, refresh_token_in};
use crate::tab::{LockWord, Op, Tab};
use crate::testing::json;

/// The moment at which every world begins.
const START: u64 = 1_800_000_000_000;

/// A request under way.
#[derive(Clone, Debug)]
pub struct Request {
    pub tab: usize,
    pub page: u8,
    pub id: EffectId,
    pub path: Path,
    /// The refresh token in it.
    pub token: Rc<str>,
    /// What the server has answered.
    pub reply: Option<Reply>,
}

/// Web Locks, for one name.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    pub holder: Option<usize>,
    pub waiting: VecDeque<(usize, EffectId)>,
}

/// What has happened on the way here, as far as an invariant depends on it.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Past {
    /// The lock was refused, lost, or there is none.
    pub without_lock: bool,
    /// Time has passed while something was under way.
    pub late: bool,
    /// An answer was lost, or a page went: tokens that the server has given may be nobody's.
    pub lost: bool,
    /// A request did not get through, or the server was not there.
    pub failed: bool,
    /// Somebody has emptied the storage.
    pub cleared: bool,
    /// A sign-out is stored, and nobody has signed in since.
    pub is_out: bool,
    /// Somebody has signed out, or tried to.
    pub signs_out: bool,
}

/// The state of everything.
#[derive(Clone, Debug)]
pub struct World {
    pub rules: Rc<Rules>,
    pub now: u64,
    pub tabs: Vec<Tab>,
    /// The record that tabs share.
    pub record: Option<Rc<str>>,
    /// The host's copy.
    pub copy: Option<Rc<str>>,
    pub lock: Lock,
    pub requests: Vec<Request>,
    pub server: Server,
    pub left: Budget,
    pub past: Past,
    /// The invariant that does not hold.
    pub broken: Option<String>,
    /// What calls were settled with, where somebody asks.
    pub settled: Option<Vec<(u32, Settled)>>,
    /// Tabs that something has come to since the state was last hashed.
    changed: u32,
}

/// What a call was settled with: the text of a token, or nothing.
pub type Settled = Option<String>;

impl World {
    /// A world in which the first tab has signed in and all others know of it.
    pub fn new(rules: &Rules) -> Self {
        let mut world = Self {
            rules: Rc::new(Rules { seed: None, ..rules.clone() }),
            now: START,
            tabs: Vec::new(),
            record: None,
            copy: None,
            lock: Lock::default(),
            requests: Vec::new(),
            server: Server::new(rules.rotation),
            left: Budget { asks: 1, ..rules.budget },
            past: Past { without_lock: rules.without_lock, ..Past::default() },
            broken: None,
            settled: None,
            changed: 0,
        };
        for number in 0..rules.tabs {
            world.tabs.push(Tab::new(rules, number, 0, START));
            world.drain(number);
        }
        world.run_dry();
        world.ask(0, Ask::SignIn);
        world.run_dry();
        world.left = rules.budget;
        world.rules = Rc::new(rules.clone());
        assert_eq!(world.broken, None);
        assert!(world.record.is_some());
        world
    }

    /// Gives one input to a tab, and puts on its way what it asks for.
    pub fn input(&mut self, tab: usize, input: Input) {
        let now = UnixMillis(self.now);
        let is_tick = input == Input::Tick;
        Rc::make_mut(&mut self.tabs[tab].session).handle(input, now);
        self.drain(tab);
        if is_tick && self.tabs[tab].due().is_some_and(|due| due <= self.now) {
            self.breaks("no refresh loop: a tick asks for a tick at once");
        }
    }

    /// An invariant does not hold.
    pub fn breaks(&mut self, what: impl Into<String>) {
        self.broken.get_or_insert_with(|| what.into());
    }

    /// The hash of the state, without what says nothing about what comes.
    pub fn digest(&mut self, text: &mut String) -> u64 {
        let mut hash = DefaultHasher::new();
        for number in 0..self.tabs.len() {
            if self.changed & 1 << number != 0 {
                let tab = &mut self.tabs[number];
                tab.canon = Rc::new(Canon::of(&tab.session, self.now, text));
            }
            self.hash_tab(&self.tabs[number], &mut hash);
        }
        self.changed = 0;
        for text in [&self.record, &self.copy] {
            hash_text(text.as_deref().unwrap_or_default(), self.now, &mut hash);
        }
        self.lock.holder.hash(&mut hash);
        for (tab, id) in &self.lock.waiting {
            (tab, self.tabs[*tab].canon.place(*id)).hash(&mut hash);
        }
        // In an order that does not say which was sent first.
        let mut requests: Vec<_> = self
            .requests
            .iter()
            .map(|request| {
                let place = if request.page == self.tabs[request.tab].page {
                    self.tabs[request.tab].canon.place(request.id)
                } else {
                    usize::MAX
                };
                (request.tab, request.page, place, request.path, &request.token, &request.reply)
            })
            .collect();
        requests.sort_unstable();
        requests.hash(&mut hash);
        self.server.hash(self.now, &mut hash);
        (self.left, self.past).hash(&mut hash);
        hash.finish()
    }

    fn hash_tab(&self, tab: &Tab, hash: &mut DefaultHasher) {
        tab.canon.digest().hash(hash);
        (tab.open, tab.frozen, tab.page, &tab.pending, tab.made, tab.alone).hash(hash);
        hash_text(tab.seen.as_deref().unwrap_or_default(), self.now, hash);
        for op in &tab.storage {
            tab.canon.place(op.id()).hash(hash);
            if let Op::Commit(_, expected, text) = op {
                hash_text(expected.as_deref().unwrap_or_default(), self.now, hash);
                hash_text(text, self.now, hash);
            }
        }
        for hint in &tab.hints {
            (*hint == Hint::Changed).hash(hash);
        }
        tab.lock.map(|(id, word)| (tab.canon.place(id), word)).hash(hash);
    }

    /// The clock stands elsewhere now: nothing is as long ago as it was.
    pub const fn set_clock(&mut self, now: u64) {
        self.now = now;
        self.changed = u32::MAX;
    }

    /// Takes every effect of a tab.
    pub fn drain(&mut self, tab: usize) {
        self.changed |= 1 << tab;
        while let Some(effect) = Rc::make_mut(&mut self.tabs[tab].session).poll_effect() {
            self.take(tab, effect);
        }
        self.grant();
        // Web storage answers in the same turn; IndexedDB and hosts take their time.
        while !self.rules.in_host && !self.tabs[tab].storage.is_empty() {
            self.store(tab);
        }
    }

    /// Gives the lock to who is next.
    pub fn grant(&mut self) {
        while self.lock.holder.is_none() || self.rules.seed == Some(Seed::LockForAll) {
            let Some((tab, id)) = self.lock.waiting.pop_front() else { return };
            self.lock.holder = Some(tab);
            self.tabs[tab].lock = Some((id, LockWord::Given));
        }
    }

    /// The tab gives the lock back, or stops waiting for it.
    pub fn unlock(&mut self, tab: usize) {
        self.lock.waiting.retain(|(waiting, _)| *waiting != tab);
        self.tabs[tab].lock = None;
        if self.lock.holder == Some(tab) {
            self.lock.holder = None;
        }
        self.grant();
    }

    fn take(&mut self, tab: usize, effect: Effect) {
        let shared = |secret: Secret| -> Rc<str> { secret.into_exposed().into() };
        match effect {
            Effect::Read(id) => self.tabs[tab].storage.push_back(Op::Read(id)),
            Effect::Commit { id, expected, text } => {
                self.tabs[tab].storage.push_back(Op::Commit(id, expected.map(shared), shared(text)));
            }
            Effect::List(id, _) => self.tabs[tab].storage.push_back(Op::List(id)),
            Effect::Put { id, .. } => self.tabs[tab].storage.push_back(Op::Put(id)),
            Effect::Mirror(text) => self.copy = Some(shared(text)),
            Effect::Lock(id) => self.lock.waiting.push_back((tab, id)),
            Effect::Unlock => self.unlock(tab),
            Effect::Over => {}
            Effect::Step(id, StepRequest::Http(request)) => {
                let url = request.url.into_exposed();
                let body = request.body.map(Secret::into_exposed).unwrap_or_default();
                let token: Rc<str> = refresh_token_in(&body).unwrap_or_default().into();
                let path = match url.rsplit('/').next() {
                    Some("login") => Path::Login,
                    Some("token") => Path::Token,
                    _ => Path::Revoke,
                };
                if path == Path::Token {
                    self.look_at_refresh(tab, &token);
                }
                let page = self.tabs[tab].page;
                self.requests.push(Request { tab, page, id, path, token, reply: None });
            }
            Effect::Abort(id) => {
                self.lock.waiting.retain(|waiting| *waiting != (tab, id));
                let page = self.tabs[tab].page;
                self.requests.retain(|request| {
                    (request.tab, request.page, request.id) != (tab, page, id) || request.reply.is_none()
                });
            }
            Effect::Announce(word) => {
                let hint = match word {
                    Word::Changed => Hint::Changed,
                    Word::Refreshing => Hint::Refreshing,
                    Word::Active | Word::Ended(_) => return,
                };
                self.tell_others(tab, &hint);
            }
            Effect::Emit(event) => {
                // As in tests/core/model.rs: who has said so goes on alone.
                self.tabs[tab].alone |= event.kind == EventKind::Failed && event.reason == Some("ERR_TIMEOUT");
                if event.kind == EventKind::Failed && self.rules.seed == Some(Seed::AlwaysWoke) {
                    self.tabs[tab].tell(&Hint::Woke);
                }
            }
            Effect::Settle(call, outcome) => {
                let settled = outcome.ok().map(Sensitive::into_data);
                self.settle(tab, call.0, settled.as_ref().and_then(Value::as_text).map(str::to_owned));
            }
            Effect::Show(..) | Effect::Notify(_) | Effect::CloseForm | Effect::KeepPage(_) => {}
            other => panic!("nothing of these options asks for {other:?}"),
        }
    }

    fn settle(&mut self, tab: usize, call: u32, token: Settled) {
        if let Some(settled) = &mut self.settled {
            settled.push((call, token));
        }
        let pending = &mut self.tabs[tab].pending;
        match pending.iter().position(|(waiting, _)| *waiting == call) {
            Some(at) => drop(pending.remove(at)),
            None => self.breaks("every call settles once: one was settled twice"),
        }
    }

    pub fn tell_others(&mut self, tab: usize, hint: &Hint) {
        for (other, mailbox) in self.tabs.iter_mut().enumerate() {
            if other != tab {
                mailbox.tell(hint);
            }
        }
    }

    /// A refresh token goes out: nobody else may have sent it, while the lock works.
    fn look_at_refresh(&mut self, tab: usize, token: &str) {
        let Past { without_lock, late, lost, .. } = self.past;
        if without_lock || late || lost {
            return;
        }
        let is_under_way =
            self.requests.iter().any(|other| other.path == Path::Token && other.tab != tab && *other.token == *token);
        if is_under_way || self.server.has_exchanged(token) {
            self.breaks(format!("never is a refresh token sent twice while the lock works: {token} by tab {tab}"));
        }
    }

    /// Compares and swaps, in one turn.
    pub fn commit(&mut self, tab: usize, expected: Option<&Rc<str>>, text: &Rc<str>) -> Commit {
        let seed = self.rules.seed;
        let is_blind = seed == Some(Seed::BlindCommit) || (seed == Some(Seed::NoTombstone) && self.record.is_none());
        if self.record.as_ref() != expected && !is_blind {
            return Commit::Lost(self.record.as_deref().map(Secret::from));
        }
        let is_out = text.contains("\"signedOut\"");
        let has_tokens = refresh_token_in(text).is_some();
        if text.contains("\"expired\"")
            && let Some(token) = self.record.as_deref().and_then(refresh_token_in)
            && self.server.takes(token, self.now)
        {
            self.breaks(format!("a session that the server still takes is never ended by us: {token} by tab {tab}"));
        }
        if self.past.is_out && has_tokens {
            self.breaks(format!("no token lives after a sign-out: tab {tab} has stored one"));
        }
        if is_out && !self.past.signs_out {
            self.breaks(format!("a session that the server still takes is never ended by us: tab {tab} signs out"));
        }
        let is_signing_in = self.tabs.iter().any(|tab| tab.pending.iter().any(|(_, ask)| *ask == Ask::SignIn));
        self.past.is_out = is_out && !is_signing_in;
        self.record = Some(text.clone()).filter(|_| !(is_out && seed == Some(Seed::NoTombstone)));
        if self.rules.in_host {
            self.copy = Some(text.clone());
        } else {
            // The browser tells the others of it, whatever the writer says.
            self.tell_others(tab, &Hint::Changed);
        }
        Commit::Applied
    }

    /// What the storage shows a tab.
    pub fn stored(&self, tab: usize) -> Option<Rc<str>> {
        match self.rules.seed {
            Some(Seed::StaleReads) if self.tabs[tab].seen.is_some() => self.tabs[tab].seen.clone(),
            _ => self.record.clone(),
        }
    }

    /// Inputs of the only user.
    pub fn credentials() -> Sensitive<Value> {
        json(r#"{ "password": "x" }"#).into()
    }

    /// Answers an effect of a tab.
    pub fn answer(&mut self, tab: usize, id: EffectId, answer: Answer) {
        self.input(tab, Input::Answer(id, answer));
    }
}
