//! Evaluates what was parsed.

use std::borrow::Cow;

use super::Scope;
use super::expr::{Expr, Operator, Part, Path, Root, Step};
use super::fault::{Fault, Problem, Span};
use super::functions::{Function, json_of, text_of};
use crate::core::lite::text::holds_word;
use crate::core::value::Value;

/// The most text that one evaluation makes, in bytes, intermediate results included.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// A value of the scope or of the template, or one that was made.
type Found<'a> = Cow<'a, Value>;

/// Evaluates from left to right. `None` means that `fault` says what is wrong.
pub(super) struct Evaluator<'a> {
    scope: &'a dyn Scope,
    /// How much more text may be made.
    room: usize,
    pub(super) fault: Fault,
}

impl<'a> Evaluator<'a> {
    pub(super) const fn new(scope: &'a dyn Scope) -> Self {
        let fault = Fault { problem: Problem::Nothing, at: Span { start: 0, end: 0 } };
        Self { scope, room: MAX_TEXT, fault }
    }

    /// The value of a template that is one expression `alone`, or the text that it gives.
    pub(super) fn template(&mut self, source: &str, parts: &'a [Part], alone: bool) -> Option<Value> {
        let mut output = String::new();
        for part in parts {
            match part {
                Part::Text(at) => output.push_str(at.of(source)),
                Part::Hole(expression, at) => {
                    let value = self.eval(expression)?;
                    if alone {
                        return Some(value.into_owned());
                    }
                    output.push_str(&self.spend(text_of(&value), *at)?);
                }
            }
        }
        Some(Value::Text(output))
    }

    fn eval(&mut self, expression: &'a Expr) -> Option<Found<'a>> {
        Some(match expression {
            Expr::Literal(value) => Cow::Borrowed(value),
            Expr::Path(path) => return self.path(path),
            Expr::Call(function, arguments, at) => return self.call(*function, arguments, *at),
            Expr::Truth(inner, wanted) => made(Value::Bool(self.eval(inner)?.is_truthy() == *wanted)),
            Expr::Chain(first, others) => return self.chain(first, others),
        })
    }

    fn chain(&mut self, first: &'a Expr, others: &'a [(Operator, Expr)]) -> Option<Found<'a>> {
        let mut left = self.eval(first);
        for (operator, right) in others {
            let is_lost = left.is_none() && self.fault.problem == Problem::UnknownPath;
            if is_lost && *operator == Operator::Coalesce {
                left = self.eval(right);
                continue;
            }
            let value = left?;
            let is_decided = match operator {
                Operator::Coalesce => !value.is_nullish(),
                Operator::Or => value.is_truthy(),
                Operator::And => !value.is_truthy(),
                Operator::Equal | Operator::NotEqual => {
                    let is_equal = *value == *self.eval(right)?;
                    left = Some(made(Value::Bool(is_equal == (*operator == Operator::Equal))));
                    continue;
                }
            };
            left = if is_decided { Some(value) } else { self.eval(right) };
        }
        left
    }

    /// Where the steps lead to nothing or to `undefined`, the path is unknown.
    fn path(&mut self, path: &'a Path) -> Option<Found<'a>> {
        let mut at = path.at;
        let root = match &path.root {
            Root::Name(name) => self.scope.lookup(name),
            Root::Inner(inner) => Some(self.eval(inner)?),
        };
        let found = root.and_then(|root| part(root, &mut |root| walk(root, &path.steps, &mut at)));
        found.filter(|value| !matches!(**value, Value::Undefined)).or_else(|| self.fail(Problem::UnknownPath, at))
    }

    fn call(&mut self, function: Function, arguments: &'a [Expr], at: Span) -> Option<Found<'a>> {
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.eval(argument)?);
        }
        let mut values = values.into_iter();
        // The parser has seen to it that there are as many as the function takes.
        let first = values.next().unwrap_or_default();
        Some(made(match function {
            Function::Now => Value::Number(self.scope.now().0 as f64),
            Function::Concat => {
                let mut text = self.spend(text_of(&first), at)?;
                for value in values {
                    text.push_str(&self.spend(text_of(&value), at)?);
                }
                Value::Text(text)
            }
            Function::Contains => {
                let part = values.next()?;
                Value::Bool(match &*first {
                    Value::List(items) => items.contains(&part),
                    text => holds_word(&self.plain(text, at)?, &self.plain(&part, at)?),
                })
            }
            Function::Find => {
                let key = values.next()?;
                let (key, value) = (self.plain(&key, at)?, values.next()?);
                let found = part(first, &mut |list| with_member(list, &key, &value));
                return found.or_else(|| self.fail(Problem::UnknownPath, at));
            }
            Function::Cookie => self.scope.cookie(&self.plain(&first, at)?).map_or(Value::Null, Value::Text),
            Function::Json => Value::Text(self.spend(json_of(&first), at)?),
            _ => {
                let text = function.apply(self.plain(&first, at)?, self.scope);
                Value::Text(self.spend(Ok(text), at)?)
            }
        }))
    }

    /// What a value is among text, not yet counted.
    fn plain(&mut self, value: &Value, at: Span) -> Option<String> {
        text_of(value).map_or_else(|problem| self.fail(problem, at), Some)
    }

    /// Counts text that was made against what may be made.
    fn spend(&mut self, text: Result<String, Problem>, at: Span) -> Option<String> {
        let problem = match text {
            Ok(text) if text.len() <= self.room => {
                self.room -= text.len();
                return Some(text);
            }
            Ok(_) => Problem::TooLong,
            Err(problem) => problem,
        };
        self.fail(problem, at)
    }

    const fn fail<T>(&mut self, problem: Problem, at: Span) -> Option<T> {
        self.fault = Fault { problem, at };
        None
    }
}

const fn made<'a>(value: Value) -> Found<'a> {
    Cow::Owned(value)
}

/// The part of a value that `pick` picks: of one that was made for us, only that is copied.
fn part<'a>(whole: Found<'a>, pick: &mut dyn FnMut(&Value) -> Option<&Value>) -> Option<Found<'a>> {
    match whole {
        Cow::Borrowed(value) => pick(value).map(Cow::Borrowed),
        Cow::Owned(value) => pick(&value).cloned().map(Cow::Owned),
    }
}

/// Where the steps lead to; `at` grows by those that were taken, or tried.
fn walk<'v>(mut value: &'v Value, steps: &[Step], at: &mut Span) -> Option<&'v Value> {
    for step in steps {
        at.end = step.end;
        value = match value {
            Value::Map(map) => map.get(&step.key),
            Value::List(items) => index(&step.key).and_then(|index| items.get(index)),
            _ => None,
        }?;
    }
    Some(value)
}

/// The first item whose member is that value.
fn with_member<'v>(list: &'v Value, key: &str, value: &Value) -> Option<&'v Value> {
    let Value::List(items) = list else { return None };
    items.iter().find(|item| item.member(key) == Some(value))
}

/// The key as an index: digits, without a needless zero in front, as JavaScript prints it.
fn index(key: &str) -> Option<usize> {
    const MOST_DIGITS: usize = 9;
    let mut index = 0;
    for byte in key.bytes() {
        index = index * 10 + usize::from(byte.wrapping_sub(b'0'));
        if !byte.is_ascii_digit() || key.len() > MOST_DIGITS {
            return None;
        }
    }
    let canonical = !key.is_empty() && (!key.starts_with('0') || key.len() == 1);
    canonical.then_some(index)
}
