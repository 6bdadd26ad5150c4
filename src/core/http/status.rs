//! What a status means: the same one says different things of different requests.

use super::messages::message_of;
use crate::core::error::{AuthError, Code};
use crate::core::lite::json::number_to_text;
use crate::core::lite::text::concat;
use crate::core::value::Value;

/// What a request was for: the same status means different things.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Signing in.
    Signin,
    /// Refreshing the tokens.
    Refresh,
    /// Anything else.
    Other,
}

/// The code for a status outside 200 to 299.
///
/// A token endpoint refuses with 400, or 401 (RFC 6749 section 5.2); other servers with what they like.
pub const fn code_of(status: u16, purpose: Purpose) -> Code {
    match (purpose, status) {
        (_, 408 | 409 | 425 | 429 | 500..=599) => Code::Unreachable,
        (Purpose::Signin, 400 | 401 | 403 | 404 | 422) => Code::InvalidCredentials,
        (Purpose::Refresh, 400 | 401 | 403 | 422) => Code::RefreshRejected,
        _ => Code::Server,
    }
}

/// The error for a status and a body that a server refused with.
pub fn refusal(status: u16, body: Value, purpose: Purpose) -> AuthError {
    let code = if purpose == Purpose::Refresh && is_invalid_grant(&body) {
        Code::RefreshRejected
    } else {
        code_of(status, purpose)
    };
    let mut error = AuthError::new(code, message_of(&body).unwrap_or_else(|| status_text(status)));
    error.status = Some(status);
    error.body = body;
    error
}

/// Whether an answer says `invalid_grant` (RFC 6749 section 5.2), whatever its status.
pub fn is_invalid_grant(body: &Value) -> bool {
    body.member("error").and_then(Value::as_text) == Some("invalid_grant")
}

fn status_text(status: u16) -> String {
    concat(&["the server answered ", &number_to_text(f64::from(status))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_means_what_the_request_was_for() {
        use Purpose::{Other, Refresh, Signin};
        let rows = [
            (400, Signin, Code::InvalidCredentials),
            (404, Signin, Code::InvalidCredentials),
            (422, Signin, Code::InvalidCredentials),
            (418, Signin, Code::Server),
            (429, Signin, Code::Unreachable),
            (401, Refresh, Code::RefreshRejected),
            (404, Refresh, Code::Server),
            (409, Refresh, Code::Unreachable),
            (500, Refresh, Code::Unreachable),
            (401, Other, Code::Server),
            (302, Other, Code::Server),
        ];
        for (status, purpose, code) in rows {
            assert_eq!(code_of(status, purpose), code, "{status} {purpose:?}");
        }
    }

    #[test]
    fn a_refusal_that_says_nothing_is_told_by_its_status() {
        assert_eq!(refusal(401, Value::Undefined, Purpose::Signin).message, "the server answered 401");
    }
}
