//! `storeValue` and the like: a value of this page's life shadows the persisted one.

use super::platform::Platform;
use super::value::Map;

/// The values that were stored through doorkey, as JSON texts.
#[derive(Clone, Debug)]
pub struct Store {
    platform: Platform,
    entries: Vec<Entry>,
}

/// One key's values.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    key: String,
    shadow: Option<String>,
    persisted: Option<String>,
}

impl Store {
    /// A store without values.
    pub const fn new(platform: Platform) -> Self {
        Self { platform, entries: Vec::new() }
    }

    /// What the platform lends.
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// The JSON of the value that is seen under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let entry = self.entries.get(self.place(key))?;
        entry.shadow.as_deref().or(entry.persisted.as_deref())
    }

    /// Sets the value that is seen under a key; one that persists lifts the shadow.
    pub fn set(&mut self, key: &str, text: String, persist: bool) {
        if let Some(entry) = self.entry(key) {
            if persist {
                entry.shadow = None;
                entry.persisted = Some(text);
            } else {
                entry.shadow = Some(text);
            }
        }
    }

    /// Takes in what another tab has persisted; a value of this page's life goes on shadowing it.
    pub fn hear(&mut self, key: &str, text: Option<String>) {
        if let Some(entry) = self.entry(key) {
            entry.persisted = text;
            if entry.shadow.is_none() && entry.persisted.is_none() {
                self.remove(key);
            }
        }
    }

    /// Takes everything under a key out.
    pub fn remove(&mut self, key: &str) {
        let at = self.place(key);
        if at < self.entries.len() {
            self.entries.remove(at);
        }
    }

    /// The place of a key's entry; the end when there is none.
    #[inline(never)]
    fn place(&self, key: &str) -> usize {
        self.entries.iter().position(|entry| entry.key == key).unwrap_or(self.entries.len())
    }

    /// A key's entry, which is made when there is none.
    fn entry(&mut self, key: &str) -> Option<&mut Entry> {
        let at = self.place(key);
        if at == self.entries.len() {
            self.entries.push(Entry { key: key.to_owned(), shadow: None, persisted: None });
        }
        self.entries.get_mut(at)
    }

    /// What [`Store::restore`] needs to undo a change of a key.
    pub fn save(&self, key: &str) -> Saved {
        Saved(self.entries.get(self.place(key)).cloned(), key.to_owned())
    }

    /// Undoes a change.
    pub fn restore(&mut self, saved: Saved) {
        self.remove(&saved.1);
        self.entries.extend(saved.0);
    }

    /// The keys, in the order in which they came.
    pub fn keys(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.key.clone()).collect()
    }

    /// All values that are seen.
    pub fn values(&self) -> Map {
        let mut seen = Map::new();
        for entry in &self.entries {
            let text = entry.shadow.as_ref().or(entry.persisted.as_ref());
            if let Some(value) = text.and_then(|text| (self.platform.parse_json)(text)) {
                seen.set(entry.key.as_str(), value);
            }
        }
        seen
    }
}

/// A key's values before a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved(Option<Entry>, String);

impl Saved {
    /// The key.
    pub fn key(&self) -> &str {
        &self.1
    }
}
