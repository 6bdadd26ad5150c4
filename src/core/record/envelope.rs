//! The stored form of a session: versioned, and read by a total function, since anybody can write there.

use std::sync::Arc;

use crate::core::lite::json::json_of;
use crate::core::platform::Platform;
use crate::core::secret::Secret;
use crate::core::time::UnixMillis;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::TokenField;

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
    /// When its user last did something, as far as somebody has to know.
    pub active_at: Option<UnixMillis>,
    /// The host's keys that doorkey wrote, where values live in a host's store.
    pub keys: Vec<String>,
    /// Until when no refresh makes sense, as the last one did not get through.
    pub pause: Option<Pause>,
    /// For each key the mark of what was written, where the record itself may have been planted in that store.
    pub marks: Vec<u64>,
    /// When a sign-out last took the values along: those that are kept in a page's memory go by that.
    pub cleared_at: Option<UnixMillis>,
    /// The keys that it spared.
    pub spared: Vec<String>,
}

/// A pause after refreshes that did not get through, which all tabs keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pause {
    /// When another makes sense.
    pub until: UnixMillis,
    /// How many have failed in a row.
    pub failures: u32,
    /// Whether the server named the moment.
    pub by_server: bool,
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
    /// What was here rests elsewhere now, or was of another server: nobody has signed out.
    Gone,
}

impl Record {
    /// The tokens of a live session.
    pub const fn tokens(&self) -> Option<&Arc<Tokens>> {
        match &self.state {
            State::Live(tokens) => Some(tokens),
            _ => None,
        }
    }

    /// When the user was there last: `here`, or in another tab, which has said so while this one slept. A moment to come is of a
    /// clock that has been put back.
    pub fn last_active_at(&self, here: UnixMillis, now: UnixMillis) -> UnixMillis {
        here.max(self.active_at.filter(|at| *at <= now).unwrap_or_default())
    }

    /// The record that follows this one.
    #[must_use]
    pub fn next(&self, state: State, now: UnixMillis) -> Self {
        // Anybody can write there, also the last number that can be read.
        let generation = if self.generation < LAST { self.generation + 1 } else { 1 };
        Self { generation, changed_at: now, state, active_at: None, pause: None, ..self.clone() }
    }

    /// The text to store.
    pub fn to_text(&self) -> Secret {
        let mut map = Map::new();
        map.set_number("v", VERSION);
        map.set_number("generation", self.generation as f64);
        map.set("changedAt", moment(self.changed_at));
        match &self.state {
            State::Live(tokens) => {
                map.set("tokens", Value::Map(write_tokens(tokens)));
                if let Some(at) = self.active_at {
                    map.set("activeAt", moment(at));
                }
            }
            State::Empty => {}
            State::SignedOut => map.set_text("tombstone", "signedOut"),
            State::Expired => map.set_text("tombstone", "expired"),
            State::Gone => map.set_text("tombstone", "gone"),
        }
        if let Some(at) = self.cleared_at {
            map.set("clearedAt", moment(at));
        }
        set_texts(&mut map, "spared", &self.spared);
        set_texts(&mut map, "keys", &self.keys);
        if let Some(pause) = &self.pause {
            let mut members = Map::new();
            members.set("until", moment(pause.until));
            members.set_number("failures", f64::from(pause.failures));
            members.set_flag("byServer", pause.by_server);
            map.set("pause", Value::Map(members));
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

    /// Reads what is stored, if there is anything.
    pub fn of(text: Option<&Secret>, platform: Platform) -> Option<Self> {
        Self::from_text(text?.expose(), platform)
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
            keys: texts(map, "keys")?,
            spared: texts(map, "spared")?,
            ..Self::default()
        };
        read_moment(map, "activeAt", &mut record.active_at)?;
        read_moment(map, "clearedAt", &mut record.cleared_at)?;
        if let Some(Value::Map(members)) = map.get("pause") {
            record.pause = Some(Pause {
                until: UnixMillis(whole(members, "until")?),
                failures: whole(members, "failures")?.min(100) as u32,
                by_server: members.get("byServer").is_some_and(Value::is_truthy),
            });
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
                "gone" => State::Gone,
                _ => return None,
            },
            (Some(_), Some(_)) => return None,
        };
        Some(record)
    }
}

fn write_tokens(tokens: &Tokens) -> Map {
    let mut map = Map::new();
    for (name, text) in TokenField::WORDS.iter().zip(&tokens.texts()) {
        if let Some(text) = text {
            map.set_text(name, text.expose());
        }
    }
    map.set("receivedAt", moment(tokens.received_at));
    if let Some(at) = tokens.expires_at {
        map.set("expiresAt", moment(at));
    }
    if let Some(at) = tokens.refresh_expires_at {
        map.set("refreshExpiresAt", moment(at));
    }
    map.set("signedInAt", moment(tokens.signed_in_at));
    if !tokens.variables.data().is_empty() {
        map.set("variables", Value::Map(tokens.variables.data().clone()));
    }
    set_texts(&mut map, "origins", &tokens.origins);
    set_texts(&mut map, "servers", &tokens.servers);
    if let Some(key) = &tokens.key {
        map.set_text("key", key.as_str());
    }
    map
}

fn read_tokens(map: &Map) -> Option<Tokens> {
    let mut tokens = Tokens {
        received_at: UnixMillis(whole(map, "receivedAt")?),
        signed_in_at: UnixMillis(whole(map, "signedInAt")?),
        origins: texts(map, "origins")?,
        servers: texts(map, "servers")?,
        ..Tokens::default()
    };
    read_moment(map, "expiresAt", &mut tokens.expires_at)?;
    read_moment(map, "refreshExpiresAt", &mut tokens.refresh_expires_at)?;
    if let Some(key) = map.get("key") {
        tokens.key = Some(key.as_text()?.to_owned());
    }
    if let Some(variables) = map.get("variables") {
        tokens.variables = variables.as_map()?.clone().into();
    }
    for (name, slot) in TokenField::WORDS.iter().zip(&mut tokens.texts_mut()) {
        match map.get(name) {
            None => {}
            Some(Value::Text(text)) if !text.is_empty() => **slot = Some(Secret::from(text.as_str())),
            Some(_) => return None,
        }
    }
    Some(tokens)
}

/// Writes a list of texts; one of none is left out.
fn set_texts(map: &mut Map, key: &str, texts: &[String]) {
    if texts.is_empty() {
        return;
    }
    let mut list = Vec::new();
    for text in texts {
        list.push(Value::from(text.as_str()));
    }
    map.set(key, Value::List(list));
}

/// Reads a list of texts; one that is not there has none.
fn texts(map: &Map, key: &str) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    match map.get(key) {
        None => {}
        Some(Value::List(items)) => {
            for item in items {
                texts.push(item.as_text()?.to_owned());
            }
        }
        Some(_) => return None,
    }
    Some(texts)
}

const fn moment(at: UnixMillis) -> Value {
    Value::Number(at.0 as f64)
}

/// Reads a moment that need not be there.
fn read_moment(map: &Map, key: &str, moment: &mut Option<UnixMillis>) -> Option<()> {
    if map.get(key).is_some() {
        *moment = Some(UnixMillis(whole(map, key)?));
    }
    Some(())
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
mod tests;
