//! The run of a flow: one step after the other, each asked of the shell and answered once.

use std::rc::Rc;

use super::super::error::{AuthError, Code};
use super::super::failure::Failure;
use super::super::http::{
    Credentials, HttpRequest, HttpResponse, Purpose, encode_form, has_header, refusal, to_text, with_query,
};
use super::super::platform::Platform;
use super::super::redact::Secrets;
use super::super::time::{Millis, UnixMillis};
use super::super::token::Answer;
use super::super::value::{HostRef, Map, Value};
use super::form::{self, Again};
use super::program::{Kind, Program, Step};
use super::scope::{Ambient, FlowScope};
use super::shape::{fill, fill_map};
use crate::core::lite::json::json_to_text;

/// What the flow is waiting for.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    /// The response to a request.
    Http(HttpRequest),
    /// The data of a query of the host's: the query or its name, and its parameters.
    Query(Value, Value),
    /// The value of a function, called with these arguments.
    Call(HostRef, Vec<Value>),
    /// What the user enters into this form.
    Prompt(Value),
}

/// What the shell found out.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A response, whatever its status.
    Http(HttpResponse),
    /// What a query or a function gave.
    Value(Value),
    /// What was entered, and whether the form can be asked again and say what was wrong.
    Entered(Value, bool),
    /// What a host threw, or why a request never got through.
    Failed(Failure),
    /// The time limit passed.
    TimedOut,
}

/// How far a flow has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// It waits.
    Wants(Want),
    /// It is done: see [`Run::answer`].
    Done,
    /// A step failed.
    Failed(AuthError),
}

/// A finished step, for traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The step's id.
    pub id: String,
    /// The word for what it does.
    pub kind: &'static str,
    /// When it began.
    pub at: UnixMillis,
    /// When it ended.
    pub ended_at: UnixMillis,
    /// The status of its response.
    pub status: Option<u16>,
    /// The scope after it; not yet masked.
    pub scope: Map,
    /// Why it failed.
    pub error: Option<AuthError>,
}

/// A flow under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    program: Rc<Program>,
    purpose: Purpose,
    inputs: Value,
    next: usize,
    results: Map,
    variables: Map,
    answer: Value,
    server_date: Option<UnixMillis>,
    began_at: UnixMillis,
    /// The last form that can be asked again.
    askable: Option<usize>,
    again: Option<Again>,
    /// Whether the user was asked.
    pub has_asked: bool,
    /// The steps that ended since the last look.
    pub log: Vec<Done>,
}

impl Run {
    /// A run that has not begun: call [`Run::advance`].
    #[inline(never)]
    pub fn new(program: Rc<Program>, purpose: Purpose, inputs: Value, now: UnixMillis) -> Box<Self> {
        Box::new(Self {
            program,
            purpose,
            inputs,
            next: 0,
            results: Map::new(),
            variables: Map::new(),
            answer: Value::Undefined,
            server_date: None,
            began_at: now,
            askable: None,
            again: None,
            has_asked: false,
            log: Vec::new(),
        })
    }

    /// Adds the secret ones among the inputs, the variables and the results.
    pub fn add_secrets(&self, secrets: &mut Secrets) {
        secrets.add_members(&self.inputs);
        secrets.add_members_of(&self.variables);
        secrets.add_members_of(&self.results);
        secrets.add_members(&self.answer);
        self.program.add_secrets(&self.variables, secrets);
        for step in self.program.steps.iter().filter(|step| step.kind == Kind::Form) {
            if let Some(values) = self.results.get(&step.id) {
                form::add_secrets(&step.body, values, secrets);
            }
        }
    }

    /// Goes back to the last form, if it can say what the server found wrong; then [`Run::advance`] asks it again.
    pub fn ask_again(&mut self, error: &AuthError) -> bool {
        let Some(at) = self.askable.take() else { return false };
        // What was found out since then is out of date.
        let mut undone = self.program.steps.iter().skip(at).map(|step| self.results.remove(&step.id));
        let values = undone.next().flatten().unwrap_or_default();
        undone.for_each(drop);
        self.again = Some(Again { error: error.clone(), values });
        self.next = at;
        true
    }

