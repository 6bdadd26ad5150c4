//! `fetch` and `headers`: what is attached, where it may go, and what a refusal means.

use doorkey::core::effect::Effect;
use doorkey::core::error::Code;
use doorkey::core::input::{Call, CallId, FetchCall, Input};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code, get, ok};

const API: &str = "https://auth.example/api";

fn sent(fetch: FetchCall, extra: &str) -> crate::world::server::Request {
    let mut world = World::signed_in(extra);
    world.run(0, Call::Fetch(fetch)).expect("it is sent");
    world.tabs[0].sent[0].clone()
}

fn header<'a>(request: &'a crate::world::server::Request, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

#[test]
fn a_request_to_the_flows_origin_carries_the_token() {
    let mut world = World::signed_in("{}");

    let response = world.run(0, Call::Fetch(get(API)));

    assert_eq!(response, Ok(Value::Number(200.0)));
    assert_eq!(header(&world.tabs[0].sent[0], "authorization"), Some("Bearer canary-access-0-1"));
}

#[test]
fn a_request_elsewhere_goes_out_untouched() {
    let elsewhere = [
        "https://evil.example/api",
        "http://auth.example/api",
        "https://auth.example:8443/api",
        "https://auth.example.evil.example/api",
        "https://user@auth.example/api",
        "https://app.example/page",
        "//evil.example/api",
        "/\\evil.example/api",
        "https:/evil.example/api",
        "https:evil.example",
        "data:text/plain,x",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
    ];
    for url in elsewhere {
        for extra in ["{}", r#"{ "flows": { "check": { "url": "/me" } } }"#] {
            if extra != "{}" && url.starts_with("https://app.example") {
                continue;
            }
            let request = sent(get(url), extra);
            assert_eq!(header(&request, "authorization"), None, "{url:?} with {extra}");
        }
    }
}

#[test]
fn a_relative_endpoint_makes_the_page_an_origin_of_the_flows() {
    let extra = r#"{ "flows": { "check": { "url": "/me" } } }"#;
    for url in ["https://app.example/api", "/api", "api?next=https://x.example/", "?page=2"] {
        assert_eq!(header(&sent(get(url), extra), "authorization"), Some("Bearer canary-access-0-1"), "{url}");
    }
}

#[test]
fn origins_that_are_named_are_the_only_ones() {
    let extra = r#"{ "attach": { "origins": ["https://api.example"] } }"#;

    assert!(header(&sent(get("https://api.example/x"), extra), "authorization").is_some());
    assert_eq!(header(&sent(get(API), extra), "authorization"), None);
}

