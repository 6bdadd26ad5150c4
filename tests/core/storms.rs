//! Whatever a server answers, it is not asked again and again, however many tabs there are.

use doorkey::core::error::Code;
use doorkey::core::input::Hint;
use proptest::prelude::*;

use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{HOUR, MINUTE, SECOND, World, code, random_config};

const RETRY_AFTER: &[&[(&str, &str)]] = &[
    &[],
    &[("retry-after", "0")],
    &[("retry-after", "-5")],
    &[("retry-after", "3.5")],
    &[("retry-after", "30")],
    &[("retry-after", "999999999999999")],
    &[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")],
    &[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")],
    &[("retry-after", "soon")],
];

const LIFETIMES: &[&str] = &[
    r#"{ "access_token": "canary-x", "expires_in": 0.001 }"#,
    r#"{ "access_token": "canary-x", "expires_in": 1 }"#,
    r#"{ "access_token": "canary-x", "expires_in": -1 }"#,
    r#"{ "access_token": "canary-x", "expires_in": "0" }"#,
    r#"{ "access_token": "canary-x", "expires_in": 30 }"#,
    r#"{ "access_token": "canary-x", "expires_at": 1 }"#,
    r#"{ "access_token": "canary-x", "refresh_expires_in": 0.001, "expires_in": 1 }"#,
    r#"{ "access_token": "canary-x" }"#,
];

/// Statuses that keep a session.
const FAILURES: &[u16] = &[404, 408, 409, 418, 425, 429, 500, 502, 503, 504];

fn failure() -> impl Strategy<Value = Fault> {
    let status = (0..FAILURES.len(), 0..RETRY_AFTER.len())
        .prop_map(|(status, header)| Fault::Status(FAILURES[status], RETRY_AFTER[header], ""));
    prop_oneof![6 => status, 1 => Just(Fault::NoNetwork), 1 => Just(Fault::Silence)]
}

fn answer() -> impl Strategy<Value = Fault> {
    prop_oneof![failure(), (0..LIFETIMES.len()).prop_map(|at| Fault::Status(200, &[], LIFETIMES[at]))]
}

/// An hour of so many idle tabs, in which the server gives these answers in turn.
fn hour(tabs: usize, answers: &[Fault]) -> usize {
    let mut world = World::with("{}");
    world.server.access_seconds = 1;
    world.fill(tabs, &usual("{}"));
    world.sign_in(0);
    world.server.fail("/token", answers.iter().cycle().take(8000).cloned());
    world.advance(HOUR);
    world.server.count("/token")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..random_config() })]

    #[test]
    fn requests_by_timer_in_any_hour_of_any_answers_stay_under_one_in_a_second(
        tabs in 1..4_usize,
        answers in prop::collection::vec(answer(), 1..12),
    ) {
        let requests = hour(tabs, &answers);
        prop_assert!(requests <= 3_601, "{requests} requests of {tabs} tabs: {answers:?}");
    }

    #[test]
    fn a_server_that_does_not_get_it_done_is_asked_some_dozen_times_in_an_hour_by_all_tabs(
        tabs in 1..4_usize,
        failures in prop::collection::vec(failure(), 1..12),
    ) {
        let requests = hour(tabs, &failures);
        prop_assert!(requests <= 80, "{requests} requests of {tabs} tabs: {failures:?}");
    }
}

#[test]
fn a_pause_that_a_server_asks_for_is_known_in_all_tabs_and_in_those_that_come_later() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.server.fail("/token", [Fault::Status(429, &[("retry-after", "300")], "")]);
    world.advance(620 * SECOND);
    assert_eq!(world.server.count("/token"), 1, "by the timer of one of them");
    let later = world.open(&usual("{}"));
    world.settle();

    for tab in [0, 1, later] {
        let error = world.access_token(tab).unwrap_err();
        assert_eq!(error.code, Code::Unreachable, "tab {tab}");
        assert!(error.retry_at.is_some_and(|at| at.0 > world.now + 3 * MINUTE), "tab {tab}: {:?}", error.retry_at);
    }
    assert_eq!(world.server.count("/token"), 1);
    assert!(world.refresh(1, true).is_ok(), "who insists goes through 5 s after the last try");
    world.advance(SECOND);
    assert!(world.access_token(later).is_ok());
}

#[test]
fn tabs_that_fail_in_turn_do_not_fail_at_once() {
    let mut world = World::signed_in("{}");
    world.fill(20, &usual("{}"));
    world.server.fail("/token", std::iter::repeat_n(Fault::Status(503, &[], ""), 1000));
    world.advance(9 * MINUTE);
    let before = world.server.count("/token");
    world.advance(MINUTE);
    let after = world.server.count("/token") - before;
    assert!((1..=7).contains(&after), "{after} requests of 20 tabs in the first minute");
}

#[test]
fn the_network_that_is_back_ends_a_pause_of_our_own_choosing_in_every_tab() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.server.fail("/token", std::iter::repeat_n(Fault::NoNetwork, 6));
    for _ in 0..6 {
        assert_eq!(code(&world.refresh(0, true)), Some(Code::Unreachable));
    }
    world.advance(100);
    world.hint(1, Hint::Woke);
    world.settle();
    assert!(world.run(1, doorkey::core::input::Call::AccessToken(doorkey::core::time::Millis(599_950))).is_ok());
}
