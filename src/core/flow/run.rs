//! The run of a flow: one step after the other, each asked of the shell and answered once. Plain data: the program stands
//! beside it.

use super::define::Define;
use super::form::Again;
use super::leaving::Leaving;
use super::program::{Action, Program, Step};
use super::scope::{Ambient, FlowScope};
use super::seen::Seen;
use super::step::{StepRequest, StepResult};
use crate::core::error::AuthError;
use crate::core::http::status::Purpose;
use crate::core::platform::Platform;
use crate::core::redact::Secrets;
use crate::core::secret::Sensitive;
use crate::core::time::{Millis, UnixMillis};
use crate::core::token::Answer;
use crate::core::trace::{Done, Layer};
use crate::core::value::{Map, Value};

/// How far a flow has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// It waits.
    Waits(StepRequest),
    /// It is done: see [`Run::answer`].
    Done,
    /// A step failed.
    Failed(AuthError),
}

/// A flow under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub(super) purpose: Purpose,
    pub(super) inputs: Sensitive<Value>,
    pub(super) next: usize,
    pub(super) results: Sensitive<Map>,
    pub(super) variables: Sensitive<Map>,
    pub(super) answer: Sensitive<Value>,
    /// The moment of the last answer by the server's clock, where it is shown.
    pub server_date: Option<UnixMillis>,
    /// Where its requests went.
    pub(super) origins: Vec<String>,
    pub(super) began_at: UnixMillis,
    /// The last form that can be asked again.
    pub(super) askable: Option<usize>,
    pub(super) again: Option<Again>,
    /// Whether the user was asked.
    pub has_asked: bool,
    /// How far it is with leaving its page.
    pub leaving: Leaving,
    /// The name of the key that its tokens are bound to.
    pub key: Option<String>,
    pub(super) seen: Seen,
}

impl Run {
    /// A run that has not begun: call [`Run::advance`].
    pub fn new(purpose: Purpose, inputs: Sensitive<Value>, now: UnixMillis) -> Self {
        Self {
            purpose,
            inputs,
            next: 0,
            results: Sensitive::default(),
            variables: Sensitive::default(),
            answer: Sensitive::default(),
            server_date: None,
            origins: Vec::new(),
            began_at: now,
            askable: None,
            again: None,
            has_asked: false,
            leaving: Leaving::No,
            key: None,
            seen: Seen::default(),
        }
    }

    /// Runs steps until one must wait; what ends on the way is added to `done`.
    pub fn advance(&mut self, program: &Program, ambient: Ambient<'_>, done: &mut Vec<Done>) -> Progress {
        while let Some(step) = program.steps.get(self.next) {
            self.began_at = ambient.now;
            match self.begin(step, ambient, done) {
                Ok(Some(request)) => return Progress::Waits(request),
                Ok(None) => self.next += 1,
                Err(error) => return Progress::Failed(self.failed(step, error, ambient, done)),
            }
        }
        Progress::Done
    }

    /// Takes what the shell found out for the step that waits (`None`: nothing in time), and goes on.
    pub fn resume(
        &mut self,
        program: &Program,
        result: Option<StepResult>,
        ambient: Ambient<'_>,
        platform: Platform,
        done: &mut Vec<Done>,
    ) -> Progress {
        let Some(step) = program.steps.get(self.next) else { return Progress::Done };
        if let (Action::Authorize(authorize), Some(StepResult::Http(response))) = (&step.action, &result) {
            let taken = match self.leaving.on_response(authorize, response.clone()) {
                Ok(Ok(request)) => return Progress::Waits(request),
                Ok(Err(response)) => self.take(step, Some(StepResult::Http(response)), ambient, platform),
                Err(error) => Err(error),
            };
            return match taken {
                Ok((response, _)) => self.arrive(program, step, Some(&response), ambient, done),
                Err(error) => Progress::Failed(self.failed(step, error, ambient, done)),
            };
        }
        match self.take(step, result, ambient, platform) {
            Ok((value, status)) => {
                self.end(step, value, status, ambient, done);
                self.next += 1;
                self.advance(program, ambient, done)
            }
            Err(error) => Progress::Failed(self.failed(step, error, ambient, done)),
        }
    }

    /// Goes back to the last form, if it can say what the server found wrong; then [`Run::advance`] asks it again.
    pub fn ask_again(&mut self, program: &Program, error: &AuthError) -> bool {
        let Some(at) = self.askable.take() else { return false };
        // What was found out since then is out of date.
        let results = self.results.data_mut();
        let mut undone = program.steps.iter().skip(at);
        let values = undone.next().and_then(|form| results.remove(&form.id)).unwrap_or_default();
        for step in undone {
            results.remove(&step.id);
        }
        self.seen = Seen::default();
        let (message, body) = (error.message.clone().into_owned(), error.body.clone());
        self.again = Some(Again { message, body, values: values.into() });
        self.next = at;
        true
    }

