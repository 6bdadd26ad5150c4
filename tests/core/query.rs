//! `run`, `check` and `guard`.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::GuardedPage;

use crate::testing::json;
use crate::world::host::{Reply, function, query};
use crate::world::locks::Owner;
use crate::world::options::{usual, usual_with};
use crate::world::server::{Fault, TOO_LONG};
use crate::world::{MINUTE, World, code, ok};

fn refused(json_text: &str) -> Reply {
    Reply::Throws(json(json_text))
}

#[test]
fn a_query_gives_its_data() {
    let mut world = World::signed_in("{}");
    world.host.on("orders", [Reply::Gives(json("[1, 2]"))]);

    let outcome = world.run(0, Call::run(query("orders"), json(r#"{ "page": 1 }"#)).unwrap());

    assert_eq!(outcome, ok("[1, 2]"));
    assert_eq!(world.host.calls[0].1, [json(r#"{ "page": 1 }"#)]);
}

#[test]
fn a_query_that_is_refused_runs_once_more_after_a_refresh() {
    let rows = [
        r#"{ "status": 401 }"#,
        r#"{ "statusCode": "401 UNAUTHORIZED" }"#,
        r#"{ "response": { "status": 401 } }"#,
        r#"{ "responseMeta": { "statusCode": 401 } }"#,
        r#"{ "message": "Request failed with status code 401" }"#,
        r#""401 Unauthorized""#,
    ];
    for thrown in rows {
        let mut world = World::signed_in("{}");
        world.host.on("orders", [refused(thrown), Reply::Gives(json("7"))]);

        let outcome = world.run(0, Call::run(Value::from("orders"), Value::Undefined).unwrap());

        assert_eq!(outcome, ok("7"), "{thrown}");
        assert_eq!((world.server.count("/token"), world.host.count("orders")), (1, 2), "{thrown}");
    }
}

#[test]
fn a_failure_that_shows_no_status_counts_as_refused_only_when_the_token_may_be_the_reason() {
    let failing = [refused(r#"{ "message": "orders failed to execute" }"#), Reply::Gives(json("7"))];
    let mut good = World::signed_in("{}");
    good.host.on("orders", failing.clone());
    let mut unknown = World::with("{}");
    unknown.server.tells = crate::world::server::Tells::Nothing;
    unknown.sign_in(0);
    unknown.host.on("orders", failing.clone());
    let mut slow = World::signed_in("{}");
    slow.delays.host = 11 * MINUTE;
    slow.host.on("orders", failing);

    let run = |world: &mut World| world.run(0, Call::run(query("orders"), Value::Undefined).unwrap());

    let error = run(&mut good).unwrap_err();
    assert_eq!((error.code, error.message.as_ref()), (Code::Host, "orders failed to execute"));
    assert_eq!(run(&mut unknown), ok("7"), "an unknown expiry may be past");
}

/// Its server says with 400, or with any status, that the token was no good.
const WHEN: &str = r#"{ "refresh": { "when": "{{ (response.body.code ?? '') == 'TOKEN_EXPIRED' }}" },
    "flows": { "check": { "url": "https://auth.example/me" } } }"#;

#[test]
fn what_a_failed_query_shows_of_the_answer_is_asked_for_what_the_token_was_worth() {
    let rows = [
        (r#"{ "status": 400, "data": { "code": "TOKEN_EXPIRED" } }"#, true),
        (r#"{ "status": 400, "body": "{ \"code\": \"TOKEN_EXPIRED\" }" }"#, true),
        (r#"{ "data": { "code": "TOKEN_EXPIRED" } }"#, true),
        (r#"{ "response": { "status": 400, "data": { "code": "TOKEN_EXPIRED" } } }"#, true),
        (r#"{ "status": 400, "data": { "code": "BAD_ORDER" } }"#, false),
        (r#"{ "message": "User cancelled", "data": { "code": "TOKEN_EXPIRED" } }"#, false),
    ];
    for (thrown, is_refused) in rows {
        let mut world = World::signed_in(WHEN);
        world.host.on("orders", [refused(thrown), Reply::Gives(json("7"))]);

        let outcome = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap());

        assert_eq!(outcome == ok("7"), is_refused, "{thrown}");
        assert_eq!(world.server.count("/token"), usize::from(is_refused), "{thrown}");
    }
}

#[test]
fn a_failed_query_that_shows_that_a_token_is_no_good_ends_what_can_not_be_refreshed() {
    let options = r#"{ "refresh": { "when": "{{ response.status == 400 && response.body.code == 7 }}" } }"#;
    let rows =
        [(r#"{ "status": 400, "data": { "code": 7 } }"#, false), (r#"{ "status": 400, "data": { "code": 8 } }"#, true)];
    for (thrown, lives) in rows {
        let mut world = World::with_options(&usual_with(options, &[("flows.refresh", Value::Undefined)]));
        world.sign_in(0);
        world.host.on("orders", [refused(thrown)]);

        world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()).unwrap_err();
        world.advance(MINUTE);

        assert_eq!(world.is_signed_in(0), lives, "{thrown}");
    }
}

#[test]
fn what_a_check_is_answered_is_asked_for_what_the_token_was_worth_whatever_its_status() {
    const EXPIRED: &str = r#"{ "code": "TOKEN_EXPIRED" }"#;
    let bad = |status| Fault::Status(status, &[], EXPIRED);
    let rows: [(&[Fault], bool, usize); 4] = [
        (&[bad(400)], true, 2),
        (&[bad(400), bad(503)], false, 2),
        (&[bad(200)], true, 2),
        (&[Fault::Status(400, &[], r#"{ "code": "OTHER" }"#)], false, 1),
    ];
    for (faults, expected, asked) in rows {
        let mut world = World::signed_in(WHEN);
        world.server.fail("/me", faults.to_vec());

        assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(expected)), "{faults:?}");
        assert_eq!((world.server.count("/me"), world.server.count("/token")), (asked, asked - 1), "{faults:?}");
    }
}

#[test]
fn what_a_host_gives_a_check_or_fails_it_with_is_asked_too() {
    let shown = || json(r#"{ "data": { "code": "TOKEN_EXPIRED" } }"#);
    let given = || json(r#"{ "code": "TOKEN_EXPIRED" }"#);
    for reply in [Reply::Throws(shown()), Reply::Gives(given())] {
        let mut world = World::with_options(&usual_with(WHEN, &[("flows.check", query("me"))]));
        world.sign_in(0);
        world.host.on("me", [reply, Reply::Gives(json("{}"))]);

        assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(true)));
        assert_eq!((world.host.count("me"), world.server.count("/token")), (2, 1));
    }
}

#[test]
fn other_failures_are_classified_and_not_retried() {
    let rows = [
        (r#"{ "status": 404, "body": { "detail": "gone" } }"#, Code::Server),
        (r#"{ "status": 503 }"#, Code::Unreachable),
        (r#"{ "name": "TypeError", "message": "Failed to fetch" }"#, Code::Unreachable),
        (r#"{ "message": "User cancelled action execution" }"#, Code::Cancelled),
        ("null", Code::Host),
    ];
    for (thrown, expected) in rows {
        let mut world = World::signed_in("{}");
        world.host.on("orders", [refused(thrown)]);

        let outcome = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap());

        assert_eq!((code(&outcome), world.host.count("orders")), (Some(expected), 1), "{thrown}");
        assert!(world.is_signed_in(0));
    }
}

#[test]
fn a_query_that_is_refused_twice_is_not_run_a_third_time() {
    let mut world = World::signed_in("{}");
    world.host.on("orders", [refused(r#"{ "status": 401, "body": { "detail": "no right" } }"#)]);

    let error = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()).unwrap_err();

    assert_eq!((error.code, error.status, error.message.as_ref()), (Code::Server, Some(401), "no right"));
    assert_eq!((world.host.count("orders"), world.server.count("/token")), (2, 1));
}

#[test]
fn a_query_that_hangs_ends_by_the_time_limit() {
    let mut world = World::signed_in("{}");
    world.host.on("orders", [Reply::Hangs]);

    assert_eq!(code(&world.run(0, Call::run(query("orders"), Value::Undefined).unwrap())), Some(Code::Timeout));
}

#[test]
fn signed_out_a_query_runs_as_it_is() {
    let mut world = World::with("{}");
    world.host.on("orders", [refused(r#"{ "status": 401 }"#)]);

    assert_eq!(code(&world.run(0, Call::run(query("orders"), Value::Undefined).unwrap())), Some(Code::Server));
    assert_eq!(world.host.count("orders"), 1);
}

#[test]
fn an_expired_token_is_refreshed_before_the_query() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    world.host.on("orders", [Reply::Gives(json("7"))]);

    assert_eq!(world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()), ok("7"));
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn with_no_good_token_to_be_had_a_query_is_not_run() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    world.host.on("orders", [Reply::Gives(json("7"))]);
    world.server.fail("/token", [Fault::NoNetwork]);

    let error = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()).unwrap_err();

    assert_eq!((error.code, world.host.count("orders")), (Code::Unreachable, 0));
    assert!(error.retry_at.is_some(), "it says when to try again");
}

#[test]
fn a_query_that_is_refused_while_the_token_can_not_be_refreshed_says_why_it_can_not() {
    let mut world = World::signed_in("{}");
    world.host.on("orders", [refused(r#"{ "status": 401 }"#)]);
    world.server.fail("/token", [Fault::NoNetwork]);

    let error = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()).unwrap_err();

    assert_eq!((error.code, world.host.count("orders")), (Code::Unreachable, 1));
    assert!(error.retry_at.is_some() && world.is_signed_in(0));
}

#[test]
fn a_query_that_is_refused_is_not_run_again_where_another_tab_signs_out_meanwhile() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.host.on("orders", [refused(r#"{ "status": 401, "body": { "detail": "no right" } }"#)]);
    world.locks.holder = Some(Owner::Stranger);
    let orders = world.call(0, Call::run(query("orders"), Value::Undefined).unwrap());
    world.advance(10);
    world.logout(1).unwrap();
    world.let_go();

    let error = world.wait(orders).unwrap_err();

    assert_eq!((error.status, error.message.as_ref()), (Some(401), "no right"));
    assert_eq!((world.host.count("orders"), world.server.count("/token")), (1, 0));
}

#[test]
fn every_query_falls_back_to_a_good_token_too() {
    let mut world = World::signed_in(r#"{ "refresh": { "everyQuery": true } }"#);
    world.host.on("orders", [Reply::Gives(json("7"))]);
    world.server.fail("/token", [Fault::NoNetwork]);

    assert_eq!(world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()), ok("7"));
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn check_without_a_flow_asks_whether_a_good_token_can_be_had() {
    let mut world = World::with("{}");
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
    world.sign_in(0);
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(true)));
    world.sleep(20 * MINUTE);
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(true)));
    assert_eq!(world.server.count("/token"), 1);
    world.server.revoke_all();
    world.sleep(20 * MINUTE);
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
}

#[test]
fn check_with_a_flow_asks_the_server() {
    let checking = r#"{ "flows": { "check": { "url": "https://auth.example/me" } } }"#;
    let rows: [(&[Fault], Result<bool, Code>, usize); 7] = [
        (&[], Ok(true), 1),
        (&[Fault::Status(401, &[], "")], Ok(true), 2),
        (&[Fault::Status(401, &[], ""), Fault::Status(401, &[], "")], Ok(false), 2),
        (&[Fault::Status(403, &[], "")], Ok(false), 1),
        (&[Fault::NoNetwork], Err(Code::Unreachable), 1),
        (&[Fault::Status(200, &[], TOO_LONG)], Err(Code::InvalidResponse), 1),
        (&[Fault::Status(401, &[], TOO_LONG), Fault::Status(404, &[], TOO_LONG)], Err(Code::InvalidResponse), 2),
    ];
    for (faults, expected, asked) in rows {
        let mut world = World::signed_in(checking);
        world.server.fail("/me", faults.to_vec());

        let outcome = world.run(0, Call::Check);

        assert_eq!(outcome.map_err(|error| error.code), expected.map(Value::Bool), "{faults:?}");
        assert_eq!(world.server.count("/me"), asked, "{faults:?}");
    }
    let mut world = World::with(checking);
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
    assert_eq!(world.server.seen.len(), 0, "no request without a session");
}

#[test]
fn check_can_be_a_function() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.check", function("me"))]));
    world.sign_in(0);
    let no = || Reply::Gives(Value::Bool(false));
    world.host.on("me", [Reply::Gives(json("{}")), refused(r#"{ "status": 403 }"#), refused("null"), no(), no()]);

    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(true)));
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
    assert_eq!(code(&world.run(0, Call::Check)), Some(Code::Host));
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)), "what gives `false` says no");
    assert_eq!((world.host.count("me"), world.server.count("/token")), (5, 1), "and again after a refresh");
}

#[test]
fn a_guard_lets_the_right_pages_be_shown() {
    let mut world = World::with("{}");
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(false)));
    assert_eq!(world.tabs[0].navigations, ["Login"]);
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Login)), Ok(Value::Bool(true)));
    world.sign_in(0);
    world.forget();
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(true)));
    assert!(world.tabs[0].navigations.is_empty());
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Login)), Ok(Value::Bool(false)));
    assert_eq!(world.tabs[0].navigations, ["Home"]);
}

#[test]
fn a_guard_tries_to_refresh_and_believes_an_unreachable_server_nothing() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(true)));
    assert_eq!(world.server.count("/token"), 1);
    world.sleep(20 * MINUTE);
    world.server.fail("/token", [Fault::NoNetwork]);
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(true)), "the session is kept");
    world.advance(2 * MINUTE);
    world.server.revoke_all();
    world.sleep(20 * MINUTE);
    world.forget();
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(false)));
    world.advance(MINUTE);
    assert!(world.tabs[0].navigations.iter().all(|page| page == "Login"));
}

