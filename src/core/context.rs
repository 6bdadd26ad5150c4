//! What every machine is given with each input: the moment, the options, a place for what it asks of the world.
//!
//! There is one queue of effects and not one for each machine: effects are performed in the order of their causes, also
//! where one machine calls another in the middle of its own work.

use std::sync::Arc;

use super::effect::{Effect, Event};
use super::error::{AuthError, Code};
use super::flow::program::Program;
use super::input::{CallId, EffectId};
use super::lite::number::number_to_text;
use super::lite::text::concat;
use super::oauth::dpop::Reported;
use super::options::Options;
use super::platform::Platform;
use super::redact::Secrets;
use super::secret::Sensitive;
use super::time::{Millis, UnixMillis};
use super::token::Tokens;
use super::trace::Trace;
use super::value::{Map, Value};
use super::vocabulary::{EventKind, FlowName, GuardedPage, Storage};
use super::waits::{Waiter, Waits};

/// What surrounds the machines of a session.
#[derive(Clone, Debug)]
pub struct Context {
    /// The moment of the input.
    pub now: UnixMillis,
    /// The options.
    pub options: Options,
    /// What the platform lends.
    pub platform: Platform,
    /// Whether the page is visible.
    pub visible: bool,
    /// The page's origin, for relative endpoints.
    pub base: Option<String>,
    /// The page that a guard has sent away from.
    pub kept: Option<String>,
    /// Who awaits what.
    pub waits: Waits,
    /// What happened.
    pub trace: Trace,
    /// What servers have reported for the proofs that come.
    pub reported: Reported,
    /// When the user last did something, in any tab.
    pub active_at: UnixMillis,
    random: u32,
    /// What calls and the refresh know that must not be seen.
    known: Vec<(Waiter, Secrets)>,
    /// Oldest first. A `VecDeque` takes 180 bytes more of the wasm.
    effects: Vec<Effect>,
    /// How many of them have been taken out.
    taken: usize,
    errands: Vec<Errand>,
}

/// A call of our own, which nobody waits for, that one machine wants and the session begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    /// Bring what the session exposes up to date.
    Expose,
    /// Remove these values, unless something is exposed there.
    Remove(Vec<String>),
    /// Another tab's sign-out took the values along, but for these: those of this page's life go too.
    Clear(Vec<String>),
    /// The server has ended the session: remove what it exposed, go to the login page.
    CleanUp,
    /// Revoke tokens that nobody keeps.
    Revoke(Arc<Tokens>),
    /// A server has refused these tokens, which can't be refreshed: find out whether the session is over.
    Doubt(Arc<Tokens>),
    /// The key that these tokens are bound to is lost.
    KeyLost(Arc<Tokens>),
    /// A server has named the tokens that come after these; or these stay, and the record is to say that the user was there.
    Renew {
        /// Those that it was asked with.
        sent: Arc<Tokens>,
        /// Those that come next.
        next: Arc<Tokens>,
    },
    /// Another tab has changed the session.
    ChangedElsewhere,
    /// The page came back: see whether it may still be shown.
    Guard(GuardedPage),
    /// Take the session of another server out of the storage, and what it exposed under these keys.
    Discard(Vec<String>),
    /// Let the session rest in another storage.
    Move(Storage),
    /// A sign-in that had left the page is at its end, and how: calls have waited for it.
    Returned(CallId, Result<Value, AuthError>),
    /// A record that names keys is committed: these calls have waited for it.
    NamedKeys(Vec<CallId>),
}

impl Context {
    /// The surroundings of a session that begins now, in a page that is visible; `seed` is entropy for the jitter.
    pub fn new(options: Options, platform: Platform, base: Option<String>, seed: u32, now: UnixMillis) -> Self {
        Self {
            visible: true,
            now,
            options,
            platform,
            base,
            kept: None,
            waits: Waits::default(),
            trace: Trace::default(),
            reported: Reported::default(),
            active_at: now,
            random: seed | 1,
            known: Vec::new(),
            effects: Vec::new(),
            taken: 0,
            errands: Vec::new(),
        }
    }

