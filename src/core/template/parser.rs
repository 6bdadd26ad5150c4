//! Builds the tree of a template.

use super::fault::{Fault, Problem, Span};
use super::functions::Function;
use super::lexer::{Lexer, Token, is_space};
use crate::core::value::Value;

/// How deep parentheses, calls and `!` may be nested: what the stack of a browser's worker bears many times over.
const MAX_DEPTH: u32 = 64;

/// A stretch of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Literal text.
    Text(Span),
    /// An expression, and where it stands.
    Hole(Expr, Span),
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// A literal.
    Literal(Value),
    /// A name of the scope.
    Name(Span),
    /// Steps into a value. In one node, so that the longest path is no deeper than the shortest.
    Path { base: Box<Expr>, start: usize, steps: Vec<Step> },
    /// `( … )`
    Group(Box<Expr>),
    /// `! …`
    Not(Box<Expr>),
    /// Operands joined by operators of one precedence, from left to right. In one node, as the steps of a path.
    Chain { first: Box<Expr>, rest: Vec<(Op, Expr)> },
    /// A function and its argument.
    Call(Function, Box<Expr>, Span),
    /// `now()`
    Now,
}

/// One step of a path: `.key`, `["key"]` or `[0]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// The member's name; of an index, its digits.
    pub(super) key: String,
    /// Where the step ends in the text.
    pub(super) end: usize,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Op {
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

impl Op {
    /// How tightly the operator binds; as tightly as [`Op::TIGHTEST`] at most.
    const fn precedence(self) -> u8 {
        match self {
            Self::Coalesce | Self::Or => 0,
            Self::And => 1,
            Self::Equal | Self::NotEqual => 2,
        }
    }

    const TIGHTEST: u8 = 2;
}

/// Parses a whole template.
pub(super) fn parse(source: &str) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut start = 0;
    while let Some(open) = find_open(source, start) {
        push_text(&mut parts, Span { start, end: open });
        let mut parser = Parser::new(source, open)?;
        let at = Span { start: parser.at.start, end: parser.at.start };
        let expr = parser.expression(0)?;
        let at = Span { end: parser.last_end, ..at };
        if parser.token != Token::Close {
            return Err(parser.unexpected());
        }
        start = parser.lexer.at();
        parts.push(Part::Hole(expr, at));
    }
    push_text(&mut parts, Span { start, end: source.len() });

    // One expression alone keeps its type, and a stray blank or line end around it must not turn it into text.
    let is_text = |part: &Part| !matches!(part, Part::Text(span) if span.of(source).chars().all(is_space));
    if parts.iter().filter(|part| is_text(part)).count() == 1 && parts.iter().any(|part| matches!(part, Part::Hole(..)))
    {
        parts.retain(is_text);
    }
    Ok(parts)
}

/// The place of the next `{{`. Not `str::find`: its searcher for long needles would be paid for by every user.
fn find_open(source: &str, from: usize) -> Option<usize> {
    let rest = source.as_bytes().get(from..)?;
    rest.windows(2).position(|pair| pair == b"{{").map(|at| from + at)
}

fn push_text(parts: &mut Vec<Part>, span: Span) {
    if span.start < span.end {
        parts.push(Part::Text(span));
    }
}

