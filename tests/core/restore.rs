//! `restore`: a page without a session asks the server once, silently.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{EventKind, GuardedPage};

use crate::testing::json;
use crate::world::host::{Reply, function};
use crate::world::options::usual_with;
use crate::world::{MINUTE, SECOND, World, code, get};

const RESTORE: &str = r#"{ "restore": true, "storage": "memory" }"#;

/// A page whose refresh token is a cookie, of which the page sees nothing.
fn page(extra: &str, reply: Reply) -> World {
    let mut world = World::default();
    world.host.on("renew", [reply]);
    world.host.on("revoke", [Reply::Gives(Value::Undefined)]);
    world.delays.host = 50;
    world.open(&usual_with(extra, &[("flows.refresh", function("renew")), ("flows.revoke", function("revoke"))]));
    world
}

fn tokens() -> Reply {
    Reply::Gives(json(r#"{ "access_token": "canary-restored", "expires_in": 600 }"#))
}

fn refusal() -> Reply {
    Reply::Throws(json(r#"{ "status": 401, "body": { "error": "no_session" } }"#))
}

#[test]
fn a_fresh_page_finds_the_session_that_a_cookie_keeps() {
    let mut world = page(RESTORE, tokens());
    let calls = [Call::Guard(GuardedPage::Protected), Call::Check].map(|call| world.call(0, call));
    let token = world.access_token(0);

    assert_eq!(token.unwrap(), Value::from("canary-restored"), "who comes early waits");
    for call in calls {
        assert_eq!(world.wait(call), Ok(Value::Bool(true)));
    }
    assert!(world.is_signed_in(0));
    assert_eq!(world.told(0), [(EventKind::SignedIn, None)]);
    assert!(world.tabs[0].navigations.is_empty(), "nobody is sent away");
    assert_eq!(world.host.count("renew"), 1);
}

#[test]
fn where_there_is_none_nobody_hears_of_it_and_it_is_tried_once() {
    let network = Reply::Throws(json(r#"{ "name": "TypeError", "message": "Failed to fetch" }"#));
    for reply in [refusal(), network, Reply::Gives(Value::Null), Reply::Hangs] {
        let mut world = page(RESTORE, reply);
        let token = world.call(0, Call::AccessToken(doorkey::core::time::Millis(0)));
        assert_eq!(code(&world.wait(token)), Some(Code::SignedOut));
        world.advance(10 * MINUTE);

        assert_eq!(world.told(0), []);
        assert!(world.tabs[0].notices.is_empty() && world.tabs[0].navigations.is_empty());
        assert_eq!(world.host.count("renew"), 1);
        assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(false)));
        assert_eq!(world.tabs[0].navigations, ["Login"]);
        world.sign_in(0);
    }
}

#[test]
fn it_is_not_tried_without_the_option_nor_where_there_is_a_session_nor_where_it_can_not_work() {
    assert_eq!(page(r#"{ "storage": "memory" }"#, tokens()).host.count("renew"), 0);
    let mut world = World::with(r#"{ "restore": true }"#);
    world.advance(SECOND);
    assert_eq!(world.server.count("/token"), 0, "the flow needs a refresh token, and there is none");
    world.sign_in(0);
    let left = world.tabs[0].host_store.clone();
    world.reopen(0, &crate::world::options::usual(r#"{ "restore": true }"#), left);
    world.settle();
    assert!(world.is_signed_in(0));
    assert_eq!(world.server.count("/token"), 0);
}

#[test]
fn a_sign_out_meanwhile_is_not_undone_and_a_sign_in_meanwhile_wins() {
    for after in (0..=60).step_by(10) {
        let mut world = page(RESTORE, tokens());
        world.advance(after);
        world.logout(0).unwrap();
        world.advance(SECOND);
        assert!(!world.is_signed_in(0), "after {after} ms");

        let mut world = page(RESTORE, tokens());
        world.advance(after);
        world.sign_in(0);
        world.advance(SECOND);
        assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"), "after {after} ms");
    }
}

#[test]
fn who_has_signed_out_stays_so_on_the_next_page_whatever_the_cookie_says() {
    let kept = r#"{ "restore": true, "maxAgeSeconds": 300 }"#;
    for by_age in [false, true] {
        let mut world = page(kept, tokens());
        world.advance(SECOND);
        assert!(world.is_signed_in(0));
        if by_age {
            world.advance(5 * MINUTE)
        } else {
            drop(world.logout(0).unwrap())
        }

        let flows = [("flows.refresh", function("renew")), ("flows.revoke", function("revoke"))];
        let next = world.open(&usual_with(kept, &flows));
        world.advance(SECOND);
        assert_eq!(world.run(next, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(false)), "by age: {by_age}");
        assert_eq!(world.host.count("renew"), 1);

        world.sign_in(next);
        assert!(world.is_signed_in(next));
    }
}

#[test]
fn a_session_that_went_elsewhere_or_was_of_another_server_keeps_none_from_being_found() {
    for (tombstone, finds) in [("gone", true), ("expired", true), ("signedOut", false)] {
        let mut world = World::default();
        world.disk.record =
            Some(format!(r#"{{ "v": 1, "generation": 1, "changedAt": {}, "tombstone": "{tombstone}" }}"#, world.now));
        world.host.on("renew", [tokens()]);
        world.open(&usual_with(r#"{ "restore": true }"#, &[("flows.refresh", function("renew"))]));
        world.advance(SECOND);
        assert_eq!(world.is_signed_in(0), finds, "{tombstone}");
    }
}

#[test]
fn what_a_cookie_brings_after_a_sign_in_is_left_to_the_cookie() {
    let mut world = page(RESTORE, tokens());
    world.delays.network = 5;
    world.sign_in(0);
    world.advance(SECOND);
    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"));
    assert_eq!((world.host.count("renew"), world.host.count("revoke")), (1, 0), "the server may hold both for one");
}

#[test]
fn a_request_that_is_made_early_goes_out_with_the_token_that_is_found() {
    let mut world = page(RESTORE, tokens());
    world.settle();
    let fetch = world.call(0, Call::Fetch(get("https://auth.example/api")));
    world.wait(fetch).unwrap();
    assert!(world.tabs[0].sent[0].headers.iter().any(|(_, value)| value == "Bearer canary-restored"));
}

#[test]
fn a_session_that_was_found_began_when_it_was_found() {
    let mut world = page(r#"{ "restore": true, "storage": "memory", "maxAgeSeconds": 300 }"#, tokens());
    world.advance(SECOND);
    assert!(world.is_signed_in(0));
    world.advance(5 * MINUTE);
    assert!(!world.is_signed_in(0));
}
