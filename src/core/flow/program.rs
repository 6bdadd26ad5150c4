//! Flows as they are given, parsed: a bad one fails when it is given, not when a user signs in.

mod needs;

use super::define::Define;
use super::endpoint::{Endpoint, expression};
use super::form::Form;
use super::step::Query;
use crate::core::error::AuthError;
use crate::core::lite::json::number_to_text;
use crate::core::lite::text::concat;
use crate::core::oauth::authorize::Authorize;
use crate::core::redact::Secrets;
use crate::core::section::{Faults, Place, Section};
use crate::core::template::{Shape, Template};
use crate::core::time::Millis;
use crate::core::value::{ForeignKind, HostRef, Map, Value};
use crate::core::vocabulary::{SCOPE, STEP, StepKind};

/// A list of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// In the order in which they run.
    pub steps: Vec<Step>,
    needs_refresh_token: bool,
    needs_metadata: bool,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name of its result in the scope.
    pub id: String,
    /// Skips the step when it is false; `None`: there is no condition.
    pub when: Option<Template>,
    /// The time limit; `None`: that of the session, or none for a form.
    pub limit: Option<Millis>,
    /// What it does.
    pub action: Action,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Asks the user.
    Form(Form),
    /// Sends one HTTP request.
    Request(Box<Endpoint>),
    /// Runs a query of the host's with these parameters; `None`: it gets the inputs.
    Query(Query, Option<Shape>),
    /// Calls `script(scope)`.
    Script(HostRef),
    /// Calls `flow(inputs, scope)`: a flow that is a function.
    Call(HostRef),
    /// Defines variables.
    Define(Define),
    /// Sends the user to a server that sends them back.
    Authorize(Box<Authorize>),
}

impl Action {
    /// The word for it in traces.
    pub const fn kind(&self) -> StepKind {
        match self {
            Self::Form(_) => StepKind::Form,
            Self::Request(_) => StepKind::Request,
            Self::Query(..) => StepKind::Query,
            Self::Script(_) => StepKind::Script,
            Self::Call(_) => StepKind::Call,
            Self::Define(_) => StepKind::Define,
            Self::Authorize(_) => StepKind::Authorize,
        }
    }
}

impl Program {
    /// Parses a flow in any of its four forms.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn parse(flow: &Value, path: &str) -> Result<Self, AuthError> {
        let faults = Faults::default();
        let program = Self::read(flow, &Place::root(path, &faults));
        faults.verdict().map(|()| program)
    }

    /// As [`Program::parse`], within options.
    pub fn read(flow: &Value, place: &Place<'_>) -> Self {
        let mut steps = Vec::new();
        match flow {
            Value::List(items) if !items.is_empty() => steps = read_steps(items, place),
            _ => {
                if let Some(action) = only_action(flow, place) {
                    steps.push(Step::new(action, 1));
                }
            }
        }
        let mut program = Self { steps, needs_refresh_token: false, needs_metadata: false };
        program.find_needs();
        program
    }

    /// The step that sends the user away, where there is one.
    pub fn authorize(&self) -> Option<&Authorize> {
        self.steps.iter().find_map(|step| match &step.action {
            Action::Authorize(authorize) => Some(&**authorize),
            _ => None,
        })
    }

    /// Whether the first thing that a user sees is a window of its own.
    pub fn begins_with_popup(&self) -> bool {
        let seen = |step: &&Step| matches!(step.action, Action::Form(_) | Action::Authorize(_));
        let first = self.steps.iter().find(seen);
        first.is_some_and(|step| matches!(&step.action, Action::Authorize(authorize) if authorize.popup))
    }

    /// Whether a step asks the user.
    pub fn asks(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.action, Action::Form(_)))
    }

    /// How long its steps may take together, where each without a limit of its own has this one.
    pub fn longest(&self, limit: Millis) -> Millis {
        let sum = |sum: u64, step: &Step| sum.saturating_add(step.limit.unwrap_or(limit).0);
        Millis(self.steps.iter().fold(0, sum))
    }

    /// Adds those of these variables, and of what was entered into these forms, that a step marks as secret.
    pub fn add_secrets(&self, found: &Map, secrets: &mut Secrets) {
        for step in &self.steps {
            match &step.action {
                Action::Define(define) => define.add_secrets(found, secrets),
                Action::Form(form) => form.add_secrets(found.get(&step.id), secrets),
                _ => {}
            }
        }
    }

    /// Adds the origins of its endpoints, as far as they are plain text; `base` is that of relative URLs.
    pub fn add_origins(&self, base: Option<&str>, found: &mut Vec<String>) {
        for step in &self.steps {
            let Action::Request(endpoint) = &step.action else { continue };
            if let Some(origin) = endpoint.origin(base)
                && !found.contains(&origin)
            {
                found.push(origin);
            }
        }
    }
}

