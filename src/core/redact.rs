//! Masking: what leaves doorkey as text or data holds no secret that it knows.

use super::codec::percent_encode;
use super::error::AuthError;
use super::json::json_to_text;
use super::text::{cut, replace};
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
    /// Adds a secret, and the ways in which it stands in JSON and in a form.
    pub fn add(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let mut quoted = String::new();
        json_to_text(&Value::from(secret), &mut quoted);
        let escaped = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        for text in [secret, escaped, &percent_encode(secret)] {
            // Longer ones first: what begins like another is masked whole.
            let at = self.0.partition_point(|known| known.len() > text.len());
            if !self.0.iter().any(|known| known == text) {
                self.0.insert(at, text.to_owned());
            }
        }
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
        for (key, member) in map.iter() {
            match member {
                Value::Text(text) if is_secret_name(key) => self.add(text),
                member => self.add_members(member),
            }
        }
    }

    /// The text with every secret masked.
    pub fn mask_text(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in &self.0 {
            masked = replace(&masked, secret, MASK);
        }
        masked
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
        let mut masked = Map::new();
        for (key, member) in map {
            let member = match member {
                Value::Text(_) if is_secret_name(key) => Value::from(MASK),
                member => self.mask(member),
            };
            masked.set(self.mask_text(key), member);
        }
        masked
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
    let holds = |part: &&str| cut(&name, part).is_some();
    !["type", "expire"].iter().any(holds) && (PARTS.iter().any(holds) || WHOLE.contains(&name.as_str()))
}
