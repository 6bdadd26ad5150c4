//! The same name for another server: the session that belonged to the former goes, and its tokens are sent nowhere.

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::world::options::usual;
use crate::world::{MINUTE, SECOND, World, code, credentials};

const OTHER: &str = r#"{ "flows": {
    "signin": { "url": "https://other.example/login", "json": { "email": "{{ inputs.email }}", "password": "{{ inputs.password }}" } },
    "refresh": { "url": "https://other.example/token", "json": { "refresh_token": "{{ session.refreshToken }}" } },
    "revoke": { "url": "https://other.example/revoke", "json": { "token": "{{ session.refreshToken }}" } }
} }"#;

fn requests(world: &World) -> Vec<&str> {
    world.server.seen.iter().map(|seen| seen.request.url.as_str()).collect()
}

fn assert_gone(world: &mut World, tab: usize, what: &str) {
    world.advance(20 * MINUTE);
    assert!(!world.is_signed_in(tab), "{what}");
    assert!(!world.disk.record.as_ref().unwrap().contains("canary"), "{what}: {:?}", world.disk.record);
    assert_eq!(world.told(tab), [], "{what}: silently");
    assert!(world.tabs[tab].navigations.is_empty() && world.tabs[tab].notices.is_empty(), "{what}");
    assert!(requests(world).iter().all(|url| !url.contains("other.example")), "{what}: {:?}", requests(world));
}

#[test]
fn options_of_another_server_end_the_session_of_the_former_and_send_it_nothing() {
    let mut world = World::signed_in(r#"{ "expose": { "accessToken": "at" } }"#);
    world.forget();
    world.configure(0, OTHER);
    assert!(world.disk.values.is_empty(), "what the former exposed goes, too: {:?}", world.disk.values);
    assert_gone(&mut world, 0, "configure");
    assert_eq!(requests(&world), ["https://auth.example/login"], "nor is it revoked");

    world.sign_in(0);
    world.refresh(0, true).unwrap();
}

#[test]
fn a_page_with_other_options_does_not_send_what_it_finds_anywhere() {
    let mut world = World::signed_in("{}");
    world.reopen(0, &usual(OTHER), BTreeMap::new());
    world.settle();
    assert_gone(&mut world, 0, "a reload");
}

#[test]
fn a_refresh_or_a_sign_in_under_way_sends_nothing_to_the_new_server() {
    for after in (0..160).step_by(5) {
        let mut world = World::signed_in("{}");
        world.delays.storage = 20;
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(after);
        world.configure(0, OTHER);
        world.wait(refresh).ok();
        world.advance(SECOND);
        assert!(requests(&world).iter().all(|url| !url.contains("other.example")), "after {after} ms");
        assert!(!world.is_signed_in(0), "after {after} ms");

        let mut world = World::signed_in("{}");
        let signin = world.call(0, Call::Signin(credentials().into()));
        world.advance(after.min(90));
        world.configure(0, OTHER);
        assert_eq!(code(&world.wait(signin)), Some(Code::Superseded), "after {after} ms");
        world.advance(SECOND);
        assert!(requests(&world).iter().all(|url| !url.contains("other.example")), "after {after} ms");
    }
}

#[test]
fn a_tab_with_other_options_leaves_the_session_of_others_alone() {
    let mut world = World::with("{}");
    world.open(&usual(OTHER));
    world.settle();
    world.sign_in(0);
    world.advance(20 * MINUTE);
    assert!(world.is_signed_in(0) && !world.is_signed_in(1));
    assert!(requests(&world).iter().all(|url| !url.contains("other.example")));
}

#[test]
fn one_origin_in_common_keeps_the_session() {
    for extra in [
        r#"{ "flows": { "signin": { "url": "https://other.example/login" } } }"#,
        r#"{ "flows": { "refresh": { "url": "https://other.example/token" } } }"#,
        r#"{ "flows": { "signin": null, "refresh": null } }"#,
        r#"{ "pages": { "home": "Start" } }"#,
    ] {
        let mut world = World::signed_in("{}");
        world.configure(0, extra);
        assert!(world.is_signed_in(0), "{extra}");
        assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"), "{extra}");
    }
}
