//! Data with templates in its strings, parsed once.

use super::compiled::Template;
use super::scope::Scope;
use crate::core::error::AuthError;
use crate::core::section::Place;
use crate::core::value::{Map, Value};

/// Data with templates in its strings.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// What is no string, no array and no object: there is nothing to evaluate in it.
    Data(Value),
    /// A string. One without an expression, too: it may hold the bare name of a variable.
    Text(Template),
    /// An array.
    List(Vec<Shape>),
    /// An object.
    Map(Vec<(String, Shape)>),
}

impl Default for Shape {
    fn default() -> Self {
        Self::Data(Value::Undefined)
    }
}

impl Shape {
    /// Parses every string in a value. A bad template is reported at its place, and taken for missing.
    pub fn parse(value: &Value, place: &Place<'_>) -> Self {
        match value {
            Value::Text(text) => match Template::parse(text) {
                Ok(template) => Self::Text(template),
                Err(error) => {
                    place.report(error);
                    Self::default()
                }
            },
            Value::List(items) => {
                let mut shapes = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    shapes.push(Self::parse(item, &place.item(index)));
                }
                Self::List(shapes)
            }
            Value::Map(members) => {
                let mut shapes = Vec::new();
                for (key, member) in members {
                    shapes.push((key.clone(), Self::parse(member, &place.member(key))));
                }
                Self::Map(shapes)
            }
            _ => Self::Data(value.clone()),
        }
    }

    /// Gives the value with every template in it evaluated.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, as [`Template::eval`].
    pub fn fill(&self, scope: &dyn Scope) -> Result<Value, AuthError> {
        Ok(match self {
            Self::Data(value) => value.clone(),
            Self::Text(template) => return template.eval(scope),
            Self::List(items) => {
                let mut list = Vec::new();
                for item in items {
                    list.push(item.fill(scope)?);
                }
                Value::List(list)
            }
            Self::Map(members) => {
                let mut map = Map::new();
                for (key, member) in members {
                    map.push(key.clone(), member.fill(scope)?);
                }
                Value::Map(map)
            }
        })
    }

    /// Shows every template in it to `see`, in their order.
    pub fn templates(&self, see: &mut dyn FnMut(&Template)) {
        match self {
            Self::Data(_) => {}
            Self::Text(template) => see(template),
            Self::List(items) => items.iter().for_each(|item| item.templates(see)),
            Self::Map(members) => members.iter().for_each(|(_, member)| member.templates(see)),
        }
    }

    /// Whether there is no value.
    pub const fn is_undefined(&self) -> bool {
        matches!(self, Self::Data(Value::Undefined))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test fails by panicking.

    use std::borrow::Cow;

    use super::*;
    use crate::core::section::Faults;
    use crate::core::testing::json;
    use crate::core::time::UnixMillis;

    /// Knows one name, and replaces it where it is bare.
    struct One;

    impl Scope for One {
        fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
            (name == "one").then_some(Cow::Owned(Value::Number(1.0)))
        }

        fn now(&self) -> UnixMillis {
            UnixMillis(0)
        }

        fn change_case(&self, text: &str, _: bool) -> String {
            text.to_owned()
        }

        fn cookie(&self, _: &str) -> Option<String> {
            None
        }

        fn plain(&self, text: &str) -> String {
            if text == "ONE" { "1".to_owned() } else { text.to_owned() }
        }
    }

    fn parse(value: &Value) -> (Shape, Result<(), AuthError>) {
        let faults = Faults::default();
        let shape = Shape::parse(value, &Place::root("top", &faults));
        (shape, faults.verdict())
    }

    #[test]
    fn templates_are_filled_wherever_they_stand() {
        let value = json(r#"{"a":["{{ one }}",{"b":"x{{ one }}","c":null},[]],"d":"ONE","e":"two","f":{"g":[true]}}"#);

        let (shape, verdict) = parse(&value);

        assert_eq!(verdict, Ok(()));
        let expected = r#"{"a":[1,{"b":"x1","c":null},[]],"d":"1","e":"two","f":{"g":[true]}}"#;
        assert_eq!(shape.fill(&One).unwrap(), json(expected));
        let mut count = 0;
        shape.templates(&mut |_| count += 1);
        assert_eq!(count, 4);
    }

    #[test]
    fn what_has_no_string_stays_as_it_is() {
        for value in [Value::Undefined, Value::Null, json("[1,[]]"), json(r#"{"a":{"b":false}}"#)] {
            let (shape, _) = parse(&value);
            assert_eq!(shape.is_undefined(), value == Value::Undefined);
            assert_eq!(shape.fill(&One).unwrap(), value);
        }
    }

    #[test]
    fn a_bad_template_is_reported_at_its_place() {
        let (_, verdict) = parse(&json(r#"{"a":["x",{"b":"{{"}]}"#));

        assert_eq!(verdict.unwrap_err().path.as_deref(), Some("top.a[1].b"));
    }

    #[test]
    fn an_error_of_one_is_the_error_of_the_whole() {
        assert!(parse(&json(r#"["{{ one }}","{{ two }}"]"#)).0.fill(&One).is_err());
    }
}
