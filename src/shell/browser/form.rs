//! Events given as inputs: a submitted form means its fields, anything else that is an event means nothing.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::super::convert::member;

/// The inputs that a value means; a submit event's default is prevented.
pub fn inputs(given: &JsValue) -> JsValue {
    let Ok(prevent) = member(given, "preventDefault").dyn_into::<Function>() else { return given.clone() };
    if member(given, "type").as_string().as_deref() != Some("submit") {
        return JsValue::UNDEFINED;
    }
    let _ = Reflect::apply(&prevent, given, &Array::new());
    fields(&member(given, "currentTarget"))
        .or_else(|| fields(&member(given, "target")))
        .map_or(JsValue::UNDEFINED, JsValue::from)
}

/// The named fields of a form.
fn fields(form: &JsValue) -> Option<Object> {
    let form = form.dyn_ref::<web_sys::HtmlFormElement>()?;
    Object::from_entries(web_sys::FormData::new_with_form(form).ok()?.as_ref()).ok()
}
