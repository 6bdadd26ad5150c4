//! What is the same about two states: everything but the numbers that only say in which order things came.
//!
//! A session can't be hashed, but printed. What is printed is read with moments counted from now, and ids in the order
//! in which they occur. Left out: the trace, what is masked, the options (always the same), the numbers that only ever
//! grow, the generator. Secrets are printed as `[redacted]`; so the server gives each token a lifetime of its own, which
//! is printed, and [`crate::tab::Tab::seen`] has the stored text that the tab knows.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash as _, Hasher as _};

use doorkey::core::input::EffectId;
use doorkey::core::session::Session;

/// Members that say nothing about what comes.
const LEFT_OUT: [&[u8]; 9] = [
    b"trace: ",
    b"options: ",
    b"random: ",
    b"last: ",
    b"known: ",
    b"platform: ",
    b"program: ",
    b"revision: ",
    b"seen: ",
];

/// The two of them that are compared with each other.
const COMPARED: [&[u8]; 2] = [b"revision: ", b"seen: "];

/// Numbers between these are moments.
const MOMENTS: std::ops::Range<u64> = 1_000_000_000_000..100_000_000_000_000;

/// What is the same about two sessions.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Canon {
    digest: u64,
    /// The effects whose ids occur, in their order.
    ids: Vec<u64>,
}

impl Canon {
    /// Reads a session at a moment.
    pub fn of(session: &Session, now: u64, text: &mut String) -> Self {
        text.clear();
        write!(text, "{session:?}").expect("a text takes all");
        let mut reader = Reader { text: text.as_bytes(), at: 0, now, ids: Vec::new(), hash: DefaultHasher::new() };
        reader.read();
        Self { digest: reader.hash.finish(), ids: reader.ids }
    }

    /// What of it goes into the hash of the whole: the ids themselves do not.
    pub const fn digest(&self) -> u64 {
        self.digest
    }

    /// The place of an id among those that occur; one that nobody awaits has none.
    pub fn place(&self, id: EffectId) -> usize {
        self.ids.iter().position(|known| *known == u64::from(id.0)).unwrap_or(usize::MAX)
    }
}

/// Hashes a stored text, its moments counted from now.
pub fn hash_text(text: &str, now: u64, hash: &mut DefaultHasher) {
    let mut reader = Reader { text: text.as_bytes(), at: 0, now, ids: Vec::new(), hash: DefaultHasher::new() };
    reader.read();
    hash.write_u64(reader.hash.finish());
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    now: u64,
    ids: Vec<u64>,
    hash: DefaultHasher,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut compared = [Vec::new(), Vec::new()];
        let (mut from, mut is_name) = (0, true);
        while let Some(&byte) = self.text.get(self.at) {
            let rest = &self.text[self.at..];
            if byte.is_ascii_digit() {
                self.hash.write(&self.text[from..self.at]);
                self.number();
                from = self.at;
            } else if is_name
                && byte.is_ascii_lowercase()
                && let Some(name) = LEFT_OUT.iter().find(|name| rest.starts_with(name))
            {
                self.hash.write(&self.text[from..self.at]);
                self.at += name.len();
                let begin = self.at;
                self.skip();
                if let Some(at) = COMPARED.iter().position(|compared| compared == name) {
                    let digits = self.text[begin..self.at].iter().copied().filter(u8::is_ascii_digit);
                    compared[at] = digits.collect();
                }
                from = self.at;
            } else {
                self.at += 1;
            }
            is_name = matches!(byte, b' ' | b'{');
        }
        self.hash.write(&self.text[from..]);
        (compared[0] == compared[1]).hash(&mut self.hash);
    }

    fn number(&mut self) {
        let begin = self.at;
        let mut number = 0_u64;
        while let Some(digit) = self.text.get(self.at).filter(|byte| byte.is_ascii_digit()) {
            number = number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let before = &self.text[..begin];
        let is_own_call = before.ends_with(b"CallId(") && number >= 1 << 31;
        if before.ends_with(b"EffectId(") || is_own_call {
            // Calls of our own are numbered with the effects.
            let id = number & !(1 << 31);
            let place = self.ids.iter().position(|known| *known == id).unwrap_or_else(|| {
                self.ids.push(id);
                self.ids.len() - 1
            });
            self.hash.write_usize(place);
        } else if MOMENTS.contains(&number) {
            self.hash.write_i64(number as i64 - self.now as i64);
        } else {
            self.hash.write_u64(number);
        }
    }

    /// Goes past a value: to the comma or the bracket behind it.
    fn skip(&mut self) {
        let (mut depth, mut quoted) = (0, false);
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\\' if quoted => self.at += 1,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' if depth == 0 => return,
                b'}' | b']' | b')' => depth -= 1,
                b',' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}
