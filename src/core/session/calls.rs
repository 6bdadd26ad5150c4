//! What each call does, from its arguments to its answer.

use std::rc::Rc;

use super::super::effect::{Effect, EventKind};
use super::super::envelope::{Record, State};
use super::super::error::{AuthError, Code};
use super::super::flow::machine::{Found, Progress, Run, Want};
use super::super::flow::program::Program;
use super::super::flow::scope::Ambient;
use super::super::http::Purpose;
use super::super::input::{Answer, Call, CallId, Commit, LogoutCall};
use super::super::options::FlowName;
use super::super::section::invalid;
use super::super::time::Millis;
use super::super::token::Tokens;
use super::super::value::{Map, Value};
use super::ending::REVOKE_LIMIT;
use super::flight::refresh_inputs;
use super::need::Lack;
use super::tasks::{Attempt, Kind, Stage, Task};
use super::{Session, To};

impl Session {
    /// Begins a call.
    pub(super) fn call(&mut self, call: CallId, what: Call) {
        let kind = match what {
            Call::Signin(inputs) => return self.sign_in(call, inputs),
            Call::Logout(options) => return self.log_out(Task::new(call, Kind::Logout(options, None, false))),
            Call::StoreValue(key, text, persist) => return self.store_value(call, &key, text, persist),
            Call::RemoveValue(key) => return self.remove_values(call, vec![key]),
            Call::ClearStore => return self.remove_values(call, self.store.keys()),
            Call::Test(flow, inputs, open) => return self.test(call, &flow, inputs, open),
            Call::Refresh(force) => {
                let mut task = Task::new(call, Kind::Refresh);
                task.force = force;
                return self.ask(task, Millis(0));
            }
            Call::AccessToken(min) => return self.ask(Task::new(call, Kind::AccessToken), min),
            Call::Headers => Kind::Headers,
            Call::Fetch(fetch) => return self.fetch(call, fetch),
            Call::Run(query, params) => Kind::Query(query, params, Attempt::default()),
            Call::Check => Kind::Check(Attempt::default()),
            Call::Guard(protected) => Kind::Guard(protected),
        };
        let mut task = Task::new(call, kind);
        task.force =
            self.options.refresh.every_query && matches!(task.kind, Kind::Query(..)) && self.tokens().is_some();
        self.ask(task, Millis(0));
    }

    /// Goes on with the call once there is a good token, or word that there is none.
    pub(super) fn ask(&mut self, task: Box<Task>, min: Millis) {
        if let Some((task, result)) = self.need(task, min) {
            self.refreshed(task, result);
        }
    }

    /// The call has a good token (`true`: after a refresh), or there is none.
    pub(super) fn refreshed(&mut self, mut task: Box<Task>, result: Result<bool, Lack>) {
        task.force = false;
        match &task.kind {
            Kind::Refresh => {
                let outcome = match result {
                    Ok(refreshed) => Ok(answer(&[
                        ("ok", Value::Bool(true)),
                        ("refreshed", Value::Bool(refreshed)),
                        ("expiresAt", self.expires_at()),
                    ])),
                    Err(Lack::SignedOut) => {
                        Ok(answer(&[("ok", Value::Bool(false)), ("reason", Value::from("signed-out"))]))
                    }
                    Err(Lack::NotRefreshable) => {
                        Ok(answer(&[("ok", Value::Bool(false)), ("reason", Value::from("not-refreshable"))]))
                    }
                    Err(Lack::Failed(error)) => Err(error),
                };
                self.finish(task, outcome);
            }
            Kind::AccessToken => {
                let access = self.tokens().and_then(|tokens| tokens.access.as_ref());
                let outcome = match (result, access) {
                    (Ok(_), Some(access)) => Ok(Value::from(access.expose())),
                    (Ok(_), None) => Err(AuthError::new(Code::SignedOut, "this session has no access token")),
                    (Err(lack), _) => Err(lack.into_error()),
                };
                self.finish(task, outcome);
            }
            Kind::Headers => {
                let outcome = result.map_err(Lack::into_error).and_then(|_| self.headers());
                self.finish(task, outcome);
            }
            Kind::Fetch(..) => self.fetch_with(task, result),
            Kind::Query(..) => self.query_with(task, result),
            Kind::Check(_) => self.check_with(task, result),
            Kind::Guard(protected) => {
                let protected = *protected;
                self.guard_with(task, protected, &result);
            }
            _ => {}
        }
    }

