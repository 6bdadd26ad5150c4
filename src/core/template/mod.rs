//! Templates: text with `{{ expression }}` in it, compiled once and evaluated often.
//!
//! An expression is a path (`http1.body.data[0].token`), a literal, a call of `base64`, `base64url`, `encodeURIComponent`, `json`,
//! `lower`, `upper`, `trim` or `now`, or these joined by `??`, `==`, `!=`, `&&`, `||`, `!` and parentheses, with JavaScript's
//! precedence. It differs from JavaScript in this:
//!
//! - A path that leads nowhere, or to `undefined`, is an error. `??` takes it for missing, wherever in its left side it stands.
//! - `==` never converts (it is JavaScript's `===`), and compares lists and objects by what they hold, in their order.
//! - Members are own members of data: `a.constructor` is there only when the data has it, and a list has no `length`.
//!   An index is a whole number or a quoted key.
//! - One expression alone keeps its type, white space around it or not. Among text it becomes text: numbers as JavaScript
//!   prints them, lists and objects as JSON; `null` and `undefined` have no text and are errors, unless `?? ""` follows.
//!   The functions take text, and turn into text what is none, in the same way; `json` takes anything.
//! - `base64` and `base64url` encode the text's UTF-8 bytes, where JavaScript's `btoa` would refuse what is not Latin-1.
//!
//! A template without `{{` is a constant. `{{ "{{" }}` writes the braces themselves. There is no loop and no recursion in the
//! language: each piece is evaluated once at most, and the text that is made is limited to 1 MiB for an evaluation.

mod fault;
mod functions;
#[cfg(test)]
mod properties;
mod reader;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::reader::{Named, Reader};
use super::error::AuthError;
use super::time::UnixMillis;
use super::value::Value;

/// What a template is evaluated against.
pub trait Scope {
    /// The value of a name that begins a path: `inputs`, `store`, `session`, a step's id, a variable. `None` is an unknown name.
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// The moment that `now()` gives.
    fn now(&self) -> UnixMillis;

    /// The text in upper case, or in lower case when false, as JavaScript changes it.
    fn change_case(&self, text: &str, upper: bool) -> String;

    /// What a text without an expression stands for: itself.
    fn plain(&self, text: &str) -> String {
        text.to_owned()
    }
}

/// One use of a name in a template: what begins a path, and the step after it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Use<'a> {
    /// The name that begins the path: `session` in `session.refreshToken`.
    pub root: &'a str,
    /// The first step: `refreshToken` in `session.refreshToken`.
    pub member: Option<&'a str>,
    /// Whether evaluation may fail when the path leads nowhere: no `??` follows.
    pub required: bool,
}

/// A template that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    source: String,
    names: Vec<Named>,
    /// Whether the template is one expression, white space around it or not: its value is not turned into text.
    alone: bool,
}

impl Template {
    /// Checks a text.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with line, column and the piece of text that can't be understood. The caller adds the path of the option.
    pub fn parse(text: &str) -> Result<Self, AuthError> {
        let mut reader = Reader::new(text, None);
        match reader.check() {
            Some(alone) => Ok(Self { source: text.to_owned(), names: reader.names, alone }),
            None => Err(reader.fault.report(text)),
        }
    }

    /// Evaluates the template.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with the place of an unknown path, of a value that has no text among text, or where the text gets too long.
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, AuthError> {
        let mut reader = Reader::new(&self.source, Some(scope));
        reader.eval(self.alone).ok_or_else(|| reader.fault.report(&self.source))
    }

    /// The text, if there is no expression in it.
    pub fn constant(&self) -> Option<&str> {
        Some(self.source.as_str()).filter(|text| self.literal_prefix().len() == text.len())
    }

    /// The literal text before the first expression; all of it when there is none. A URL's origin is read from this.
    pub fn literal_prefix(&self) -> &str {
        literal_prefix(&self.source)
    }

    /// Shows every path of the template to `see`, in the order of the text.
    pub fn uses<'a>(&'a self, see: &mut dyn FnMut(Use<'a>)) {
        for name in &self.names {
            let (root, member) = (name.root.of(&self.source), name.member.as_deref());
            see(Use { root, member, required: name.required });
        }
    }
}

/// Evaluates a text, which need not have an expression in it.
///
/// # Errors
/// `ERR_TEMPLATE`, as [`Template::parse`] and [`Template::eval`].
pub fn eval(text: &str, scope: &dyn Scope) -> Result<Value, AuthError> {
    if literal_prefix(text).len() == text.len() {
        return Ok(Value::Text(scope.plain(text)));
    }
    let mut reader = Reader::new(text, None);
    let value = reader.check().and_then(|alone| {
        reader = Reader::new(text, Some(scope));
        reader.eval(alone)
    });
    value.ok_or_else(|| reader.fault.report(text))
}

/// The text before the first `{{`; all of it when there is none.
pub fn literal_prefix(text: &str) -> &str {
    text.get(..reader::find_open(text)).unwrap_or(text)
}
