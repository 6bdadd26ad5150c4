//! A sliding session: an answer to an authorised request has brought the token that comes next.

use std::sync::Arc;

use super::caller::{Caller, Next};
use crate::core::context::Errand;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::lite::text::holds;
use crate::core::record::envelope::{Record, State};
use crate::core::record::{Committed, Other};
use crate::core::token::{self, Tokens, bare};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::EventKind;

/// The commit of this record, which is to take the place of these tokens. Where it has the same, it says that the user is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewal(Box<Record>, Arc<Tokens>);

/// Looks for the token that comes next in the answer to a request with these tokens.
pub fn look_for_next(sent: &Arc<Tokens>, seen: &Value, ground: &mut Ground) {
    let Some(name) = &ground.cx.options.refresh.from_header else { return };
    let Some(Value::Text(text)) = seen.member("headers").and_then(|headers| headers.member(name)) else { return };
    let (mut value, none) = (Map::new(), Map::new());
    // A header that is there twice, or whose value was none, is no token.
    if holds(bare(text), |byte| matches!(byte, b' ' | b','))
        || ["", "Bearer", "undefined", "null"].contains(&bare(text))
    {
        return;
    }
    value.set_text("access_token", text);
    let answer =
        token::Answer { value: &Value::Map(value), variables: &none, server_date: None, received_at: ground.cx.now };
    match Tokens::read(&answer, &ground.cx.options.tokens, ground.cx.platform) {
        Ok(next) if next.access.is_some() && next.access != sent.access => {
            ground.cx.want(Errand::Renew { sent: sent.clone(), next: Arc::new(sent.renewed(next)) });
        }
        _ => {}
    }
}

impl Renewal {
    /// Begins, unless the session has other tokens meanwhile.
    pub fn begin<S: From<Self>>(sent: Arc<Tokens>, next: Arc<Tokens>, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let Ground { cx, record, .. } = caller.ground;
        if !record.tokens().is_some_and(|tokens| tokens.is_same(&sent)) {
            return Next::is(false);
        }
        let (is_renewed, before) = (!next.is_same(&sent), record.record());
        let (changed_at, pause) = (before.changed_at, before.pause);
        let mut next = record.next(State::Live(next), cx);
        if !is_renewed {
            (next.changed_at, next.pause) = (changed_at, pause);
        }
        if record.commit(&next, waiter, cx) {
            return Self::end(&sent, caller);
        }
        Next::waits(Self(Box::new(next), sent))
    }

    /// What became of the commit.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        let Self(record, sent) = self;
        let next = record.tokens().cloned();
        let Ground { cx, record: keeper, .. } = caller.ground;
        let before = keeper.record().clone();
        let committed = keeper.on_committed(*record, answer.into_commit(), Other::Adopted, cx);
        if before.tokens().is_none() {
            // It has ended meanwhile, and that is on its way to the storage.
            keeper.foresee(before);
            return Next::is(false);
        }
        match (committed, next) {
            (Committed::Lost, Some(next)) => Self::begin(sent, next, caller),
            _ => Self::end(&sent, caller),
        }
    }

    fn end<S: From<Self>>(sent: &Tokens, caller: &mut Caller<'_>) -> Next<S> {
        if !caller.ground.tokens().is_some_and(|tokens| tokens.is_same(sent)) {
            caller.ground.cx.emit(EventKind::Refreshed, None);
            caller.ground.cx.want(Errand::Expose);
        }
        Next::is(true)
    }
}
