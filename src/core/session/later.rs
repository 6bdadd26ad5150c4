//! What waits until the storage has answered. A page that comes back by the back button, as the browser has kept it, is a part of
//! that: where `remember` chooses where a session rests, the next page may have let it rest where this one does not look.

use super::opening::{Opening, has_two_places};
use crate::core::calls::page::Page;
use crate::core::context::Errand;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::vocabulary::{EventKind, Reason, Storage};
use crate::core::waits::Waiter;

/// What is done later.
#[derive(Clone, Debug, Default)]
pub(super) struct Later {
    /// Where the session is to rest.
    pub moves_to: Option<Storage>,
    /// Answers to others than who looks for the session or moves it.
    pub held: Vec<(Waiter, Answer)>,
    back: Back,
}

/// How far a page is that the browser has kept.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Back {
    /// It did not come back, or knows what there is.
    #[default]
    No,
    /// What is stored where the session rests is looked at again.
    Came,
    /// All is looked at as at the beginning.
    Looks,
}

impl Later {
    /// The page came back.
    pub fn on_back(&mut self) {
        if self.back == Back::No {
            self.back = Back::Came;
        }
    }

    /// What is stored where the session rests is known: gives a look at all that there is, where it may rest elsewhere by now.
    pub fn looks(&mut self, page: &Page, ground: &mut Ground) -> Option<Opening> {
        if self.back != Back::Came {
            return None;
        }
        let Ground { cx, record, .. } = &mut *ground;
        if record.tokens().is_none() && !record.is_detached() && has_two_places(record, cx) {
            self.back = Back::Looks;
            return Some(Opening::begin(ground));
        }
        self.back = Back::No;
        page.on_back(cx);
        None
    }

    /// All was looked at: tells of a session that was found. Gives whether it was because the page came back.
    pub fn has_looked(&mut self, page: &Page, ground: &mut Ground) -> bool {
        if self.back != Back::Looks {
            return false;
        }
        self.back = Back::No;
        if ground.tokens().is_some() {
            ground.cx.emit(EventKind::SignedIn, Some(Reason::OtherTab.as_str()));
            ground.cx.want(Errand::ChangedElsewhere);
        }
        page.on_back(&mut ground.cx);
        true
    }
}
