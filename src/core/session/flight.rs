//! The refresh: one in the tab, one among the tabs; its outcome is committed or dropped.

use std::rc::Rc;

use super::super::effect::{Effect, EventKind};
use super::super::envelope::{Record, State};
use super::super::error::{AuthError, Code};
use super::super::flow::machine::{Found, Progress, Run};
use super::super::http::Purpose;
use super::super::input::{Answer, Commit};
use super::super::options::{CrossTab, FlowName};
use super::super::redact::Secrets;
use super::super::time::{Millis, UnixMillis};
use super::super::token::Tokens;
use super::super::value::{Map, Value};
use super::need::Lack;
use super::tasks::{Kind, Stage};
use super::{Session, To};

/// How long a refused refresh waits, where no lock kept the tabs apart, for the winner's commit to show.
const VERDICT_PAUSE: Millis = Millis(1_000);

/// A refresh under way.
#[derive(Debug)]
pub(super) struct Flight {
    stage: FlightStage,
    /// The tokens that it set out to replace.
    sent: Rc<Tokens>,
    /// Whether a lock is held or waited for.
    pub uses_lock: bool,
    has_lock: bool,
}

#[derive(Debug)]
enum FlightStage {
    Locking,
    /// Reading the record that the refresh will be based on.
    Reading,
    Flowing(Box<Run>),
    /// `test("refresh")` runs the flow.
    Testing,
    Committing(Box<Record>),
    /// The server has refused; the pause before another look at the record.
    Pausing(AuthError, UnixMillis),
    /// The server has refused; a last look at the record.
    Judging(AuthError),
    /// The commit of the tombstone.
    Burying(AuthError, Box<Record>),
}

impl Flight {
    /// When a pause ends.
    pub(super) const fn wakes_at(&self) -> Option<UnixMillis> {
        match &self.stage {
            FlightStage::Pausing(_, until) => Some(*until),
            _ => None,
        }
    }

    /// The same moment, to be moved.
    pub(super) const fn pause(&mut self) -> Option<&mut UnixMillis> {
        match &mut self.stage {
            FlightStage::Pausing(_, until) => Some(until),
            _ => None,
        }
    }

    pub(super) fn add_secrets(&self, secrets: &mut Secrets) {
        secrets.add_tokens(&self.sent);
        match &self.stage {
            FlightStage::Flowing(run) => run.add_secrets(secrets),
            FlightStage::Committing(record) => {
                record.tokens().into_iter().for_each(|tokens| secrets.add_tokens(tokens))
            }
            _ => {}
        }
    }
}

impl Session {
    /// Begins a refresh.
    pub(super) fn take_off(&mut self, why: &'static str) {
        let Some(tokens) = self.tokens() else { return };
        let sent = tokens.clone();
        let uses_lock = self.is_shared() && self.options.cross_tab == CrossTab::Lock && !self.detached;
        self.note("refresh", why);
        self.flight = Some(Flight { stage: FlightStage::Locking, sent, uses_lock, has_lock: false });
        if uses_lock {
            // The holder may run every step of its flow up to the limit; after that it is taken for dead.
            let limit = self.options.timeout;
            let limit = self.options.flow(FlowName::Refresh).map_or(limit, |program| program.longest(limit));
            let id = self.wait_for(To::Flight, Some(limit));
            self.effects.push(Effect::Lock(id));
        } else {
            self.read_for_flight();
        }
    }

    fn read_for_flight(&mut self) {
        if self.detached {
            self.set_stage(FlightStage::Reading);
            return self.fly_with_record();
        }
        let id = self.wait(To::Flight);
        self.set_stage(FlightStage::Reading);
        self.effects.push(Effect::Read(id));
    }

    fn set_stage(&mut self, stage: FlightStage) {
        if let Some(flight) = &mut self.flight {
            flight.stage = stage;
        }
    }

    /// The answer that the refresh waits for.
    pub(super) fn fly(&mut self, answer: Answer) {
        let Some(flight) = &mut self.flight else { return };
        let stage = std::mem::replace(&mut flight.stage, FlightStage::Reading);
        match (stage, answer) {
            (FlightStage::Locking, Answer::Locked) => {
                flight.has_lock = true;
                self.read_for_flight();
            }
            (FlightStage::Reading, Answer::Stored { text, .. }) => {
                self.observe(text, true);
                self.fly_with_record();
            }
            (FlightStage::Flowing(run), Answer::Found(found)) => self.flight_step(run, Some(found)),
            (FlightStage::Committing(record), Answer::Committed(commit)) => self.flight_committed(*record, commit),
            (FlightStage::Judging(error), Answer::Stored { text, .. }) => {
                self.observe(text, true);
                self.judge(error);
            }
            (FlightStage::Burying(error, record), Answer::Committed(commit)) => self.buried(error, *record, commit),
            (stage, _) => flight.stage = stage,
        }
    }