    /// The time limit of the step that waits: its own, none for a form, else this one.
    pub fn limit(&self, program: &Program, usual: Millis) -> Option<Millis> {
        match program.steps.get(self.next) {
            Some(Step { limit: Some(limit), .. }) => Some(*limit),
            Some(Step { action: Action::Form(_), .. }) => None,
            Some(Step { action: Action::Authorize(_), .. }) if matches!(self.leaving, Leaving::Gone(_)) => None,
            _ => Some(usual),
        }
    }

    /// What it was given.
    pub const fn inputs(&self) -> &Value {
        self.inputs.data()
    }

    /// Whether the step that waits is the last, and asks nobody.
    pub fn is_at_last_step(&self, program: &Program) -> bool {
        let mut rest = program.steps.iter().skip(self.next);
        rest.next().is_some_and(|step| !matches!(step.action, Action::Form(_)))
            && rest.all(|step| matches!(step.action, Action::Define(_)))
    }

    /// The result of the last request.
    pub fn response(&self, program: &Program) -> &Value {
        let requests = program.steps.iter().rev().filter(|step| matches!(step.action, Action::Request(_)));
        let results = self.results.data();
        requests.filter_map(|step| results.get(&step.id)).next().unwrap_or(&Value::Undefined)
    }

    /// What the flow gave, received now.
    pub const fn answer(&self, now: UnixMillis) -> Answer<'_> {
        Answer {
            value: self.answer.data(),
            variables: self.variables.data(),
            server_date: self.server_date,
            received_at: now,
        }
    }

    /// Adds the secret ones among the inputs, the variables and the results.
    pub fn add_secrets(&self, program: &Program, secrets: &mut Secrets) {
        secrets.add_members(self.inputs.data());
        secrets.add_members(self.answer.data());
        for found in [&self.variables, &self.results] {
            secrets.add_members_of(found.data());
            program.add_secrets(found.data(), secrets);
        }
    }

    /// The step `authorize` is done: what came back is its result, with the answer of the token endpoint.
    pub(super) fn arrive(
        &mut self,
        program: &Program,
        step: &Step,
        response: Option<&Value>,
        ambient: Ambient<'_>,
        done: &mut Vec<Done>,
    ) -> Progress {
        let status = response.and_then(|response| match response.member("status") {
            Some(Value::Number(status)) => Some(*status as u16),
            _ => None,
        });
        self.end(step, Value::Map(self.leaving.result(response)), status, ambient, done);
        self.next += 1;
        self.advance(program, ambient, done)
    }

    /// Begins a step; `None` when there is nothing to wait for.
    fn begin(
        &mut self,
        step: &Step,
        ambient: Ambient<'_>,
        done: &mut Vec<Done>,
    ) -> Result<Option<StepRequest>, AuthError> {
        let scope = self.scope(ambient);
        if let Some(when) = &step.when
            && !when.eval(&scope)?.is_truthy()
        {
            return Ok(None);
        }
        Ok(Some(match &step.action {
            Action::Request(endpoint) => StepRequest::Http(endpoint.request(&scope)?),
            Action::Form(form) => {
                let asked = form.to_ask(self.again.as_ref(), &scope)?;
                self.again = None;
                self.has_asked = true;
                StepRequest::Prompt(asked.into())
            }
            Action::Query(query, None) => StepRequest::Query(query.clone(), self.inputs.clone()),
            Action::Query(query, Some(params)) => StepRequest::Query(query.clone(), params.fill(&scope)?.into()),
            Action::Script(script) => {
                StepRequest::Call(script.clone(), Sensitive::new(vec![Value::Map(scope.to_map())]))
            }
            Action::Call(function) => {
                let arguments = vec![self.inputs.data().clone(), Value::Map(scope.to_map())];
                StepRequest::Call(function.clone(), Sensitive::new(arguments))
            }
            Action::Authorize(authorize) => {
                // Not by `self.scope()`: `leaving` changes meanwhile.
                let scope = FlowScope {
                    ambient,
                    inputs: self.inputs.data(),
                    results: self.results.data(),
                    variables: self.variables.data(),
                    bare_names: false,
                };
                self.leaving.begin(authorize, ambient, &scope)?
            }
            Action::Define(Define { variables, .. }) => {
                let mut added = None;
                if let Value::Map(defined) = variables.fill(&scope)? {
                    self.variables.data_mut().extend(&defined);
                    added = Some((Layer::Defined, defined));
                }
                self.note(step, None, added, ambient, done);
                return Ok(None);
            }
        }))
    }

    pub(super) const fn scope<'a>(&'a self, ambient: Ambient<'a>) -> FlowScope<'a> {
        FlowScope {
            ambient,
            inputs: self.inputs.data(),
            results: self.results.data(),
            variables: self.variables.data(),
            bare_names: false,
        }
    }
}
