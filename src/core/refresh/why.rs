//! Why there is a refresh.

use crate::core::input::CallId;
use crate::core::secret::Sensitive;
use crate::core::time::UnixMillis;
use crate::core::value::Value;

/// A call of `test("refresh")`.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The call.
    pub call: CallId,
    /// Its inputs, where it was given any.
    pub inputs: Option<Sensitive<Value>>,
    /// Whether the steps show their secrets.
    pub open: bool,
}

/// Why there is a refresh.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// A pause of our own choosing does not hold it up.
    pub skips_pause: bool,
    /// When the network came back.
    pub online_at: Option<UnixMillis>,
    /// There is no session: the server may know of one.
    pub restores: bool,
    /// Somebody tests it.
    pub test: Option<Test>,
}
