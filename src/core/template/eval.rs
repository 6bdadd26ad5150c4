//! Evaluates a parsed template.

use std::borrow::Cow;

use super::Scope;
use super::fault::{Fault, Problem, Span};
use super::functions::Function;
use super::parser::{Expr, Op, Part, Step};
use crate::core::json::{json_to_text, number_to_text};
use crate::core::value::Value;

/// The most text that one evaluation makes, in bytes, intermediate results included.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// One evaluation of a template.
pub(super) struct Evaluation<'a> {
    source: &'a str,
    scope: &'a dyn Scope,
    room: usize,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(source: &'a str, scope: &'a dyn Scope) -> Self {
        Self { source, scope, room: MAX_TEXT }
    }

    /// The value of the whole template.
    pub(super) fn template(&mut self, parts: &'a [Part]) -> Result<Value, Fault> {
        if let [Part::Hole(expr, _)] = parts {
            return Ok(self.value(expr)?.into_owned());
        }
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(span) => text.push_str(span.of(self.source)),
                Part::Hole(expr, at) => {
                    let value = self.value(expr)?;
                    text.push_str(&self.text_of(&value, *at)?);
                }
            }
        }
        Ok(Value::Text(text))
    }

    fn value(&mut self, expr: &'a Expr) -> Result<Cow<'a, Value>, Fault> {
        match expr {
            Expr::Literal(value) => Ok(Cow::Borrowed(value)),
            Expr::Name(at) => match self.scope.lookup(at.of(self.source)) {
                Some(value) if !matches!(*value, Value::Undefined) => Ok(value),
                _ => Err(Fault { problem: Problem::UnknownPath, at: *at }),
            },
            Expr::Path { base, start, steps } => walk(self.value(base)?, *start, steps),
            Expr::Group(inner) => self.value(inner),
            Expr::Not(inner) => Ok(Cow::Owned(Value::Bool(!self.value(inner)?.is_truthy()))),
            Expr::Chain { first, rest } => self.chain(first, rest),
            Expr::Call(function, argument, at) => self.call(*function, argument, *at),
            Expr::Now => Ok(Cow::Owned(Value::Number(self.scope.now().0 as f64))),
        }
    }

    fn chain(&mut self, first: &'a Expr, rest: &'a [(Op, Expr)]) -> Result<Cow<'a, Value>, Fault> {
        let mut result = self.value(first);
        for (op, operand) in rest {
            if *op == Op::Coalesce && matches!(result, Err(Fault { problem: Problem::UnknownPath, .. })) {
                result = Ok(Cow::Borrowed(&Value::Undefined));
            }
            let left = result?;
            let decided = match op {
                Op::Coalesce => !left.is_nullish(),
                Op::Or => left.is_truthy(),
                Op::And => !left.is_truthy(),
                Op::Equal | Op::NotEqual => false,
            };
            if decided {
                // The operators of a chain are alike in this: one that is decided decides for all that follow.
                return Ok(left);
            }
            result = self.value(operand);
            if matches!(op, Op::Equal | Op::NotEqual) {
                result = Ok(Cow::Owned(Value::Bool((left == result?) == (*op == Op::Equal))));
            }
        }
        result
    }

    fn call(&mut self, function: Function, argument: &'a Expr, at: Span) -> Result<Cow<'a, Value>, Fault> {
        let value = self.value(argument)?;
        let text = match (function, &*value) {
            (Function::Json, Value::Undefined | Value::Foreign(_)) => {
                return Err(Fault { problem: Problem::NoText, at });
            }
            (Function::Json, value) => {
                let mut text = String::new();
                json_to_text(value, &mut text);
                text
            }
            (_, value) => self.text_of(value, at)?.into_owned(),
        };
        let text = function.apply(text);
        self.spend(text.len(), at)?;
        Ok(Cow::Owned(Value::Text(text)))
    }

    /// What a value is among text.
    fn text_of<'v>(&mut self, value: &'v Value, at: Span) -> Result<Cow<'v, str>, Fault> {
        let text = match value {
            Value::Undefined | Value::Null => return Err(Fault { problem: Problem::Nothing, at }),
            Value::Foreign(_) => return Err(Fault { problem: Problem::NoText, at }),
            Value::Text(text) => Cow::Borrowed(text.as_str()),
            // JSON has no text for the infinities and NaN, JavaScript has.
            Value::Number(number) => Cow::Owned(number_to_text(*number)),
            Value::Bool(_) | Value::List(_) | Value::Map(_) => {
                let mut text = String::new();
                json_to_text(value, &mut text);
                Cow::Owned(text)
            }
        };
        self.spend(text.len(), at)?;
        Ok(text)
    }

    fn spend(&mut self, bytes: usize, at: Span) -> Result<(), Fault> {
        match self.room.checked_sub(bytes) {
            Some(room) => {
                self.room = room;
                Ok(())
            }
            None => Err(Fault { problem: Problem::Long, at }),
        }
    }
}

/// Follows the steps of a path.
fn walk<'a>(mut value: Cow<'a, Value>, start: usize, steps: &[Step]) -> Result<Cow<'a, Value>, Fault> {
    for step in steps {
        let found = match value {
            Cow::Borrowed(value) => member(value, &step.key).map(Cow::Borrowed),
            Cow::Owned(value) => member(&value, &step.key).map(|found| Cow::Owned(found.clone())),
        };
        match found {
            Some(found) => value = found,
            None => return Err(Fault { problem: Problem::UnknownPath, at: Span { start, end: step.end } }),
        }
    }
    Ok(value)
}

/// The member or item of that key. One that is `undefined` is none.
fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Map(map) => map.get(key),
        Value::List(items) => items.get(index(key)?),
        _ => None,
    }
    .filter(|value| !matches!(value, Value::Undefined))
}

/// The key as an index: digits, without a needless zero in front, as JavaScript prints it.
fn index(key: &str) -> Option<usize> {
    const MOST_DIGITS: usize = 9;
    if key.is_empty() || key.len() > MOST_DIGITS || (key.len() > 1 && key.starts_with('0')) {
        return None;
    }
    key.chars().try_fold(0, |index, c| Some(index * 10 + c.to_digit(10)? as usize))
}
