//! `dpop: true`: tokens that are bound to a key (RFC 9449).

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint, Input, LogoutCall};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::options::usual;
use crate::world::server::{Fault, Request};
use crate::world::{DAY, HOUR, MINUTE, World, code, credentials, get};

const API: &str = "https://auth.example/api";
const DPOP: &str = r#"{ "dpop": true }"#;

fn world(extra: &str) -> World {
    let mut world = World::default();
    world.server.dpop = true;
    world.open(&usual(extra));
    world.settle();
    world
}

fn signed_in(extra: &str) -> World {
    let mut world = world(extra);
    world.sign_in(0);
    world
}

fn authorization(request: &Request) -> Option<&str> {
    let found = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    found.map(|(_, value)| value.as_str())
}

fn key_of(request: &Request) -> Option<&str> {
    request.proof.as_ref().map(|proof| proof.key.name.as_str())
}

#[test]
fn sign_in_refresh_and_requests_prove_the_same_key() {
    let mut world = signed_in(DPOP);
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    world.advance(9 * MINUTE + MINUTE / 2);
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));

    let key = key_of(world.server.last("/login")).expect("a proof").to_owned();
    assert_eq!(key_of(world.server.last("/token")), Some(key.as_str()));
    let [first, second] = &world.tabs[0].sent[..] else { panic!("two requests") };
    assert_eq!(authorization(first), Some("DPoP canary-access-0-1"));
    assert_eq!(authorization(second), Some("DPoP canary-access-0-2"));
    for request in [first, second] {
        let proof = request.proof.as_ref().expect("a proof");
        assert_eq!((proof.key.name.as_str(), proof.key.is_new), (key.as_str(), false));
        assert_eq!((proof.htm.as_str(), proof.htu.expose()), ("GET", API));
        let sent = authorization(request).and_then(|value| value.strip_prefix("DPoP "));
        assert_eq!(proof.token.as_ref().map(doorkey::core::secret::Secret::expose), sent);
    }
}

#[test]
fn nothing_is_proved_where_nobody_asks_for_it() {
    let mut world = World::signed_in("{}");
    world.run(0, Call::Fetch(get(API))).expect("it is sent");
    assert_eq!(authorization(&world.tabs[0].sent[0]), Some("Bearer canary-access-0-1"));
    assert!(world.server.seen.iter().all(|seen| seen.request.proof.is_none()));
}

#[test]
fn no_proof_goes_where_no_token_goes() {
    let mut world = signed_in(DPOP);
    world.run(0, Call::Fetch(get("https://evil.example/api"))).expect("it is sent");
    assert_eq!((authorization(&world.tabs[0].sent[0]), key_of(&world.tabs[0].sent[0])), (None, None));
    let own = doorkey::core::input::FetchCall { header_names: vec!["authorization".to_owned()], ..get(API) };
    world.run(0, Call::Fetch(own)).expect("it is sent");
    assert_eq!(key_of(&world.tabs[0].sent[1]), None);
}

#[test]
fn the_key_is_in_the_record_and_goes_with_the_session() {
    let mut world = signed_in(DPOP);
    world.fill(2, &usual(DPOP));
    let key = world.disk.keys.first().expect("a key").clone();
    assert!(world.disk.record.as_ref().is_some_and(|record| record.contains(&key)));
    // Another tab has the same.
    world.run(1, Call::Fetch(get(API))).expect("it is sent");
    assert_eq!(key_of(&world.tabs[1].sent[0]), Some(key.as_str()));

    world.run(1, Call::Logout(LogoutCall::default())).expect("signed out");
    assert!(world.disk.keys.is_empty());
    assert!(world.disk.record.as_ref().is_some_and(|record| !record.contains(&key)));
    assert_eq!(world.server.alive(), 0);
}

#[test]
fn another_sign_in_has_another_key() {
    let mut world = signed_in(DPOP);
    let first = world.disk.keys.clone();
    world.sign_in(0);
    world.settle();
    assert_eq!(world.disk.keys.len(), 1);
    assert_ne!(world.disk.keys, first);
    world.run(0, Call::Fetch(get(API))).expect("it is sent");
    assert_eq!(world.server.last("/api").proof.as_ref().map(|proof| &proof.key.name), world.disk.keys.first());
}

#[test]
fn a_sign_in_that_fails_or_is_only_tested_leaves_no_key() {
    let mut world = world(DPOP);
    world.server.fail("/login", [Fault::Status(401, &[], "{}")]);
    assert_eq!(code(&world.run(0, Call::Signin(credentials().into()))), Some(Code::InvalidCredentials));
    world.settle();
    assert!(world.disk.keys.is_empty());
    let test = Call::Test("signin".into(), credentials().into(), false);
    assert!(world.run(0, test).is_ok_and(|result| result.member("ok") == Some(&Value::Bool(true))));
    world.settle();
    assert!(world.disk.keys.is_empty());
}

