//! Flows as they are given, checked: a bad one fails when it is given, not when a user signs in.

use super::super::error::AuthError;
use super::super::http::{Credentials, origin_from, to_text};
use super::super::redact::Secrets;
use super::super::section::{Faults, Place, Section};
use super::super::template::{Template, literal_prefix};
use super::super::time::Millis;
use super::super::value::{ForeignKind, Map, Value};
use super::form;
use crate::core::lite::json::number_to_text;
use crate::core::lite::text::concat;

/// A list of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// In the order in which they run.
    pub steps: Vec<Step>,
    needs_refresh_token: bool,
}

/// One step. What it is made of stays what it was given as, with templates in its strings.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name of its result in the scope.
    pub id: String,
    /// Skips the step when it is false; `undefined`: there is no condition.
    pub when: Value,
    /// What it does.
    pub kind: Kind,
    /// The endpoint, the query, the function or the variables.
    pub body: Value,
    /// The parameters of a query; `undefined`: it gets the inputs.
    pub params: Value,
    /// Which of its variables are secret: `true` or a list of names.
    secret: Value,
    /// The time limit; `None`: that of the session, or none for a form.
    pub limit: Option<Millis>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Sends one HTTP request.
    Request,
    /// Runs a query of the host's.
    Query,
    /// Calls `script(scope)`.
    Script,
    /// Defines variables.
    Define,
    /// Asks the user.
    Form,
    /// Calls `flow(inputs, scope)`: a flow that is a function.
    Call,
}

impl Kind {
    /// The kinds that a step of a list can have, in the order of [`Kind::WORDS`].
    const ALL: [Self; 5] = [Self::Request, Self::Query, Self::Script, Self::Define, Self::Form];

    /// The words for the kinds, in options and traces.
    const WORDS: [&str; 6] = ["request", "query", "script", "define", "form", "call"];

    /// What the names of results begin with.
    const PREFIXES: [&str; 6] = ["http", "query", "js", "define", "form", "js"];

    /// The word for it in traces.
    pub const fn as_str(self) -> &'static str {
        // There is a word for each kind.
        Self::WORDS[self as usize]
    }
}

/// The members of a step.
const STEP: [&str; 10] =
    ["when", "id", "timeoutSeconds", "params", "secret", "request", "query", "script", "define", "form"];

/// Names that have a meaning in every scope.
const TAKEN: [&str; 3] = ["inputs", "store", "session"];

impl Program {
    /// Checks a flow in any of its four forms.
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
        let mut needed = false;
        let see = &mut |template: &Template| needed |= needs_refresh_token(template);
        let kind = match flow {
            Value::Foreign(foreign) if foreign.kind() == ForeignKind::Function => Some(Kind::Call),
            Value::Foreign(foreign) if foreign.kind() == ForeignKind::Query => Some(Kind::Query),
            Value::Map(_) => {
                check_endpoint(flow, *place);
                place.check(flow, see);
                Some(Kind::Request)
            }
            _ => None,
        };
        let mut steps: Vec<Step> = Vec::new();
        if let Some(kind) = kind {
            steps.push(Step::new(kind, 1, flow));
        } else if let Value::List(items) = flow
            && !items.is_empty()
        {
            let mut counts = [0; 6];
            for (index, item) in items.iter().enumerate() {
                let place = place.item(index);
                if let Some(step) = Step::read(item, place, &mut counts, see) {
                    if steps.iter().any(|earlier| earlier.id == step.id) {
                        place.member("id").fail("another step has this id");
                    }
                    steps.push(step);
                }
            }
        } else {
            place.fail("must be a function, a query, an endpoint or a list of steps");
        }
        Self { steps, needs_refresh_token: needed }
    }

    /// Whether a template can't do without the refresh token.
    pub const fn needs_refresh_token(&self) -> bool {
        self.needs_refresh_token
    }

    /// Whether a step asks the user.
    pub fn asks(&self) -> bool {
        self.steps.iter().any(|step| step.kind == Kind::Form)
    }

    /// How long its steps may take together, where each without a limit of its own has this one.
    pub fn longest(&self, limit: Millis) -> Millis {
        let sum = |sum: u64, step: &Step| sum.saturating_add(step.limit.unwrap_or(limit).0);
        Millis(self.steps.iter().fold(0, sum))
    }

    /// Adds those of these variables that a step marks as secret.
    pub fn add_secrets(&self, variables: &Map, secrets: &mut Secrets) {
        for step in &self.steps {
            for (name, value) in variables.iter() {
                if step.hides(name) {
                    secrets.add(&to_text(value));
                }
            }
        }
    }

    /// The origins of its endpoints, as far as they are plain text; `base` is that of relative URLs.
    pub fn origins(&self, base: Option<&str>, found: &mut Vec<String>) {
        for step in &self.steps {
            let (Kind::Request, Some(Value::Text(url))) = (step.kind, step.body.member("url")) else { continue };
            let text = literal_prefix(url);
            // The origin must be whole within the literal text: `https://api.` could become anything.
            let slashes = text.bytes().filter(|byte| *byte == b'/').count();
            if text.len() < url.len() && slashes < 3 && !text.starts_with("/") {
                continue;
            }
            if let Some(origin) = origin_from(text, base)
                && !found.contains(&origin)
            {
                found.push(origin);
            }
        }
    }
}

