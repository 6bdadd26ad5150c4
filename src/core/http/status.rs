//! What a status means: the same one says different things of different requests.

use super::messages::message_of;
use crate::core::error::{AuthError, Code};
use crate::core::lite::json::number_to_text;
use crate::core::lite::text::concat;
use crate::core::oauth::dpop::is_of_proof;
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
        (Purpose::Refresh, 400 | 401 | 403 | 422 | 440 | 498) => Code::RefreshRejected,
        _ => Code::Server,
    }
}

/// The code for an answer that is a refusal, whatever its status.
pub const fn refused(purpose: Purpose) -> Code {
    match purpose {
        Purpose::Signin => Code::InvalidCredentials,
        Purpose::Refresh => Code::RefreshRejected,
        Purpose::Other => Code::Server,
    }
}

/// The error for a status and a body that a server refused with.
pub fn refusal(status: u16, body: Value, is_page: bool, purpose: Purpose) -> AuthError {
    // A page in the place of an API's answer is a proxy's: it says nothing of the session.
    let is_proxys = is_page && purpose == Purpose::Refresh && matches!(status, 403 | 407 | 511);
    let code = match purpose {
        Purpose::Refresh if is_invalid_grant(&body) => Code::RefreshRejected,
        Purpose::Refresh if body.member("error").and_then(Value::as_text).is_some_and(is_of_proof) => Code::Server,
        _ if is_proxys => Code::Unreachable,
        _ => code_of(status, purpose),
    };
    let said = if is_page { None } else { message_of(&body, Some(status)) };
    let message = said.unwrap_or_else(|| status_text(status));
    let mut error = AuthError::new(code, message);
    error.status = Some(status);
    error.body = body;
    error
}

/// That an answer is not too long to be read.
///
/// One that is has said nothing but its status, which is enough where what follows hangs on that alone: a server that is
/// down or busy is asked again, a sign-in is refused, and a refused refresh ends the session, for its tokens would be
/// refused for ever. A 403 to a refresh is not enough: whether it is the server's or a proxy's page, the body would tell.
///
/// # Errors
/// `ERR_INVALID_RESPONSE`.
#[inline(never)]
pub fn check_length(status: u16, is_too_long: bool, purpose: Purpose) -> Result<(), AuthError> {
    let suffices = match code_of(status, purpose) {
        Code::Unreachable | Code::InvalidCredentials => true,
        Code::RefreshRejected => status != 403,
        _ => false,
    };
    if !is_too_long || suffices {
        return Ok(());
    }
    let mut error = AuthError::new(Code::InvalidResponse, "the answer is too long");
    error.status = Some(status);
    Err(error)
}

/// Whether an answer says `invalid_grant` (RFC 6749 section 5.2), whatever its status.
pub fn is_invalid_grant(body: &Value) -> bool {
    body.member("error").and_then(Value::as_text) == Some("invalid_grant")
}

fn status_text(status: u16) -> String {
    // A person who signs in can't mend that; whoever has written the address can.
    let hint = if matches!(status, 404 | 405 | 410) { ": is the address right?" } else { "" };
    concat(&["the server answered ", &number_to_text(f64::from(status)), hint])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::messages::is_page;

    fn refused_with(status: u16, body: Value, purpose: Purpose) -> AuthError {
        let is_page = is_page(&body, None);
        refusal(status, body, is_page, purpose)
    }

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
            (440, Refresh, Code::RefreshRejected),
            (498, Refresh, Code::RefreshRejected),
            (404, Refresh, Code::Server),
            (409, Refresh, Code::Unreachable),
            (500, Refresh, Code::Unreachable),
            (401, Other, Code::Server),
            (302, Other, Code::Server),
        ];
        for (error, code) in [
            ("invalid_dpop_proof", Code::Server),
            ("use_dpop_nonce", Code::Server),
            ("invalid_grant", Code::RefreshRejected),
        ] {
            let body = crate::core::testing::json(&format!(r#"{{ "error": "{error}" }}"#));
            assert_eq!(refusal(400, body, false, Refresh).code, code, "{error}");
        }
        for (status, purpose, code) in rows {
            assert_eq!(code_of(status, purpose), code, "{status} {purpose:?}");
        }
    }

    #[test]
    fn an_answer_that_is_too_long_has_said_its_status_alone() {
        use Purpose::{Other, Refresh, Signin};
        let rows = [
            (200, Signin, false),
            (400, Signin, true),
            (401, Signin, true),
            (302, Signin, false),
            (503, Signin, true),
            (429, Signin, true),
            (200, Refresh, false),
            (400, Refresh, true),
            (401, Refresh, true),
            (403, Refresh, false),
            (404, Refresh, false),
            (500, Refresh, true),
            (200, Other, false),
            (401, Other, false),
        ];
        for (status, purpose, suffices) in rows {
            let checked = check_length(status, true, purpose).map_err(|error| (error.code, error.status));
            let expected = if suffices { Ok(()) } else { Err((Code::InvalidResponse, Some(status))) };
            assert_eq!(checked, expected, "{status} {purpose:?}");
            assert_eq!(check_length(status, false, purpose), Ok(()), "{status} {purpose:?}");
        }
    }

    #[test]
    fn a_refusal_that_says_nothing_is_told_by_its_status() {
        assert_eq!(refused_with(401, Value::Undefined, Purpose::Signin).message, "the server answered 401");
        let error = refused_with(404, Value::from("<html>"), Purpose::Signin);
        assert_eq!(error.message, "the server answered 404: is the address right?");
        let error = refused_with(
            502,
            crate::core::testing::json(r#"{ "message": "<html>Bad Gateway</html>" }"#),
            Purpose::Other,
        );
        assert_eq!(error.message, "the server answered 502");
    }

    #[test]
    fn a_proxys_page_ends_no_session() {
        let page = || Value::from("<html><title>Sign in to the guest network</title></html>");
        for status in [403, 407, 511] {
            let error = refused_with(status, page(), Purpose::Refresh);
            assert_eq!((error.code, error.status), (Code::Unreachable, Some(status)));
            assert!(!error.message.contains('<'), "a page is never shown: {}", error.message);
        }
        assert_eq!(refused_with(403, Value::from("no"), Purpose::Refresh).code, Code::RefreshRejected);
        assert_eq!(refused_with(401, page(), Purpose::Refresh).code, Code::RefreshRejected);
    }
}
