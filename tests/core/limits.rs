//! `idleSeconds`, `maxAgeSeconds`, `everySeconds`, and options that are given anew.

use doorkey::core::effect::{Effect, Word};
use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint, Input};
use doorkey::core::options::{Options, Storage};
use doorkey::core::time::Millis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{EventKind, GuardedPage};

use crate::testing::PLATFORM;
use crate::world::options::usual;
use crate::world::{DAY, HOUR, MINUTE, SECOND, World, code, get};

const API: &str = "https://auth.example/api";

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
    let at_login = world.tabs.iter().filter(|tab| tab.navigations.last().is_some_and(|it| it == "Login")).count();
    assert_eq!(at_login, 1, "whichever was the first");
}

/// Another tab has written that moment, of which this one hears nothing, as in a browser that has frozen it.
fn write_unheard(world: &mut World, member: &str, at: u64) {
    let text = world.disk.record.take().unwrap();
    let (before, after) = text.split_once(&format!("\"{member}\":")).unwrap();
    let rest = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    world.disk.record = Some(format!("{before}\"{member}\":{at}{rest}"));
}

#[test]
fn a_tab_that_heard_nothing_looks_at_what_is_stored_before_it_ends_a_session() {
    for (options, member) in [(IDLE, "activeAt"), (r#"{ "maxAgeSeconds": 600 }"#, "signedInAt")] {
        for delay in [0, 20] {
            let mut world = World::signed_in(options);
            world.delays.storage = delay;
            world.advance(599 * SECOND);
            let now = world.now;
            world.forget();
            write_unheard(&mut world, member, now);
            world.advance(2 * SECOND);
            assert!(world.is_signed_in(0), "{member}");
            assert_eq!(world.server.alive(), 1, "{member}");
            assert!(world.told(0).iter().all(|(kind, _)| *kind != EventKind::SignedOut), "{member}");
            world.advance(596 * SECOND);
            assert!(world.is_signed_in(0), "{member}");
            world.advance(3 * SECOND);
            assert!(!world.is_signed_in(0), "{member}: nobody is there any more");
        }
    }
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

const IDLE: &str = r#"{ "idleSeconds": 600 }"#;

/// Closes the only tab, lets so much time go by, and opens another.
fn come_back(world: &mut World, after: u64, extra: &str) -> usize {
    world.close(0);
    world.now += after;
    world.open(&usual(extra))
}

#[test]
fn a_page_that_comes_up_after_the_limit_ends_the_session_before_anything_is_given_out() {
    for (options, reason) in [(IDLE, "idle"), (r#"{ "maxAgeSeconds": 600 }"#, "maxAge")] {
        for storage in ["local", "vault", "session"] {
            let options = options.replace(" }", &format!(r#", "storage": "{storage}" }}"#));
            let mut world = World::signed_in(&options);
            world.server.access_seconds = DAY / 1000;
            world.refresh(0, true).unwrap();
            world.touch(0);
            world.close(0);
            world.now += HOUR;
            world.delays.storage = 20;
            let asked = world.server.count("/token");
            world.reopen(0, &usual(&options), Default::default());
            let (token, sent) = (world.call(0, Call::AccessToken(Millis(0))), world.call(0, Call::Fetch(get(API))));
            let guard = world.call(0, Call::Guard(GuardedPage::Protected));

            assert_eq!(code(&world.wait(token)), Some(Code::SignedOut), "{options}");
            world.wait(sent).ok();
            assert_eq!(world.wait(guard), Ok(Value::Bool(false)), "{options}");
            world.advance(SECOND);
            assert_eq!(world.told(0), [(EventKind::SignedOut, Some(reason))], "{options}");
            assert_eq!((world.server.alive(), world.server.count("/token")), (0, asked), "{options}");
            assert!(world.server.last("/api").headers.iter().all(|(name, _)| name != "authorization"), "{options}");
        }
    }
}

#[test]
fn a_page_that_comes_up_within_the_limit_goes_on() {
    for clock in [0, -(HOUR as i64), -(DAY as i64)] {
        let mut world = World::signed_in(IDLE);
        world.advance(9 * MINUTE);
        world.touch(0);
        world.set_clock(clock);

        let tab = come_back(&mut world, 9 * MINUTE, IDLE);
        world.advance(SECOND);

        assert!(world.is_signed_in(tab), "{clock}");
        // What was done after the clock was put back counts from then on.
        let tab = come_back(&mut world, 0, IDLE).max(tab);
        world.touch(tab);
        world.close(tab);
        world.now += 11 * MINUTE;
        let tab = world.open(&usual(IDLE));
        world.advance(SECOND);
        assert!(!world.is_signed_in(tab), "{clock}");
    }
}

#[test]
fn a_record_without_the_moment_counts_from_when_it_was_written() {
    for (after, is_in) in [(9 * MINUTE, true), (11 * MINUTE, false)] {
        let mut world = World::signed_in("{}");
        assert!(!world.disk.record.as_ref().unwrap().contains("activeAt"), "nobody asks for it");
        let tab = come_back(&mut world, after, IDLE);
        world.advance(SECOND);
        assert_eq!(world.is_signed_in(tab), is_in);
    }
}

#[test]
fn a_page_that_has_waited_for_a_sign_in_elsewhere_does_not_end_it() {
    let mut world = World::with(IDLE);
    world.fill(2, &usual(IDLE));
    world.advance(HOUR);
    world.sign_in(1);
    world.advance(SECOND);
    assert!(world.is_signed_in(0) && world.is_signed_in(1));
}

#[test]
fn activity_is_written_rarely_and_ends_no_pause() {
    let mut world = World::signed_in(IDLE);
    world.server.access_seconds = DAY / 1000;
    world.refresh(0, true).unwrap();
    let (written, before) = (world.disk.history.len(), world.disk.record.clone().unwrap());
    for _ in 0..300 {
        world.advance(SECOND);
        world.touch(0);
    }
    let written = world.disk.history.len() - written;
    assert!((4..=5).contains(&written), "each tenth of ten minutes: {written}");
    let written = world.disk.history.len();
    world.advance(5 * SECOND);
    world.touch(0);
    world.hint(0, Hint::Visible(false));
    assert_eq!(world.disk.history.len() - written, 1, "the page may be about to go");
    world.hint(0, Hint::Visible(false));
    assert_eq!(world.disk.history.len() - written, 1);
    let [before, after] =
        [&before, world.disk.record.as_ref().unwrap()].map(|text| (PLATFORM.parse_json)(text).unwrap());
    assert_eq!(before.member("changedAt"), after.member("changedAt"), "nothing of the session has changed");
    assert_eq!(world.told(0).len(), 2, "signed in, and refreshed: nothing else is told");
}

#[test]
fn a_sign_out_while_activity_is_being_written_stays_one() {
    let mut world = World::signed_in(IDLE);
    world.advance(2 * MINUTE);
    world.delays.storage = 50;
    world.hint(0, Hint::Touched);
    let logout = world.call(0, Call::Logout(doorkey::core::input::LogoutCall::default()));
    for _ in 0..100 {
        world.advance(5);
        assert!(!world.is_signed_in(0));
    }
    assert!(world.wait(logout).is_ok());
    assert!(world.disk.record.as_ref().unwrap().contains("signedOut"));
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