#[test]
fn a_session_that_rests_in_memory_leaves_no_key_in_the_browser() {
    let mut world = signed_in(r#"{ "dpop": true, "storage": "memory" }"#);
    assert!(world.disk.keys.is_empty());
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
}

#[test]
fn a_session_that_no_storage_takes_leaves_no_key_in_the_browser() {
    for fault in [None, Some(Code::StorageFull), Some(Code::StorageDenied)] {
        let mut world = world(DPOP);
        world.disk.record_fault = fault;
        if fault.is_none() {
            world.handle(0, Input::Hint(Hint::StorageDenied));
        }
        world.sign_in(0);
        world.settle();
        assert!(world.disk.keys.is_empty(), "{fault:?}");
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)), "{fault:?}");
    }
}

#[test]
fn a_key_outlives_the_page_before_its_session_does() {
    let memory = r#"{ "dpop": true, "storage": "memory" }"#;
    for storage in ["local", "vault"] {
        let mut world = signed_in(memory);
        world.delays.storage = 20;
        world.configure(0, &format!(r#"{{ "dpop": true, "storage": "{storage}" }}"#));
        let has_arrived = |world: &World| world.disk.record.as_ref().is_some_and(|text| text.contains("canary-access"));
        for _ in 0..1_000 {
            world.advance(1);
            // A page that is closed now leaves a session that can be used, or none.
            assert!(!has_arrived(&world) || world.disk.keys.len() == 1, "{storage}");
        }
        assert!(has_arrived(&world), "{storage}");
    }
}

#[test]
fn a_key_rests_where_its_session_does() {
    let mut world = signed_in(r#"{ "dpop": true, "storage": "memory" }"#);
    for (storage, keys) in [("local", 1), ("session", 1), ("memory", 0), ("vault", 1)] {
        let extra = format!(r#"{{ "dpop": true, "storage": "{storage}" }}"#);
        world.configure(0, &extra);
        world.settle();
        assert_eq!(world.disk.keys.len(), keys, "{storage}");
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    }
    world.reopen(0, &usual(r#"{ "dpop": true, "storage": "vault" }"#), BTreeMap::new());
    world.settle();
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    world.run(0, Call::Logout(LogoutCall::default())).expect("signed out");
    assert!(world.disk.keys.is_empty());
}

#[test]
fn a_refresh_that_binds_nothing_ends_the_session() {
    let mut world = signed_in(DPOP);
    let bearer = r#"{ "access_token": "canary-bearer", "refresh_token": "r", "token_type": "bearer" }"#;
    world.server.fail("/token", [Fault::Status(200, &[], bearer)]);
    let error = world.run(0, Call::Refresh(true)).expect_err("it is not bound");
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidResponse, Some("token_type")));
    world.advance(MINUTE);
    assert!(world.tabs[0].events.iter().any(|event| event.kind == EventKind::Expired));
    assert!(world.disk.keys.is_empty());
}

#[test]
fn a_nonce_that_does_not_help_says_nothing_of_the_token() {
    const CHALLENGE: &str = "DPoP error=\"use_dpop_nonce\"";
    let hidden: &'static [(&str, &str)] = &[("www-authenticate", CHALLENGE)];
    let [first, second]: [&'static [(&str, &str)]; 2] = [
        &[("dpop-nonce", "1"), ("www-authenticate", CHALLENGE)],
        &[("dpop-nonce", "2"), ("www-authenticate", CHALLENGE)],
    ];
    for answers in [vec![hidden], vec![first, second]] {
        let mut world = signed_in(DPOP);
        let sent = answers.len();
        world.server.fail("/api", answers.into_iter().map(|headers| Fault::Status(401, headers, "{}")));
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(401.0)));
        assert_eq!((world.server.count("/api"), world.server.count("/token")), (sent, 0));
        assert!(
            format!("{:?}", world.tabs[0].session.trace()).contains("DPoP-Nonce"),
            "it says what the server must do"
        );
    }
}

#[test]
fn a_nonce_costs_one_more_request_the_first_time() {
    let mut world = world(DPOP);
    world.server.nonce = Some("first");
    world.sign_in(0);
    assert_eq!(world.server.count("/login"), 2);
    world.run(0, Call::Fetch(get(API))).expect("it is sent");
    assert_eq!(world.server.count("/api"), 1);
    // The server has a new one: learnt from the refusal, by the request and not by a refresh.
    world.server.nonce = Some("second");
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    assert_eq!((world.server.count("/api"), world.server.count("/token")), (3, 0));
    world.server.nonce = Some("third");
    world.run(0, Call::Refresh(true)).expect("refreshed");
    assert_eq!(world.server.count("/token"), 2);
    assert_eq!(world.server.reuses, 0);
}

#[test]
fn a_server_that_is_never_content_is_asked_twice() {
    let mut world = world(DPOP);
    let asks = |nonce| Fault::Status(400, nonce, r#"{"error":"use_dpop_nonce"}"#);
    world.server.fail("/login", [asks(&[("dpop-nonce", "1")]), asks(&[("dpop-nonce", "2")])]);
    assert_eq!(code(&world.run(0, Call::Signin(credentials().into()))), Some(Code::InvalidCredentials));
    assert_eq!(world.server.count("/login"), 2);
}

#[test]
fn a_clock_that_is_wrong_costs_one_more_request_the_first_time() {
    for ahead in [-(HOUR as i64), HOUR as i64, -(DAY as i64)] {
        let mut world = world(DPOP);
        (world.server.minds_clock, world.server.shows_date) = (true, true);
        world.set_clock(ahead);
        world.sign_in(0);
        assert_eq!(world.server.count("/login"), 2);
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
        world.run(0, Call::Refresh(true)).expect("refreshed");
        assert_eq!((world.server.count("/api"), world.server.count("/token")), (1, 1), "it is known now");
        // Somebody sets it right: once more.
        world.set_clock(-ahead);
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
        // A clock that goes on a day, or an hour, finds the token expired, and learns it at the refresh.
        assert!(world.server.count("/api") + world.server.count("/token") <= 5);
        assert_eq!(world.server.reuses, 0);
    }
}

#[test]
fn a_proof_that_is_refused_at_a_refresh_ends_no_session() {
    for shows_date in [false, true] {
        let mut world = signed_in(DPOP);
        (world.server.minds_clock, world.server.shows_date) = (true, shows_date);
        world.set_clock(-(HOUR as i64));
        let refreshed = world.run(0, Call::Refresh(true));
        assert_eq!(code(&refreshed), (!shows_date).then_some(Code::Server));
        assert!(world.is_signed_in(0));
        world.server.minds_clock = false;
        world.advance(MINUTE);
        world.run(0, Call::Refresh(true)).expect("refreshed");
    }
    let challenge: &'static [(&str, &str)] = &[("www-authenticate", "DPoP error=\"invalid_dpop_proof\"")];
    for (headers, body) in [(challenge, "{}"), (&[][..], r#"{"error":"use_dpop_nonce"}"#)] {
        let mut world = signed_in(DPOP);
        world.server.fail("/token", [Fault::Status(401, headers, body)]);
        assert_eq!(code(&world.run(0, Call::Refresh(true))), Some(Code::Server), "{body}");
        assert!(world.is_signed_in(0));
    }
}

#[test]
fn a_refusal_of_the_token_is_still_answered_by_one_refresh() {
    let mut world = signed_in(DPOP);
    world.server.nonce = Some("n");
    let refused: &[(&str, &str)] = &[("dpop-nonce", "n"), ("www-authenticate", "DPoP error=\"invalid_token\"")];
    world.server.fail("/api", [Fault::Status(401, refused, "{}")]);
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    // The nonce came with the first answer.
    assert_eq!((world.server.count("/api"), world.server.count("/token")), (2, 1));
}

#[test]
fn a_lost_key_ends_the_session_and_nothing_goes_round_in_circles() {
    for asks in [Call::Fetch(get(API)), Call::Refresh(true)] {
        let mut world = signed_in(DPOP);
        world.disk.keys.clear();
        world.reopen(0, &usual(DPOP), BTreeMap::new());
        world.settle();
        let seen = world.server.seen.len();
        assert_eq!(code(&world.run(0, asks)), Some(Code::RefreshRejected));
        world.advance(MINUTE);
        assert!(world.tabs[0].events.iter().any(|event| event.kind == EventKind::Expired));
        assert!(world.disk.record.as_ref().is_some_and(|record| record.contains("expired")));
        assert_eq!(world.server.seen.len(), seen, "nothing is sent without a key");
        world.sign_in(0);
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    }
}

#[test]
fn a_server_that_binds_nothing_is_told_of() {
    let mut world = world(DPOP);
    world.server.dpop = false;
    let error = world.run(0, Call::Signin(credentials().into())).expect_err("it is not bound");
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidResponse, Some("token_type")));
    world.advance(MINUTE);
    assert_eq!(world.server.alive(), 0, "what it gave is revoked");
    assert!(world.disk.keys.is_empty() && world.disk.record.is_none());
}

#[test]
fn a_session_from_before_the_option_goes_on_as_it_is() {
    let mut world = World::signed_in("{}");
    world.server.dpop = true;
    world.reopen(0, &usual(DPOP), BTreeMap::new());
    world.settle();
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    assert_eq!(authorization(&world.tabs[0].sent[0]), Some("Bearer canary-access-0-1"));
    // And one that is bound stays bound without the option.
    let mut world = signed_in(DPOP);
    world.reopen(0, &usual("{}"), BTreeMap::new());
    world.settle();
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    world.run(0, Call::Refresh(true)).expect("refreshed");
}

#[test]
fn four_tabs_refresh_once_with_the_one_key() {
    let mut world = signed_in(DPOP);
    world.fill(4, &usual(DPOP));
    world.advance(11 * MINUTE);
    for tab in 0..4 {
        assert_eq!(world.run(tab, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
    }
    assert_eq!((world.server.reuses, world.disk.keys.len()), (0, 1));
}
