//! `signin(inputs)`: the flow, the commit of the tokens, what is exposed and kept, the home page.

use std::sync::Arc;

use super::caller::{Caller, Next, ok};
use super::writing::Writing;
use crate::core::context::Errand;
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::flow::flowing::{Flow, Flowing, Job};
use crate::core::flow::run::Run;
use crate::core::ground::Ground;
use crate::core::input::{Answer, Commit};
use crate::core::oauth::pending::Pending;
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::secret::{Secret, Sensitive};
use crate::core::section::invalid;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};
use crate::core::values::exposed::kept_fields;
use crate::core::vocabulary::{EventKind, FlowName};

/// The fields of the answer that are kept, as JSON.
type Kept = Vec<(String, Secret)>;

/// A sign-in under way.
#[derive(Clone, Debug, PartialEq)]
pub enum SignIn {
    /// A step of the flow.
    Flowing(Box<Flowing>),
    /// The way to where the session is to rest.
    Moving(Box<Tokens>, Kept),
    /// The commit of this record.
    Committing(Box<Record>, Kept),
    /// What is exposed and kept.
    Writing(Writing),
    /// The home page.
    Navigating,
}

impl SignIn {
    /// Begins with the flow.
    pub fn begin<S: From<Self>>(inputs: Sensitive<Value>, caller: &mut Caller<'_>) -> Next<S> {
        let Some(program) = caller.ground.cx.program(FlowName::Signin) else {
            return Next::failed(invalid("flows.signin", "there is no flow to sign in with"));
        };
        let flow = Flowing::begin(program, Self::job(caller), inputs, caller.ground);
        Self::on_flow(flow, caller)
    }

    /// Goes on with one that has left its page, with the address that the user came back to.
    pub fn come_back<S: From<Self>>(pending: Pending, address: Secret, caller: &mut Caller<'_>) -> Next<S> {
        let Some(program) = caller.ground.cx.program(FlowName::Signin) else {
            return Next::failed(invalid("flows.signin", "there is no flow to sign in with"));
        };
        let Some(run) = pending.run().and_then(Run::restore) else {
            let why = "what was kept of this sign-in can't be read";
            return Self::fail(AuthError::new(Code::CallbackMismatch, why), caller);
        };
        // A code is worth something to whoever has issued it, and goes to nobody else (RFC 9207 section 2.4).
        let issuer = caller.ground.cx.options.issuer.as_deref();
        if pending.text("issuer").is_some_and(|begun| issuer != Some(begun)) {
            let error = AuthError::new(Code::CallbackMismatch, "this sign-in was begun at another issuer").at("issuer");
            caller.ground.cx.note_callback("iss", Map::new(), Some(&error));
            return Self::fail(error, caller);
        }
        caller.recall_page(pending.text("page"));
        let flow = Flowing::come_back(program, Self::job(caller), run, (pending, address), caller.ground);
        Self::on_flow(flow, caller)
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match (self, answer) {
            (Self::Flowing(flowing), answer) => {
                let flow = flowing.on_answer(answer, caller.ground);
                Self::on_flow(flow, caller)
            }
            (Self::Committing(record, kept), answer) => Self::on_committed(*record, kept, answer.into_commit(), caller),
            (Self::Writing(writing), answer) => {
                let writing = writing.on_own_answer(answer, caller.waiter(), caller.ground);
                Self::on_written(writing, caller)
            }
            (moving @ Self::Moving(..), _) => Next::waits(moving),
            (Self::Navigating, answer) => Self::end(caller.has_navigated(answer), caller),
        }
    }

    const fn job(caller: &Caller<'_>) -> Job {
        Job { flow: FlowName::Signin, waiter: caller.waiter(), tokens: None, limit: None, keeps_steps: None }
    }

    /// The name of what is kept of it, once it has left the page.
    pub fn gone(&self) -> Option<&str> {
        match self {
            Self::Flowing(flowing) => flowing.gone(),
            _ => None,
        }
    }

    /// Whether it has left, and not in a window of its own.
    pub fn takes_page(&self) -> bool {
        matches!(self, Self::Flowing(flowing) if flowing.run().leaving.takes_page())
    }

    /// Whether the flow is under way: a later sign-in takes its place.
    pub const fn is_flowing(&self) -> bool {
        matches!(self, Self::Flowing(_) | Self::Moving(..))
    }

    /// Whether a sign-out takes its place.
    pub const fn is_unfinished(&self) -> bool {
        !matches!(self, Self::Navigating)
    }

    /// Nobody waits for it any more. A commit is taken for done, so that there is something to end; tokens that it has
    /// got are revoked. Gives the flow whose last answer is still to come.
    pub fn give_up(self, ground: &mut Ground) -> Option<Leftover> {
        match self {
            Self::Committing(record, _) => {
                let before = ground.tokens().cloned();
                ground.record.assume(*record);
                revoke_replaced(before, ground);
            }
            Self::Moving(tokens, _) => {
                ground.drop_key(tokens.key.as_ref());
                ground.cx.want(Errand::Revoke(Arc::new(*tokens)));
            }
            Self::Flowing(flowing) => {
                flowing.revoke_all(ground);
                return Some(Leftover(flowing));
            }
            Self::Writing(_) | Self::Navigating => {}
        }
        None
    }

