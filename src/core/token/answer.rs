//! What a server has answered, and what stands in it under the names that servers use.

use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};

/// Where servers put their answer.
static CONTAINERS: [&str; 7] =
    ["data", "session", "tokens", "authentication", "AuthenticationResult", "result", "meta"];

/// The answer of a flow, with all that bears on the tokens in it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// What the last step gave.
    pub value: &'a Value,
    /// What the flow defined.
    pub variables: &'a Map,
    /// The `Date` header of the last response, when the browser shows it.
    pub server_date: Option<UnixMillis>,
    /// The local moment at which the answer came.
    pub received_at: UnixMillis,
}

pub(super) fn by_name<'a>(answer: &'a Value, names: &[&str], fits: fn(&Value) -> bool) -> Option<&'a Value> {
    let find = |value: &'a Value| names.iter().find_map(|name| value.member(name).filter(|found| fits(found)));
    find(answer).or_else(|| CONTAINERS.iter().find_map(|container| find(answer.member(container)?)))
}

pub(super) fn is_text(value: &Value) -> bool {
    value.as_text().is_some_and(|text| !text.is_empty())
}

pub(super) fn is_moment(value: &Value) -> bool {
    matches!(value, Value::Number(_)) || is_text(value)
}
