//! Reading an object of options: every member by its type, nothing misspelt, every fault with its path.
//!
//! Reading goes on after a fault, with the member taken for missing, and the first fault is what is reported in the end.
//! So no reader has to stop half-way, and a path is written out only when something is wrong there.

use std::cell::OnceCell;

use super::error::{AuthError, Code};
use super::lite::json::number_to_text;
use super::lite::text::{concat, cut, holds};
use super::value::{Map, Value};

/// The first thing that is wrong.
#[derive(Debug, Default)]
pub struct Faults(OnceCell<AuthError>);

impl Faults {
    /// What was read, if nothing is wrong.
    ///
    /// # Errors
    /// The first fault.
    pub fn verdict(self) -> Result<(), AuthError> {
        self.0.into_inner().map_or(Ok(()), Err)
    }
}

/// Where a value stands: its key, within what is around it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    outer: Option<&'a Place<'a>>,
    key: &'a str,
    /// For an item of a list, which has no key.
    index: usize,
    faults: &'a Faults,
}

impl<'a> Place<'a> {
    /// The outermost place.
    pub const fn root(path: &'a str, faults: &'a Faults) -> Self {
        Self { outer: None, key: path, index: 0, faults }
    }

    /// The place of a member.
    pub const fn member<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { outer: Some(self), key, index: 0, faults: self.faults }
    }

    /// The place of an item.
    pub const fn item(&self, index: usize) -> Place<'_> {
        Place { outer: Some(self), key: "", index, faults: self.faults }
    }

    /// The path, as JavaScript would write it: `flows.signin[1].request.url`.
    #[inline(never)]
    pub fn path(&self) -> String {
        let Some(outer) = self.outer else { return self.key.to_owned() };
        let outer = outer.path();
        if self.key.is_empty() {
            return concat(&[&outer, "[", &number_to_text(self.index as f64), "]"]);
        }
        concat(&[&outer, if outer.is_empty() { "" } else { "." }, self.key])
    }

    /// Notes that what stands here is wrong.
    #[inline(never)]
    pub fn fail(&self, message: &'static str) {
        self.report(AuthError::new(Code::InvalidOption, message));
    }

    /// Notes that a text can be no key. In JavaScript it may hold half a surrogate pair, which comes as U+FFFD: another key.
    #[inline(never)]
    fn check_key(&self, text: &Value) {
        if text.as_text().is_some_and(|text| cut(text, "\u{fffd}").is_some()) {
            self.fail("must be well-formed: half a surrogate pair is no text");
        }
    }

    /// Notes an error about what stands here.
    #[inline(never)]
    pub fn report(&self, error: AuthError) {
        self.faults.0.get_or_init(|| error.at(self.path()));
    }
}

/// An object of options and its place.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    members: Option<&'a Map>,
    /// Where it stands.
    pub place: Place<'a>,
}

fn words_of(words: &[&str]) -> String {
    let mut message = String::from("must be one of");
    let mut separator = " ";
    for word in words {
        message.push_str(separator);
        message.push_str(word);
        separator = ", ";
    }
    message
}

/// `ERR_INVALID_OPTION` at a path.
pub fn invalid(path: &str, message: &'static str) -> AuthError {
    AuthError::new(Code::InvalidOption, message).at(path)
}

impl<'a> Section<'a> {
    /// Takes an object that may have members of these names and no others; a missing one has none.
    #[inline(never)]
    pub fn open(value: &'a Value, place: Place<'a>, keys: &[&str]) -> Self {
        let members = value.as_map();
        if members.is_none() && !matches!(value, Value::Undefined) {
            place.fail("must be an object");
        }
        if let Some(members) = members {
            for (key, _) in members {
                if !keys.contains(&key.as_str()) {
                    place.member(key).fail("there is no such option");
                }
            }
        }
        Self { members, place }
    }

    /// A member that is an object with members of these names and no others.
    pub fn section(&'a self, key: &'a str, keys: &[&str]) -> Self {
        Self::open(self.get(key), self.place.member(key), keys)
    }

