//! The stored form of a session: versioned, and read by a total function, since anybody can write there.

use std::sync::Arc;

use crate::core::lite::json::json_of;
use crate::core::platform::Platform;
use crate::core::secret::Secret;
use crate::core::time::UnixMillis;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::TOKENS;

/// The version that this code writes, and the newest that it reads.
const VERSION: f64 = 1.0;

/// The largest generation that can be read.
const LAST: u64 = (1 << 53) - 1;

/// One record for a session: tokens, or the tombstone that says why there are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// One more with each write.
    pub generation: u64,
    /// The local moment of the write.
    pub changed_at: UnixMillis,
    /// The tokens, or how the session ended.
    pub state: State,
    /// The host's keys that doorkey wrote, where values live in a host's store.
    pub keys: Vec<String>,
    /// For each key the mark of what was written, where the record itself may have been planted in that store.
    pub marks: Vec<u64>,
}

/// Whether there is a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// There has never been one.
    #[default]
    Empty,
    /// There is one.
    Live(Arc<Tokens>),
    /// The user signed out.
    SignedOut,
    /// The server ended it.
    Expired,
}

impl Record {
    /// The tokens of a live session.
    pub const fn tokens(&self) -> Option<&Arc<Tokens>> {
        match &self.state {
            State::Live(tokens) => Some(tokens),
            _ => None,
        }
    }

    /// The record that follows this one.
    #[must_use]
    pub fn next(&self, state: State, now: UnixMillis) -> Self {
        // Anybody can write there, also the last number that can be read.
        let generation = if self.generation < LAST { self.generation + 1 } else { 1 };
        Self { generation, changed_at: now, state, keys: self.keys.clone(), marks: self.marks.clone() }
    }

    /// The text to store.
    pub fn to_text(&self) -> Secret {
        let mut map = Map::new();
        map.set_number("v", VERSION);
        map.set_number("generation", self.generation as f64);
        map.set("changedAt", moment(self.changed_at));
        match &self.state {
            State::Live(tokens) => map.set("tokens", Value::Map(write_tokens(tokens))),
            State::Empty => {}
            State::SignedOut => map.set_text("tombstone", "signedOut"),
            State::Expired => map.set_text("tombstone", "expired"),
        }
        if !self.keys.is_empty() {
            let mut keys = Vec::new();
            for key in &self.keys {
                keys.push(Value::from(key.as_str()));
            }
            map.set("keys", Value::List(keys));
        }
        if !self.marks.is_empty() {
            let mut marks = Vec::new();
            for mark in &self.marks {
                marks.push(Value::Number(*mark as f64));
            }
            map.set("marks", Value::List(marks));
        }
        json_of(&Value::Map(map)).into()
    }

    /// Reads a stored text; `None` for what this code did not write: truncated, from a newer version, or hostile.
    pub fn from_text(text: &str, platform: Platform) -> Option<Self> {
        Self::from_value(&(platform.parse_json)(text)?)
    }

    /// Reads a stored value, as [`Record::from_text`].
    pub fn from_value(value: &Value) -> Option<Self> {
        let map = value.as_map()?;
        if whole(map, "v")? != VERSION as u64 {
            return None;
        }
        let mut record = Self {
            generation: whole(map, "generation")?,
            changed_at: UnixMillis(whole(map, "changedAt")?),
            ..Self::default()
        };
        match map.get("keys") {
            None => {}
            Some(Value::List(keys)) => {
                for key in keys {
                    record.keys.push(key.as_text()?.to_owned());
                }
            }
            Some(_) => return None,
        }
        if let Some(Value::List(marks)) = map.get("marks") {
            for mark in marks {
                record.marks.push(if let Value::Number(mark) = mark { *mark as u64 } else { 0 });
            }
        }
        record.state = match (map.get("tokens"), map.get("tombstone")) {
            (Some(tokens), None) => State::Live(Arc::new(read_tokens(tokens.as_map()?)?)),
            (None, None) => State::Empty,
            (None, Some(tombstone)) => match tombstone.as_text()? {
                "signedOut" => State::SignedOut,
                "expired" => State::Expired,
                _ => return None,
            },
            (Some(_), Some(_)) => return None,
        };
        Some(record)
    }
}

fn write_tokens(tokens: &Tokens) -> Map {
    let mut map = Map::new();
    for (name, text) in TOKENS.iter().zip(&tokens.texts()) {
        if let Some(text) = text {
            map.set_text(name, text.expose());
        }
    }
    map.set("receivedAt", moment(tokens.received_at));
    if let Some(at) = tokens.expires_at {
        map.set("expiresAt", moment(at));
    }
    map.set("signedInAt", moment(tokens.signed_in_at));
    if !tokens.variables.data().is_empty() {
        map.set("variables", Value::Map(tokens.variables.data().clone()));
    }
    map
}

