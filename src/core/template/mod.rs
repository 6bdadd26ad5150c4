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
//! language: each instruction runs once at most, and the text that is made is limited to 1 MiB for an evaluation.

mod code;
mod eval;
mod fault;
mod functions;
mod parser;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::code::Instruction;
use self::eval::Machine;
use super::error::AuthError;
use super::time::UnixMillis;
use super::value::Value;

/// What a template is evaluated against.
pub trait Scope {
    /// The value of a name that begins a path: `inputs`, `store`, `session`, a step's id, a variable. `None` is an unknown name.
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// The moment that `now()` gives.
    fn now(&self) -> UnixMillis;

    /// The text in lower or, if `upper`, upper case. Without a better one from the platform only ASCII letters change:
    /// the Unicode tables of the standard library are 20 kB, which every user would load, and every JavaScript engine has them.
    fn change_case(&self, text: &str, upper: bool) -> String {
        if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() }
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

/// A parsed template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    source: String,
    code: Vec<Instruction>,
    /// Whether the template is one expression, white space around it or not: its value is not turned into text.
    alone: bool,
}

impl Template {
    /// Parses a text.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with line, column and the piece of text that can't be understood. The caller adds the path of the option.
    pub fn parse(text: &str) -> Result<Self, AuthError> {
        match parser::parse(text) {
            Ok((code, alone)) => Ok(Self { source: text.to_owned(), code, alone }),
            Err(fault) => Err(fault.report(text)),
        }
    }

    /// Evaluates the template.
    ///
    /// # Errors
    /// `ERR_TEMPLATE` with the place of an unknown path, of a value that has no text among text, or where the text gets too long.
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, AuthError> {
        Machine::new(self, scope).run().map_err(|fault| fault.report(&self.source))
    }

    /// The text, if there is no expression in it.
    pub fn constant(&self) -> Option<&str> {
        match self.code.as_slice() {
            [] | [Instruction::Text(_)] => Some(&self.source),
            _ => None,
        }
    }

    /// The literal text before the first expression; all of it when there is none. A URL's origin is read from this.
    pub fn literal_prefix(&self) -> &str {
        literal_prefix(&self.source)
    }

    /// Shows every path of the template to `see`, in the order of the text.
    pub fn uses<'a>(&'a self, see: &mut dyn FnMut(Use<'a>)) {
        for (place, instruction) in self.code.iter().enumerate() {
            let Instruction::Name(root) = instruction else { continue };
            let member = match self.code.get(place + 1) {
                Some(Instruction::Step(key, _)) => Some(key.as_str()),
                _ => None,
            };
            let required = eval::cover(&self.code, place).is_none();
            see(Use { root: root.of(&self.source), member, required });
        }
    }
}

/// The text before the first `{{`; all of it when there is none.
pub fn literal_prefix(text: &str) -> &str {
    text.get(..parser::find_open(text)).unwrap_or(text)
}
