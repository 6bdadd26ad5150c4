//! A refresh under way (RFC 6749 section 6), from the lock to the commit: read from first to last.

use std::sync::Arc;

use super::end::End;
use super::ensured::NoToken;
use super::why::{Test, Why};
use crate::core::context::{Context, Errand};
use crate::core::effect::{Effect, Word};
use crate::core::error::{AuthError, Code};
use crate::core::flow::flowing::{Flow, Flowing, Job};
use crate::core::ground::Ground;
use crate::core::http::messages::message_of;
use crate::core::http::status::is_invalid_grant;
use crate::core::input::{Answer, EffectId};
use crate::core::oauth::dpop::check_bound;
use crate::core::record::envelope::Record;
use crate::core::time::{Millis, UnixMillis, earlier, put_back};
use crate::core::token::Tokens;
use crate::core::value::Value;
use crate::core::vocabulary::{CrossTab, FlowName};
use crate::core::waits::Waiter;

/// A holder of the lock of whom nothing was heard for so long is not waited for.
const SILENCE: Millis = Millis(5_000);

/// So often the holder says that it is there.
const BETWEEN_WORDS: Millis = Millis(2_000);

/// A refresh under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    /// The tokens that it set out to replace.
    pub(super) sent: Arc<Tokens>,
    /// Whether a lock is held or waited for.
    pub uses_lock: bool,
    pub(super) has_lock: bool,
    /// When the others are to hear that it is still under way.
    speaks_at: Option<UnixMillis>,
    stage: Stage,
    /// Whether it goes through a pause of our own choosing; all do through one from before the network came back.
    pub(super) skips_pause: bool,
    pub(super) online_at: Option<UnixMillis>,
    /// There is no session to refresh, but maybe one to be had.
    pub restores: bool,
    /// Somebody has signed out meanwhile: what is had is not wanted.
    pub is_given_up: bool,
    /// The session was disposed of meanwhile.
    pub is_left: bool,
    /// Who tests it.
    pub test: Option<Test>,
    /// The steps of a tested refresh.
    pub steps: Vec<Value>,
}

/// What a refresh waits for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stage {
    /// The lock, and until when at most.
    Locking(EffectId, UnixMillis),
    /// The record that the refresh will be based on.
    Reading,
    /// A step of the flow.
    Flowing(Box<Flowing>),
    /// The commit of this record.
    Committing(Box<Record>),
    /// The storage, whose answers come in order: what has ended the session of these tokens is stored then.
    Yielding(Arc<Tokens>),
    /// The commit of this record, which tells of the pause after this failure.
    Telling(AuthError, Box<Record>),
    /// The pause before the rejection is believed.
    Pausing(AuthError, UnixMillis),
    /// A last look at the record.
    Confirming(AuthError),
    /// The commit of the tombstone.
    Ending(AuthError, Box<Record>),
}

/// How far a refresh has come.
#[derive(Debug)]
pub enum Next {
    /// It waits.
    Waits(Box<Flight>),
    /// It is at its end.
    Ended(Box<Flight>, End),
}

impl Flight {
    /// Begins: takes the lock where tabs share the record.
    pub fn begin(sent: Arc<Tokens>, why: Why, ground: &mut Ground) -> Next {
        let Ground { cx, record, .. } = ground;
        let uses_lock = record.place.is_shared(cx) && cx.options.cross_tab == CrossTab::Lock && !record.is_detached();
        let flight = Box::new(Self {
            sent,
            uses_lock,
            has_lock: false,
            speaks_at: None,
            stage: Stage::Reading,
            skips_pause: why.skips_pause,
            online_at: why.online_at,
            restores: why.restores,
            is_given_up: false,
            is_left: false,
            test: why.test,
            steps: Vec::new(),
        });
        if !uses_lock {
            return flight.read(ground);
        }
        // The holder may run every step of its flow up to the limit, and says now and then that it does; who does not is
        // taken for dead.
        let limit = cx.options.timeout;
        let limit = cx.options.flow(FlowName::Refresh).map_or(limit, |program| program.longest(limit));
        let id = cx.wait_for(Waiter::Refresh, Some(limit.min(SILENCE)));
        cx.ask(Effect::Lock(id));
        let until = cx.now.after(limit);
        flight.waits(Stage::Locking(id, until))
    }

    /// Somebody is still refreshing: the lock is worth waiting for.
    pub fn on_refreshing(&self, cx: &mut Context) {
        if let Stage::Locking(id, until) = self.stage {
            cx.waits.put_off(id, until.min(cx.now.after(SILENCE)));
        }
    }

    /// Whether what it sends may be with the server.
    pub const fn may_have_spent(&self) -> bool {
        !matches!(self.stage, Stage::Locking(..) | Stage::Reading)
    }

    /// Says to the others that it is still under way, when it is time to. One that was left does not hold them up for so long: it
    /// gives the lock back, and goes on without.
    pub fn speak(&mut self, cx: &mut Context) {
        if self.speaks_at.is_some_and(|at| at <= cx.now) {
            self.speaks_at = Some(cx.now.after(BETWEEN_WORDS)).filter(|_| !self.is_left);
            if self.is_left {
                (self.uses_lock, self.has_lock) = (false, false);
            }
            cx.ask(if self.is_left { Effect::Unlock } else { Effect::Announce(Word::Refreshing) });
        }
    }

