//! Data with templates in its strings.
//!
//! It stays what it was given as, and is parsed when it is filled in. That it can be parsed was found out when it was given.

use super::super::error::AuthError;
use super::super::template::{Scope, eval};
use super::super::value::{Map, Value};

/// Gives the value with every template in it evaluated.
///
/// # Errors
/// `ERR_TEMPLATE`, as [`eval`].
pub fn fill(value: &Value, scope: &dyn Scope) -> Result<Value, AuthError> {
    Ok(match value {
        Value::Text(text) => return eval(text, scope),
        Value::List(items) => {
            let mut list = Vec::new();
            for item in items {
                list.push(fill(item, scope)?);
            }
            Value::List(list)
        }
        Value::Map(members) => Value::Map(fill_map(members, scope)?),
        other => other.clone(),
    })
}

/// As [`fill`], for the members of an object.
///
/// # Errors
/// `ERR_TEMPLATE`, as [`eval`].
pub fn fill_map(members: &Map, scope: &dyn Scope) -> Result<Map, AuthError> {
    let mut map = Map::new();
    for (key, member) in members {
        map.set(key.as_str(), fill(member, scope)?);
    }
    Ok(map)
}