fn needs_refresh_token(template: &Template) -> bool {
    let mut needed = false;
    template.uses(&mut |used| {
        let is_refresh = matches!(used.member, Some("refreshToken" | "refreshtoken" | "refresh_token"));
        needed |= used.required && is_refresh && matches!(used.root, "session" | "inputs");
    });
    needed
}

impl Step {
    fn new(kind: Kind, number: u32, body: &Value) -> Self {
        // There is a prefix for each kind.
        let id = concat(&[Kind::PREFIXES[kind as usize], &number_to_text(f64::from(number))]);
        let none = Value::Undefined;
        Self { id, when: none.clone(), kind, body: body.clone(), params: none.clone(), secret: none, limit: None }
    }

    /// Whether it defines this variable as a secret.
    fn hides(&self, name: &str) -> bool {
        let marked = match &self.secret {
            Value::List(names) => names.iter().any(|marked| marked.as_text() == Some(name)),
            all => all.is_truthy(),
        };
        marked && self.body.member(name).is_some()
    }

    /// Checks one step of a list, and shows its templates to `see`; `counts` are those of the kinds so far.
    fn read(item: &Value, place: Place<'_>, counts: &mut [u32; 6], see: &mut dyn FnMut(&Template)) -> Option<Self> {
        let section = Section::open(item, place, &STEP);
        let mut given = Kind::ALL.iter().copied().filter(|kind| section.has(kind.as_str()));
        let (Some(kind), None) = (given.next(), given.next()) else {
            place.fail("a step is one of form, request, query, script, define");
            return None;
        };
        let body = section.get(kind.as_str());
        let at = place.member(kind.as_str());
        match (kind, body) {
            (Kind::Request, _) => check_endpoint(body, at),
            (Kind::Form, _) => form::check(body, at),
            (Kind::Query, Value::Text(_)) => {}
            (Kind::Query, Value::Foreign(query)) if query.kind() != ForeignKind::Other => {}
            (Kind::Script, Value::Foreign(script)) if script.kind() == ForeignKind::Function => {}
            (Kind::Define, Value::Map(variables)) => {
                for (name, value) in variables {
                    if !is_name(name) {
                        at.member(name).fail("a variable's name is letters, digits and _, and begins with no digit");
                    }
                    if value.as_text().is_none() {
                        at.member(name).fail("must be a text, with or without an expression");
                    }
                }
            }
            (Kind::Query, _) => at.fail("must be a query of the host's or its name"),
            (Kind::Define, _) => at.fail("must be an object of variables"),
            _ => at.fail("must be a function"),
        }
        if matches!(kind, Kind::Request | Kind::Define | Kind::Form) {
            at.check(body, see);
        }
        for key in &["params", "when"] {
            place.member(key).check(section.get(key), see);
        }
        // There is a count for each kind.
        let count = &mut counts[kind as usize];
        *count += 1;
        let mut step = Self::new(kind, *count, body);
        if let Some(id) = section.text("id") {
            step.id = id.to_owned();
            if TAKEN.contains(&id) {
                section.fail("id", "inputs, store and session have a meaning already");
            }
        }
        step.params = section.get("params").clone();
        if kind != Kind::Query && section.has("params") {
            section.fail("params", "only a query has params");
        }
        step.limit = section.number("timeoutSeconds", 0.001).map(Millis::from_seconds);
        step.secret = section.get("secret").clone();
        if !matches!(step.secret, Value::Undefined | Value::Bool(_)) {
            for (index, name) in section.texts("secret").iter().flatten().enumerate() {
                if !step.hides(name) {
                    place.member("secret").item(index).fail("the step defines no such variable");
                }
            }
        }
        if kind != Kind::Define && section.has("secret") {
            section.fail("secret", "only variables are marked as secret");
        }
        step.when = section.get("when").clone();
        if !matches!(step.when, Value::Undefined | Value::Text(_)) {
            section.fail("when", "must be a text with an expression");
        }
        Some(step)
    }
}

fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        && !TAKEN.contains(&name)
}

/// Checks one request, but for the templates in it.
fn check_endpoint(value: &Value, place: Place<'_>) {
    let section =
        Section::open(value, place, &["url", "method", "headers", "query", "json", "form", "body", "credentials"]);
    if section.text("url").is_none() {
        section.fail("url", "must be a text that is not empty");
    }
    let mut bodies = BODIES.iter().filter(|key| section.has(key));
    let (body, extra) = (bodies.next(), bodies.next());
    if let Some(extra) = extra {
        section.fail(extra, "a request has one body: json, form or body");
    }
    section.map("query");
    section.map("form");
    if !matches!(section.get("body"), Value::Undefined | Value::Text(_)) {
        section.fail("body", "must be a text");
    }
    let method = section.text("method").map(str::to_ascii_uppercase);
    if body.is_some() && matches!(method.as_deref(), Some("GET" | "HEAD")) {
        section.fail("method", "GET and HEAD have no body");
    }
    section.word("credentials", &Credentials::WORDS);
    section.headers();
}

/// The members of an endpoint that are its body.
static BODIES: [&str; 3] = ["json", "form", "body"];

#[cfg(test)]
mod tests;
