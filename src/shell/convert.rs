//! JavaScript values as core's data and back. Total: cycles, depths, getters that throw and exotic values are errors.

use js_sys::{Array, Error, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::core::error::{AuthError, Code};
use crate::core::failure::Failure;
use crate::core::time::UnixMillis;
use crate::core::value::{Foreign, ForeignKind, Map, Value};

/// Deeper data is taken for a cycle.
const DEEPEST: u32 = 64;

/// More values than this in one piece of data are refused.
const MOST: u32 = 200_000;

/// Why a value can't be data.
type Unfit = &'static str;

/// Converts any value: functions and queries become [`Foreign`], everything else JSON-like data.
///
/// # Errors
/// Says what can't be data: a bigint, a symbol, a cycle, too much of it, a getter that throws.
pub fn to_value(js: &JsValue) -> Result<Value, Unfit> {
    convert(js, DEEPEST, &mut MOST.clone())
}

fn convert(js: &JsValue, depth: u32, left: &mut u32) -> Result<Value, Unfit> {
    if depth == 0 {
        return Err("it is too deep, or holds itself");
    }
    *left = left.checked_sub(1).ok_or("there is too much of it")?;
    if js.is_undefined() {
        Ok(Value::Undefined)
    } else if js.is_null() {
        Ok(Value::Null)
    } else if let Some(truth) = js.as_bool() {
        Ok(Value::Bool(truth))
    } else if let Some(number) = js.as_f64() {
        Ok(Value::Number(number))
    } else if let Some(text) = js.as_string() {
        Ok(Value::Text(text))
    } else if js.is_function() {
        Ok(foreign(ForeignKind::Function, js))
    } else if Array::is_array(js) {
        let items = Array::from(js);
        items.iter().map(|item| convert(&item, depth - 1, left)).collect::<Result<_, _>>().map(Value::List)
    } else if !js.is_object() {
        Err("a bigint or a symbol is no JSON")
    } else if member(js, "run").is_function() || member(js, "trigger").is_function() {
        Ok(foreign(ForeignKind::Query, js))
    } else if let Ok(to_json) = member(js, "toJSON").dyn_into::<Function>() {
        let json = to_json.call0(js).map_err(|_| "its toJSON throws")?;
        convert(&json, depth - 1, left)
    } else {
        let mut map = Map::new();
        for key in Object::keys(js.unchecked_ref::<Object>()).iter() {
            let value = Reflect::get(js, &key).map_err(|_| "a getter of it throws")?;
            map.set(key.as_string().unwrap_or_default(), convert(&value, depth - 1, left)?);
        }
        Ok(Value::Map(map))
    }
}

/// Wraps a value that core only carries about.
pub fn foreign(kind: ForeignKind, js: &JsValue) -> Value {
    Value::Foreign(Foreign::new(kind, js.clone()))
}

/// The JavaScript value in a [`Foreign`].
pub fn unwrap(foreign: &Foreign) -> JsValue {
    foreign.inner.downcast_ref::<JsValue>().cloned().unwrap_or_default()
}

/// Makes a JavaScript value: objects are plain, and a key such as `__proto__` is a key.
pub fn from_value(value: &Value) -> JsValue {
    match value {
        Value::Undefined => JsValue::UNDEFINED,
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => JsValue::from_bool(*truth),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::List(items) => items.iter().map(from_value).collect::<Array>().into(),
        Value::Map(map) => {
            let entries: Array =
                map.iter().map(|(key, member)| Array::of2(&JsValue::from_str(key), &from_value(member))).collect();
            Object::from_entries(&entries).map_or(JsValue::UNDEFINED, JsValue::from)
        }
        Value::Foreign(foreign) => unwrap(foreign),
    }
}

/// A member of an object; `undefined` when there is none, it can't be read, or this is no object.
pub fn member(js: &JsValue, key: &str) -> JsValue {
    Reflect::get(js, &JsValue::from_str(key)).unwrap_or_default()
}

/// What a host threw, as data: for an error its name, message and own members.
pub fn failure(thrown: &JsValue) -> Failure {
    let mut data = to_value(thrown).unwrap_or_default();
    if let Some(error) = thrown.dyn_ref::<Error>() {
        let mut map = match data {
            Value::Map(map) => map,
            _ => Map::new(),
        };
        map.set("name", Value::Text(error.name().into()));
        map.set("message", to_value(&member(thrown, "message")).unwrap_or_default());
        data = Value::Map(map);
    }
    let cause = (!thrown.is_undefined()).then(|| Foreign::new(ForeignKind::Other, thrown.clone()));
    Failure { thrown: data, cause }
}

/// Parses JSON as the browser does.
pub fn parse_json(text: &str) -> Option<Value> {
    to_value(&JSON::parse(text).ok()?).ok()
}

/// Parses a date as `Date.parse` does.
pub fn parse_date(text: &str) -> Option<UnixMillis> {
    let millis = js_sys::Date::parse(text);
    (millis >= 0.0).then_some(UnixMillis(millis as u64))
}

/// The JSON of a value that shall be stored.
///
/// # Errors
/// `ERR_INVALID_VALUE` for what JSON would change or lose: functions, bigints, cycles, dates, `NaN`.
pub fn to_json(js: &JsValue) -> Result<String, AuthError> {
    let unfit = |why: Unfit| AuthError::new(Code::InvalidValue, why).at("value");
    is_json(js, DEEPEST).map_err(unfit)?;
    let text = JSON::stringify(js).ok().and_then(|text| JsValue::from(text).as_string());
    text.ok_or_else(|| unfit("it can't be written as JSON"))
}

fn is_json(js: &JsValue, depth: u32) -> Result<(), Unfit> {
    if depth == 0 {
        return Err("it is too deep, or holds itself");
    }
    if js.is_null() || js.is_string() || js.as_bool().is_some() {
        Ok(())
    } else if let Some(number) = js.as_f64() {
        if number.is_finite() { Ok(()) } else { Err("NaN and Infinity are no JSON") }
    } else if Array::is_array(js) {
        Array::from(js).iter().try_for_each(|item| is_json(&item, depth - 1))
    } else if is_plain(js) {
        for key in Object::keys(js.unchecked_ref::<Object>()).iter() {
            let value = Reflect::get(js, &key).map_err(|_| "a getter of it throws")?;
            // An undefined member is as good as none.
            if !value.is_undefined() {
                is_json(&value, depth - 1)?;
            }
        }
        Ok(())
    } else {
        Err("only JSON can be stored: text, numbers, true, false, null, arrays and plain objects")
    }
}

/// Whether it is an object and of no class.
fn is_plain(js: &JsValue) -> bool {
    if !js.is_object() || member(js, "toJSON").is_function() {
        return false;
    }
    // Another realm's Object.prototype is another object, but like ours it has no prototype.
    let prototype = Object::get_prototype_of(js);
    prototype.is_null() || Object::get_prototype_of(&prototype).is_null()
}
