//! Values as JSON text.

use super::codec::push_hex;
use super::number::push_number;
use crate::core::value::Value;

pub use super::number::number_to_text;

/// A value as compact JSON, as JavaScript's `JSON.stringify` does.
///
/// What JSON has no word for (`undefined`, something foreign) is left out of objects and is `null` elsewhere, as are NaN and the infinities.
/// Recurses as deep as the value goes; that depth is limited where values come in.
pub fn json_of(value: &Value) -> String {
    let mut text = String::new();
    json_to_text(value, &mut text);
    text
}

/// Adds a value to a text, as [`json_of`] writes it.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::json_to_text;
    use crate::core::value::{ForeignKind, HostRef, Map, Value};

    fn text(value: &Value) -> String {
        let mut text = String::new();
        json_to_text(value, &mut text);
        text
    }

    fn foreign() -> Value {
        Value::Foreign(HostRef::new(ForeignKind::Other, 0))
    }

    #[test]
    fn what_json_has_no_word_for_is_left_out_or_null() {
        for value in [Value::Undefined, foreign(), Value::Number(f64::NAN), Value::Number(f64::NEG_INFINITY)] {
            assert_eq!(text(&value), "null");
            assert_eq!(text(&Value::List(vec![value.clone(), Value::Bool(true)])), "[null,true]");
        }
        let members = [("a", Value::Undefined), ("b", Value::Number(-0.0)), ("c", foreign()), ("d", Value::Null)];
        let map: Map = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        assert_eq!(text(&Value::Map(map)), r#"{"b":0,"d":null}"#);
        let empty: Map = [("a".to_owned(), Value::Undefined)].into_iter().collect();
        assert_eq!(text(&Value::Map(empty)), "{}");
        assert_eq!(text(&Value::List(Vec::new())), "[]");
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i32>().prop_map(|number| Value::Number(f64::from(number))),
            any::<f64>().prop_map(Value::Number),
            any::<String>().prop_map(Value::Text),
            "[\u{0}-\u{7f}]{0,8}".prop_map(Value::Text),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|members| Value::Map(members.into_iter().collect())),
            ]
        })
    }

    /// The same value in the reference implementation.
    fn reference(value: &Value) -> serde_json::Value {
        match value {
            Value::Undefined | Value::Null | Value::Foreign(_) => serde_json::Value::Null,
            Value::Bool(truth) => (*truth).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(reference).collect(),
            Value::Map(map) => map.iter().map(|(key, member)| (key.clone(), reference(member))).collect(),
        }
    }

    proptest! {
        #[test]
        fn a_reader_finds_what_was_written(value in value()) {
            let read: serde_json::Value = serde_json::from_str(&text(&value)).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(as_doubles(read), as_doubles(reference(&value)));
        }

        #[test]
        fn text_is_escaped_as_by_the_reference(content in prop_oneof![any::<String>(), "[\u{0}-\u{7f}]{0,8}"]) {
            prop_assert_eq!(text(&Value::Text(content.clone())), serde_json::Value::String(content).to_string());
        }
    }

    /// serde_json tells `1` from `1.0`; JSON does not.
    fn as_doubles(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Number(number) => {
                number.as_f64().map_or(serde_json::Value::Null, |number| (number + 0.0).into())
            }
            serde_json::Value::Array(items) => items.into_iter().map(as_doubles).collect(),
            serde_json::Value::Object(members) => {
                members.into_iter().map(|(key, member)| (key, as_doubles(member))).collect()
            }
            other => other,
        }
    }
}