    /// The answer that it waits for, or word that there is none.
    pub fn on_answer(mut self: Box<Self>, answer: Answer, ground: &mut Ground) -> Next {
        let stage = std::mem::replace(&mut self.stage, Stage::Reading);
        match (stage, answer) {
            (Stage::Locking(..), Answer::Locked) => {
                self.has_lock = true;
                self.speaks_at = Some(ground.cx.now.after(BETWEEN_WORDS));
                self.read(ground)
            }
            // A lock that does not come, or that there is none, is no reason to give up: the commit rule holds without it.
            (Stage::Locking(..), _) => self.read(ground),
            (Stage::Reading, answer) => {
                see_stored(answer, ground);
                self.on_record(ground)
            }
            (Stage::Flowing(flowing), answer) => {
                let flow = flowing.on_answer(answer, ground);
                self.on_flow(flow, ground)
            }
            (Stage::Committing(record), answer) => self.on_committed(*record, answer.into_commit(), ground),
            (Stage::Yielding(fresh), _) => Next::Ended(self, End::Superseded(fresh)),
            (Stage::Telling(error, next), answer) => {
                self.on_pause_committed(error, *next, answer.into_commit(), ground)
            }
            (Stage::Pausing(error, _), _) => self.confirm_rejection(error, ground),
            (Stage::Confirming(error), answer) => {
                see_stored(answer, ground);
                self.commit_tombstone(error, ground)
            }
            (Stage::Ending(error, record), answer) => {
                self.on_tombstone_committed(error, *record, answer.into_commit(), ground)
            }
        }
    }

    /// When a pause ends.
    pub const fn wakes_at(&self) -> Option<UnixMillis> {
        match &self.stage {
            Stage::Pausing(_, until) => Some(*until),
            _ => None,
        }
    }

    /// When there is something to do without an answer.
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        earlier(self.wakes_at(), self.speaks_at)
    }

    /// The clock was put back: no wait gets longer by it.
    pub fn put_back(&mut self, by: Millis) {
        put_back(self.speaks_at.as_mut(), by);
        if let Stage::Pausing(_, until) | Stage::Locking(_, until) = &mut self.stage {
            put_back(Some(until), by);
        }
    }

    pub(super) fn waits(mut self: Box<Self>, stage: Stage) -> Next {
        self.stage = stage;
        Next::Waits(self)
    }

    fn read(self: Box<Self>, ground: &mut Ground) -> Next {
        if ground.record.is_detached() {
            return self.on_record(ground);
        }
        ground.record.read(Waiter::Refresh, &mut ground.cx);
        self.waits(Stage::Reading)
    }

    /// The record is known: refresh it, unless another tab has.
    fn on_record(mut self: Box<Self>, ground: &mut Ground) -> Next {
        let tokens = match ground.tokens().cloned() {
            Some(_) if self.restores => return Next::Ended(self, End::Adopted),
            Some(tokens) => tokens,
            None if self.restores => self.sent.clone(),
            None => return Next::Ended(self, End::NoToken(NoToken::SignedOut)),
        };
        if !tokens.is_same(&self.sent) && !tokens.is_expired(ground.cx.now) {
            return Next::Ended(self, End::Adopted);
        }
        let Some(program) = ground.cx.program(FlowName::Refresh) else {
            return Next::Ended(self, End::NoToken(NoToken::NotRefreshable));
        };
        if let Some(error) = self.has_to_wait(ground) {
            return Next::Ended(self, End::NoToken(NoToken::Failed(error)));
        }
        self.sent = tokens.clone();
        let inputs = self.test.as_ref().and_then(|test| test.inputs.clone());
        let inputs = inputs.unwrap_or_else(|| tokens.to_inputs().into());
        let job = Job {
            flow: FlowName::Refresh,
            waiter: Waiter::Refresh,
            // A sign-out may take them away meanwhile.
            tokens: Some(tokens),
            limit: None,
            keeps_steps: self.test.as_ref().map(|test| test.open),
        };
        let flow = Flowing::begin(program, job, inputs, ground);
        self.on_flow(flow, ground)
    }

    fn on_flow(mut self: Box<Self>, flow: Flow, ground: &mut Ground) -> Next {
        let (mut flowing, result) = match flow {
            Flow::Waits(flowing) => return self.waits(Stage::Flowing(flowing)),
            Flow::Ended(flowing, result) => (flowing, result),
        };
        self.steps = std::mem::take(&mut flowing.steps);
        let fresh = result.and_then(|()| {
            flowing.tokens(ground).map_err(|mut error| {
                let answer = flowing.run().answer(ground.cx.now).value;
                if is_invalid_grant(answer) {
                    error.code = Code::RefreshRejected;
                    error.message = message_of(answer, None).unwrap_or_default().into();
                }
                error
            })
        });
        match fresh {
            Ok(fresh) if self.restores => self.commit(Arc::new(fresh), ground),
            // Silently: there need not be one.
            Err(_) if self.restores => {
                ground.drop_key(flowing.run().key.as_ref());
                Next::Ended(self, End::NoToken(NoToken::SignedOut))
            }
            Ok(fresh) => {
                let is_bound = if self.sent.key.is_some() { check_bound(fresh.token_type.as_ref()) } else { Ok(()) };
                let same_user = || ground.check_same_user(&self.sent, &fresh, flowing.run().server_date);
                let checked = is_bound.and_then(|()| same_user());
                let fresh = Arc::new(self.sent.renewed(fresh));
                let Err(error) = checked else { return self.commit(fresh, ground) };
                // The old token is spent, and the new one is of nobody who has signed in here, or of whoever bears it.
                ground.cx.want(Errand::Revoke(fresh));
                self.on_rejected(error, ground)
            }
            Err(error) if error.code == Code::RefreshRejected && self.test.is_none() => self.on_rejected(error, ground),
            Err(error) => self.on_failed(error, ground),
        }
    }
}

/// Takes in what is stored; what can't be read is taken for unchanged.
fn see_stored(answer: Answer, ground: &mut Ground) {
    if let Answer::Stored { text, .. } = answer {
        ground.record.on_stored(text, &mut ground.cx);
    }
}