fn read_tokens(map: &Map) -> Option<Tokens> {
    let mut tokens = Tokens {
        received_at: UnixMillis(whole(map, "receivedAt")?),
        signed_in_at: UnixMillis(whole(map, "signedInAt")?),
        ..Tokens::default()
    };
    if map.get("expiresAt").is_some() {
        tokens.expires_at = Some(UnixMillis(whole(map, "expiresAt")?));
    }
    if let Some(variables) = map.get("variables") {
        tokens.variables = variables.as_map()?.clone().into();
    }
    for (name, slot) in TOKENS.iter().zip(&mut tokens.texts_mut()) {
        match map.get(name) {
            None => {}
            Some(Value::Text(text)) if !text.is_empty() => **slot = Some(Secret::from(text.as_str())),
            Some(_) => return None,
        }
    }
    Some(tokens)
}

const fn moment(at: UnixMillis) -> Value {
    Value::Number(at.0 as f64)
}

/// A whole number below 2^53.
fn whole(map: &Map, key: &str) -> Option<u64> {
    match map.get(key)? {
        Value::Number(number) if *number >= 0.0 && *number < 9_007_199_254_740_992.0 && number.fract() == 0.0 => {
            Some(*number as u64)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::PLATFORM;

    fn live() -> Record {
        let tokens = Tokens {
            access: Some(Secret::from("a\"ä\n")),
            refresh: Some(Secret::from("r")),
            id: None,
            token_type: Some(Secret::from("Bearer")),
            received_at: UnixMillis(1_800_000_000_123),
            expires_at: Some(UnixMillis(1_800_000_600_123)),
            signed_in_at: UnixMillis(1_700_000_000_000),
            variables: Map::from_iter([("T".to_owned(), Value::Number(1.5))]).into(),
        };
        Record {
            generation: 41,
            changed_at: UnixMillis(1_800_000_000_124),
            state: State::Live(Arc::new(tokens)),
            keys: vec!["theme".to_owned(), "__proto__".to_owned()],
            marks: Vec::new(),
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let empty = Tokens::default();
        for state in [State::Empty, State::SignedOut, State::Expired, State::Live(Arc::new(empty)), live().state] {
            let record = Record { state, ..live() };
            assert_eq!(Record::from_text(record.to_text().expose(), PLATFORM), Some(record));
        }
        assert_eq!(Record::from_text(Record::default().to_text().expose(), PLATFORM), Some(Record::default()));
    }

    #[test]
    fn the_next_record_has_the_next_generation_and_the_same_keys() {
        let next = live().next(State::SignedOut, UnixMillis(7));

        assert_eq!((next.generation, next.changed_at, next.keys), (42, UnixMillis(7), live().keys));
    }

    #[test]
    fn a_record_that_is_cut_off_anywhere_is_none() {
        let text = live().to_text().into_exposed();
        for (at, _) in text.char_indices() {
            let (cut, _) = text.split_at(at);
            assert_eq!(Record::from_text(cut, PLATFORM), None, "{cut}");
        }
    }

    #[test]
    fn what_this_code_did_not_write_is_none() {
        let rows = [
            "null",
            "7",
            r#""text""#,
            "[]",
            "{}",
            r#"{"generation":1,"changedAt":1}"#,
            r#"{"v":"1","generation":1,"changedAt":1}"#,
            r#"{"v":0,"generation":1,"changedAt":1}"#,
            r#"{"v":2,"generation":1,"changedAt":1}"#,
            r#"{"v":1.5,"generation":1,"changedAt":1}"#,
            r#"{"v":1,"changedAt":1}"#,
            r#"{"v":1,"generation":1}"#,
            r#"{"v":1,"generation":-1,"changedAt":1}"#,
            r#"{"v":1,"generation":1.5,"changedAt":1}"#,
            r#"{"v":1,"generation":9007199254740992,"changedAt":1}"#,
            r#"{"v":1,"generation":1e300,"changedAt":1}"#,
            r#"{"v":1,"generation":1,"changedAt":"1"}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tombstone":"gone"}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tombstone":null}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tombstone":"expired","tokens":{"receivedAt":1,"signedInAt":1}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tokens":null}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tokens":{}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"accessToken":"","receivedAt":1,"signedInAt":1}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"accessToken":1,"receivedAt":1,"signedInAt":1}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"receivedAt":1,"signedInAt":1,"expiresAt":null}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"receivedAt":1,"signedInAt":1,"variables":[]}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"keys":{}}"#,
            r#"{"v":1,"generation":1,"changedAt":1,"keys":[1]}"#,
        ];
        for text in rows {
            assert_eq!(Record::from_text(text, PLATFORM), None, "{text}");
        }
    }

    #[test]
    fn members_of_later_days_are_not_minded() {
        let text = r#"{"v":1,"generation":3,"changedAt":1,"tombstone":"signedOut","later":{"x":1}}"#;

        assert_eq!(Record::from_text(text, PLATFORM).map(|record| record.generation), Some(3));
    }
}
