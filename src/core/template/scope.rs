//! What templates see.

use std::borrow::Cow;

use crate::core::time::UnixMillis;
use crate::core::value::Value;

/// What a template is evaluated against.
pub trait Scope {
    /// The value of a name that begins a path: `inputs`, `store`, `session`, a step's id, a variable. `None` is an unknown name.
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// The moment that `now()` gives.
    fn now(&self) -> UnixMillis;

    /// The text in upper case, or in lower case when false, as JavaScript changes it.
    fn change_case(&self, text: &str, upper: bool) -> String;

    /// The value of a cookie, decoded; `None` where there is none.
    fn cookie(&self, name: &str) -> Option<String>;

    /// What a text without an expression stands for: itself.
    fn plain(&self, text: &str) -> String {
        text.to_owned()
    }
}

/// One use of a name in a template: what begins a path, and the step after it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Use<'a> {
    /// The name that begins the path: `session` in `session.refreshToken`.
    pub root: &'a str,
    /// The first step: `refreshToken` in `session.refreshToken`.
    pub member: Option<&'a str>,
    /// Whether evaluation may fail when the path leads nowhere: no `??` follows.
    pub required: bool,
}
