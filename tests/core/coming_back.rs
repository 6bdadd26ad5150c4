//! `pages.returnTo`: after a sign-in back to the page that a guard has sent away from, and never to another origin.

use std::collections::BTreeMap;

use doorkey::core::input::{Call, Hint};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::GuardedPage;

use crate::world::options::usual;
use crate::world::{SECOND, World, credentials};

const RETURNS: &str = r#"{ "pages": { "returnTo": true } }"#;

fn at(world: &mut World, tab: usize, address: &str) {
    let kept = world.tabs[tab].kept.clone();
    world.hint(tab, Hint::Place(Some(address.to_owned()), kept));
}

/// The page of this address is guarded; gives where the tab went.
fn guarded(world: &mut World, address: &str) -> Vec<String> {
    at(world, 0, address);
    world.run(0, Call::Guard(GuardedPage::Protected)).unwrap();
    world.tabs[0].navigations.clone()
}

fn sign_in(world: &mut World, tab: usize) {
    at(world, tab, "https://app.example/login");
    world.run(tab, Call::Signin(credentials().into())).unwrap();
}

#[test]
fn a_sign_in_leads_back_to_the_page_that_a_guard_has_sent_away_from() {
    for reloads in [false, true] {
        let mut world = World::with(RETURNS);
        assert_eq!(guarded(&mut world, "https://app.example/orders?id=7#top"), ["Login"]);
        if reloads {
            let kept = world.tabs[0].kept.clone();
            world.reopen(0, &usual(RETURNS), BTreeMap::new());
            world.tabs[0].kept = kept;
            world.settle();
        }
        world.forget();
        sign_in(&mut world, 0);
        assert_eq!(world.tabs[0].navigations, ["/orders?id=7#top"], "{reloads}");
        assert_eq!(world.tabs[0].kept, None, "once");

        world.logout(0).unwrap();
        world.forget();
        sign_in(&mut world, 0);
        assert_eq!(world.tabs[0].navigations, ["Home"], "who left by hand begins anew");
    }
}

#[test]
fn no_page_of_another_origin_is_ever_gone_to() {
    let evil = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/a/%2e.//evil.example",
        "/./\\evil.example",
    ];
    for address in evil {
        let mut world = World::with(RETURNS);
        guarded(&mut world, address);
        assert_eq!(world.tabs[0].kept, None, "{address}");
        sign_in(&mut world, 0);
        assert_eq!(world.tabs[0].navigations, ["Login", "Home"], "{address}");

        // What the tab keeps may have been planted.
        world.logout(0).unwrap();
        world.forget();
        world.tabs[0].kept = Some(address.to_owned());
        sign_in(&mut world, 0);
        assert_eq!(world.tabs[0].navigations, ["Home"], "{address}");
    }
}

#[test]
fn without_the_option_a_sign_in_leads_home() {
    let mut world = World::with("{}");
    guarded(&mut world, "https://app.example/orders");
    assert_eq!(world.tabs[0].kept, None);
    world.tabs[0].kept = Some("/orders".to_owned());
    sign_in(&mut world, 0);
    assert_eq!(world.tabs[0].navigations, ["Login", "Home"]);
}

#[test]
fn a_guarded_page_whose_session_ends_is_one_to_come_back_to() {
    let mut world = World::signed_in(RETURNS);
    world.fill(2, &usual(RETURNS));
    assert_eq!(guarded(&mut world, "https://app.example/orders"), ["Home"]);
    world.server.revoke_all();
    world.refresh(0, true).unwrap_err();
    world.advance(SECOND);
    assert_eq!(world.tabs[0].navigations, ["Home", "Login"]);
    sign_in(&mut world, 0);
    assert_eq!(world.tabs[0].navigations.last().unwrap(), "/orders", "the server has ended it");

    at(&mut world, 0, "https://app.example/orders");
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(true)));
    world.advance(SECOND);
    world.logout(1).unwrap();
    world.advance(SECOND);
    sign_in(&mut world, 0);
    assert_eq!(world.tabs[0].navigations.last().unwrap(), "/orders", "another tab has ended it");
}

#[test]
fn a_refused_session_on_page_load_leads_back_too() {
    let mut world = World::signed_in(RETURNS);
    world.server.revoke_all();
    world.advance(11 * 60 * SECOND);
    let mut world_after = world;
    world_after.forget();
    world_after.sign_in(0);
    world_after.server.revoke_all();
    world_after.sleep(11 * 60 * SECOND);
    guarded(&mut world_after, "https://app.example/orders");
    world_after.advance(SECOND);
    world_after.forget();
    sign_in(&mut world_after, 0);
    assert_eq!(world_after.tabs[0].navigations, ["/orders"]);
}