    /// The lock did not come, or the storage or the flow did not answer, in time.
    pub(super) fn flight_timed_out(&mut self) {
        let Some(flight) = &mut self.flight else { return };
        match &flight.stage {
            // A lock that does not come is no reason to give up: the commit rule holds without it.
            FlightStage::Locking => self.read_for_flight(),
            FlightStage::Flowing(_) => self.fly(Answer::Found(Found::TimedOut)),
            FlightStage::Committing(_) | FlightStage::Burying(..) => {
                self.fly(Answer::Committed(Commit::Failed(Code::Timeout)));
            }
            FlightStage::Reading | FlightStage::Judging(_) => {
                let text = self.stored.clone();
                self.fly(Answer::Stored { text, mirror: None });
            }
            FlightStage::Pausing(..) | FlightStage::Testing => {}
        }
    }

    /// Keeps others from refreshing while a test does.
    pub(super) fn begin_test(&mut self) {
        let sent = self.tokens().cloned();
        self.flight = sent.map(|sent| Flight { stage: FlightStage::Testing, sent, uses_lock: false, has_lock: false });
    }

    /// The test has come to this: what the server has rotated is kept, or the test would end the session.
    pub(super) fn end_test(&mut self, outcome: Result<Tokens, AuthError>) {
        let Some(flight) = &self.flight else { return };
        match outcome {
            Ok(fresh) => self.commit_tokens(Rc::new(flight.sent.renewed(fresh))),
            Err(error) => self.land(Err(Lack::Failed(error))),
        }
    }

    /// Ends the pause before the verdict.
    pub(super) fn wake_flight(&mut self) {
        if let Some(Flight { stage: FlightStage::Pausing(error, until), .. }) = &self.flight
            && *until <= self.now
        {
            let error = error.clone();
            self.look_before_verdict(error);
        }
    }

    /// The record is known: refresh it, unless another tab has.
    fn fly_with_record(&mut self) {
        let Some(flight) = &mut self.flight else { return };
        let Some(tokens) = self.record.tokens() else { return self.land(Err(Lack::SignedOut)) };
        if !tokens.is_same(&flight.sent) && !tokens.is_expired(self.now) {
            return self.land(Ok(()));
        }
        flight.sent = tokens.clone();
        let inputs = refresh_inputs(tokens);
        let Some(program) = self.program(FlowName::Refresh) else {
            return self.land(Err(Lack::NotRefreshable));
        };
        let run = Run::new(program, Purpose::Refresh, inputs, self.now);
        self.flight_step(run, None);
    }

    fn flight_step(&mut self, mut run: Box<Run>, found: Option<Found>) {
        // The tokens that it set out with, though a sign-out may have taken them away meanwhile.
        let sent = self.flight.as_ref().map(|flight| flight.sent.clone());
        let progress = self.advance(&mut run, found, sent.as_ref());
        self.report(&mut run, FlowName::Refresh.as_str(), false);
        match progress {
            Progress::Wants(mut want) => {
                let id = self.wait_for(To::Flight, run.limit(self.options.timeout));
                self.send_off(&mut want);
                self.effects.push(Effect::Want(id, want));
                self.set_stage(FlightStage::Flowing(run));
            }
            Progress::Done => self.commit_refresh(&run),
            Progress::Failed(error) => {
                let error = self.masked(error, Some(&self.secrets_with(&run)));
                self.refresh_failed(error);
            }
        }
    }

    fn commit_refresh(&mut self, run: &Run) {
        let Some(flight) = &self.flight else { return };
        let answer = run.answer(self.now);
        let fresh = match Tokens::read(&answer, &self.options.tokens, self.platform) {
            Ok(fresh) => Rc::new(flight.sent.renewed(fresh)),
            Err(error) => {
                let refused = super::super::http::is_invalid_grant(answer.value);
                let mut error = error;
                error.body = self.secrets_with(run).mask(answer.value);
                if refused {
                    error.code = Code::RefreshRejected;
                }
                return self.refresh_failed(error);
            }
        };
        self.commit_tokens(fresh);
    }

