//! What a failed refresh means: only the server's word ends the session.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::testing::json;
use crate::world::host::{Reply, query};
use crate::world::options::{usual, usual_with};
use crate::world::server::{Fault, TOO_LONG, http_date};
use crate::world::{DAY, HOUR, MINUTE, SECOND, World, code, credentials, get};

#[test]
fn a_refused_refresh_ends_the_session() {
    let rows: [(u16, &str); 8] = [
        // The status is the server's word, and what would be refused for ever is over.
        (400, TOO_LONG),
        (401, TOO_LONG),
        (400, r#"{ "error": "invalid_grant" }"#),
        (401, r#"{ "detail": "Token is blacklisted" }"#),
        (403, r#"{ "error": "invalid_grant" }"#),
        (422, r#"{ "message": "no" }"#),
        (400, ""),
        (200, r#"{ "error": "invalid_grant" }"#),
    ];
    for (status, body) in rows {
        let mut world = World::signed_in(r#"{ "expose": { "accessToken": "accesstoken" } }"#);
        world.forget();
        world.server.fail("/token", [Fault::Status(status, &[], body)]);

        let begun = world.now;
        let outcome = world.refresh(0, true);
        assert!(world.now - begun < SECOND, "the lock kept all others away: there is nobody to wait for");
        world.advance(SECOND);

        assert_eq!(code(&outcome), Some(Code::RefreshRejected), "{status} {body}");
        assert_eq!(world.told(0), [(EventKind::Expired, Some("ERR_REFRESH_REJECTED"))], "{status} {body}");
        assert_eq!(world.tabs[0].navigations, ["Login"], "{status} {body}");
        assert!(!world.disk.record.as_ref().unwrap().contains("canary"));
        assert_eq!((world.disk.values.len(), world.tabs[0].shown.len()), (0, 0), "what was exposed is gone");
        assert_eq!(code(&world.access_token(0)), Some(Code::SignedOut));
    }
}

#[test]
fn a_refusal_is_known_by_its_body_where_a_host_shows_no_status() {
    let dead = r#"{ "code": 400, "error_code": "refresh_token_not_found", "msg": "Invalid Refresh Token" }"#;
    let text = Value::from(r#"{ "detail": "Token is blacklisted", "code": "token_not_valid" }"#);
    let busy = r#"{ "code": 429, "error_code": "over_request_rate_limit" }"#;
    let rows = [
        (Reply::Throws(json(dead)), Code::RefreshRejected, Code::InvalidCredentials),
        (Reply::Throws(text.clone()), Code::RefreshRejected, Code::InvalidCredentials),
        (Reply::Throws(json(busy)), Code::Unreachable, Code::Unreachable),
        (Reply::Throws(json(r#"{ "error": "invalid_client" }"#)), Code::Host, Code::Host),
        // Some resolve what the server refused with. A sign-in has no session to end by that.
        (Reply::Gives(json(dead)), Code::RefreshRejected, Code::InvalidResponse),
        (Reply::Gives(text), Code::RefreshRejected, Code::InvalidResponse),
        (Reply::Gives(json(busy)), Code::Unreachable, Code::InvalidResponse),
        (Reply::Gives(json(r#"{ "code": 7 }"#)), Code::InvalidResponse, Code::InvalidResponse),
    ];
    let [sign_in, refresh] = ["sign_in", "refreshAPI"].map(query);
    let options = usual_with("{}", &[("flows.signin", sign_in), ("flows.refresh", refresh)]);
    for (reply, of_refresh, of_signin) in rows {
        let mut world = World::with_options(&options);
        let token = r#"{ "access_token": "canary-a", "refresh_token": "canary-r", "expires_in": 600 }"#;
        // As text: some hosts don't parse what a query gave.
        world.host.on("sign_in", [Reply::Gives(Value::from(token)), reply.clone()]);
        world.host.on("refreshAPI", [reply.clone()]);
        world.sign_in(0);

        let outcome = world.refresh(0, true);

        assert_eq!(code(&outcome), Some(of_refresh), "{reply:?}");
        assert_eq!(world.is_signed_in(0), of_refresh != Code::RefreshRejected, "{reply:?}");
        let outcome = world.run(0, Call::Signin(credentials().into()));
        assert_eq!(code(&outcome), Some(of_signin), "{reply:?}");
    }
}

#[test]
fn anything_else_keeps_the_session() {
    let rows = [
        (Fault::Status(408, &[], ""), Code::Unreachable),
        (Fault::Status(409, &[], ""), Code::Unreachable),
        (Fault::Status(425, &[], ""), Code::Unreachable),
        (Fault::Status(429, &[], ""), Code::Unreachable),
        (Fault::Status(500, &[], r#""<html>""#), Code::Unreachable),
        (Fault::Status(503, &[], ""), Code::Unreachable),
        (Fault::Status(403, &[], r#""<!-- a proxy's --><html>""#), Code::Unreachable),
        (Fault::Status(403, &[("content-type", "text/html")], r#""Denied.<br>Ask us""#), Code::Unreachable),
        (Fault::NoNetwork, Code::Unreachable),
        (Fault::Silence, Code::Unreachable),
        (Fault::Status(404, &[], ""), Code::Server),
        (Fault::Status(302, &[], ""), Code::Server),
        (Fault::Status(200, &[], r#"{ "hello": 1 }"#), Code::InvalidResponse),
        (Fault::Status(200, &[], TOO_LONG), Code::InvalidResponse),
        (Fault::Status(403, &[], TOO_LONG), Code::InvalidResponse),
        (Fault::Status(502, &[], TOO_LONG), Code::Unreachable),
    ];
    for (fault, expected) in rows {
        let mut world = World::signed_in("{}");
        world.server.strict = false;
        world.forget();
        world.server.fail("/token", [fault.clone()]);

        let outcome = world.refresh(0, true);

        assert_eq!(code(&outcome), Some(expected), "{fault:?}");
        assert_eq!(world.told(0), [(EventKind::Failed, Some(expected.as_str()))], "{fault:?}");
        assert!(world.is_signed_in(0) && world.tabs[0].navigations.is_empty(), "{fault:?}");
        assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"), "a good token goes on being used");
        world.advance(20 * MINUTE);
        assert_ne!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"), "later it succeeds");
    }
}

#[test]
fn a_retry_after_is_honoured_even_when_forced() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Status(503, &[("retry-after", "20")], "")]);
    let answered = world.now + 100;

    let first = world.refresh(0, true).unwrap_err();
    let second = world.refresh(0, true).unwrap_err();

    assert_eq!(first.retry_at.map(|at| at.0), Some(answered + 20 * SECOND));
    assert_eq!((second.code, second.retry_at), (Code::Unreachable, first.retry_at));
    assert_eq!(world.server.count("/token"), 1);
    world.advance(21 * SECOND);
    assert!(world.refresh(0, true).is_ok());
}

#[test]
fn a_retry_after_that_is_a_date_is_read_by_the_servers_clock() {
    for ahead in [0, DAY as i64, -(DAY as i64)] {
        let mut world = World::signed_in("{}");
        let (server_now, later) = (http_date(world.now), http_date(world.now + 20 * SECOND));
        let headers: &'static [(&str, &str)] =
            Box::leak(Box::new([("date", &*server_now.leak()), ("retry-after", &*later.leak())]));
        world.set_clock(ahead);
        world.refresh(0, true).unwrap();
        world.server.fail("/token", [Fault::Status(503, headers, "")]);

        let error = world.refresh(0, true).unwrap_err();

        assert_eq!(error.retry_at.map(|at| at.0), Some(world.now + 20 * SECOND), "a clock {ahead} ms ahead");
    }
}

#[test]
fn after_a_failure_calls_do_not_hammer_the_server() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    world.server.fail("/token", vec![Fault::NoNetwork; 100]);

    for _ in 0..600 {
        assert_eq!(code(&world.access_token(0)), Some(Code::Unreachable));
        world.advance(SECOND);
    }

    let sent = world.server.count("/token");
    assert!((8..=20).contains(&sent), "{sent} requests in ten minutes");
}

#[test]
fn a_pause_of_our_own_ends_when_the_network_is_back_and_when_the_user_insists() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    world.server.fail("/token", [Fault::NoNetwork, Fault::NoNetwork]);

    assert_eq!(code(&world.access_token(0)), Some(Code::Unreachable));
    assert_eq!(code(&world.access_token(0)), Some(Code::Unreachable));
    assert_eq!(world.server.count("/token"), 1, "the second call is answered from the pause");
    assert_eq!(code(&world.refresh(0, false)), Some(Code::Unreachable));
    assert_eq!(world.server.count("/token"), 2, "refreshAccessToken() insists");
    world.hint(0, Hint::Woke);
    assert!(world.access_token(0).is_ok());
}

#[test]
fn an_error_that_can_be_retried_says_when() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::NoNetwork]);

    let error = world.refresh(0, true).unwrap_err();

    assert!(error.code.is_retryable());
    assert!(error.retry_at.unwrap().0 > world.now);
}

#[test]
fn the_verdict_waits_for_another_tabs_tokens_where_there_are_no_locks() {
    let mut world = World::signed_in("{}");
    world.server.strict = false;
    world.locks.absent = true;
    world.fill(2, &usual("{}"));
    // The first tab's tokens come late: the second is refused before they are stored.
    world.server.fail("/token", [Fault::Slow(400), Fault::Status(401, &[], r#"{ "detail": "blacklisted" }"#)]);
    world.sleep(20 * MINUTE);

    let (first, second) = (world.call(0, Call::Refresh(false)), world.call(1, Call::Refresh(false)));

    assert!(world.wait(first).is_ok());
    assert!(world.wait(second).is_ok(), "its tokens are adopted");
    assert_eq!(world.access_token(1).unwrap(), Value::from("canary-access-0-2"));
    assert!(world.tabs[1].navigations.is_empty());
}

#[test]
fn without_locks_the_tabs_end_in_agreement() {
    for strict in [true, false] {
        let mut world = World::signed_in(r#"{ "crossTab": "optimistic" }"#);
        world.server.strict = strict;
        world.fill(4, &usual(r#"{ "crossTab": "optimistic" }"#));
        world.sleep(20 * MINUTE);

        let calls: Vec<_> = (0..4).map(|tab| world.call(tab, Call::Refresh(false))).collect();
        for call in calls {
            world.wait(call).ok();
        }
        world.advance(SECOND);

        let signed_in: Vec<_> = (0..4).map(|tab| world.is_signed_in(tab)).collect();
        assert!(signed_in.iter().all(|tab| *tab == signed_in[0]), "{signed_in:?}");
    }
}

#[test]
fn a_lock_that_never_comes_is_gone_without() {
    let mut world = World::signed_in(r#"{ "timeoutSeconds": 5 }"#);
    world.locks.holder = Some(crate::world::locks::Owner::Stranger);
    let began = world.now;

    let outcome = world.refresh(0, true);

    assert!(outcome.is_ok());
    assert_eq!(world.now - began, 5 * SECOND + 100);
}

#[test]
fn a_tab_that_is_closed_with_the_lock_in_its_hand_leaves_it_to_the_next() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.server.fail("/token", [Fault::NoNetwork]);
    world.call(0, Call::Refresh(true));
    let waiting = world.call(1, Call::Refresh(true));
    world.advance(10);

    world.close(0);

    assert!(world.wait(waiting).is_ok());
}

#[test]
fn a_message_never_holds_what_the_server_echoes() {
    let body = r#"{ "error": "bad", "error_description": "token canary-refresh-0-1 of canary-access-0-1 is bad" }"#;
    for status in [400, 404, 503] {
        let mut world = World::signed_in("{}");
        world.server.fail("/token", [Fault::Status(status, &[], body)]);

        let error = world.refresh(0, true).unwrap_err();

        assert_eq!(error.message, "token [redacted] of [redacted] is bad");
        world.trace(0);
    }
}

#[test]
fn a_retry_after_that_makes_no_sense_makes_no_storm() {
    for text in ["0", "-5", "3.5", "Fri, 01 Jan 2021 00:00:00 GMT", "soon", "-5 GMT"] {
        let mut world = World::signed_in(r#"{ "refresh": { "beforeExpirySeconds": 500 } }"#);
        let headers: &'static [(&str, &str)] = Box::leak(Box::new([("retry-after", text)]));
        world.server.fail("/token", std::iter::repeat_n(Fault::Status(503, headers, ""), 500));
        world.advance(9 * MINUTE);
        let before = world.server.count("/token");
        world.advance(HOUR);
        assert!(world.server.count("/token") - before <= 70, "{text}: {} in an hour", world.server.count("/token"));
    }
}

#[test]
fn a_retry_after_of_ages_holds_nobody_who_insists() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Status(503, &[("retry-after", "999999999999999")], "")]);
    let error = world.refresh(0, true).unwrap_err();
    assert_eq!(error.retry_at.map(|at| at.0), Some(world.now + 10 * MINUTE));

    assert!(world.refresh(0, true).is_err(), "at once is too soon");
    world.advance(5 * SECOND);
    assert!(world.refresh(0, true).is_ok());
}

#[test]
fn lifetimes_of_a_blink_make_no_storm() {
    let mut world = World::with("{}");
    let answer = r#"{ "access_token": "canary-a", "refresh_token": "canary-r", "expires_in": 0.001 }"#;
    for path in ["/login", "/token"] {
        world.server.fail(path, std::iter::repeat_n(Fault::Status(200, &[], answer), 500));
    }
    world.sign_in(0);
    world.advance(MINUTE);
    assert!(world.server.count("/token") <= 60, "{} in a minute", world.server.count("/token"));
}

#[test]
fn an_api_that_always_refuses_is_no_reason_to_refresh_again_and_again() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", std::iter::repeat_n(Fault::Status(401, &[], ""), 500));
    for _ in 0..20 {
        let response = world.run(0, Call::Fetch(get("https://auth.example/api"))).unwrap();
        assert_eq!(response, Value::Number(401.0), "the refusal is handed on");
        world.advance(SECOND);
    }
    assert_eq!(world.server.count("/token"), 1);
    world.advance(30 * SECOND);
    world.run(0, Call::Fetch(get("https://auth.example/api"))).unwrap();
    assert_eq!(world.server.count("/token"), 2, "half a minute later it is worth another try");
    assert!(world.is_signed_in(0));
}

#[test]
fn a_session_that_can_not_be_refreshed_and_is_refused_is_over() {
    let mut world = World::signed_in(r#"{ "flows": { "refresh": null } }"#);
    world.forget();
    world.server.revoke_all();

    let response = world.run(0, Call::Fetch(get("https://auth.example/api"))).unwrap();
    world.advance(SECOND);

    assert_eq!(response, Value::Number(401.0));
    assert!(!world.is_signed_in(0));
    assert_eq!(world.told(0), [(EventKind::Expired, Some("ERR_SIGNED_OUT"))]);
    assert_eq!(world.tabs[0].navigations, ["Login"]);
    assert_eq!(world.tabs[0].notices, ["your session has ended: sign in again"]);
}

#[test]
fn a_check_flow_has_the_last_word_on_a_session_that_can_not_be_refreshed() {
    for (status, lives) in [(200, true), (401, false), (503, true)] {
        let extra = r#"{ "flows": { "refresh": null, "check": { "url": "https://auth.example/me" } } }"#;
        let mut world = World::signed_in(extra);
        world.server.fail("/api", [Fault::Status(401, &[], "")]);
        world.server.fail("/me", [Fault::Status(status, &[], "{}")]);

        world.run(0, Call::Fetch(get("https://auth.example/api"))).unwrap();
        world.advance(SECOND);

        assert_eq!(world.is_signed_in(0), lives, "the check says {status}");
    }
}

#[test]
fn what_the_session_before_was_refused_or_kept_waiting_holds_nothing_of_the_next_up() {
    let anew: [fn(&mut World); 3] = [
        |world| _ = world.sign_in(0),
        |world| {
            world.logout(0).unwrap();
            world.sign_in(0);
        },
        |world| _ = world.sign_in(1),
    ];
    for (way, begin_anew) in anew.into_iter().enumerate() {
        let mut world = World::signed_in("{}");
        world.fill(2, &usual("{}"));
        let api = || Call::Fetch(get("https://auth.example/api"));
        world.server.fail("/api", std::iter::repeat_n(Fault::Status(401, &[], ""), 500));
        for _ in 0..2 {
            world.run(0, api()).unwrap();
        }
        assert_eq!(world.server.count("/token"), 1, "its refusal is its last word for this session");

        begin_anew(&mut world);
        world.advance(SECOND);
        world.run(0, api()).unwrap();
        assert_eq!(world.server.count("/token"), 2, "way {way}: it has refused none of these tokens before");

        world.server.fail("/token", [Fault::Status(503, &[("retry-after", "60")], "")]);
        world.refresh(0, true).unwrap_err();
        world.refresh(0, true).unwrap_err();
        assert_eq!(world.server.count("/token"), 3, "way {way}: the server has asked for a pause");

        begin_anew(&mut world);
        world.advance(SECOND);
        assert!(world.refresh(0, true).is_ok(), "way {way}: of these tokens it has asked for none");
    }
}