    /// Signs in. A second call with the same inputs joins nothing and replaces nothing that is worse: the later wins.
    fn sign_in(&mut self, call: CallId, inputs: Value) {
        let Some(program) = self.program(FlowName::Signin) else {
            return self.refuse(call, invalid("flows.signin", "there is no flow to sign in with"));
        };
        self.supersede_sign_ins(|stage| matches!(stage, Stage::Flowing(_)));
        let run = Run::new(program, Purpose::Signin, inputs.clone(), self.now);
        self.drive(Task::new(call, Kind::Signin(inputs, Vec::new())), run, None);
    }

    /// Ends the sign-ins at these stages: a later sign-in or a sign-out decides.
    pub(super) fn supersede_sign_ins(&mut self, is_old: fn(&Stage) -> bool) {
        for task in self.take_tasks(&|task| matches!(task.kind, Kind::Signin(..)) && is_old(&task.stage)) {
            self.close_form(&task.stage);
            self.waits.retain(|wait| wait.to != To::Task(task.call));
            if let Stage::Committing(record) = &task.stage {
                self.stored = Some(record.to_text());
                self.record = (**record).clone();
            }
            let error = AuthError::new(Code::Superseded, "a later call has taken the place of this sign-in");
            self.fail(task, error);
        }
    }

    /// Advances a run with what surrounds it.
    pub(super) fn advance(&self, run: &mut Run, found: Option<Found>, tokens: Option<&Rc<Tokens>>) -> Progress {
        let ambient = Ambient { tokens: tokens.or_else(|| self.tokens()), store: &self.store, now: self.now };
        match found {
            None => run.advance(ambient),
            Some(found) => run.resume(found, ambient, self.platform),
        }
    }

    /// Goes on with the flow of a call.
    pub(super) fn flow_on(&mut self, task: Box<Task>, run: Box<Run>, found: Found) {
        self.drive(task, run, Some(found));
    }

    pub(super) fn drive(&mut self, mut task: Box<Task>, mut run: Box<Run>, found: Option<Found>) {
        let (flow, override_tokens) = match &task.kind {
            Kind::Signin(..) => (FlowName::Signin, None),
            Kind::Check(_) => (FlowName::Check, None),
            Kind::Test(flow, ..) => (*flow, None),
            Kind::Logout(_, tokens, _) => (FlowName::Revoke, tokens.clone()),
            _ => (FlowName::Revoke, None),
        };
        let progress = self.advance(&mut run, found, override_tokens.as_ref());
        let open = matches!(task.kind, Kind::Test(_, true, _));
        let steps = self.report(&mut run, flow.as_str(), open);
        if let Kind::Test(_, _, seen) = &mut task.kind {
            seen.extend(steps);
        }
        match progress {
            Progress::Wants(mut want) => {
                if matches!(flow, FlowName::Check | FlowName::Revoke)
                    && let Want::Http(request) = &mut want
                {
                    self.authorise(request, override_tokens.as_ref());
                }
                self.send_off(&mut want);
                let mut limit = run.limit(self.options.timeout);
                if matches!(task.kind, Kind::Logout(..)) {
                    limit = limit.map(|limit| limit.min(REVOKE_LIMIT));
                }
                let id = self.wait_for(To::Task(task.call), limit);
                self.effects.push(Effect::Want(id, want));
                self.park(task, Stage::Flowing(run));
            }
            Progress::Done => self.flow_done(task, &run, Ok(())),
            Progress::Failed(error) => {
                // An error that names a secret of the run must lose it before the run is gone.
                let error = self.masked(error, Some(&self.secrets_with(&run)));
                let is_refusal = error.code == Code::InvalidCredentials && matches!(task.kind, Kind::Signin(..));
                if is_refusal && run.ask_again(&error) {
                    return self.drive(task, run, None);
                }
                self.flow_done(task, &run, Err(error));
            }
        }
    }

    fn flow_done(&mut self, task: Box<Task>, run: &Run, result: Result<(), AuthError>) {
        if run.has_asked {
            self.effects.push(Effect::CloseForm);
        }
        match (&task.kind, result) {
            (Kind::Signin(..), Ok(())) => self.keep_tokens(task, run),
            (Kind::Signin(..), Err(error)) => self.sign_in_failed(task, error),
            (Kind::Check(_), Ok(())) if self.says_unauthorised(run.response()) => self.checked(task, None),
            (Kind::Check(_), result) => self.checked(task, Some(result)),
            (Kind::Logout(..), result) => self.revoked(task, result.is_ok()),
            (Kind::Test(..), result) => self.tested(task, run, result),
            _ => {}
        }
    }