    /// Whether the object was given.
    pub const fn is_given(&self) -> bool {
        self.members.is_some()
    }

    /// Notes that a member is wrong.
    #[inline(never)]
    pub fn fail(&self, key: &str, message: &'static str) {
        self.place.member(key).fail(message);
    }

    /// A member; `undefined` when there is none.
    #[inline(never)]
    pub fn get(&self, key: &str) -> &'a Value {
        self.members.and_then(|members| members.get(key)).unwrap_or(&Value::Undefined)
    }

    /// Whether a member was given.
    pub fn has(&self, key: &str) -> bool {
        !matches!(self.get(key), Value::Undefined)
    }

    /// A member that must be a text, and not an empty one.
    #[inline(never)]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        match self.get(key) {
            Value::Undefined => None,
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => {
                self.fail(key, "must be a text that is not empty");
                None
            }
        }
    }

    /// A copy of such a text.
    #[inline(never)]
    pub fn owned(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    /// Notes that a member that is a text can be no key.
    pub fn check_key(&self, key: &str) {
        self.place.member(key).check_key(self.get(key));
    }

    /// A member that must be a number from `least` on.
    #[inline(never)]
    pub fn number(&self, key: &str, least: f64) -> Option<f64> {
        match self.get(key) {
            Value::Undefined => None,
            Value::Number(number) if *number >= least && number.is_finite() => Some(*number),
            _ => {
                self.fail(key, "must be a number that makes sense here");
                None
            }
        }
    }

    /// A member that must be true or false; `false` when it is missing.
    #[inline(never)]
    pub fn flag(&self, key: &str) -> bool {
        match self.get(key) {
            Value::Undefined => false,
            Value::Bool(flag) => *flag,
            _ => {
                self.fail(key, "must be true or false");
                false
            }
        }
    }

    /// A member that must be one of these words; gives what stands in `all` in the word's place.
    pub fn word<T: Copy>(&self, key: &str, words: &[&str], all: &[T]) -> Option<T> {
        all.get(self.position(key, words)?).copied()
    }

    #[inline(never)]
    fn position(&self, key: &str, words: &[&str]) -> Option<usize> {
        let value = self.get(key);
        let found = value.as_text().and_then(|text| words.iter().position(|word| *word == text));
        if found.is_none() && !matches!(value, Value::Undefined) {
            let message = words_of(words);
            self.place.member(key).report(AuthError::new(Code::InvalidOption, message));
        }
        found
    }

    /// A member that must be an object, of whatever members.
    #[inline(never)]
    pub fn map(&self, key: &str) -> Option<&'a Map> {
        let value = self.get(key);
        if !matches!(value, Value::Undefined | Value::Map(_)) {
            self.fail(key, "must be an object");
        }
        value.as_map()
    }

    /// A member that must be an array of texts, which are keys; those that are none are left out.
    #[inline(never)]
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        let items = match self.get(key) {
            Value::Undefined => return None,
            Value::List(items) => items.as_slice(),
            _ => {
                self.fail(key, "must be an array of texts");
                &[]
            }
        };
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            self.place.member(key).item(index).check_key(item);
            match item {
                Value::Text(text) if !text.is_empty() => texts.push(text.clone()),
                _ => self.place.member(key).item(index).fail("must be a text that is not empty"),
            }
        }
        Some(texts)
    }

    /// The member `headers`: names that HTTP allows, texts with or without templates.
    #[inline(never)]
    pub fn headers(&self) -> Option<&'a Map> {
        let headers = self.map("headers")?;
        let place = self.place.member("headers");
        for (name, value) in headers {
            if name.is_empty() || holds(name, |byte| !is_header_byte(byte)) {
                place.member(name).fail("no header can have this name");
            }
            if value.as_text().is_none() {
                place.member(name).fail("must be a text");
            }
        }
        Some(headers)
    }
}

/// RFC 9110 section 5.6.2, `tchar`.
const fn is_header_byte(byte: u8) -> bool {
    let is_delimiter = matches!(byte, b'"' | b'(' | b')' | b',' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}');
    byte.is_ascii_graphic() && !is_delimiter
}
