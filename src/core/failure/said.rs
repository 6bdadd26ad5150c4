//! What a server says of its refusal in the body alone: some hosts show no status.

use crate::core::error::AuthError;
use crate::core::http::messages::{is_page, message_of};
use crate::core::http::status::{Purpose, refusal, refused};
use crate::core::http::whole_number;
use crate::core::lite::text::split;
use crate::core::token::at_path;
use crate::core::value::Value;

/// The words for a dead refresh token or wrong credentials, in lower case, of servers whose status some hosts don't show.
/// None of them says anything else of a request that signs in or refreshes: `invalid_request`, `invalid_client` and
/// `forbidden` could.
const DEAD: [&str; 19] = [
    "error_code_unauthorized",    // Xano
    "invalid_credentials",        // Directus, GoTrue
    "invalid_grant",              // RFC 6749
    "invalid_refresh_token",      // Firebase
    "invalid_token",              // RFC 6750, Directus, allauth
    "m_unknown_token",            // Matrix
    "notauthorizedexception",     // Cognito
    "refresh_token_already_used", // GoTrue
    "refresh_token_not_found",    // GoTrue
    "session_expired",            // GoTrue
    "session_not_found",          // GoTrue
    "token has been revoked",     // Flask-JWT-Extended
    "token has expired",          // Flask-JWT-Extended
    "token_expired",              // Directus, Firebase
    "token_not_valid",            // simplejwt
    "unauthenticated.",           // Laravel
    "user_banned",                // GoTrue
    "user_disabled",              // Firebase
    "user_not_found",             // Firebase, GoTrue
];

/// Where servers write such a word.
const WORDS: [&str; 9] =
    ["__type", "code", "errcode", "error", "error.message", "error_code", "errors.0.extensions.code", "message", "msg"];

/// Where servers repeat their status.
const REPEATED: [&str; 7] =
    ["code", "error.code", "error.status", "error.statusCode", "errors.0.status", "status", "statusCode"];

/// A status as a number, or as text such as `401 UNAUTHORIZED`.
pub fn status_in(value: &Value) -> Option<u16> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Text(text) => leading_status(text)?,
        _ => return None,
    };
    (100.0..600.0).contains(&number).then_some(number as u16)
}

/// The status that a text begins with.
pub fn leading_status(text: &str) -> Option<f64> {
    let (word, _) = split(text, |byte| !byte.is_ascii_digit());
    whole_number(word).filter(|_| word.len() == 3)
}

/// The status that a server repeats in the body of a refusal: some hosts show nothing else of it.
pub fn repeated_status(body: &Value) -> Option<u16> {
    REPEATED.iter().find_map(|path| status_in(at_path(body, path)?).filter(|status| *status >= 400))
}

/// The error for an answer that shows no status of its own, where it is a refusal by what its server wrote into it.
pub fn refusal_without_status(body: &Value, purpose: Purpose) -> Option<AuthError> {
    if let Some(status) = repeated_status(body) {
        return Some(refusal(status, body.clone(), is_page(body, None), purpose));
    }
    let is_dead = |word: &str| DEAD.iter().any(|dead| word.eq_ignore_ascii_case(dead));
    let says = |path: &&str| at_path(body, path).and_then(Value::as_text).is_some_and(is_dead);
    if purpose == Purpose::Other || !WORDS.iter().any(says) {
        return None;
    }
    let mut error = AuthError::new(refused(purpose), message_of(body, None).unwrap_or_default());
    error.body = body.clone();
    Some(error)
}
