//! Templates: text with `{{ expression }}` in it, parsed once and evaluated often.
//!
//! An expression is a path (`http1.body.data[0].token`), a literal, a call of `base64`, `base64url`, `concat`, `contains`, `cookie`,
//! `encodeURIComponent`, `find`, `json`, `lower`, `now`, `trim` or `upper`, or these joined by `??`, `==`, `!=`, `&&`, `||`, `!` and
//! parentheses, with JavaScript's precedence; a path may go on behind a call. It differs from JavaScript in this:
//!
//! - A path that leads nowhere, or to `undefined`, is an error. `??` takes it for missing, wherever in its left side it stands.
//! - `==` never converts (it is JavaScript's `===`), and compares lists and objects by what they hold, in their order.
//! - Members are own members of data: `a.constructor` is there only when the data has it, and a list has no `length`.
//!   An index is a whole number or a quoted key.
//! - One expression alone keeps its type, white space around it or not. Among text it becomes text: numbers as JavaScript
//!   prints them, lists and objects as JSON; `null` and `undefined` have no text and are errors, unless `?? ""` follows.
//!   The functions take text, and turn into text what is none, in the same way; `json` takes anything.
//! - `find(list, key, value)` that finds nothing is a path that leads nowhere, so that `??` may follow.
//! - `base64` and `base64url` encode the text's UTF-8 bytes, where JavaScript's `btoa` would refuse what is not Latin-1.
//!
//! A template without `{{` is a constant. `{{ "{{" }}` writes the braces themselves. There is no loop and no recursion in the
//! language: each piece is evaluated once at most, and the text that is made is limited to 1 MiB for an evaluation.

mod eval;
mod expr;
mod fault;
mod functions;
mod parser;
#[cfg(test)]
mod properties;
mod shape;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::eval::Evaluator;
use self::expr::Part;
use self::parser::Parser;
pub use self::shape::Shape;
use super::error::AuthError;
use super::time::UnixMillis;
use super::value::Value;
use crate::core::lite::text::is_space;

/// What a template is evaluated against.
pub trait Scope {
    /// The value of a name that begins a path: `inputs`, `store`, `session`, a step's id, a variable. `None` is an unknown name.
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// The moment that `now()` gives.
    fn now(&self) -> UnixMillis;

    /// The text in upper case, or in lower case when false, as JavaScript changes it.
    fn change_case(&self, text: &str, upper: bool) -> String;

    /// The decoded value of a cookie of the page; `None` where there is none, or no page.
    fn cookie(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

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

/// A template that was parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
    /// Whether the template is one expression, white space around it or not: its value is not turned into text.
    alone: bool,
}

impl Template {
    /// Parses a text, which need not have an expression in it.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with line, column and the piece of text that can't be understood. The caller adds the path of the option.
    pub fn parse(text: &str) -> Result<Self, AuthError> {
        let mut parser = Parser::new(text);
        let Some(parts) = parser.template() else { return Err(parser.fault.report(text)) };
        let mut holes = 0;
        // A stray blank or line end around one expression must not turn it into text.
        let only_blanks = parts.iter().all(|part| match part {
            Part::Text(at) => at.of(text).chars().all(is_space),
            Part::Hole(..) => {
                holes += 1;
                true
            }
        });
        Ok(Self { source: text.to_owned(), parts, alone: only_blanks && holes == 1 })
    }

    /// Evaluates the template. A text without an expression is what [`Scope::plain`] makes of it.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with the place of an unknown path, of a value that has no text among text, or where the text gets too long.
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, AuthError> {
        if let Some(text) = self.constant() {
            return Ok(Value::Text(scope.plain(text)));
        }
        let mut evaluator = Evaluator::new(scope);
        let value = evaluator.template(&self.source, &self.parts, self.alone);
        value.ok_or_else(|| evaluator.fault.report(&self.source))
    }

    /// The text, if there is no expression in it.
    pub fn constant(&self) -> Option<&str> {
        Some(self.source.as_str()).filter(|text| self.literal_prefix().len() == text.len())
    }

    /// The literal text before the first expression; all of it when there is none. A URL's origin is read from this.
    pub fn literal_prefix(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(at)) => at.of(&self.source),
            _ => "",
        }
    }

    /// Shows every path of the template to `see`, in the order of the text.
    pub fn uses<'a>(&'a self, see: &mut dyn FnMut(Use<'a>)) {
        for part in &self.parts {
            if let Part::Hole(expression, _) = part {
                expression.uses(true, see);
            }
        }
    }
}

/// The text before the first `{{`; all of it when there is none.
///
/// Not `str::find`: its searcher for long needles would be paid for by every user.
pub fn literal_prefix(text: &str) -> &str {
    let open = text.as_bytes().windows(2).position(|pair| pair == b"{{");
    open.and_then(|open| text.get(..open)).unwrap_or(text)
}
