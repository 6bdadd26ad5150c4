//! The keys of what was written into the host's store, and its marks: they tell it from what others have written, where the
//! record itself may have been planted.

use super::envelope::{Record, State};
use crate::core::value::{Map, Value};

impl Record {
    /// The keys that a sign-out has removed since the record was that one: they are still in this tab's view of the host's store.
    pub fn gone_since(&self, before: &Self) -> Vec<String> {
        let is_over = match (&before.state, &self.state) {
            (_, State::SignedOut | State::Gone) => true,
            (State::Live(old), State::Live(new)) => old.signed_in_at != new.signed_in_at,
            (_, now) => matches!(now, State::Live(_)),
        };
        let mut named = Map::new();
        self.keys.iter().for_each(|key| named.set(key.as_str(), Value::Undefined));
        before.keys.iter().filter(|key| is_over && named.get(key).is_none()).cloned().collect()
    }

    /// The marks of what was written, by key.
    pub fn marked(&self) -> Map {
        let mut marked = Map::new();
        for (key, mark) in self.keys.iter().zip(&self.marks) {
            marked.set_number(key, *mark as f64);
        }
        marked
    }
}

/// The mark of what was written under a key.
pub fn marked_as(marked: &Map, key: &str) -> Option<u64> {
    match marked.get(key) {
        Some(Value::Number(mark)) => Some(*mark as u64),
        _ => None,
    }
}

/// What tells a text under a key from any other (FNV-1a), below 2^53.
pub fn mark_of(key: &str, text: &str) -> u64 {
    let mut mark: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in key.bytes().chain([0]).chain(text.bytes()) {
        mark = (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mark >> 11
}
