//! Whose a request is: what was begun in one session is not sent in another, and what carries nothing of a session says nothing
//! of it.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, FetchCall};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{Credentials, EventKind};

use crate::testing::json;
use crate::world::host::{Reply, function};
use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code, get, ok};

const API: &str = "https://auth.example/api";

/// What somebody else's sign-in takes the place of.
fn somebody_else(world: &mut World, tab: usize, signs_out: bool) {
    if signs_out {
        world.logout(tab).unwrap();
    }
    world.sign_in(tab);
}

#[test]
fn a_request_that_is_refused_after_somebody_else_has_signed_in_is_not_sent_again() {
    for (tab, signs_out) in [(0, true), (0, false), (1, true), (1, false)] {
        let mut world = World::signed_in("{}");
        world.fill(2, &usual("{}"));
        world.server.revoke_all();
        world.server.fail("/api", [Fault::Slow(SECOND)]);
        let fetch = world.call(0, Call::Fetch(FetchCall { method: "POST".to_owned(), ..get(API) }));
        world.advance(100);
        somebody_else(&mut world, tab, signs_out);

        assert_eq!(world.wait(fetch), Ok(Value::Number(401.0)), "by tab {tab}");
        assert_eq!((world.server.count("/api"), world.server.count("/token")), (1, 0), "by tab {tab}");
        assert!(world.is_signed_in(0));
    }
}

#[test]
fn a_request_that_waits_for_a_token_is_not_sent_with_somebody_elses() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.sleep(11 * MINUTE);
    world.server.fail("/token", [Fault::Slow(SECOND), Fault::Slow(SECOND)]);
    let post = FetchCall { method: "POST".to_owned(), ..get(API) };
    let (fetch, question) = (world.call(0, Call::Fetch(post)), world.call(0, Call::Fetch(get(API))));
    let query = world.call(0, Call::run(Value::from("orders"), Value::Undefined).unwrap());
    world.advance(100);
    somebody_else(&mut world, 1, false);

    for call in [fetch, query] {
        assert_eq!(code(&world.wait(call)), Some(Code::Superseded));
    }
    assert_eq!(world.wait(question), Ok(Value::Number(200.0)), "what changes nothing goes on");
    assert_eq!((world.server.count("/api"), world.host.count("orders")), (1, 0));
}

#[test]
fn a_query_that_is_refused_after_somebody_else_has_signed_in_is_not_run_again() {
    let mut world = World::signed_in("{}");
    world.delays.host = SECOND;
    world.host.on("orders", [Reply::Throws(json(r#"{ "status": 401 }"#)), Reply::Gives(json("7"))]);
    let query = world.call(0, Call::run(Value::from("orders"), Value::Undefined).unwrap());
    world.advance(100);
    somebody_else(&mut world, 0, false);

    assert!(world.wait(query).is_err());
    assert_eq!((world.host.count("orders"), world.server.count("/token")), (1, 0));
}

#[test]
fn what_a_server_says_to_whom_a_redirect_has_led_says_nothing_of_the_session() {
    let without = [("flows.refresh", Value::Undefined)];
    for options in [usual("{}"), usual_with("{}", &without)] {
        let mut world = World::with_options(&options);
        world.sign_in(0);
        world.server.fail("/api", [Fault::Led("https://files.example/x", 401)]);

        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(401.0)));
        world.advance(SECOND);
        assert_eq!((world.server.count("/api"), world.server.count("/token")), (1, 0));
        assert!(world.is_signed_in(0));
    }
    let judging = r#"{ "refresh": { "when": "{{ response.redirected && contains(response.url, '/login') }}" } }"#;
    for (options, refreshes) in [("{}", 0), (judging, 1)] {
        let mut world = World::signed_in(options);
        world.server.fail("/api", [Fault::Led("https://files.example/login", 200)]);
        world.run(0, Call::Fetch(get(API))).unwrap();
        assert_eq!(world.server.count("/token"), refreshes, "an expression may judge it: {options}");
    }
    let mut world = World::signed_in("{}");
    world.server.fail("/api", [Fault::Led("https://auth.example/api/", 401)]);
    world.run(0, Call::Fetch(get(API))).unwrap();
    assert_eq!(world.server.count("/token"), 1, "within the origin it is the API's word");
}

#[test]
fn a_refusal_of_a_request_that_carried_nothing_ends_no_session() {
    let cookie = r#"{ "tokens": false, "attach": { "origins": ["https://auth.example"] } }"#;
    let left_out = FetchCall { credentials: Credentials::Omit, credentials_chosen: true, ..get(API) };
    let rows = [
        (cookie, left_out.clone(), true),
        (cookie, get(API), false),
        (cookie, FetchCall { credentials: Credentials::Include, ..left_out.clone() }, false),
        (r#"{ "attach": { "headers": {} } }"#, get(API), true),
        (r#"{ "attach": { "headers": {} } }"#, FetchCall { credentials: Credentials::Include, ..left_out }, false),
    ];
    let own = r#"{ "attach": { "headers": {}, "origins": ["https://app.example"] } }"#;
    let of_page = [(own, get("https://app.example/api"), false)];
    for (options, fetch, stays) in rows.into_iter().chain(of_page) {
        let mut world = World::with_options(&usual_with(options, &[("flows.refresh", Value::Undefined)]));
        world.sign_in(0);
        world.server.fail("/api", [Fault::Status(401, &[], "{}")]);
        world.run(0, Call::Fetch(fetch.clone())).unwrap();
        world.advance(SECOND);
        assert_eq!(world.is_signed_in(0), stays, "{options} {fetch:?}");
    }
}

#[test]
fn requests_of_flows_are_authorised_where_the_origins_of_other_requests_are_named() {
    let options = r#"{ "attach": { "origins": ["https://api.example"] }, "flows": { "check": { "url": "https://auth.example/me" } } }"#;
    let mut world = World::signed_in(options);

    assert_eq!(world.run(0, Call::Check), ok("true"));
    let bare = world.run(0, Call::Fetch(get(API)));
    assert_eq!(bare, Ok(Value::Number(401.0)), "what is not named is not for other requests");
}

#[test]
fn what_was_kept_of_a_former_answer_is_not_kept_beside_the_next() {
    let mut world =
        World::with_options(&usual_with(r#"{ "keep": ["user", "team"] }"#, &[("flows.signin", function("in"))]));
    let answers = [r#"{ "token": "a", "user": "ada", "team": "red" }"#, r#"{ "token": "b", "user": "bob" }"#];
    world.host.on("in", answers.map(|answer| Reply::Gives(json(answer))));
    world.sign_in(0);
    assert_eq!(world.tabs[0].shown["team"], r#""red""#);

    world.sign_in(0);

    let shown: Vec<_> = world.tabs[0].shown.values().map(String::as_str).collect();
    assert_eq!(shown, [r#""bob""#]);
}

#[test]
fn a_key_under_which_the_session_is_exposed_takes_no_value() {
    for storage in ["local", "host"] {
        let options = format!(r#"{{ "storage": "{storage}", "expose": {{ "accessToken": "accesstoken" }} }}"#);
        let mut world = World::signed_in(&options);
        let outcome = world.run(0, Call::StoreValue("accesstoken".to_owned(), "1".into(), true));
        assert_eq!(code(&outcome), Some(Code::InvalidValue), "{storage}");
        assert_eq!(world.tabs[0].shown["accesstoken"], r#""canary-access-0-1""#, "{storage}");
        assert!(world.told(0).iter().all(|(kind, _)| *kind != EventKind::Failed));
    }
}
