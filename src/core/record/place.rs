//! Where the record rests, and who else sees it there.

use crate::core::context::Context;
use crate::core::token::Tokens;
use crate::core::vocabulary::{CrossTab, Storage};

/// Where the record rests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Where it is now.
    pub storage: Storage,
    /// Where the options let it be.
    pub home: Storage,
    /// There is no record that tabs share: the host's copy is all there is.
    pub is_alone: bool,
}

impl Place {
    /// Where the options let it be.
    pub const fn new(home: Storage) -> Self {
        Self { storage: home, home, is_alone: false }
    }

    /// Whether tabs can get in each other's way.
    pub fn is_shared(self, cx: &Context) -> bool {
        self.storage.is_shared() && cx.options.cross_tab != CrossTab::Off
    }

    /// Whether the record names the keys of all tabs' values, where nobody but us can write to it.
    pub const fn names_all_keys(self) -> bool {
        self.storage.has_copy() && !self.is_alone
    }

    /// Whether another tab may have the same session without sharing the record: one that was opened from this one.
    pub fn has_copies(self, cx: &Context) -> bool {
        !self.storage.is_shared() && self.storage.survives_reload() && cx.options.cross_tab != CrossTab::Off
    }
}

/// The origins of the flows that make our sessions; none where that is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Servers(pub Vec<String>);

impl Servers {
    /// Whether others have made the session of these tokens: it is none of ours.
    pub fn is_foreign(&self, tokens: &Tokens) -> bool {
        let are_known = !self.0.is_empty() && !tokens.servers.is_empty();
        are_known && !tokens.servers.iter().any(|server| self.0.contains(server))
    }
}
