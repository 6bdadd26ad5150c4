//! Where a session is.

use crate::core::error::AuthError;
use crate::core::options::{Options, Storage};
use crate::core::platform::Platform;
use crate::core::section::invalid;

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