#[test]
fn headers_query_and_body_are_attached() {
    let extra = r#"{ "attach": {
        "headers": { "X-Token": "{{ session.accessToken }}" },
        "query": { "tenant": "t 1" }, "body": { "csrf": "{{ session.refreshToken }}" }
    } }"#;
    let post = |content_type: &str, body: &str| FetchCall {
        method: "POST".to_owned(),
        content_type: Some(content_type.to_owned()),
        body: Some(body.into()),
        ..get("https://auth.example/api?x=1#top")
    };

    let json = sent(post("application/json; charset=utf-8", r#"{"a":1}"#), extra);
    assert_eq!(json.url, "https://auth.example/api?x=1&tenant=t%201#top");
    assert_eq!(header(&json, "x-token"), Some("canary-access-0-1"));
    assert_eq!(json.body.as_deref(), Some(r#"{"a":1,"csrf":"canary-refresh-0-1"}"#));
    let form = sent(post("application/x-www-form-urlencoded", "a=1"), extra);
    assert_eq!(form.body.as_deref(), Some("a=1&csrf=canary-refresh-0-1"));
    let text = sent(post("text/plain", "a"), extra);
    assert_eq!(text.body.as_deref(), Some("a"));
    let list = sent(post("application/json", "[1]"), extra);
    assert_eq!(list.body.as_deref(), Some("[1]"));
    let get = sent(get(API), extra);
    assert_eq!(get.body, None);
}

#[test]
fn the_text_of_a_body_stays_as_it_is_and_so_do_the_fields_that_the_caller_set() {
    let extra = r#"{ "attach": { "body": { "csrf": "{{ session.refreshToken }}", "none": "{{ undefined }}" } } }"#;
    let posted = |content_type: &str, body: &str| {
        let post = FetchCall {
            method: "POST".to_owned(),
            content_type: Some(content_type.to_owned()),
            body: Some(body.into()),
            ..get(API)
        };
        sent(post, extra).body
    };
    let csrf = r#""csrf":"canary-refresh-0-1""#;

    for (body, expected) in [
        (r#"{"id":12345678901234567890}"#, format!(r#"{{"id":12345678901234567890,{csrf}}}"#)),
        ("{ \"a\": 1.0, \"a\": 2 \n} \n", format!("{{ \"a\": 1.0, \"a\": 2 \n,{csrf}}}")),
        ("{}", format!("{{{csrf}}}")),
        ("{ }", format!("{{ {csrf}}}")),
        (r#"{"id":12345678901234567890,"csrf":"mine"}"#, r#"{"id":12345678901234567890,"csrf":"mine"}"#.to_owned()),
        (r#"{"cs\u0072f":null}"#, r#"{"cs\u0072f":null}"#.to_owned()),
        (r#"{"deep":{"csrf":1}}"#, format!(r#"{{"deep":{{"csrf":1}},{csrf}}}"#)),
        (r#""{}""#, r#""{}""#.to_owned()),
        ("{", "{".to_owned()),
        ("", String::new()),
    ] {
        assert_eq!(posted("application/json", body), Some(expected), "{body:?}");
    }
    for (body, expected) in [
        ("", "csrf=canary-refresh-0-1"),
        ("a", "a&csrf=canary-refresh-0-1"),
        ("a=%20+", "a=%20+&csrf=canary-refresh-0-1"),
        ("csrf=mine&a=1", "csrf=mine&a=1"),
        ("a&csrf=mine", "a&csrf=mine"),
        ("a=%zz&csrf", "a=%zz&csrf"),
        ("cs%72f=", "cs%72f="),
    ] {
        assert_eq!(posted("application/x-www-form-urlencoded", body).as_deref(), Some(expected), "{body:?}");
    }
}

#[test]
fn a_header_that_the_caller_set_is_kept_and_not_retried() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", [Fault::Status(401, &[], "")]);
    let fetch = FetchCall { header_names: vec!["authorization".to_owned()], ..get(API) };

    let response = world.run(0, Call::Fetch(fetch));

    assert_eq!(response, Ok(Value::Number(401.0)));
    assert_eq!(header(&world.tabs[0].sent[0], "authorization"), None);
    assert_eq!(world.tabs[0].sent.len(), 1);
}

#[test]
fn signed_out_it_sends_the_request_as_it_is() {
    let mut world = World::with("{}");

    let response = world.run(0, Call::Fetch(get(API)));

    assert_eq!(response, Ok(Value::Number(401.0)));
    assert_eq!(world.tabs[0].sent[0].headers.len(), 0);
    assert_eq!(world.tabs[0].sent.len(), 1);
}

#[test]
fn an_expired_token_is_refreshed_first() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);

    let calls: Vec<_> = (0..20).map(|_| world.call(0, Call::Fetch(get(API)))).collect();

    for call in calls {
        assert_eq!(world.wait(call), Ok(Value::Number(200.0)));
    }
    assert_eq!((world.server.count("/token"), world.tabs[0].sent.len()), (1, 20));
}

#[test]
fn a_refusal_is_answered_by_one_refresh_and_one_more_try() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", [Fault::Status(401, &[], "")]);

    let response = world.run(0, Call::Fetch(get(API)));

    assert_eq!(response, Ok(Value::Number(200.0)));
    assert_eq!((world.server.count("/token"), world.tabs[0].sent.len()), (1, 2));
    assert_eq!(header(&world.tabs[0].sent[1], "authorization"), Some("Bearer canary-access-0-2"));
}

#[test]
fn it_never_tries_a_third_time() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", vec![Fault::Status(401, &[], ""); 5]);

    let response = world.run(0, Call::Fetch(get(API)));

    assert_eq!(response, Ok(Value::Number(401.0)));
    assert_eq!((world.server.count("/token"), world.tabs[0].sent.len()), (1, 2));
}

#[test]
fn many_refusals_at_once_cause_one_refresh() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", vec![Fault::Status(401, &[], ""); 20]);

    let calls: Vec<_> = (0..20).map(|_| world.call(0, Call::Fetch(get(API)))).collect();

    for call in calls {
        assert_eq!(world.wait(call), Ok(Value::Number(200.0)));
    }
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn a_late_refusal_of_the_old_token_is_answered_by_the_new_one_without_a_refresh() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", [Fault::Status(401, &[], "")]);
    world.delays.network = 500;
    let slow = world.call(0, Call::Fetch(get(API)));
    world.delays.network = 10;
    world.refresh(0, true).unwrap();

    assert_eq!(world.wait(slow), Ok(Value::Number(200.0)));
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn when_the_refresh_is_refused_the_first_answer_is_the_answer() {
    let mut world = World::signed_in("{}");
    world.server.revoke_all();
    world.forget();

    let response = world.run(0, Call::Fetch(get(API)));
    world.advance(SECOND);

    assert_eq!(response, Ok(Value::Number(401.0)));
    assert_eq!(world.tabs[0].sent.len(), 1);
    assert_eq!(world.told(0), [(EventKind::Expired, Some("ERR_REFRESH_REJECTED"))]);
    assert_eq!(world.tabs[0].navigations, ["Login"]);
}

#[test]
fn when_the_refresh_does_not_get_through_the_first_answer_is_the_answer() {
    let mut world = World::signed_in("{}");
    world.server.fail("/api", [Fault::Status(401, &[], "")]);
    world.server.fail("/token", [Fault::NoNetwork]);

    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(401.0)));
    assert!(world.is_signed_in(0));
}

#[test]
fn the_statuses_that_mean_unauthorised_can_be_chosen() {
    let rows: [(&str, u16, usize); 7] = [
        ("{}", 403, 1),
        (r#"{ "refresh": { "status": [401, 403] } }"#, 403, 2),
        (r#"{ "refresh": { "status": [403] } }"#, 401, 1),
        (r#"{ "refresh": { "status": "non-2xx" } }"#, 500, 2),
        (r#"{ "refresh": { "status": "non-2xx" } }"#, 204, 1),
        // An answer that can't be seen, as a redirect that is followed by hand.
        (r#"{ "refresh": { "status": "non-2xx" } }"#, 0, 1),
        ("{}", 401, 2),
    ];
    for (extra, status, tries) in rows {
        let mut world = World::signed_in(extra);
        world.server.fail("/api", [Fault::Status(status, &[], "")]);

        world.run(0, Call::Fetch(get(API))).unwrap();

        assert_eq!(world.tabs[0].sent.len(), tries, "{extra} {status}");
    }
}

#[test]
fn a_session_of_variables_or_a_cookie_is_refreshed_and_retried_too() {
    let cookie =
        r#"{ "tokens": false, "flows": { "refresh": { "url": "https://auth.example/renew", "method": "POST" } } }"#;
    let variables = r#"{ "attach": { "headers": { "Authorization": "Bearer OAUTH2_TOKEN" } }, "flows": {
        "signin": [{ "define": { "OAUTH2_TOKEN": "canary-variable" } }],
        "refresh": [{ "define": { "OAUTH2_TOKEN": "canary-other" } }]
    } }"#;
    for extra in [cookie, variables] {
        let mut world = World::with(extra);
        world.server.fail("/login", [Fault::Status(204, &[], "")]);
        world.server.fail("/renew", [Fault::Status(204, &[], "")]);
        world.sign_in(0);
        world.advance(SECOND);
        world.server.fail("/api", [Fault::Status(401, &[], ""), Fault::Status(200, &[], "")]);

        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)), "{extra}");
        assert_eq!(world.tabs[0].sent.len(), 2, "{extra}");
        let carried = header(&world.tabs[0].sent[1], "authorization");
        assert_eq!(carried, if extra == cookie { None } else { Some("Bearer canary-other") });
    }
}

#[test]
fn only_the_answer_to_a_token_of_ours_is_looked_into_and_only_where_options_judge_it() {
    const JUDGES: &str = r#"{ "refresh": { "when": "{{ (response.body.error ?? '') == 'expired' }}" } }"#;
    let rows = [
        (World::signed_in(JUDGES), API, true),
        (World::signed_in("{}"), API, false),
        (World::signed_in(JUDGES), "https://other.example/", false),
        (World::with(JUDGES), API, false),
    ];
    for (mut world, url, looked_into) in rows {
        world.handle(0, Input::Call(CallId(1000), Call::Fetch(get(url))));
        let mut effects = std::iter::from_fn(|| world.poll_effect(0));
        let look = effects.find_map(|effect| if let Effect::Send { look, .. } = effect { Some(look) } else { None });
        assert_eq!(look, Some(looked_into), "{url}");
    }
}

#[test]
fn a_stream_can_not_be_sent_twice() {
    let mut world = World::signed_in("{}");

    let outcome = world.run(0, Call::Fetch(FetchCall { replayable: false, ..get(API) }));

    assert_eq!(code(&outcome), Some(Code::InvalidValue));
    let elsewhere = FetchCall { replayable: false, ..get("https://other.example/") };
    assert!(world.run(0, Call::Fetch(elsewhere)).is_ok(), "what is not ours goes out untouched");
}

#[test]
fn an_own_request_that_never_answers_ends_by_the_time_limit() {
    let mut world = World::signed_in(r#"{ "timeoutSeconds": 2 }"#);
    world.server.fail("/api", [Fault::Silence, Fault::NoNetwork]);

    assert_eq!(code(&world.run(0, Call::Fetch(get(API)))), Some(Code::Unreachable));
    let error = world.run(0, Call::Fetch(get(API))).unwrap_err();
    assert_eq!((error.code, error.message.as_ref()), (Code::Unreachable, "the request did not get through"));
    assert!(world.is_signed_in(0));
}

#[test]
fn with_no_good_token_and_no_way_to_one_nothing_is_sent() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    world.server.fail("/token", [Fault::NoNetwork]);

    assert_eq!(code(&world.run(0, Call::Fetch(get(API)))), Some(Code::Unreachable));
    assert!(world.tabs[0].sent.is_empty());
    assert!(world.is_signed_in(0));
}

#[test]
fn every_query_means_a_refresh_before_each_and_a_good_token_when_that_fails() {
    let mut world = World::signed_in(r#"{ "refresh": { "everyQuery": true } }"#);

    world.run(0, Call::Fetch(get(API))).unwrap();
    world.run(0, Call::Fetch(get(API))).unwrap();
    assert_eq!(world.server.count("/token"), 2);

    world.server.fail("/token", [Fault::NoNetwork]);
    assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)), "a good token goes on being used");
}