    /// Stores fresh tokens, unless the session that they belong to was ended or replaced meanwhile.
    fn commit_tokens(&mut self, fresh: Rc<Tokens>) {
        let Some(flight) = &self.flight else { return };
        match self.record.tokens() {
            Some(tokens) if tokens.is_same(&flight.sent) => {}
            Some(_) => return self.land(Ok(())),
            None => {
                self.revoke_orphan(fresh);
                let error = AuthError::new(Code::Superseded, "the session ended while it was being refreshed");
                return self.land(Err(Lack::Failed(error)));
            }
        }
        let record = self.record.next(State::Live(fresh), self.now);
        if self.detached {
            return self.flight_committed(record, Commit::Applied);
        }
        self.commit(&record, To::Flight);
        self.set_stage(FlightStage::Committing(Box::new(record)));
    }

    fn flight_committed(&mut self, record: Record, commit: Commit) {
        match commit {
            Commit::Applied => self.wrote(record),
            Commit::Failed(code) => self.keep_in_memory(record, code),
            Commit::Lost(text) => {
                self.observe(text, true);
                let State::Live(fresh) = record.state else { return };
                return self.commit_tokens(fresh);
            }
        }
        self.cooldown = None;
        self.emit(EventKind::Refreshed, None);
        self.write_exposed();
        self.land(Ok(()));
    }

    fn refresh_failed(&mut self, error: AuthError) {
        if error.code == Code::RefreshRejected {
            let alone = self.flight.as_ref().is_some_and(|flight| flight.has_lock) || !self.is_shared();
            if alone {
                self.look_before_verdict(error);
            } else {
                self.set_stage(FlightStage::Pausing(error, self.now.after(VERDICT_PAUSE)));
            }
            return;
        }
        self.cool_down(error.clone());
        self.emit_failed(error.code);
        let error = self.cooldown.as_ref().map_or(error, |cooldown| cooldown.error.clone());
        self.land(Err(Lack::Failed(error)));
    }

    fn look_before_verdict(&mut self, error: AuthError) {
        if self.detached {
            return self.judge(error);
        }
        let id = self.wait(To::Flight);
        self.set_stage(FlightStage::Judging(error));
        self.effects.push(Effect::Read(id));
    }

    /// The server has refused. If another tab has refreshed meanwhile, its tokens are the good ones.
    fn judge(&mut self, error: AuthError) {
        let Some(flight) = &self.flight else { return };
        match self.record.tokens() {
            None => self.land(Err(Lack::SignedOut)),
            Some(tokens) if !tokens.is_same(&flight.sent) => self.land(Ok(())),
            Some(_) => {
                let record = self.record.next(State::Expired, self.now);
                if self.detached {
                    return self.buried(error, record, Commit::Applied);
                }
                self.commit(&record, To::Flight);
                self.set_stage(FlightStage::Burying(error, Box::new(record)));
            }
        }
    }

    fn buried(&mut self, error: AuthError, record: Record, commit: Commit) {
        match commit {
            Commit::Lost(text) => {
                self.observe(text, true);
                return self.judge(error);
            }
            Commit::Applied => self.wrote(record),
            Commit::Failed(code) => self.keep_in_memory(record, code),
        }
        let error = self.masked(error, None);
        self.emit(EventKind::Expired, Some(error.code.as_str()));
        self.effects.push(Effect::Notify(error.message.clone().into_owned()));
        let task = self.internal(Kind::CleanUp);
        self.clean_up(task);
        self.land(Err(Lack::Failed(error)));
    }

    /// Ends the refresh, and tells all who wait for it.
    fn land(&mut self, outcome: Result<(), Lack>) {
        let Some(flight) = self.flight.take() else { return };
        if flight.uses_lock {
            self.effects.push(Effect::Unlock);
        }
        let usable = self.tokens().is_some_and(|tokens| !tokens.is_expired(self.now));
        for task in self.take_tasks(&|task| matches!(task.stage, Stage::Refreshing)) {
            let result = match &outcome {
                Ok(()) => Ok(true),
                // A token that still works goes on being used.
                Err(_) if usable && !task.force => Ok(false),
                Err(Lack::SignedOut) => Err(Lack::SignedOut),
                Err(Lack::NotRefreshable) => Err(Lack::NotRefreshable),
                Err(Lack::Failed(error)) => Err(Lack::Failed(self.masked(error.clone(), None))),
            };
            self.refreshed(task, result);
        }
    }
}

/// What refresh, revoke and check flows get, in every spelling that a builder may have bound.
pub(super) fn refresh_inputs(tokens: &Tokens) -> Value {
    let mut inputs = Map::new();
    let text = |secret: &super::super::secret::Secret| Value::from(secret.expose());
    if let Some(access) = &tokens.access {
        inputs.set("accessToken", text(access));
    }
    if let Some(refresh) = &tokens.refresh {
        for name in ["refreshToken", "refreshtoken", "refresh_token"] {
            inputs.set(name, text(refresh));
        }
    }
    Value::Map(inputs)
}
