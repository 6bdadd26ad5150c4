//! Traces: what happened and when, secrets masked.

use super::super::error::AuthError;
use super::super::flow::machine::{Done, Run};
use super::super::redact::Secrets;
use super::super::token::Tokens;
use super::super::value::{Map, Value};
use super::Session;
use crate::core::lite::text::{concat, start};

/// How many steps are remembered.
const KEPT: usize = 100;

/// Longer texts are cut in traces.
const LONGEST: usize = 500;

/// The last steps, in the shape that `trace()` gives.
#[derive(Debug, Default)]
pub(super) struct Trace(Vec<Value>);

impl Trace {
    fn push(&mut self, step: Value) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(step);
    }
}

impl Session {
    /// The last steps, oldest first.
    pub fn trace(&self) -> Value {
        Value::List(self.trace.0.clone())
    }

    /// All that must not be seen: the tokens, and the secret ones among inputs and variables.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        if let Some(tokens) = self.tokens() {
            secrets.add_tokens(tokens);
            secrets.add_members_of(&tokens.variables);
            for program in self.options.flows.iter().flatten() {
                program.add_secrets(&tokens.variables, &mut secrets);
            }
        }
        for task in &self.tasks {
            task.add_secrets(&mut secrets);
        }
        if let Some(flight) = &self.flight {
            flight.add_secrets(&mut secrets);
        }
        secrets
    }

    /// All that, and what a run has learned.
    pub(super) fn secrets_with(&self, run: &Run) -> Secrets {
        let mut secrets = self.secrets();
        run.add_secrets(&mut secrets);
        // The options may say that a token stands under a name that does not look secret.
        if let Ok(tokens) = Tokens::read(&run.answer(self.now), &self.options.tokens, self.platform) {
            secrets.add_tokens(&tokens);
        }
        secrets
    }

    /// Masks an error on its way out.
    pub(super) fn masked(&self, mut error: AuthError, secrets: Option<&Secrets>) -> AuthError {
        match secrets {
            Some(secrets) => secrets.mask_error(&mut error),
            None => self.secrets().mask_error(&mut error),
        }
        error
    }

    /// Moves the steps that a run has finished into the trace, and gives them in the shape of `test()`.
    pub(super) fn report(&mut self, run: &mut Run, flow: &'static str, open: bool) -> Vec<Value> {
        let done = std::mem::take(&mut run.log);
        if done.is_empty() {
            return Vec::new();
        }
        let secrets = self.secrets_with(run);
        let mut steps = Vec::new();
        for step in done {
            let masked = to_value(&step, flow, Some(&secrets));
            steps.push(if open { to_value(&step, flow, None) } else { masked.clone() });
            self.trace.push(masked);
        }
        steps
    }

    /// Notes something that is no step of a flow: why a refresh began, how it ended.
    pub(super) fn note(&mut self, id: &'static str, text: &str) {
        let mut step = Map::new();
        step.set("id", Value::from(id));
        step.set("kind", Value::from("note"));
        step.set("at", Value::Number(self.now.0 as f64));
        step.set("ms", Value::Number(0.0));
        step.set("reason", Value::from(text));
        step.set("scope", Value::Map(Map::new()));
        self.trace.push(Value::Map(step));
    }
}

/// A finished step as `test()` and `trace()` give it.
fn to_value(done: &Done, flow: &'static str, secrets: Option<&Secrets>) -> Value {
    let scope = match secrets {
        Some(secrets) => cut(Value::Map(secrets.mask_map(&done.scope))),
        None => Value::Map(done.scope.clone()),
    };
    let mut step = Map::new();
    step.set("id", Value::from(done.id.as_str()));
    step.set("kind", Value::from(done.kind));
    step.set("flow", Value::from(flow));
    step.set("at", Value::Number(done.at.0 as f64));
    step.set("ms", Value::Number(done.ended_at.since(done.at).0 as f64));
    if let Some(status) = done.status {
        step.set("status", Value::Number(f64::from(status)));
    }
    step.set("scope", scope);
    if let Some(error) = &done.error {
        let mut error = error.clone();
        if let Some(secrets) = secrets {
            secrets.mask_error(&mut error);
        }
        let mut map = Map::new();
        map.set("code", Value::from(error.code.as_str()));
        map.set("message", Value::from(error.message.as_ref()));
        step.set("error", Value::Map(map));
    }
    Value::Map(step)
}

/// Shortens long texts, so that a trace of a hundred steps stays small.
fn cut(value: Value) -> Value {
    match value {
        Value::Text(text) if text.len() > LONGEST => Value::Text(concat(&[start(&text, LONGEST), "…"])),
        Value::List(items) => Value::List(items.into_iter().map(cut).collect()),
        Value::Map(map) => {
            let members: Map = map.iter().map(|(key, member)| (key.clone(), cut(member.clone()))).collect();
            Value::Map(members)
        }
        other => other,
    }
}
