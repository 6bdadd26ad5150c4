//! The variables that a step defines.

use crate::core::http::form::to_text;
use crate::core::redact::Secrets;
use crate::core::section::{Place, Section};
use crate::core::template::Shape;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::SCOPE;

/// The variables that a step defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Define {
    /// By name.
    pub variables: Shape,
    /// Those of them that are secret.
    pub secret: Vec<String>,
}

impl Define {
    /// Reads the variables, and which of them are secret.
    pub fn read(variables: &Map, at: Place<'_>, section: &Section<'_>) -> Self {
        for (name, value) in variables {
            if !is_name(name) {
                at.member(name).fail("a variable's name is letters, digits and _, and begins with no digit");
            }
            if value.as_text().is_none() {
                at.member(name).fail("must be a text, with or without an expression");
            }
        }
        let secret = match section.get("secret") {
            Value::Undefined | Value::Bool(false) => Vec::new(),
            Value::Bool(true) => variables.keys(),
            _ => section.texts("secret").unwrap_or_default(),
        };
        for (index, name) in secret.iter().enumerate() {
            if variables.get(name).is_none() {
                section.place.member("secret").item(index).fail("the step defines no such variable");
            }
        }
        Self { variables: Shape::parse(&Value::Map(variables.clone()), &at), secret }
    }

    /// Adds those of these variables that it marks as secret.
    pub fn add_secrets(&self, variables: &Map, secrets: &mut Secrets) {
        for value in self.secret.iter().filter_map(|name| variables.get(name)) {
            secrets.add(&to_text(value));
        }
    }
}

fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        && !SCOPE.contains(&name)
}