    /// The time limit of the step that waits: its own, none for a form, else this one.
    pub fn limit(&self, usual: Millis) -> Option<Millis> {
        match self.program.steps.get(self.next) {
            Some(Step { limit: Some(limit), .. }) => Some(*limit),
            Some(Step { kind: Kind::Form, .. }) => None,
            _ => Some(usual),
        }
    }

    /// The result of the last request.
    pub fn response(&self) -> &Value {
        let requests = self.program.steps.iter().rev().filter(|step| step.kind == Kind::Request);
        requests.filter_map(|step| self.results.get(&step.id)).next().unwrap_or(&Value::Undefined)
    }

    /// What the flow gave, received now.
    pub const fn answer(&self, now: UnixMillis) -> Answer<'_> {
        Answer { value: &self.answer, variables: &self.variables, server_date: self.server_date, received_at: now }
    }

    /// Runs steps until one must wait.
    pub fn advance(&mut self, ambient: Ambient<'_>) -> Progress {
        let program = Rc::clone(&self.program);
        while let Some(step) = program.steps.get(self.next) {
            self.began_at = ambient.now;
            match self.begin(step, ambient) {
                Ok(Some(want)) => return Progress::Wants(want),
                Ok(None) => self.next += 1,
                Err(error) => return Progress::Failed(self.failed(step, error, ambient)),
            }
        }
        Progress::Done
    }

    /// Takes what the shell found out for the step that waits, and goes on.
    pub fn resume(&mut self, found: Found, ambient: Ambient<'_>, platform: Platform) -> Progress {
        let program = Rc::clone(&self.program);
        let Some(step) = program.steps.get(self.next) else { return Progress::Done };
        match self.take(step, found, ambient.now, platform) {
            Ok((result, status)) => {
                self.results.set(step.id.as_str(), result);
                self.record(step, status, None, ambient);
                self.next += 1;
                self.advance(ambient)
            }
            Err(error) => Progress::Failed(self.failed(step, error, ambient)),
        }
    }

    /// Begins a step; `None` when there is nothing to wait for.
    fn begin(&mut self, step: &Step, ambient: Ambient<'_>) -> Result<Option<Want>, AuthError> {
        let scope = self.scope(ambient);
        if !matches!(step.when, Value::Undefined) && !fill(&step.when, &scope)?.is_truthy() {
            return Ok(None);
        }
        Ok(Some(match (step.kind, &step.body) {
            (Kind::Request, Value::Map(endpoint)) => Want::Http(request(endpoint, &scope)?),
            (Kind::Form, asked) => {
                let asked = form::to_ask(asked, self.again.as_ref(), &scope)?;
                self.again = None;
                self.has_asked = true;
                Want::Prompt(asked)
            }
            (Kind::Query, query) => {
                let params = match &step.params {
                    Value::Undefined => self.inputs.clone(),
                    params => fill(params, &scope)?,
                };
                Want::Query(query.clone(), params)
            }
            (Kind::Script, Value::Foreign(script)) => Want::Call(script.clone(), vec![Value::Map(scope.to_map())]),
            (Kind::Call, Value::Foreign(function)) => {
                Want::Call(function.clone(), vec![self.inputs.clone(), Value::Map(scope.to_map())])
            }
            (_, Value::Map(definitions)) => {
                let defined = fill_map(definitions, &scope)?;
                self.variables.extend(&defined);
                self.record(step, None, None, ambient);
                return Ok(None);
            }
            // The program was checked: nothing else comes here.
            _ => return Ok(None),
        }))
    }

    const fn scope<'a>(&'a self, ambient: Ambient<'a>) -> FlowScope<'a> {
        FlowScope {
            ambient,
            inputs: &self.inputs,
            results: &self.results,
            variables: &self.variables,
            bare_names: false,
        }
    }

    /// The result of a step and, for a request, its status.
    fn take(
        &mut self,
        step: &Step,
        found: Found,
        now: UnixMillis,
        platform: Platform,
    ) -> Result<(Value, Option<u16>), AuthError> {
        let fallback = if step.kind == Kind::Script { Code::Step } else { Code::Host };
        match found {
            Found::Http(response) => {
                self.server_date = response.date(platform);
                if !response.is_ok() {
                    let retry_at = response.retry_after(platform, now);
                    let mut error = refusal(response.status, response.body, self.purpose);
                    error.retry_at = retry_at;
                    return Err(error);
                }
                self.answer = response.body.clone();
                let status = response.status;
                Ok((response.into_scope(), Some(status)))
            }
            Found::Value(value) => {
                self.answer = value.clone();
                Ok((value, None))
            }
            Found::Entered(values @ Value::Map(_), again) => {
                self.askable = again.then_some(self.next);
                self.answer = values.clone();
                Ok((values, None))
            }
            Found::Entered(Value::Undefined | Value::Null, _) => {
                Err(AuthError::new(Code::Cancelled, "the form was closed"))
            }
            Found::Entered(..) => {
                Err(AuthError::new(Code::Host, "prompt must give an object of values, or null").at("host.prompt"))
            }
            Found::Failed(failure) => {
                let fallback = if step.kind == Kind::Request { Code::Unreachable } else { fallback };
                Err(failure.classify(self.purpose, fallback))
            }
            Found::TimedOut if step.kind == Kind::Request => {
                Err(AuthError::new(Code::Unreachable, "the server did not answer in time"))
            }
            Found::TimedOut => Err(AuthError::new(Code::Timeout, "the host did not answer in time")),
        }
    }

    fn failed(&mut self, step: &Step, mut error: AuthError, ambient: Ambient<'_>) -> AuthError {
        error.step_id.get_or_insert_with(|| step.id.clone());
        self.record(step, error.status, Some(error.clone()), ambient);
        error
    }

    fn record(&mut self, step: &Step, status: Option<u16>, error: Option<AuthError>, ambient: Ambient<'_>) {
        let scope = self.scope(ambient).to_map();
        self.log.push(Done {
            id: step.id.clone(),
            kind: step.kind.as_str(),
            at: self.began_at,
            ended_at: ambient.now,
            status,
            scope,
            error,
        });
    }
}

