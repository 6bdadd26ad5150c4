//! Requests that go ahead: when core permits them, when it takes that back, and what becomes of those it is told of. The world's
//! tabs let all requests go ahead that are permitted, in every other test as well.

use doorkey::core::effect::Permit;
use doorkey::core::error::Code;
use doorkey::core::input::{Call, FetchCall, Input};
use doorkey::core::value::Value;

use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{HOUR, MINUTE, SECOND, World, code, get, other_credentials};

const API: &str = "https://auth.example/api";
const REFUSED: Fault = Fault::Status(401, &[], r#"{ "error": "invalid_token" }"#);

/// A tab that has signed in and asked once.
fn asked(extra: &str) -> World {
    let mut world = World::signed_in(extra);
    fetch(&mut world).expect("it is sent");
    world
}

fn fetch(world: &mut World) -> crate::world::Outcome {
    world.run(0, Call::Fetch(get(API)))
}

fn permit(world: &World) -> Option<&Permit> {
    world.tabs[0].requests.permit.as_ref()
}

/// How often a tab was given a permit, and had it taken back.
fn permits(world: &World) -> [usize; 2] {
    world.tabs[0].requests.permits
}

#[test]
fn a_permit_comes_with_the_first_request_and_says_where_what_goes() {
    let world = World::signed_in("{}");
    assert_eq!(permit(&world), None, "who never asks for anything needs none");
    let world = asked("{}");

    let Permit { origins, headers, bearer, .. } = permit(&world).expect("there is one");
    assert_eq!(origins, &["https://auth.example"]);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
    assert_eq!(headers, [("Authorization", "Bearer canary-access-0-1")]);
    assert!(bearer.signed_in_at.0 > 0 && bearer.received_at == bearer.signed_in_at);
}

#[test]
fn it_is_given_once_for_the_same_tokens_and_anew_for_others() {
    let mut world = asked("{}");
    for _ in 0..3 {
        world.run(0, Call::Headers).unwrap();
        fetch(&mut world).unwrap();
    }
    assert_eq!(permits(&world), [1, 0]);

    world.refresh(0, true).unwrap();
    assert_eq!(permits(&world), [1, 1], "with the tokens it goes");
    fetch(&mut world).unwrap();
    assert_eq!(permits(&world), [2, 1]);
    assert_eq!(permit(&world).unwrap().headers[0].1.expose(), "Bearer canary-access-0-2");
    assert_ne!(permit(&world).unwrap().bearer.received_at, permit(&world).unwrap().bearer.signed_in_at);
}

#[test]
fn whatever_ends_what_it_stands_on_takes_it_back() {
    let ends: [fn(&mut World); 4] = [
        |world| world.logout(0).map(drop).unwrap(),
        |world| drop(world.sign_in(0)),
        |world| world.configure(0, "{}"),
        |world| world.configure(0, r#"{ "storage": "session" }"#),
    ];
    for (at, end) in ends.into_iter().enumerate() {
        let mut world = asked("{}");
        end(&mut world);
        assert_eq!(permits(&world), [1, 1], "the end {at}");
        assert_eq!(permit(&world), None);
    }
    let mut world = asked(r#"{ "remember": "{{ inputs.again }}" }"#);
    world.delays.storage = SECOND;
    let sign_in = world.call(0, Call::Signin(other_credentials().into()));
    world.advance(SECOND / 2);
    assert!(world.is_pending(sign_in) && world.is_signed_in(0));
    assert_eq!(permits(&world), [1, 1], "a session that is on its way to another storage");
    let mut world = asked("{}");
    world.fill(2, &usual("{}"));
    world.logout(1).unwrap();
    world.advance(SECOND);
    assert_eq!(permit(&world), None, "signed out in another tab");
}

#[test]
fn only_where_a_bearer_token_is_all_that_goes_along_and_a_status_all_that_counts() {
    for extra in [
        r#"{ "attach": { "headers": { "Authorization": "Bearer {{ session.accessToken }}" } } }"#,
        r#"{ "attach": { "query": { "tenant": "t" } } }"#,
        r#"{ "attach": { "body": { "csrf": "1" } } }"#,
        r#"{ "attach": { "csrf": { "cookie": "XSRF-TOKEN", "header": "X-XSRF-TOKEN" } } }"#,
        r#"{ "refresh": { "when": "{{ response.body.error == 'expired' }}" } }"#,
        r#"{ "refresh": { "fromHeader": "X-Next" } }"#,
        r#"{ "refresh": { "everyQuery": true } }"#,
        r#"{ "refresh": { "status": [401, 200] } }"#,
        r#"{ "timeoutSeconds": 1 }"#,
    ] {
        assert_eq!(permits(&asked(extra)), [0, 0], "{extra}");
    }
    for extra in [
        r#"{ "refresh": { "status": [401, 419] } }"#,
        r#"{ "refresh": { "status": "non-2xx" } }"#,
        r#"{ "attach": { "origins": ["https://auth.example"] } }"#,
        r#"{ "idleSeconds": 600, "maxAgeSeconds": 7200 }"#,
        r#"{ "timeoutSeconds": 2 }"#,
    ] {
        assert_eq!(permits(&asked(extra)), [1, 0], "{extra}");
    }
}

#[test]
fn nothing_goes_ahead_when_core_has_something_to_do() {
    let mut world = asked("{}");
    world.sleep(11 * MINUTE);
    assert_eq!(fetch(&mut world), Ok(Value::Number(200.0)));
    assert_eq!(world.server.count("/token"), 1, "the token had expired, and no timer had run");

    let mut world = asked(r#"{ "maxAgeSeconds": 300 }"#);
    world.sleep(5 * MINUTE);
    fetch(&mut world).unwrap();
    assert!(!world.is_signed_in(0));
}

#[test]
fn a_token_that_counts_as_past_since_the_clock_was_put_back_does_not_go_ahead() {
    let mut world = asked("{}");
    world.set_clock(-2 * HOUR as i64);
    world.touch(0);

    assert_eq!(fetch(&mut world), Ok(Value::Number(200.0)));
    assert_eq!(world.server.count("/token"), 1, "nothing is known of it: it is refreshed first");
}

#[test]
fn those_that_are_alone_for_long_are_handed_over_together() {
    let mut world = asked("{}");
    world.server.fail("/api", [Fault::Slow(3 * SECOND), Fault::Slow(3 * SECOND), REFUSED]);
    let calls = [API; 3].map(|url| world.call(0, Call::Fetch(get(url))));
    world.advance(2 * SECOND);

    for call in calls {
        assert_eq!(world.wait(call), Ok(Value::Number(200.0)));
    }
    assert_eq!((world.server.count("/api"), world.server.count("/token")), (5, 1));
}

#[test]
fn a_refused_request_is_refreshed_for_and_sent_once_more() {
    let mut world = asked("{}");
    world.server.fail("/api", [REFUSED]);

    assert_eq!(fetch(&mut world), Ok(Value::Number(200.0)));

    assert_eq!((world.server.count("/api"), world.server.count("/token")), (3, 1));
    let tokens: Vec<_> = world.tabs[0].sent.iter().map(|request| request.headers[0].1.as_str()).collect();
    assert_eq!(tokens, ["Bearer canary-access-0-1", "Bearer canary-access-0-1", "Bearer canary-access-0-2"]);
}

#[test]
fn one_that_goes_on_being_refused_is_never_sent_a_third_time() {
    let mut world = asked("{}");
    world.server.fail("/api", [REFUSED, REFUSED, REFUSED]);

    assert_eq!(fetch(&mut world), Ok(Value::Number(401.0)));
    assert_eq!((world.server.count("/api"), world.server.count("/token")), (3, 1));
}

#[test]
fn one_that_was_refused_after_a_refresh_goes_once_more_with_the_token_that_has_come_since() {
    let mut world = asked("{}");
    world.server.fail("/api", [REFUSED]);
    world.delays.network = 200;
    let slow = world.call(0, Call::Fetch(get(API)));
    world.delays.network = 50;
    world.refresh(0, true).unwrap();
    assert_eq!(world.server.count("/token"), 1);

    assert_eq!(world.wait(slow), Ok(Value::Number(200.0)));
    assert_eq!(world.server.count("/token"), 1, "no second refresh for the old token");
}

#[test]
fn one_that_was_refused_after_somebody_elses_sign_in_is_not_sent_again() {
    for (signs_out, tab) in [(true, 0), (false, 0), (true, 1), (false, 1)] {
        let mut world = asked("{}");
        world.fill(2, &usual("{}"));
        world.server.revoke_all();
        world.server.fail("/api", [Fault::Slow(SECOND)]);
        let slow = world.call(0, Call::Fetch(FetchCall { method: "POST".to_owned(), ..get(API) }));
        world.advance(100);
        if signs_out {
            world.logout(tab).unwrap();
        }
        world.sign_in(tab);

        assert_eq!(world.wait(slow), Ok(Value::Number(401.0)));
        assert_eq!((world.server.count("/api"), world.server.count("/token")), (2, 0));
        assert!(world.is_signed_in(0));
    }
}

#[test]
fn a_refusal_of_what_can_not_be_refreshed_ends_the_session() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.refresh", Value::Undefined)]));
    world.sign_in(0);
    fetch(&mut world).unwrap();
    world.server.fail("/api", [REFUSED]);

    assert_eq!(fetch(&mut world), Ok(Value::Number(401.0)));
    world.advance(SECOND);
    assert!(!world.is_signed_in(0));
}

#[test]
fn the_time_limit_counts_from_when_it_was_sent() {
    let mut world = asked(r#"{ "timeoutSeconds": 5 }"#);
    world.server.fail("/api", [Fault::Silence]);
    let call = world.call(0, Call::Fetch(get(API)));

    world.advance(4_990);
    assert!(world.is_pending(call));
    world.advance(20);
    assert_eq!(code(&world.outcome(call).expect("it has ended")), Some(Code::Unreachable));
}

#[test]
fn a_page_that_sleeps_hears_the_answer_before_it_calls_it_late() {
    let mut world = asked("{}");
    world.server.fail("/api", [Fault::Slow(SECOND)]);
    let call = world.call(0, Call::Fetch(get(API)));
    world.sleep(HOUR);

    assert_eq!(world.wait(call), Ok(Value::Number(200.0)));
}

#[test]
fn whoever_waits_for_one_is_told_of_the_end() {
    let mut world = asked("{}");
    world.server.fail("/api", [Fault::Slow(SECOND), Fault::Slow(SECOND)]);
    let calls = [API, API].map(|url| world.call(0, Call::Fetch(get(url))));
    world.advance(10);

    world.input(0, Input::Dispose);

    for call in calls {
        assert_eq!(code(&world.outcome(call).expect("it has ended")), Some(Code::Disposed));
    }
}

#[test]
fn what_goes_elsewhere_or_has_a_token_of_its_own_does_not() {
    let mut world = asked("{}");
    let own = FetchCall { header_names: vec!["authorization".to_owned()], ..get(API) };
    for fetch in [get("https://auth.example.evil.example/api"), get("https://other.example/"), own] {
        let _ = world.run(0, Call::Fetch(fetch.clone()));
        let sent = world.tabs[0].sent.last().expect("it is sent");
        assert_eq!(sent.headers, [], "{fetch:?}");
    }
}
