//! Expressions, parsed.

use super::fault::Span;
use super::functions::Function;
use super::scope::Use;
use crate::core::value::Value;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Text as it stands.
    Text(Span),
    /// What stood between `{{` and `}}`, and where.
    Hole(Expr, Span),
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Literal(Value),
    Path(Path),
    /// A call, and where the function's name stands.
    Call(Function, Vec<Expr>, Span),
    /// Whether the operand is true (`!!x`), or false (`!x`).
    Truth(Box<Expr>, bool),
    /// Operands joined by operators of one precedence, from left to right: a list, so that a long chain is not a deep tree.
    Chain(Box<Expr>, Vec<(Operator, Expr)>),
}

/// The steps that lead from something to a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
    /// Where the name stands; where anything else begins.
    pub(super) at: Span,
}

/// What a path begins with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Root {
    /// A name of the scope.
    Name(String),
    /// A call, a group or a literal.
    Inner(Box<Expr>),
}

/// One step of a path: a key or an index, and where it ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) key: String,
    pub(super) end: usize,
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

impl Expr {
    /// Shows every name in it to `see`, in the order of the text; `required` where no `??` follows what is around it.
    pub(super) fn uses<'a>(&'a self, required: bool, see: &mut dyn FnMut(Use<'a>)) {
        match self {
            Self::Literal(_) => {}
            Self::Path(Path { root: Root::Inner(inner), .. }) | Self::Truth(inner, _) => inner.uses(required, see),
            Self::Path(Path { root: Root::Name(name), steps, .. }) => {
                see(Use { root: name, member: steps.first().map(|step| step.key.as_str()), required });
            }
            Self::Call(_, arguments, _) => {
                for argument in arguments {
                    argument.uses(required, see);
                }
            }
            Self::Chain(first, others) => {
                let is_required = |next: usize| {
                    required && others.get(next).is_none_or(|(operator, _)| *operator != Operator::Coalesce)
                };
                first.uses(is_required(0), see);
                for (index, (_, other)) in others.iter().enumerate() {
                    other.uses(is_required(index + 1), see);
                }
            }
        }
    }
}
