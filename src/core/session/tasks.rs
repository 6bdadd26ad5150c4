//! A call under way: what it is for, and what it waits for.

use std::rc::Rc;

use super::super::effect::EventKind;
use super::super::envelope::Record;
use super::super::error::{AuthError, Code};
use super::super::flow::machine::{Found, Run};
use super::super::flow::program::Program;
use super::super::input::{Answer, CallId, FetchCall, LogoutCall};
use super::super::options::FlowName;
use super::super::redact::Secrets;
use super::super::store::Saved;
use super::super::token::Tokens;
use super::super::value::Value;
use super::Session;

/// Calls of our own, which nobody waits for, are numbered from here.
const INTERNAL: u32 = 1 << 31;

/// A call under way.
#[derive(Debug)]
pub(super) struct Task {
    pub call: CallId,
    pub kind: Kind,
    pub stage: Stage,
    /// A good token is not good enough: the server has just refused it, or the caller insists.
    pub force: bool,
}

/// What a call is for.
#[derive(Debug)]
pub(super) enum Kind {
    /// The inputs, and the fields of the answer that are kept, as JSON.
    Signin(Value, Vec<(String, String)>),
    Refresh,
    AccessToken,
    Headers,
    Fetch(Box<FetchCall>, Attempt),
    Query(Value, Value, Attempt),
    Check(Attempt),
    Guard(bool),
    /// Ends the session: the options of the call, the tokens to revoke, and what came of it.
    Logout(LogoutCall, Option<Rc<Tokens>>, bool),
    /// The session was ended by the server: what is left is to clean up.
    CleanUp,
    /// A write of our own.
    Own,
    Write(Vec<Saved>, Option<AuthError>),
    Test(FlowName, bool, Vec<Value>),
}

/// Whether a request was sent again, and what the first try came to.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub is_second: bool,
    /// The tokens that the last try went out with; `None` when it went out untouched.
    pub sent: Option<Rc<Tokens>>,
    /// What to settle with when there is no second try.
    pub first: Option<Result<Value, AuthError>>,
}

/// What a call waits for.
#[derive(Debug)]
pub(super) enum Stage {
    /// The refresh under way.
    Refreshing,
    /// A step of a flow.
    Flowing(Box<Run>),
    /// The commit of this record.
    Committing(Box<Record>),
    /// The commit of the record that names our keys.
    Naming(Box<Record>),
    /// So many writes.
    Writing(usize),
    /// The writes of what the session exposes: a query may be bound to it.
    Exposing,
    /// The response to the caller's own request or query.
    Sending,
    /// The host's navigation.
    Navigating,
}

impl Task {
    pub(super) fn new(call: CallId, kind: Kind) -> Box<Self> {
        Box::new(Self { call, kind, stage: Stage::Refreshing, force: false })
    }

    /// Adds what this call knows that must not be seen.
    pub(super) fn add_secrets(&self, secrets: &mut Secrets) {
        if let Kind::Signin(inputs, _) = &self.kind {
            secrets.add_members(inputs);
        }
        if let Kind::Logout(_, Some(tokens), _) = &self.kind {
            secrets.add_tokens(tokens);
        }
        if let Stage::Flowing(run) = &self.stage {
            run.add_secrets(secrets);
        }
        if let Stage::Committing(record) = &self.stage
            && let Some(tokens) = record.tokens()
        {
            secrets.add_tokens(tokens);
        }
    }
}

impl Session {
    /// A call of our own, which nobody waits for.
    pub(super) fn internal(&mut self, kind: Kind) -> Box<Task> {
        self.next_id = self.next_id.wrapping_add(1);
        Task::new(CallId(INTERNAL | self.next_id), kind)
    }

