//! Values as JSON text.

use super::codec::push_hex;
use super::number::push_number;
use super::value::Value;

pub use super::number::number_to_text;

/// Writes a value as compact JSON, as JavaScript's `JSON.stringify` does.
///
/// What JSON has no word for (`undefined`, something foreign) is left out of objects and is `null` elsewhere, as are NaN and the infinities.
/// Recurses as deep as the value goes; that depth is limited where values come in.
pub fn json_to_text(value: &Value, text: &mut String) {
    match value {
        Value::Undefined | Value::Null | Value::Foreign(_) => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) if number.is_finite() => push_number(*number, text),
        Value::Number(_) => text.push_str("null"),
        Value::Text(content) => push_quoted(content, text),
        Value::List(items) => {
            let mut separator = '[';
            for item in items {
                text.push(separator);
                json_to_text(item, text);
                separator = ',';
            }
            text.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Map(members) => {
            let mut separator = '{';
            for (key, member) in members.iter() {
                if matches!(member, Value::Undefined | Value::Foreign(_)) {
                    continue;
                }
                text.push(separator);
                push_quoted(key, text);
                text.push(':');
                json_to_text(member, text);
                separator = ',';
            }
            text.push_str(if separator == '{' { "{}" } else { "}" });
        }
    }
}

fn push_quoted(content: &str, text: &mut String) {
    text.push('"');
    for c in content.chars() {
        let escape = match c {
            '"' | '\\' => c,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\0'..='\u{1f}' => {
                text.push_str("\\u00");
                push_hex(c as u8, b"0123456789abcdef", text);
                continue;
            }
            c => {
                text.push(c);
                continue;
            }
        };
        text.push('\\');
        text.push(escape);
    }
    text.push('"');
}
