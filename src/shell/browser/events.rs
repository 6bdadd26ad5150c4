//! What the page tells: it wakes, it is shown, the network is back, another tab has written, the user is there.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, StorageEvent};

use super::window;
use crate::core::input::Hint;

/// Listeners on the page; dropping them takes them off.
#[derive(Default)]
pub struct Listeners(Vec<(EventTarget, &'static str, Closure<dyn FnMut(Event)>)>);

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listeners")
    }
}

impl Listeners {
    /// Listens to all that may matter to the session whose record stands under `name`; `prefix` is that of its values.
    pub fn open(name: &str, prefix: &str, tell: impl Fn(Hint) + Clone + 'static) -> Self {
        let mut listeners = Self::default();
        let global: EventTarget = js_sys::global().unchecked_into();
        for kind in ["pageshow", "online"] {
            let tell = tell.clone();
            listeners.add(&global, kind, move |_| tell(Hint::Woke));
        }
        let Some(window) = window() else { return listeners };
        if let Some(document) = window.document() {
            let tell = tell.clone();
            let page = document.clone();
            listeners.add(&document, "visibilitychange", move |_| tell(Hint::Visible(!page.hidden())));
        }
        let (name, prefix, heard) = (name.to_owned(), prefix.to_owned(), tell.clone());
        listeners.add(&global, "storage", move |event| {
            let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
            match event.key() {
                Some(key) if key == name => heard(Hint::Changed),
                Some(key) => {
                    if let Some(key) = key.strip_prefix(&prefix) {
                        heard(Hint::Value(key.to_owned(), event.new_value()));
                    }
                }
                // Everything was cleared.
                None => heard(Hint::Changed),
            }
        });
        for kind in ["pointerdown", "keydown"] {
            let tell = tell.clone();
            listeners.add(&global, kind, move |_| tell(Hint::Active));
        }
        listeners
    }

    fn add(&mut self, target: &EventTarget, kind: &'static str, hear: impl FnMut(Event) + 'static) {
        let hear = Closure::new(hear);
        // Not every global can be listened to.
        if target.add_event_listener_with_callback(kind, hear.as_ref().unchecked_ref()).is_ok() {
            self.0.push((target.clone(), kind, hear));
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for (target, kind, hear) in &self.0 {
            let _ = target.remove_event_listener_with_callback(kind, hear.as_ref().unchecked_ref());
        }
    }
}
