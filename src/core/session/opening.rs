//! The first looks at the storage: the record, then the values. Calls that come early wait, as they do while the session
//! is on its way to another storage.

use super::moving::{Moving, list};
use crate::core::context::{Context, Errand};
use crate::core::effect::Effect;
use crate::core::error::AuthError;
use crate::core::ground::Ground;
use crate::core::input::{Answer, Call, CallId};
use crate::core::record::Keeper;
use crate::core::values::Values;
use crate::core::vocabulary::Storage;
use crate::core::waits::Waiter;

/// How far the session is with its first look at the storage.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Opening {
    /// It looks.
    Waiting {
        /// For what.
        look: Look,
        /// The calls that came meanwhile.
        early: Vec<(CallId, Call)>,
        /// The record may have changed meanwhile.
        rereads: bool,
    },
    /// Calls are answered.
    Open,
    /// No call is any more; a refresh that may have spent the refresh token goes on to its end.
    Closing,
    /// Nothing is any more.
    Disposed,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Look {
    /// A session of this tab alone, where a sign-in may have left one.
    Aside,
    /// The record, and the values.
    First,
    /// The way to another storage.
    Moving(Box<Moving>),
}

/// What became of an answer.
pub(super) enum Opened {
    /// There is more to wait for.
    NotYet,
    /// The session has opened: these calls can begin.
    First(Vec<(CallId, Call)>),
    /// It has arrived where it is to rest: these calls can begin.
    Moved(Vec<(CallId, Call)>),
}

impl Opening {
    /// Begins with the record. Where a sign-in may have chosen to keep it in this tab, that is where to look first.
    pub fn begin(ground: &mut Ground) -> Self {
        let Ground { cx, record, .. } = ground;
        let aside = has_two_places(record, cx);
        if aside {
            record.rest_at(record.place.home.of_this_tab(), false, cx);
        }
        record.read(Waiter::Opening, cx);
        Self::waiting(if aside { Look::Aside } else { Look::First })
    }

    /// Sets out for another storage.
    pub fn set_out(to: Storage, ground: &mut Ground) -> Self {
        Self::waiting(Look::Moving(Box::new(Moving::begin(to, ground))))
    }

    const fn waiting(look: Look) -> Self {
        Self::Waiting { look, early: Vec::new(), rereads: false }
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Whether a refresh may be under way.
    pub(super) const fn may_refresh(&self) -> bool {
        matches!(self, Self::Open | Self::Closing)
    }

    /// Whether calls are refused.
    pub(super) const fn is_over(&self) -> bool {
        matches!(self, Self::Closing | Self::Disposed)
    }

    /// Whether answers to others wait until it is known what there is.
    pub(super) const fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting { .. })
    }

    /// Whether it takes its first look at the record.
    pub(super) const fn is_first(&self) -> bool {
        matches!(self, Self::Waiting { look: Look::First, .. })
    }

    /// Whether it looks where there need be nothing.
    pub(super) const fn is_aside(&self) -> bool {
        matches!(self, Self::Waiting { look: Look::Aside, .. })
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
            Self::Closing | Self::Disposed => {
                ground.cx.settle(call, Err(AuthError::disposed()));
                None
            }
        }
    }

    /// Takes in what was found.
    pub(super) fn on_answer(&mut self, answer: Answer, ground: &mut Ground) -> Opened {
        let Self::Waiting { look, early, rereads } = self else { return Opened::NotYet };
        let has_moved = match look {
            Look::Aside => {
                let known = ground.record.record().clone();
                if let Answer::Stored { text, mirror } = answer {
                    ground.record.open(text, mirror, &mut ground.cx);
                }
                *look = Look::First;
                if ground.record.tokens().is_some() {
                    list(ground);
                } else {
                    ground.record.foresee(known);
                    let home = ground.record.place.home;
                    ground.record.rest_at(home, false, &mut ground.cx);
                    ground.record.read(Waiter::Opening, &mut ground.cx);
                }
                return Opened::NotYet;
            }
            Look::First => {
                let Ground { cx, record, values, .. } = &mut *ground;
                match answer {
                    Answer::Stored { text, mirror } => {
                        record.open(text, mirror, cx);
                        list(ground);
                        return Opened::NotYet;
                    }
                    Answer::Values(found) => {
                        values.keep_only(&found, cx);
                        values.open(found, record, cx);
                    }
                    // A storage that does not answer, or can't be read, is no storage.
                    answer => record.detach(answer.failure(), cx),
                }
                false
            }
            Look::Moving(moving) => {
                if !moving.on_answer(answer, ground) {
                    return Opened::NotYet;
                }
                true
            }
        };
        let (early, rereads) = (std::mem::take(early), *rereads);
        *self = Self::Open;
        if ground.record.turn_away(ground.cx.platform) {
            ground.cx.want(Errand::Discard(Vec::new()));
        }
        ground.cx.want(Errand::Expose);
        if rereads {
            ground.record.reread(&mut ground.cx);
        }
        if has_moved { Opened::Moved(early) } else { Opened::First(early) }
    }

    /// Something may have changed: looks at the record again, once it is known.
    pub(super) fn reread(&mut self, record: &mut Keeper, cx: &mut Context) {
        match self {
            Self::Waiting { rereads, .. } => *rereads = true,
            Self::Open => record.reread(cx),
            Self::Closing | Self::Disposed => {}
        }
    }

    /// The next thing to do. After the end there is nobody to hear or to see it.
    pub(super) fn poll_effect(&self, cx: &mut Context) -> Option<Effect> {
        loop {
            let effect = cx.poll_effect()?;
            let is_seen =
                matches!(effect, Effect::Emit(_) | Effect::Navigate(..) | Effect::Notify(_) | Effect::Show(..));
            if !is_seen || !self.is_over() {
                return Some(effect);
            }
        }
    }

    /// The end, but for a refresh that goes on.
    pub(super) fn dispose(&mut self, goes_on: bool, cx: &mut Context) {
        if let Self::Waiting { early, .. } =
            std::mem::replace(self, if goes_on { Self::Closing } else { Self::Disposed })
        {
            for (call, _) in early {
                cx.settle(call, Err(AuthError::disposed()));
            }
        }
        if !goes_on {
            cx.ask(Effect::Over);
        }
    }
}

/// Whether a sign-in chooses whether the session rests in this tab or with all others.
pub(super) fn has_two_places(record: &Keeper, cx: &Context) -> bool {
    let home = record.place.home;
    cx.options.remember.is_some() && home.of_this_tab() != home
}
