//! What the browser lends to core, for native targets.

use doorkey::core::platform::Platform;
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;

/// JSON by serde_json. A date is any number, so that the inputs can reach every moment.
pub const PLATFORM: Platform = Platform {
    parse_json: |text| serde_json::from_str(text).ok().map(value),
    parse_date: |text| text.trim().parse::<f64>().ok().map(|millis| UnixMillis(millis as u64)),
    change_case: |text, upper| if upper { text.to_uppercase() } else { text.to_lowercase() },
    normalize: |text, _| text.to_owned(),
    cookie: |name| (!name.is_empty()).then(|| name.to_owned()),
};

fn value(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(truth),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(value).collect()),
        serde_json::Value::Object(members) => {
            Value::Map(members.into_iter().map(|(key, member)| (key, value(member))).collect())
        }
    }
}
