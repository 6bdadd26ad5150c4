//! Which names tell that what stands under them is secret.

use crate::core::lite::text::cut;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::{SECRET_NAMES, SECRET_PARTS};

/// Whether a member of this name holds a secret, by the names that forms and servers use.
pub fn is_secret_name(name: &str) -> bool {
    let mut plain = String::new();
    for c in name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')) {
        plain.push(c.to_ascii_lowercase());
    }
    // What stands behind the last of the words that tell it.
    let mut behind: Option<&str> = None;
    for part in SECRET_PARTS {
        let mut rest = plain.as_str();
        while let Some((_, more)) = cut(rest, part) {
            rest = more;
            if behind.is_none_or(|behind| more.len() < behind.len()) {
                behind = Some(more);
            }
        }
    }
    match behind {
        // The type and the lifetime of a token are no secrets.
        Some(behind) => !behind.starts_with("type") && !behind.starts_with("expir"),
        None => SECRET_NAMES.contains(&plain.as_str()),
    }
}

/// What stands in a secret's place.
pub const MASK: &str = "[redacted]";

/// The data with whatever stands under a name of a secret masked, and every text as `mask_text` has it.
pub fn mask(value: &Value, mask_text: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Text(text) => Value::Text(mask_text(text)),
        Value::List(items) => {
            let mut masked = Vec::new();
            for item in items {
                masked.push(mask(item, mask_text));
            }
            Value::List(masked)
        }
        Value::Map(map) => Value::Map(mask_map(map, mask_text)),
        other => other.clone(),
    }
}

/// The same of members.
pub fn mask_map(map: &Map, mask_text: &dyn Fn(&str) -> String) -> Map {
    mask_members(map, mask_text, false)
}

/// The same of what may be said `of_fields`: under `errors` (Laravel, Rails, ASP.NET) the texts by field are for people.
fn mask_members(map: &Map, mask_text: &dyn Fn(&str) -> String, of_fields: bool) -> Map {
    let mut masked = Map::new();
    for (key, member) in map {
        let is_hidden = tells_something(member) && is_secret_name(key) && !(of_fields && is_said(member));
        let member = match member {
            _ if is_hidden => Value::from(MASK),
            Value::Map(members) => Value::Map(mask_members(members, mask_text, key == "errors")),
            other => mask(other, mask_text),
        };
        masked.set(mask_text(key), member);
    }
    masked
}

/// Whether a value is a text, or nothing but texts.
fn is_said(value: &Value) -> bool {
    let is_text = |value: &Value| value.as_text().is_some();
    if let Value::List(items) = value { items.iter().all(is_text) } else { is_text(value) }
}

/// Whether there is something to hide in a value: that there is none, and yes or no, may be seen.
fn tells_something(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null | Value::Bool(_) => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(map) => !map.is_empty(),
        Value::Number(_) | Value::Foreign(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_secret_name;

    #[test]
    fn names_of_secrets_are_known_and_harmless_ones_are_left() {
        let secret = [
            "password",
            "newPassword",
            "PASSWD",
            "client_secret",
            "accessToken",
            "refresh_token",
            "id_token",
            "otp",
            "jwt",
            "Authorization",
            "set-cookie",
            "apikey",
            "X-ApiKey",
            "access",
            "refresh",
            "pin",
            "pass",
            "csrfToken",
            "api_key",
            "x-api-key",
            "X-API-Key",
            "pwd",
            "userPwd",
            "passphrase",
            "passcode",
            "private_key",
            "privateKey",
            "credentials",
            "sid",
            "SID",
            "assertion",
            "client_assertion",
            "expiredPassword",
            "typeform_token",
            "tokens",
        ];
        let harmless = [
            "email",
            "token_type",
            "tokenType",
            "expires_in",
            "accessTokenExpiresIn",
            "expiresAt",
            "name",
            "passage",
            "client_assertion_type",
            "token_expires",
            "refresh_token_expiry",
            "side",
            "typeform",
            "pinned",
            "accessible",
        ];
        for name in secret {
            assert!(is_secret_name(name), "{name}");
        }
        for name in harmless {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
