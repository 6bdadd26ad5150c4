//! Which names tell that what stands under them is secret.

use crate::core::lite::text::cut;
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
