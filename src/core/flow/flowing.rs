//! A flow under way with what surrounds it: its requests are asked of the shell, its steps are told to the trace.

use std::sync::Arc;

use super::beginning::Beginning;
use super::program::Program;
use super::proving::{Proven, Prover};
use super::returning::read_back;
use super::run::{Progress, Run};
use super::sending::complete;
use super::step::{StepRequest, StepResult};
use crate::core::effect::Effect;
use crate::core::error::AuthError;
use crate::core::ground::Ground;
use crate::core::http::status::Purpose;
use crate::core::input::Answer;
use crate::core::oauth::pending::Pending;
use crate::core::secret::{Secret, Sensitive};
use crate::core::time::Millis;
use crate::core::token::Tokens;
use crate::core::trace::{Done, closed, open};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::FlowName;
use crate::core::waits::Waiter;

/// What a flow is run for.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which flow it is, or stands for.
    pub flow: FlowName,
    /// Who awaits its answers.
    pub waiter: Waiter,
    /// The tokens that it is about, where they are not those of the session.
    pub tokens: Option<Arc<Tokens>>,
    /// No step may take longer.
    pub limit: Option<Millis>,
    /// Whether the steps are kept with their secrets (`true`) or without; `None`: they are not kept.
    pub keeps_steps: Option<bool>,
}

/// A flow under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Flowing {
    pub(super) program: Arc<Program>,
    pub(super) run: Run,
    pub(super) job: Job,
    /// What must be known first, and is waited for.
    pub(super) beginning: Option<Beginning>,
    /// What the user has brought back, with the address, while that is waited for.
    back: Option<Box<(Pending, Secret)>>,
    /// The origins of the flows that make the session.
    pub(super) servers: Vec<String>,
    proven: Proven,
    /// Whether the last answer to a check has said that the token is no good.
    pub is_unauthorised: bool,
    /// The session that its steps were last known to see; `None`: nothing is known yet.
    pub(super) known: Option<Option<Arc<Tokens>>>,
    /// The steps so far, where they are kept.
    pub(super) done: Vec<Done>,
    /// The same at the end, as `test()` gives them.
    pub steps: Vec<Value>,
}

/// How far it has come.
#[derive(Debug)]
pub enum Flow {
    /// A step waits.
    Waits(Box<Flowing>),
    /// It is through, or a step has failed.
    Ended(Box<Flowing>, Result<(), AuthError>),
}

impl Flowing {
    /// Begins a flow.
    pub fn begin(program: Arc<Program>, job: Job, inputs: Sensitive<Value>, ground: &mut Ground) -> Flow {
        let purpose = match job.flow {
            FlowName::Signin => Purpose::Signin,
            FlowName::Refresh => Purpose::Refresh,
            FlowName::Revoke | FlowName::Check => Purpose::Other,
        };
        let run = Run::new(purpose, inputs, ground.cx.now);
        Self::made(program, run, job, None, ground).start(ground)
    }

    /// Goes on with a sign-in that has left the page, with what has come back.
    pub fn come_back(program: Arc<Program>, job: Job, run: Run, back: (Pending, Secret), ground: &mut Ground) -> Flow {
        Self::made(program, run, job, Some(Box::new(back)), ground).start(ground)
    }

    fn made(
        program: Arc<Program>,
        run: Run,
        job: Job,
        back: Option<Box<(Pending, Secret)>>,
        ground: &Ground,
    ) -> Box<Self> {
        let servers = ground.record.servers.0.clone();
        Box::new(Self {
            program,
            run,
            job,
            beginning: None,
            back,
            servers,
            proven: Proven::default(),
            is_unauthorised: false,
            known: None,
            done: Vec::new(),
            steps: Vec::new(),
        })
    }

    /// Goes on with an answer.
    pub fn on_answer(self: Box<Self>, answer: Answer, ground: &mut Ground) -> Flow {
        match answer {
            Answer::Step(result) => self.on_result(Some(result), ground),
            Answer::Late => self.on_result(None, ground),
            // No other answers a step.
            _ => Flow::Waits(self),
        }
    }

    /// Shows the last form again, with what the server found wrong, where that can be; gives the flow back where not.
    pub fn ask_again(mut self: Box<Self>, error: &AuthError, ground: &mut Ground) -> Result<Flow, Box<Self>> {
        if !self.run.ask_again(&self.program, error) {
            return Err(self);
        }
        Ok(self.advance(Onward::Next, ground))
    }

    /// Whether a form, or a window, may be shown.
    pub fn has_asked(&self) -> bool {
        self.run.has_asked || self.program.begins_with_popup()
    }

    /// What the flow was given.
    pub fn inputs(&self) -> &Value {
        self.run.inputs()
    }

    /// Whether the step that waits is the last, and its answer the flow's.
    pub fn is_at_last_step(&self) -> bool {
        self.run.is_at_last_step(&self.program)
    }

    /// The run.
    pub const fn run(&self) -> &Run {
        &self.run
    }

    /// The tokens that it is about, where they were named.
    pub const fn sent(&self) -> Option<&Arc<Tokens>> {
        self.job.tokens.as_ref()
    }

    /// The name of what is kept of it, once it has left the page.
    pub fn gone(&self) -> Option<&str> {
        self.run.leaving.gone()
    }

