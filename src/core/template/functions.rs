//! The functions of the language: a closed list, `now()` aside, which the parser knows.

use super::lexer::is_space;
use crate::core::codec;

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
    /// The function of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "base64" => Self::Base64,
            "base64url" => Self::Base64Url,
            "encodeURIComponent" => Self::EncodeUriComponent,
            "json" => Self::Json,
            "lower" => Self::Lower,
            "upper" => Self::Upper,
            "trim" => Self::Trim,
            _ => return None,
        })
    }

    /// Applies the function. The argument of `json` is JSON already.
    pub(super) fn apply(self, text: String) -> String {
        match self {
            Self::Base64 => codec::base64(text.as_bytes(), false),
            Self::Base64Url => codec::base64(text.as_bytes(), true),
            Self::EncodeUriComponent => codec::percent_encode(&text),
            Self::Json => text,
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Trim => text.trim_matches(is_space).to_owned(),
        }
    }
}
