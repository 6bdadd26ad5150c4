//! The one timer of a session, and tasks of their own for listeners.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use super::{global, unref};

/// The longest delay that browsers keep.
const LONGEST_MS: f64 = 2_147_483_647.0;

/// A timer that is running; dropping it stops it.
#[derive(Debug)]
pub struct Timer {
    handle: JsValue,
    _then: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `then` after so many milliseconds, or earlier where they are too many for a browser.
    pub fn start(delay_ms: f64, then: impl FnMut() + 'static) -> Option<Self> {
        let then = Closure::new(then);
        let handle = set_timeout(then.as_ref().unchecked_ref(), delay_ms)?;
        // A process shall not stay alive for a refresh that nobody may need.
        unref(&handle);
        Some(Self { handle, _then: then })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Ok(clear) = global("clearTimeout").dyn_into::<Function>() {
            let _ = clear.call1(&JsValue::UNDEFINED, &self.handle);
        }
    }
}

/// Calls a function in a task of its own.
pub fn in_a_later_task(then: impl FnOnce() + 'static) {
    let _ = set_timeout(&Closure::once_into_js(then).unchecked_into(), 0.0);
}

fn set_timeout(then: &Function, delay_ms: f64) -> Option<JsValue> {
    let set = global("setTimeout").dyn_into::<Function>().ok()?;
    Reflect::apply(&set, &JsValue::UNDEFINED, &Array::of2(then, &JsValue::from_f64(delay_ms.clamp(0.0, LONGEST_MS))))
        .ok()
}
