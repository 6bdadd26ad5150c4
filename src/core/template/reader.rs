//! Reads a template, and evaluates it on the way.
//!
//! There is no tree and no code between text and value: a template is short, and is read again in less time than a request
//! takes to be sent, while every user loads what would build, keep and run something in between.

mod cursor;

use super::Scope;
use super::fault::{Fault, Problem, Span};
use super::functions::Function;
use crate::core::lite::json::{json_to_text, number_to_text};
use crate::core::lite::text::is_space;
use crate::core::value::Value;

/// How deep parentheses and calls may be nested: far less than the smallest stack of a browser bears.
const MAX_DEPTH: u32 = 64;

/// The most digits that a number literal may have. Fewer than 16 are read exactly, by one division.
const MAX_DIGITS: u32 = 15;

/// The most text that one evaluation makes, in bytes, intermediate results included.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// A name that begins a path, the step after it, and whether evaluation may fail when the path leads nowhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    pub(super) root: Span,
    pub(super) member: Option<String>,
    pub(super) required: bool,
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

/// Reads from left to right, and leaves in `value` what the piece just read stands for. `None` means that `fault` says what is
/// wrong: so each function returns one bit, and not a value or an error through every caller.
pub(super) struct Reader<'a> {
    source: &'a str,
    /// What to evaluate against; without it the template is only checked, and every value is `undefined`.
    scope: Option<&'a dyn Scope>,
    /// What the piece just read stands for.
    value: Value,
    /// Behind what was read last, blanks not counted.
    at: usize,
    /// Where the `{{` of the expression is.
    open: usize,
    /// The loosest operator of the expression just read that no parentheses enclose.
    bare: Option<Operator>,
    depth: u32,
    /// An operator's left side has decided: its right side is read and not evaluated.
    skips: bool,
    /// A path that led nowhere. What follows is read and not evaluated, up to the `??` that has it in its left side.
    lost: Option<Span>,
    /// The names, when the template is only checked.
    pub(super) names: Vec<Named>,
    /// How much more text may be made.
    room: usize,
    pub(super) fault: Fault,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str, scope: Option<&'a dyn Scope>) -> Self {
        Self {
            source,
            scope,
            value: Value::Undefined,
            at: 0,
            open: 0,
            bare: None,
            depth: 0,
            skips: false,
            lost: None,
            names: Vec::new(),
            room: MAX_TEXT,
            fault: Fault { problem: Problem::Unclosed, at: Span { start: 0, end: 0 } },
        }
    }

    /// Reads a whole template. Gives whether it is one expression alone.
    pub(super) fn check(&mut self) -> Option<bool> {
        let (mut holes, mut only_blanks) = (0, true);
        loop {
            let text = self.text();
            only_blanks &= text.chars().all(is_space);
            if self.is_end() {
                // A stray blank or line end around one expression must not turn it into text.
                return Some(holes == 1 && only_blanks);
            }
            holes += 1;
            self.hole()?;
        }
    }

    /// Evaluates a template that is one expression `alone`, or has text beside it.
    pub(super) fn eval(&mut self, alone: bool) -> Option<Value> {
        let mut output = String::new();
        loop {
            output.push_str(self.text());
            if self.is_end() {
                return Some(Value::Text(output));
            }
            let at = self.hole()?;
            if alone {
                return Some(std::mem::take(&mut self.value));
            }
            let text = self.spend(text_of(&self.value), at)?;
            output.push_str(&text);
        }
    }

    /// The literal text up to the next expression, or the end.
    fn text(&mut self) -> &'a str {
        let text = super::literal_prefix(self.rest());
        self.at += text.len();
        text
    }

    const fn is_end(&self) -> bool {
        self.at >= self.source.len()
    }

    /// One expression with its braces.
    fn hole(&mut self) -> Option<Span> {
        self.open = self.at;
        self.eat("{{");
        self.skip(is_space);
        let start = self.at;
        self.expression(0)?;
        let at = Span { start, end: self.at };
        self.demand("}}")?;
        match self.lost.take() {
            Some(lost) => self.fail(Problem::UnknownPath, lost.start, lost.end),
            None => Some(at),
        }
    }

    /// The scope, where what is read is evaluated.
    fn live(&self) -> Option<&'a dyn Scope> {
        self.scope.filter(|_| !self.skips && self.lost.is_none())
    }

    /// Operands joined by operators, from left to right: of `precedence` 0 (`??` and `||`), 1 (`&&`) or 2 (`==` and `!=`).
    fn expression(&mut self, precedence: u8) -> Option<()> {
        if precedence > 2 {
            return self.operand();
        }
        let was_lost = self.lost.is_some();
        let mut first_name = self.names.len();
        self.expression(precedence + 1)?;
        while let Some(operator) = self.operator(precedence) {
            let place = self.at;
            let mut mixed = self.mixes(operator);
            let decided = match operator {
                Operator::Coalesce => {
                    for name in self.names.iter_mut().skip(first_name) {
                        name.required = false;
                    }
                    first_name = self.names.len();
                    let is_lost = !was_lost && self.lost.take().is_some();
                    !is_lost && !self.value.is_nullish()
                }
                Operator::Or => self.value.is_truthy(),
                Operator::And => !self.value.is_truthy(),
                Operator::Equal | Operator::NotEqual => false,
            };
            let skips = self.skips;
            self.skips |= decided;
            let left = std::mem::take(&mut self.value);
            self.expression(precedence + 1)?;
            self.skips = skips;
            mixed |= self.mixes(operator);
            if mixed {
                return self.fail(Problem::Mixed, place - "??".len(), place);
            }
            if precedence == 2 {
                let is_equal = left == self.value;
                self.put(Value::Bool(is_equal == (operator == Operator::Equal)));
            } else if decided {
                self.put(left);
            }
            self.bare = Some(operator);
        }
        Some(())
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
    fn operand(&mut self) -> Option<()> {
        let mut negations = 0;
        while self.eat("!") {
            negations += 1;
        }
        self.skip(is_space);
        let start = self.at;
        match self.peek() {
            quote @ ('"' | '\'') => {
                let text = self.quoted(quote)?;
                self.put(Value::Text(text));
            }
            '-' | '0'..='9' => self.number()?,
            '(' => {
                self.eat("(");
                self.enclosed()?;
            }
            _ => self.named()?,
        }
        if matches!(self.ahead(), '.' | '[') {
            let base = std::mem::take(&mut self.value);
            self.steps(Some(&base), Span { start, end: start })?;
        }
        if negations > 0 {
            self.put(Value::Bool(self.value.is_truthy() == (negations % 2 == 0)));
        }
        self.bare = None;
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

    /// A call if `(` follows, else a literal, or a path that begins with a name of the scope.
    fn named(&mut self) -> Option<()> {
        let at = self.word(is_name);
        let name = at.of(self.source);
        if name.is_empty() {
            return self.unexpected();
        }
        let value = if self.eat("(") {
            if name == "now" {
                self.demand(")")?;
                self.live().map_or(Value::Undefined, |scope| Value::Number(scope.now().0 as f64))
            } else {
                let Some(function) = Function::named(name) else {
                    return self.fail(Problem::UnknownFunction, at.start, at.end);
                };
                self.enclosed()?;
                let Some(scope) = self.live() else { return Some(()) };
                let text = if function == Function::Json { json_of(&self.value) } else { text_of(&self.value) };
                let text = text.map(|text| function.apply(text, scope));
                Value::Text(self.spend(text, at)?)
            }
        } else {
            match name {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                "undefined" => Value::Undefined,
                _ => {
                    if self.scope.is_none() {
                        self.names.push(Named { root: at, member: None, required: true });
                    }
                    let root = self.live().and_then(|scope| scope.lookup(name));
                    return self.steps(root.as_deref(), at);
                }
            }
        };
        self.put(value);
        Some(())
    }

    #[inline(never)]
    fn put(&mut self, value: Value) {
        self.value = value;
    }

    /// The steps that come next, from the value of what was read at `at`; of a large value only the part that is wanted is
    /// copied. Where they lead to nothing or to `undefined`, the path is unknown.
    fn steps(&mut self, mut value: Option<&Value>, mut at: Span) -> Option<()> {
        // Behind a name, and not behind a literal, a call or a group.
        let mut is_first = at.start < at.end;
        let start = at.start;
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
                break;
            }
            if let Some(found) = value {
                at = Span { start, end: self.at };
                value = match found {
                    Value::Map(map) => map.get(&key),
                    Value::List(items) => index(&key).and_then(|index| items.get(index)),
                    _ => None,
                };
            }
            if is_first && let Some(name) = self.names.last_mut() {
                name.member = Some(key);
            }
            is_first = false;
        }
        let value = value.filter(|value| !matches!(value, Value::Undefined));
        if value.is_none() && self.live().is_some() {
            self.lost = Some(at);
        }
        self.put(value.cloned().unwrap_or_default());
        Some(())
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
        self.fail(problem, at.start, at.end)
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
