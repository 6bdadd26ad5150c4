//! Options as tests give them.

use doorkey::core::value::{Map, Value};

use crate::testing::json;

const USUAL: &str = r#"{
    "flows": {
        "signin": { "url": "https://auth.example/login", "json": { "email": "{{ inputs.email }}", "password": "{{ inputs.password }}" } },
        "refresh": { "url": "https://auth.example/token", "json": { "refresh_token": "{{ session.refreshToken }}" } },
        "revoke": { "url": "https://auth.example/revoke", "json": { "token": "{{ session.refreshToken }}" } }
    },
    "pages": { "home": "Home", "login": "Login" }
}"#;

/// The usual options with these on top: objects are merged, `null` takes out.
pub fn usual(extra: &str) -> Value {
    let mut options = json(USUAL);
    merge(&mut options, &json(extra));
    options
}

fn merge(options: &mut Value, extra: &Value) {
    let (Value::Map(map), Value::Map(more)) = (&mut *options, extra) else { return };
    for (key, value) in more.iter() {
        match (map.get(key).cloned(), value) {
            (_, Value::Null) => {
                map.remove(key);
            }
            (Some(mut beneath @ Value::Map(_)), Value::Map(above)) if above.get("url").is_none() => {
                merge(&mut beneath, value);
                map.set(key.as_str(), beneath);
            }
            _ => map.set(key.as_str(), value.clone()),
        }
    }
}

/// The usual options with something else than JSON at a path: a function, a query.
pub fn usual_with(extra: &str, members: &[(&str, Value)]) -> Value {
    let mut options = usual(extra);
    for (path, value) in members {
        let keys: Vec<&str> = path.split('.').collect();
        set(&mut options, &keys, value.clone());
    }
    options
}

fn set(options: &mut Value, keys: &[&str], value: Value) {
    let ([key, rest @ ..], Value::Map(map)) = (keys, options) else { return };
    if rest.is_empty() {
        return map.set(*key, value);
    }
    let mut inner = map.get(key).cloned().unwrap_or(Value::Map(Map::new()));
    set(&mut inner, rest, value);
    map.set(*key, inner);
}
