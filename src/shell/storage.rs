//! Where the record and the values rest: this page's memory, the browser's storage, or the host's store.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::browser::idb;
use super::browser::web_storage::WebStorage;
use super::convert::{failure, from_value, parse_json, to_value};
use super::host::Host;
use crate::core::error::{AuthError, Code};
use crate::core::input::{Answer, Commit};
use crate::core::value::Value;

/// A storage of one session.
#[derive(Clone, Debug)]
pub struct Rest {
    name: String,
    /// The key of the record that tabs share, where the host's store does not reach them.
    shared_key: String,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Memory(Rc<RefCell<Option<String>>>),
    Web(WebStorage),
    Host(Rc<RefCell<Host>>),
}

/// The answer at once, or later.
pub enum Reply {
    /// At once.
    Now(Answer),
    /// Later: these are the only storages that take time.
    Later(std::pin::Pin<Box<dyn Future<Output = Answer>>>),
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reply")
    }
}

impl Rest {
    /// This page's memory.
    pub fn memory(name: &str) -> Self {
        Self::at(name, Place::Memory(Rc::default()))
    }

    /// The browser's storage; `None` where it can't be had.
    pub fn web(name: &str, local: bool) -> Option<Self> {
        Some(Self::at(name, Place::Web(WebStorage::open(local)?)))
    }

    /// The host's store.
    ///
    /// Apps of one origin share its IndexedDB: a host that has several says which is which by its `scope()`.
    pub fn host(name: &str, host: Rc<RefCell<Host>>) -> Self {
        let scope = host.borrow().clone().call("scope", &Array::new()).ok().and_then(|scope| scope.as_string());
        let mut rest = Self::at(name, Place::Host(host));
        if let Some(scope) = scope {
            rest.shared_key = [name, "@", &scope].concat();
        }
        rest
    }

    fn at(name: &str, place: Place) -> Self {
        Self { name: name.to_owned(), shared_key: name.to_owned(), place }
    }

    /// What stands before the key of a value.
    pub fn prefix(name: &str) -> String {
        [name, ".value:"].concat()
    }

    fn value_key(&self, key: &str) -> String {
        [&Self::prefix(&self.name), key].concat()
    }

    /// The host's copy of the record, if the host gives it at once.
    pub fn glance(&self) -> Option<String> {
        let Place::Host(host) = &self.place else { return None };
        let found = host.borrow().clone().call_store("get", &Array::of1(&JsValue::from_str(&self.name))).ok()?;
        as_record(&found)
    }

    /// The stored record.
    pub fn read(&self) -> Reply {
        let text = match &self.place {
            Place::Memory(record) => record.borrow().clone(),
            Place::Web(storage) => storage.get(&self.name),
            Place::Host(host) => {
                let (name, key, host) = (self.name.clone(), self.shared_key.clone(), host.borrow().clone());
                return Reply::Later(Box::pin(async move {
                    let copy = get(&host, &name).await.ok().and_then(|found| as_record(&found));
                    match idb::read(&key).await {
                        Ok(text) => Answer::Stored { text, mirror: Some(copy) },
                        Err(_) => Answer::Stored { text: copy, mirror: None },
                    }
                }));
            }
        };
        Reply::Now(Answer::Stored { text, mirror: None })
    }

    /// Writes the record if `expected` is what is stored.
    pub fn commit(&self, expected: Option<String>, text: String) -> Reply {
        Reply::Now(Answer::Committed(match &self.place {
            Place::Memory(record) => {
                let mut record = record.borrow_mut();
                if *record == expected {
                    *record = Some(text);
                    Commit::Applied
                } else {
                    Commit::Lost(record.clone())
                }
            }
            Place::Web(storage) => storage.commit(&self.name, expected.as_deref(), &text),
            Place::Host(host) => {
                let (name, key, host) = (self.name.clone(), self.shared_key.clone(), host.borrow().clone());
                return Reply::Later(Box::pin(async move {
                    Answer::Committed(commit_to_host(&host, &name, &key, expected, &text).await)
                }));
            }
        }))
    }

