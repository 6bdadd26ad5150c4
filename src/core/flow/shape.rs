//! Data with templates in its strings.

use super::super::error::AuthError;
use super::super::template::{Scope, Template};
use super::super::value::{Map, Value};

/// A value whose strings were parsed as templates.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Stands for itself.
    Constant(Value),
    /// A string with an expression in it.
    Template(Template),
    /// An array.
    List(Vec<Shape>),
    /// An object.
    Map(Vec<(String, Shape)>),
}

impl Shape {
    /// Parses every string in `value`.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with the path of the string that is no template.
    pub fn parse(value: &Value, path: &str) -> Result<Self, AuthError> {
        Ok(match value {
            Value::Text(text) => {
                let template = Template::parse(text).map_err(|error| error.at(path))?;
                if template.constant().is_some() { Self::Constant(value.clone()) } else { Self::Template(template) }
            }
            Value::List(items) => {
                let mut list = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    list.push(Self::parse(item, &indexed(path, index))?);
                }
                Self::List(list)
            }
            Value::Map(members) => {
                let mut map = Vec::new();
                for (key, member) in members.iter() {
                    map.push((key.clone(), Self::parse(member, &dotted(path, key))?));
                }
                Self::Map(map)
            }
            other => Self::Constant(other.clone()),
        })
    }

    /// Gives the value with every template evaluated.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, as [`Template::eval`].
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, AuthError> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Template(template) => template.eval(scope)?,
            Self::List(items) => Value::List(items.iter().map(|item| item.eval(scope)).collect::<Result<_, _>>()?),
            Self::Map(members) => {
                let mut map = Map::new();
                for (key, member) in members {
                    map.set(key.as_str(), member.eval(scope)?);
                }
                Value::Map(map)
            }
        })
    }

    /// Calls `visit` with every template in it.
    pub fn each_template(&self, visit: &mut dyn FnMut(&Template)) {
        match self {
            Self::Constant(_) => {}
            Self::Template(template) => visit(template),
            Self::List(items) => items.iter().for_each(|item| item.each_template(visit)),
            Self::Map(members) => members.iter().for_each(|(_, member)| member.each_template(visit)),
        }
    }
}

/// `path[index]`.
pub fn indexed(path: &str, index: usize) -> String {
    [path, "[", &super::super::json::number_to_text(index as f64), "]"].concat()
}

/// `path.key`, or `key` at the top.
pub fn dotted(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { [path, ".", key].concat() }
}