    /// Asks something of the world.
    pub fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        let Some(effect) = self.effects.get_mut(self.taken) else {
            self.effects.clear();
            self.taken = 0;
            return None;
        };
        self.taken += 1;
        // What is left in its place is never looked at.
        Some(std::mem::replace(effect, Effect::Unlock))
    }

    /// Wants a call of our own.
    pub fn want(&mut self, errand: Errand) {
        self.errands.push(errand);
    }

    /// The next call of our own to begin.
    pub fn poll_errand(&mut self) -> Option<Errand> {
        (!self.errands.is_empty()).then(|| self.errands.remove(0))
    }

    /// An id for an effect that is about to go out, whose answer must come within the usual limit.
    pub fn wait(&mut self, waiter: Waiter) -> EffectId {
        self.wait_for(waiter, Some(self.options.timeout))
    }

    /// The same, where it has gone out already.
    pub fn wait_since(&mut self, waiter: Waiter, at: UnixMillis) -> EffectId {
        self.waits.begin(waiter, Some(at.min(self.now).after(self.options.timeout)))
    }

    /// The same for what the storage is to answer.
    pub fn wait_for_storage(&mut self, waiter: Waiter) -> EffectId {
        let id = self.wait(waiter);
        self.waits.mark_storage();
        id
    }

    /// The same with another limit, or none.
    pub fn wait_for(&mut self, waiter: Waiter, limit: Option<Millis>) -> EffectId {
        let deadline = limit.map(|limit| self.now.after(limit));
        self.waits.begin(waiter, deadline)
    }

    /// Settles a call; for one of our own nobody waits.
    pub fn settle(&mut self, call: CallId, outcome: Result<Value, AuthError>) {
        if !call.is_internal() {
            self.ask(Effect::Settle(call, outcome.map(Sensitive::new)));
        }
    }

    /// Tells the listeners.
    pub fn emit(&mut self, kind: EventKind, reason: Option<&'static str>) {
        self.ask(Effect::Emit(Event { kind, at: self.now, reason }));
    }

    /// Tells the listeners that something failed.
    pub fn emit_failed(&mut self, code: Code) {
        self.emit(EventKind::Failed, Some(code.as_str()));
    }

    /// Notes something in the trace.
    pub fn note(&mut self, id: &'static str, text: &str) {
        self.trace.note(id, text, self.now);
    }

    /// Notes what became of an answer that a user has brought back, step by step; `scope` and `error` hold no secret.
    pub fn note_callback(&mut self, step: &str, scope: Map, error: Option<&AuthError>) {
        self.trace.note_with("callback", step, scope, error, self.now);
    }

    /// A number from 0 to 1, from a xorshift generator: for jitter, not for secrets.
    pub fn draw(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        f64::from(self.random) / f64::from(u32::MAX)
    }

    /// A name for a new key: no other page makes one under it.
    pub fn key_name(&mut self) -> String {
        let (now, first, second) = (self.now.0 as f64, self.draw(), self.draw());
        concat(&[&number_to_text(now), "-", &number_to_text(first), "-", &number_to_text(second)])
    }

    /// The program of a flow.
    pub fn program(&self, name: FlowName) -> Option<Arc<Program>> {
        self.options.flow(name).cloned()
    }

    /// Takes in what a call or the refresh has learned that must not be seen, beside what it knew: a form that is shown again
    /// takes its values back, and they stand in the steps all the same.
    pub fn keep_secrets(&mut self, of: Waiter, secrets: Secrets) {
        match self.known.iter_mut().find(|(waiter, _)| *waiter == of) {
            Some((_, known)) => known.extend(&secrets),
            None => self.known.push((of, secrets)),
        }
    }

    /// A call or the refresh is at its end, and its steps are masked while it is known what must not be seen of them.
    pub fn forget_secrets(&mut self, of: Waiter) {
        if let Some(at) = self.known.iter().position(|(waiter, _)| *waiter == of) {
            let (_, mut secrets) = self.known.remove(at);
            secrets.add_forms(self.platform);
            self.trace.seal(of, &secrets);
        }
    }

    /// What calls and the refresh know that must not be seen.
    pub fn known_secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for (_, known) in &self.known {
            secrets.extend(known);
        }
        secrets
    }
}
