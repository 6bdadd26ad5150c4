//! What calls know of the page: whether a protected one is shown, whether the user is there, what is being exposed.

use super::limits::Limits;
use crate::core::context::{Context, Errand};
use crate::core::http::origin::{origin_of, own_page};
use crate::core::input::CallId;
use crate::core::vocabulary::GuardedPage;

/// The page of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// A protected page is shown in this tab: when the session ends elsewhere, it must go.
    pub guarded: bool,
    /// What a guard let the page be, and where that was: the way back to it leads past the guard.
    pub admitted: Option<(GuardedPage, String)>,
    /// The page that is shown, where it is one to come back to.
    pub shown: Option<String>,
    /// Its origin, where it has one, or its host.
    pub base: Option<String>,
    /// The session has ended, and the login page is on its way.
    pub leaving: bool,
    /// Somebody else takes it away.
    pub going: bool,
    /// So many writes of what the session exposes are under way: a query may be bound to it.
    pub exposing: usize,
    /// When the session ends by itself.
    pub limits: Limits,
    /// The sign-in whose answer the page has come up with, until it is at its end.
    pub returning: Option<CallId>,
    /// The keys of the sign-ins that were answered in this page: each is taken out in its time, and works once.
    pub answered: Vec<String>,
}

impl Page {
    /// Where the page is, and the page that is kept. Anybody can write there.
    pub fn on_place(&mut self, address: Option<String>, kept: Option<String>, cx: &mut Context) {
        // A host that says where its page is may have no origin itself: a frame, or a worker.
        let own = address.as_deref().and_then(origin_of);
        self.base = cx.base.clone().or(own);
        let base = self.base.as_deref();
        self.shown = address.and_then(|address| own_page(&address, base));
        cx.kept = kept.filter(|kept| own_page(kept, base).as_ref() == Some(kept));
    }

    /// The page came back as the browser has kept it: whoever signs out or in meanwhile has changed what may be shown there.
    pub fn on_back(&self, cx: &mut Context) {
        if let Some((page, at)) = &self.admitted
            && self.shown.as_ref() == Some(at)
        {
            cx.want(Errand::Guard(*page));
        }
    }
}
