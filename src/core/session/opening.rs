//! The first looks at the storage: the record, then the values. Calls that come early wait.

use crate::core::calls::disposed;
use crate::core::context::{Context, Errand};
use crate::core::effect::Effect;
use crate::core::error::Code;
use crate::core::ground::Ground;
use crate::core::input::{Answer, Call, CallId};
use crate::core::record::Keeper;
use crate::core::values::Values;
use crate::core::waits::Waiter;

/// How far the session is with its first look at the storage.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Opening {
    /// It looks.
    Waiting {
        /// The calls that came meanwhile.
        early: Vec<(CallId, Call)>,
        /// The record may have changed meanwhile.
        rereads: bool,
    },
    /// Calls are answered.
    Open,
    /// Nothing is any more.
    Disposed,
}

impl Default for Opening {
    fn default() -> Self {
        Self::Waiting { early: Vec::new(), rereads: false }
    }
}

impl Opening {
    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Gives a call back that can begin; holds or settles all others.
    pub(super) fn hold(&mut self, call: CallId, what: Call, ground: &mut Ground) -> Option<Call> {
        match self {
            Self::Waiting { early, .. } => {
                // A stored value can be read at once.
                if let Call::StoreValue(key, text, _) = &what
                    && Values::check_key(key, &ground.record, &ground.cx).is_ok()
                {
                    ground.cx.ask(Effect::Show(key.clone(), Some(text.clone())));
                }
                early.push((call, what));
                None
            }
            Self::Open => Some(what),
            Self::Disposed => {
                ground.cx.settle(call, Err(disposed()));
                None
            }
        }
    }

    /// Takes in what was found; gives the calls that can begin now.
    pub(super) fn on_answer(&mut self, answer: Answer, ground: &mut Ground) -> Vec<(CallId, Call)> {
        let Ground { cx, record, values, .. } = ground;
        let values_found = match answer {
            Answer::Stored { text, mirror } => {
                record.open(text, mirror, cx);
                let id = cx.wait(Waiter::Opening);
                cx.ask(Effect::List(id, record.record().keys.clone()));
                return Vec::new();
            }
            Answer::Values(values) => values,
            // A storage that does not answer, or can't be read, is no storage.
            Answer::Done(Err(error)) => {
                record.detach(error.code, cx);
                Vec::new()
            }
            _ => {
                record.detach(Code::Timeout, cx);
                Vec::new()
            }
        };
        values.open(values_found, cx);
        cx.want(Errand::Expose);
        let Self::Waiting { early, rereads } = std::mem::replace(self, Self::Open) else { return Vec::new() };
        if rereads {
            record.reread(cx);
        }
        early
    }

    /// Something may have changed: looks at the record again, once it is known.
    pub(super) fn reread(&mut self, record: &Keeper, cx: &mut Context) {
        match self {
            Self::Waiting { rereads, .. } => *rereads = true,
            Self::Open => record.reread(cx),
            Self::Disposed => {}
        }
    }

    /// The end.
    pub(super) fn dispose(&mut self, cx: &mut Context) {
        if let Self::Waiting { early, .. } = std::mem::replace(self, Self::Disposed) {
            for (call, _) in early {
                cx.settle(call, Err(disposed()));
            }
        }
    }
}
