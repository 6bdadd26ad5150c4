//! `idleSeconds`, `maxAgeSeconds`, `everySeconds`, and options that are given anew.

use doorkey::core::effect::{Effect, Word};
use doorkey::core::input::{Hint, Input};
use doorkey::core::options::{Options, Storage};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::options::usual;
use crate::world::{HOUR, MINUTE, SECOND, World};

#[test]
fn a_session_ends_after_that_long_without_activity_in_any_tab() {
    let idle = r#"{ "idleSeconds": 120 }"#;
    let mut world = World::signed_in(idle);
    world.fill(2, &usual(idle));
    world.forget();

    for _ in 0..5 {
        world.advance(MINUTE);
        world.touch(1);
    }
    assert!(world.is_signed_in(0) && world.is_signed_in(1), "activity in one tab keeps both");
    world.advance(119 * SECOND);
    assert!(world.is_signed_in(0));
    world.advance(2 * SECOND);

    assert!(!world.is_signed_in(0) && !world.is_signed_in(1));
    let ends: Vec<_> = (0..2).flat_map(|tab| world.told(tab)).filter(|told| told.0 == EventKind::SignedOut).collect();
    assert_eq!(ends.len(), 2, "told once in each tab");
    assert!(ends.contains(&(EventKind::SignedOut, Some("idle"))), "{ends:?}");
    assert_eq!(world.server.alive(), 0);
    assert_eq!(world.tabs[0].navigations.last().map(String::as_str), Some("Login"));
}

