//! Values as text, and as `application/x-www-form-urlencoded`.

use crate::core::lite::codec::percent_encode;
use crate::core::lite::json::{json_of, number_to_text};
use crate::core::lite::text::{concat, holds, split};
use crate::core::value::{Map, Value};

/// Encodes members as `application/x-www-form-urlencoded` (RFC 6749 appendix B), a space as `%20`; `undefined` members are left out.
pub fn encode_form(members: &Map) -> String {
    let mut form = String::new();
    for (key, value) in members.iter() {
        if matches!(value, Value::Undefined) {
            continue;
        }
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(&percent_encode(key));
        form.push('=');
        form.push_str(&percent_encode(&to_text(value)));
    }
    form
}

/// The URL with more query members, before its fragment.
pub fn with_query(url: &str, members: &Map) -> String {
    let query = encode_form(members);
    if query.is_empty() {
        return url.to_owned();
    }
    let (before, fragment) = split(url, |byte| byte == b'#');
    let separator = if holds(before, |byte| byte == b'?') { "&" } else { "?" };
    concat(&[before, separator, &query, fragment])
}

/// What a value is among text: JSON for what is not text itself.
pub fn to_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number_to_text(*number),
        other => json_of(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_members_go_before_the_fragment() {
        let members = [("a b".to_owned(), Value::from("c&d")), ("gone".to_owned(), Value::Undefined)];
        let members = members.into_iter().collect();
        assert_eq!(with_query("https://a.example/x#top", &members), "https://a.example/x?a%20b=c%26d#top");
        assert_eq!(with_query("https://a.example/x?y=1", &members), "https://a.example/x?y=1&a%20b=c%26d");
    }
}
