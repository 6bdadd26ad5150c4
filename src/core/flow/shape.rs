//! Data with templates in its strings, for those who keep it as it was given.

use super::super::error::AuthError;
use super::super::section::{Faults, Place};
use super::super::template::{Scope, Shape};
use super::super::value::{Map, Value};

/// Gives the value with every template in it evaluated.
///
/// # Errors
/// `ERR_TEMPLATE`, as [`Shape::parse`] and [`Shape::fill`].
pub fn fill(value: &Value, scope: &dyn Scope) -> Result<Value, AuthError> {
    let faults = Faults::default();
    let shape = Shape::parse(value, &Place::root("", &faults));
    faults.verdict()?;
    shape.fill(scope)
}

/// As [`fill`], for the members of an object.
///
/// # Errors
/// `ERR_TEMPLATE`, as [`fill`].
pub fn fill_map(members: &Map, scope: &dyn Scope) -> Result<Map, AuthError> {
    let mut map = Map::new();
    for (key, member) in members {
        map.push(key.clone(), fill(member, scope)?);
    }
    Ok(map)
}
