//! JavaScript values looked at: see data.js.

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/browser/data.js")]
extern "C" {
    /// A number for what a value is: see `convert::to_value`.
    pub fn kind(value: &JsValue) -> u32;

    /// What is in an array or an object, or what `toJSON` gives; `None` when one of its parts throws.
    pub fn members(value: &JsValue) -> Option<Array>;

    /// A member; `undefined` when there is none or it can't be read.
    pub fn member(value: &JsValue, key: &str) -> JsValue;

    /// An object of keys and values in turn.
    pub fn object(list: &Array) -> JsValue;

    /// Adds a value to an array.
    pub fn push(list: &Array, value: &JsValue);

    /// Adds a text to an array.
    #[wasm_bindgen(js_name = push)]
    pub fn push_text(list: &Array, text: &str);

    /// Adds a number to an array.
    #[wasm_bindgen(js_name = push)]
    pub fn push_number(list: &Array, number: f64);

    /// A text; empty for what is none.
    pub fn text(value: &JsValue) -> String;

    /// The text in upper case, or in lower case when false.
    #[wasm_bindgen(js_name = changeCase)]
    pub fn change_case(text: &str, upper: bool) -> String;

    /// What JSON means; `undefined` where it is none.
    pub fn parse(json: &str) -> JsValue;

    /// The JSON of what JSON neither changes nor loses; for anything else `!` and why.
    pub fn stringify(value: &JsValue) -> String;

    /// The name and the message of an error; `None` for what is none.
    pub fn named(thrown: &JsValue) -> Option<Array>;

    /// The inputs that a value means: of a submit event the form's fields, of another event nothing.
    pub fn inputs(given: &JsValue) -> JsValue;
}
