//! `logout({ navigate, keep })`: the tombstone first, so that nothing under way can bring the session back; then the tokens
//! are revoked, the values removed, the login page shown.

use std::sync::Arc;

use super::caller::{Caller, Next, ok};
use super::writing::Writing;
use crate::core::effect::{Effect, Word};
use crate::core::flow::flowing::{Flow, Flowing, Job};
use crate::core::flow::scope::FlowScope;
use crate::core::flow::step::{Leave, StepRequest, StepResult};
use crate::core::ground::Ground;
use crate::core::input::{Answer, LogoutCall};
use crate::core::oauth::departure::Prepared;
use crate::core::oauth::end_session::{depart, is_possible};
use crate::core::oauth::pending::outdated;
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::refresh::SESSION_ENDED;
use crate::core::secret::Secret;
use crate::core::time::Millis;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};
use crate::core::values::exposed::exposed_keys;
use crate::core::vocabulary::{EventKind, FlowName, Reason};

/// No step of a revocation may hold up a sign-out for longer.
const REVOKE_LIMIT: Millis = Millis(5_000);

/// A sign-out under way.
#[derive(Clone, Debug, PartialEq)]
pub enum SignOut {
    /// The commit of the tombstone of these tokens.
    Committing {
        /// What the caller asked for.
        options: LogoutCall,
        /// The tokens to revoke.
        tokens: Arc<Tokens>,
        /// The tombstone.
        tombstone: Box<Record>,
    },
    /// A step of the revoke flow (RFC 7009).
    Revoking(LogoutCall, Option<Secret>, Box<Flowing>),
    /// The removal of the values.
    Writing(After, Writing),
    /// What is needed to go on at the provider.
    Preparing(After),
    /// The end of the page: the provider.
    Leaving(After),
    /// The login page.
    Navigating {
        /// Whether the tokens are revoked.
        revoked: bool,
    },
}

/// What comes after the removal of the values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct After {
    /// Whether to stay on the page.
    stay: bool,
    /// Whether the tokens are revoked.
    revoked: bool,
    /// Whether there was a session.
    had_session: bool,
    /// The ID token of the session that has ended.
    id_token: Option<Secret>,
}

impl SignOut {
    /// Begins with the tombstone; without a session there is only the login page to go to.
    pub fn begin<S: From<Self>>(options: LogoutCall, caller: &mut Caller<'_>) -> Next<S> {
        if caller.ground.tokens().is_none() {
            let writing = Writing::begin(0, caller.waiter(), caller.ground);
            // The end of the session may be on its way to the login page already.
            let stay = options.stay || caller.page.leaving;
            return Self::on_written(After { stay, ..After::default() }, writing, caller);
        }
        Self::commit(options, None, caller)
    }

    /// Whether it stays on the page.
    pub const fn stays(&self) -> bool {
        match self {
            Self::Committing { options, .. } | Self::Revoking(options, ..) => options.stay,
            Self::Writing(after, _) | Self::Preparing(after) | Self::Leaving(after) => after.stay,
            Self::Navigating { .. } => false,
        }
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match (self, answer) {
            (Self::Committing { options, tokens, tombstone }, answer) => {
                let commit = answer.into_commit();
                match caller.ground.record.on_committed(*tombstone, commit, Other::Replaced, &mut caller.ground.cx) {
                    Committed::Lost => Self::commit(options, Some(tokens), caller),
                    Committed::Kept => Self::on_ended(options, Some(tokens), true, caller),
                }
            }
            (Self::Revoking(options, id_token, flowing), answer) => {
                let flow = flowing.on_answer(answer, caller.ground);
                Self::on_flow(options, id_token, flow, caller)
            }
            (Self::Writing(after, writing), answer) => {
                let writing = writing.on_own_answer(answer, caller.waiter(), caller.ground);
                Self::on_written(after, writing, caller)
            }
            (Self::Preparing(after), Answer::Step(StepResult::Prepared(prepared, kept))) => {
                Self::on_prepared(after, &prepared, &kept, caller)
            }
            // There is an answer only where it was not left.
            (Self::Preparing(after) | Self::Leaving(after), _) => Self::to_login(after, caller),
            (Self::Navigating { revoked }, answer) => Self::end(revoked, caller.has_navigated(answer)),
        }
    }