#[test]
fn headers_are_those_that_would_be_attached() {
    let mut world = World::signed_in(r#"{ "attach": { "headers": { "X-A": "a {{ session.accessToken }}" } } }"#);
    assert_eq!(world.run(0, Call::Headers), ok(r#"{ "X-A": "a canary-access-0-1" }"#));

    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    assert_eq!(world.run(0, Call::Headers), ok(r#"{ "Authorization": "Bearer canary-access-0-2" }"#));
    world.logout(0).unwrap();
    assert_eq!(code(&world.run(0, Call::Headers)), Some(Code::SignedOut));
}

#[test]
fn what_no_header_can_hold_is_told_in_place_of_a_server_that_can_not_be_reached() {
    let mut world = World::signed_in(r#"{ "attach": { "headers": { "X-Name": "{{ store.name }}" } } }"#);
    for name in ["a\nb", "10 \u{20ac}"] {
        world.run(0, Call::StoreValue("name".to_owned(), format!("{name:?}").into(), true)).unwrap();
        for call in [Call::Fetch(get(API)), Call::Headers] {
            let error = world.run(0, call).unwrap_err();
            assert_eq!((error.code, error.path.as_deref()), (Code::Template, Some("X-Name")), "{name:?}");
        }
    }
    assert_eq!(world.tabs[0].sent.len(), 0);
}

#[test]
fn only_what_a_redirect_can_not_carry_away_follows_one() {
    let rows = [
        ("{}", false, false),
        (r#"{ "attach": { "headers": { "X-Key": "k" } } }"#, false, true),
        (r#"{ "attach": { "headers": { "X-Key": "k" } } }"#, true, false),
        (r#"{ "attach": { "csrf": { "cookie": "XSRF-TOKEN", "header": "X-C" } } }"#, false, true),
        (r#"{ "attach": { "headers": { "authorization": "k" } } }"#, false, false),
    ];
    for (extra, redirect_chosen, refused) in rows {
        let mut world = World::signed_in(extra);
        let call = Call::Fetch(FetchCall { redirect_chosen, method: "POST".to_owned(), ..get(API) });
        world.handle(0, Input::Call(CallId(900), call));
        let Some(Effect::Send { addition, .. }) = world.poll_effect(0) else { panic!("it is sent") };
        assert_eq!(addition.refuse_redirect, refused, "{extra}");
    }
}

#[test]
fn two_tabs_that_are_refused_at_once_refresh_once() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.server.fail("/api", [Fault::Status(401, &[], ""), Fault::Status(401, &[], "")]);

    let calls = [world.call(0, Call::Fetch(get(API))), world.call(1, Call::Fetch(get(API)))];

    for call in calls {
        assert_eq!(world.wait(call), Ok(Value::Number(200.0)));
    }
    assert_eq!((world.server.count("/token"), world.server.reuses), (1, 0));
}