#[test]
fn activity_after_a_sleep_past_the_limit_saves_nothing() {
    let mut world = World::signed_in(r#"{ "idleSeconds": 120 }"#);
    world.sleep(HOUR);

    world.touch(0);
    world.advance(SECOND);

    assert!(!world.is_signed_in(0));
}

#[test]
fn activity_is_told_to_other_tabs_once_a_second_at_most() {
    let idle = r#"{ "idleSeconds": 120 }"#;
    let mut world = World::signed_in(idle);
    world.fill(2, &usual(idle));
    world.advance(10 * SECOND);
    let mut told = 0;

    for _ in 0..100 {
        world.handle(0, Input::Hint(Hint::Touched));
        while let Some(effect) = world.poll_effect(0) {
            told += usize::from(effect == Effect::Announce(Word::Active));
        }
        world.advance(30);
    }

    assert_eq!(told, 3);
}

#[test]
fn a_session_ends_that_long_after_the_sign_in_whatever_is_refreshed() {
    let old = r#"{ "maxAgeSeconds": 3600 }"#;
    let mut world = World::signed_in(old);
    world.advance(59 * MINUTE);
    assert!(world.server.count("/token") >= 5 && world.is_signed_in(0));

    world.advance(MINUTE + SECOND);

    assert!(!world.is_signed_in(0));
    assert_eq!(world.told(0).last(), Some(&(EventKind::SignedOut, Some("maxAge"))));
}

#[test]
fn a_session_that_is_too_old_when_the_page_opens_ends_there() {
    let old = r#"{ "maxAgeSeconds": 3600 }"#;
    let mut world = World::signed_in(old);
    world.close(0);
    world.now += 2 * HOUR;

    let tab = world.open(&usual(old));
    world.advance(SECOND);

    assert!(!world.is_signed_in(tab));
    assert_eq!(world.server.alive(), 0);
}

#[test]
fn every_so_many_seconds_there_are_new_tokens() {
    for every in ["100", r#""100""#, r#""{{ store.every ?? 100 }}""#] {
        let mut world = World::signed_in(&format!(r#"{{ "refresh": {{ "everySeconds": {every} }} }}"#));

        world.advance(520 * SECOND);

        assert_eq!(world.server.count("/token"), 5, "{every}");
    }
}

#[test]
fn a_period_can_be_a_variable_of_the_flow() {
    let steps = r#"{ "refresh": { "everySeconds": "PERIOD" }, "flows": { "signin": [
        { "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } }, { "define": { "PERIOD": "50" } }
    ] } }"#;
    let mut world = World::signed_in(steps);

    world.advance(120 * SECOND);

    assert_eq!(world.server.count("/token"), 2);
}

#[test]
fn a_period_that_is_none_causes_no_storm() {
    for every in [r#""0""#, r#""""#, r#""soon""#, r#""{{ store.missing }}""#, r#""{{ store.missing ?? 0 }}""#] {
        let mut world = World::with(&format!(r#"{{ "refresh": {{ "everySeconds": {every} }} }}"#));
        world.sign_in(0);
        world.advance(5 * MINUTE);
        assert_eq!(world.server.count("/token"), 0, "{every}");
    }
}

#[test]
fn options_can_be_given_anew() {
    let mut world = World::signed_in("{}");
    let new = Options::parse(&usual(
        r#"{ "refresh": { "beforeExpirySeconds": 0 }, "pages": { "login": "Start" }, "maxAgeSeconds": 3600 }"#,
    ))
    .unwrap();

    world.input(0, Input::Configure(Box::new(new), Storage::Local));
    world.advance(599 * SECOND);
    assert_eq!(world.server.count("/token"), 0, "the new margin is in force");
    world.advance(2 * SECOND);
    assert_eq!(world.server.count("/token"), 1);
    world.advance(HOUR);

    assert_eq!(world.tabs[0].navigations.last().map(String::as_str), Some("Start"));
    assert!(!world.is_signed_in(0));
}

#[test]
fn options_that_are_given_anew_lose_no_call() {
    let mut world = World::signed_in("{}");
    let refresh = world.call(0, doorkey::core::input::Call::Refresh(true));
    world.advance(10);

    let new = Box::new(Options::parse(&usual("{}")).unwrap());
    world.input(0, Input::Configure(new, Storage::Local));

    assert_eq!(world.wait(refresh).unwrap().member("refreshed"), Some(&Value::Bool(true)));
    world.hint(0, Hint::Woke);
    assert!(world.is_signed_in(0));
}

#[test]
fn a_clock_that_is_put_back_makes_nobody_stay_longer() {
    let mut world = World::signed_in(r#"{ "idleSeconds": 120 }"#);
    world.advance(MINUTE);
    world.set_clock(-(HOUR as i64));
    world.advance(2 * MINUTE + SECOND);
    assert!(!world.is_signed_in(0));
}

#[test]
fn whoever_is_thrown_out_is_told() {
    for (options, reason) in [(r#"{ "maxAgeSeconds": 300 }"#, "maxAge"), (r#"{ "idleSeconds": 300 }"#, "idle")] {
        let mut world = World::signed_in(options);
        world.fill(2, &usual(options));
        world.advance(6 * MINUTE);
        let told: Vec<_> = world.tabs.iter().flat_map(|tab| &tab.notices).collect();
        assert!(!told.is_empty() && told.iter().all(|text| text.contains("has ended")), "{reason}: {told:?}");
        assert!(world.tabs.iter().all(|tab| tab.notices.len() <= 1), "{reason}: {told:?}");
        world.sign_in(0);
        world.logout(0).unwrap();
        assert!(world.tabs.iter().all(|tab| tab.notices.len() <= 1), "who leaves by hand knows: {reason}");
    }
}

#[test]
fn the_earlier_of_two_ends_is_the_end() {
    let rows = [
        (r#"{ "idleSeconds": 600, "maxAgeSeconds": 300 }"#, "maxAge"),
        (r#"{ "idleSeconds": 300, "maxAgeSeconds": 600 }"#, "idle"),
    ];
    for (options, reason) in rows {
        let mut world = World::signed_in(options);
        world.advance(5 * MINUTE + SECOND);
        assert_eq!(world.told(0).last(), Some(&(EventKind::SignedOut, Some(reason))));
    }
}
