//! Runs the code of a template.

use super::code::{Decision, Instruction, Operator, Span};
use super::fault::{Fault, Problem};
use super::functions::Function;
use super::{Scope, Template};
use crate::core::json::{json_to_text, number_to_text};
use crate::core::value::Value;

/// The most text that one evaluation makes, in bytes, intermediate results included.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// One evaluation.
pub(super) struct Machine<'a> {
    template: &'a Template,
    scope: &'a dyn Scope,
    next: usize,
    stack: Vec<Value>,
    output: String,
    room: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(template: &'a Template, scope: &'a dyn Scope) -> Self {
        Self { template, scope, next: 0, stack: Vec::new(), output: String::new(), room: MAX_TEXT }
    }

    /// Runs the code, each instruction at most once: it has no jumps but forward.
    pub(super) fn run(&mut self) -> Result<Value, Fault> {
        while let Some(instruction) = self.template.code.get(self.next) {
            self.next += 1;
            if let Err(fault) = self.execute(instruction) {
                let cover = cover(&self.template.code, self.next - 1).filter(|_| fault.problem == Problem::UnknownPath);
                let Some((place, decision)) = cover else {
                    return Err(fault);
                };
                // What was put for the left side is given up, and the right side comes next.
                self.stack.truncate(decision.height);
                self.next = place + 1;
            }
        }
        Ok(if self.template.alone { self.take() } else { Value::Text(std::mem::take(&mut self.output)) })
    }

    fn execute(&mut self, instruction: &'a Instruction) -> Result<(), Fault> {
        let value = match instruction {
            Instruction::Text(span) => {
                self.output.push_str(span.of(&self.template.source));
                return Ok(());
            }
            Instruction::Append(_) if self.template.alone => return Ok(()),
            Instruction::Append(at) => {
                let text = text_of(&self.take());
                let text = self.spend(text, *at)?;
                self.output.push_str(&text);
                return Ok(());
            }
            Instruction::Literal(value) => value.clone(),
            Instruction::Name(at) => {
                let root = self.scope.lookup(at.of(&self.template.source));
                self.walk(root.as_deref(), *at)?
            }
            Instruction::Step(_, at) => {
                self.next -= 1;
                let base = self.take();
                self.walk(Some(&base), *at)?
            }
            Instruction::Call(function, at) => {
                let value = self.take();
                let text = if *function == Function::Json { json_of(&value) } else { text_of(&value) };
                let text = text.map(|text| function.apply(text, self.scope));
                Value::Text(self.spend(text, *at)?)
            }
            Instruction::Now => Value::Number(self.scope.now().0 as f64),
            Instruction::Not => Value::Bool(!self.take().is_truthy()),
            Instruction::Compare(equal) => Value::Bool((self.take() == self.take()) == *equal),
            Instruction::Decide(decision) => {
                let left = self.take();
                let decided = match decision.operator {
                    Operator::Coalesce => !left.is_nullish(),
                    operator => left.is_truthy() == (operator == Operator::Or),
                };
                if !decided {
                    return Ok(());
                }
                self.next = decision.end;
                left
            }
        };
        self.stack.push(value);
        Ok(())
    }

    /// Takes the top of the stack. The parser emits no code that takes more than was put; `undefined` keeps this total.
    fn take(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    /// Follows the steps that come next in the code, so that of a large value only the part that is wanted is copied.
    /// Where they lead to nothing or to `undefined`, the path is unknown.
    fn walk(&mut self, mut value: Option<&Value>, mut at: Span) -> Result<Value, Fault> {
        while let Some(found) = value
            && let Some(Instruction::Step(key, place)) = self.template.code.get(self.next)
        {
            self.next += 1;
            at = *place;
            value = match found {
                Value::Map(map) => map.get(key),
                Value::List(items) => index(key).and_then(|index| items.get(index)),
                _ => None,
            };
        }
        match value {
            None | Some(Value::Undefined) => Err(Fault { problem: Problem::UnknownPath, at }),
            Some(value) => Ok(value.clone()),
        }
    }

    /// Counts text that was made against what may be made.
    fn spend(&mut self, text: Result<String, Problem>, at: Span) -> Result<String, Fault> {
        let problem = match text {
            Ok(text) if text.len() <= self.room => {
                self.room -= text.len();
                return Ok(text);
            }
            Ok(_) => Problem::TooLong,
            Err(problem) => problem,
        };
        Err(Fault { problem, at })
    }
}

/// The innermost `??` that has the instruction at `place` in its left side, and where that stands.
pub(super) fn cover(code: &[Instruction], place: usize) -> Option<(usize, &Decision)> {
    code.iter().enumerate().skip(place).find_map(|(at, instruction)| match instruction {
        Instruction::Decide(decision) if decision.operator == Operator::Coalesce && decision.start <= place => {
            Some((at, decision))
        }
        _ => None,
    })
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

/// What a value is among text.
fn text_of(value: &Value) -> Result<String, Problem> {
    match value {
        Value::Undefined | Value::Null => Err(Problem::Nothing),
        Value::Text(text) => Ok(text.clone()),
        // JSON has no text for the infinities and NaN, JavaScript has.
        Value::Number(number) => Ok(number_to_text(*number)),
        _ => json_of(value),
    }
}

fn json_of(value: &Value) -> Result<String, Problem> {
    if matches!(value, Value::Undefined | Value::Foreign(_)) {
        return Err(Problem::NoText);
    }
    let mut text = String::new();
    json_to_text(value, &mut text);
    Ok(text)
}
