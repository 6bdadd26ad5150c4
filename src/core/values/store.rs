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
}

impl Store {
    /// A store without values.
    pub const fn new(platform: Platform) -> Self {
        Self { platform, seen: Map::new(), shadowed: Map::new(), last: 0 }
    }

    /// What the platform lends.
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// The number of the last change of what is seen.
    pub const fn last_change(&self) -> u32 {
        self.last
    }

    fn seen_mut(&mut self) -> &mut Map {
        self.last = self.last.wrapping_add(1);
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
        self.seen_mut().set(key, Value::Text(text));
    }

    /// Takes in what another tab has persisted; a value of this page's life goes on shadowing it.
    pub fn set_persisted(&mut self, key: &str, text: Option<String>) {
        let persisted = text.map(Value::Text);
        if self.shadowed.get(key).is_some() {
            self.shadowed.set(key, persisted.unwrap_or_default());
        } else if let Some(text) = persisted {
            self.seen_mut().set(key, text);
        } else {
            self.seen_mut().remove(key);
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
            Some(persisted @ Value::Text(_)) => self.seen_mut().set(key, persisted),
            _ => self.remove(key),
        }
    }

    /// Takes everything under a key out.
    pub fn remove(&mut self, key: &str) {
        self.seen_mut().remove(key);
        self.shadowed.remove(key);
    }

    /// What [`Store::restore`] needs to undo a change of a key.
    pub fn save(&self, key: &str) -> Saved {
        Saved { key: key.to_owned(), seen: self.seen.get(key).cloned(), shadowed: self.shadowed.get(key).cloned() }
    }

    /// Undoes a change.
    pub fn restore(&mut self, saved: Saved) {
        self.remove(&saved.key);
        if let Some(text) = saved.shadowed {
            self.shadowed.set(saved.key.as_str(), text);
        }
        if let Some(text) = saved.seen {
            self.seen_mut().set(saved.key, text);
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

/// A key's values before a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    key: String,
    seen: Option<Value>,
    shadowed: Option<Value>,
}

impl Saved {
    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }
}
