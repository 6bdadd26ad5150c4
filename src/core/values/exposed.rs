//! What `expose` and `keep` name.

use crate::core::context::Context;
use crate::core::lite::json::json_of;
use crate::core::secret::Secret;
use crate::core::token::{at_path, dotted};
use crate::core::value::Value;

/// The plain keys under which the tokens are exposed, and the kept fields.
pub fn exposed_keys(cx: &Context) -> Vec<String> {
    let mut keys = named_keys(&cx.options.expose);
    keys.extend_from_slice(&cx.options.keep);
    keys
}

/// The keys that an option names.
pub fn named_keys(named: &[Option<String>]) -> Vec<String> {
    let mut keys = Vec::new();
    for key in named {
        keys.extend_from_slice(key.as_slice());
    }
    keys
}

/// The fields of an answer that `keep` names, as JSON.
pub fn kept_fields(answer: &Value, cx: &Context) -> Vec<(String, Secret)> {
    let mut fields = Vec::new();
    for name in &cx.options.keep {
        match at_path(answer, &dotted(name)) {
            None | Some(Value::Undefined) => {}
            Some(value) => fields.push((name.clone(), json_of(value).into())),
        }
    }
    fields
}
