//! What hosts throw, and the bodies of servers behind hosts that show no status.

use super::*;

fn thrown(json: &str) -> Failure {
    Failure::new(crate::core::testing::json(json), None, crate::core::testing::PLATFORM)
}

#[test]
fn the_shapes_of_hosts_are_understood() {
    let rows = [
        (r#"{"message":"refreshAPI failed to execute"}"#, Code::Host, None),
        (r#"{"message":{"error":"invalid_grant"}}"#, Code::RefreshRejected, None),
        (r#"{"message":"x","body":{"error":"invalid_grant"},"status":400}"#, Code::RefreshRejected, Some(400)),
        (r#"{"responseMeta":{"statusCode":"401 UNAUTHORIZED"}}"#, Code::RefreshRejected, Some(401)),
        (r#"{"statusCode":"500 INTERNAL_SERVER_ERROR"}"#, Code::Unreachable, Some(500)),
        (r#"{"name":"AxiosError","message":"Request failed with status code 429"}"#, Code::Unreachable, Some(429)),
        (r#"{"response":{"status":404,"data":{"detail":"gone"}}}"#, Code::Server, Some(404)),
        (r#"{"response":{"status":409,"body":{"error":"invalid_grant"}}}"#, Code::RefreshRejected, Some(409)),
        (r#"{"name":"TypeError","message":"Failed to fetch"}"#, Code::Unreachable, None),
        (r#"{"message":"Response not valid"}"#, Code::Unreachable, None),
        (r#"{"message":"timeout of 9ms exceeded","code":"ECONNABORTED"}"#, Code::Unreachable, None),
        (r#"{"message":"User cancelled action execution"}"#, Code::Cancelled, None),
        (r#"{"code":"ERR_CANCELLED","message":"closed"}"#, Code::Cancelled, None),
        (r#""401 UNAUTHORIZED""#, Code::RefreshRejected, Some(401)),
        (r#""no""#, Code::Host, None),
        ("null", Code::Host, None),
    ];
    for (json, code, status) in rows {
        let error = thrown(json).classify(Purpose::Refresh, Code::Host);
        assert_eq!((error.code, error.status), (code, status), "{json}");
    }
}

#[test]
fn words_behind_a_number_tell_whether_it_is_a_status() {
    let status = |text: &str| thrown(&format!("{text:?}")).status();
    for text in [
        "401",
        "401 UNAUTHORIZED",
        "401: unauthorized",
        "HTTP 401",
        "HTTP 401 (Unauthorized)",
        "Request failed with status code 401",
        "Request failed with status code 401 Unauthorized: GET https://api.example.com/",
        "Request failed with status code 401 from https://api.example.com/",
        "it failed with status 401, and no body",
        "401 - token expired",
        "401 (token expired)",
    ] {
        assert_eq!(status(text), Some(401), "{text}");
    }
    for text in [
        "401 records were rejected",
        "401(k) plan is closed",
        "401 Main Street is no valid address",
        "401 élèves",
        "401-B records",
        "4011",
        "Error 401",
    ] {
        assert_eq!(status(text), None, "{text}");
    }
}

#[test]
fn an_error_of_our_own_keeps_its_place() {
    let own = thrown(r#"{"code":"ERR_INVALID_VALUE","message":"params.b: it holds {{","path":"params.b"}"#);
    let error = own.classify(Purpose::Signin, Code::Host);
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidValue, Some("params.b")));
    let foreign = thrown(r#"{"code":"ENOENT","message":"no such file","path":"/etc/x"}"#);
    assert_eq!(foreign.classify(Purpose::Signin, Code::Host).path, None);
}

#[test]
fn the_servers_text_is_the_message() {
    let error = thrown(r#"{"status":401,"body":{"detail":"No active account"}}"#).classify(Purpose::Signin, Code::Host);
    assert_eq!((error.code, error.message.as_ref()), (Code::InvalidCredentials, "No active account"));
    for json in [
        r#"{"message":"<!doctype html>\n<title>Not Found</title>"}"#,
        r#"{"message":"<html>","status":404}"#,
        r#"{"message":"<html>","status":404,"body":"<html>"}"#,
        r#""<html>""#,
    ] {
        let error = thrown(json).classify(Purpose::Signin, Code::Host);
        assert!(error.message.ends_with(": is the address right?"), "a page is never shown: {json}: {}", error.message);
    }
    let silent = || AuthError::new(Code::InvalidCredentials, "the server answered 401");
    let answered = |thrown: &str, error: AuthError| self::thrown(thrown).explain(error).message.to_string();
    assert_eq!(answered(r#"{"message":"Account locked"}"#, silent()), "Account locked");
    assert_eq!(answered(r#"{"message":"<html>"}"#, silent()), "the server answered 401");
    let said = AuthError::new(Code::InvalidCredentials, "No active account");
    assert_eq!(answered(r#"{"message":"HTTP error"}"#, said), "No active account");
    for nothing in ["{}", "null", r#""""#] {
        let error = thrown(nothing).classify(Purpose::Signin, Code::Host);
        assert_eq!(error.message, "the host failed and did not say why", "{nothing}");
    }
    let error = thrown(r#""boom""#).classify(Purpose::Signin, Code::Host);
    assert_eq!((error.code, error.message.as_ref()), (Code::Host, "boom"));
}

/// The body of a refusal as a server sends it, and what it says of a refresh and of a sign-in.
const BODIES: [(&str, Code, Code); 38] = [
    (r#"{"code":400,"error_code":"refresh_token_not_found","msg":"Invalid Refresh Token"}"#, DEAD, WRONG),
    (r#"{"code":"refresh_token_already_used","message":"Invalid Refresh Token"}"#, DEAD, WRONG),
    (r#"{"code":403,"error_code":"bad_jwt","msg":"invalid JWT"}"#, DEAD, WRONG),
    (r#"{"code":409,"error_code":"conflict","msg":"Too many concurrent"}"#, BUSY, BUSY),
    (r#"{"code":429,"error_code":"over_request_rate_limit","msg":"rate"}"#, BUSY, BUSY),
    (r#"{"code":500,"error_code":"unexpected_failure","msg":"oops"}"#, BUSY, BUSY),
    (r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#, DEAD, WRONG),
    (r#"{"errors":[{"message":"No.","extensions":{"code":"INVALID_CREDENTIALS"}}]}"#, DEAD, WRONG),
    (r#"{"errors":[{"message":"No.","extensions":{"code":"TOKEN_EXPIRED"}}]}"#, DEAD, WRONG),
    (r#"{"errors":[{"message":"No.","extensions":{"code":"INVALID_TOKEN"}}]}"#, DEAD, WRONG),
    (r#"{"errors":[{"status":"401","title":"Unauthorized"}]}"#, DEAD, WRONG),
    (r#"{"error":{"code":400,"message":"TOKEN_EXPIRED","status":"INVALID_ARGUMENT"}}"#, DEAD, WRONG),
    (r#"{"error":{"message":"USER_NOT_FOUND"}}"#, DEAD, WRONG),
    (r#"{"__type":"NotAuthorizedException","message":"Refresh Token has expired"}"#, DEAD, WRONG),
    (r#"{"error":"invalid_grant","error_description":"Token is not active"}"#, DEAD, WRONG),
    (r#"{"error":"invalid_token"}"#, DEAD, WRONG),
    (r#"{"data":null,"error":{"status":401,"name":"UnauthorizedError","message":"Invalid"}}"#, DEAD, WRONG),
    (r#"{"error":{"statusCode":401,"message":"Invalid"}}"#, DEAD, WRONG),
    (r#"{"error":"invalid-refresh-token","message":"x","status":401}"#, DEAD, WRONG),
    (r#"{"message":"Unauthorized","statusCode":401}"#, DEAD, WRONG),
    (r#"{"message":"x","code":401,"type":"general_unauthorized_scope"}"#, DEAD, WRONG),
    (r#"{"name":"NotAuthenticated","message":"jwt expired","code":401}"#, DEAD, WRONG),
    (r#"{"message":"Unauthenticated."}"#, DEAD, WRONG),
    (r#"{"msg":"Token has expired"}"#, DEAD, WRONG),
    (r#"{"errcode":"M_UNKNOWN_TOKEN","error":"x"}"#, DEAD, WRONG),
    (r#"{"code":"ERROR_CODE_UNAUTHORIZED","message":"x"}"#, DEAD, WRONG),
    // Of these nobody can say that they are the session's end.
    (r#"{"error":"invalid_request","error_description":"The refresh token is invalid."}"#, NOTHING, NOTHING),
    (r#"{"error":"invalid_client"}"#, NOTHING, NOTHING),
    (r#"{"error":"temporarily_unavailable"}"#, NOTHING, NOTHING),
    (r#"{"errcode":"M_FORBIDDEN","error":"x"}"#, NOTHING, NOTHING),
    (r#"{"code":"ERROR_CODE_ACCESS_DENIED","message":"x"}"#, NOTHING, NOTHING),
    (r#"{"message":"Forbidden"}"#, NOTHING, NOTHING),
    (r#"{"message":"invalid_grant was not said"}"#, NOTHING, NOTHING),
    (r#"{"code":42501,"message":"permission denied"}"#, NOTHING, NOTHING),
    (r#"{"code":"23505","message":"duplicate key"}"#, NOTHING, NOTHING),
    (r#"{"code":200,"message":"refused"}"#, NOTHING, NOTHING),
    (r#"{"code":1,"message":"refused"}"#, NOTHING, NOTHING),
    (r#"{"code":418,"message":"a teapot"}"#, Code::Server, Code::Server),
];
const DEAD: Code = Code::RefreshRejected;
const WRONG: Code = Code::InvalidCredentials;
const BUSY: Code = Code::Unreachable;
const NOTHING: Code = Code::Host;

#[test]
fn a_body_says_what_a_host_does_not() {
    for (body, refresh, signin) in BODIES {
        let text = Value::from(body);
        let quoted = crate::core::lite::json::json_of(&text);
        // As Appsmith's, Lowcoder's and a function's, as data or as the text of it; axios makes data of it.
        let shapes =
            ["{\"body\":@}", "{\"message\":@}", "@"].map(|shape| [body, &quoted].map(|body| shape.replace('@', body)));
        let of_axios = "{\"response\":{\"data\":@}}".replace('@', body);
        for json in shapes.into_iter().flatten().chain([of_axios]) {
            let codes =
                [Purpose::Refresh, Purpose::Signin].map(|purpose| thrown(&json).classify(purpose, Code::Host).code);
            assert_eq!(codes, [refresh, signin], "{json}");
        }
    }
}

#[test]
fn what_a_body_repeats_is_told_with_its_text() {
    let body = r#"{"body":{"code":400,"error_code":"refresh_token_not_found","msg":"Invalid Refresh Token"}}"#;
    let error = thrown(body).classify(Purpose::Refresh, Code::Host);
    assert_eq!((error.status, error.message.as_ref()), (Some(400), "Invalid Refresh Token"));
    assert_eq!(thrown(body).status(), Some(400), "a query that is refused is seen to be");
}

#[test]
fn a_status_of_the_hosts_own_comes_before_what_a_body_repeats() {
    let rows = [
        (r#"{"status":503,"body":{"code":400,"error_code":"refresh_token_not_found"}}"#, Code::Unreachable, Some(503)),
        (r#"{"status":404,"body":{"code":"token_not_valid"}}"#, Code::Server, Some(404)),
        (r#"{"message":"Request failed with status code 502","body":{"status":401}}"#, Code::Unreachable, Some(502)),
    ];
    for (json, code, status) in rows {
        let error = thrown(json).classify(Purpose::Refresh, Code::Host);
        assert_eq!((error.code, error.status), (code, status), "{json}");
    }
}
