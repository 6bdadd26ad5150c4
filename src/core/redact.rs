//! Masking: what leaves doorkey as text or data holds no secret that it knows.

use super::error::AuthError;
use super::token::Tokens;
use super::value::{Map, Value};
use crate::core::lite::codec::percent_encode;
use crate::core::lite::json::json_to_text;
use crate::core::lite::text::{cut, replace};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::Code;
    use crate::core::testing::json;

    fn knowing(secrets: &[&str]) -> Secrets {
        let mut known = Secrets::default();
        secrets.iter().for_each(|secret| known.add(secret));
        known
    }

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
        ];
        let harmless =
            ["email", "token_type", "tokenType", "expires_in", "accessTokenExpiresIn", "expiresAt", "name", "passage"];
        for name in secret {
            assert!(is_secret_name(name), "{name}");
        }
        for name in harmless {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn data_is_masked_by_name_and_by_content() {
        let value = json(r#"{"user":{"email":"a@b.c","password":"x"},"list":["say hush-hush",{"hush-hush":1}],"n":7}"#);

        let masked = knowing(&["hush-hush"]).mask(&value);

        let expected =
            r#"{"user":{"email":"a@b.c","password":"[redacted]"},"list":["say [redacted]",{"[redacted]":1}],"n":7}"#;
        assert_eq!(masked, json(expected));
    }

    #[test]
    fn a_secret_is_found_in_every_form_and_the_longer_one_first() {
        let known = knowing(&["hush", "hush-and-more", r#"a"b c"#]);
        let rows = [
            ("hush-and-more, hush!", "[redacted], [redacted]!"),
            (r#"{"p":"a\"b c"}"#, r#"{"p":"[redacted]"}"#),
            ("p=a%22b%20c&q", "p=[redacted]&q"),
            ("hushhush", "[redacted][redacted]"),
            ("nothing", "nothing"),
        ];
        for (text, masked) in rows {
            assert_eq!(known.mask_text(text), masked);
        }
    }

    #[test]
    fn very_short_secrets_are_not_looked_for() {
        assert_eq!(knowing(&["", "a", "abc"]).mask_text("abc a"), "abc a");
    }

    #[test]
    fn secret_members_are_found_however_deep() {
        let mut known = Secrets::default();
        known.add_members(&json(r#"{"a":[{"b":{"token":"deep-one"}}],"password":"flat-one","email":"mail-one"}"#));

        assert_eq!(known.mask_text("deep-one flat-one mail-one"), "[redacted] [redacted] mail-one");
    }

    #[test]
    fn an_error_is_masked_with_its_body() {
        let mut error = AuthError::new(Code::Server, "no hush-hush here");
        error.body = json(r#"{"echo":"hush-hush"}"#);

        knowing(&["hush-hush"]).mask_error(&mut error);

        assert_eq!((error.message.as_ref(), &error.body), ("no [redacted] here", &json(r#"{"echo":"[redacted]"}"#)));
    }

    #[test]
    fn what_is_printed_of_it_is_a_mask() {
        assert_eq!(format!("{:?}", knowing(&["hush-hush"])), MASK);
    }
}
