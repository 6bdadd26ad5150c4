//! Where tokens, cookies and bodies go, and where redirects may take them.

use doorkey::core::error::Code;
use doorkey::core::http::{Credentials, Redirect};
use doorkey::core::input::{Call, FetchCall};
use doorkey::core::value::Value;

use crate::testing::json;
use crate::world::options::usual;
use crate::world::server::{Fault, Request};
use crate::world::{World, code, credentials, get};

const API: &str = "https://auth.example/api";
const CSRF: &str = r#""attach": { "csrf": { "cookie": "XSRF-TOKEN", "header": "X-XSRF-TOKEN" } }"#;
/// The sign-in's origin is known only when it is used.
const TEMPLATED: &str = r#"{ "flows": { "signin": { "url": "{{ inputs.api }}/login", "json": "{{ inputs }}" }, "refresh": null, "revoke": null } }"#;

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

fn carries_token(world: &mut World, url: &str) -> bool {
    world.run(0, Call::Fetch(get(url))).expect("it is sent");
    header(world.tabs[0].sent.last().expect("it was sent"), "authorization").is_some()
}

fn sign_in_at(world: &mut World, api: &str) -> crate::world::Outcome {
    let mut inputs = credentials();
    if let Value::Map(map) = &mut inputs {
        map.set("api", Value::from(api));
    }
    world.run(0, Call::Signin(inputs.into()))
}

#[test]
fn csrf_goes_decoded_into_what_changes_something_and_has_cookies() {
    let rows = [
        ("POST", Credentials::SameOrigin, Some("eyJ=2+/")),
        ("DELETE", Credentials::Include, Some("eyJ=2+/")),
        ("GET", Credentials::Include, None),
        ("HEAD", Credentials::Include, None),
        ("OPTIONS", Credentials::Include, None),
        ("POST", Credentials::Omit, None),
    ];
    for (method, credentials, proof) in rows {
        for is_signed_in in [true, false] {
            let options = ["{", CSRF, "}"].concat();
            let mut world = if is_signed_in { World::signed_in(&options) } else { World::with(&options) };
            let fetch = FetchCall { method: method.to_owned(), credentials, credentials_chosen: true, ..get(API) };
            world.run(0, Call::Fetch(fetch.clone())).unwrap();
            let elsewhere = FetchCall { url: "https://other.example/".into(), ..fetch };
            world.run(0, Call::Fetch(elsewhere)).unwrap();
            assert_eq!(
                header(&world.tabs[0].sent[0], "x-xsrf-token"),
                proof,
                "{method} {credentials:?} {is_signed_in}"
            );
            assert_eq!(header(world.tabs[0].sent.last().unwrap(), "x-xsrf-token"), None, "elsewhere");
        }
    }
}

#[test]
fn csrf_is_sent_at_the_sign_in_too_and_not_where_cookies_are_left_out() {
    for (credentials, proof) in [("include", Some("eyJ=2+/")), ("same-origin", Some("eyJ=2+/")), ("omit", None)] {
        let flows = format!(
            r#"{{ {CSRF}, "flows": {{
                "signin": {{ "url": "https://auth.example/login", "json": "{{{{ inputs }}}}", "credentials": "{credentials}" }},
                "check": {{ "url": "https://auth.example/me", "credentials": "{credentials}" }} }} }}"#
        );
        let mut world = World::signed_in(&flows);
        world.run(0, Call::Check).unwrap();
        assert_eq!(header(world.server.last("/login"), "x-xsrf-token"), proof, "{credentials}");
        assert_eq!(header(world.server.last("/me"), "x-xsrf-token"), None, "a GET changes nothing");
    }
}

#[test]
fn a_csrf_header_of_the_callers_own_is_kept_and_a_cookie_that_is_not_there_sends_none() {
    let mut world = World::signed_in(&["{", CSRF, "}"].concat());
    let header_names = vec!["x-xsrf-token".to_owned()];
    world.run(0, Call::Fetch(FetchCall { method: "POST".to_owned(), header_names, ..get(API) })).unwrap();
    assert_eq!(header(&world.tabs[0].sent[0], "x-xsrf-token"), None, "the page sends its own");

    let mut world = World::signed_in(&["{", &CSRF.replace("XSRF-TOKEN\", \"header", "gone\", \"header"), "}"].concat());
    world.run(0, Call::Fetch(FetchCall { method: "POST".to_owned(), ..get(API) })).unwrap();
    assert_eq!(header(&world.tabs[0].sent[0], "x-xsrf-token"), None);
}