    /// Writes the record to the host's copy of it; a host that can't keeps what it has.
    pub fn mirror(&self, text: &str) {
        if let Place::Host(host) = &self.place {
            let arguments = Array::of3(&JsValue::from_str(&self.name), &JsValue::from_str(text), &JsValue::TRUE);
            let called = host.borrow().clone().call_store("set", &arguments);
            wasm_bindgen_futures::spawn_local(async move {
                let _ = settled(called).await;
            });
        }
    }

    /// Writes a value, or removes it.
    pub fn put(&self, key: &str, text: Option<String>, persist: bool) -> Reply {
        let done = |result: Result<(), Code>| {
            Answer::Done(result.map_err(|code| AuthError::new(code, "the storage refused the value")))
        };
        match &self.place {
            Place::Memory(_) => Reply::Now(done(Ok(()))),
            Place::Web(_) if text.is_some() && !persist => Reply::Now(done(Ok(()))),
            Place::Web(storage) => Reply::Now(done(storage.put(&self.value_key(key), text.as_deref()))),
            Place::Host(host) => {
                let host = host.borrow().clone();
                let key = JsValue::from_str(key);
                let called = match text.and_then(|text| parse_json(&text)) {
                    Some(value) => {
                        host.call_store("set", &Array::of3(&key, &from_value(&value), &JsValue::from_bool(persist)))
                    }
                    None => host.call_store("remove", &Array::of1(&key)),
                };
                Reply::Later(Box::pin(async move {
                    let result = settled(called).await;
                    Answer::Done(result.map(|_| ()).map_err(|thrown| host_failed(&thrown)))
                }))
            }
        }
    }

    /// The values; in a host's store those under these keys.
    pub fn list(&self, keys: Vec<String>) -> Reply {
        match &self.place {
            Place::Memory(_) => Reply::Now(Answer::Values(Vec::new())),
            Place::Web(storage) => Reply::Now(Answer::Values(storage.list(&Self::prefix(&self.name)))),
            Place::Host(host) => {
                let host = host.borrow().clone();
                Reply::Later(Box::pin(async move {
                    let mut values = Vec::new();
                    for key in keys {
                        let found = get(&host, &key).await.unwrap_or_default();
                        if let Ok(text) = super::convert::to_json(&found) {
                            values.push((key, text));
                        }
                    }
                    Answer::Values(values)
                }))
            }
        }
    }
}

async fn get(host: &Host, key: &str) -> Result<JsValue, JsValue> {
    settled(host.call_store("get", &Array::of1(&JsValue::from_str(key)))).await
}

/// Commits to the record that tabs share, then to the host's copy.
async fn commit_to_host(host: &Host, name: &str, key: &str, expected: Option<String>, text: &str) -> Commit {
    match idb::commit(key, expected.as_deref(), text).await {
        Ok(Commit::Applied) => {}
        Ok(lost) => return lost,
        Err(_) => {
            let current = get(host, name).await.ok().and_then(|found| as_record(&found));
            if current != expected {
                return Commit::Lost(current);
            }
        }
    }
    let arguments = Array::of3(&JsValue::from_str(name), &JsValue::from_str(text), &JsValue::TRUE);
    match settled(host.call_store("set", &arguments)).await {
        Ok(_) => Commit::Applied,
        Err(_) => Commit::Failed(Code::Host),
    }
}

/// The text of a record that a host gave back as text or as an object.
fn as_record(found: &JsValue) -> Option<String> {
    found.as_string().or_else(|| {
        let value = to_value(found).ok()?;
        matches!(value, Value::Map(_)).then(|| crate::core::http::to_text(&value))
    })
}

async fn settled(called: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&called?)).await
}

/// The error for a store that failed.
fn host_failed(thrown: &JsValue) -> AuthError {
    let mut error = failure(thrown).classify(crate::core::http::Purpose::Other, Code::Host);
    error.path = Some("host.store".to_owned());
    error
}
