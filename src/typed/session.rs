//! The way into the session of the bindings, which tells the end of each call exactly once.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::bindings::member::Member;
use crate::bindings::session::root;

thread_local! {
    /// Where sessions are opened and tokens are read.
    static ROOT: Function = root().unchecked_into();
}

/// What a call gave, or what it failed with.
type Given = Result<JsValue, JsValue>;

/// A session; dropping it disposes of it.
#[derive(Debug)]
pub(super) struct Session(Function);

impl Session {
    pub(super) fn open(options: &JsValue) -> Result<Self, JsValue> {
        Ok(Self(ROOT.with(|root| ask(root, Member::Open, &[options]))?.unchecked_into()))
    }

    /// Asks a member that answers at once.
    pub(super) fn ask(&self, member: Member, arguments: &[&JsValue]) -> Given {
        ask(&self.0, member, arguments)
    }

    /// Calls a member that takes time.
    pub(super) async fn call(&self, member: Member, arguments: &[&JsValue]) -> Given {
        let mut entered = Ok(());
        let promise = Promise::new(&mut |resolve, reject| {
            let settle = move |failed: bool, value: JsValue| {
                let function: &Function = if failed { &reject } else { &resolve };
                // Settling a promise throws nothing.
                let _ = function.call1(&JsValue::UNDEFINED, &value);
            };
            entered = enter(&self.0, member, arguments, &Closure::once_into_js(settle));
        });
        entered?;
        JsFuture::from(promise).await
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It gives nothing and throws nothing.
        let _ = self.ask(Member::Dispose, &[]);
    }
}

/// The claims of a JWT.
pub(super) fn claims(token: &JsValue) -> Given {
    ROOT.with(|root| ask(root, Member::Claims, &[token]))
}

fn ask(entrance: &Function, member: Member, arguments: &[&JsValue]) -> Given {
    let given = Rc::new(RefCell::new(Ok(JsValue::UNDEFINED)));
    let slot = Rc::clone(&given);
    let settle = move |failed: bool, value: JsValue| {
        *slot.borrow_mut() = if failed { Err(value) } else { Ok(value) };
    };
    enter(entrance, member, arguments, &Closure::once_into_js(settle))?;
    given.replace(Ok(JsValue::UNDEFINED))
}

/// Calls a way in: see [`root`]. Nothing but a trap comes out of there.
fn enter(entrance: &Function, member: Member, arguments: &[&JsValue], settle: &JsValue) -> Result<(), JsValue> {
    let given = Array::new();
    for argument in arguments {
        given.push(argument);
    }
    let number = JsValue::from(member as u32);
    entrance.call5(&JsValue::UNDEFINED, &JsValue::from(0), &number, &JsValue::FALSE, &given, settle).map(|_| ())
}
