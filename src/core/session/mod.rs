//! The whole: owns the machines, routes an input, merges their effects and deadlines.
//!
//! One input, then drain: after [`Session::handle`] call [`Session::poll_effect`] until it gives `None`, then read
//! [`Session::poll_timeout`]. Nothing here reads a clock, draws a random number, logs or blocks; the same inputs give
//! the same effects. An answer to an id that is no longer awaited is ignored.

#![allow(clippy::boxed_local)] // Calls under way are boxed everywhere: they are handed on as pointers.

mod attach;
mod calls;
mod ending;
mod flight;
mod need;
mod report;
pub mod status;
mod tabs;
mod tasks;
mod values;

use std::rc::Rc;

use super::effect::{Effect, Event, EventKind};
use super::envelope::Record;
use super::error::{AuthError, Code};
use super::input::{Answer, Call, CallId, EffectId, Hint, Input};
use super::options::{CrossTab, Options, Storage};
use super::platform::Platform;
use super::store::Store;
use super::time::{Millis, UnixMillis, earlier};
use super::token::Tokens;
use super::value::Value;
use crate::core::lite::text::concat;

use flight::Flight;
use need::Cooldown;
use report::Trace;
use tasks::Task;

/// One session.
#[derive(Debug)]
pub struct Session {
    options: Options,
    platform: Platform,
    /// The page's origin, for relative endpoints.
    base: Option<String>,
    storage: Storage,
    random: u32,
    now: UnixMillis,
    /// What is stored, as far as this tab knows.
    record: Record,
    /// The stored text that `record` was read from: what a commit is based on.
    stored: Option<String>,
    opening: Opening,
    /// The record may have changed while the storage was first read.
    must_look: bool,
    /// The storage failed: the session goes on in memory.
    detached: bool,
    /// It failed because it was full.
    was_full: bool,
    store: Store,
    /// Keys of values that are removed, but that the record still names.
    dropped_keys: Vec<String>,
    #[allow(clippy::vec_box)] // They are moved in and out whole, again and again.
    tasks: Vec<Box<Task>>,
    waits: Vec<Wait>,
    flight: Option<Flight>,
    cooldown: Option<Cooldown>,
    /// When the tokens are due for a refresh.
    due_at: Option<UnixMillis>,
    active_at: UnixMillis,
    visible: bool,
    /// A protected page is shown in this tab: when the session ends elsewhere, it must go.
    guarded: bool,
    /// Origins of endpoints whose URL is known only when a flow runs.
    seen_origins: Vec<String>,
    trace: Trace,
    /// Oldest first.
    effects: Vec<Effect>,
    next_id: u32,
}

/// A timer that is later than this was asleep, and so was the page.
const NAP: Millis = Millis(2_000);

/// How far the session is with its first look at the storage.
#[derive(Debug, PartialEq)]
enum Opening {
    /// The calls that came meanwhile.
    Waiting(Vec<(CallId, Call)>),
    Open,
    Disposed,
}

/// An effect whose answer is awaited.
#[derive(Debug, PartialEq)]
struct Wait {
    id: EffectId,
    deadline: Option<UnixMillis>,
    to: To,
    /// The page slept past the deadline: it was moved, once.
    has_slept: bool,
}

/// Who awaits it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum To {
    Opening,
    /// A look at the record because of a hint.
    Look,
    Flight,
    Task(CallId),
}

/// What a caller of [`Session::new`] knows of the place.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Pure functions of the platform.
    pub platform: Platform,
    /// The page's origin, for relative endpoints.
    pub base: Option<String>,
    /// The storage, chosen by [`Session::choose_storage`].
    pub storage: Storage,
    /// Entropy for the jitter.
    pub seed: u32,
    /// Whether the page is visible.
    pub visible: bool,
    /// What there is to work with, in words, for the trace.
    pub found: String,
}

