//! Cuts the inside of `{{ … }}` into tokens.

use std::str::Chars;

use super::fault::{Fault, Problem, Span};
use super::parser::Op;

/// One token of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name; which one is in the token's span.
    Name,
    /// A number literal, negative ones included: the language has no subtraction.
    Number(f64),
    /// A quoted text, escapes undone.
    Text(String),
    /// A binary operator.
    Op(Op),
    /// One of `.()[]!`, or a character that has no meaning.
    Symbol(char),
    /// `}}`
    Close,
}

/// Reads tokens from the place after a `{{` to the `}}` that closes it.
pub(super) struct Lexer<'a> {
    source: &'a str,
    chars: Chars<'a>,
    open: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer for the hole whose `{{` is at `open`.
    pub(super) fn new(source: &'a str, open: usize) -> Self {
        Self { source, chars: source.get(open + 2..).unwrap_or_default().chars(), open }
    }

    /// The place of the next character.
    pub(super) fn at(&self) -> usize {
        self.source.len() - self.chars.as_str().len()
    }

    /// Reads one token. After `}}` it must not be called again.
    pub(super) fn token(&mut self) -> Result<(Token, Span), Fault> {
        self.eat_while(is_space);
        let start = self.at();
        let token = self.scan(start)?;
        Ok((token, Span { start, end: self.at() }))
    }

    fn scan(&mut self, start: usize) -> Result<Token, Fault> {
        let Some(c) = self.chars.next() else {
            return Err(Fault { problem: Problem::Unclosed, at: Span { start: self.open, end: self.source.len() } });
        };
        Ok(match c {
            '"' | '\'' => Token::Text(self.quoted(c, start)?),
            '-' if !self.peek().is_ascii_digit() => Token::Symbol(c),
            '-' | '0'..='9' => Token::Number(self.number(c, start)?),
            '=' if self.eat('=') => Token::Op(Op::Equal),
            '!' if self.eat('=') => Token::Op(Op::NotEqual),
            '&' if self.eat('&') => Token::Op(Op::And),
            '|' if self.eat('|') => Token::Op(Op::Or),
            '?' if self.eat('?') => Token::Op(Op::Coalesce),
            '}' if self.eat('}') => Token::Close,
            c if is_name(c) => {
                self.eat_while(is_name);
                Token::Name
            }
            c => Token::Symbol(c),
        })
    }

    /// Reads the rest of a text that `quote` opened.
    fn quoted(&mut self, quote: char, start: usize) -> Result<String, Fault> {
        let mut text = String::new();
        loop {
            let place = self.at();
            let Some(c) = self.chars.next() else {
                return Err(self.fault(Problem::UnclosedQuote, start));
            };
            match c {
                c if c == quote => return Ok(text),
                '\\' => match self.escape() {
                    Some(c) => text.push(c),
                    None => return Err(self.fault(Problem::BadEscape, place)),
                },
                c => text.push(c),
            }
        }
    }

    /// Reads what stands behind a backslash. A letter or digit without a meaning is refused, since JavaScript might give it one.
    fn escape(&mut self) -> Option<char> {
        Some(match self.chars.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    code = code * 16 + self.chars.next()?.to_digit(16)?;
                }
                // Half of a surrogate pair is no character: such a one can be written as itself.
                char::from_u32(code)?
            }
            c if c.is_ascii_alphanumeric() => return None,
            c => c,
        })
    }

    /// Reads the rest of a number that began with `first`.
    fn number(&mut self, first: char, start: usize) -> Result<f64, Fault> {
        const MOST_DIGITS: u32 = 15;
        let negative = first == '-';
        let first = if negative { self.chars.next().unwrap_or(first) } else { first };
        // Both stay below 2^53 and thus exact, so that their quotient is the nearest double, as in JavaScript.
        let (mut digits, mut scale) = (f64::from(first.to_digit(10).unwrap_or(0)), 1.0);
        let mut count = 1;
        let mut well_formed = first != '0' || !self.peek().is_ascii_digit();
        let mut fraction = false;
        loop {
            let c = self.peek();
            if let Some(digit) = c.to_digit(10) {
                digits = digits * 10.0 + f64::from(digit);
                scale *= if fraction { 10.0 } else { 1.0 };
                count += 1;
                well_formed &= count <= MOST_DIGITS;
            } else if c == '.' && !fraction {
                fraction = true;
                self.eat(c);
                well_formed &= self.peek().is_ascii_digit();
                continue;
            } else if is_name(c) {
                well_formed = false;
            } else {
                break;
            }
            self.eat(c);
        }
        if !well_formed {
            return Err(self.fault(Problem::BadNumber, start));
        }
        Ok(if negative { -digits } else { digits } / scale)
    }

    fn fault(&self, problem: Problem, start: usize) -> Fault {
        Fault { problem, at: Span { start, end: self.at() } }
    }

    /// The next character; at the end one that begins no token.
    fn peek(&self) -> char {
        self.chars.clone().next().unwrap_or('\0')
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == expected;
        if found {
            self.chars.next();
        }
        found
    }

    fn eat_while(&mut self, fits: fn(char) -> bool) {
        while fits(self.peek()) {
            self.chars.next();
        }
    }
}

/// Whether JavaScript counts a character as white space or a line end. Own code because std's tables know other ones.
pub(super) const fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

/// Whether a character may stand in a name: JavaScript's rule for ASCII, and all else that is no white space.
pub(super) const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || (!c.is_ascii() && !is_space(c))
}
