//! Data as bytes: how it crosses between JavaScript and Rust. The other end is wire.js, which says what stands where.

use super::refs;
use crate::core::input::EffectId;
use crate::core::lite::text::from_utf8;
use crate::core::value::{ForeignKind, HostRef, Map, Value};

/// Ends an array or an object.
pub const END: u8 = b';';
/// Nothing.
pub const UNDEFINED: u8 = b'u';
/// `null`.
pub const NULL: u8 = b'n';
/// `false`.
pub const FALSE: u8 = b'f';
/// `true`.
pub const TRUE: u8 = b't';
/// Eight bytes of a double follow, as all numbers the least first.
pub const NUMBER: u8 = b'd';
/// Four bytes of length follow, and UTF-8.
pub const TEXT: u8 = b's';
/// Values follow.
pub const LIST: u8 = b'[';
/// Keys and values follow in turn.
pub const MAP: u8 = b'{';
/// Four bytes follow: the number of a function.
pub const FUNCTION: u8 = b'F';
/// Four bytes follow: the number of a query.
pub const QUERY: u8 = b'Q';
/// Four bytes follow: the number of anything else that is carried.
pub const OTHER: u8 = b'O';

/// Reads one value; bytes that mean none are `undefined`.
pub fn read(bytes: &[u8]) -> Value {
    Reader(bytes).value().unwrap_or_default()
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const SIZE: usize>(&mut self) -> Option<[u8; SIZE]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn count(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let size = self.count()? as usize;
        let (taken, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        from_utf8(taken.to_vec())
    }

    fn foreign(&mut self, kind: ForeignKind) -> Option<Value> {
        Some(Value::Foreign(refs::taken(HostRef::new(kind, self.count()?))))
    }

    /// The next value; `None` at the end of an array, an object, or the bytes. What is nested is not deep: see copy.js.
    fn value(&mut self) -> Option<Value> {
        let [letter] = self.take()?;
        Some(match letter {
            NULL => Value::Null,
            FALSE | TRUE => Value::Bool(letter == TRUE),
            NUMBER => Value::Number(f64::from_le_bytes(self.take()?)),
            TEXT => Value::Text(self.text()?),
            LIST => {
                let mut items = Vec::new();
                while let Some(item) = self.value() {
                    items.push(item);
                }
                Value::List(items)
            }
            MAP => {
                let mut map = Map::new();
                while let Some(Value::Text(key)) = self.value() {
                    map.push(key, self.value()?);
                }
                Value::Map(map)
            }
            FUNCTION => self.foreign(ForeignKind::Function)?,
            QUERY => self.foreign(ForeignKind::Query)?,
            OTHER => self.foreign(ForeignKind::Other)?,
            END => return None,
            _ => Value::Undefined,
        })
    }
}

/// Messages on their way out, as they are written.
#[derive(Debug)]
pub struct Messages(Vec<u8>);

impl Messages {
    /// None yet.
    pub fn new() -> Self {
        Self(vec![LIST])
    }

    /// Their bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.push(END);
        self.0
    }

    /// Begins a message, which ends when it is dropped; its members follow.
    pub fn begin(&mut self, op: &str) -> Message<'_> {
        Message::open(&mut self.0).text("op", op)
    }

    /// Begins a message that wants an answer, or tells of one that is wanted no more.
    pub fn ask(&mut self, op: &str, id: EffectId) -> Message<'_> {
        self.begin(op).number("id", f64::from(id.0))
    }
}

impl Default for Messages {
    fn default() -> Self {
        Self::new()
    }
}

/// One object, as it is written; it ends when it is dropped.
#[derive(Debug)]
pub struct Message<'a>(&'a mut Vec<u8>);

impl<'a> Message<'a> {
    /// Begins an object.
    pub fn open(bytes: &'a mut Vec<u8>) -> Self {
        bytes.push(MAP);
        Self(bytes)
    }

