//! The values: what is stored for the builder, and what sign-ins and refreshes expose and keep.

use super::super::effect::Effect;
use super::super::envelope::Record;
use super::super::error::{AuthError, Code};
use super::super::input::{CallId, Commit};
use super::super::options::Storage;
use super::super::token::at_path;
use super::super::value::{Map, Value};
use super::tasks::{Kind, Stage, Task};
use super::{Session, To};
use crate::core::lite::json::json_to_text;

impl Session {
    /// Stores a value: seen at once, taken back when the storage refuses it.
    pub(super) fn store_value(&mut self, call: CallId, key: &str, text: String, persist: bool) {
        if let Err(error) = self.check_key(key) {
            return self.refuse(call, error);
        }
        let saved = self.store.save(key);
        let task = Task::new(call, Kind::Write(vec![saved], None));
        self.put(call, key, Some(text), persist);
        self.park(task, Stage::Writing(1));
    }

    /// Removes values; what was never stored through doorkey is not touched, nor what the session exposes.
    pub(super) fn remove_values(&mut self, call: CallId, given: Vec<String>) {
        let (mut keys, mut saved) = (Vec::new(), Vec::new());
        for key in given {
            if !self.options.expose.iter().flatten().any(|exposed| *exposed == key) {
                saved.push(self.store.save(&key));
                keys.push(key);
            }
        }
        let task = Task::new(call, Kind::Write(saved, None));
        let writes = self.remove_keys(call, &keys);
        self.after_writes(task, writes);
    }

    fn check_key(&self, key: &str) -> Result<(), AuthError> {
        if self.storage == Storage::Host && key == self.options.name {
            return Err(AuthError::new(Code::InvalidValue, "this key holds the session itself").at("key"));
        }
        Ok(())
    }

    /// A write is done, or failed.
    pub(super) fn written(&mut self, mut task: Box<Task>, left: usize, result: Result<(), AuthError>) {
        if let (Kind::Write(_, failure), Err(error)) = (&mut task.kind, &result) {
            failure.get_or_insert_with(|| error.clone());
        } else if let Err(error) = &result {
            self.emit_failed(error.code);
        }
        if left > 1 { self.park(task, Stage::Writing(left - 1)) } else { self.all_written(task) }
    }

    /// All writes of `storeValue` and the like are done: settles, after undoing what was refused.
    pub(super) fn write_done(&mut self, task: Box<Task>) {
        let (Kind::Write(saved, failure), call) = (task.kind, task.call) else { return };
        match failure {
            None => self.settle(call, Ok(Value::Map(Map::new()))),
            Some(error) => {
                for saved in saved {
                    let key = saved.key().to_owned();
                    self.store.restore(saved);
                    self.show(&key);
                }
                self.refuse(call, self.masked(error, None));
            }
        }
    }

    /// Writes one value, for a call that waits for it.
    fn put(&mut self, call: CallId, key: &str, text: Option<String>, persist: bool) {
        match &text {
            Some(text) => self.store.set(key, text.clone(), persist),
            None => self.store.remove(key),
        }
        self.show(key);
        take_out(&mut self.dropped_keys, key);
        if text.is_none() {
            self.dropped_keys.push(key.to_owned());
        }
        let id = self.wait(To::Task(call));
        self.effects.push(Effect::Put { id, key: key.to_owned(), text, persist });
    }

