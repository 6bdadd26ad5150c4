//! The beginning of a scope, so that a trace of a hundred steps stays small.

use crate::core::lite::text::{concat, start};
use crate::core::value::{Map, Value};

/// Longer texts are cut.
const LONGEST: usize = 500;

/// So much is kept, in bytes of texts and a few for each other value.
const LARGEST: usize = 16_000;

/// What stands for what was left out.
const CUT: &str = "…";

/// The members with long texts cut, and without what is past the room.
pub(super) fn excerpt(scope: &Map) -> Map {
    members_of(scope, &mut { LARGEST })
}

fn members_of(members: &Map, room: &mut usize) -> Map {
    let mut map = Map::new();
    for (key, member) in members {
        *room = room.saturating_sub(key.len());
        map.push(key.clone(), begin(member, room));
        if *room == 0 {
            break;
        }
    }
    map
}

fn begin(value: &Value, room: &mut usize) -> Value {
    *room = room.saturating_sub(8);
    match value {
        _ if *room == 0 => Value::from(CUT),
        Value::Text(text) => {
            let cut = start(text, LONGEST.min(*room));
            *room -= cut.len();
            if cut.len() == text.len() { value.clone() } else { Value::Text(concat(&[cut, CUT])) }
        }
        Value::List(items) => {
            let mut list = Vec::new();
            for item in items {
                list.push(begin(item, room));
                if *room == 0 {
                    break;
                }
            }
            Value::List(list)
        }
        Value::Map(members) => Value::Map(members_of(members, room)),
        other => other.clone(),
    }
}