/// Parses one expression, with one token of foresight.
struct Parser<'a> {
    lexer: Lexer<'a>,
    source: &'a str,
    token: Token,
    at: Span,
    last_end: usize,
    depth: u32,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str, open: usize) -> Result<Self, Fault> {
        let mut lexer = Lexer::new(source, open);
        let (token, at) = lexer.token()?;
        Ok(Self { lexer, source, token, at, last_end: at.start, depth: 0 })
    }

    /// Takes the token, and looks at the next.
    fn take(&mut self) -> Result<Token, Fault> {
        self.last_end = self.at.end;
        let (token, at) = self.lexer.token()?;
        self.at = at;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn take_if(&mut self, symbol: char) -> Result<bool, Fault> {
        let found = self.token == Token::Symbol(symbol);
        if found {
            self.take()?;
        }
        Ok(found)
    }

    fn demand(&mut self, symbol: char) -> Result<(), Fault> {
        if self.take_if(symbol)? { Ok(()) } else { Err(self.unexpected()) }
    }

    fn fault(&self, problem: Problem) -> Fault {
        Fault { problem, at: self.at }
    }

    fn unexpected(&self) -> Fault {
        self.fault(if self.token == Token::Close { Problem::Empty } else { Problem::Unexpected })
    }

    /// Operands joined by operators that bind at least as tightly as `precedence`.
    fn expression(&mut self, precedence: u8) -> Result<Expr, Fault> {
        if precedence > Op::TIGHTEST {
            return self.operand();
        }
        let first = self.expression(precedence + 1)?;
        let mut rest = Vec::new();
        while let Token::Op(op) = self.token
            && op.precedence() == precedence
        {
            let fault = self.fault(Problem::Mixed);
            let left = rest.last().map_or(&first, |(_, operand)| operand);
            let mut mixed = op == Op::Coalesce && left.is_bare_logic();
            mixed |= rest.last().is_some_and(|(last, _)| (*last == Op::Coalesce) != (op == Op::Coalesce));
            self.take()?;
            let right = self.expression(precedence + 1)?;
            if mixed || (op == Op::Coalesce && right.is_bare_logic()) {
                return Err(fault);
            }
            rest.push((op, right));
        }
        Ok(if rest.is_empty() { first } else { Expr::Chain { first: Box::new(first), rest } })
    }

    /// A literal, name, call, group or negation, with the steps behind it.
    fn operand(&mut self) -> Result<Expr, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault(Problem::Deep));
        }
        let at = self.at;
        let base = match self.take_operand()? {
            Token::Number(number) => Expr::Literal(Value::Number(number)),
            Token::Text(text) => Expr::Literal(Value::Text(text)),
            Token::Name => self.named(at)?,
            Token::Symbol('(') => {
                let inner = self.expression(0)?;
                self.demand(')')?;
                Expr::Group(Box::new(inner))
            }
            // The steps behind belong to what is negated: nothing is left for this operand.
            _ => Expr::Not(Box::new(self.operand()?)),
        };
        let steps = self.steps()?;
        self.depth -= 1;
        Ok(if steps.is_empty() { base } else { Expr::Path { base: Box::new(base), start: at.start, steps } })
    }

    /// Takes a token that can begin an operand.
    fn take_operand(&mut self) -> Result<Token, Fault> {
        match self.token {
            Token::Number(_) | Token::Text(_) | Token::Name | Token::Symbol('(' | '!') => self.take(),
            _ => Err(self.unexpected()),
        }
    }

    /// What a name means: a literal, a call if `(` follows, else a name of the scope.
    fn named(&mut self, at: Span) -> Result<Expr, Fault> {
        let name = at.of(self.source);
        if self.take_if('(')? {
            if name == "now" {
                self.demand(')')?;
                return Ok(Expr::Now);
            }
            let Some(function) = Function::named(name) else {
                return Err(Fault { problem: Problem::UnknownFunction, at });
            };
            let argument = Box::new(self.expression(0)?);
            self.demand(')')?;
            return Ok(Expr::Call(function, argument, at));
        }
        Ok(Expr::Literal(match name {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "undefined" => Value::Undefined,
            _ => return Ok(Expr::Name(at)),
        }))
    }

    fn steps(&mut self) -> Result<Vec<Step>, Fault> {
        let mut steps = Vec::new();
        loop {
            let key = if self.take_if('.')? {
                let name = self.at.of(self.source).to_owned();
                if self.token != Token::Name {
                    return Err(self.unexpected());
                }
                self.take()?;
                name
            } else if self.take_if('[')? {
                let key = self.index()?;
                self.demand(']')?;
                key
            } else {
                return Ok(steps);
            };
            steps.push(Step { key, end: self.last_end });
        }
    }

    /// What stands between `[` and `]`.
    fn index(&mut self) -> Result<String, Fault> {
        let fault = self.fault(Problem::BadIndex);
        let text = self.at.of(self.source);
        match self.take()? {
            Token::Text(key) => Ok(key),
            Token::Number(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(text.to_owned()),
            _ => Err(fault),
        }
    }
}

impl Expr {
    /// Whether this is a chain of `&&` or `||` that no parentheses enclose.
    fn is_bare_logic(&self) -> bool {
        matches!(self, Self::Chain { rest, .. } if matches!(rest.as_slice(), [(Op::And | Op::Or, _), ..]))
    }
}