/// What a flow that is no list does.
fn only_action(flow: &Value, place: &Place<'_>) -> Option<Action> {
    match flow {
        Value::Foreign(function) if function.kind() == ForeignKind::Function => Some(Action::Call(function.clone())),
        Value::Foreign(query) if query.kind() == ForeignKind::Query => {
            Some(Action::Query(Query::Given(query.clone()), None))
        }
        Value::Map(_) => Endpoint::parse(flow, *place).map(|endpoint| Action::Request(Box::new(endpoint))),
        _ => {
            place.fail("must be a function, a query, an endpoint or a list of steps");
            None
        }
    }
}

fn read_steps(items: &[Value], place: &Place<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut counts = [0; StepKind::ALL.len()];
    for (index, item) in items.iter().enumerate() {
        let place = place.item(index);
        if let Some(step) = Step::read(item, place, &mut counts) {
            if steps.iter().any(|earlier| earlier.id == step.id) {
                place.member("id").fail("another step has this id");
            }
            steps.push(step);
        }
    }
    steps
}

impl Step {
    fn new(action: Action, number: u32) -> Self {
        let id = concat(&[action.kind().prefix(), &number_to_text(f64::from(number))]);
        Self { id, when: None, limit: None, action }
    }

    /// Reads one step of a list; `counts` are those of the kinds so far.
    fn read(item: &Value, place: Place<'_>, counts: &mut [u32]) -> Option<Self> {
        let section = Section::open(item, place, &STEP);
        let is_given = |kind: &StepKind| *kind != StepKind::Call && section.has(kind.as_str());
        let mut given = StepKind::ALL.iter().copied().filter(is_given);
        let (Some(kind), None) = (given.next(), given.next()) else {
            place.fail("a step is one of form, request, query, script, define, authorize");
            return None;
        };
        let action = read_action(kind, &section);
        if kind != StepKind::Query && section.has("params") {
            section.fail("params", "only a query has params");
        }
        if kind != StepKind::Define && section.has("secret") {
            section.fail("secret", "only variables are marked as secret");
        }
        // There is a count for each kind.
        let count = &mut counts[kind as usize];
        *count += 1;
        let mut step = Self::new(action?, *count);
        if let Some(id) = section.text("id") {
            step.id = id.to_owned();
            section.check_key("id");
            if SCOPE.contains(&id) {
                section.fail("id", "inputs, store, session, metadata and redirectUri have a meaning already");
            }
        }
        step.limit = section.number("timeoutSeconds", 0.001).map(Millis::from_seconds);
        step.when = match section.get("when") {
            Value::Undefined | Value::Text(_) => expression(&section, "when"),
            _ => {
                section.fail("when", "must be a text with an expression");
                None
            }
        };
        Some(step)
    }
}

fn read_action(kind: StepKind, section: &Section<'_>) -> Option<Action> {
    let body = section.get(kind.as_str());
    let at = section.place.member(kind.as_str());
    match (kind, body) {
        (StepKind::Request, _) => Endpoint::parse(body, at).map(|endpoint| Action::Request(Box::new(endpoint))),
        (StepKind::Form, _) => Some(Action::Form(Form::parse(body, at))),
        (StepKind::Authorize, _) => Some(Action::Authorize(Box::new(Authorize::parse(body, at)))),
        (StepKind::Query, _) => {
            let query = match body {
                Value::Text(name) => Query::Named(name.clone()),
                Value::Foreign(query) if query.kind() != ForeignKind::Other => Query::Given(query.clone()),
                _ => {
                    at.fail("must be a query of the host's or its name");
                    return None;
                }
            };
            let params = section.get("params");
            let params = section.has("params").then(|| Shape::parse(params, &section.place.member("params")));
            Some(Action::Query(query, params))
        }
        (StepKind::Define, Value::Map(variables)) => Some(Action::Define(Define::read(variables, at, section))),
        (StepKind::Define, _) => {
            at.fail("must be an object of variables");
            None
        }
        (_, Value::Foreign(script)) if script.kind() == ForeignKind::Function => Some(Action::Script(script.clone())),
        _ => {
            at.fail("must be a function");
            None
        }
    }
}

#[cfg(test)]
mod tests;