    /// A member that is a text.
    #[inline(never)]
    pub fn text(self, name: &str, text: &str) -> Self {
        put_text(self.0, name);
        put_text(self.0, text);
        self
    }

    /// A member that is a text, if there is one.
    pub fn maybe(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A member that is a number.
    #[inline(never)]
    pub fn number(self, name: &str, number: f64) -> Self {
        put_text(self.0, name);
        put_number(self.0, number);
        self
    }

    /// A member that is a number, if there is one.
    pub fn maybe_number(self, name: &str, number: Option<f64>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    /// A member that is true or false.
    #[inline(never)]
    pub fn flag(self, name: &str, truth: bool) -> Self {
        put_text(self.0, name);
        self.0.push(if truth { TRUE } else { FALSE });
        self
    }

    /// A member that is any value.
    #[inline(never)]
    pub fn value(self, name: &str, value: &Value) -> Self {
        put_text(self.0, name);
        put_value(self.0, value);
        self
    }

    /// A member that is the number of something carried.
    pub fn foreign(self, name: &str, foreign: &HostRef) -> Self {
        put_text(self.0, name);
        put_foreign(self.0, foreign);
        self
    }

    /// A member that is an array of values.
    #[inline(never)]
    pub fn list(self, name: &str, values: &[Value]) -> Self {
        put_text(self.0, name);
        put_list(self.0, values);
        self
    }

    /// A member that is an array of texts.
    #[inline(never)]
    pub fn texts(self, name: &str, texts: &[String]) -> Self {
        put_text(self.0, name);
        self.0.push(LIST);
        for text in texts {
            put_text(self.0, text);
        }
        self.0.push(END);
        self
    }

    /// A member that is an array of names and texts in turn.
    #[inline(never)]
    pub fn pairs<V>(self, name: &str, pairs: &[(String, V)], show: fn(&V) -> &str) -> Self {
        put_text(self.0, name);
        self.0.push(LIST);
        for (name, value) in pairs {
            put_text(self.0, name);
            put_text(self.0, show(value));
        }
        self.0.push(END);
        self
    }

    /// A member that is an array of numbers.
    pub fn numbers(self, name: &str, numbers: &[u32]) -> Self {
        put_text(self.0, name);
        self.0.push(LIST);
        for number in numbers {
            put_number(self.0, f64::from(*number));
        }
        self.0.push(END);
        self
    }

    /// A member that is an object.
    pub fn map(self, name: &str, write: impl FnOnce(Message<'_>)) -> Self {
        put_text(self.0, name);
        write(Message::open(self.0));
        self
    }
}

impl Drop for Message<'_> {
    fn drop(&mut self) {
        self.0.push(END);
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(TEXT);
    bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

fn put_number(bytes: &mut Vec<u8>, number: f64) {
    bytes.push(NUMBER);
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn put_foreign(bytes: &mut Vec<u8>, foreign: &HostRef) {
    bytes.push(match foreign.kind() {
        ForeignKind::Function => FUNCTION,
        ForeignKind::Query => QUERY,
        ForeignKind::Other => OTHER,
    });
    bytes.extend_from_slice(&foreign.number().to_le_bytes());
}

fn put_list(bytes: &mut Vec<u8>, values: &[Value]) {
    bytes.push(LIST);
    for value in values {
        put_value(bytes, value);
    }
    bytes.push(END);
}

fn put_value(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Undefined => bytes.push(UNDEFINED),
        Value::Null => bytes.push(NULL),
        Value::Bool(truth) => bytes.push(if *truth { TRUE } else { FALSE }),
        Value::Number(number) => put_number(bytes, *number),
        Value::Text(text) => put_text(bytes, text),
        Value::List(items) => put_list(bytes, items),
        Value::Map(map) => {
            bytes.push(MAP);
            for (key, member) in map {
                put_text(bytes, key);
                put_value(bytes, member);
            }
            bytes.push(END);
        }
        Value::Foreign(foreign) => put_foreign(bytes, foreign),
    }
}
