//! What a template is compiled to: a list of instructions for a machine with a stack.
//!
//! A list and not a tree, because it is less code (which every user loads), and because nothing about it can overflow the stack.

use super::functions::Function;
use crate::core::value::Value;

/// A piece of a template's text, in bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    /// The piece itself.
    pub(super) fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// One instruction. Where it stands for a piece of the template, it knows which, for errors.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Instruction {
    /// Adds literal text to the output.
    Text(Span),
    /// Takes a value and adds its text to the output.
    Append(Span),
    /// Puts a literal.
    Literal(Value),
    /// Puts the value of a name of the scope.
    Name(Span),
    /// Takes a value and puts its member.
    Step(String, Span),
    /// Takes a value and puts what the function makes of it.
    Call(Function, Span),
    /// Puts the time.
    Now,
    /// Takes a value and puts whether it is false.
    Not,
    /// Takes two values and puts whether they are equal; or, with `false`, whether they are not.
    Compare(bool),
    /// `left ?? right`, `left || right`, `left && right`, the code of `right` being what follows up to `end`.
    Decide(Decision),
}

/// An operator that evaluates its right side only if the left side does not decide.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Decision {
    pub(super) operator: Operator,
    /// Where the code of the left side begins.
    pub(super) start: usize,
    /// Where the code of the right side ends.
    pub(super) end: usize,
    /// How many values lie on the stack before the left side.
    pub(super) height: usize,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Operator {
    /// `??`
    Coalesce,
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}
