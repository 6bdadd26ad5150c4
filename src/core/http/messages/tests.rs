//! The refusals of frameworks, as they send them, and what a person reads.

use super::*;
use crate::core::testing::json;

/// The framework, the status, the body, the text.
const REFUSALS: [(&str, u16, &str, &str); 32] = [
    (
        "OAuth, RFC 6749 5.2",
        400,
        r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#,
        "Invalid user credentials",
    ),
    ("Keycloak", 401, r#"{"error":"invalid_grant","error_description":"Account disabled"}"#, "Account disabled"),
    ("OAuth without a description", 400, r#"{"error":"invalid_client"}"#, "invalid_client"),
    (
        "DRF, simplejwt",
        401,
        r#"{"detail":"No active account found with the given credentials"}"#,
        "No active account found with the given credentials",
    ),
    ("DRF, a field", 400, r#"{"email":["Enter a valid email address."]}"#, "Enter a valid email address."),
    (
        "DRF, no field",
        400,
        r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#,
        "Unable to log in with provided credentials.",
    ),
    ("FastAPI", 401, r#"{"detail":"Incorrect username or password"}"#, "Incorrect username or password"),
    (
        "FastAPI 422",
        422,
        r#"{"detail":[{"type":"missing","loc":["body","email"],"msg":"Field required"},{"type":"string_too_short","loc":["body","password"],"msg":"Too short"}]}"#,
        "Field required, Too short",
    ),
    ("fastapi-users", 400, r#"{"detail":"LOGIN_BAD_CREDENTIALS"}"#, "LOGIN_BAD_CREDENTIALS"),
    (
        "fastapi-users, coded",
        400,
        r#"{"detail":{"code":"REGISTER_INVALID_PASSWORD","reason":"too short"}}"#,
        "REGISTER_INVALID_PASSWORD",
    ),
    ("Express, passport", 401, r#""Unauthorized""#, "Unauthorized"),
    ("NestJS", 401, r#"{"message":"Unauthorized","statusCode":401}"#, "Unauthorized"),
    (
        "NestJS, validation",
        400,
        r#"{"message":["email must be an email","password is too short"],"error":"Bad Request","statusCode":400}"#,
        "email must be an email, password is too short",
    ),
    ("Laravel", 401, r#"{"message":"Unauthenticated."}"#, "Unauthenticated."),
    (
        "Laravel 422",
        422,
        r#"{"message":"The email field is required. (and 1 more error)","errors":{"email":["The email field is required."]}}"#,
        "The email field is required.",
    ),
    (
        "LoopBack 4, validation",
        422,
        r#"{"error":{"statusCode":422,"message":"The request body is invalid.","details":[{"path":"/password","message":"must NOT have fewer than 8 characters"}]}}"#,
        "must NOT have fewer than 8 characters",
    ),
    ("Rails, devise", 401, r#"{"error":"Invalid Email or password."}"#, "Invalid Email or password."),
    ("Rails, errors", 422, r#"{"errors":["Email has already been taken"]}"#, "Email has already been taken"),
    (
        "devise_token_auth",
        401,
        r#"{"success":false,"errors":["Invalid login credentials. Please try again."]}"#,
        "Invalid login credentials. Please try again.",
    ),
    (
        "Spring Boot",
        401,
        r#"{"timestamp":"2026-01-01T00:00:00Z","status":401,"error":"Unauthorized","message":"Bad credentials","path":"/login"}"#,
        "Bad credentials",
    ),
    ("ASP.NET ProblemDetails", 401, r#"{"type":"about:blank","title":"Unauthorized","status":401}"#, "Unauthorized"),
    ("ASP.NET, detail", 401, r#"{"title":"Unauthorized","status":401,"detail":"LockedOut"}"#, "LockedOut"),
    (
        "ASP.NET, validation",
        400,
        r#"{"title":"One or more validation errors occurred.","status":400,"errors":{"Email":["The Email field is not valid."]}}"#,
        "One or more validation errors occurred. The Email field is not valid.",
    ),
    (
        "ASP.NET Web API 2",
        401,
        r#"{"Message":"Authorization has been denied for this request."}"#,
        "Authorization has been denied for this request.",
    ),
    (
        "JSON:API",
        401,
        r#"{"errors":[{"status":"401","title":"Invalid credentials","detail":"The password is wrong."}]}"#,
        "The password is wrong.",
    ),
    ("GraphQL", 200, r#"{"errors":[{"message":"User not found","path":["login"]}]}"#, "User not found"),
    (
        "Directus",
        401,
        r#"{"errors":[{"message":"Invalid user credentials.","extensions":{"code":"INVALID_CREDENTIALS"}}]}"#,
        "Invalid user credentials.",
    ),
    (
        "Strapi",
        400,
        r#"{"data":null,"error":{"status":400,"name":"ValidationError","message":"2 errors occurred","details":{"errors":[{"path":["identifier"],"message":"identifier is a required field"}]}}}"#,
        "identifier is a required field",
    ),
    (
        "Firebase",
        400,
        r#"{"error":{"code":400,"message":"INVALID_PASSWORD","errors":[{"message":"INVALID_PASSWORD"}]}}"#,
        "INVALID_PASSWORD",
    ),
    (
        "Supabase",
        400,
        r#"{"code":400,"error_code":"invalid_credentials","msg":"Invalid login credentials"}"#,
        "Invalid login credentials",
    ),
    (
        "Chinese admin templates",
        200,
        r#"{"code":401,"msg":"Wrong user or password","data":null}"#,
        "Wrong user or password",
    ),
    ("Salesforce and its like", 400, r#"{"errorMessage":"authentication failure"}"#, "authentication failure"),
];

#[test]
fn a_person_reads_what_the_framework_says() {
    for (framework, status, body, text) in REFUSALS {
        assert_eq!(message_of(&json(body), Some(status)).as_deref(), Some(text), "{framework}");
    }
}

#[test]
fn a_page_is_never_shown() {
    for page in ["<html><h1>502 Bad Gateway</h1>", "  <!DOCTYPE html><title>x", "<HTML>"] {
        assert_eq!(message_of(&Value::from(page), Some(502)), None, "{page}");
    }
    assert_eq!(message_of(&Value::from("plain text"), None).as_deref(), Some("plain text"));
    assert_eq!(message_of(&Value::Null, None), None);
}

#[test]
fn an_answer_that_says_nothing_is_shown_without_what_its_names_tell_to_be_secret() {
    let body = json(r#"{"user":{"id":7,"password":"Corr3ctHorse"},"access_token":"9f8e7d6c5b"}"#);
    let text = r#"{"user":{"id":7,"password":"[redacted]"},"access_token":"[redacted]"}"#;
    assert_eq!(message_of(&body, Some(500)).as_deref(), Some(text));
    assert_eq!(message_of(&json(r#"{"password":["Too short."]}"#), Some(400)).as_deref(), Some("Too short."));
}

#[test]
fn a_page_is_known_by_its_media_type_and_by_how_it_begins() {
    let rows = [
        ("<h1>403 Forbidden</h1>", None, true),
        ("\n<!-- x -->\n<html>", None, true),
        ("<?xml version=\"1.0\"?><!DOCTYPE html>", None, true),
        ("<center><h1>502 Bad Gateway</h1></center>", Some("text/plain"), true),
        ("Denied.<br>Ask us", Some("text/html; charset=utf-8"), true),
        ("Denied.<br>Ask us", Some("Text/HTML"), true),
        ("Denied.<br>Ask us", Some("application/xhtml+xml"), true),
        ("Denied.<br>Ask us", Some("text/plain"), false),
        ("Access denied", Some("text/html; charset=utf-8"), false),
        ("Access denied", None, false),
        ("", Some("text/html"), false),
        ("< 8 characters", None, false),
        ("<3", None, false),
    ];
    for (text, media_type, expected) in rows {
        assert_eq!(is_page(&Value::from(text), media_type), expected, "{text} {media_type:?}");
    }
    // Many servers say so of all that they send.
    assert!(!is_page(&json(r#"{"error":"no"}"#), Some("text/html")));
}

#[test]
fn tags_in_a_servers_own_text_do_not_hide_it() {
    let said = |body: &str| message_of(&json(body), Some(403));
    assert_eq!(
        said(r#"{"message":"<strong>Error</strong>: wrong"}"#).as_deref(),
        Some("<strong>Error</strong>: wrong")
    );
    for page in [r#"{"message":"<h1>403</h1>"}"#, r#"{"message":"<!doctype html>"}"#, r#""<center>403</center>""#] {
        assert_eq!(said(page), None, "{page}");
    }
}
