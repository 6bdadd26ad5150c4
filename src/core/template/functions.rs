//! The functions of the language, whose names stand in [`vocabulary`](crate::core::vocabulary): a closed list.

use super::fault::Problem;
use super::scope::Scope;
use crate::core::lite::codec;
use crate::core::lite::json::{self, number_to_text};
use crate::core::lite::text::trim;
use crate::core::value::Value;
pub(super) use crate::core::vocabulary::TemplateFunction as Function;

impl Function {
    /// How many arguments it takes: the least, and the most.
    pub(super) const fn arity(self) -> (usize, usize) {
        match self {
            Self::Now => (0, 0),
            Self::Base64
            | Self::Base64Url
            | Self::Cookie
            | Self::EncodeUriComponent
            | Self::Json
            | Self::Lower
            | Self::Trim
            | Self::Upper => (1, 1),
            Self::Contains => (2, 2),
            Self::Find => (3, 3),
            Self::Concat => (1, usize::MAX),
        }
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
    Ok(json::json_of(value))
}
