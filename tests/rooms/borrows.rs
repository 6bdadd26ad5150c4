//! No borrow is alive when JavaScript runs.
//!
//! Read from the source alone, so it knows names and not types: a `borrow` is a method of that name, a call of JavaScript is a
//! function of one of the rooms that lead there. A temporary lives to the end of its statement, and in the head of a `match`,
//! `for`, `if let` or `while let` through the block as well; a guard with a name lives to the end of its block, or to its `drop`.

use super::source::Source;
use super::{Finding, hold};

/// The rooms that lead into JavaScript, and functions that do wherever they are imported.
const ROOMS: [&str; 6] = ["page", "data", "storage", "ports", "js_sys", "Reflect"];
const FUNCTIONS: [&str; 3] = ["now", "lent", "lend"];

#[test]
fn no_borrow_is_alive_when_javascript_runs() {
    hold(borrowed, "JavaScript may call us: make the call first, or take out of the cell what it needs");
}

pub fn borrowed(file: &Source) -> Vec<Finding> {
    if !file.is_in("src/shell/") && !file.is_in("src/bindings/") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    Reader { file, findings: &mut findings }.block(0, file.tokens.len());
    findings.sort();
    findings.dedup();
    findings
}

/// Works on ranges of tokens that hold whole groups.
struct Reader<'a> {
    file: &'a Source,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Reader<'a> {
    /// Statements, one after the other, with the guards that they leave.
    fn block(&mut self, start: usize, end: usize) {
        let mut guards: Vec<&str> = Vec::new();
        let mut at = start;
        while at < end {
            let next = self.end_of_statement(at, end);
            let dropped = (at..next).find(|at| self.file.text(*at) == "drop" && self.file.text(at + 1) == "(");
            if let Some(dropped) = dropped {
                guards.retain(|guard| *guard != self.file.text(dropped + 2));
            } else if !guards.is_empty() {
                self.report_calls(at, next);
            }
            self.statement(at, next);
            guards.extend(self.guard(at, next));
            at = next;
        }
    }

    /// Behind the `;`, or behind the block of what needs none, or behind the arm of a match.
    fn end_of_statement(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        let is_block = self.is_block_like(start);
        while at < end {
            match self.file.text(at) {
                ";" => return at + 1,
                // Behind an arm; between the arguments of a type it ends nothing.
                "," if self.file.text(start) != "let" => return at + 1,
                "{" => {
                    at = self.file.closing(at) + 1;
                    let goes_on = matches!(self.file.text(at), "else" | "." | "?" | "," | ";");
                    let is_arm = self.is_arm(start, at);
                    if (is_block || is_arm) && !goes_on {
                        return at;
                    }
                    continue;
                }
                "(" | "[" => at = self.file.closing(at),
                _ => {}
            }
            at += 1;
        }
        end
    }

    /// Whether `=>` stands between the two at this level: what ends there is the arm's block.
    fn is_arm(&self, start: usize, end: usize) -> bool {
        self.level(start, end).into_iter().any(|at| self.file.text(at) == "=" && self.file.text(at + 1) == ">")
    }

    /// Whether a statement that begins here ends with its block.
    fn is_block_like(&self, start: usize) -> bool {
        const WORDS: [&str; 18] = [
            "if", "match", "for", "while", "loop", "unsafe", "fn", "pub", "impl", "mod", "struct", "enum", "trait",
            "extern", "async", "const", "#", "{",
        ];
        WORDS.contains(&self.file.text(start)) || self.file.text(start) == "'"
    }

    /// The places between the two that are not within a group.
    fn level(&self, start: usize, end: usize) -> Vec<usize> {
        let mut places = Vec::new();
        let mut at = start;
        while at < end {
            places.push(at);
            at = if matches!(self.file.text(at), "(" | "[" | "{") { self.file.closing(at).max(at) + 1 } else { at + 1 };
        }
        places
    }

    /// Looks at one statement: its heads and blocks each for itself, the rest as a whole.
    fn statement(&mut self, start: usize, end: usize) {
        let arrow =
            self.level(start, end).into_iter().find(|at| self.file.text(*at) == "=" && self.file.text(at + 1) == ">");
        if let Some(arrow) = arrow {
            self.expression(arrow + 2, end);
        } else {
            self.expression(start, end);
        }
    }

    /// An expression: what it borrows itself lives through all of it.
    fn expression(&mut self, start: usize, end: usize) {
        let mut own = Vec::new();
        let mut at = start;
        while at < end {
            match self.file.text(at) {
                "if" | "while" | "match" | "for" if self.file.tokens[at].is_word => {
                    at = self.control(at, end);
                    continue;
                }
                "|" if self.opens_closure(start, at) => {
                    let (body, behind) = self.closure(at, end);
                    self.expression(body, behind);
                    at = behind;
                    continue;
                }
                "{" if !self.is_literal(at) => {
                    let close = self.file.closing(at);
                    self.block(at + 1, close);
                    at = close + 1;
                    continue;
                }
                // A group is a part of the expression, and may hold closures and blocks.
                "(" | "[" | "{" => {
                    let close = self.file.closing(at);
                    let inner = self.borrows_of_group(at + 1, close);
                    own.extend(inner);
                    at = close + 1;
                    continue;
                }
                _ => own.extend(self.is_borrow(at).then_some(at)),
            }
            at += 1;
        }
        if !own.is_empty() {
            self.report_calls(start, end);
        }
    }

    /// The borrows of a group that live as long as the expression around it; closures and blocks in it are looked at.
    fn borrows_of_group(&mut self, start: usize, end: usize) -> Vec<usize> {
        let mut own = Vec::new();
        let mut at = start;
        while at < end {
            match self.file.text(at) {
                "|" if self.opens_closure(start, at) => {
                    let (body, behind) = self.closure(at, end);
                    self.expression(body, behind);
                    at = behind;
                    continue;
                }
                "if" | "while" | "match" | "for" if self.file.tokens[at].is_word => {
                    at = self.control(at, end);
                    continue;
                }
                "{" if !self.is_literal(at) => {
                    let close = self.file.closing(at);
                    self.block(at + 1, close);
                    at = close;
                }
                "(" | "[" | "{" => {
                    let close = self.file.closing(at);
                    let inner = self.borrows_of_group(at + 1, close);
                    own.extend(inner);
                    at = close;
                }
                _ => own.extend(self.is_borrow(at).then_some(at)),
            }
            at += 1;
        }
        own
    }

    /// `if`, `while`, `match` or `for` with its head and its first block; gives the place behind that.
    fn control(&mut self, start: usize, end: usize) -> usize {
        let word = self.file.text(start);
        let Some(open) = self
            .level(start + 1, end)
            .into_iter()
            .find(|at| self.file.text(*at) == "{" && !self.is_pattern(start, *at))
        else {
            return end;
        };
        self.expression(start + 1, open);
        let close = self.file.closing(open);
        self.block(open + 1, close);
        // The condition's own temporaries end before the block, but those that a pattern looks into do not.
        let head = self.level(start + 1, open);
        let keeps = matches!(word, "match" | "for") || head.iter().any(|at| self.file.text(*at) == "let");
        if keeps && (start + 1..open).any(|at| self.is_borrow(at)) {
            self.report_calls(open + 1, close);
        }
        close + 1
    }

    /// Whether the brace is one of a pattern, as in `if let A { b } = c {`.
    fn is_pattern(&self, start: usize, brace: usize) -> bool {
        let close = self.file.closing(brace);
        let is_let = self
            .level(start, brace)
            .into_iter()
            .any(|at| self.file.text(at) == "let" || self.file.text(start) == "for");
        is_let && matches!(self.file.text(close + 1), "=" | "in" | "|")
    }

    /// Whether the brace belongs to a value that is written out: `Name { … }`.
    fn is_literal(&self, brace: usize) -> bool {
        let before = self.file.text(brace.wrapping_sub(1));
        let is_type = before.chars().next().is_some_and(char::is_uppercase);
        // `fn f() -> Name {` and `impl Name {` are none.
        let row =
            (brace.saturating_sub(200)..brace).rev().take_while(|at| !matches!(self.file.text(*at), ";" | "{" | "}"));
        let is_item = row
            .into_iter()
            .any(|at| matches!(self.file.text(at), "fn" | "impl" | "trait" | "struct" | "enum" | "mod" | "for"));
        is_type && !is_item
    }

    fn opens_closure(&self, start: usize, at: usize) -> bool {
        at == start || matches!(self.file.text(at - 1), "," | "=" | "move" | "(" | ">" | "return" | "{" | ";")
    }

    /// Where the body of a closure begins, and the place behind it.
    fn closure(&self, start: usize, end: usize) -> (usize, usize) {
        let places = self.level(start + 1, end);
        let bar = places.into_iter().find(|at| self.file.text(*at) == "|").unwrap_or(start);
        let body = bar + 1;
        let behind =
            self.level(body, end).into_iter().find(|at| matches!(self.file.text(*at), "," | ";")).unwrap_or(end);
        (body, behind)
    }

    /// The name that a `let` gives to a guard, or to what looks into one.
    fn guard(&self, start: usize, end: usize) -> Option<&'a str> {
        let file = self.file;
        if self.file.text(start) != "let" {
            return None;
        }
        let level = self.level(start, end);
        let equals = *level.iter().find(|at| self.file.text(**at) == "=" && self.file.text(*at + 1) != "=")?;
        let value: Vec<usize> = level.into_iter().filter(|at| *at > equals).collect();
        let borrow = value.iter().rposition(|at| self.is_borrow(*at))?;
        let is_reference = self.file.text(equals + 1) == "&";
        // Behind `.borrow()` nothing may stand but what takes the guard out of a result.
        let rest: Vec<&str> =
            value.get(borrow + 1..).unwrap_or_default().iter().map(|at| self.file.text(*at)).collect();
        const UNWRAP: [&str; 14] = [
            ";",
            ".",
            "?",
            "(",
            "unwrap",
            "expect",
            "ok",
            "else",
            "{",
            "ok_or",
            "ok_or_else",
            "map_err",
            "as_mut",
            "deref",
        ];
        let is_guard = is_reference || rest.iter().all(|word| UNWRAP.contains(word));
        let names = (start + 1..equals).filter(|at| file.tokens[*at].is_word);
        let name = names.map(|at| file.text(at)).rfind(|word| word.starts_with(|c: char| c.is_lowercase() || c == '_'));
        // `_` keeps nothing.
        name.filter(|name| is_guard && *name != "_")
    }

    fn is_borrow(&self, at: usize) -> bool {
        let is_named = matches!(
            self.file.text(at),
            "borrow" | "borrow_mut" | "try_borrow" | "try_borrow_mut" | "with_borrow" | "with_borrow_mut"
        );
        is_named && self.file.text(at.wrapping_sub(1)) == "." && self.file.text(at + 1) == "("
    }

    /// What is called of JavaScript between the two.
    fn report_calls(&mut self, start: usize, end: usize) {
        for at in start..end {
            let word = self.file.text(at);
            let before = self.file.text(at.wrapping_sub(1));
            if FUNCTIONS.contains(&word) && self.file.text(at + 1) == "(" && before != "fn" {
                self.findings.push((self.file.line(at), format!("{word}() while something is borrowed")));
            }
            if !ROOMS.contains(&word) || before == ":" || before == "." {
                continue;
            }
            let mut last = at;
            while self.file.text(last + 1) == ":" && self.file.text(last + 2) == ":" {
                last += 3;
            }
            // A call, and no variant of an enum with a value in it.
            let is_function = self.file.text(last).starts_with(|c: char| c.is_lowercase());
            if last > at && is_function && self.file.text(last + 1) == "(" {
                let what = format!("{word}::{}() while something is borrowed", self.file.text(last));
                self.findings.push((self.file.line(at), what));
            }
        }
    }
}
