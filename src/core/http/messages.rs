//! What a person should read of a server's refusal.

use super::form::to_text;
use crate::core::lite::text::{start, trim};
use crate::core::value::{Map, Value};

/// What a person should read of a server's refusal; `None` when it says nothing.
pub fn message_of(body: &Value) -> Option<String> {
    let found = match body {
        Value::Undefined | Value::Null | Value::Foreign(_) => return None,
        Value::Map(members) => readable(members),
        _ => None,
    };
    let text = found.unwrap_or_else(|| to_text(body));
    let text = trim(&text);
    (!text.is_empty()).then(|| start(text, 500).to_owned())
}

/// The error text among the members of an answer.
fn readable(members: &Map) -> Option<String> {
    const NAMES: [&str; 5] = ["error_description", "message", "msg", "detail", "error"];
    let direct = NAMES.iter().find_map(|name| match members.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Map(inner)) => readable(inner),
        _ => None,
    });
    direct.or_else(|| match members.get("errors") {
        Some(Value::List(list)) => list.first()?.member("message")?.as_text().map(str::to_owned),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_aloud() {
        let text = |text: &str| Value::Text(text.to_owned());
        let map = |key: &str, value: Value| Value::Map([(key.to_owned(), value)].into_iter().collect());
        let rows = [
            (map("error_description", text("no")), "no"),
            (map("error", map("message", text("INVALID_PASSWORD"))), "INVALID_PASSWORD"),
            (map("errors", Value::List(vec![map("message", text("bad"))])), "bad"),
            (map("email", Value::List(vec![text("required")])), r#"{"email":["required"]}"#),
            (text("Incorrect password"), "Incorrect password"),
        ];
        for (body, message) in rows {
            assert_eq!(message_of(&body).as_deref(), Some(message));
        }
        assert_eq!(message_of(&Value::Null), None);
    }
}
