//! `storeValue` and the like: a value of this page's life shadows the persisted one.

use crate::core::platform::Platform;
use crate::core::value::{Map, Value};

/// The values that were stored through doorkey, as JSON texts.
#[derive(Clone, Debug)]
pub struct Store {
    platform: Platform,
    /// The text that is seen under a key, in the order in which the keys came.
    seen: Map,
    /// For each key whose text is one of this page's life: the persisted text under it, or `undefined`.
    shadowed: Map,
    /// The number of the last change of what is seen.
    last: u32,
    /// What there was under each key before the writes of it that are under way.
    before: Map,
    /// The number of the last of these writes.
    last_of: Map,
}

impl Store {
    /// A store without values.
    pub const fn new(platform: Platform) -> Self {
        Self { platform, seen: Map::new(), shadowed: Map::new(), last: 0, before: Map::new(), last_of: Map::new() }
    }

    /// What the platform lends.
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// The number of the last change of what is seen.
    pub const fn last_change(&self) -> u32 {
        self.last
    }

    /// For a change of what is seen under a key, which no failed write of before undoes.
    fn seen_mut(&mut self, key: &str) -> &mut Map {
        self.last = self.last.wrapping_add(1);
        self.before.remove(key);
        &mut self.seen
    }

    /// Whether there is a value under a key.
    pub fn has(&self, key: &str) -> bool {
        self.seen.get(key).is_some()
    }

    /// The JSON of the value that is seen under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.seen.get(key)?.as_text()
    }

    /// Whether what is seen under a key is of this page's life.
    pub fn is_shadowed(&self, key: &str) -> bool {
        self.shadowed.get(key).is_some()
    }

    /// Sets the value that is seen under a key; one that persists lifts the shadow.
    pub fn set(&mut self, key: &str, text: String, persist: bool) {
        if persist {
            self.shadowed.remove(key);
        } else if self.shadowed.get(key).is_none() {
            self.shadowed.set(key, self.seen.get(key).cloned().unwrap_or_default());
        }
        self.seen_mut(key).set(key, Value::Text(text));
    }

    /// Takes in what another tab has persisted; a value of this page's life goes on shadowing it.
    pub fn set_persisted(&mut self, key: &str, text: Option<String>) {
        let persisted = text.map(Value::Text);
        if self.shadowed.get(key).is_some() {
            self.shadowed.set(key, persisted.unwrap_or_default());
        } else if let Some(text) = persisted {
            self.seen_mut(key).set(key, text);
        } else {
            self.seen_mut(key).remove(key);
        }
    }

    /// The texts under a key, and whether they persist: the persisted one first, then the one that shadows it.
    pub fn layers(&self, key: &str) -> Vec<(&str, bool)> {
        let mut layers = Vec::new();
        let shadowed = self.shadowed.get(key);
        if let Some(text) = shadowed.and_then(Value::as_text) {
            layers.push((text, true));
        }
        if let Some(text) = self.get(key) {
            layers.push((text, shadowed.is_none()));
        }
        layers
    }

    /// The keys whose text is one of this page's life.
    pub fn shadowed_keys(&self) -> Vec<String> {
        self.shadowed.keys()
    }

    /// Takes the text of this page's life under a key out: the persisted one is seen again.
    pub fn lift(&mut self, key: &str) {
        match self.shadowed.remove(key) {
            Some(persisted @ Value::Text(_)) => self.seen_mut(key).set(key, persisted),
            _ => self.remove(key),
        }
    }

    /// Takes everything under a key out.
    pub fn remove(&mut self, key: &str) {
        self.seen_mut(key).remove(key);
        self.shadowed.remove(key);
    }

    /// What there is under a key, or was before the first of its writes that are under way: the text that is seen, and what that
    /// shadows.
    pub fn settled(&self, key: &str) -> Value {
        self.before.get(key).map_or_else(|| self.state(key), Value::clone)
    }

    fn state(&self, key: &str) -> Value {
        let mut state = vec![self.seen.get(key).cloned().unwrap_or_default()];
        state.extend_from_slice(self.shadowed.get(key).map_or(&[], std::slice::from_ref));
        Value::List(state)
    }

    /// A write is under way that can be seen already: the last of its key, before whose writes there was this.
    pub fn begin(&mut self, key: String, settled: Value) -> Begun {
        self.before.set(key.as_str(), settled);
        self.last_of.set_number(&key, f64::from(self.last));
        Begun { number: self.last, state: self.state(&key), key }
    }

    /// A write is at its end. One that failed is undone, unless its key has changed since; gives a key that shows another text by
    /// that.
    pub fn end(&mut self, Begun { key, number, state }: Begun, is_written: bool) -> Option<String> {
        let before = self.before.remove(&key)?;
        let last = self.last_of.get(&key);
        let (is_last, last_has_failed) = (last == Some(&Value::Number(number.into())), last.is_none());
        // Where the last has failed, what there was before is seen: what is written by now.
        let is_shown = if is_written { last_has_failed } else { is_last };
        if is_last {
            self.last_of.remove(&key);
            if is_written {
                return None;
            }
        }
        let settled = if is_written { state } else { before };
        if is_shown {
            self.restore(&key, settled.clone());
        }
        self.before.set(key.as_str(), settled);
        is_shown.then_some(key)
    }

    fn restore(&mut self, key: &str, state: Value) {
        self.remove(key);
        let Value::List(state) = state else { return };
        for (at, text) in state.into_iter().enumerate() {
            if at > 0 {
                self.shadowed.set(key, text);
            } else if text != Value::Undefined {
                self.seen_mut(key).set(key, text);
            }
        }
    }

    /// The keys, in the order in which they came.
    pub fn keys(&self) -> Vec<String> {
        self.seen.keys()
    }

    /// All values that are seen.
    pub fn values(&self) -> Map {
        let mut values = Map::new();
        for (key, text) in &self.seen {
            if let Some(value) = text.as_text().and_then(self.platform.parse_json) {
                values.push(key.clone(), value);
            }
        }
        values
    }
}

/// A write under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    key: String,
    number: u32,
    /// What it has made.
    state: Value,
}
