//! The values: what is stored for the builder, and what sign-ins and refreshes expose and keep.

pub mod exposed;
pub mod store;

use super::context::Context;
use super::effect::Effect;
use super::error::{AuthError, Code};
use super::input::CallId;
use super::lite::json::json_of;
use super::platform::Platform;
use super::record::envelope::Record;
use super::record::{Keeper, mark_of, marked_as};
use super::secret::Secret;
use super::token::Tokens;
use super::value::{Map, Value};
use super::waits::Waiter;
use exposed::exposed_keys;
use store::{Begun, Store};

/// The values of a session.
#[derive(Clone, Debug)]
pub struct Values {
    store: Store,
    /// Keys of values that are removed, but that the record still names.
    dropped_keys: Map,
    /// One more with each change of the keys.
    changes: u64,
    /// The changes, and the revision of the record that names the keys as they were then.
    named: Option<(u64, u32)>,
    /// The calls that wait for the commit of a record that names keys; `None` when none is under way.
    queue: Option<Vec<CallId>>,
}

impl Values {
    /// No values yet.
    pub const fn new(platform: Platform) -> Self {
        Self { store: Store::new(platform), dropped_keys: Map::new(), changes: 0, named: None, queue: None }
    }

    /// The values themselves.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Takes in what is stored.
    pub fn open(&mut self, values: Vec<(String, Secret)>, record: &Keeper, cx: &mut Context) {
        let marked = record.record().marked();
        for (key, text) in values {
            // A record that was planted names what it likes.
            if record.place.is_alone && marked_as(&marked, &key) != Some(mark_of(&key, text.expose())) {
                continue;
            }
            // A host's store has one place for both: what it shows is the value of this page's life.
            if record.place.storage.has_copy() && self.store.is_shadowed(&key) {
                continue;
            }
            self.on_changed_elsewhere(&key, Some(text), cx);
        }
    }

    /// Drops what is not among what was found.
    pub fn keep_only(&mut self, found: &[(String, Secret)], cx: &mut Context) {
        for key in self.store.keys() {
            if !found.iter().any(|(kept, _)| *kept == key) {
                self.on_changed_elsewhere(&key, None, cx);
            }
        }
    }

    /// Whether a value may be stored under a key.
    ///
    /// # Errors
    /// `ERR_INVALID_VALUE` for a key that holds the session itself, or a part of it.
    pub fn check_key(key: &str, record: &Keeper, cx: &Context) -> Result<(), AuthError> {
        let is_exposed = cx.options.expose.iter().flatten().any(|exposed| exposed == key);
        if is_exposed || record.place.storage.has_copy() && key == cx.options.name {
            return Err(AuthError::new(Code::InvalidValue, "this key holds the session, or a part of it").at("key"));
        }
        Ok(())
    }

    /// Writes one value, or removes it: seen at once, answered to `waiter`.
    pub fn put(&mut self, waiter: Waiter, key: &str, text: Option<Secret>, persist: bool, cx: &mut Context) {
        match &text {
            Some(text) => {
                self.store.set(key, text.expose().to_owned(), persist);
                self.dropped_keys.remove(key);
            }
            None => {
                self.store.remove(key);
                self.dropped_keys.set(key, Value::Undefined);
            }
        }
        self.show(key, cx);
        self.changes += 1;
        ask_to_put(waiter, key, text, persist, cx);
    }

    /// Takes every value out of where it rests; they are seen all the same. Gives the number of writes to wait for.
    pub fn take_out(&self, waiter: Waiter, cx: &mut Context) -> usize {
        let keys = self.store.keys();
        for key in &keys {
            ask_to_put(waiter, key, None, true, cx);
        }
        keys.len()
    }

    /// Writes every value to where it rests from now on; gives the number of writes to wait for.
    pub fn put_in(&self, waiter: Waiter, cx: &mut Context) -> usize {
        let mut writes = 0;
        for key in self.store.keys() {
            for (text, persist) in self.store.layers(&key) {
                ask_to_put(waiter, &key, Some(text.into()), persist, cx);
                writes += 1;
            }
        }
        writes
    }

    /// Writes values that persist; gives the number of writes to wait for.
    pub fn put_all(&mut self, waiter: Waiter, values: Vec<(String, Secret)>, cx: &mut Context) -> usize {
        let writes = values.len();
        for (key, text) in values {
            self.put(waiter, &key, Some(text), true, cx);
        }
        writes
    }

    /// The keys of our values: those that are seen here, and those of other tabs, whose host's store is another.
    pub fn keys(&self, record: &Keeper) -> Map {
        self.keys_and(if record.place.names_all_keys() { &record.record().keys } else { &[] })
    }

    /// The keys that are seen here, and those that are named and not removed.
    fn keys_and(&self, named: &[String]) -> Map {
        let mut keys = Map::new();
        let kept = named.iter().filter(|key| self.dropped_keys.get(key).is_none());
        kept.for_each(|key| keys.set(key.as_str(), Value::Undefined));
        self.store.keys().into_iter().for_each(|key| keys.set(key, Value::Undefined));
        keys
    }