    /// Begins, or goes on, with what must be known first; then with what the user has brought back, or the first step.
    fn start(mut self: Box<Self>, ground: &mut Ground) -> Flow {
        if let Some((beginning, request)) = Beginning::next(&self.program, &self.run, self.back.is_some(), ground) {
            return self.ask_first(beginning, request, ground);
        }
        let Some(back) = self.back.take() else { return self.advance(Onward::Next, ground) };
        let (pending, address) = *back;
        match read_back(&pending, &address, self.job.waiter, ground) {
            Ok(params) => self.advance(Onward::Back(pending, params), ground),
            Err(error) => Flow::Ended(self, Err(error)),
        }
    }

    fn ask_first(mut self: Box<Self>, beginning: Beginning, request: StepRequest, ground: &mut Ground) -> Flow {
        self.beginning = Some(beginning);
        self.send(request, ground);
        Flow::Waits(self)
    }

    fn on_result(mut self: Box<Self>, result: Option<StepResult>, ground: &mut Ground) -> Flow {
        if let Some(request) = self.proven.again(result.as_ref(), ground) {
            self.ask(StepRequest::Http(request), ground);
            return Flow::Waits(self);
        }
        let Some(beginning) = self.beginning.take() else {
            if let (FlowName::Check, Some(result)) = (self.job.flow, &result) {
                let response = result.to_response(ground.cx.platform);
                if response != Value::Undefined {
                    self.is_unauthorised = ground.says_unauthorised(&response);
                }
            }
            return self.advance(Onward::Result(result), ground);
        };
        match beginning.on_result(result, &self.program, &mut self.run, ground) {
            Ok(Some((beginning, request))) => self.ask_first(beginning, request, ground),
            Ok(None) => self.start(ground),
            Err(error) => self.advance(Onward::NotBegun(error), ground),
        }
    }

    fn advance(mut self: Box<Self>, onward: Onward, ground: &mut Ground) -> Flow {
        let mut done = Vec::new();
        let ambient = ground.ambient(self.job.tokens.as_ref());
        let progress = match onward {
            Onward::Next => self.run.advance(&self.program, ambient, &mut done),
            Onward::Result(result) => self.run.resume(&self.program, result, ambient, ground.cx.platform, &mut done),
            Onward::Back(pending, params) => self.run.come_back(&self.program, pending, params, ambient, &mut done),
            Onward::NotBegun(error) => Progress::Failed(match self.program.waiting_step() {
                Some(step) => self.run.failed(step, error, ambient, &mut done),
                None => error,
            }),
        };
        let progress = match progress {
            // A test stores nothing and navigates nowhere.
            Progress::Waits(StepRequest::Leave(leave)) if self.job.keeps_steps.is_some() => {
                let ambient = ground.ambient(self.job.tokens.as_ref());
                self.run.show_departure(&self.program, &leave.url, ambient, &mut done);
                Progress::Done
            }
            progress => progress,
        };
        self.keep_secrets(&done, ground);
        if self.job.keeps_steps.is_some() {
            self.done.extend_from_slice(&done);
        }
        ground.cx.trace.report(self.job.waiter, self.job.flow.as_str(), done);
        if let Progress::Waits(request) = progress {
            self.send(request, ground);
            return Flow::Waits(self);
        }
        if let Some(is_open) = self.job.keeps_steps {
            // Now all is known that must not be seen of them.
            let (secrets, flow) = (ground.secrets(), self.job.flow.as_str());
            if is_open {
                self.done.iter().for_each(|done| self.steps.push(open(done, flow)));
            } else {
                self.steps = closed(&self.done, flow, &secrets);
            }
        }
        // An error that names a secret of the run must lose it before the run is gone.
        let result = if let Progress::Failed(error) = progress { Err(ground.masked(error)) } else { Ok(()) };
        Flow::Ended(self, result)
    }

    fn send(&mut self, mut request: StepRequest, ground: &mut Ground) {
        if let StepRequest::Leave(leave) = &mut request {
            let (shown, how) = (leave.pending.shown(), leave.pending.text("mode").unwrap_or_default());
            ground.cx.trace.note_with("leave", how, shown, None, ground.cx.now);
            leave.pending.set("page", ground.cx.kept.as_deref().filter(|_| ground.cx.options.return_to));
            leave.pending.set_run(self.run.saved_to_leave());
        }
        if let StepRequest::Http(request) = &mut request {
            complete(request, self.job.flow, self.job.tokens.as_ref(), &mut self.run.origins, ground);
            let is_before = self.beginning.is_some() || self.run.leaving.is_pushing();
            let (flow, tokens, key) = (self.job.flow, self.job.tokens.as_ref(), &mut self.run.key);
            self.proven.prove(request, Prover { flow, tokens, key, is_before }, ground);
        }
        self.ask(request, ground);
    }

    fn ask(&self, request: StepRequest, ground: &mut Ground) {
        let usual = ground.cx.options.timeout;
        let limit = if self.beginning.is_some() { Some(usual) } else { self.run.limit(&self.program, usual) };
        let limit = match (limit, self.job.limit) {
            (Some(limit), Some(most)) => Some(limit.min(most)),
            (limit, _) => limit,
        };
        let id = ground.cx.wait_for(self.job.waiter, limit);
        ground.cx.ask(Effect::Step(id, request));
    }
}

/// What a run goes on with.
enum Onward {
    /// Its next step.
    Next,
    /// What the shell found out for the step that waits; `None`: nothing in time.
    Result(Option<StepResult>),
    /// What a user has brought back.
    Back(Pending, Map),
    /// Nothing: what must be known first is not to be had.
    NotBegun(AuthError),
}
