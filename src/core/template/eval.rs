//! Evaluates what was parsed.

use super::expr::{Expr, Operator, Part, Path, Root, Step};
use super::fault::{Fault, Problem, Span};
use super::functions::{Function, json_of, text_of};
use super::scope::Scope;
use crate::core::lite::text::holds_word;
use crate::core::value::Value;

/// The most text that one evaluation makes, in bytes, intermediate results included.
pub(super) const MAX_TEXT: usize = 1 << 20;

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
    pub(super) fn template(&mut self, source: &str, parts: &[Part], alone: bool) -> Option<Value> {
        let mut output = String::new();
        for part in parts {
            match part {
                Part::Text(at) => output.push_str(at.of(source)),
                Part::Hole(expression, at) => {
                    let value = self.eval(expression)?;
                    if alone {
                        return Some(value);
                    }
                    output.push_str(&self.spend(text_of(&value), *at)?);
                }
            }
        }
        Some(Value::Text(output))
    }

    fn eval(&mut self, expression: &Expr) -> Option<Value> {
        match expression {
            Expr::Literal(value) => Some(value.clone()),
            Expr::Path(path) => self.path(path),
            Expr::Call(function, arguments, at) => {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(self.eval(argument)?);
                }
                self.call(*function, &values, *at)
            }
            Expr::Truth(inner, wanted) => Some(Value::Bool(self.eval(inner)?.is_truthy() == *wanted)),
            Expr::Chain(first, others) => self.chain(first, others),
        }
    }

    fn chain(&mut self, first: &Expr, others: &[(Operator, Expr)]) -> Option<Value> {
        let mut left = self.eval(first);
        for (operator, right) in others {
            let is_decided = match (operator, &left) {
                (Operator::Coalesce, None) => self.fault.problem != Problem::UnknownPath,
                (_, None) => true,
                (Operator::Coalesce, Some(value)) => !value.is_nullish(),
                (Operator::Or, Some(value)) => value.is_truthy(),
                (Operator::And, Some(value)) => !value.is_truthy(),
                (Operator::Equal | Operator::NotEqual, Some(_)) => false,
            };
            if is_decided {
                continue;
            }
            let mut value = self.eval(right);
            if let (Operator::Equal | Operator::NotEqual, Some(_)) = (operator, &value) {
                value = Some(Value::Bool((left == value) == (*operator == Operator::Equal)));
            }
            left = value;
        }
        left
    }

    /// Where the steps lead to nothing or to `undefined`, the path is unknown. Only the part that is wanted is copied.
    fn path(&mut self, path: &Path) -> Option<Value> {
        let mut at = path.at;
        let found = match &path.root {
            Root::Name(name) => walk(self.scope.lookup(name).as_deref(), &path.steps, &mut at),
            Root::Inner(inner) => walk(Some(&self.eval(inner)?), &path.steps, &mut at),
        };
        if found.is_none() {
            return self.fail(Problem::UnknownPath, at);
        }
        found
    }

    /// Calls a function. The parser has seen to it that there are as many values as the function takes.
    fn call(&mut self, function: Function, values: &[Value], at: Span) -> Option<Value> {
        let value = |place: usize| values.get(place).unwrap_or(&Value::Undefined);
        Some(match function {
            Function::Now => Value::Number(self.scope.now().0 as f64),
            Function::Concat => {
                let mut text = String::new();
                for value in values {
                    text.push_str(&self.spend(text_of(value), at)?);
                }
                Value::Text(text)
            }
            Function::Contains => Value::Bool(match value(0) {
                Value::List(items) => items.contains(value(1)),
                text => holds_word(&self.plain(text, at)?, &self.plain(value(1), at)?),
            }),
            Function::Cookie => {
                let name = self.plain(value(0), at)?;
                self.scope.cookie(&name).map_or(Value::Null, Value::Text)
            }
            Function::Find => {
                let key = self.plain(value(1), at)?;
                let items = if let Value::List(items) = value(0) { items.as_slice() } else { &[] };
                match items.iter().find(|item| item.member(&key) == Some(value(2))) {
                    Some(item) => item.clone(),
                    None => return self.fail(Problem::UnknownPath, at),
                }
            }
            _ => {
                let text = if function == Function::Json { json_of(value(0)) } else { text_of(value(0)) };
                let text = text.map(|text| function.apply(text, self.scope));
                Value::Text(self.spend(text, at)?)
            }
        })
    }

    /// What a value is among text, not yet counted.
    fn plain(&mut self, value: &Value, at: Span) -> Option<String> {
        match text_of(value) {
            Ok(text) => Some(text),
            Err(problem) => self.fail(problem, at),
        }
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

/// A copy of what the steps lead to, if that is something; `at` grows by those that were taken, or tried.
fn walk(mut value: Option<&Value>, steps: &[Step], at: &mut Span) -> Option<Value> {
    for step in steps {
        let found = value?;
        at.end = step.end;
        value = match found {
            Value::Map(map) => map.get(&step.key),
            Value::List(items) => index(&step.key).and_then(|index| items.get(index)),
            _ => None,
        };
    }
    value.filter(|value| !matches!(value, Value::Undefined)).cloned()
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
