//! JavaScript values as core's data and back. Total: cycles, depths, getters that throw and exotic values are errors.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::browser::data;
use crate::core::error::{AuthError, Code};
use crate::core::failure::Failure;
use crate::core::platform::Platform;
use crate::core::time::UnixMillis;
use crate::core::value::{Foreign, ForeignKind, Map, Value};

/// Deeper data is taken for a cycle.
const DEEPEST: u32 = 64;

/// More values than this in one piece of data are refused.
const MOST: u32 = 200_000;

/// Why a value can't be data.
pub type Unfit = &'static str;

/// Converts any value: functions and queries become [`Foreign`], everything else JSON-like data.
///
/// # Errors
/// Says what can't be data: a bigint, a symbol, a cycle, too much of it, a getter that throws.
pub fn to_value(js: &JsValue) -> Result<Value, Unfit> {
    convert(js, DEEPEST, &mut MOST.clone())
}

/// What a value means where nothing but data makes sense; `undefined` for what is none.
pub fn to_data(js: &JsValue) -> Value {
    to_value(js).unwrap_or_default()
}

fn convert(js: &JsValue, depth: u32, left: &mut u32) -> Result<Value, Unfit> {
    if depth == 0 {
        return Err("it is too deep, or holds itself");
    }
    *left = left.checked_sub(1).ok_or("there is too much of it")?;
    let kind = data::kind(js);
    Ok(match kind {
        0 => Value::Undefined,
        1 => Value::Null,
        2 => Value::Bool(js.is_truthy()),
        3 => Value::Number(js.unchecked_into_f64()),
        4 => Value::Text(data::text(js)),
        5 => foreign(ForeignKind::Function, js),
        7 => foreign(ForeignKind::Query, js),
        8..=10 => {
            let members = data::members(js).ok_or("a getter or toJSON of it throws")?;
            let (mut items, mut map) = (Vec::new(), Map::new());
            let mut at = 0;
            while at < members.length() {
                if kind == 9 {
                    let key = data::text(&members.get(at));
                    map.push(key, convert(&members.get(at + 1), depth - 1, left)?);
                    at += 2;
                } else {
                    items.push(convert(&members.get(at), depth - 1, left)?);
                    at += 1;
                }
            }
            match kind {
                8 => Value::List(items),
                9 => Value::Map(map),
                _ => items.pop().unwrap_or_default(),
            }
        }
        _ => return Err("a bigint or a symbol is no JSON"),
    })
}

/// Wraps a value that core only carries about.
pub fn foreign(kind: ForeignKind, js: &JsValue) -> Value {
    Value::Foreign(Foreign::new(kind, js.clone()))
}

/// The JavaScript value in a [`Foreign`].
pub fn unwrap(foreign: &Foreign) -> JsValue {
    foreign.inner.downcast_ref::<JsValue>().cloned().unwrap_or_default()
}

/// Values for JavaScript, one after the other. Objects among them are plain, and a key such as `__proto__` is a key.
#[derive(Debug)]
pub struct List(pub Array);

impl List {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Array::new())
    }

    /// Adds a text.
    #[inline(never)]
    pub fn text(self, text: &str) -> Self {
        data::push_text(&self.0, text);
        self
    }

    /// Adds a text, or `undefined`.
    #[inline(never)]
    pub fn maybe(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.js(&JsValue::UNDEFINED),
        }
    }

    /// Adds a number.
    #[inline(never)]
    pub fn number(self, number: f64) -> Self {
        data::push_number(&self.0, number);
        self
    }

    /// Adds `true` or `false`.
    pub fn flag(self, truth: bool) -> Self {
        self.js(&JsValue::from_bool(truth))
    }

    /// Adds what is a value of JavaScript already.
    #[inline(never)]
    pub fn js(self, value: &JsValue) -> Self {
        data::push(&self.0, value);
        self
    }

    /// Adds an array of texts.
    pub fn texts<'a>(self, texts: impl Iterator<Item = &'a String>) -> Self {
        let mut list = Self::new();
        for text in texts {
            list = list.text(text);
        }
        self.js(&list.0)
    }

    /// Adds an array of names and values in turn.
    #[inline(never)]
    pub fn pairs(self, pairs: &[(String, String)]) -> Self {
        self.texts(pairs.iter().flat_map(|(name, value)| [name, value]))
    }

    /// Adds any value.
    #[inline(never)]
    pub fn value(self, value: &Value) -> Self {
        match value {
            Value::Undefined => self.js(&JsValue::UNDEFINED),
            Value::Null => self.js(&JsValue::NULL),
            Value::Bool(truth) => self.flag(*truth),
            Value::Number(number) => self.number(*number),
            Value::Text(text) => self.text(text),
            Value::List(items) => self.js(&Self::of(items).0),
            Value::Map(map) => {
                let mut list = Self::new();
                for (key, member) in map.iter() {
                    list = list.text(key).value(member);
                }
                self.js(&data::object(&list.0))
            }
            Value::Foreign(foreign) => self.js(&unwrap(foreign)),
        }
    }

    /// These values.
    pub fn of(values: &[Value]) -> Self {
        values.iter().fold(Self::new(), Self::value)
    }
}

impl Default for List {
    fn default() -> Self {
        Self::new()
    }
}

/// What a host threw, as data: for an error its name, message and own members.
pub fn failure(thrown: &JsValue) -> Failure {
    let mut data = to_data(thrown);
    if let Some(named) = data::named(thrown) {
        let mut map = match data {
            Value::Map(map) => map,
            _ => Map::new(),
        };
        map.set("name", to_data(&named.get(0)));
        map.set("message", to_data(&named.get(1)));
        data = Value::Map(map);
    }
    Failure { thrown: data, cause: cause(thrown) }
}

/// What was thrown, to be handed on.
pub fn cause(thrown: &JsValue) -> Option<Foreign> {
    (data::kind(thrown) != 0).then(|| Foreign::new(ForeignKind::Other, thrown.clone()))
}

/// What the browser lends to core.
pub const PLATFORM: Platform = Platform { parse_json, parse_date, change_case: data::change_case };

/// Parses JSON as the browser does.
pub fn parse_json(text: &str) -> Option<Value> {
    let parsed = data::parse(text);
    to_value(&parsed).ok().filter(|value| *value != Value::Undefined)
}

/// The text, if a value is one.
pub fn to_text(js: &JsValue) -> Option<String> {
    (data::kind(js) == 4).then(|| data::text(js))
}

/// Parses a date as `Date.parse` does.
fn parse_date(text: &str) -> Option<UnixMillis> {
    let millis = js_sys::Date::parse(text);
    (millis >= 0.0).then_some(UnixMillis(millis as u64))
}

/// The JSON of a value that shall be stored.
///
/// # Errors
/// `ERR_INVALID_VALUE` for what JSON would change or lose: functions, bigints, cycles, dates, `NaN`.
pub fn to_json(js: &JsValue) -> Result<String, AuthError> {
    let text = data::stringify(js);
    match text.strip_prefix('!') {
        Some(why) => Err(AuthError::new(Code::InvalidValue, why.to_owned()).at("value")),
        None => Ok(text),
    }
}
