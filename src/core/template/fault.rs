//! What is wrong in a template, and where.

use crate::core::error::{AuthError, Code};
use crate::core::json::number_to_text;

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

/// What is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Problem {
    BadEscape,
    BadIndex,
    BadNumber,
    Deep,
    Empty,
    Long,
    Mixed,
    NoText,
    Nothing,
    Unclosed,
    UnclosedQuote,
    Unexpected,
    UnknownFunction,
    UnknownPath,
}

impl Problem {
    const fn text(self) -> &'static str {
        match self {
            Self::BadEscape => "unknown escape in a quoted text",
            Self::BadIndex => "an index must be a whole number or a quoted key",
            Self::BadNumber => "not a plain number of at most 15 digits",
            Self::Deep => "nested too deeply",
            Self::Empty => "an expression is missing",
            Self::Long => "the text gets too long",
            Self::Mixed => "`??` needs parentheses beside `&&` and `||`",
            Self::NoText => "this value has no text",
            Self::Nothing => "null or undefined among text (`?? \"\"` allows it)",
            Self::Unclosed => "`{{` is not closed",
            Self::UnclosedQuote => "a quote is not closed",
            Self::Unexpected => "unexpected",
            Self::UnknownFunction => "unknown function",
            Self::UnknownPath => "unknown path",
        }
    }
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Fault {
    pub(super) problem: Problem,
    pub(super) at: Span,
}

impl Fault {
    /// The error that leaves the engine: what, line and column (both from 1, in characters), and the piece of text.
    pub(super) fn report(self, source: &str) -> AuthError {
        const LONGEST_PIECE: usize = 60;
        let (mut line, mut column) = (1.0, 1.0);
        for c in (Span { start: 0, end: self.at.start }).of(source).chars() {
            column += 1.0;
            if c == '\n' {
                line += 1.0;
                column = 1.0;
            }
        }
        let mut message = String::from(self.problem.text());
        message.push_str(" at line ");
        message.push_str(&number_to_text(line));
        message.push_str(", column ");
        message.push_str(&number_to_text(column));
        message.push_str(": ");
        message.extend(self.at.of(source).chars().take(LONGEST_PIECE));
        AuthError::new(Code::Template, message)
    }
}
