//! The functions of the language: a closed list.

use super::Scope;
use super::fault::Problem;
use crate::core::lite::codec;
use crate::core::lite::json::{json_to_text, number_to_text};
use crate::core::lite::text::trim;
use crate::core::value::Value;

/// A function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Function {
    /// `base64(text)`: of the text's UTF-8 bytes, padded.
    Base64,
    /// `base64url(text)`: the same in the alphabet for URLs, not padded.
    Base64Url,
    /// `concat(a, b, …)`
    Concat,
    /// `contains(text or list, part)`
    Contains,
    /// `cookie(name)`
    Cookie,
    /// `encodeURIComponent(text)`
    EncodeUriComponent,
    /// `find(list, key, value)`: the item whose member `key` is `value`.
    Find,
    /// `json(value)`
    Json,
    /// `lower(text)`
    Lower,
    /// `now()`
    Now,
    /// `trim(text)`
    Trim,
    /// `upper(text)`
    Upper,
}

impl Function {
    /// All functions: the name, and the least and the most arguments.
    pub(super) const ALL: [(&str, Self, usize, usize); 12] = [
        ("base64", Self::Base64, 1, 1),
        ("base64url", Self::Base64Url, 1, 1),
        ("concat", Self::Concat, 1, usize::MAX),
        ("contains", Self::Contains, 2, 2),
        ("cookie", Self::Cookie, 1, 1),
        ("encodeURIComponent", Self::EncodeUriComponent, 1, 1),
        ("find", Self::Find, 3, 3),
        ("json", Self::Json, 1, 1),
        ("lower", Self::Lower, 1, 1),
        ("now", Self::Now, 0, 0),
        ("trim", Self::Trim, 1, 1),
        ("upper", Self::Upper, 1, 1),
    ];

    /// The function of that name, with the least and the most arguments.
    pub(super) fn named(name: &str) -> Option<(Self, usize, usize)> {
        let (_, function, least, most) = Self::ALL.iter().find(|(own, ..)| *own == name)?;
        Some((*function, *least, *most))
    }

    /// Applies one of the functions from text to text.
    pub(super) fn apply(self, text: String, scope: &dyn Scope) -> String {
        match self {
            Self::Base64 | Self::Base64Url => codec::base64(text.as_bytes(), self == Self::Base64Url),
            Self::EncodeUriComponent => codec::percent_encode(&text),
            Self::Lower | Self::Upper => scope.change_case(&text, self == Self::Upper),
            Self::Trim => trim(&text).to_owned(),
            Self::Concat | Self::Contains | Self::Cookie | Self::Find | Self::Json | Self::Now => text,
        }
    }
}

/// What a value is among text.
pub(super) fn text_of(value: &Value) -> Result<String, Problem> {
    match value {
        Value::Undefined | Value::Null => Err(Problem::Nothing),
        Value::Text(text) => Ok(text.clone()),
        // JSON has no text for the infinities and NaN, JavaScript has.
        Value::Number(number) => Ok(number_to_text(*number)),
        _ => json_of(value),
    }
}

/// The JSON of a value.
pub(super) fn json_of(value: &Value) -> Result<String, Problem> {
    if matches!(value, Value::Undefined | Value::Foreign(_)) {
        return Err(Problem::NoText);
    }
    let mut text = String::new();
    json_to_text(value, &mut text);
    Ok(text)
}
