//! The functions of the language: a closed list, `now()` aside, which the parser knows.

use super::Scope;
use crate::core::lite::codec;
use crate::core::lite::text::trim;

/// A function from text to text, or from anything to JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Function {
    /// `base64(text)`: of the text's UTF-8 bytes, padded.
    Base64,
    /// `base64url(text)`: the same in the alphabet for URLs, not padded.
    Base64Url,
    /// `encodeURIComponent(text)`
    EncodeUriComponent,
    /// `json(value)`
    Json,
    /// `lower(text)`
    Lower,
    /// `upper(text)`
    Upper,
    /// `trim(text)`
    Trim,
}

impl Function {
    pub(super) const ALL: [(&str, Self); 7] = [
        ("base64", Self::Base64),
        ("base64url", Self::Base64Url),
        ("encodeURIComponent", Self::EncodeUriComponent),
        ("json", Self::Json),
        ("lower", Self::Lower),
        ("upper", Self::Upper),
        ("trim", Self::Trim),
    ];

    /// The function of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, function)| *function)
    }

    /// Applies the function. The argument of `json` is JSON already.
    pub(super) fn apply(self, text: String, scope: &dyn Scope) -> String {
        match self {
            Self::Base64 | Self::Base64Url => codec::base64(text.as_bytes(), self == Self::Base64Url),
            Self::EncodeUriComponent => codec::percent_encode(&text),
            Self::Json => text,
            Self::Lower | Self::Upper => scope.change_case(&text, self == Self::Upper),
            Self::Trim => trim(&text).to_owned(),
        }
    }
}