impl Session {
    /// A session that is about to look at its storage.
    pub fn new(options: Options, setting: Setting, now: UnixMillis) -> Self {
        let mut session = Self {
            options,
            platform: setting.platform,
            base: setting.base,
            storage: setting.storage,
            random: setting.seed | 1,
            now,
            record: Record::default(),
            stored: None,
            opening: Opening::Waiting(Vec::new()),
            must_look: false,
            detached: false,
            was_full: false,
            store: Store::new(setting.platform),
            dropped_keys: Vec::new(),
            tasks: Vec::new(),
            waits: Vec::new(),
            flight: None,
            cooldown: None,
            due_at: None,
            active_at: now,
            visible: setting.visible,
            guarded: false,
            seen_origins: Vec::new(),
            trace: Trace::default(),
            effects: Vec::new(),
            next_id: 0,
        };
        session.note("found", &concat(&[setting.storage.as_str(), " storage; ", &setting.found]));
        let id = session.wait(To::Opening);
        session.effects.push(Effect::Read(id));
        session
    }

    /// Where the record rests: as the options say, else in the host's store if it has one, else in local storage.
    pub fn choose_storage(options: &Options, host_has_store: bool) -> Result<Storage, AuthError> {
        match options.storage {
            Some(Storage::Host) if !host_has_store => Err(super::section::invalid("storage", "the host has no store")),
            Some(storage) => Ok(storage),
            None => Ok(if host_has_store { Storage::Host } else { Storage::Local }),
        }
    }

    /// The storage that was chosen can't be had: the session lives in this page's memory, and says so.
    pub fn storage_denied(&mut self) {
        self.detach(Code::StorageDenied);
    }

    /// Takes new options for the same session. The storage stays what it is.
    pub fn configure(&mut self, options: Options, now: UnixMillis) {
        self.set_clock(now);
        self.options = options;
        self.schedule();
    }

    /// The options.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Takes one input. Drain the effects before the next.
    pub fn handle(&mut self, input: Input, now: UnixMillis) {
        self.set_clock(now);
        match input {
            Input::Call(call, what) => match &mut self.opening {
                Opening::Waiting(early) => {
                    // A stored value can be read at once.
                    if let Call::StoreValue(key, text, _) = &what
                        && (self.storage != Storage::Host || *key != self.options.name)
                    {
                        self.effects.push(Effect::Show(key.clone(), Some(text.clone())));
                    }
                    early.push((call, what));
                }
                Opening::Open => self.call(call, what),
                Opening::Disposed => self.refuse(call, AuthError::new(Code::Disposed, "the session was disposed")),
            },
            Input::Answer(id, answer) => {
                if let Some(at) = self.waits.iter().position(|wait| wait.id == id) {
                    let wait = self.waits.swap_remove(at);
                    self.answer(wait.to, answer);
                }
            }
            Input::Hint(hint) => self.hint(hint),
            Input::Tick => {}
            Input::Dispose => self.dispose(),
        }
        self.tick();
    }

    /// Takes note of the time. A clock that was put back takes along what waits for a moment: no wait gets longer by it.
    fn set_clock(&mut self, now: UnixMillis) {
        let back = self.now.since(now);
        let put_back = |at: Option<&mut UnixMillis>| {
            if let Some(at) = at {
                *at = at.before(back);
            }
        };
        for wait in &mut self.waits {
            put_back(wait.deadline.as_mut());
        }
        put_back(self.due_at.as_mut());
        put_back(self.cooldown.as_mut().map(|cooldown| &mut cooldown.until));
        put_back(self.flight.as_mut().and_then(Flight::pause));
        put_back(Some(&mut self.active_at));
        self.now = now;
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        (!self.effects.is_empty()).then(|| self.effects.remove(0))
    }

