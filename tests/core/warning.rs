//! `expiring`, `warnSeconds` and `extend()`; and the refresh token's own expiry.

use doorkey::core::input::Call;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::testing::json;
use crate::world::host::{Reply, function};
use crate::world::options::{usual, usual_with};
use crate::world::{MINUTE, SECOND, START, World, ok};

fn warnings(world: &World, tab: usize) -> Vec<(u64, &'static str)> {
    let events = world.tabs[tab].events.iter().filter(|event| event.kind == EventKind::Expiring);
    events.map(|event| ((event.at.0 - START) / SECOND, event.reason.unwrap_or_default())).collect()
}

#[test]
fn the_user_is_warned_before_the_session_ends_by_itself_in_every_tab_and_once() {
    let rows = [
        (r#"{ "idleSeconds": 600 }"#, 540, "idle"),
        (r#"{ "maxAgeSeconds": 900 }"#, 840, "maxAge"),
        (r#"{ "maxAgeSeconds": 900, "warnSeconds": 300 }"#, 600, "maxAge"),
        (r#"{ "idleSeconds": 600, "maxAgeSeconds": 900, "warnSeconds": 10 }"#, 590, "idle"),
        (r#"{ "idleSeconds": 40 }"#, 20, "idle"),
    ];
    for (options, at, reason) in rows {
        let mut world = World::with(options);
        world.fill(2, &usual(options));
        world.sign_in(0);
        world.advance(20 * MINUTE);
        for tab in 0..2 {
            assert_eq!(warnings(&world, tab), [(at, reason)], "{options}, tab {tab}");
        }
        assert!(!world.is_signed_in(0), "{options}: nobody stayed");
    }
    let mut world = World::signed_in(r#"{ "maxAgeSeconds": 900, "warnSeconds": 0 }"#);
    world.advance(20 * MINUTE);
    assert_eq!(warnings(&world, 0), []);
}

#[test]
fn who_extends_stays_and_is_warned_again() {
    let options = r#"{ "idleSeconds": 600 }"#;
    let mut world = World::signed_in(options);
    world.fill(2, &usual(options));
    world.advance(550 * SECOND);

    let outcome = world.run(0, Call::Extend).unwrap();

    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert!(matches!(outcome.member("expiresAt"), Some(Value::Number(_))));
    world.advance(100 * SECOND);
    assert!(world.is_signed_in(0) && world.is_signed_in(1), "the other tab has heard of it");
    world.advance(450 * SECOND);
    assert_eq!(warnings(&world, 1).len(), 2);
    world.advance(2 * MINUTE);
    assert!(!world.is_signed_in(0));
    assert_eq!(world.run(0, Call::Extend), ok(r#"{ "ok": false, "expiresAt": null }"#));
}

#[test]
fn extending_does_not_refresh_where_that_would_move_nothing() {
    let mut world = World::signed_in(r#"{ "maxAgeSeconds": 900 }"#);
    world.run(0, Call::Extend).unwrap();
    assert_eq!(world.server.count("/token"), 0);
}

/// A server whose refresh tokens live for half an hour, and say so.
fn half_an_hour(extra: &str, renewed: &str) -> World {
    let mut world = World::default();
    let give = |text: &str| Reply::Gives(json(text));
    world.host.on("login", [give(r#"{ "access_token": "canary-a", "refresh_token": "canary-r", "expires_in": 7200, "refresh_expires_in": 1800 }"#)]);
    world.host.on("renew", [give(renewed)]);
    let flows =
        [("flows.signin", function("login")), ("flows.refresh", function("renew")), ("flows.revoke", Value::Undefined)];
    world.open(&usual_with(extra, &flows));
    world.settle();
    world.sign_in(0);
    world
}

#[test]
fn a_refresh_token_that_is_about_to_end_is_used_once_more_before_it_does() {
    let mut world = half_an_hour(
        "{}",
        r#"{ "access_token": "canary-b", "refresh_token": "canary-s", "expires_in": 7200, "refreshExpiresIn": "1800" }"#,
    );
    world.advance(29 * MINUTE);
    assert_eq!(world.host.count("renew"), 1);
    world.advance(29 * MINUTE);
    assert_eq!(world.host.count("renew"), 2);
    assert_eq!(warnings(&world, 0), [], "the session goes on");
}

#[test]
fn where_nothing_moves_its_end_the_user_is_warned_of_it_and_no_storm_comes() {
    let mut world = half_an_hour("{}", r#"{ "access_token": "canary-b", "expires_in": 7200 }"#);
    world.advance(31 * MINUTE);
    assert_eq!(world.host.count("renew"), 1);
    assert_eq!(warnings(&world, 0), [(29 * 60, "refreshToken")]);
}

#[test]
fn who_extends_a_session_that_ends_with_its_refresh_token_refreshes() {
    let mut world = half_an_hour(
        r#"{ "refresh": { "beforeExpirySeconds": 0 } }"#,
        r#"{ "access_token": "canary-b", "refresh_token": "canary-s", "expires_in": 7200, "refresh_expires_in": 1800 }"#,
    );
    world.advance(29 * MINUTE + 30 * SECOND);
    assert_eq!((warnings(&world, 0).len(), world.host.count("renew")), (1, 0));
    world.run(0, Call::Extend).unwrap();
    assert_eq!(world.host.count("renew"), 1);
    world.advance(20 * MINUTE);
    assert_eq!(warnings(&world, 0).len(), 1);
}

#[test]
fn the_refresh_tokens_own_expiry_is_found_at_a_path_and_by_a_variable() {
    for options in [
        r#"{ "tokens": { "accessToken": "t", "refreshExpiresIn": "more.days" } }"#,
        r#"{ "flows": { "signin": [{ "query": "login" }, { "define": { "accessToken": "{{ query1.t }}", "refreshExpiresIn": "{{ query1.more.days }}" } }] } }"#,
    ] {
        let mut world = World::default();
        world.host.on("login", [Reply::Gives(json(r#"{ "t": "canary-a", "more": { "days": 1800 } }"#))]);
        let mut given = usual_with(options, &[]);
        if !options.contains("flows") {
            given = usual_with(options, &[("flows.signin", function("login"))]);
        }
        world.open(&given);
        world.settle();
        world.sign_in(0);
        world.hint(0, doorkey::core::input::Hint::Visible(false));
        world.advance(30 * MINUTE);
        assert_eq!(warnings(&world, 0), [(29 * 60, "refreshToken")], "{options}");
    }
}