#[test]
fn a_cookie_session_takes_its_cookie_to_the_origins_of_attach_unless_the_caller_chose() {
    let options = r#"{ "tokens": false, "attach": { "origins": ["https://api.example"] } }"#;
    let rows = [
        ("https://api.example/x", false, true),
        ("https://api.example/x", true, false),
        ("https://other.example/x", false, false),
    ];
    for (url, credentials_chosen, goes) in rows {
        let mut world = World::signed_in(options);
        world.run(0, Call::Fetch(FetchCall { credentials_chosen, ..get(url) })).unwrap();
        assert_eq!(world.tabs[0].sent[0].with_cookies, goes, "{url} {credentials_chosen}");
    }
    let mut world = World::signed_in("{}");
    world.run(0, Call::Fetch(get(API))).unwrap();
    assert!(!world.tabs[0].sent[0].with_cookies, "tokens need no cookie");
}

#[test]
fn what_a_flow_sends_follows_no_redirect_to_another_origin() {
    use Redirect::{Follow, Own, Seen};
    let rows = [
        (r#"{ "url": "https://auth.example/login" }"#, Follow),
        (r#"{ "url": "https://auth.example/login", "credentials": "include" }"#, Follow),
        (r#"{ "url": "https://auth.example/login", "json": {} }"#, Seen),
        (r#"{ "url": "https://auth.example/login", "form": { "a": "b" } }"#, Seen),
        (r#"{ "url": "https://auth.example/login", "body": "x" }"#, Seen),
        (r#"{ "url": "https://auth.example/login", "headers": { "X-Refresh-Token": "r" } }"#, Seen),
        (r#"{ "url": "https://auth.example/login", "headers": { "X-None": "{{ '' }}" } }"#, Follow),
        (r#"{ "url": "https://auth.example/login", "json": {}, "redirect": "follow" }"#, Follow),
        (r#"{ "url": "/login", "json": {} }"#, Own),
        (r#"{ "url": "https://app.example/login", "headers": { "X-Refresh-Token": "r" } }"#, Own),
        (r#"{ "url": "https://app.example/login", "json": {}, "redirect": "follow" }"#, Follow),
        (r#"{ "url": "/login" }"#, Follow),
    ];
    for (flow, redirect) in rows {
        let mut world = World::with("{}");
        world.server.fail("/login", [Fault::Status(200, &[], r#"{ "token": "t" }"#)]);
        world.run(0, Call::Test(json(flow), Value::Undefined.into(), false)).unwrap();
        assert_eq!(world.server.last("/login").redirect, redirect, "{flow}");
    }
    let mut world = World::signed_in(r#"{ "flows": { "check": { "url": "https://auth.example/me" } } }"#);
    world.run(0, Call::Check).unwrap();
    assert_eq!(world.server.last("/me").redirect, Seen, "a token stays where it is for");
}

#[test]
fn a_login_that_is_redirected_is_told_as_that_with_what_to_write() {
    let mut world = World::with("{}");
    world.server.fail("/login", [Fault::Moved]);

    let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();

    assert_eq!((error.code, error.status), (Code::Unreachable, None));
    for part in ["redirects", "url", "redirect: \"follow\""] {
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[test]
fn an_endpoint_can_be_authorised_or_not_whatever_its_flow() {
    let options = r#"{ "flows": {
        "refresh": { "url": "https://auth.example/token", "json": { "refresh_token": "{{ session.refreshToken }}" }, "attach": true },
        "check": { "url": "https://auth.example/me", "attach": false } } }"#;
    let mut world = World::signed_in(options);
    world.refresh(0, true).unwrap();
    world.run(0, Call::Check).unwrap();
    assert!(header(world.server.last("/token"), "authorization").is_some());
    assert_eq!(header(world.server.last("/me"), "authorization"), None);
    assert_eq!(header(world.server.last("/login"), "authorization"), None);
}

#[test]
fn the_origin_that_the_sign_in_used_gets_its_tokens_until_something_else_decides() {
    const FIRST: &str = "https://one.example";
    let mut world = World::with(TEMPLATED);
    sign_in_at(&mut world, FIRST).unwrap();
    assert!(carries_token(&mut world, "https://one.example/api"));
    assert!(!carries_token(&mut world, "https://two.example/api"));

    let other = world.open(&usual(TEMPLATED));
    world.settle();
    world.run(other, Call::Fetch(get("https://one.example/api"))).unwrap();
    assert!(header(&world.tabs[other].sent[0], "authorization").is_some(), "another tab knows it from the record");

    sign_in_at(&mut world, "https://two.example").unwrap();
    assert!(!carries_token(&mut world, "https://one.example/api"), "a new sign-in forgets it");
    assert!(carries_token(&mut world, "https://two.example/api"));

    world.configure(0, TEMPLATED);
    assert!(!carries_token(&mut world, "https://two.example/api"), "configure forgets it");

    sign_in_at(&mut world, FIRST).unwrap();
    assert!(carries_token(&mut world, "https://one.example/api"));
    world.logout(0).unwrap();
    sign_in_at(&mut world, "https://three.example").unwrap();
    assert!(!carries_token(&mut world, "https://one.example/api"), "a sign-out forgets it");
}

#[test]
fn a_failed_sign_in_and_a_test_teach_no_origin() {
    let mut world = World::with(TEMPLATED);
    sign_in_at(&mut world, "https://one.example").unwrap();
    world.server.fail("/login", [Fault::Status(401, &[], "")]);
    assert_eq!(code(&sign_in_at(&mut world, "https://evil.example")), Some(Code::InvalidCredentials));
    assert!(!carries_token(&mut world, "https://evil.example/api"));

    let flow = json(r#"{ "url": "https://evil.example/login", "json": {} }"#);
    world.run(0, Call::Test(flow, Value::Undefined.into(), false)).unwrap();
    world
        .run(0, Call::Test(Value::from("signin"), json(r#"{ "api": "https://evil.example" }"#).into(), false))
        .unwrap();
    assert!(!carries_token(&mut world, "https://evil.example/api"));
    assert!(carries_token(&mut world, "https://one.example/api"), "what the present tokens came from stays");
}

#[test]
fn origins_that_are_named_stay_the_only_ones_whatever_the_sign_in_used() {
    let named = TEMPLATED.replacen('{', r#"{ "attach": { "origins": ["https://api.example"] }, "#, 1);
    let mut world = World::with(&named);
    sign_in_at(&mut world, "https://one.example").unwrap();
    assert!(!carries_token(&mut world, "https://one.example/api"));
    assert!(carries_token(&mut world, "https://api.example/api"));
}

#[test]
fn a_call_that_goes_out_bare_says_in_the_trace_what_to_write() {
    let mut world = World::signed_in("{}");
    for path in ["/a", "/b"] {
        world.run(0, Call::Fetch(get(&["https://api.example", path].concat()))).unwrap();
    }
    let own_token = vec!["authorization".to_owned()];
    world.run(0, Call::Fetch(FetchCall { header_names: own_token, ..get("https://own.example/") })).unwrap();
    world.run(0, Call::Fetch(get(API))).unwrap();

    let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };
    let notes: Vec<_> = steps.iter().filter(|step| step.member("id") == Some(&Value::from("attach"))).collect();
    assert_eq!(notes.len(), 1, "once for each origin: {notes:?}");
    let reason = notes[0].member("reason").and_then(Value::as_text).unwrap();
    assert!(reason.contains(r#"attach: { origins: ["https://api.example"] }"#), "{reason}");

    let mut world = World::with("{}");
    world.run(0, Call::Fetch(get("https://api.example/a"))).unwrap();
    assert!(!format!("{:?}", world.trace(0)).contains("attach"), "without a session there is nothing to say");
}
