//! The option `endSession`.

use crate::core::flow::endpoint::{address, check_port};
use crate::core::section::Section;
use crate::core::template::Template;
use crate::core::value::Value;
use crate::core::vocabulary::END_SESSION;

/// How a sign-out goes on at the provider (OpenID Connect RP-Initiated Logout 1.0).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndSession {
    /// Where; `None`: where the metadata says, if it does.
    pub endpoint: Option<Template>,
    /// Where the user comes back to, if `pages.login` is no address.
    pub return_to: Option<String>,
}

impl EndSession {
    /// Reads it; `None`: it is false.
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        if let Value::Bool(ends) = section.get("endSession") {
            return ends.then(Self::default);
        }
        let section = section.section("endSession", &END_SESSION);
        check_port(&section, "returnTo");
        Some(Self { endpoint: address(&section, "endpoint"), return_to: section.owned("returnTo") })
    }
}
