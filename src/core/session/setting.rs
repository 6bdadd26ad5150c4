//! Where a session is.

use crate::core::options::Storage;
use crate::core::platform::Platform;

/// What a caller of [`Session::new`](super::Session::new) knows of the place.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Pure functions of the platform.
    pub platform: Platform,
    /// The page's origin, for relative endpoints.
    pub base: Option<String>,
    /// The storage, chosen by [`Session::choose_storage`](super::Session::choose_storage).
    pub storage: Storage,
    /// Entropy for the jitter.
    pub seed: u32,
    /// Whether the page is visible.
    pub visible: bool,
    /// What there is to work with, in words, for the trace.
    pub found: String,
}
