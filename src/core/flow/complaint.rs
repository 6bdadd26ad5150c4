//! What a server found wrong with one field of a form.

use crate::core::http::messages::message_of;
use crate::core::redact::MASK;
use crate::core::value::Value;

/// What a refusal says about one field, in the shapes of servers: `{ email: ["…"] }` alone or under `errors`, `data` or
/// `detail`, or a list of objects that name the field.
pub fn complaint(body: &Value, name: &str) -> Option<String> {
    // What is masked tells a person nothing.
    found(body, name).filter(|text| text != MASK)
}

fn found(body: &Value, name: &str) -> Option<String> {
    // Beside an error text, what stands under a field's name is an echo of it, unless it is a list.
    if let Some(said @ Value::List(_)) = named(body, name) {
        return words(said);
    }
    ["errors", "data", "detail", "error"].iter().find_map(|key| match body.member(key)? {
        Value::List(items) => items.iter().find(|item| names(item, name)).and_then(words),
        inside => words(named(inside, name)?),
    })
}

/// The member of that name, in any case.
fn named<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_map()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, member)| member)
}

/// Whether one of a list of errors is about that field.
fn names(item: &Value, name: &str) -> bool {
    let of = |item: &Value| {
        ["loc", "path", "field", "param", "property"].iter().any(|key| {
            let place = match item.member(key) {
                Some(Value::List(path)) => path.last(),
                place => place,
            };
            place.and_then(Value::as_text).is_some_and(|text| text.eq_ignore_ascii_case(name))
        })
    };
    of(item) || item.member("extensions").is_some_and(of)
}

fn words(said: &Value) -> Option<String> {
    match said {
        Value::List(items) => words(items.first()?),
        said => message_of(said, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::json;

    #[test]
    fn what_servers_say_about_a_field_is_found() {
        let rows = [
            (r#"{ "email": ["Enter a valid email."] }"#, Some("Enter a valid email.")),
            (r#"{ "message": "no", "errors": { "email": ["Taken."] } }"#, Some("Taken.")),
            (r#"{ "errors": { "Email": ["Taken."] } }"#, Some("Taken.")),
            (r#"{ "detail": [{ "loc": ["body", "email"], "msg": "not an email" }] }"#, Some("not an email")),
            (r#"{ "data": { "email": { "code": "x", "message": "Missing." } } }"#, Some("Missing.")),
            (r#"{ "errors": [{ "path": "email", "msg": "bad" }] }"#, Some("bad")),
            (r#"{ "errors": [{ "message": "bad", "extensions": { "field": "email" } }] }"#, Some("bad")),
            (r#"{ "error": "no", "email": "a@b.c" }"#, None),
            (r#"{ "errors": [{ "message": "Invalid user credentials." }] }"#, None),
            (r#"{ "email": "no", "errors": { "email": "[redacted]" } }"#, None),
            (r#""no""#, None),
        ];
        for (body, text) in rows {
            assert_eq!(complaint(&json(body), "email").as_deref(), text, "{body}");
        }
    }
}
