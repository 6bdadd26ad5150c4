//! The form step: what the user is asked for, and what the server found wrong with it.

use super::super::error::AuthError;
use super::super::http::{message_of, to_text};
use super::super::redact::Secrets;
use super::super::section::{Place, Section};
use super::super::template::Scope;
use super::super::value::{Map, Value};
use super::shape::fill;
use crate::core::lite::text::concat;

/// The types of a field.
const TYPES: [&str; 8] = ["text", "password", "email", "number", "select", "checkbox", "hidden", "one-time-code"];

/// The fields of a form that names none: their names, which are their types.
const USUAL: [&str; 2] = ["email", "password"];

/// Checks a form, but for the templates in it.
pub fn check(form: &Value, place: Place<'_>) {
    let section = Section::open(form, place, &["title", "fields"]);
    section.text("title");
    let place = place.member("fields");
    match section.get("fields") {
        Value::Undefined => {}
        Value::List(fields) if !fields.is_empty() => {
            for (index, field) in fields.iter().enumerate() {
                let place = place.item(index);
                check_field(field, place);
                if fields.iter().take(index).any(|earlier| earlier.member("name") == field.member("name")) {
                    place.member("name").fail("another field has this name");
                }
            }
        }
        _ => place.fail("must be an array of fields"),
    }
}

fn check_field(field: &Value, place: Place<'_>) {
    let section = Section::open(field, place, &["name", "label", "type", "required", "value", "help", "options"]);
    if section.text("name").is_none() {
        section.fail("name", "must be a text that is not empty");
    }
    section.text("label");
    section.text("help");
    section.flag("required");
    let is_select = section.word("type", &TYPES) == Some(4);
    let place = place.member("options");
    match section.get("options") {
        Value::Undefined if !is_select => {}
        Value::List(options) if is_select && !options.is_empty() => {
            for (index, option) in options.iter().enumerate() {
                if matches!(option, Value::Text(_)) {
                    continue;
                }
                let option = Section::open(option, place.item(index), &["value", "label"]);
                if option.text("value").is_none() {
                    option.fail("value", "must be a text that is not empty");
                }
                option.text("label");
            }
        }
        _ => place.fail("a select has an array of options, and no other field has any"),
    }
}

/// Why a form is asked again, and what was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// What the server said.
    pub error: AuthError,
    /// What was entered.
    pub values: Value,
}

/// The form as the host's `prompt` gets it: every field whole, and what was wrong with it the last time.
///
/// # Errors
/// `ERR_TEMPLATE` for an expression in it.
pub fn to_ask(form: &Value, again: Option<&Again>, scope: &dyn Scope) -> Result<Value, AuthError> {
    let filled = fill(form, scope)?;
    let mut fields = Vec::new();
    match filled.member("fields") {
        Some(Value::List(given)) => fields.extend(given.iter().map(|field| whole(field, again))),
        _ => fields.extend(USUAL.iter().map(|name| whole(&usual(name), again))),
    }
    let mut asked = Map::new();
    asked.set("title", filled.member("title").cloned().unwrap_or_else(|| Value::from("Sign in")));
    asked.set("fields", Value::List(fields));
    if let Some(Again { error, .. }) = again {
        asked.set("error", Value::from(error.message.as_ref()));
    }
    Ok(Value::Map(asked))
}

fn usual(name: &str) -> Value {
    let mut field = Map::new();
    for key in ["name", "type"] {
        field.set(key, Value::from(name));
    }
    field.set("required", Value::Bool(true));
    Value::Map(field)
}

/// A field with what it was given, what is usual, and what was wrong with it.
fn whole(field: &Value, again: Option<&Again>) -> Value {
    let name = name_of(field);
    let mut map = Map::new();
    map.set("name", Value::from(name));
    let (first, rest) = name.split_at_checked(1).unwrap_or(("", name));
    map.set("label", Value::Text(concat(&[&first.to_ascii_uppercase(), rest])));
    map.set("type", Value::from("text"));
    map.set("required", Value::Bool(false));
    map.extend(field.as_map().unwrap_or(&Map::new()));
    if let Some(Again { error, values }) = again {
        if let Some(value) = values.member(name).filter(|_| !is_secret(field)) {
            map.set("value", value.clone());
        }
        if let Some(text) = complaint(&error.body, name) {
            map.set("error", Value::Text(text));
        }
    }
    Value::Map(map)
}

fn name_of(field: &Value) -> &str {
    field.member("name").and_then(Value::as_text).unwrap_or_default()
}

fn is_secret(field: &Value) -> bool {
    matches!(field.member("type").and_then(Value::as_text), Some("password" | "one-time-code"))
}

