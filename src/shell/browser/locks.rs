//! The lock that holds tabs apart (Web Locks), with a way to stop waiting for it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use super::super::convert::member;
use super::global;

/// A lock that is held or waited for; dropping it gives it back, or stops waiting.
#[derive(Debug)]
pub struct Lock {
    release: Rc<RefCell<Option<Function>>>,
    abort: Option<web_sys::AbortController>,
}

impl Lock {
    /// Asks for the lock called `name`, and calls `granted` when it is held; at once where there are no locks.
    pub fn request(name: &str, granted: impl FnOnce() + 'static) -> Self {
        let release = Rc::new(RefCell::new(None));
        let locks = member(&global("navigator"), "locks");
        let Ok(request) = member(&locks, "request").dyn_into::<Function>() else {
            // The commit rule alone holds.
            super::timer::in_a_later_task(granted);
            return Self { release, abort: None };
        };
        let held = Rc::clone(&release);
        let hold = Closure::once_into_js(move || {
            let promise = Promise::new(&mut |resolve, _| {
                held.borrow_mut().replace(resolve);
            });
            granted();
            promise
        });
        let abort = web_sys::AbortController::new().ok();
        let options = Object::new();
        if let Some(abort) = &abort {
            let _ = Reflect::set(&options, &JsValue::from_str("signal"), &abort.signal());
        }
        let asked = Reflect::apply(&request, &locks, &Array::of3(&JsValue::from_str(name), &options, &hold));
        if let Some(promise) = asked.ok().and_then(|asked| asked.dyn_into::<Promise>().ok()) {
            // An aborted request rejects: that is nobody's business.
            let ignore = Closure::once_into_js(|_: JsValue| ());
            let _ = member(&promise, "catch").unchecked_ref::<Function>().call1(&promise, &ignore);
        }
        Self { release, abort }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let release = self.release.borrow_mut().take();
        match (release, &self.abort) {
            (Some(release), _) => {
                let _ = release.call0(&JsValue::UNDEFINED);
            }
            (None, Some(abort)) => abort.abort_with_reason(&js_sys::Error::new("the wait for the lock is over")),
            (None, None) => {}
        }
    }
}
