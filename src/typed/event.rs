//! What listeners are told, and how they stop listening.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::member::member;
use crate::core::vocabulary::EventKind;

/// Something that happened to the session, in this tab or another.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When, in milliseconds since 1970.
    pub at_ms: f64,
    /// Why: an error code, or `otherTab`, `idle`, `maxAge`.
    pub reason: Option<String>,
}

impl Event {
    pub(super) fn from_js(kind: EventKind, js: &JsValue) -> Self {
        Self { kind, at_ms: member(js, "at").as_f64().unwrap_or_default(), reason: member(js, "reason").as_string() }
    }
}

/// A listener that listens until this is dropped.
#[derive(Debug)]
#[must_use = "a subscription ends when it is dropped"]
pub struct Subscription {
    end: Function,
    is_over: Rc<Cell<bool>>,
}

impl Subscription {
    /// Gives `subscribe` a function to call; what it returns ends the subscription.
    pub(super) fn begin(
        mut on_event: impl FnMut(JsValue) + 'static,
        subscribe: impl FnOnce(&JsValue) -> Result<Function, JsValue>,
    ) -> Result<Self, JsValue> {
        let is_over = Rc::new(Cell::new(false));
        let silenced = Rc::clone(&is_over);
        // The garbage collector's, and not ours to drop: a listener may end itself, or another that is about to be called.
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |js| {
            if !silenced.get() {
                on_event(js);
            }
        });
        Ok(Self { end: subscribe(&listener.into_js_value())?, is_over })
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.is_over.set(true);
        // It throws nothing: it is ours.
        let _ = self.end.call0(&JsValue::UNDEFINED);
    }
}