    /// The keys that the record shall name: in a host's store it says which are ours.
    fn our_keys(&self) -> Vec<String> {
        let mut keys = self.record.keys.clone();
        for dropped in &self.dropped_keys {
            take_out(&mut keys, dropped);
        }
        for key in self.store.keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// All writes of a call are done: before it goes on, the record must name the keys that there are now.
    pub(super) fn all_written(&mut self, task: Box<Task>) {
        let keys = self.our_keys();
        if self.storage != Storage::Host || self.detached || keys == self.record.keys {
            self.dropped_keys.clear();
            return self.keys_named(task);
        }
        let mut record = self.record.next(self.record.state.clone(), self.now);
        record.keys = keys;
        self.commit(&record, To::Task(task.call));
        self.park(task, Stage::Naming(Box::new(record)));
    }

    /// What became of the record that names our keys.
    pub(super) fn named(&mut self, task: Box<Task>, record: Record, commit: Commit) {
        match commit {
            Commit::Applied => self.wrote(record),
            Commit::Failed(code) => self.keep_in_memory(record, code),
            Commit::Lost(text) => {
                self.observe(text, true);
            }
        }
        self.all_written(task);
    }

    /// Removes these of our values; gives the number of writes to wait for.
    pub(super) fn remove_keys(&mut self, call: CallId, keys: &[String]) -> usize {
        let ours = self.store.keys();
        let mut writes = 0;
        for key in keys {
            if ours.contains(key) {
                self.put(call, key, None, true);
                writes += 1;
            }
        }
        writes
    }

    /// The plain keys under which the tokens are exposed, and the kept fields.
    pub(super) fn exposed_keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for key in self.options.expose.iter().flatten() {
            keys.push(key.clone());
        }
        keys.extend_from_slice(&self.options.keep);
        keys
    }

    /// Writes what `expose` asks for; gives the number of writes to wait for.
    pub(super) fn expose_tokens(&mut self, call: CallId) -> usize {
        let Some(tokens) = self.tokens() else { return 0 };
        let text = |secret: &Option<super::super::secret::Secret>| secret.as_ref().map(|it| Value::from(it.expose()));
        let expires_at = tokens.expires_at.map(|at| Value::Number(at.0 as f64));
        let values = [text(&tokens.access), text(&tokens.refresh), expires_at];
        let mut writes = 0;
        for (key, value) in self.options.expose.clone().into_iter().zip(values) {
            if let Some(key) = key {
                let text = value.map(|value| to_json(&value));
                if text.as_deref() != self.store.get(&key) {
                    self.put(call, &key, text, true);
                    writes += 1;
                }
            }
        }
        writes
    }

    /// Brings what `expose` asks for up to date; nobody waits for it, but a failure is told.
    pub(super) fn write_exposed(&mut self) {
        let task = self.internal(Kind::Own);
        let writes = match self.tokens() {
            Some(_) => self.expose_tokens(task.call),
            None => self.remove_keys(task.call, &self.exposed_keys()),
        };
        if writes > 0 {
            self.park(task, Stage::Writing(writes));
        }
    }

    /// The fields of an answer that `keep` names, as JSON.
    pub(super) fn kept_fields(&self, answer: &Value) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for name in &self.options.keep {
            match at_path(answer, name) {
                None | Some(Value::Undefined) => {}
                Some(value) => fields.push((name.clone(), to_json(value))),
            }
        }
        fields
    }

    /// Writes values that persist; gives the number of writes to wait for.
    pub(super) fn put_all(&mut self, call: CallId, values: &[(String, String)]) -> usize {
        for (key, text) in values {
            self.put(call, key, Some(text.clone()), true);
        }
        values.len()
    }

    /// What another tab did to the session must be seen in what this tab exposes, and in its host's store.
    pub(super) fn reflect(&mut self) {
        if self.storage == Storage::Host
            && let Some(text) = self.stored.clone()
        {
            self.effects.push(Effect::Mirror(text));
        }
        self.write_exposed();
    }

    /// Another tab has changed a value.
    pub(super) fn value_from_elsewhere(&mut self, key: &str, text: Option<String>) {
        self.store.hear(key, text);
        self.show(key);
    }

    /// Shows what there is under a key now.
    fn show(&mut self, key: &str) {
        self.effects.push(Effect::Show(key.to_owned(), self.store.get(key).map(str::to_owned)));
    }
}

fn to_json(value: &Value) -> String {
    let mut text = String::new();
    json_to_text(value, &mut text);
    text
}

/// Takes a text out of a list.
#[inline(never)]
fn take_out(list: &mut Vec<String>, text: &str) {
    while let Some(at) = list.iter().position(|one| one == text) {
        list.remove(at);
    }
}