    /// The sign-in flow is through: stores the tokens, if there are any.
    fn keep_tokens(&mut self, mut task: Box<Task>, run: &Run) {
        let answer = run.answer(self.now);
        match Tokens::read(&answer, &self.options.tokens, self.platform) {
            Ok(tokens) => {
                if let Kind::Signin(_, kept) = &mut task.kind {
                    *kept = self.kept_fields(answer.value);
                }
                let record = self.record.next(State::Live(Rc::new(tokens)), self.now);
                self.commit_sign_in(task, record);
            }
            Err(mut error) => {
                error.body = self.secrets_with(run).mask(answer.value);
                self.sign_in_failed(task, error);
            }
        }
    }

    fn sign_in_failed(&mut self, task: Box<Task>, error: AuthError) {
        self.emit_failed(error.code);
        if error.code != Code::Cancelled {
            self.effects.push(Effect::Notify(error.message.clone().into_owned()));
        }
        self.fail(task, error);
    }

    /// A form that this call shows can go.
    pub(super) fn close_form(&mut self, stage: &Stage) {
        if matches!(stage, Stage::Flowing(run) if run.has_asked) {
            self.effects.push(Effect::CloseForm);
        }
    }

    fn commit_sign_in(&mut self, task: Box<Task>, record: Record) {
        // A storage that was full may have room again: a new session tries it anew.
        if std::mem::take(&mut self.was_full) {
            self.detached = false;
        }
        if self.detached {
            return self.committed(task, record, Commit::Applied);
        }
        self.commit(&record, To::Task(task.call));
        self.park(task, Stage::Committing(Box::new(record)));
    }

    /// What became of the record of a sign-in or a sign-out.
    pub(super) fn committed(&mut self, task: Box<Task>, record: Record, commit: Commit) {
        match commit {
            Commit::Lost(text) => {
                // What this call decides is newer than whatever was written meanwhile.
                self.take_for_true(text);
                let record = self.record.next(record.state, self.now);
                return match task.kind {
                    Kind::Logout(..) => self.commit_logout(task),
                    _ => self.commit_sign_in(task, record),
                };
            }
            Commit::Applied => self.wrote(record),
            Commit::Failed(code) => self.keep_in_memory(record, code),
        }
        match task.kind {
            Kind::Logout(..) => self.after_tombstone(task),
            _ => {
                self.cooldown = None;
                self.active_at = self.now;
                self.emit(EventKind::SignedIn, None);
                let mut writes = self.expose_tokens(task.call);
                if let Kind::Signin(_, kept) = &task.kind {
                    writes += self.put_all(task.call, kept);
                }
                self.after_writes(task, writes);
            }
        }
    }

    /// All writes are out: goes on when they are done.
    pub(super) fn after_writes(&mut self, task: Box<Task>, writes: usize) {
        if writes == 0 { self.all_written(task) } else { self.park(task, Stage::Writing(writes)) }
    }

    /// The values are written, and the record says whose they are: goes on with the call.
    pub(super) fn keys_named(&mut self, task: Box<Task>) {
        let target = match &task.kind {
            Kind::Signin(..) => self.options.home.clone(),
            Kind::CleanUp => self.options.login.clone(),
            Kind::Logout(LogoutCall { stay: false, .. }, ..) => self.options.login.clone(),
            Kind::Logout(..) => None,
            Kind::Write(..) => return self.write_done(task),
            Kind::Own => return self.exposed(),
            _ => return,
        };
        self.navigate(task, target);
    }

    /// Goes to a page, and then on with the call.
    pub(super) fn navigate(&mut self, task: Box<Task>, target: Option<String>) {
        let Some(target) = target else { return self.arrived(task, false) };
        let id = self.wait(To::Task(task.call));
        self.effects.push(Effect::Navigate(id, target));
        self.park(task, Stage::Navigating);
    }

    /// The navigation is done, or there was none.
    pub(super) fn arrived(&mut self, task: Box<Task>, navigated: bool) {
        let navigated = ("navigated", Value::Bool(navigated));
        let outcome = match &task.kind {
            Kind::Signin(..) => answer(&[("ok", Value::Bool(true)), ("expiresAt", self.expires_at()), navigated]),
            Kind::Logout(_, _, revoked) => {
                answer(&[("ok", Value::Bool(true)), ("revoked", Value::Bool(*revoked)), navigated])
            }
            _ => Value::Bool(false),
        };
        self.finish(task, Ok(outcome));
    }

    fn check_with(&mut self, task: Box<Task>, result: Result<bool, Lack>) {
        match result {
            Err(Lack::Failed(error)) if error.code != Code::RefreshRejected => self.fail(task, error),
            Err(_) => self.finish_with(task, false),
            Ok(_) => match (self.program(FlowName::Check), self.tokens()) {
                (Some(program), Some(tokens)) => {
                    let run = Run::new(program, Purpose::Other, refresh_inputs(tokens), self.now);
                    self.drive(task, run, None);
                }
                (_, tokens) => {
                    let held = tokens.is_some();
                    self.finish_with(task, held);
                }
            },
        }
    }

