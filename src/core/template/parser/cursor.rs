//! Literals, and the parser's place in the text.

use super::super::fault::{Fault, Problem, Span};
use super::{MAX_DIGITS, Parser, is_name};
use crate::core::lite::text::is_space;

impl<'a> Parser<'a> {
    /// A text in quotes.
    pub(super) fn quoted(&mut self, quote: char) -> Option<String> {
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
    pub(super) fn escape(&mut self) -> Option<char> {
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
    pub(super) fn number(&mut self) -> Option<f64> {
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
        Some(if negative { -digits } else { digits } / scale)
    }

    pub(super) fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// The next character; at the end NUL, which begins nothing.
    pub(super) fn peek(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    /// Takes the next character, if there is one.
    pub(super) fn next(&mut self) -> char {
        let c = self.peek();
        if self.at < self.source.len() {
            self.at += c.len_utf8();
        }
        c
    }

    pub(super) fn skip(&mut self, fits: fn(char) -> bool) {
        while fits(self.peek()) {
            self.next();
        }
    }

    pub(super) fn word(&mut self, fits: fn(char) -> bool) -> Span {
        let start = self.at;
        self.skip(fits);
        Span { start, end: self.at }
    }

    /// Takes `sign` and the blanks before it, if it comes next.
    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let before = self.at;
        self.skip(is_space);
        let found = self.rest().starts_with(sign);
        self.at = if found { self.at + sign.len() } else { before };
        found
    }

    pub(super) fn demand(&mut self, sign: &str) -> Option<()> {
        if self.eat(sign) { Some(()) } else { self.unexpected() }
    }

    /// Fails at what comes next.
    pub(super) fn unexpected<T>(&mut self) -> Option<T> {
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
    pub(super) fn fail_at<T>(&mut self, problem: Problem, start: usize) -> Option<T> {
        if self.at == start {
            self.next();
        }
        self.skip(|c| !is_space(c) && c != '}' && c != '\0');
        self.fail(problem, start, self.at)
    }

    pub(super) fn fail<T>(&mut self, problem: Problem, start: usize, end: usize) -> Option<T> {
        self.fault = Fault { problem, at: Span { start, end } };
        None
    }
}