    /// Removes these of our values; gives the number of writes to wait for.
    pub fn remove(&mut self, waiter: Waiter, keys: Vec<String>, record: &Keeper, cx: &mut Context) -> usize {
        let ours = self.keys(record);
        let mut writes = 0;
        for key in keys {
            if ours.get(&key).is_some() {
                self.put(waiter, &key, None, true, cx);
                writes += 1;
            }
        }
        writes
    }

    /// Writes are under way that can be seen already; before them there was this.
    pub fn begin(&mut self, settled: Vec<(String, Value)>) -> Vec<Begun> {
        let mut writes = Vec::new();
        for (key, state) in settled {
            writes.push(self.store.begin(key, state));
        }
        writes
    }

    /// Writes are at their end; those that failed are undone.
    pub fn end(&mut self, writes: Vec<Begun>, are_written: bool, cx: &mut Context) {
        for write in writes {
            if let Some(undone) = self.store.end(write, are_written) {
                self.show(&undone, cx);
            }
        }
    }

    /// Another tab has changed a value.
    pub fn on_changed_elsewhere(&mut self, key: &str, text: Option<Secret>, cx: &mut Context) {
        self.store.set_persisted(key, text.map(Secret::into_exposed));
        self.show(key, cx);
    }

    /// Removes the values of this page's life, but for those to spare.
    pub fn clear_page(&mut self, spared: &[String], cx: &mut Context) {
        for key in self.store.shadowed_keys() {
            if !spared.contains(&key) {
                self.store.lift(&key);
                self.show(&key, cx);
            }
        }
    }

    /// Shows what there is under a key now.
    fn show(&self, key: &str, cx: &mut Context) {
        cx.ask(Effect::Show(key.to_owned(), self.store.get(key).map(Secret::from)));
    }

    /// Writes what `expose` asks for; gives the number of writes to wait for.
    pub fn expose(&mut self, waiter: Waiter, tokens: &Tokens, cx: &mut Context) -> usize {
        let text = |secret: &Option<Secret>| secret.as_ref().map(|it| Value::from(it.expose()));
        let expires_at = tokens.expires_at.map(|at| Value::Number(at.0 as f64));
        let values = [text(&tokens.access), text(&tokens.refresh), expires_at];
        let mut writes = 0;
        for (place, value) in values.iter().enumerate() {
            let Some(Some(key)) = cx.options.expose.get(place).cloned() else { continue };
            let text = value.as_ref().map(json_of);
            if text.as_deref() != self.store.get(&key) {
                self.put(waiter, &key, text.map(Secret::new), true, cx);
                writes += 1;
            }
        }
        writes
    }

    /// Brings what `expose` asks for up to date with the record; gives the number of writes to wait for.
    pub fn expose_record(&mut self, waiter: Waiter, record: &Keeper, cx: &mut Context) -> usize {
        match record.tokens() {
            Some(tokens) => self.expose(waiter, tokens, cx),
            None => self.remove(waiter, exposed_keys(cx), record, cx),
        }
    }

    /// Whether nothing has changed since the record named all keys.
    pub fn are_named(&self, record: &Keeper) -> bool {
        self.named == Some((self.changes, record.revision()))
    }

    /// The keys that the record shall name, in a host's store, where it says which are ours; `None` when it does.
    pub fn unnamed_keys(&mut self, record: &Keeper) -> Option<(Vec<String>, Vec<u64>)> {
        let state = Some((self.changes, record.revision()));
        if !record.place.storage.has_copy() || record.is_detached() || self.named == state {
            self.dropped_keys = Map::new();
            return None;
        }
        let named = &record.record().keys;
        let keys = self.keys_and(named).keys();
        let marks = if record.place.is_alone { self.marks(&keys, record.record()) } else { Vec::new() };
        if keys == *named && marks == record.record().marks {
            self.dropped_keys = Map::new();
            self.named = state;
            return None;
        }
        Some((keys, marks))
    }

    /// The marks of what is written under these keys; what is not ours keeps the one it has.
    pub fn marks(&self, keys: &[String], record: &Record) -> Vec<u64> {
        let (mut marks, marked) = (Vec::new(), record.marked());
        for key in keys {
            let written = self.store.layers(key).first().map(|(text, _)| mark_of(key, text));
            marks.push(written.or_else(|| marked_as(&marked, key)).unwrap_or_default());
        }
        marks
    }

    /// Lets a call wait for the commit under way of a record that names keys, which may name its own; gives whether there is one.
    pub fn queue_up(&mut self, call: CallId) -> bool {
        match &mut self.queue {
            Some(queue) => queue.push(call),
            None => return false,
        }
        true
    }

    /// A record that names keys is about to be committed.
    pub fn begin_naming(&mut self) {
        self.queue.get_or_insert_default();
    }

    /// That commit is at its end: gives the calls that have waited for it.
    pub fn end_naming(&mut self) -> Vec<CallId> {
        self.queue.take().unwrap_or_default()
    }
}

fn ask_to_put(waiter: Waiter, key: &str, text: Option<Secret>, persist: bool, cx: &mut Context) {
    let id = cx.wait_for_storage(waiter);
    cx.ask(Effect::Put { id, key: key.to_owned(), text, persist });
}
