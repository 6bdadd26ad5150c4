//! `ok` and `message`: what an endpoint says itself of its answers; and `response`, which they see.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::server::Fault;
use crate::world::{MINUTE, World, credentials};

fn flow(name: &str, more: &str) -> String {
    let body =
        if name == "refresh" { r#"{ "refresh_token": "{{ session.refreshToken }}" }"# } else { r#""{{ inputs }}""# };
    let path = match name {
        "signin" => "login",
        "refresh" => "token",
        path => path,
    };
    format!(r#"{{ "flows": {{ "{name}": {{ "url": "https://auth.example/{path}", "json": {body}, {more} }} }} }}"#)
}

const CODE: &str = r#""ok": "{{ response.body.code == 0 }}", "message": "{{ response.body.why.text }}""#;

#[test]
fn a_200_with_an_error_inside_is_a_refusal_with_its_own_text() {
    let mut world = World::with(&flow("signin", CODE));
    world
        .server
        .fail("/login", [Fault::Status(200, &[], r#"{ "code": 401, "why": { "text": "Wrong user or password" } }"#)]);

    let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();

    assert_eq!((error.code, error.status), (Code::InvalidCredentials, Some(200)));
    assert_eq!(error.message, "Wrong user or password");
    assert_eq!(world.tabs[0].notices, ["Wrong user or password"]);
}

#[test]
fn ok_decides_in_place_of_the_status_and_what_it_can_not_judge_the_status_does() {
    let page = r#""<html><body>down</body></html>""#;
    let rows = [
        (200, r#"{ "code": 1 }"#, Some(Code::InvalidCredentials)),
        (500, r#"{ "code": 1 }"#, Some(Code::InvalidCredentials)),
        (422, r#"{ "code": 0, "token": "t" }"#, None),
        (200, r#"{ "token": "t" }"#, None),
        (503, r#"{ "message": "later" }"#, Some(Code::Unreachable)),
        (401, r#"{ "message": "no" }"#, Some(Code::InvalidCredentials)),
        (502, page, Some(Code::Unreachable)),
    ];
    for (status, body, code) in rows {
        let mut world = World::with(&flow("signin", r#""ok": "{{ response.body.code == 0 }}""#));
        world.server.fail("/login", [Fault::Status(status, &[], body)]);
        let outcome = world.run(0, Call::Signin(credentials().into()));
        assert_eq!(outcome.err().map(|error| error.code), code, "{status} {body}");
    }
    // A template that gives an answer to anything gives none of a proxy's page.
    let mut world = World::signed_in(&flow("refresh", r#""ok": "{{ (response.body.code ?? 1) == 0 }}""#));
    world.server.fail("/token", [Fault::Status(502, &[], page)]);
    assert_eq!(world.refresh(0, true).unwrap_err().code, Code::Unreachable);
    assert!(world.is_signed_in(0));
}

#[test]
fn ok_that_is_false_at_a_refresh_ends_the_session_and_at_a_check_is_no() {
    let mut world = World::signed_in(&flow("refresh", CODE));
    world.forget();
    world.server.fail("/token", [Fault::Status(200, &[], r#"{ "code": 401, "why": { "text": "gone" } }"#)]);
    assert_eq!(world.refresh(0, true).unwrap_err().code, Code::RefreshRejected);
    assert_eq!(world.told(0), [(EventKind::Expired, Some("ERR_REFRESH_REJECTED"))]);
    assert!(!world.is_signed_in(0));

    for (code, answer) in [(0, true), (401, false)] {
        let mut world = World::signed_in(&flow("check", CODE));
        let body = if answer { r#"{ "code": 0 }"# } else { r#"{ "code": 401 }"# };
        world.server.fail("/check", [Fault::Status(200, &[], body)]);
        assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(answer)), "{code}");
    }

    let mut world = World::signed_in(&flow("revoke", CODE));
    world.server.fail("/revoke", [Fault::Status(200, &[], r#"{ "code": 1 }"#)]);
    assert_eq!(world.logout(0).unwrap().member("revoked"), Some(&Value::Bool(false)));
}

#[test]
fn refusals_by_404_and_410_can_end_a_session_by_what_ok_says() {
    for status in [404, 410] {
        let ok = r#""ok": "{{ response.status != 404 && response.status != 410 }}""#;
        let mut world = World::signed_in(&flow("refresh", ok));
        world.server.fail("/token", [Fault::Status(status, &[], r#"{ "error": "no such session" }"#)]);
        assert_eq!(world.refresh(0, true).unwrap_err().code, Code::RefreshRejected, "{status}");
    }
}

#[test]
fn a_message_that_gives_no_text_leaves_the_answers_own() {
    let rows = [
        (r#"{ "detail": "No active account" }"#, "No active account"),
        (r#"{ "detail": "No", "why": { "text": "" } }"#, "No"),
        (r#"{ "detail": "No", "why": { "text": null } }"#, "No"),
        (r#"{ "detail": "No", "why": { "text": ["a", "b"] } }"#, r#"["a","b"]"#),
    ];
    for (body, message) in rows {
        let mut world = World::with(&flow("signin", r#""message": "{{ response.body.why.text }}""#));
        world.server.fail("/login", [Fault::Status(401, &[], body)]);
        let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();
        assert_eq!((error.code, error.message.as_ref()), (Code::InvalidCredentials, message), "{body}");
    }
}

#[test]
fn the_response_tells_where_it_came_from() {
    let flows = r#"{ "flows": { "signin": { "url": "https://auth.example/login", "json": "{{ inputs }}",
        "ok": "{{ !response.redirected && contains(response.url, '/login') && (response.headers['x-no'] ?? '') == '' }}" } } }"#;
    let mut world = World::with(flows);
    assert!(world.run(0, Call::Signin(credentials().into())).is_ok());
    world.server.fail("/login", [Fault::Status(200, &[("x-no", "1")], r#"{ "token": "t" }"#)]);
    assert_eq!(world.run(0, Call::Signin(credentials().into())).unwrap_err().code, Code::InvalidCredentials);
}

#[test]
fn a_header_of_an_answer_brings_the_next_token_of_a_session_that_slides() {
    let options = r#"{ "refresh": { "fromHeader": "X-Access-Token" },
        "flows": { "refresh": null, "check": { "url": "https://auth.example/me" } } }"#;
    let mut world = World::signed_in(options);
    world.forget();
    let next = |token: &'static str| Fault::Status(200, Box::leak(Box::new([("x-access-token", token)])), "{}");
    world.server.fail("/api", [next("Bearer canary-next-1"), next("canary-next-1")]);
    world.server.fail("/me", [next("canary-next-2")]);

    let api = "https://auth.example/api";
    world.run(0, Call::Fetch(crate::world::get(api))).unwrap();
    world.settle();
    assert_eq!(world.access_token(0), Ok(Value::from("canary-next-1")));
    assert_eq!(world.told(0), [(EventKind::Refreshed, None)]);
    assert!(world.disk.record.as_ref().unwrap().contains("canary-next-1"), "it is stored");

    world.run(0, Call::Fetch(crate::world::get(api))).unwrap();
    assert_eq!(world.told(0).len(), 1, "the same token is no news");
    world.run(0, Call::Check).unwrap();
    world.settle();
    assert_eq!(world.access_token(0), Ok(Value::from("canary-next-2")));

    // A header that is there twice, or whose value was none, holds no token.
    for none in ["", "Bearer", "undefined", "null", "canary-a, canary-b", "Bearer canary a"] {
        world.server.fail("/api", [next(none)]);
        world.run(0, Call::Fetch(crate::world::get(api))).unwrap();
        world.settle();
        assert_eq!(world.access_token(0), Ok(Value::from("canary-next-2")), "{none}");
    }

    // What comes from elsewhere, or for a token of the caller's own, is nobody's next token.
    world.server.fail("/api", [next("canary-evil"), next("canary-evil")]);
    world.run(0, Call::Fetch(crate::world::get("https://evil.example/api"))).unwrap();
    let header_names = vec!["authorization".to_owned()];
    world.run(0, Call::Fetch(doorkey::core::input::FetchCall { header_names, ..crate::world::get(api) })).unwrap();
    world.settle();
    assert_eq!(world.access_token(0), Ok(Value::from("canary-next-2")));
    world.advance(MINUTE);
    world.trace(0);
}

#[test]
fn a_token_that_an_answer_brings_is_kept_though_another_tab_writes_at_the_same_time() {
    const SLIDES: &str = r#"{ "refresh": { "fromHeader": "X-Access-Token" } }"#;
    for after in (0..160).step_by(5) {
        let mut world = World::signed_in(SLIDES);
        world.fill(2, &crate::world::options::usual(SLIDES));
        world.delays.storage = 20;
        world.server.fail("/api", [Fault::Status(200, &[("x-access-token", "canary-next")], "{}")]);
        // A refresh that fails leaves a pause in the record.
        world.server.fail("/token", [Fault::NoNetwork]);
        let refresh = world.call(1, Call::Refresh(true));
        world.advance(after);
        let fetch = world.call(0, Call::Fetch(crate::world::get("https://auth.example/api")));
        world.wait(fetch).unwrap();
        world.wait(refresh).ok();
        world.advance(200);
        assert!(world.disk.record.as_ref().unwrap().contains("canary-next"), "after {after} ms");
        assert_eq!(world.access_token(0), Ok(Value::from("canary-next")), "after {after} ms");
    }
}

#[test]
fn an_answer_to_a_session_that_has_other_tokens_by_now_brings_none() {
    let mut world = World::signed_in(r#"{ "refresh": { "fromHeader": "X-Access-Token" } }"#);
    let late = Fault::Status(200, &[("x-access-token", "canary-late")], "{}");
    world.server.fail("/api", [late]);
    world.delays.network = 500;
    let slow = world.call(0, Call::Fetch(crate::world::get("https://auth.example/api")));
    world.delays.network = 10;
    world.refresh(0, true).unwrap();
    world.wait(slow).unwrap();
    world.settle();
    assert_eq!(world.access_token(0), Ok(Value::from("canary-access-0-2")));
    world.logout(0).unwrap();
    assert!(!world.is_signed_in(0));
}

#[test]
fn a_path_with_an_index_is_kept_under_its_own_name() {
    let mut world = World::with(r#"{ "keep": ["data[0].id", "user"] }"#);
    world.server.fail("/login", [Fault::Status(200, &[], r#"{ "token": "t", "data": [{ "id": 7 }], "user": "ada" }"#)]);

    world.run(0, Call::Signin(credentials().into())).unwrap();

    assert_eq!(world.tabs[0].shown.get("data[0].id").map(String::as_str), Some("7"));
    assert_eq!(world.tabs[0].shown.get("user").map(String::as_str), Some(r#""ada""#));
}

#[test]
fn forms_queries_and_headers_leave_out_what_is_nothing_and_repeat_what_is_a_list() {
    let flow = r#"{ "url": "https://auth.example/login?x=1",
        "form": { "a": "{{ inputs.none ?? null }}", "b": null, "c": ["1", "{{ inputs.two }}", null], "d": "", "e": false, "f": { "g": 1 } },
        "headers": { "x-none": "{{ cookie('none') }}", "x-two": "{{ inputs.two }}" },
        "query": { "q": ["a b", "c&d"], "none": null, "r": "{{ inputs.list }}" } }"#;
    let mut world = World::with("{}");
    world.server.fail("/login", [Fault::Status(200, &[], r#"{ "token": "t" }"#)]);
    let inputs = crate::testing::json(r#"{ "two": 2, "list": ["x", "y"] }"#);
    world.run(0, Call::Test(crate::testing::json(flow), inputs.into(), false)).unwrap();

    let request = world.server.last("/login");
    assert_eq!(request.body.as_deref(), Some("c=1&c=2&d=&e=false&f=%7B%22g%22%3A1%7D"));
    assert!(request.url.ends_with("/login?x=1&q=a%20b&q=c%26d&r=x&r=y"), "{}", request.url);
    let own = request.headers.iter().filter(|(name, _)| name.starts_with("x-"));
    assert_eq!(own.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["2"]);
}

#[test]
fn a_refresh_that_is_refused_with_200_tells_the_servers_reason() {
    let body = r#"{ "error": "invalid_grant", "error_description": "An administrator has ended it" }"#;
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Status(200, &[], body)]);

    let error = world.run(0, Call::Refresh(true)).unwrap_err();

    assert_eq!((error.code, error.message.as_ref()), (Code::RefreshRejected, "An administrator has ended it"));
}

#[test]
fn nobody_is_told_to_wait_for_longer_than_ten_minutes() {
    for text in ["86400", "999999999999"] {
        let headers: &'static [(&str, &str)] = Box::leak(Box::new([("retry-after", text)]));
        let mut world = World::with("{}");
        world.server.fail("/login", [Fault::Status(429, headers, "")]);
        let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();
        assert_eq!(error.retry_at.map(|at| at.0), Some(world.now + 10 * MINUTE), "{text}");
    }
}

#[test]
fn a_token_answer_may_be_a_form_and_the_word_bearer_goes_once() {
    let mut world = World::with("{}");
    let form = r#""access_token=Bearer+canary%2Ftoken&refresh_token=canary-r&expires_in=600""#;
    world.server.fail("/login", [Fault::Status(200, &[], form)]);

    world.run(0, Call::Signin(credentials().into())).unwrap();
    assert_eq!(world.access_token(0), Ok(Value::from("canary/token")));
    assert_eq!(world.run(0, Call::Headers), crate::world::ok(r#"{ "Authorization": "Bearer canary/token" }"#));
}

#[test]
fn user_and_password_go_as_basic_authorization() {
    let flow = r#"{ "url": "https://auth.example/login", "method": "POST",
        "headers": { "Authorization": "Basic {{ base64(concat(inputs.email, ':', inputs.password)) }}" } }"#;
    let mut world = World::with("{}");
    let body = r#"{ "message": "no Basic YWRhQGV4YW1wbGUuY29tOmNhbmFyeS1wYXNzd29yZA== here" }"#;
    world.server.fail("/login", [Fault::Status(401, &[], body)]);
    let call = Call::Test(crate::testing::json(flow), credentials().into(), false);

    let outcome = world.run(0, call).unwrap();

    let sent = &world.server.last("/login").headers;
    assert!(
        sent.contains(&("Authorization".to_owned(), "Basic YWRhQGV4YW1wbGUuY29tOmNhbmFyeS1wYXNzd29yZA==".to_owned()))
    );
    assert!(
        !format!("{outcome:?}").contains("OmNhbmFyeS1wYXNzd29yZA"),
        "amid other base64 it is masked too: {outcome:?}"
    );
}

#[test]
fn a_date_header_a_second_off_moves_no_expiry_and_better_auths_null_is_no_session() {
    let mut world = World::signed_in(
        r#"{ "flows": { "check": { "url": "https://auth.example/me" }, "refresh": null },
        "refresh": { "when": "{{ response.body == null }}" } }"#,
    );
    world.server.fail("/me", [Fault::Status(200, &[], "null")]);
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));

    for (ahead, moved) in [(-1000, 0), (3000, 0), (-3_600_000, 0)] {
        let mut world = World::default();
        world.server.clock_ahead = ahead;
        world.server.shows_date = true;
        world.server.tells = crate::world::server::Tells::ExpiresAt;
        world.open(&crate::world::options::usual("{}"));
        world.settle();
        world.sign_in(0);
        let expected = world.now + 600_000 - 50;
        let Value::Number(at) = world.status(0, "expiresAt") else { panic!("it is known") };
        let allowed = if ahead.abs() < 5000 { 5000.0 } else { 1500.0 };
        assert!((at - expected as f64 - f64::from(moved)).abs() <= allowed, "{ahead}: {at} for {expected}");
    }
}
