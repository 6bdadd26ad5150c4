//! The page comes up at an address that may be the answer to a sign-in that has left it.

use super::Calls;
use super::returned::{Onward, Returned};
use super::sign_in::SignIn;
use super::story::Story;
use crate::core::context::Context;
use crate::core::effect::Effect;
use crate::core::error::AuthError;
use crate::core::ground::Ground;
use crate::core::input::{Call, CallId};
use crate::core::oauth::address::Address;
use crate::core::oauth::pending::find;
use crate::core::refresh::Refresh;
use crate::core::secret::Secret;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::{FlowName, GuardedPage};
use crate::core::waits::Waiter;

impl Calls {
    /// Whether a call is a sign-in in a window of its own, which is opened in the click, before anything is awaited.
    pub fn opens_popup(&self, what: &Call, cx: &Context) -> bool {
        let program = cx.program(FlowName::Signin).filter(|_| matches!(what, Call::Signin(_)));
        program.is_some_and(|program| program.begins_with_popup()) && self.page.returning.is_none()
    }

    /// Begins a call, unless it is held, and opens its window: after a sign-in that it has overtaken has closed its own.
    pub fn begin_unless_held(
        &mut self,
        call: CallId,
        what: Option<Call>,
        opens_popup: bool,
        ground: &mut Ground,
        refresh: &mut Refresh,
    ) {
        if let Some(what) = what {
            self.begin(call, what, ground, refresh);
        }
        if opens_popup {
            ground.cx.ask(Effect::OpenPopup);
        }
    }

    /// The page has come up at an address: if it is the answer to a sign-in that has left, that goes on, and this is its call.
    pub fn on_arrival(
        &mut self,
        text: Secret,
        kept: &[(String, Secret)],
        is_asked: bool,
        ground: &mut Ground,
    ) -> Option<(CallId, Call)> {
        let cx = &mut ground.cx;
        let address = Address::parse(text.expose());
        let found = find(&address, kept, cx.now, cx.platform);
        let Some((key, pending)) = found.filter(|(key, _)| !self.page.answered.contains(key)) else {
            let program = cx.program(FlowName::Signin)?;
            let is_answer = program.authorize()?.may_answer_window(&address);
            if !is_asked || !is_answer || self.page.returning.is_some() {
                return None;
            }
            // It may be the window that another page has opened, which knows what to do with it.
            let of = CallId::internal(cx.waits.next_number());
            self.page.returning = Some(of);
            return Some((of, Call::HandOver(text)));
        };
        // Before anything is awaited: whatever looks at the address next finds nothing.
        let clean = address.cleaned(pending.answer());
        if clean != text.expose() {
            cx.ask(Effect::ReplaceLocation(clean.into()));
            cx.note_callback("address", Map::new(), None);
        }
        self.page.answered.push(key.clone());
        cx.ask(Effect::TakeOut(key));
        cx.note_callback("record", pending.shown(), None);
        // There is nothing to go on with after a sign-out that has been at the provider.
        pending.run()?;
        let of = CallId::internal(cx.waits.next_number());
        self.page.returning = Some(of);
        // Where the page is still there that it has left, its call is told.
        let has_left = |story: &Story| matches!(story, Story::SignIn(sign_in) if sign_in.gone() == Some(pending.id()));
        if let Some(at) = self.under_way.iter().position(|(_, story)| has_left(story)) {
            let (call, _) = self.under_way.remove(at);
            cx.waits.forget(Waiter::Call(call));
            self.under_way.push((call, Box::new(Returned { of, what: Box::new(Call::SigninCallback) }.into())));
        }
        Some((of, Call::Return(Box::new(pending), text)))
    }

    /// Whether a call is of the very page that a sign-in, already committed, is on its way to: a router asks for it before it
    /// says that it has navigated.
    pub(super) fn is_arriving(&self, of: CallId, what: &Call) -> bool {
        let navigates = |story: &Story| matches!(story, Story::SignIn(SignIn::Navigating));
        matches!(what, Call::Guard(GuardedPage::Protected))
            && self.under_way.iter().any(|(id, story)| *id == of && navigates(story))
    }

    /// Whether a call waits for the end of this one.
    pub(super) fn awaits_end_of(&self, of: CallId) -> bool {
        self.under_way.iter().any(|(_, story)| matches!(&**story, Story::Returned(returned) if returned.of == of))
    }

    /// A sign-in that had left is at its end: those who have waited for it go on.
    pub(super) fn on_returned(
        &mut self,
        of: CallId,
        outcome: &Result<Value, AuthError>,
        ground: &mut Ground,
        refresh: &mut Refresh,
    ) {
        let waits = |story: &Story| matches!(story, Story::Returned(returned) if returned.of == of);
        while let Some(at) = self.under_way.iter().position(|(_, story)| waits(story)) {
            let (call, story) = self.under_way.remove(at);
            let Story::Returned(returned) = *story else { continue };
            match returned.on_outcome(outcome) {
                Onward::Done(outcome) => self.finish(call, outcome, ground),
                Onward::Begin(what) => self.begin(call, what, ground, refresh),
            }
        }
    }
}
