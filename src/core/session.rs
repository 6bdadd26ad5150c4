//! The whole: routes an input to the machine that awaits it, merges the deadlines.
//!
//! One input, then drain: after [`Session::handle`] call [`Session::poll_effect`] until it gives `None`, then read
//! [`Session::poll_timeout`]. Nothing here reads a clock, draws a random number, logs or blocks; the same inputs give
//! the same effects. An answer to an id that is no longer awaited is ignored.

mod later;
mod moving;
mod opening;
mod setting;

use super::calls::Calls;
use super::calls::fetch::reads_body;
use super::calls::limits::keep_activity;
use super::calls::permit;
use super::context::{Context, Errand};
use super::effect::Effect;
use super::error::Code;
use super::ground::Ground;
use super::input::{Answer, Call, CallId, FetchCall, Hint, Input};
use super::lite::text::concat;
use super::options::{Options, Storage};
use super::refresh::{Outcome, Refresh};
use super::status::Status;
use super::time::{Millis, UnixMillis, earlier};
use super::value::Value;
use super::waits::Waiter;
use later::Later;
use opening::{Opened, Opening};

pub use setting::Setting;

/// One session.
#[derive(Clone, Debug)]
pub struct Session {
    ground: Ground,
    refresh: Refresh,
    calls: Calls,
    opening: Opening,
    later: Later,
}

