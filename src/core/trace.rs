//! Traces: what happened and when, secrets masked.

mod excerpt;
mod scope;

use self::excerpt::excerpt;
pub use self::scope::{Layer, Scope};
use super::error::AuthError;
use super::redact::Secrets;
use super::secret::Sensitive;
use super::time::UnixMillis;
use super::value::{Map, Value};
use super::vocabulary::StepKind;
use super::waits::Waiter;

/// How many steps are remembered.
const KEPT: usize = 100;

/// A step that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The step's id.
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// When it began.
    pub at: UnixMillis,
    /// When it ended.
    pub ended_at: UnixMillis,
    /// The status of its response.
    pub status: Option<u16>,
    /// The scope after it.
    pub scope: Scope,
    /// Why it failed.
    pub error: Option<Sensitive<AuthError>>,
}

/// One of the last steps.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    /// As `trace()` gives it.
    Note(Value),
    /// A step of a flow, and of which; while that is under way also whose, and then it is not yet masked.
    Step(Option<Waiter>, &'static str, Box<Done>),
}

/// The last steps. Those of a flow are masked when it is at its end, all by the same words, or when somebody looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace(Vec<Entry>);

impl Trace {
    /// The steps, oldest first, in the shape that `trace()` gives.
    pub fn steps(&self, secrets: &Secrets) -> Vec<Value> {
        let mut steps = Vec::new();
        let mut last = None;
        for entry in &self.0 {
            // What was masked is masked once more: what was only later known to be a secret.
            steps.push(match entry {
                Entry::Note(note) => secrets.mask(note),
                Entry::Step(_, flow, done) => shown(&masked(done, secrets, &mut last), flow),
            });
        }
        steps
    }

    /// Takes in steps of a flow under way.
    pub fn report(&mut self, of: Waiter, flow: &'static str, done: Vec<Done>) {
        for done in done {
            self.push(Entry::Step(Some(of), flow, Box::new(done)));
        }
    }

    /// Masks the steps of a flow that is at its end.
    pub fn seal(&mut self, of: Waiter, secrets: &Secrets) {
        let mut last = None;
        for entry in &mut self.0 {
            if let Entry::Step(waiter, _, done) = entry
                && *waiter == Some(of)
            {
                *waiter = None;
                **done = masked(done, secrets, &mut last);
            }
        }
    }

    /// Notes something that is no step of a flow: why a refresh began, how it ended.
    pub fn note(&mut self, id: &'static str, text: &str, at: UnixMillis) {
        self.note_with(id, text, Map::new(), None, at);
    }

    /// The same with what there is to say of it, and why it failed; both masked.
    pub fn note_with(&mut self, id: &'static str, text: &str, scope: Map, error: Option<&AuthError>, at: UnixMillis) {
        let mut step = begun(id, "note", at);
        step.set_number("ms", 0.0);
        step.set_text("reason", text);
        step.set("scope", Value::Map(scope));
        set_error(&mut step, error);
        self.push(Entry::Note(Value::Map(step)));
    }

    /// The same, where it has not been noted yet.
    pub fn note_once(&mut self, id: &'static str, text: &str, at: UnixMillis) {
        let reason = |entry: &Entry| match entry {
            Entry::Note(note) => note.member("reason").and_then(Value::as_text) == Some(text),
            Entry::Step(..) => false,
        };
        if !self.0.iter().any(reason) {
            self.note(id, text, at);
        }
    }

    fn push(&mut self, step: Entry) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(step);
    }
}

/// A step in the shape of `test()` with its secrets.
pub fn open(done: &Done, flow: &'static str) -> Value {
    to_value(done, flow, Value::Map(done.scope.to_map()))
}

/// A step that did not even begin, in that shape.
pub fn unbegun(id: &str, kind: StepKind, flow: &'static str, at: UnixMillis) -> Value {
    let mut step = begun(id, kind.as_str(), at);
    step.set_text("flow", flow);
    step.set_number("ms", 0.0);
    step.set("scope", Value::Map(Map::new()));
    Value::Map(step)
}

/// Says of the last of these steps why all of them came to nothing, unless one has failed by itself.
pub fn tell_why(steps: &mut [Value], error: &AuthError) {
    if let Some(Value::Map(last)) = steps.last_mut()
        && last.get("error").is_none()
    {
        set_error(last, Some(error));
    }
}

/// Steps of one flow in that shape without them.
pub fn closed(steps: &[Done], flow: &'static str, secrets: &Secrets) -> Vec<Value> {
    let (mut closed, mut last) = (Vec::new(), None);
    for done in steps {
        closed.push(shown(&masked(done, secrets, &mut last), flow));
    }
    closed
}

/// A step that is masked, in that shape.
fn shown(done: &Done, flow: &'static str) -> Value {
    to_value(done, flow, Value::Map(excerpt(&done.scope.to_map())))
}

/// A step without secrets; see [`Scope::masked`].
fn masked(done: &Done, secrets: &Secrets, last: &mut Option<(Scope, Scope)>) -> Done {
    let mut masked = done.clone();
    masked.scope = done.scope.masked(secrets, last);
    if let Some(error) = &mut masked.error {
        let error = error.data_mut();
        error.message = secrets.mask_text(&error.message).into();
    }
    masked
}

/// A finished step as `test()` and `trace()` give it.
fn to_value(done: &Done, flow: &'static str, scope: Value) -> Value {
    let mut step = begun(&done.id, done.kind.as_str(), done.at);
    step.set_text("flow", flow);
    step.set_number("ms", done.ended_at.since(done.at).0 as f64);
    if let Some(status) = done.status {
        step.set_number("status", f64::from(status));
    }
    step.set("scope", scope);
    set_error(&mut step, done.error.as_ref().map(Sensitive::data));
    Value::Map(step)
}

/// What every step is told with.
fn begun(id: &str, kind: &str, at: UnixMillis) -> Map {
    let mut step = Map::new();
    step.set_text("id", id);
    step.set_text("kind", kind);
    step.set_number("at", at.0 as f64);
    step
}

/// Why a step failed, where it did.
fn set_error(step: &mut Map, error: Option<&AuthError>) {
    let Some(error) = error else { return };
    let mut map = Map::new();
    map.set_text("code", error.code.as_str());
    map.set_text("message", &error.message);
    step.set("error", Value::Map(map));
}
