//! Traces: what happened and when, secrets masked.

use super::error::AuthError;
use super::lite::text::{concat, start};
use super::redact::Secrets;
use super::secret::Sensitive;
use super::time::UnixMillis;
use super::value::{Map, Value};
use super::vocabulary::StepKind;
use super::waits::Waiter;

/// How many steps are remembered.
const KEPT: usize = 100;

/// Longer texts are cut in traces.
const LONGEST: usize = 500;

/// So much of a step's scope is kept, in bytes of texts and a few for each other value.
const LARGEST: usize = 16_000;

/// What stands for what was left out.
const CUT: &str = "…";

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
    /// The scope after it; not yet masked.
    pub scope: Sensitive<Map>,
    /// Why it failed; not yet masked.
    pub error: Option<Sensitive<AuthError>>,
}

/// One of the last steps.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    /// As `trace()` gives it.
    Shown(Value),
    /// A step of a flow under way, not yet masked: whose, and of which flow.
    Fresh(Waiter, &'static str, Box<Done>),
}

/// The last steps. Those of a flow are masked when it is at its end, all by the same words, or when somebody looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace(Vec<Entry>);

impl Trace {
    /// The steps, oldest first, in the shape that `trace()` gives.
    pub fn steps(&self, secrets: &Secrets) -> Vec<Value> {
        let mut steps = Vec::new();
        for entry in &self.0 {
            steps.push(match entry {
                Entry::Shown(step) => secrets.mask(step),
                Entry::Fresh(_, flow, done) => masked(done, flow, secrets),
            });
        }
        steps
    }

    /// Takes in steps of a flow under way.
    pub fn report(&mut self, of: Waiter, flow: &'static str, done: Vec<Done>) {
        for done in done {
            self.push(Entry::Fresh(of, flow, Box::new(done)));
        }
    }

    /// Masks the steps of a flow that is at its end.
    pub fn seal(&mut self, of: Waiter, secrets: &Secrets) {
        for entry in &mut self.0 {
            if let Entry::Fresh(waiter, flow, done) = entry
                && *waiter == of
            {
                *entry = Entry::Shown(masked(done, flow, secrets));
            }
        }
    }

    /// The same, where they are masked already.
    pub fn seal_as(&mut self, of: Waiter, shown: &[Value]) {
        let fresh = self.0.iter_mut().rev().filter(|entry| matches!(entry, Entry::Fresh(waiter, ..) if *waiter == of));
        for (entry, step) in fresh.zip(shown.iter().rev()) {
            *entry = Entry::Shown(step.clone());
        }
    }

    /// Notes something that is no step of a flow: why a refresh began, how it ended.
    pub fn note(&mut self, id: &'static str, text: &str, at: UnixMillis) {
        self.note_with(id, text, Map::new(), None, at);
    }

    /// The same with what there is to say of it, and why it failed; both masked.
    pub fn note_with(&mut self, id: &'static str, text: &str, scope: Map, error: Option<&AuthError>, at: UnixMillis) {
        let mut step = Map::new();
        step.set_text("id", id);
        step.set_text("kind", "note");
        step.set_number("at", at.0 as f64);
        step.set_number("ms", 0.0);
        step.set_text("reason", text);
        step.set("scope", Value::Map(scope));
        set_error(&mut step, error, None);
        self.push(Entry::Shown(Value::Map(step)));
    }

    /// The same, where it has not been noted yet.
    pub fn note_once(&mut self, id: &'static str, text: &str, at: UnixMillis) {
        let reason = |entry: &Entry| match entry {
            Entry::Shown(step) => step.member("reason").and_then(Value::as_text) == Some(text),
            Entry::Fresh(..) => false,
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
    to_value(done, flow, Value::Map(done.scope.data().clone()), None)
}

/// The same without them.
pub fn masked(done: &Done, flow: &'static str, secrets: &Secrets) -> Value {
    let scope = excerpt(&Value::Map(secrets.mask_map(done.scope.data())), &mut { LARGEST });
    to_value(done, flow, scope, Some(secrets))
}

/// A finished step as `test()` and `trace()` give it.
fn to_value(done: &Done, flow: &'static str, scope: Value, secrets: Option<&Secrets>) -> Value {
    let mut step = Map::new();
    step.set_text("id", done.id.as_str());
    step.set_text("kind", done.kind.as_str());
    step.set_text("flow", flow);
    step.set_number("at", done.at.0 as f64);
    step.set_number("ms", done.ended_at.since(done.at).0 as f64);
    if let Some(status) = done.status {
        step.set_number("status", f64::from(status));
    }
    step.set("scope", scope);
    set_error(&mut step, done.error.as_ref().map(Sensitive::data), secrets);
    Value::Map(step)
}

/// Why a step failed, where it did.
fn set_error(step: &mut Map, error: Option<&AuthError>, secrets: Option<&Secrets>) {
    let Some(error) = error else { return };
    let mut map = Map::new();
    map.set_text("code", error.code.as_str());
    match secrets {
        Some(secrets) => map.set_text("message", &secrets.mask_text(&error.message)),
        None => map.set_text("message", &error.message),
    }
    step.set("error", Value::Map(map));
}

/// The beginning of a value, so that a trace of a hundred steps stays small: long texts are cut, and what is past the room
/// is left out.
fn excerpt(value: &Value, room: &mut usize) -> Value {
    *room = room.saturating_sub(8);
    match value {
        _ if *room == 0 => Value::from(CUT),
        Value::Text(text) => {
            let cut = start(text, LONGEST.min(*room));
            *room -= cut.len();
            if cut.len() == text.len() { value.clone() } else { Value::Text(concat(&[cut, CUT])) }
        }
        Value::List(items) => {
            let mut list = Vec::new();
            for item in items {
                list.push(excerpt(item, room));
                if *room == 0 {
                    break;
                }
            }
            Value::List(list)
        }
        Value::Map(members) => {
            let mut map = Map::new();
            for (key, member) in members {
                *room = room.saturating_sub(key.len());
                map.push(key.clone(), excerpt(member, room));
                if *room == 0 {
                    break;
                }
            }
            Value::Map(map)
        }
        other => other.clone(),
    }
}
