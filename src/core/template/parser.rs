//! Compiles the text of a template.

use super::code::{Decision, Instruction, Operator, Span};
use super::fault::{Fault, Problem};
use super::functions::Function;
use crate::core::text::is_space;
use crate::core::value::Value;

/// How deep parentheses and calls may be nested: far less than the smallest stack of a browser bears.
const MAX_DEPTH: u32 = 64;

/// The most digits that a number literal may have. Fewer than 16 are read exactly, by one division.
const MAX_DIGITS: u32 = 15;

/// Compiles a whole template. The second part tells that the template is one expression alone.
pub(super) fn parse(source: &str) -> Result<(Vec<Instruction>, bool), Fault> {
    let fault = Fault { problem: Problem::Unclosed, at: Span { start: 0, end: 0 } };
    let mut parser = Parser { source, at: 0, open: 0, code: Vec::new(), bare: None, height: 0, depth: 0, fault };
    match parser.template() {
        Some(alone) => Ok((parser.code, alone)),
        None => Err(parser.fault),
    }
}

/// Reads from left to right, and emits code on the way. `None` means that `fault` says what is wrong:
/// so each function returns one bit, and not a whole error through every caller.
struct Parser<'a> {
    source: &'a str,
    /// Behind what was read last, blanks not counted.
    at: usize,
    /// Where the `{{` of the expression is.
    open: usize,
    code: Vec<Instruction>,
    /// The loosest operator of the expression just read that no parentheses enclose.
    bare: Option<Operator>,
    /// How many values lie on the stack when the code so far has run.
    height: usize,
    depth: u32,
    fault: Fault,
}

impl<'a> Parser<'a> {
    fn template(&mut self) -> Option<bool> {
        let (mut holes, mut only_blanks) = (0, true);
        loop {
            let text = Span { start: self.at, end: self.at + find_open(self.rest()) };
            if text.start < text.end {
                only_blanks &= text.of(self.source).chars().all(is_space);
                self.code.push(Instruction::Text(text));
            }
            self.at = text.end;
            if !self.eat("{{") {
                // A stray blank or line end around one expression must not turn it into text.
                return Some(holes == 1 && only_blanks);
            }
            holes += 1;
            self.open = text.end;
            self.skip(is_space);
            let start = self.at;
            self.height = 0;
            self.expression(0)?;
            self.code.push(Instruction::Append(Span { start, end: self.at }));
            self.demand("}}")?;
        }
    }

    /// Operands joined by operators, from left to right: of `precedence` 0 (`??` and `||`), 1 (`&&`) or 2 (`==` and `!=`).
    fn expression(&mut self, precedence: u8) -> Option<()> {
        if precedence > 2 {
            return self.operand();
        }
        let (start, height) = (self.code.len(), self.height);
        self.expression(precedence + 1)?;
        while let Some(operator) = self.operator(precedence) {
            let place = self.at;
            let mut mixed = self.mixes(operator);
            let decision = self.code.len();
            if precedence < 2 {
                self.code.push(Instruction::Decide(Decision { operator, start, end: 0, height }));
            }
            self.expression(precedence + 1)?;
            mixed |= self.mixes(operator);
            if mixed {
                return self.fail(Problem::Mixed, place - "??".len(), place);
            }
            let here = self.code.len();
            match self.code.get_mut(decision) {
                Some(Instruction::Decide(decision)) if precedence < 2 => decision.end = here,
                _ => self.code.push(Instruction::Compare(operator == Operator::Equal)),
            }
            self.height = height + 1;
            self.bare = Some(operator);
        }
        Some(())
    }

