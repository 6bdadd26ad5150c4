//! The form step: what the user is asked for, and what the server found wrong with it.

use super::complaint::complaint;
use crate::core::error::AuthError;
use crate::core::http::form::to_text;
use crate::core::lite::text::concat;
use crate::core::redact::Secrets;
use crate::core::secret::Sensitive;
use crate::core::section::{Place, Section};
use crate::core::template::Shape;
use crate::core::template::{Scope, Template};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::{CHOICE, FIELD, FORM, FieldType};

/// The fields of a form that names none: their names, which are their types.
const USUAL: [&str; 2] = ["email", "password"];

/// A form, with templates in its strings.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// As it was given.
    shape: Shape,
    /// The fields that hold secrets.
    secret_fields: Vec<String>,
}

impl Form {
    /// Parses a form.
    pub fn parse(form: &Value, place: Place<'_>) -> Self {
        let section = Section::open(form, place, &FORM);
        section.text("title");
        let place = place.member("fields");
        let mut secret_fields = Vec::new();
        match section.get("fields") {
            Value::Undefined => secret_fields.push("password".to_owned()),
            Value::List(fields) if !fields.is_empty() => {
                for (index, field) in fields.iter().enumerate() {
                    let place = place.item(index);
                    check_field(field, place);
                    if fields.iter().take(index).any(|earlier| earlier.member("name") == field.member("name")) {
                        place.member("name").fail("another field has this name");
                    }
                    if is_secret(field) {
                        secret_fields.push(name_of(field).to_owned());
                    }
                }
            }
            _ => place.fail("must be an array of fields"),
        }
        Self { shape: Shape::parse(form, &section.place), secret_fields }
    }

    /// Shows every template to `see`.
    pub fn templates(&self, see: &mut dyn FnMut(&Template)) {
        self.shape.templates(see);
    }

    /// The form as the host's `prompt` gets it: every field whole, and what was wrong with it the last time.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` for an expression in it.
    pub fn to_ask(&self, again: Option<&Again>, scope: &dyn Scope) -> Result<Value, AuthError> {
        let filled = self.shape.fill(scope)?;
        let mut fields = Vec::new();
        match filled.member("fields") {
            Some(Value::List(given)) => fields.extend(given.iter().map(|field| whole(field, again))),
            _ => fields.extend(USUAL.iter().map(|name| whole(&usual(name), again))),
        }
        let mut asked = Map::new();
        asked.set("title", filled.member("title").cloned().unwrap_or_else(|| Value::from("Sign in")));
        asked.set("fields", Value::List(fields));
        if let Some(Again { message, .. }) = again {
            asked.set_text("error", message.as_str());
        }
        Ok(Value::Map(asked))
    }

    /// Adds what was entered into the secret fields.
    pub fn add_secrets(&self, values: Option<&Value>, secrets: &mut Secrets) {
        for name in &self.secret_fields {
            if let Some(value) = values.and_then(|values| values.member(name)) {
                secrets.add(&to_text(value));
            }
        }
    }
}

/// Why a form is asked again, and what was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// What the server said.
    pub message: String,
    /// Its answer, secrets masked.
    pub body: Value,
    /// What was entered.
    pub values: Sensitive<Value>,
}

fn check_field(field: &Value, place: Place<'_>) {
    let section = Section::open(field, place, &FIELD);
    section.check_key("name");
    if section.text("name").is_none() {
        section.fail("name", "must be a text that is not empty");
    }
    section.text("label");
    section.text("help");
    section.flag("required");
    let is_select = section.word("type", FieldType::WORDS, FieldType::ALL) == Some(FieldType::Select);
    let place = place.member("options");
    match section.get("options") {
        Value::Undefined if !is_select => {}
        Value::List(options) if is_select && !options.is_empty() => {
            for (index, option) in options.iter().enumerate() {
                if matches!(option, Value::Text(_)) {
                    continue;
                }
                let option = Section::open(option, place.item(index), &CHOICE);
                if option.text("value").is_none() {
                    option.fail("value", "must be a text that is not empty");
                }
                option.text("label");
            }
        }
        _ => place.fail("a select has an array of options, and no other field has any"),
    }
}

fn usual(name: &str) -> Value {
    let mut field = Map::new();
    for key in ["name", "type"] {
        field.set_text(key, name);
    }
    field.set_flag("required", true);
    Value::Map(field)
}

/// A field with what it was given, what is usual, and what was wrong with it.
fn whole(field: &Value, again: Option<&Again>) -> Value {
    let name = name_of(field);
    let mut map = Map::new();
    map.set_text("name", name);
    let (first, rest) = name.split_at_checked(1).unwrap_or(("", name));
    map.set("label", Value::Text(concat(&[&first.to_ascii_uppercase(), rest])));
    map.set_text("type", "text");
    map.set_flag("required", false);
    map.extend(field.as_map().unwrap_or(&Map::new()));
    if let Some(Again { body, values, .. }) = again {
        if let Some(value) = values.data().member(name).filter(|_| !is_secret(field)) {
            map.set("value", value.clone());
        }
        if let Some(text) = complaint(body, name) {
            map.set("error", Value::Text(text));
        }
    }
    Value::Map(map)
}

fn name_of(field: &Value) -> &str {
    field.member("name").and_then(Value::as_text).unwrap_or_default()
}

fn is_secret(field: &Value) -> bool {
    matches!(field.member("type").and_then(Value::as_text), Some(kind) if kind == FieldType::Password.as_str() || kind == FieldType::OneTimeCode.as_str())
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

        fn cookie(&self, _: &str) -> Option<String> {
            None
        }
    }

    fn form(text: &str) -> Form {
        let faults = Faults::default();
        let form = Form::parse(&json(text), Place::root("form", &faults));
        assert_eq!(faults.verdict(), Ok(()), "{text}");
        form
    }

    #[test]
    fn a_form_that_names_no_fields_asks_for_email_and_password() {
        let asked = form("{}").to_ask(None, &Nothing).unwrap();

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
            Form::parse(&json(form), Place::root("form", &faults));
            let error = faults.verdict().unwrap_err();
            assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some(path)), "{form}");
        }
    }

    #[test]
    fn a_form_that_is_asked_again_says_why_and_keeps_what_is_no_secret() {
        let values = json(r#"{ "email": "a@b.c", "password": "hush-hush" }"#).into();
        let again = Again { message: "no such user".to_owned(), body: json(r#"{ "email": ["Unknown."] }"#), values };

        let asked = form("{}").to_ask(Some(&again), &Nothing).unwrap();

        let expected = r#"{ "title": "Sign in", "fields": [
            { "name": "email", "label": "Email", "type": "email", "required": true, "value": "a@b.c", "error": "Unknown." },
            { "name": "password", "label": "Password", "type": "password", "required": true }
        ], "error": "no such user" }"#;
        assert_eq!(sorted(asked), sorted(json(expected)));
    }

    #[test]
    fn what_is_entered_into_a_secret_field_is_a_secret_whatever_its_name() {
        let form = form(r#"{ "fields": [{ "name": "code", "type": "one-time-code" }, { "name": "team" }] }"#);
        let mut secrets = Secrets::default();
        form.add_secrets(Some(&json(r#"{ "code": 123456, "team": "red-team" }"#)), &mut secrets);
        assert_eq!(secrets.mask_text("123456 of red-team"), "[redacted] of red-team");
    }
}