    /// Commits the tombstone of whatever session there is now; `before` are the tokens of the one that was to end.
    fn commit<S: From<Self>>(options: LogoutCall, before: Option<Arc<Tokens>>, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        // Who has ended it before us revokes its tokens.
        let Some(tokens) = caller.ground.tokens().cloned() else {
            return Self::on_ended(options, before, false, caller);
        };
        let Ground { cx, record, .. } = caller.ground;
        let mut tombstone = record.next(State::SignedOut, cx);
        if !options.keep_all {
            tombstone.cleared_at = Some(cx.now);
            tombstone.spared.clone_from(&options.keep);
        }
        if record.commit(&tombstone, waiter, cx) {
            return Self::on_ended(options, Some(tokens), true, caller);
        }
        // From this moment on nobody in this tab is signed in, whatever the storage takes to say so.
        record.foresee(tombstone.clone());
        Next::waits(Self::Committing { options, tokens, tombstone: Box::new(tombstone) })
    }

    /// The session is gone: revokes its tokens.
    fn on_ended<S: From<Self>>(
        options: LogoutCall,
        tokens: Option<Arc<Tokens>>,
        is_ours: bool,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        caller.refresh.on_other_session();
        let was_guarded = std::mem::replace(&mut caller.page.guarded, false);
        if options.reason.is_none() || !was_guarded {
            caller.page.shown = None;
        }
        if options.reason.is_none() {
            // Who leaves by hand does not want to come back.
            caller.forget_page();
        }
        let Ground { cx, record, .. } = &mut *caller.ground;
        cx.emit(EventKind::SignedOut, options.reason.map(Reason::as_str));
        if tokens.is_some() && options.reason.is_some() && !options.is_revoked {
            // Nobody has asked for it here: whoever sits before the page would wonder.
            cx.ask(Effect::Notify(SESSION_ENDED.to_owned()));
        }
        if let Some(tokens) = tokens.as_ref().filter(|_| record.place.has_copies(cx)) {
            cx.ask(Effect::Announce(Word::Ended(tokens.signed_in_at)));
        }
        let id_token = tokens.as_ref().and_then(|tokens| tokens.id.clone());
        match tokens.filter(|_| is_ours && !options.is_revoked).and_then(|tokens| revoke(tokens, caller)) {
            Some(flow) => Self::on_flow(options, id_token, flow, caller),
            None => Self::clean_up(&options, id_token, false, caller),
        }
    }

    /// A revocation that fails blocks nothing.
    fn on_flow<S: From<Self>>(
        options: LogoutCall,
        id_token: Option<Secret>,
        flow: Flow,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        match flow {
            Flow::Waits(flowing) => Next::waits(Self::Revoking(options, id_token, flowing)),
            Flow::Ended(_, result) => Self::clean_up(&options, id_token, result.is_ok(), caller),
        }
    }

    /// Removes the values that were stored through doorkey, but for those to spare.
    fn clean_up<S: From<Self>>(
        options: &LogoutCall,
        id_token: Option<Secret>,
        revoked: bool,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        if caller.ground.tokens().is_some() {
            // Somebody has signed in meanwhile: what is there now is theirs.
            return Self::end(revoked, false);
        }
        let exposed = exposed_keys(&caller.ground.cx);
        let mut keys = Vec::new();
        for key in caller.ground.values.keys(&caller.ground.record).keys() {
            if exposed.contains(&key) || !(options.keep_all || options.keep.contains(&key)) {
                keys.push(key);
            }
        }
        let writing = Writing::remove(keys, caller.waiter(), caller.ground);
        Self::on_written(After { stay: options.stay, revoked, had_session: true, id_token }, writing, caller)
    }

