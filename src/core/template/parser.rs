//! Parses a template. Only what is nested is recursive, and how deep it may be is limited.

mod cursor;

use super::expr::{Expr, Operator, Part, Path, Root, Step};
use super::fault::{Fault, Problem, Span};
use super::functions::Function;
use crate::core::lite::text::is_space;
use crate::core::value::Value;

/// How deep parentheses and calls may be nested: far less than the smallest stack of a browser bears.
const MAX_DEPTH: u32 = 64;

/// The most digits that a number literal may have. Fewer than 16 are read exactly, by one division.
const MAX_DIGITS: u32 = 15;

/// Reads from left to right. `None` means that `fault` says what is wrong.
pub(super) struct Parser<'a> {
    source: &'a str,
    /// Behind what was read last, blanks not counted.
    at: usize,
    /// Where the `{{` of the expression is.
    open: usize,
    /// The loosest operator of the expression just read that no parentheses enclose.
    bare: Option<Operator>,
    depth: u32,
    pub(super) fault: Fault,
}

impl<'a> Parser<'a> {
    pub(super) const fn new(source: &'a str) -> Self {
        let fault = Fault { problem: Problem::Unclosed, at: Span { start: 0, end: 0 } };
        Self { source, at: 0, open: 0, bare: None, depth: 0, fault }
    }

    /// A whole template.
    pub(super) fn template(&mut self) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        loop {
            let start = self.at;
            self.at += before_hole(self.rest()).len();
            if self.at > start {
                parts.push(Part::Text(Span { start, end: self.at }));
            }
            if self.at >= self.source.len() {
                return Some(parts);
            }
            parts.push(self.hole()?);
        }
    }

    /// One expression with its braces.
    fn hole(&mut self) -> Option<Part> {
        self.open = self.at;
        self.eat("{{");
        self.skip(is_space);
        let start = self.at;
        let expression = self.expression(0)?;
        let at = Span { start, end: self.at };
        self.demand("}}")?;
        Some(Part::Hole(expression, at))
    }

    /// Operands joined by operators, from left to right: of `precedence` 0 (`??` and `||`), 1 (`&&`) or 2 (`==` and `!=`).
    fn expression(&mut self, precedence: u8) -> Option<Expr> {
        if precedence > 2 {
            return self.operand();
        }
        let first = self.expression(precedence + 1)?;
        let mut others = Vec::new();
        while let Some(operator) = self.operator(precedence) {
            let place = self.at;
            let mut mixed = self.mixes(operator);
            others.push((operator, self.expression(precedence + 1)?));
            mixed |= self.mixes(operator);
            if mixed {
                return self.fail(Problem::Mixed, place - "??".len(), place);
            }
            self.bare = Some(operator);
        }
        Some(if others.is_empty() { first } else { Expr::Chain(Box::new(first), others) })
    }

    fn operator(&mut self, precedence: u8) -> Option<Operator> {
        static OPERATORS: [(u8, &str, Operator); 5] = [
            (0, "??", Operator::Coalesce),
            (0, "||", Operator::Or),
            (1, "&&", Operator::And),
            (2, "==", Operator::Equal),
            (2, "!=", Operator::NotEqual),
        ];
        let found = OPERATORS.iter().find(|(level, sign, _)| *level == precedence && self.eat(sign))?;
        Some(found.2)
    }

    /// Whether the operator and that of the operand just read need parentheses between them: JavaScript refuses such a mixture.
    fn mixes(&self, operator: Operator) -> bool {
        matches!(
            (operator, self.bare),
            (Operator::Coalesce, Some(Operator::Or | Operator::And)) | (Operator::Or, Some(Operator::Coalesce))
        )
    }

    /// A literal, name, call or group, with the negations before it and the steps behind it.
    fn operand(&mut self) -> Option<Expr> {
        let mut negations = 0;
        while self.eat("!") {
            negations += 1;
        }
        self.skip(is_space);
        let start = self.at;
        let mut operand = match self.peek() {
            quote @ ('"' | '\'') => Expr::Literal(Value::Text(self.quoted(quote)?)),
            '-' | '0'..='9' => Expr::Literal(Value::Number(self.number()?)),
            '(' => {
                self.eat("(");
                let inner = self.nested()?;
                self.demand(")")?;
                inner
            }
            _ => self.named()?,
        };
        let steps = self.steps()?;
        if !steps.is_empty() {
            let at = Span { start, end: start };
            operand = Expr::Path(Path { root: Root::Inner(Box::new(operand)), steps, at });
        }
        self.bare = None;
        Some(if negations == 0 { operand } else { Expr::Truth(Box::new(operand), negations % 2 == 0) })
    }

    /// An expression in parentheses.
    fn nested(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(Problem::TooDeep, self.at, self.at);
        }
        let expression = self.expression(0)?;
        self.depth -= 1;
        Some(expression)
    }

    /// A call if `(` follows, else a literal, or a path that begins with a name of the scope.
    fn named(&mut self) -> Option<Expr> {
        let at = self.word(is_name);
        let name = at.of(self.source);
        if name.is_empty() {
            return self.unexpected();
        }
        if self.eat("(") {
            let Some(function) = Function::of(name) else {
                return self.fail(Problem::UnknownFunction, at.start, at.end);
            };
            return Some(Expr::Call(function, self.arguments(function.arity())?, at));
        }
        Some(Expr::Literal(match name {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "undefined" => Value::Undefined,
            _ => return Some(Expr::Path(Path { root: Root::Name(name.to_owned()), steps: self.steps()?, at })),
        }))
    }

    /// So many arguments, the least and the most, and the parenthesis behind them.
    fn arguments(&mut self, (least, most): (usize, usize)) -> Option<Vec<Expr>> {
        let mut arguments = Vec::new();
        while arguments.len() < most {
            if !arguments.is_empty() && !self.eat(",") {
                break;
            }
            arguments.push(self.nested()?);
        }
        if arguments.len() < least {
            return self.unexpected();
        }
        self.demand(")")?;
        Some(arguments)
    }

    /// The steps that come next.
    fn steps(&mut self) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            let key;
            if self.eat(".") {
                self.skip(is_space);
                if self.peek().is_ascii_digit() || !is_name(self.peek()) {
                    return self.unexpected();
                }
                key = self.word(is_name).of(self.source).to_owned();
            } else if self.eat("[") {
                self.skip(is_space);
                let place = self.at;
                key = match self.peek() {
                    quote @ ('"' | '\'') => self.quoted(quote)?,
                    _ => self.word(|c| c.is_ascii_digit()).of(self.source).to_owned(),
                };
                if self.at == place || !self.eat("]") {
                    return self.fail_at(Problem::BadIndex, place);
                }
            } else {
                return Some(steps);
            }
            steps.push(Step { key, end: self.at });
        }
    }
}

/// Whether a character may stand in a name: JavaScript's rule for ASCII, and all else that is no white space.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || (!c.is_ascii() && !is_space(c))
}

/// The text before the first `{{`; all of it when there is none.
///
/// Not `str::find`: its searcher for long needles would be paid for by every user.
fn before_hole(text: &str) -> &str {
    let open = text.as_bytes().windows(2).position(|pair| pair == b"{{");
    open.and_then(|open| text.get(..open)).unwrap_or(text)
}
