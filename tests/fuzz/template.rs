//! Templates: options come from an app's builder, values from servers and users.

use std::borrow::Cow;

use doorkey::core::template::{Scope, Template};
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;
use proptest::prelude::*;

use super::harness::Target;
use super::platform::PLATFORM;

#[test]
fn template() {
    Target {
        name: "template",
        pieces: r#"
            {{ }} { } ( ) [ ] . ' " \ \u00 ! ? ?? | || && == != = - 0 17 1.5 inputs http1 body session
            refreshToken now now() json( lower( upper( trim( base64( base64url( encodeURIComponent( concat(
            contains( find( cookie( true false null undefined ,
        "#,
        check,
    }
    .run();
}

struct Names(Value);

impl Scope for Names {
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.0.member(name).map(Cow::Borrowed)
    }

    fn now(&self) -> UnixMillis {
        UnixMillis(1_700_000_000_000)
    }

    fn change_case(&self, text: &str, upper: bool) -> String {
        (PLATFORM.change_case)(text, upper)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        (PLATFORM.cookie)(name)
    }
}

thread_local! {
    static SCOPE: Names = Names((PLATFORM.parse_json)(
        r#"{ "inputs": { "email": "Ada@Example.com", "age": 36.6, "gap": " \u00a0x", "none": null },
             "http1": { "status": 200, "body": { "data": [{ "token": "t" }], "a b": [], "0": { } }, "large": -1e300 },
             "session": { "accessToken": "at" } }"#,
    ).expect("the scope is JSON"));
}

/// Parsing and evaluating never panic; an error names a place in the text; a constant is its own text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(error) => return is_placed(&error.message, text),
    };
    template.uses(&mut |_| {});
    prop_assert!(text.starts_with(template.literal_prefix()));
    match (template.constant(), SCOPE.with(|scope| template.eval(scope))) {
        (Some(constant), Ok(value)) => {
            prop_assert_eq!(constant, text);
            prop_assert_eq!(value, Value::from(text));
        }
        (Some(_), Err(error)) => prop_assert!(false, "a constant fails: {}", error.message),
        (None, Ok(_)) => prop_assert!(text.contains("{{")),
        (None, Err(error)) => return is_placed(&error.message, text),
    }
    Ok(())
}

/// Whether the message ends with a line and a column that the text has.
fn is_placed(message: &str, text: &str) -> Result<(), TestCaseError> {
    let place = message.split_once(" at line ").and_then(|(_, rest)| {
        let (line, rest) = rest.split_once(", column ")?;
        let (column, _) = rest.split_once(": ")?;
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    });
    let Some((line, column)) = place else {
        return Err(TestCaseError::fail(format!("no place in: {message}")));
    };
    let found = text.split('\n').nth(line - 1).is_some_and(|line| column <= line.chars().count() + 1);
    prop_assert!(found, "no such place: {}", message);
    Ok(())
}
