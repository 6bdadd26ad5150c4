//! The whole: routes an input to the machine that awaits it, merges the deadlines.
//!
//! One input, then drain: after [`Session::handle`] call [`Session::poll_effect`] until it gives `None`, then read
//! [`Session::poll_timeout`]. Nothing here reads a clock, draws a random number, logs or blocks; the same inputs give
//! the same effects. An answer to an id that is no longer awaited is ignored.

mod opening;

use super::calls::Calls;
use super::context::Context;
use super::effect::Effect;
use super::error::{AuthError, Code};
use super::ground::Ground;
use super::input::{Answer, Call, CallId, Hint, Input};
use super::lite::text::concat;
use super::options::{Options, Storage};
use super::platform::Platform;
use super::record::Keeper;
use super::record::envelope::Record;
use super::refresh::{Outcome, Refresh};
use super::status::Status;
use super::time::{UnixMillis, earlier};
use super::value::Value;
use super::values::Values;
use super::waits::Waiter;
use opening::Opening;

/// One session.
#[derive(Clone, Debug)]
pub struct Session {
    ground: Ground,
    refresh: Refresh,
    calls: Calls,
    opening: Opening,
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
        let mut cx = Context::new(options, setting.platform, setting.base, setting.seed, now);
        cx.visible = setting.visible;
        cx.note("found", &concat(&[setting.storage.as_str(), " storage; ", &setting.found]));
        let record = Keeper::new(setting.storage);
        record.read(Waiter::Opening, &mut cx);
        let mut ground =
            Ground { values: Values::new(setting.platform), record, origins: Default::default(), metadata: None, cx };
        ground.allow_origins();
        Self { ground, refresh: Refresh::default(), calls: Calls::new(now), opening: Opening::default() }
    }

    /// Where the record rests: as the options say, else in the host's store if it has one, else in local storage.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for the store of a host that has none.
    pub fn choose_storage(options: &Options, host_has_store: bool) -> Result<Storage, AuthError> {
        match options.storage {
            Some(Storage::Host) if !host_has_store => Err(super::section::invalid("storage", "the host has no store")),
            Some(storage) => Ok(storage),
            None => Ok(if host_has_store { Storage::Host } else { Storage::Local }),
        }
    }

    /// Takes one input. Drain the effects before the next.
    pub fn handle(&mut self, input: Input, now: UnixMillis) {
        self.set_clock(now);
        match input {
            Input::Call(call, what) => self.call(call, what),
            Input::Answer(id, answer) => {
                if let Some(waiter) = self.ground.cx.waits.on_answer(id) {
                    self.answer(waiter, answer);
                }
            }
            Input::Hint(hint) => self.hint(hint),
            Input::Arrived { address, kept, call } => {
                let is_alive = self.opening != Opening::Disposed;
                let back = is_alive.then(|| self.calls.on_arrival(address, &kept, &mut self.ground)).flatten();
                // Whoever has looked waits first, and then it goes on.
                for (call, what) in call.into_iter().chain(back) {
                    self.call(call, what);
                }
            }
            Input::Configure(options) => {
                self.ground.cx.options = *options;
                let tokens = self.ground.record.tokens().map(AsRef::as_ref);
                self.ground.origins.forget(tokens);
                self.ground.allow_origins();
                self.refresh.forget_due();
            }
            Input::Tick => {}
            Input::Dispose => self.dispose(),
        }
        self.settle();
        self.on_time();
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.ground.cx.poll_effect()
    }

    /// When to call [`Session::handle`] with [`Input::Tick`], if nothing else comes before.
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        let waits = self.ground.cx.waits.poll_timeout();
        if !self.opening.is_open() {
            return waits;
        }
        let ends = self.calls.page.limits.poll_timeout(&self.ground);
        earlier(earlier(waits, ends), self.refresh.poll_timeout(&self.ground))
    }

    /// What `status()` gives at a moment.
    pub fn status(&self, now: UnixMillis) -> Status {
        Status::of(self.ground.record.record(), &self.ground, now)
    }

    /// What `status(store)` gives: the status of a record in a store that was handed over.
    pub fn status_in(&self, stored: &Value, now: UnixMillis) -> Status {
        let record = match stored {
            Value::Text(text) => Record::from_text(text, self.ground.cx.platform),
            value => Record::from_value(value),
        };
        Status::of(&record.unwrap_or_default(), &self.ground, now)
    }

    /// The options.
    pub const fn options(&self) -> &Options {
        &self.ground.cx.options
    }

    /// The last steps, oldest first, secrets masked.
    pub fn trace(&self) -> Value {
        let secrets = self.ground.secrets();
        let mut steps = Vec::new();
        for step in self.ground.cx.trace.steps() {
            steps.push(secrets.mask(step));
        }
        Value::List(steps)
    }

    /// Takes note of the time. A clock that was put back takes along what waits for a moment: no wait gets longer by it.
    fn set_clock(&mut self, now: UnixMillis) {
        let cx = &mut self.ground.cx;
        let back = cx.now.since(now);
        cx.now = now;
        if back.0 > 0 {
            cx.waits.put_back(back);
            self.refresh.put_back(back);
            self.calls.page.limits.put_back(back);
        }
    }

    /// Begins a call, or holds it until the storage has answered.
    fn call(&mut self, call: CallId, what: Call) {
        if self.opening != Opening::Disposed {
            self.calls.open_popup(&what, &mut self.ground.cx);
        }
        if let Some(what) = self.opening.hold(call, what, &mut self.ground) {
            self.calls.begin(call, what, &mut self.ground, &mut self.refresh);
        }
    }

    /// Hands an answer to whoever awaits it.
    fn answer(&mut self, waiter: Waiter, answer: Answer) {
        let Self { ground, refresh, calls, opening } = self;
        match (waiter, answer) {
            (Waiter::Opening, answer) => {
                for (call, what) in opening.on_answer(answer, ground) {
                    calls.begin(call, what, ground, refresh);
                }
            }
            (Waiter::Record, Answer::Stored { text, .. }) => ground.record.on_stored(text, &mut ground.cx),
            (Waiter::Record, _) => {}
            (Waiter::Refresh, answer) => refresh.on_answer(answer, ground),
            (Waiter::Call(call), answer) => calls.on_answer(call, answer, ground, refresh),
        }
    }

    /// What the user does, the page shows or the network says.
    fn hint(&mut self, hint: Hint) {
        let Ground { cx, record, values, .. } = &mut self.ground;
        match hint {
            Hint::Changed => self.opening.reread(record, cx),
            Hint::Value(key, text) => values.on_changed_elsewhere(&key, text, cx),
            Hint::Visible(visible) => {
                cx.visible = visible;
                if visible {
                    self.opening.reread(record, cx);
                }
            }
            Hint::Woke => {
                self.refresh.on_online();
                self.opening.reread(record, cx);
            }
            Hint::Active => self.calls.page.limits.on_active(cx.now),
            Hint::Touched => {
                // The timer may have slept: a session that should have ended by now is not saved by this.
                self.on_time();
                self.calls.page.limits.on_touched(self.opening.is_open(), &mut self.ground.cx);
            }
            Hint::StorageDenied => record.detach(Code::StorageDenied, cx),
            Hint::Preview(text) if !self.opening.is_open() => record.preview(&text, cx.platform),
            Hint::Preview(_) => {}
        }
    }

    /// Does what time alone brings about.
    fn on_time(&mut self) {
        while let Some((id, waiter)) = self.ground.cx.waits.poll_late(self.ground.cx.now) {
            self.ground.cx.ask(Effect::Abort(id));
            self.answer(waiter, Answer::Late);
            self.settle();
        }
        if self.opening.is_open() {
            self.refresh.on_time(&mut self.ground);
            self.settle();
            if let Some(reason) = self.calls.page.limits.reached(&self.ground) {
                self.ground.cx.note("logout", "idleSeconds or maxAgeSeconds have passed");
                self.calls.end_session(reason, &mut self.ground, &mut self.refresh);
                self.settle();
            }
        }
    }

    /// Goes on until no machine has anything to tell another.
    fn settle(&mut self) {
        let Self { ground, refresh, calls, .. } = self;
        loop {
            // What is exposed must be on its way before a query that is bound to it runs.
            if let Some(errand) = ground.cx.poll_errand() {
                calls.run_errand(errand, ground, refresh);
            } else if let Some(outcome) = refresh.poll_outcome() {
                match outcome {
                    Outcome::Ensured(call, ensured) => calls.on_ensured(call, ensured, ground, refresh),
                    Outcome::Tested(call, steps, is_ok) => calls.on_tested(call, steps, is_ok, ground),
                }
            } else {
                return;
            }
        }
    }

    fn dispose(&mut self) {
        self.opening.dispose(&mut self.ground.cx);
        self.calls.dispose(&mut self.ground);
        for id in self.ground.cx.waits.drain() {
            self.ground.cx.ask(Effect::Abort(id));
        }
        self.refresh.dispose(&mut self.ground);
    }
}

impl Ground {
    /// Reckons anew where tokens may go, of the options.
    fn allow_origins(&mut self) {
        let Context { options, base, .. } = &self.cx;
        self.origins.configure(&options.attach, &options.flows, base.as_deref());
    }
}
