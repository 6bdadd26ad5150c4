//! Masking: what leaves doorkey as text or data holds no secret that it knows.

use super::error::AuthError;
use super::token::Tokens;
use super::value::{Map, Value};

/// What stands in a secret's place.
pub const MASK: &str = "[redacted]";

/// Shorter texts are not looked for: they would mask half of every message.
const SHORTEST: usize = 4;

/// The secrets to look for.
#[derive(Clone, Default, PartialEq)]
pub struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(MASK)
    }
}

impl Secrets {
    /// Adds a secret.
    pub fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.0.iter().any(|known| known == secret) {
            self.0.push(secret.to_owned());
        }
    }

    /// Adds the tokens.
    pub fn add_tokens(&mut self, tokens: &Tokens) {
        for secret in [&tokens.access, &tokens.refresh, &tokens.id].into_iter().flatten() {
            self.add(secret.expose());
        }
    }

    /// Adds the members of an object whose names say that they are secret.
    pub fn add_members(&mut self, value: &Value) {
        for (key, member) in value.as_map().into_iter().flat_map(Map::iter) {
            match member {
                Value::Text(text) if is_secret_name(key) => self.add(text),
                Value::Map(_) => self.add_members(member),
                _ => {}
            }
        }
    }

    /// The text with every secret masked.
    pub fn mask_text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| {
            if text.contains(secret.as_str()) { text.replace(secret.as_str(), MASK) } else { text }
        })
    }

    /// The data with every secret masked: known texts anywhere, and whatever stands under a name of a secret.
    pub fn mask(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) => Value::Text(self.mask_text(text)),
            Value::List(items) => Value::List(items.iter().map(|item| self.mask(item)).collect()),
            Value::Map(map) => Value::Map(self.mask_map(map)),
            other => other.clone(),
        }
    }

    /// The members with every secret masked.
    pub fn mask_map(&self, map: &Map) -> Map {
        let members = map.iter().map(|(key, member)| {
            let member = match member {
                Value::Text(_) if is_secret_name(key) => Value::from(MASK),
                member => self.mask(member),
            };
            (self.mask_text(key), member)
        });
        members.collect()
    }

    /// Masks what a person may read of an error.
    pub fn mask_error(&self, error: &mut AuthError) {
        let message = self.mask_text(&error.message);
        let body = self.mask(&error.body);
        if message != error.message || body != error.body {
            // What the host threw holds the secret that its text or its data held.
            error.cause = None;
        }
        error.message = message.into();
        error.body = body;
    }
}

/// Whether a member of this name holds a secret, by the names that forms and servers use.
fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 9] =
        ["password", "passwd", "secret", "token", "otp", "jwt", "authorization", "cookie", "apikey"];
    const WHOLE: [&str; 4] = ["access", "refresh", "pin", "pass"];
    let name = name.to_ascii_lowercase();
    // The type and the lifetime of a token are no secrets.
    let harmless = name.contains("type") || name.contains("expire");
    !harmless && (PARTS.iter().any(|part| name.contains(part)) || WHOLE.contains(&name.as_str()))
}
