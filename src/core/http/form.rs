//! Values as text, and as `application/x-www-form-urlencoded`.

use crate::core::lite::codec::{percent_decode, percent_encode};
use crate::core::lite::json::{json_of, number_to_text};
use crate::core::lite::text::{concat, cut, holds, split, trim};
use crate::core::value::{Map, Value};

/// Encodes members as `application/x-www-form-urlencoded` (the URL standard, section 5); what is `undefined` or `null` is left
/// out, and a list gives its key again and again.
pub fn encode_form(members: &Map) -> String {
    let mut form = String::new();
    for (key, value) in members.iter() {
        match value {
            Value::List(items) => items.iter().for_each(|item| push_pair(&mut form, key, item)),
            value => push_pair(&mut form, key, value),
        }
    }
    form
}

fn push_pair(form: &mut String, key: &str, value: &Value) {
    if value.is_nullish() {
        return;
    }
    if !form.is_empty() {
        form.push('&');
    }
    form.push_str(&percent_encode(key));
    form.push('=');
    form.push_str(&percent_encode(&to_text(value)));
}

/// Decodes a text that is `application/x-www-form-urlencoded`, as some token endpoints answer; `None` for what is none.
pub fn decode_form(text: &str) -> Option<Map> {
    let mut members = Map::new();
    let mut rest = trim(text);
    while !rest.is_empty() {
        let (pair, more) = split(rest, |byte| byte == b'&');
        let (key, value) = cut(pair, "=")?;
        members.set(percent_decode(key)?, Value::Text(percent_decode(value)?));
        rest = more.strip_prefix('&').unwrap_or(more);
    }
    (!members.is_empty()).then_some(members)
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

/// The URL with those query members that it does not have itself: what it has is its writer's.
pub fn with_missing_query(url: &str, mut members: Map) -> String {
    let (before, _) = split(url, |byte| byte == b'#');
    let (_, query) = split(before, |byte| byte == b'?');
    leave_out(&mut members, query.get(1..).unwrap_or_default());
    with_query(url, &members)
}

/// Takes out of `members` those that a query or a form has, whatever its value there, and however the name is written.
#[inline(never)]
pub fn leave_out(members: &mut Map, form: &str) {
    pairs(form, &mut |pair| {
        members.remove(&decoded(split(pair, |byte| byte == b'=').0));
    });
}

/// Shows every pair of a query or a form to `see`, as it is written.
#[inline(never)]
pub fn pairs<'a>(mut text: &'a str, see: &mut dyn FnMut(&'a str)) {
    while !text.is_empty() {
        let (pair, more) = split(text, |byte| byte == b'&');
        if !pair.is_empty() {
            see(pair);
        }
        text = more.get(1..).unwrap_or_default();
    }
}

/// The text that a name or a value stands for; what is not well encoded stands for itself.
#[inline(never)]
pub fn decoded(text: &str) -> String {
    percent_decode(text).unwrap_or_else(|| text.to_owned())
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

    #[test]
    fn a_member_that_the_url_has_stays_the_only_one_of_its_name() {
        let rows = [
            ("https://a.example/x", "https://a.example/x?k=ours&a%20b=2"),
            ("https://a.example/x?k=own", "https://a.example/x?k=own&a%20b=2"),
            ("https://a.example/x?k", "https://a.example/x?k&a%20b=2"),
            ("https://a.example/x?%6b=own&k=twice", "https://a.example/x?%6b=own&k=twice&a%20b=2"),
            ("https://a.example/x?flag&%zz&a+b=&k=#k", "https://a.example/x?flag&%zz&a+b=&k=#k"),
            ("https://a.example/k=1?kk=1#?k=1", "https://a.example/k=1?kk=1&k=ours&a%20b=2#?k=1"),
        ];
        for (url, expected) in rows {
            let members = [("k".to_owned(), Value::from("ours")), ("a b".to_owned(), Value::Number(2.0))];
            assert_eq!(with_missing_query(url, members.into_iter().collect()), expected, "{url}");
        }
    }

    #[test]
    fn nothing_is_left_out_of_a_form_and_a_list_stands_again_and_again() {
        let members = Map::from_iter([
            ("none".to_owned(), Value::Null),
            ("role".to_owned(), Value::List(vec![Value::from("a"), Value::Null, Value::Number(2.0)])),
            ("deep".to_owned(), Value::List(vec![Value::List(vec![])])),
        ]);
        assert_eq!(encode_form(&members), "role=a&role=2&deep=%5B%5D");
    }

    #[test]
    fn a_form_is_read_as_it_was_written() {
        let read = decode_form("access_token=a%2Bb&scope=one+two&empty=").unwrap_or_default();
        assert_eq!(read.get("access_token"), Some(&Value::from("a+b")));
        assert_eq!(read.get("scope"), Some(&Value::from("one two")));
        assert_eq!(read.get("empty"), Some(&Value::from("")));
        for none in ["", "ok", "<p>a=b</p", "a=%zz", "a=%ff"] {
            assert_eq!(decode_form(none).filter(|_| none != "<p>a=b</p"), None, "{none}");
        }
    }
}