#[test]
fn a_guard_that_waits_for_a_refresh_shows_nothing_to_whom_the_user_has_signed_out_meanwhile() {
    for after in (0..100).step_by(10) {
        let mut world = World::signed_in("{}");
        world.sleep(20 * MINUTE);
        let guard = world.call(0, Call::Guard(GuardedPage::Protected));
        world.advance(after);
        world.logout(0).unwrap();

        assert_eq!(world.wait(guard), Ok(Value::Bool(false)), "after {after} ms");
        assert_eq!(world.tabs[0].navigations.last().map(String::as_str), Some("Login"), "after {after} ms");
    }
}

#[test]
fn the_page_to_which_a_login_page_leads_is_left_by_nobody_who_did_not_guard_it() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.forget();
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Login)), Ok(Value::Bool(false)));

    world.logout(1).unwrap();
    world.advance(MINUTE);

    assert!(!world.is_signed_in(0));
    assert_eq!(world.tabs[0].navigations, ["Home"], "the home page may be everybody's");
}

#[test]
fn a_failure_that_shows_no_answer_is_none_that_an_expression_judges() {
    let when = r#"{ "refresh": { "when": "{{ !(response.body.success ?? false) }}" } }"#;
    let mut world = World::with_options(&usual_with(when, &[("flows.refresh", Value::Undefined)]));
    world.sign_in(0);
    world.host.on("orders", [refused(r#"{ "message": "Failed to fetch" }"#)]);

    assert!(world.run(0, Call::run(Value::from("orders"), Value::Undefined).unwrap()).is_err());
    world.advance(MINUTE);
    assert!(world.is_signed_in(0));
}