/// The request of an endpoint in this scope.
fn request(endpoint: &Map, scope: &FlowScope<'_>) -> Result<HttpRequest, AuthError> {
    let filled = fill_map(endpoint, scope)?;
    let member = |key| filled.get(key).unwrap_or(&Value::Undefined);
    let given = |key| matches!(endpoint.get(key), Some(value) if !matches!(value, Value::Undefined));
    let mut url = to_text(member("url"));
    if let Value::Map(query) = member("query") {
        url = with_query(&url, query);
    }
    let mut headers = header_list(member("headers").as_map(), Code::Step)?;
    let (body, content_type) = match member("form") {
        Value::Map(form) => (Some(encode_form(form)), "application/x-www-form-urlencoded"),
        _ if given("json") => {
            let mut body = String::new();
            json_to_text(member("json"), &mut body);
            (Some(body), "application/json")
        }
        _ if given("body") => (Some(to_text(member("body"))), ""),
        _ => (None, ""),
    };
    if !content_type.is_empty() && !has_header(&headers, "content-type") {
        headers.push(("Content-Type".to_owned(), content_type.to_owned()));
    }
    let method = match member("method") {
        Value::Undefined => if body.is_some() { "POST" } else { "GET" }.to_owned(),
        method => to_text(method).to_ascii_uppercase(),
    };
    let credentials = Credentials::of(member("credentials"));
    Ok(HttpRequest { url, method, headers, refuse_redirect: body.is_some(), body, credentials, csrf: None })
}

/// These members as header lines.
///
/// # Errors
/// `code` for a value with a line break in it.
pub fn header_list(members: Option<&Map>, code: Code) -> Result<Vec<(String, String)>, AuthError> {
    let mut headers = Vec::new();
    for (name, value) in members.into_iter().flatten() {
        let value = to_text(value);
        if value.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return Err(AuthError::new(code, "a header can't hold a line break").at(name.as_str()));
        }
        headers.push((name.clone(), value));
    }
    Ok(headers)
}