/// Adds what was entered into the secret fields of a form.
pub fn add_secrets(form: &Value, values: &Value, secrets: &mut Secrets) {
    let usual = Value::List(USUAL.iter().map(|name| usual(name)).collect());
    let Value::List(fields) = form.member("fields").unwrap_or(&usual) else { return };
    for field in fields.iter().filter(|field| is_secret(field)) {
        if let Some(value) = values.member(name_of(field)) {
            secrets.add(&to_text(value));
        }
    }
}

/// What a refusal says about one field, in the shapes of servers: `{ email: ["…"] }` alone or under `errors`, `data` or
/// `detail`, or a list of objects that name the field.
fn complaint(body: &Value, name: &str) -> Option<String> {
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
        said => message_of(said),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // A test that panics has failed, and says where.
mod tests {
    use super::*;
    use crate::core::error::Code;
    use crate::core::section::Faults;
    use crate::core::testing::{PLATFORM, json, sorted};

    struct Nothing;

    impl Scope for Nothing {
        fn lookup(&self, _: &str) -> Option<std::borrow::Cow<'_, Value>> {
            None
        }

        fn now(&self) -> crate::core::time::UnixMillis {
            crate::core::time::UnixMillis(0)
        }

        fn change_case(&self, text: &str, upper: bool) -> String {
            (PLATFORM.change_case)(text, upper)
        }
    }

    #[test]
    fn a_form_that_names_no_fields_asks_for_email_and_password() {
        let asked = to_ask(&json("{}"), None, &Nothing).unwrap();

        let expected = r#"{ "title": "Sign in", "fields": [
            { "name": "email", "label": "Email", "type": "email", "required": true },
            { "name": "password", "label": "Password", "type": "password", "required": true }
        ] }"#;
        assert_eq!(sorted(asked), sorted(json(expected)));
    }

    #[test]
    fn every_bad_form_is_refused_with_its_path() {
        let rows = [
            (r#""x""#, "form"),
            (r#"{ "titel": "x" }"#, "form.titel"),
            (r#"{ "fields": [] }"#, "form.fields"),
            (r#"{ "fields": [{}] }"#, "form.fields[0].name"),
            (r#"{ "fields": [{ "name": "a" }, { "name": "a" }] }"#, "form.fields[1].name"),
            (r#"{ "fields": [{ "name": "a", "type": "date" }] }"#, "form.fields[0].type"),
            (r#"{ "fields": [{ "name": "a", "required": "yes" }] }"#, "form.fields[0].required"),
            (r#"{ "fields": [{ "name": "a", "type": "select" }] }"#, "form.fields[0].options"),
            (r#"{ "fields": [{ "name": "a", "options": ["x"] }] }"#, "form.fields[0].options"),
            (r#"{ "fields": [{ "name": "a", "type": "select", "options": [1] }] }"#, "form.fields[0].options[0]"),
        ];
        for (form, path) in rows {
            let faults = Faults::default();
            check(&json(form), Place::root("form", &faults));
            let error = faults.verdict().unwrap_err();
            assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some(path)), "{form}");
        }
    }

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
            (r#""no""#, None),
        ];
        for (body, text) in rows {
            assert_eq!(complaint(&json(body), "email").as_deref(), text, "{body}");
        }
    }

    #[test]
    fn a_form_that_is_asked_again_says_why_and_keeps_what_is_no_secret() {
        let mut error = AuthError::new(Code::InvalidCredentials, "no such user");
        error.body = json(r#"{ "email": ["Unknown."] }"#);
        let again = Again { error, values: json(r#"{ "email": "a@b.c", "password": "hush-hush" }"#) };

        let asked = to_ask(&json("{}"), Some(&again), &Nothing).unwrap();

        let expected = r#"{ "title": "Sign in", "fields": [
            { "name": "email", "label": "Email", "type": "email", "required": true, "value": "a@b.c", "error": "Unknown." },
            { "name": "password", "label": "Password", "type": "password", "required": true }
        ], "error": "no such user" }"#;
        assert_eq!(sorted(asked), sorted(json(expected)));
    }

    #[test]
    fn what_is_entered_into_a_secret_field_is_a_secret_whatever_its_name() {
        let form = json(r#"{ "fields": [{ "name": "code", "type": "one-time-code" }, { "name": "team" }] }"#);
        let mut secrets = Secrets::default();
        add_secrets(&form, &json(r#"{ "code": 123456, "team": "red-team" }"#), &mut secrets);
        assert_eq!(secrets.mask_text("123456 of red-team"), "[redacted] of red-team");
    }
}
