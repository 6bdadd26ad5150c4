//! What the browser lends to core: functions of texts. See lend.js.

use wasm_bindgen::prelude::*;

use super::wire::{Message, read};
use crate::core::platform::Platform;
use crate::core::time::UnixMillis;
use crate::core::value::Value;

#[wasm_bindgen(module = "/src/shell/lend.js")]
extern "C" {
    /// Calls one of the functions; what fails gives `undefined`.
    fn lend(message: &[u8]) -> Vec<u8>;
}

/// What the browser lends to core.
pub const PLATFORM: Platform = Platform { parse_json, parse_date, change_case, normalize, cookie };

fn lent(op: &str, text: &str) -> Value {
    let mut bytes = Vec::new();
    drop(Message::open(&mut bytes).text("op", op).text("text", text));
    read(&lend(&bytes))
}

/// Parses JSON as the browser does.
fn parse_json(text: &str) -> Option<Value> {
    Some(lent("json", text)).filter(|value| !matches!(value, Value::Undefined))
}

/// Parses a date as `Date.parse` does.
fn parse_date(text: &str) -> Option<UnixMillis> {
    match lent("date", text) {
        Value::Number(millis) if millis >= 0.0 => Some(UnixMillis(millis as u64)),
        _ => None,
    }
}

fn change_case(text: &str, upper: bool) -> String {
    in_words(lent(if upper { "upper" } else { "lower" }, text)).unwrap_or_default()
}

fn normalize(text: &str, form: &str) -> String {
    in_words(lent(form, text)).unwrap_or_default()
}

fn cookie(name: &str) -> Option<String> {
    in_words(lent("cookie", name))
}

fn in_words(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