    /// When to call [`Session::handle`] with [`Input::Tick`], if nothing else comes before.
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        let mut next = None;
        for wait in &self.waits {
            next = earlier(next, wait.deadline);
        }
        if self.opening == Opening::Open {
            next = earlier(next, self.flight.as_ref().and_then(Flight::wakes_at));
            next = earlier(next, self.next_refresh());
            next = earlier(next, self.next_end());
        }
        next
    }

    fn answer(&mut self, to: To, answer: Answer) {
        match (to, answer) {
            (To::Opening, Answer::Done(Err(error))) => self.open_without(error.code),
            (To::Opening, answer) => self.opened(answer),
            (To::Look, Answer::Stored { text, .. }) => {
                self.observe(text, true);
            }
            (To::Look, _) => {}
            // There is no lock, or nothing can be read: as good as no answer.
            (To::Flight, Answer::Done(_)) => self.flight_timed_out(),
            (To::Flight, answer) => self.fly(answer),
            (To::Task(call), answer) => self.resume(call, answer),
        }
    }

    /// Does what time alone brings about.
    fn tick(&mut self) {
        while let Some(at) =
            self.waits.iter().position(|wait| wait.deadline.is_some_and(|deadline| deadline <= self.now))
        {
            let mut wait = self.waits.swap_remove(at);
            let asleep = wait.deadline.is_some_and(|deadline| deadline.after(NAP) < self.now);
            if asleep && !std::mem::replace(&mut wait.has_slept, true) {
                // What came while the page slept is heard before it is called late.
                wait.deadline = Some(self.now.after(NAP));
                self.waits.push(wait);
                continue;
            }
            self.effects.push(Effect::Abort(wait.id));
            self.expired_wait(wait.to);
        }
        if self.opening != Opening::Open {
            return;
        }
        self.wake_flight();
        if self.next_end().is_some_and(|at| at <= self.now) {
            self.end_by_time();
        }
        if self.flight.is_none() && self.next_refresh().is_some_and(|at| at <= self.now) {
            self.take_off("due");
        }
    }

    /// An answer that did not come in time.
    fn expired_wait(&mut self, to: To) {
        match to {
            To::Opening => self.open_without(Code::Timeout),
            To::Look => {}
            To::Flight => self.flight_timed_out(),
            To::Task(call) => self.task_timed_out(call),
        }
    }

    /// A storage that does not answer, or can't be read, is no storage.
    fn open_without(&mut self, code: Code) {
        self.detach(code);
        self.opened(Answer::Values(Vec::new()));
    }

    /// An id for an effect that is about to go out, whose answer is for `to`.
    fn wait(&mut self, to: To) -> EffectId {
        self.wait_for(to, Some(self.options.timeout))
    }

    fn wait_for(&mut self, to: To, limit: Option<Millis>) -> EffectId {
        self.next_id = self.next_id.wrapping_add(1);
        let id = EffectId(self.next_id);
        self.waits.push(Wait { id, deadline: limit.map(|limit| self.now.after(limit)), to, has_slept: false });
        id
    }

    fn settle(&mut self, call: CallId, outcome: Result<Value, AuthError>) {
        self.effects.push(Effect::Settle(call, outcome));
    }

    fn emit(&mut self, kind: EventKind, reason: Option<&'static str>) {
        self.effects.push(Effect::Emit(Event { kind, at: self.now, reason }));
    }

    /// From now on the session lives in this page's memory only, and everybody is told why.
    fn detach(&mut self, code: Code) {
        if !self.detached {
            self.detached = true;
            self.was_full = code == Code::StorageFull;
            self.note("storage", code.as_str());
            self.emit_failed(code);
        }
    }

    /// A number from 0 to 1, from a xorshift generator: for jitter, not for secrets.
    fn draw(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        f64::from(self.random) / f64::from(u32::MAX)
    }

    fn tokens(&self) -> Option<&Rc<Tokens>> {
        self.record.tokens()
    }

    /// Whether tabs can get in each other's way.
    fn is_shared(&self) -> bool {
        matches!(self.storage, Storage::Local | Storage::Host) && self.options.cross_tab != CrossTab::Off
    }

    fn dispose(&mut self) {
        if let Opening::Waiting(early) = std::mem::replace(&mut self.opening, Opening::Disposed) {
            for (call, _) in early {
                self.refuse(call, AuthError::new(Code::Disposed, "the session was disposed"));
            }
        }
        for task in std::mem::take(&mut self.tasks) {
            self.close_form(&task.stage);
            self.fail(task, AuthError::new(Code::Disposed, "the session was disposed"));
        }
        for wait in std::mem::take(&mut self.waits) {
            self.effects.push(Effect::Abort(wait.id));
        }
        if self.flight.take().is_some_and(|flight| flight.uses_lock) {
            self.effects.push(Effect::Unlock);
        }
        self.due_at = None;
    }

    /// What the user does, the page shows or the network says.
    fn hint(&mut self, hint: Hint) {
        match hint {
            Hint::Changed => self.look(),
            Hint::Value(key, text) => self.value_from_elsewhere(&key, text),
            Hint::Visible(visible) => {
                self.visible = visible;
                if visible {
                    self.look();
                }
            }
            Hint::Woke => {
                self.forgive();
                self.look();
            }
            Hint::Active => self.active_at = self.now,
        }
    }
}
