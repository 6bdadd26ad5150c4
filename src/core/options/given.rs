//! Options as they are given, before they are read: what a host is, and what a provider fills in.

use crate::core::error::AuthError;
use crate::core::section::{Place, invalid};
use crate::core::value::{ForeignKind, Map, Value};
use crate::core::vocabulary::{HOST, HOST_STORE};

/// A host's members are functions, or are not there. One with `run` is taken for a query, into which core does not look.
pub(super) fn check_host(place: &Place<'_>, host: &Value) {
    let members = match host {
        Value::Undefined | Value::Foreign(_) => return,
        Value::Map(members) => members,
        _ => return place.fail("must be an object"),
    };
    for (name, member) in members {
        let is_function = matches!(member, Value::Foreign(foreign) if foreign.kind() == ForeignKind::Function);
        match name.as_str() {
            "store" if !is_function => check_host(&place.member(name), member),
            name if HOST.contains(&name) || HOST_STORE.contains(&name) => {
                if is_function || *member == Value::Undefined {
                    continue;
                }
                place.member(name).fail("must be a function");
            }
            _ => {}
        }
    }
}

/// The options with those of the provider beneath them: what the builder set wins.
pub(super) fn with_provider(given: &Value) -> Result<Value, AuthError> {
    let Value::Map(members) = given else {
        return Err(invalid("options", "must be an object"));
    };
    match members.get("provider") {
        None | Some(Value::Undefined) => Ok(given.clone()),
        Some(Value::Map(base)) => Ok(Value::Map(merged(base, members))),
        Some(_) => Err(invalid("provider", "must be an object of options")),
    }
}

/// Members of `over` win; objects that both have are merged, but for an endpoint, which is one thing.
fn merged(base: &Map, over: &Map) -> Map {
    let mut map = base.clone();
    for (key, value) in over {
        let value = match (base.get(key), value) {
            (_, Value::Undefined) => continue,
            (Some(Value::Map(beneath)), Value::Map(above)) if above.get("url").is_none() => {
                Value::Map(merged(beneath, above))
            }
            _ => value.clone(),
        };
        map.set(key.as_str(), value);
    }
    map
}
