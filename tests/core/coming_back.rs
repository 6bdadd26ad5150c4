//! `pages.returnTo`: after a sign-in back to the page that a guard has sent away from, and never to another origin.

use std::collections::BTreeMap;

use doorkey::core::input::{Call, Hint};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::GuardedPage;

use crate::redirect::{OPTIONS, leave};
use crate::testing::json;
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

#[test]
fn the_page_goes_along_with_a_sign_in_elsewhere_where_the_tab_keeps_nothing() {
    let given = |page: &str| {
        let mut world = World::with_options(&returning());
        guarded(&mut world, "https://app.example/orders?id=7");
        at(&mut world, 0, "https://app.example/login");
        let (_, url) = leave(&mut world);
        let back = world.server.provider.approve(&url);
        for text in world.tabs[0].stowed.iter_mut().flat_map(BTreeMap::values_mut) {
            *text = text.replace("/orders?id=7", page);
        }
        world.close(0);
        world.reopen(0, &returning(), BTreeMap::new());
        world.tabs[0].kept = None;
        world.settle();
        at(&mut world, 0, "https://app.example/login");
        let call = world.call_at(0, &back, Call::Guard(GuardedPage::Login));
        assert_eq!(world.wait(call), Ok(Value::Bool(false)));
        assert_eq!(world.tabs[0].kept, None, "once");
        world.tabs[0].navigations.clone()
    };
    assert_eq!(given("/orders?id=7"), ["/orders?id=7"]);
    assert_eq!(given("https://evil.example/"), ["Home"], "it may have been planted");
    assert_eq!(given("/.//evil.example"), ["Home"]);
}

fn returning() -> Value {
    json(&OPTIONS.replace(r#""home""#, r#""returnTo": true, "home""#))
}

const HOME: &str = "https://app.example/home";

/// The tab's page comes back as the browser has kept it, at this address; gives where it goes then.
fn comes_back(world: &mut World, address: &str) -> Vec<String> {
    world.forget();
    at(world, 0, address);
    world.hint(0, Hint::Back);
    world.settle();
    world.tabs[0].navigations.clone()
}

#[test]
fn a_page_that_the_browser_has_kept_is_guarded_again_when_it_comes_back() {
    let mut world = World::signed_in("{}");
    world.forget();
    assert!(guarded(&mut world, HOME).is_empty());
    assert!(comes_back(&mut world, HOME).is_empty(), "it may be shown");

    world.logout(0).unwrap();
    assert!(comes_back(&mut world, "https://app.example/about").is_empty(), "no guard has looked at that one");
    assert_eq!(comes_back(&mut world, HOME), ["Login"]);
    assert_eq!(comes_back(&mut world, HOME), ["Login"], "each time");
}

#[test]
fn a_login_page_that_comes_back_to_a_session_leads_to_the_home_page() {
    let mut world = World::with("{}");
    at(&mut world, 0, "https://app.example/login");
    assert_eq!(world.run(0, Call::Guard(GuardedPage::Login)), Ok(Value::Bool(true)));
    sign_in(&mut world, 0);

    assert_eq!(comes_back(&mut world, "https://app.example/login"), ["Home"]);
    assert!(world.is_signed_in(0));
}

#[test]
fn a_page_that_no_guard_has_let_be_shown_comes_back_as_it_was() {
    let mut world = World::with("{}");
    assert_eq!(guarded(&mut world, HOME), ["Login"]);

    assert!(comes_back(&mut world, HOME).is_empty());
}
