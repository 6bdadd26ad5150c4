//! `localStorage` and `sessionStorage`, which may be missing, denied or full.

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

use super::window;
use crate::core::error::Code;
use crate::core::input::Commit;

/// A storage that answered when it was tried.
#[derive(Clone, Debug)]
pub struct WebStorage(web_sys::Storage);

impl WebStorage {
    /// `localStorage`, or `sessionStorage`; `None` where it can't be had.
    pub fn open(local: bool) -> Option<Self> {
        // gloo-storage throws where there is no window or no access: look first, where looking may throw.
        let window = window()?;
        let name = if local { "localStorage" } else { "sessionStorage" };
        Reflect::get(&window, &JsValue::from_str(name)).ok()?.dyn_into::<web_sys::Storage>().ok()?;
        Some(Self(if local { LocalStorage::raw() } else { SessionStorage::raw() }))
    }

    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.get_item(key).ok().flatten()
    }

    /// Writes, or removes with `None`.
    ///
    /// # Errors
    /// `StorageFull` or `StorageDenied`; what stood there stands there still.
    pub fn put(&self, key: &str, text: Option<&str>) -> Result<(), Code> {
        let result = match text {
            Some(text) => self.0.set_item(key, text),
            None => self.0.remove_item(key),
        };
        result.map_err(|thrown| code_of(&thrown))
    }

    /// Writes `text` if `expected` is what stands there, in one turn.
    pub fn commit(&self, key: &str, expected: Option<&str>, text: &str) -> Commit {
        let current = self.get(key);
        if current.as_deref() != expected {
            return Commit::Lost(current);
        }
        match self.put(key, Some(text)) {
            Ok(()) => Commit::Applied,
            Err(code) => {
                // The old record is worth nothing after a rotation, and other tabs must not use it.
                let _ = self.put(key, None);
                match self.put(key, Some(text)) {
                    Ok(()) => Commit::Applied,
                    Err(_) => Commit::Failed(code),
                }
            }
        }
    }

    /// All that stands under keys with a prefix, by the rest of the key.
    pub fn list(&self, prefix: &str) -> Vec<(String, String)> {
        let count = self.0.length().unwrap_or(0);
        let keys = (0..count).filter_map(|index| self.0.key(index).ok().flatten());
        keys.filter_map(|key| Some((key.strip_prefix(prefix)?.to_owned(), self.get(&key)?))).collect()
    }
}

fn code_of(thrown: &JsValue) -> Code {
    let name = super::member(thrown, "name").as_string().unwrap_or_default();
    if name.contains("Quota") || name.contains("QUOTA") { Code::StorageFull } else { Code::StorageDenied }
}