    fn on_written<S: From<Self>>(after: After, writing: Option<Writing>, caller: &mut Caller<'_>) -> Next<S> {
        if let Some(writing) = writing {
            return Next::waits(Self::Writing(after, writing));
        }
        let Ground { cx, metadata, .. } = &mut *caller.ground;
        if after.stay || !after.had_session || !is_possible(&cx.options, metadata.as_ref(), after.id_token.as_ref()) {
            return Self::to_login(after, caller);
        }
        let id = caller.ground.cx.wait(caller.waiter());
        caller.ground.cx.ask(Effect::Step(id, StepRequest::Prepare));
        Next::waits(Self::Preparing(after))
    }

    /// Leaves for the provider, which sends the user back.
    fn on_prepared<S: From<Self>>(
        after: After,
        prepared: &Prepared,
        kept: &[(String, Secret)],
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let ground = &*caller.ground;
        let (options, now, none) = (&ground.cx.options, ground.cx.now, Map::new());
        let scope = FlowScope {
            ambient: ground.ambient(None),
            inputs: &Value::Undefined,
            results: &none,
            variables: &none,
            bare_names: false,
        };
        let Ok((url, pending)) = depart(options, after.id_token.as_ref(), prepared, scope, now) else {
            return Self::to_login(after, caller);
        };
        let leave = Leave { url, pending, outdated: outdated(kept, now, ground.cx.platform), popup: false };
        let id = caller.ground.cx.wait_for(caller.waiter(), None);
        caller.ground.cx.ask(Effect::Step(id, StepRequest::Leave(Box::new(leave))));
        Next::waits(Self::Leaving(after))
    }

    fn to_login<S: From<Self>>(after: After, caller: &mut Caller<'_>) -> Next<S> {
        if !after.stay && caller.send_away() {
            Next::waits(Self::Navigating { revoked: after.revoked })
        } else {
            Self::end(after.revoked, caller.page.leaving)
        }
    }

    fn end<S: From<Self>>(revoked: bool, navigated: bool) -> Next<S> {
        let mut members = ok();
        members.set_flag("revoked", revoked);
        members.set_flag("navigated", navigated);
        Next::done(members)
    }
}

/// Tokens that nobody keeps are revoked; nobody waits for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Revocation(Box<Flowing>);

impl Revocation {
    /// Begins with the revoke flow.
    pub fn begin<S: From<Self>>(tokens: Arc<Tokens>, caller: &mut Caller<'_>) -> Next<S> {
        match revoke(tokens, caller) {
            Some(flow) => Self::on_flow(flow),
            None => Next::is(false),
        }
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        Self::on_flow(self.0.on_answer(answer, caller.ground))
    }

    fn on_flow<S: From<Self>>(flow: Flow) -> Next<S> {
        match flow {
            Flow::Waits(flowing) => Next::waits(Self(flowing)),
            Flow::Ended(_, result) => Next::is(result.is_ok()),
        }
    }
}

/// Begins the revoke flow (RFC 7009 section 2) for these tokens, where there is one.
fn revoke(tokens: Arc<Tokens>, caller: &mut Caller<'_>) -> Option<Flow> {
    // Those of another server have no business with this one.
    let program =
        caller.ground.cx.program(FlowName::Revoke).filter(|_| !caller.ground.record.servers.is_foreign(&tokens))?;
    let inputs = tokens.to_inputs().into();
    let job = Job {
        flow: FlowName::Revoke,
        waiter: caller.waiter(),
        tokens: Some(tokens),
        limit: Some(REVOKE_LIMIT),
        keeps_steps: None,
    };
    Some(Flowing::begin(program, job, inputs, caller.ground))
}
