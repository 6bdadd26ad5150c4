//! What comes between calls: other options, the end of the session in another tab, and pages that are on their way elsewhere,
//! where a second navigation would take the place of the first.

use super::Calls;
use super::permit::take_back;
use super::sign_in::SignIn;
use super::sign_out::SignOut;
use super::story::Story;
use crate::core::context::Errand;
use crate::core::ground::Ground;
use crate::core::input::{Call, CallId, LogoutCall};
use crate::core::options::Options;
use crate::core::refresh::Refresh;
use crate::core::time::UnixMillis;
use crate::core::values::exposed::exposed_keys;
use crate::core::vocabulary::Reason;

impl Calls {
    /// Takes new options in. What another server has given, or is about to give, is none of theirs.
    pub fn configure(&mut self, options: Options, ground: &mut Ground) {
        let exposed = exposed_keys(&ground.cx);
        let was_other = ground.cx.options.issuer != options.issuer;
        take_back(ground);
        let is_foreign = ground.configure(options);
        if is_foreign || was_other {
            self.supersede_sign_ins(SignIn::is_unfinished, ground);
        }
        if is_foreign {
            ground.cx.want(Errand::Discard(exposed));
        }
    }

    /// The session was ended in the tab from which this one was opened, and its tokens are revoked.
    pub fn end_with_another_tab(&mut self, signed_in_at: UnixMillis, ground: &mut Ground, refresh: &mut Refresh) {
        let is_same = ground.tokens().is_some_and(|tokens| tokens.signed_in_at == signed_in_at);
        if !is_same || !ground.record.place.has_copies(&ground.cx) {
            return;
        }
        let call = CallId::internal(ground.cx.waits.next_number());
        let stay = !self.page.guarded;
        let options = LogoutCall { stay, reason: Some(Reason::OtherTab), is_revoked: true, ..LogoutCall::default() };
        self.begin(call, Call::Logout(options), ground, refresh);
    }

    /// The call whose end another waits for: the sign-in that the page has come up with, and for a second sign-out the first.
    pub(super) fn awaited_by(&self, what: &Call, ground: &Ground) -> Option<CallId> {
        let leaves = |story: &Story| matches!(story, Story::SignOut(sign_out) if !sign_out.stays());
        match what {
            Call::Logout(options) if !options.stay && ground.tokens().is_none() => {
                self.under_way.iter().find(|(_, story)| leaves(story)).map(|(call, _)| *call)
            }
            _ => self.page.returning.filter(|of| what.looks_back() && !self.is_arriving(*of, what)),
        }
    }

    /// Whether a sign-out or a sign-in elsewhere takes the page away.
    pub(super) fn is_going(&self) -> bool {
        self.under_way.iter().any(|(_, story)| match &**story {
            // The login page is where a guard would go as well.
            Story::SignOut(SignOut::Navigating { .. }) => false,
            Story::SignOut(sign_out) => !sign_out.stays(),
            Story::SignIn(sign_in) => sign_in.takes_page(),
            _ => false,
        })
    }
}