impl Session {
    /// A session that is about to look at its storage.
    pub fn new(options: Options, setting: Setting, now: UnixMillis) -> Self {
        let mut cx = Context::new(options, setting.platform, setting.base, setting.seed, now);
        cx.visible = setting.visible;
        cx.note("found", &concat(&[setting.storage.as_str(), " storage; ", &setting.found]));
        let mut ground = Ground::new(cx, setting.storage);
        let opening = Opening::begin(&mut ground);
        let (refresh, calls, later) = Default::default();
        Self { ground, refresh, calls, opening, later }
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
                let is_alive = !self.opening.is_over();
                let back = is_alive.then(|| self.calls.on_arrival(address, &kept, call.is_some(), &mut self.ground));
                // Whoever has looked waits first, and then it goes on.
                call.into_iter().chain(back.flatten()).for_each(|(call, what)| self.call(call, what));
            }
            Input::Configure(options, storage) => {
                self.refresh.forget_due();
                self.calls.configure(*options, &mut self.ground);
                if std::mem::replace(&mut self.ground.record.place.home, storage) != storage {
                    self.later.moves_to = Some(storage);
                }
            }
            Input::Dispose if self.opening != Opening::Closing => self.dispose(),
            Input::Tick | Input::Dispose => {}
        }
        self.settle();
        self.on_time();
        self.move_on();
        self.settle();
        if self.opening.may_refresh() {
            self.ground.mind_key();
        }
        if self.opening == Opening::Closing && !self.refresh.is_to_end(&self.ground) {
            self.dispose();
        }
        permit::mind(self.opening.is_open(), &mut self.ground);
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.opening.poll_effect(&mut self.ground.cx)
    }

    /// When to call [`Session::handle`] with [`Input::Tick`], if nothing else comes before.
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        let Self { ground, refresh, calls, opening, .. } = self;
        let ends = calls.page.limits.poll_timeout(ground).filter(|_| opening.is_open());
        let due = refresh.poll_timeout(ground).filter(|_| opening.may_refresh());
        earlier(earlier(ground.cx.waits.poll_timeout(), ends), due)
    }

    /// Until when a token that is given now is given again, unless another input comes; `None` where there is no good one.
    pub fn steady_until(&self) -> Option<UnixMillis> {
        earlier(self.poll_timeout(), Some(self.refresh.good_until(&self.ground)?))
    }

    /// What `status()` gives at a moment.
    pub fn status(&self, now: UnixMillis) -> Status {
        Status::of(self.ground.record.record(), &self.ground, now)
    }

    /// What `status(store)` gives.
    pub fn status_in(&self, stored: &Value, now: UnixMillis) -> Status {
        Status::stored(stored, &self.ground, now)
    }

    /// Where the record rests now.
    pub const fn storage(&self) -> Storage {
        self.ground.record.place.storage
    }

    /// The options.
    pub const fn options(&self) -> &Options {
        &self.ground.cx.options
    }

    /// Whether the body of a caller's request must be known before it is handed in.
    pub fn reads_body(&self, fetch: &FetchCall) -> bool {
        reads_body(fetch, !self.opening.is_open() || self.refresh.is_restoring(), &self.ground)
    }

    /// The last steps, oldest first, secrets masked.
    pub fn trace(&self) -> Value {
        self.ground.trace()
    }

    /// Takes note of the time. A clock that was put back takes along what waits for a moment: no wait gets longer by it.
    fn set_clock(&mut self, now: UnixMillis) {
        let cx = &mut self.ground.cx;
        let back = std::mem::replace(&mut cx.now, now).since(now);
        if back.0 > 0 {
            cx.waits.put_back(back);
            self.refresh.put_back(back);
            cx.active_at = cx.active_at.before(back);
            self.calls.page.limits.put_back(back);
        }
    }

    /// Begins a call, or holds it until the storage has answered.
    fn call(&mut self, call: CallId, what: Call) {
        let opens_popup = !self.opening.is_over() && self.calls.opens_popup(&what, &self.ground.cx);
        let what = self.opening.hold(call, what, &mut self.ground);
        self.calls.begin_unless_held(call, what, opens_popup, &mut self.ground, &mut self.refresh);
    }

    /// Hands an answer to whoever awaits it.
    fn answer(&mut self, waiter: Waiter, answer: Answer) {
        let Self { ground, refresh, calls, opening, later } = self;
        match (waiter, answer) {
            (Waiter::Opening, answer) => {
                let opened = opening.on_answer(answer, ground);
                self.on_opened(opened);
            }
            (waiter, answer) if opening.is_waiting() => later.held.push((waiter, answer)),
            (Waiter::Record, Answer::Stored { text, .. }) => ground.record.on_look(Some(text), &mut ground.cx),
            (Waiter::Record, _) => ground.record.on_look(None, &mut ground.cx),
            (Waiter::Refresh, answer) => refresh.on_answer(answer, ground),
            (Waiter::Call(call), answer) => calls.on_answer(call, answer, ground, refresh),
        }
    }

    /// Goes on with all that has waited for the storage.
    fn on_opened(&mut self, opened: Opened) {
        let is_first = matches!(opened, Opened::First(_));
        let (Opened::First(early) | Opened::Moved(early)) = opened else { return };
        for (waiter, answer) in std::mem::take(&mut self.later.held) {
            self.answer(waiter, answer);
        }
        let Self { ground, refresh, calls, later, .. } = self;
        if !is_first {
            calls.on_moved(ground, refresh);
        } else {
            calls.on_opened(ground, refresh);
            if !later.has_looked(&calls.page, ground) {
                refresh.restore(ground);
            }
        }
        for (call, what) in early {
            self.calls.begin(call, what, &mut self.ground, &mut self.refresh);
        }
    }

    /// Sets out for another storage, where one is wanted and nothing is being written to this one.
    fn move_on(&mut self) {
        if !self.opening.is_open() || self.ground.cx.waits.awaits_storage() {
            return;
        }
        if let Some(to) = self.later.moves_to.take() {
            if to == self.ground.record.place.storage {
                self.calls.on_moved(&mut self.ground, &mut self.refresh);
            } else {
                self.opening = Opening::set_out(to, &mut self.ground);
            }
        } else if let Some(look) = self.later.looks(&self.calls.page, &mut self.ground) {
            self.opening = look;
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
                } else if self.opening.is_open() {
                    // The page may be about to go.
                    keep_activity(Millis(1_000), &mut self.ground);
                }
            }
            Hint::Woke => {
                self.refresh.on_online(cx.now);
                self.opening.reread(record, cx);
            }
            Hint::Back => self.later.on_back(),
            Hint::Active => cx.active_at = cx.now,
            Hint::Refreshing => self.refresh.on_refreshing(cx),
            Hint::Ended(at) if self.opening.is_open() => {
                self.calls.end_with_another_tab(at, &mut self.ground, &mut self.refresh);
            }
            Hint::Touched => {
                // The timer may have slept: a session that should have ended by now is not saved by this.
                self.on_time();
                self.calls.page.limits.on_touched(self.opening.is_open(), &mut self.ground);
            }
            Hint::Place(address, kept) => self.calls.page.on_place(address, kept, cx),
            Hint::StorageDenied if !self.opening.is_aside() => record.detach(Code::StorageDenied, cx),
            Hint::Preview(text) if self.opening.is_first() => record.preview(&text, cx.platform),
            Hint::Ended(_) | Hint::StorageDenied | Hint::Preview(_) => {}
        }
    }

    /// Does what time alone brings about.
    fn on_time(&mut self) {
        while let Some((id, waiter)) = self.ground.cx.waits.poll_late(self.ground.cx.now) {
            self.ground.cx.ask(Effect::Abort(id));
            self.answer(waiter, Answer::Late);
            self.settle();
        }
        if self.opening.may_refresh() {
            self.refresh.on_time(&mut self.ground);
            self.settle();
        }
        if self.opening.is_open() {
            self.calls.on_limits(&mut self.ground, &mut self.refresh);
            self.settle();
        }
    }

    /// Goes on until no machine has anything to tell another.
    fn settle(&mut self) {
        let Self { ground, refresh, calls, .. } = self;
        loop {
            // What is exposed must be on its way before a query that is bound to it runs.
            if let Some(errand) = ground.cx.poll_errand() {
                if let Errand::Move(to) = errand {
                    self.later.moves_to = Some(to);
                    continue;
                }
                calls.run_errand(errand, ground, refresh);
            } else if let Some(outcome) = refresh.poll_outcome() {
                match outcome {
                    Outcome::Ensured(call, ensured) => calls.on_ensured(call, ensured, ground, refresh),
                    Outcome::Tested(call, steps, result) => calls.on_tested(call, steps, result, ground),
                }
            } else {
                return;
            }
        }
    }

    fn dispose(&mut self) {
        let Self { ground, refresh, calls, opening, .. } = self;
        calls.dispose(ground);
        let goes_on = refresh.dispose(opening.is_open(), ground);
        for id in ground.cx.waits.drain(goes_on) {
            ground.cx.ask(Effect::Abort(id));
        }
        opening.dispose(goes_on, &mut ground.cx);
    }
}