    /// The check flow has answered; `None`: that the user is not signed in, though its status does not say so.
    fn checked(&mut self, mut task: Box<Task>, result: Option<Result<(), AuthError>>) {
        let Kind::Check(attempt) = &mut task.kind else { return };
        let error = match result {
            Some(Ok(())) => return self.finish_with(task, true),
            Some(Err(error)) => Some(error),
            None => None,
        };
        let status = error.as_ref().map_or(Some(401), |error| error.status);
        let refused = error.is_none() || status.is_some_and(|status| self.options.refresh.covers(status));
        let first = !std::mem::replace(&mut attempt.is_second, true);
        if refused && first && self.tokens().is_some_and(|tokens| self.can_refresh(tokens)) {
            task.force = true;
            return self.ask(task, Millis(0));
        }
        self.finish(
            task,
            match error {
                Some(error) if status.is_none() || error.code == Code::Unreachable => Err(error),
                _ => Ok(Value::Bool(false)),
            },
        );
    }

    /// Whether the page may be shown; where not, the way to the one that may.
    fn guard_with(&mut self, task: Box<Task>, protected: bool, result: &Result<bool, Lack>) {
        // A server that can't be reached now has not ended the session.
        let held = match result {
            Ok(_) => true,
            Err(Lack::Failed(error)) => error.code != Code::RefreshRejected && self.tokens().is_some(),
            Err(_) => false,
        };
        self.guarded = protected && held;
        if protected && matches!(result, Err(Lack::Failed(error)) if error.code == Code::RefreshRejected) {
            // The end of the session is on its way to the login page already.
            return self.finish_with(task, false);
        }
        if protected == held {
            return self.finish_with(task, true);
        }
        let target = if protected { self.options.login.clone() } else { self.options.home.clone() };
        self.navigate(task, target);
    }

    /// Runs a flow for real, stores nothing and goes nowhere.
    fn test(&mut self, call: CallId, flow: &Value, inputs: Value, open: bool) {
        let named = flow.as_text().and_then(|text| FlowName::NAMES.iter().position(|name| *name == text));
        let name = match named {
            Some(1) => FlowName::Refresh,
            Some(2) => FlowName::Revoke,
            Some(3) => FlowName::Check,
            _ => FlowName::Signin,
        };
        let program = match (flow, named) {
            (Value::Text(_), None) => Err(invalid("flow", "must be one of signin, refresh, revoke, check, or a flow")),
            (Value::Text(_), Some(_)) => {
                self.program(name).ok_or_else(|| invalid("flow", "the options have no such flow"))
            }
            _ => Program::parse(flow, "flow").map(std::rc::Rc::new),
        };
        let program = match program {
            Ok(program) => program,
            Err(error) => return self.refuse(call, error),
        };
        let inputs = match (&inputs, self.tokens()) {
            (Value::Undefined, Some(tokens)) if name != FlowName::Signin => refresh_inputs(tokens),
            (Value::Undefined, _) => Value::Map(Map::new()),
            _ => inputs,
        };
        let purpose = match name {
            FlowName::Signin => Purpose::Signin,
            FlowName::Refresh => Purpose::Refresh,
            FlowName::Revoke | FlowName::Check => Purpose::Other,
        };
        if name == FlowName::Refresh {
            if self.flight.is_some() {
                let error = AuthError::new(Code::Superseded, "a refresh is under way: test it again in a moment");
                return self.refuse(call, error);
            }
            self.begin_test();
        }
        let run = Run::new(program, purpose, inputs, self.now);
        self.drive(Task::new(call, Kind::Test(name, open, Vec::new())), run, None);
    }

    /// The tested flow is through.
    fn tested(&mut self, task: Box<Task>, run: &Run, result: Result<(), AuthError>) {
        let Kind::Test(flow, _, steps) = &task.kind else { return };
        let outcome = answer(&[("ok", Value::Bool(result.is_ok())), ("steps", Value::List(steps.clone()))]);
        if *flow == FlowName::Refresh {
            let fresh = Tokens::read(&run.answer(self.now), &self.options.tokens, self.platform);
            self.end_test(result.and(fresh));
        }
        self.finish(task, Ok(outcome));
    }

    /// The answer to the caller's own request or query.
    pub(super) fn sent(&mut self, task: Box<Task>, answer: Answer) {
        match task.kind {
            Kind::Fetch(..) => self.responded(task, answer),
            Kind::Query(..) => self.query_answered(task, answer),
            _ => {}
        }
    }
}

/// A small object.
pub(super) fn answer(members: &[(&str, Value)]) -> Value {
    Value::Map(members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}
