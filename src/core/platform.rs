//! What every JavaScript engine has and core would otherwise have to carry: a few pure functions, and the page's cookies.

use super::time::UnixMillis;
use super::value::Value;

/// What the platform lends to core: the same text gives the same answer, always; but for cookies, which servers set.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// Parses JSON; `None` when it is none.
    pub parse_json: fn(&str) -> Option<Value>,
    /// Parses a date as `Date.parse` does: ISO 8601, or an HTTP date.
    pub parse_date: fn(&str) -> Option<UnixMillis>,
    /// The text in upper case, or in lower case when false: the Unicode tables of the standard library are 20 kB.
    pub change_case: fn(&str, bool) -> String,
    /// The text in a normalisation form of Unicode: `nfc` or `nfd`.
    pub normalize: fn(&str, &str) -> String,
    /// The value of a cookie that the page may read, URL-decoded.
    pub cookie: fn(&str) -> Option<String>,
}
