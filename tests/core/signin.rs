//! `signin`.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::testing::json;
use crate::world::host::{Reply, function, query};
use crate::world::options::usual_with;
use crate::world::server::{Fault, PASSWORD, TOO_LONG};
use crate::world::{MINUTE, SECOND, World, code, credentials, other_credentials};

#[test]
fn it_stores_the_tokens_and_goes_home() {
    let mut world = World::with("{}");

    let outcome = world.sign_in(0);

    let expires_at = world.status(0, "expiresAt");
    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert_eq!(outcome.member("navigated"), Some(&Value::Bool(true)));
    assert_eq!(outcome.member("expiresAt"), Some(&expires_at));
    assert_eq!(world.tabs[0].navigations, ["Home"]);
    assert_eq!(world.told(0), [(EventKind::SignedIn, None)]);
    assert!(world.disk.record.as_ref().unwrap().contains("canary-refresh-0-1"));
    assert!(world.is_signed_in(0));
}

#[test]
fn a_wrong_password_stores_nothing_and_stays() {
    let mut world = World::with("{}");

    let inputs = json(r#"{ "email": "ada@example.com", "password": "canary-wrong" }"#);
    let outcome = world.run(0, Call::Signin(inputs.into()));

    let error = outcome.unwrap_err();
    assert_eq!((error.code, error.status), (Code::InvalidCredentials, Some(401)));
    assert_eq!(error.message, "Wrong e-mail or password");
    assert_eq!(world.disk.record, None);
    assert!(world.tabs[0].navigations.is_empty());
    assert_eq!(world.told(0), [(EventKind::Failed, Some("ERR_INVALID_CREDENTIALS"))]);
}

#[test]
fn an_answer_without_a_token_stores_nothing_and_stays() {
    let bodies = [r#""welcome""#, "null", "[1,2]", r#"{"error":"no"}"#, r#"{"access_token":7}"#, r#"{"token":""}"#];
    for body in bodies {
        let mut world = World::with("{}");
        world.server.fail("/login", [Fault::Status(200, &[], body)]);

        let outcome = world.run(0, Call::Signin(credentials().into()));

        assert_eq!(code(&outcome), Some(Code::InvalidResponse), "{body}");
        assert_eq!(outcome.unwrap_err().path.as_deref(), Some("access_token"));
        assert_eq!((world.disk.record.as_deref(), world.tabs[0].navigations.len()), (None, 0), "{body}");
    }
}

#[test]
fn an_answer_that_is_too_long_is_none_but_a_refusal_by_its_status_is_one() {
    let rows = [(200, Code::InvalidResponse), (302, Code::InvalidResponse), (401, Code::InvalidCredentials)];
    for (status, expected) in rows.into_iter().chain([(503, Code::Unreachable)]) {
        let mut world = World::with("{}");
        world.server.fail("/login", [Fault::Status(status, &[], TOO_LONG)]);

        let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();

        assert_eq!((error.code, error.status), (expected, Some(status)));
        assert_eq!((world.disk.record.as_deref(), world.tabs[0].navigations.len()), (None, 0), "{status}");
    }
}

#[test]
fn a_failed_navigation_does_not_undo_it() {
    let said: &[&str] = &["no such page"];
    for (reply, notices) in [(Reply::Throws(Value::Null), said), (Reply::Hangs, &[])] {
        let mut world = World::with("{}");
        world.host.navigation = Some(reply);

        let outcome = world.sign_in(0);

        assert_eq!(outcome.member("navigated"), Some(&Value::Bool(false)));
        assert!(world.is_signed_in(0));
        assert_eq!(world.tabs[0].notices, notices, "the user is told why; what says nothing may still be on its way");
    }
}

#[test]
fn without_a_flow_it_names_the_missing_option() {
    let mut world = World::with(r#"{ "flows": { "signin": null } }"#);

    let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();

    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some("flows.signin")));
}

#[test]
fn a_function_a_query_an_endpoint_and_steps_are_the_same_flow() {
    let url = r#"{ "url": "https://auth.example/login", "json": "{{ inputs }}" }"#;
    let steps = format!(r#"[{{ "request": {url} }}]"#);
    let named = json(r#"[{ "query": "sign_in" }]"#);
    for flow in [function("sign_in"), query("sign_in"), json(url), json(&steps), named] {
        let mut world = World::with_options(&usual_with("{}", &[("flows.signin", flow.clone())]));
        world.host.on("sign_in", [Reply::Asks("/login")]);

        world.sign_in(0);

        assert!(world.is_signed_in(0), "{flow:?}");
        assert!(world.server.last("/login").body.as_ref().unwrap().contains(PASSWORD));
    }
}

#[test]
fn a_host_that_fails_is_told_apart_from_a_server_that_refuses() {
    let rows = [
        (json(r#"{ "message": "sign_in failed to execute" }"#), Code::Host),
        (json(r#""boom""#), Code::Host),
        (Value::Undefined, Code::Host),
        (json(r#"{ "status": 401, "body": { "detail": "No active account" } }"#), Code::InvalidCredentials),
        (json(r#"{ "statusCode": "503 SERVICE UNAVAILABLE" }"#), Code::Unreachable),
        (json(r#"{ "message": "User cancelled action execution" }"#), Code::Cancelled),
    ];
    for (thrown, expected) in rows {
        let mut world = World::with_options(&usual_with("{}", &[("flows.signin", query("sign_in"))]));
        world.host.on("sign_in", [Reply::Throws(thrown.clone())]);

        let outcome = world.run(0, Call::Signin(credentials().into()));

        assert_eq!(code(&outcome), Some(expected), "{thrown:?}");
        assert_eq!(outcome.unwrap_err().step_id.as_deref(), Some("query1"));
    }
}

#[test]
fn a_host_call_and_a_request_that_never_answer_end_by_the_time_limit() {
    let mut host = World::with_options(&usual_with(r#"{ "timeoutSeconds": 4 }"#, &[("flows.signin", query("slow"))]));
    host.host.on("slow", [Reply::Hangs]);
    let mut server = World::with(r#"{ "timeoutSeconds": 4 }"#);
    server.server.fail("/login", [Fault::Silence]);

    for (world, expected) in [(&mut host, Code::Timeout), (&mut server, Code::Unreachable)] {
        let began = world.now;
        let outcome = world.run(0, Call::Signin(credentials().into()));
        assert_eq!((code(&outcome), world.now - began), (Some(expected), 4 * SECOND));
    }
}

#[test]
fn the_later_of_two_sign_ins_wins() {
    let mut world = World::with("{}");
    let first = world.call(0, Call::Signin(credentials().into()));
    world.advance(20);

    let second = world.run(0, Call::Signin(other_credentials().into()));

    assert!(second.is_ok());
    assert_eq!(code(&world.wait(first)), Some(Code::Superseded));
    world.advance(MINUTE);
    assert!(world.disk.record.as_ref().unwrap().contains("canary-access-1-1"), "the second session is stored");
    assert_eq!(world.tabs[0].navigations, ["Home"]);
}

#[test]
fn a_sign_out_ends_a_sign_in_under_way_at_any_moment() {
    for after in (0..160).step_by(4) {
        let mut world = World::with(r#"{ "expose": { "accessToken": "accesstoken" } }"#);
        world.delays.storage = 20;
        world.delays.host = 20;
        let signin = world.call(0, Call::Signin(credentials().into()));
        world.advance(after);

        world.logout(0).unwrap();
        world.wait(signin).ok();
        world.advance(MINUTE);

        assert!(!world.is_signed_in(0), "after {after} ms");
        let record = world.disk.record.clone().unwrap_or_default();
        assert!(!record.contains("canary"), "after {after} ms: {record}");
        assert_eq!(world.disk.values.len(), 0, "after {after} ms");
        assert_eq!(world.tabs[0].navigations.last().map(String::as_str), Some("Login"), "after {after} ms");
        assert_ne!(world.told(0).last().map(|told| told.0), Some(EventKind::SignedIn), "after {after} ms");
    }
}

#[test]
fn the_later_of_two_sign_ins_wins_at_any_moment() {
    for after in (0..160).step_by(4) {
        let mut world = World::with("{}");
        world.delays.storage = 20;
        let first = world.call(0, Call::Signin(credentials().into()));
        world.advance(after);

        let second = world.run(0, Call::Signin(other_credentials().into()));
        world.wait(first).ok();
        world.advance(MINUTE);

        assert!(second.is_ok(), "after {after} ms: {second:?}");
        assert!(world.disk.record.as_ref().unwrap().contains("canary-access-1-1"), "after {after} ms");
        assert!(world.access_token(0).unwrap().as_text().unwrap().ends_with("1-1"));
    }
}

#[test]
fn a_full_or_denied_storage_keeps_the_session_in_memory_and_says_so() {
    for (fault, told) in [(Code::StorageFull, "ERR_STORAGE_FULL"), (Code::StorageDenied, "ERR_STORAGE_DENIED")] {
        let mut world = World::with("{}");
        world.disk.record_fault = Some(fault);

        world.sign_in(0);
        world.advance(20 * MINUTE);
        let token = world.access_token(0);

        assert!(world.told(0).contains(&(EventKind::Failed, Some(told))));
        assert_eq!(token.unwrap(), Value::from("canary-access-0-3"), "it goes on being refreshed");
        assert_eq!(world.disk.record, None);
        world.logout(0).unwrap();
        assert!(!world.is_signed_in(0));
    }
}
