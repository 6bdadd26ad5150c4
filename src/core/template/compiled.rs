//! A template: parsed once, evaluated often.

use super::eval::Evaluator;
use super::expr::Part;
use super::parser::Parser;
use super::scope::{Scope, Use};
use crate::core::error::AuthError;
use crate::core::lite::text::is_space;
use crate::core::value::Value;

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