    fn operator(&mut self, precedence: u8) -> Option<Operator> {
        const OPERATORS: [(u8, &str, Operator); 5] = [
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
    fn operand(&mut self) -> Option<()> {
        let height = self.height;
        let mut negations = 0;
        while self.eat("!") {
            negations += 1;
        }
        self.skip(is_space);
        let start = self.at;
        match self.peek() {
            quote @ ('"' | '\'') => {
                let text = self.quoted(quote)?;
                self.code.push(Instruction::Literal(Value::Text(text)));
            }
            '-' | '0'..='9' => self.number()?,
            '(' => {
                self.eat("(");
                self.enclosed()?;
            }
            _ => self.named()?,
        }
        self.steps(start)?;
        for _ in 0..negations {
            self.code.push(Instruction::Not);
        }
        self.bare = None;
        self.height = height + 1;
        Some(())
    }

    /// The rest of what a `(` opened.
    fn enclosed(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(Problem::TooDeep, self.at, self.at);
        }
        self.expression(0)?;
        self.depth -= 1;
        self.demand(")")
    }

    /// A call if `(` follows, else a literal or a name of the scope.
    fn named(&mut self) -> Option<()> {
        let at = self.word(is_name);
        let name = at.of(self.source);
        if name.is_empty() {
            return self.unexpected();
        }
        let instruction = if self.eat("(") {
            if name == "now" {
                self.demand(")")?;
                Instruction::Now
            } else if let Some(function) = Function::named(name) {
                self.enclosed()?;
                Instruction::Call(function, at)
            } else {
                return self.fail(Problem::UnknownFunction, at.start, at.end);
            }
        } else {
            Instruction::Literal(match name {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                "undefined" => Value::Undefined,
                _ => {
                    self.code.push(Instruction::Name(at));
                    return Some(());
                }
            })
        };
        self.code.push(instruction);
        Some(())
    }

    /// The steps of a path that began at `start`.
    fn steps(&mut self, start: usize) -> Option<()> {
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
                return Some(());
            }
            self.code.push(Instruction::Step(key, Span { start, end: self.at }));
        }
    }

    /// A text in quotes.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let start = self.at;
        let mut text = String::new();
        self.next();
        loop {
            let place = self.at;
            let mut c = self.next();
            if self.at == place {
                return self.fail(Problem::UnclosedQuote, start, place);
            }
            if c == quote {
                return Some(text);
            }
            if c == '\\' {
                let Some(meant) = self.escape() else {
                    return self.fail(Problem::BadEscape, place, self.at);
                };
                c = meant;
            }
            text.push(c);
        }
    }

    /// What stands behind a backslash. A letter or digit without a meaning is refused, since JavaScript might give it one.
    fn escape(&mut self) -> Option<char> {
        Some(match self.next() {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    code = code * 16 + self.next().to_digit(16)?;
                }
                // Half of a surrogate pair is no character: such a one can be written as itself.
                return char::from_u32(code);
            }
            c if c.is_ascii_alphanumeric() || c == '\0' => return None,
            c => c,
        })
    }

    /// A number. A minus sign belongs to it: the language has no subtraction.
    fn number(&mut self) -> Option<()> {
        let start = self.at;
        let negative = self.eat("-");
        // Both stay exact, so that their quotient is the nearest double, as in JavaScript.
        let (mut digits, mut scale, mut count, mut step) = (0.0, 1.0, 0, 1.0);
        loop {
            match self.peek() {
                c @ '0'..='9' => {
                    digits = digits * 10.0 + f64::from(c as u32 - '0' as u32);
                    scale *= step;
                    count += 1;
                }
                '.' if step == 1.0 => step = 10.0,
                _ => break,
            }
            self.at += 1;
        }
        if count == 0 || count > MAX_DIGITS || is_name(self.peek()) {
            return self.fail_at(Problem::BadNumber, start);
        }
        self.code.push(Instruction::Literal(Value::Number(if negative { -digits } else { digits } / scale)));
        Some(())
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// The next character; at the end NUL, which begins nothing.
    fn peek(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    /// Takes the next character, if there is one.
    fn next(&mut self) -> char {
        let c = self.peek();
        if self.at < self.source.len() {
            self.at += c.len_utf8();
        }
        c
    }

    fn skip(&mut self, fits: fn(char) -> bool) {
        while fits(self.peek()) {
            self.next();
        }
    }

    fn word(&mut self, fits: fn(char) -> bool) -> Span {
        let start = self.at;
        self.skip(fits);
        Span { start, end: self.at }
    }

    /// Takes `sign` and the blanks before it, if it comes next.
    fn eat(&mut self, sign: &str) -> bool {
        let before = self.at;
        self.skip(is_space);
        let found = self.rest().starts_with(sign);
        self.at = if found { self.at + sign.len() } else { before };
        found
    }

    fn demand(&mut self, sign: &str) -> Option<()> {
        if self.eat(sign) { Some(()) } else { self.unexpected() }
    }

    /// Fails at what comes next.
    fn unexpected<T>(&mut self) -> Option<T> {
        self.skip(is_space);
        if self.rest().is_empty() {
            return self.fail(Problem::Unclosed, self.open, self.at);
        }
        if self.rest().starts_with("}}") {
            return self.fail(Problem::Incomplete, self.at, self.at + "}}".len());
        }
        self.fail_at(Problem::Unexpected, self.at)
    }

    /// Fails at the word that begins at `start`.
    fn fail_at<T>(&mut self, problem: Problem, start: usize) -> Option<T> {
        if self.at == start {
            self.next();
        }
        self.skip(|c| !is_space(c) && c != '}' && c != '\0');
        self.fail(problem, start, self.at)
    }

    fn fail<T>(&mut self, problem: Problem, start: usize, end: usize) -> Option<T> {
        self.fault = Fault { problem, at: Span { start, end } };
        None
    }
}

/// The place of the first `{{`, or the end. Not `str::find`: its searcher for long needles would be paid for by every user.
pub(super) fn find_open(text: &str) -> usize {
    text.as_bytes().windows(2).position(|pair| pair == b"{{").unwrap_or(text.len())
}

/// Whether a character may stand in a name: JavaScript's rule for ASCII, and all else that is no white space.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || (!c.is_ascii() && !is_space(c))
}
