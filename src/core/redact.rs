//! Masking: what leaves doorkey as text or data holds no secret that it knows, however it is spelt.

pub mod names;
mod spelling;
mod words;

use std::cell::OnceCell;

pub use self::names::{MASK, is_secret_name};
use self::spelling::{Spelling, View};
use self::words::Words;
use super::error::AuthError;
use super::platform::Platform;
use super::token::Tokens;
use super::value::{Map, Value};
use crate::core::lite::codec::base64;
use crate::core::lite::json::number_to_text;
use crate::core::lite::text::{concat, split, start};

/// What is longer is nothing that a person reads.
const LONGEST_MESSAGE: usize = 500;

/// Shorter texts are not looked for: they would mask half of every message.
const SHORTEST: usize = 4;

/// The secrets to look for.
#[derive(Clone, Default)]
pub struct Secrets {
    /// As keys, so that each is known once.
    known: Map,
    /// The same in the order in which they are looked for, once all are known.
    words: OnceCell<Words>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(MASK)
    }
}

impl Secrets {
    /// Adds a secret, which is looked for as it is and in Base64. Other spellings are undone in the text that is looked through.
    pub fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.words.take();
            self.known.set(secret, Value::Null);
        }
    }

    /// What to look for. It is spelt out when the first text is looked through: most are of calls that nobody looks at.
    fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let mut words = Vec::new();
            for (secret, _) in &self.known {
                spell(secret, &mut words);
            }
            Words::new(&words)
        })
    }

    /// Adds what is not plain ASCII in both forms in which Unicode has it, composed and decomposed.
    pub fn add_forms(&mut self, platform: Platform) {
        for secret in self.known.keys() {
            if !secret.is_ascii() {
                for form in ["nfc", "nfd"] {
                    self.add(&(platform.normalize)(&secret, form));
                }
            }
        }
    }

    /// Adds all that another knows.
    pub fn extend(&mut self, other: &Self) {
        self.words.take();
        self.known.extend(&other.known);
    }

    /// Adds the tokens.
    pub fn add_tokens(&mut self, tokens: &Tokens) {
        for secret in [&tokens.access, &tokens.refresh, &tokens.id].into_iter().flatten() {
            self.add(secret.expose());
        }
    }

    /// Adds the members of objects whose names say that they are secret, however deep.
    pub fn add_members(&mut self, value: &Value) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.add_members(item)),
            Value::Map(map) => self.add_members_of(map),
            _ => {}
        }
    }

    /// The same for the members of a map.
    pub fn add_members_of(&mut self, map: &Map) {
        for (key, member) in map {
            if is_secret_name(key) {
                self.add_value(member);
            } else {
                self.add_members(member);
            }
        }
    }

    /// Adds what stands under the name of a secret. In an object there, names tell again: not all of it need be secret.
    fn add_value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.add(text),
            Value::Number(number) => self.add(&number_to_text(*number)),
            Value::List(items) => items.iter().for_each(|item| self.add_value(item)),
            other => self.add_members(other),
        }
    }

    /// The text with every secret masked, in whatever spelling.
    pub fn mask_text(&self, text: &str) -> String {
        let words = self.words();
        let mut cover = Cover { text, marks: Vec::new() };
        words.search(text.as_bytes(), &mut |from, to, goes_on| cover.hide(from, to, goes_on));
        for spelling in Spelling::ALL {
            if spelling.is_in(text) {
                let view = View::new(text, spelling);
                words.search(&view.bytes, &mut |from, to, goes_on| {
                    cover.hide(view.place(from), view.place(to), goes_on);
                });
            }
        }
        cover.masked()
    }

    /// The first characters of the text, so many at most, with every secret masked: also one that the cut goes through.
    pub fn mask_and_cut(&self, text: &str, most: usize) -> String {
        start(&self.mask_text(text), most).to_owned()
    }

    /// The data with every secret masked: known texts anywhere, and whatever stands under a name of a secret.
    pub fn mask(&self, value: &Value) -> Value {
        names::mask(value, &|text| self.mask_text(text))
    }

    /// The members with every secret masked.
    pub fn mask_map(&self, map: &Map) -> Map {
        names::mask_map(map, &|text| self.mask_text(text))
    }

    /// Masks what a person may read of an error.
    pub fn mask_error(&self, error: &mut AuthError) {
        let whole = self.mask_text(&error.message);
        // Masked before it is cut: what goes through the cut is a secret, too.
        let message = start(&whole, LONGEST_MESSAGE);
        let body = self.mask(&error.body);
        if whole != error.message || body != error.body {
            // What the host threw holds the secret that its text or its data held.
            error.cause = None;
        }
        error.message = message.to_owned().into();
        error.body = body;
        error.path = error.path.take().map(|path| self.mask_text(&path));
    }
}

/// Adds a secret as it is, and in Base64.
fn spell(secret: &str, words: &mut Vec<String>) {
    words.push(secret.to_owned());
    for url in [false, true] {
        let encoded = base64(secret.as_bytes(), url);
        words.push(split(&encoded, |byte| byte == b'=').0.to_owned());
        // Amid other Base64 it begins at one of three places of a group, and shares its first and last digit.
        for (before, shared) in &[("", 0), ("-", 2), ("--", 3)] {
            let bytes = concat(&[before, secret]);
            let digits = base64(bytes.as_bytes(), url);
            let own = digits.get(*shared..bytes.len() * 8 / 6).unwrap_or_default();
            words.push(own.to_owned());
        }
    }
}

/// Which parts of a text are hidden.
struct Cover<'a> {
    text: &'a str,
    /// For each byte what is to be seen of it; empty while nothing is hidden.
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Seen,
    /// The mask stands here.
    Begin,
    Inside,
}

impl Cover<'_> {
    /// Hides a part; `goes_on` when what is before it is hidden by the same mask.
    fn hide(&mut self, from: usize, to: usize, goes_on: bool) {
        self.marks.resize(self.text.len(), Mark::Seen);
        for (at, mark) in self.marks.get_mut(from..to).unwrap_or_default().iter_mut().enumerate() {
            // What another spelling hid within this part needs no mask of its own.
            if at > 0 || *mark == Mark::Seen {
                *mark = if at > 0 || goes_on { Mark::Inside } else { Mark::Begin };
            }
        }
    }

    fn masked(&self) -> String {
        if self.marks.is_empty() {
            return self.text.to_owned();
        }
        let mut masked = String::new();
        for (at, c) in self.text.char_indices() {
            match self.marks.get(at) {
                Some(Mark::Begin) => masked.push_str(MASK),
                Some(Mark::Inside) => {}
                _ => masked.push(c),
            }
        }
        masked
    }
}

#[cfg(test)]
mod tests;