    fn on_flow<S: From<Self>>(flow: Flow, caller: &mut Caller<'_>) -> Next<S> {
        let (flowing, result) = match flow {
            Flow::Waits(flowing) => return Next::waits(Self::Flowing(flowing)),
            Flow::Ended(flowing, result) => (flowing, result),
        };
        let flowing = match &result {
            Err(error) if error.code == Code::InvalidCredentials => match flowing.ask_again(error, caller.ground) {
                Ok(flow) => return Self::on_flow(flow, caller),
                Err(flowing) => flowing,
            },
            _ => flowing,
        };
        if flowing.has_asked() {
            caller.ground.cx.ask(Effect::CloseForm);
        }
        match result.and_then(|()| flowing.tokens(caller.ground)) {
            Ok(tokens) => {
                let checked = match flowing.left_with() {
                    Some((pending, now)) => caller.ground.check_id_token(&tokens, pending, now),
                    None => Ok(()),
                };
                if let Err(error) = checked {
                    flowing.revoke_all(caller.ground);
                    return Self::fail(error, caller);
                }
                let answer = flowing.run().answer(caller.ground.cx.now);
                let kept = kept_fields(answer.value, &caller.ground.cx);
                let place = caller.ground.resting_place(flowing.inputs());
                if place == caller.ground.record.place.storage {
                    return Self::begin_commit(tokens, kept, caller);
                }
                caller.ground.cx.want(Errand::Move(place));
                Next::waits(Self::Moving(Box::new(tokens), kept))
            }
            Err(error) => {
                flowing.revoke_all(caller.ground);
                Self::fail(error, caller)
            }
        }
    }

    /// The session rests where it is to rest.
    pub fn on_moved<S: From<Self>>(self, caller: &mut Caller<'_>) -> Next<S> {
        match self {
            Self::Moving(tokens, kept) => Self::begin_commit(*tokens, kept, caller),
            story => Next::waits(story),
        }
    }

    fn begin_commit<S: From<Self>>(tokens: Tokens, kept: Kept, caller: &mut Caller<'_>) -> Next<S> {
        // A storage that was full may have room again: a new session tries it anew.
        let Ground { cx, record, .. } = &mut *caller.ground;
        record.try_storage_again();
        cx.active_at = cx.now;
        Self::commit(State::Live(Arc::new(tokens)), kept, caller)
    }

    /// The sign-in has failed: the listeners and the user are told.
    fn fail<S: From<Self>>(error: AuthError, caller: &mut Caller<'_>) -> Next<S> {
        caller.ground.cx.emit_failed(error.code);
        // Whoever has closed a form knows; what a provider has answered has nobody else to tell it.
        if error.code != Code::Cancelled || caller.call.is_internal() {
            caller.ground.cx.ask(Effect::Notify(error.message.clone().into_owned()));
        }
        Next::failed(error)
    }

    fn commit<S: From<Self>>(state: State, kept: Kept, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let Ground { cx, record, .. } = caller.ground;
        let (next, before) = (record.next(state, cx), record.tokens().cloned());
        if record.commit(&next, waiter, cx) {
            return Self::on_kept(kept, before, caller);
        }
        Next::waits(Self::Committing(Box::new(next), kept))
    }

    fn on_committed<S: From<Self>>(record: Record, kept: Kept, commit: Commit, caller: &mut Caller<'_>) -> Next<S> {
        let (state, before) = (record.state.clone(), caller.ground.tokens().cloned());
        match caller.ground.record.on_committed(record, commit, Other::Replaced, &mut caller.ground.cx) {
            // What this call decides is newer than whatever was written meanwhile.
            Committed::Lost => Self::commit(state, kept, caller),
            Committed::Kept => Self::on_kept(kept, before, caller),
        }
    }

    /// There is a session: exposes what is to be exposed, and keeps what is to be kept.
    fn on_kept<S: From<Self>>(kept: Kept, before: Option<Arc<Tokens>>, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let had_session = before.is_some();
        revoke_replaced(before, caller.ground);
        caller.refresh.on_other_session();
        let Ground { cx, record, values, .. } = caller.ground;
        cx.emit(EventKind::SignedIn, None);
        // What was kept of the answer before is not this one's.
        let mut former = if had_session { cx.options.keep.clone() } else { Vec::new() };
        former.retain(|name| kept.iter().all(|(key, _)| key != name));
        let mut writes = values.expose_record(waiter, record, cx);
        writes += values.remove(waiter, former, record, cx) + values.put_all(waiter, kept, cx);
        let writing = Writing::begin(writes, waiter, caller.ground);
        Self::on_written(writing, caller)
    }

    fn on_written<S: From<Self>>(writing: Option<Writing>, caller: &mut Caller<'_>) -> Next<S> {
        if let Some(writing) = writing {
            return Next::waits(Self::Writing(writing));
        }
        if caller.come_back() { Next::waits(Self::Navigating) } else { Self::end(false, caller) }
    }

    fn end<S: From<Self>>(navigated: bool, caller: &Caller<'_>) -> Next<S> {
        let mut members = ok();
        members.set("expiresAt", caller.expires_at());
        members.set_flag("navigated", navigated);
        Next::done(members)
    }
}

/// The session that was there before is nobody's now.
fn revoke_replaced(before: Option<Arc<Tokens>>, ground: &mut Ground) {
    if let (Some(before), Some(tokens)) = (before, ground.tokens())
        && before.is_of_another_session(tokens)
    {
        ground.cx.want(Errand::Revoke(before));
    }
}

/// The flow of a sign-in for which nobody waits any more: the tokens in its last answer are revoked.
#[derive(Clone, Debug, PartialEq)]
pub struct Leftover(Box<Flowing>);

impl Leftover {
    /// Ends with the answer.
    pub fn on_answer<S: From<Self>>(mut self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        self.0.stop(answer, caller.ground);
        self.0.revoke_all(caller.ground);
        Next::is(true)
    }
}