    /// Settles a call, unless it is one of our own.
    pub(super) fn finish(&mut self, task: Box<Task>, outcome: Result<Value, AuthError>) {
        if task.call.0 >= INTERNAL {
            return;
        }
        let outcome = outcome.map_err(|error| {
            let mut secrets = self.secrets();
            task.add_secrets(&mut secrets);
            self.masked(error, Some(&secrets))
        });
        self.settle(task.call, outcome);
    }

    /// Ends a call with an error.
    #[inline(never)] // Done in a dozen places.
    pub(super) fn fail(&mut self, task: Box<Task>, error: AuthError) {
        self.finish(task, Err(error));
    }

    /// Ends a call with `true` or `false`.
    #[inline(never)] // Done in a dozen places.
    pub(super) fn finish_with(&mut self, task: Box<Task>, truth: bool) {
        self.finish(task, Ok(Value::Bool(truth)));
    }

    /// Settles a call that can't be done.
    #[inline(never)] // Done in a dozen places.
    pub(super) fn refuse(&mut self, call: CallId, error: AuthError) {
        self.settle(call, Err(error));
    }

    /// Tells the listeners that something failed.
    #[inline(never)] // Done in a dozen places.
    pub(super) fn emit_failed(&mut self, code: Code) {
        self.emit(EventKind::Failed, Some(code.as_str()));
    }

    /// The program of a flow.
    #[inline(never)] // Done in a dozen places.
    pub(super) fn program(&self, name: FlowName) -> Option<Rc<Program>> {
        self.options.flow(name).cloned()
    }

    /// Puts a call aside until its answer comes.
    pub(super) fn park(&mut self, mut task: Box<Task>, stage: Stage) {
        task.stage = stage;
        self.tasks.push(task);
    }

    /// Takes the calls out that fit, in the order in which they were put aside.
    #[allow(clippy::vec_box)] // They are moved in and out whole.
    pub(super) fn take_tasks(&mut self, fits: &dyn Fn(&Task) -> bool) -> Vec<Box<Task>> {
        let (mut taken, mut at) = (Vec::new(), 0);
        while let Some(task) = self.tasks.get(at) {
            if fits(task) {
                taken.push(self.tasks.remove(at));
            } else {
                at += 1;
            }
        }
        taken
    }

    /// Hands an answer to the call that waits for it.
    pub(super) fn resume(&mut self, call: CallId, answer: Answer) {
        let Some(mut task) = self.take_tasks(&|task| task.call == call).pop() else { return };
        let stage = std::mem::replace(&mut task.stage, Stage::Refreshing);
        match (stage, answer) {
            (Stage::Flowing(run), Answer::Found(found)) => self.flow_on(task, run, found),
            (Stage::Committing(record), Answer::Committed(commit)) => self.committed(task, *record, commit),
            (Stage::Naming(record), Answer::Committed(commit)) => self.named(task, *record, commit),
            (Stage::Writing(left), Answer::Done(result)) => self.written(task, left, result),
            (Stage::Sending, answer) => self.sent(task, answer),
            (Stage::Navigating, Answer::Done(result)) => self.arrived(task, result.is_ok()),
            (stage, _) => self.park(task, stage),
        }
    }

    /// Tells a call that its answer did not come in time.
    pub(super) fn task_timed_out(&mut self, call: CallId) {
        let Some(task) = self.tasks.iter().find(|task| task.call == call) else { return };
        let late = || AuthError::new(Code::Timeout, "the host did not answer in time");
        let answer = match (&task.stage, &task.kind) {
            (Stage::Flowing(_), _) => Answer::Found(Found::TimedOut),
            (Stage::Committing(_) | Stage::Naming(_), _) => {
                Answer::Committed(super::super::input::Commit::Failed(Code::Timeout))
            }
            (Stage::Writing(_) | Stage::Navigating, _) => Answer::Done(Err(late())),
            (_, Kind::Fetch(..)) => {
                Answer::NoResponse(AuthError::new(Code::Unreachable, "the server did not answer in time"))
            }
            _ => Answer::NoResponse(late()),
        };
        self.resume(call, answer);
    }
}
