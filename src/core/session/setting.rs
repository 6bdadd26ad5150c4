//! Where a session is, and what becomes of it when that changes.

use super::Session;
use crate::core::context::Errand;
use crate::core::error::AuthError;
use crate::core::options::{Options, Storage};
use crate::core::platform::Platform;
use crate::core::section::invalid;
use crate::core::values::exposed_keys;

/// What a caller of [`Session::new`](super::Session::new) knows of the place.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Pure functions of the platform.
    pub platform: Platform,
    /// The page's origin, for relative endpoints.
    pub base: Option<String>,
    /// The storage, chosen by [`Setting::choose_storage`].
    pub storage: Storage,
    /// Entropy for the jitter.
    pub seed: u32,
    /// Whether the page is visible.
    pub visible: bool,
    /// What there is to work with, in words, for the trace.
    pub found: String,
}

impl Setting {
    /// Where the record rests: as the options say, else in the host's store if it has one, else in local storage.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for the store of a host that has none.
    pub fn choose_storage(options: &Options, host_has_store: bool) -> Result<Storage, AuthError> {
        let storage = options.storage.unwrap_or(if host_has_store { Storage::Host } else { Storage::Local });
        let is_missing = storage == Storage::Host && !host_has_store;
        if is_missing { Err(invalid("storage", "the host has no store")) } else { Ok(storage) }
    }
}

impl Session {
    /// Takes new options in. What another server has given, or is about to, is none of theirs.
    pub(super) fn configure(&mut self, options: Options, storage: Storage) {
        let exposed = exposed_keys(&self.ground.cx);
        self.refresh.forget_due();
        let was_other = self.ground.cx.options.issuer != options.issuer;
        let is_foreign = self.ground.configure(options);
        if is_foreign || was_other {
            self.calls.supersede_all(&mut self.ground);
        }
        if is_foreign {
            self.ground.cx.want(Errand::Discard(exposed));
        }
        if std::mem::replace(&mut self.ground.record.place.home, storage) != storage {
            self.moves_to = Some(storage);
        }
    }
}
