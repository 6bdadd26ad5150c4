//! What custom auth of Retool's does, point by point (R1 to R22; those that need a browser or a server are in `tests/e2e`).

use doorkey::core::error::Code;
use doorkey::core::input::{Call, FetchCall};
use doorkey::core::value::Value;

use crate::testing::json;
use crate::world::host::{Reply, function, query};
use crate::world::options::usual_with;
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code, credentials, get, ok};

/// A world whose sign-in has these steps, with these functions in them.
fn world(steps: &str, scripts: &[(&str, Value)], extra: &str) -> World {
    let Value::List(mut steps) = json(steps) else { panic!("steps are a list") };
    for step in &mut steps {
        let Value::Map(map) = step else { panic!("a step is an object") };
        if let Some(name) = map.get("script").and_then(Value::as_text).map(str::to_owned) {
            map.set("script", function(&name));
        }
    }
    let mut world = World::with_options(&usual_with(extra, &[("flows.signin", Value::List(steps))]));
    for (name, value) in scripts {
        world.host.on(name, [Reply::Gives(value.clone())]);
    }
    world
}

fn entered() -> Value {
    json(r#"{ "email": "ada@example.com", "password": "canary-password" }"#)
}

const LOGIN: &str = r#"{ "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } }"#;

#[test]
fn r1_steps_run_in_their_order_and_any_order_is_allowed() {
    let steps = format!(
        r#"[{{ "define": {{ "A": "1" }} }}, {LOGIN}, {{ "script": "js" }}, {{ "define": {{ "B": "{{{{ js1.b }}}}" }} }}]"#
    );
    let mut world = world(&steps, &[("js", json(r#"{ "b": 2, "access_token": "canary-a" }"#))], "{}");
    let outcome = world.run(0, Call::Test(Value::from("signin"), credentials().into(), false)).unwrap();
    let Some(Value::List(steps)) = outcome.member("steps") else { panic!("there are steps") };
    let ids: Vec<_> = steps.iter().filter_map(|step| step.member("id")?.as_text()).collect();
    assert_eq!(ids, ["define1", "http1", "js1", "define2"]);
}

#[test]
fn r2_a_form_asks_for_email_and_password_by_default_and_for_any_declared_field() {
    let steps = r#"[{ "form": {} }, { "form": { "title": "More", "fields": [{ "name": "team", "type": "select", "options": ["a", "b"] }] } },
        { "request": { "url": "https://auth.example/login", "json": "{{ form1 }}" } }]"#;
    let mut world = world(steps, &[], "{}");
    world.host.on("prompt", [Reply::Gives(entered()), Reply::Gives(json(r#"{ "team": "a" }"#))]);
    world.run(0, Call::Signin(json("{}").into())).unwrap();
    let names = |call: usize| {
        let Some(Value::List(fields)) = world.host.calls[call].1[0].member("fields").cloned() else { panic!("fields") };
        fields.iter().filter_map(|field| field.member("name")?.as_text().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!((names(0), names(1)), (vec!["email".to_owned(), "password".to_owned()], vec!["team".to_owned()]));
}

#[test]
fn r3_a_request_gives_status_headers_and_body_whatever_it_is() {
    for (body, expected) in [(r#"{ "a": 1 }"#, r#"{ "a": 1 }"#), (r#""text""#, r#""text""#), ("", "null")] {
        let steps = r#"[{ "request": { "url": "https://auth.example/x" } }, { "query": "see", "params": { "s": "{{ http1.status }}", "h": "{{ http1.headers[\"x-a\"] }}", "b": "{{ http1.body ?? null }}" } }]"#;
        let mut world = world(steps, &[], "{}");
        world.server.fail("/x", [Fault::Status(200, &[("x-a", "1")], body)]);
        world.host.on("see", [Reply::Gives(json(r#"{ "token": "canary-t" }"#))]);
        world.run(0, Call::Signin(json("{}").into())).unwrap();
        let seen = &world.host.calls[0].1[0];
        assert_eq!(seen.member("s"), Some(&Value::Number(200.0)));
        assert_eq!(seen.member("h"), Some(&Value::from("1")));
        assert_eq!(seen.member("b"), Some(&json(expected)), "{body}");
    }
}

#[test]
fn r4_a_script_sees_variables_and_results_and_its_value_joins_the_scope() {
    let steps = format!(
        r#"[{LOGIN}, {{ "define": {{ "HTTP_BODY_MESSAGE": "{{{{ http1.body.token_type }}}}" }} }}, {{ "script": "js" }}, {{ "define": {{ "accessToken": "{{{{ js1 }}}}" }} }}]"#
    );
    let mut world = world(&steps, &[("js", Value::from("canary-made"))], "{}");
    world.sign_in(0);
    let scope = &world.host.calls[0].1[0];
    assert_eq!(scope.member("HTTP_BODY_MESSAGE"), Some(&Value::from("Bearer")));
    assert!(scope.member("http1").is_some_and(|http| http.member("headers").is_some()));
    assert_eq!(world.access_token(0), Ok(Value::from("canary-made")));
}

#[test]
fn r5_defined_variables_are_what_is_kept() {
    let steps = format!(r#"[{LOGIN}, {{ "define": {{ "PASSWORD": "{{{{ inputs.password }}}}" }}, "secret": true }}]"#);
    let mut world = world(&steps, &[], r#"{ "attach": { "headers": { "X-Password": "PASSWORD" } } }"#);
    world.sign_in(0);
    assert_eq!(world.run(0, Call::Headers), ok(r#"{ "X-Password": "canary-password" }"#));
    world.trace(0);
}

#[test]
fn r6_an_expression_stands_in_every_text_of_a_step() {
    let steps = r#"[
        { "form": { "title": "Hi {{ inputs.name }}", "fields": [{ "name": "a", "label": "{{ inputs.name }}", "help": "{{ inputs.name }}", "value": "{{ inputs.name }}" }] } },
        { "when": "{{ form1.a == \"Ada\" }}", "request": { "url": "https://auth.example/{{ inputs.name }}", "method": "{{ \"put\" }}",
          "headers": { "X-A": "{{ form1.a }}" }, "query": { "q": "{{ form1.a }}" }, "json": { "deep": [{ "a": "{{ form1.a }}" }] } } },
        { "query": "q", "params": ["{{ http1.status }}"] },
        { "define": { "accessToken": "{{ inputs.name }}" } }
    ]"#;
    let mut world = world(steps, &[("q", Value::Null), ("prompt", json(r#"{ "a": "Ada" }"#))], "{}");
    world.server.fail("/Ada", [Fault::Status(200, &[], "{}")]);
    world.run(0, Call::Signin(json(r#"{ "name": "Ada" }"#).into())).unwrap();
    let form = &world.host.calls[0].1[0];
    assert_eq!(form.member("title"), Some(&Value::from("Hi Ada")));
    let sent = &world.server.seen[0].request;
    assert_eq!((sent.method.as_str(), sent.url.as_str()), ("PUT", "https://auth.example/Ada?q=Ada"));
    assert_eq!(sent.body.as_deref(), Some(r#"{"deep":[{"a":"Ada"}]}"#));
    assert_eq!(world.host.calls[1].1[0], json("[200]"));
}

#[test]
fn r7_a_bare_name_is_replaced_in_headers_and_in_the_query() {
    let steps = format!(r#"[{LOGIN}, {{ "define": {{ "OAUTH2_TOKEN": "canary-o" }} }}]"#);
    let extra =
        r#"{ "attach": { "headers": { "Authorization": "Bearer OAUTH2_TOKEN" }, "query": { "k": "OAUTH2_TOKEN" } } }"#;
    let mut world = world(&steps, &[], extra);
    world.sign_in(0);
    world.run(0, Call::Fetch(get("https://auth.example/things"))).unwrap();
    let sent = &world.tabs[0].sent[0];
    assert!(sent.url.ends_with("?k=canary-o"), "{}", sent.url);
    assert!(sent.headers.iter().any(|(_, value)| value == "Bearer canary-o"));
}

#[test]
fn r10_a_test_run_shows_the_scope_after_each_step_and_stores_nothing() {
    let mut world = world(&format!("[{LOGIN}]"), &[], "{}");
    let outcome = world.run(0, Call::Test(Value::from("signin"), credentials().into(), false)).unwrap();
    let Some(Value::List(steps)) = outcome.member("steps") else { panic!("there are steps") };
    assert!(steps[0].member("scope").is_some_and(|scope| scope.member("http1").is_some()));
    assert_eq!((world.disk.record.clone(), world.is_signed_in(0)), (None, false));
}

#[test]
fn r11_a_refusal_says_what_the_server_says() {
    let rows = [
        (r#"{ "error": "Invalid username or password" }"#, "Invalid username or password"),
        (r#"{ "reason": 7 }"#, r#"{"reason":7}"#),
        (r#""<h1>No</h1>""#, "the server answered 401"),
    ];
    for (body, message) in rows {
        let mut world = world(&format!("[{LOGIN}]"), &[], "{}");
        world.server.fail("/login", [Fault::Status(401, &[], body)]);
        let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();
        assert_eq!((error.code, error.message.as_ref()), (Code::InvalidCredentials, message));
        assert_eq!(world.tabs[0].notices, [message]);
        assert_eq!(world.disk.record, None);
    }
}

#[test]
fn r12_a_check_url_that_answers_2xx_means_signed_in() {
    for (status, expected) in [(200, true), (204, true), (403, false), (404, false)] {
        let extra = r#"{ "flows": { "check": { "url": "https://auth.example/me" } } }"#;
        let mut world = world(&format!("[{LOGIN}]"), &[], extra);
        world.sign_in(0);
        world.server.fail("/me", [Fault::Status(status, &[], "{}")]);
        assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(expected)), "{status}");
    }
}

#[test]
fn r16_the_refresh_flow_is_its_own_and_is_tested_by_itself() {
    let mut world = World::signed_in("{}");
    let outcome = world.run(0, Call::Test(Value::from("refresh"), Value::Undefined.into(), false)).unwrap();
    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert_eq!(world.server.count("/token"), 1);
    assert!(world.is_signed_in(0), "what the server has rotated is kept");
}

#[test]
fn r17_every_query_can_refresh_first() {
    let mut world = World::signed_in(r#"{ "refresh": { "everyQuery": true } }"#);
    world.host.on("orders", [Reply::Gives(Value::Null)]);
    for _ in 0..3 {
        world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()).unwrap();
    }
    world.run(0, Call::Fetch(get("https://auth.example/things"))).unwrap();
    assert_eq!(world.server.count("/token"), 4);
}

#[test]
fn r18_the_time_is_a_number_a_template_or_a_variable() {
    for every in ["120", r#""{{ EVERY }}""#, r#""EVERY""#] {
        let steps = format!(r#"[{LOGIN}, {{ "define": {{ "EVERY": "120" }} }}]"#);
        let mut world = world(&steps, &[], &format!(r#"{{ "refresh": {{ "everySeconds": {every} }} }}"#));
        world.sign_in(0);
        world.advance(119 * SECOND);
        assert_eq!(world.server.count("/token"), 0, "{every}");
        world.advance(2 * SECOND);
        assert_eq!(world.server.count("/token"), 1, "{every}");
        world.advance(2 * MINUTE);
        assert_eq!(world.server.count("/token"), 2, "{every}");
    }
}

#[test]
fn r19_a_query_that_failed_runs_once_more_and_never_twice() {
    let mut world = World::signed_in(r#"{ "refresh": { "status": "non-2xx" } }"#);
    world.host.on("orders", [Reply::Throws(json(r#"{ "status": 403 }"#))]);
    assert_eq!(code(&world.run(0, Call::run(query("orders"), Value::Undefined).unwrap())), Some(Code::Server));
    assert_eq!((world.host.count("orders"), world.server.count("/token")), (2, 1));
}

#[test]
fn r19_an_answer_that_says_unauthorised_with_200_counts_as_refused() {
    let when = r#"{ "refresh": { "when": "{{ response.body.errors[0].extensions.code == \"UNAUTHENTICATED\" }}" } }"#;
    let refused = r#"{ "errors": [{ "extensions": { "code": "UNAUTHENTICATED" } }] }"#;
    let mut world = World::signed_in(when);
    world.server.fail("/graphql", [Fault::Status(200, &[], refused)]);
    assert_eq!(world.run(0, Call::Fetch(get("https://auth.example/graphql"))), ok("200"));
    assert_eq!((world.server.count("/token"), world.server.count("/graphql")), (1, 2));

    world.host.on("orders", [Reply::Gives(json(refused)), Reply::Gives(json("[1]"))]);
    assert_eq!(world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()), ok("[1]"));
    assert_eq!((world.server.count("/token"), world.host.count("orders")), (2, 2));

    // A check that says so is no sign of a session.
    let check = when
        .replace(r#"{ "refresh""#, r#"{ "flows": { "check": { "url": "https://auth.example/graphql" } }, "refresh""#);
    let mut world = World::signed_in(&check);
    world.server.fail("/graphql", [Fault::Status(200, &[], refused), Fault::Status(200, &[], refused)]);
    assert_eq!(world.run(0, Call::Check), ok("false"));
    assert_eq!((world.server.count("/token"), world.server.count("/graphql")), (1, 2));
}

#[test]
fn r19_an_answer_without_what_the_expression_names_is_no_refusal() {
    let mut world = World::signed_in(r#"{ "refresh": { "when": "{{ response.body.errors[0].code == 7 }}" } }"#);
    world.run(0, Call::Fetch(get("https://auth.example/things"))).unwrap();
    assert_eq!(world.server.count("/token"), 0);
}

#[test]
fn r19_grpc_status_16_counts_as_refused() {
    let mut world = World::signed_in("{}");
    world.server.fail(
        "/grpc",
        [Fault::Status(200, &[("grpc-status", "16")], ""), Fault::Status(200, &[("grpc-status", "7")], "")],
    );
    world.run(0, Call::Fetch(get("https://auth.example/grpc"))).unwrap();
    assert_eq!((world.server.count("/token"), world.server.count("/grpc")), (1, 2));
}

#[test]
fn r21_what_is_attached_goes_into_headers_query_and_body_but_not_into_the_body_of_get() {
    let extra = r#"{ "attach": { "headers": { "X-A": "1" }, "query": { "q": "2" }, "body": { "b": "3" } } }"#;
    let mut world = World::signed_in(extra);
    let post = |kind: &str, body: &str| FetchCall {
        method: "POST".to_owned(),
        content_type: Some(kind.to_owned()),
        body: Some(body.into()),
        ..get("https://auth.example/things")
    };
    for fetch in [
        post("application/json", r#"{"a":0}"#),
        post("application/x-www-form-urlencoded", "a=0"),
        get("https://auth.example/things"),
    ] {
        world.run(0, Call::Fetch(fetch)).unwrap();
    }
    let bodies: Vec<_> = world.tabs[0].sent.iter().map(|sent| sent.body.as_deref()).step_by(1).collect();
    assert_eq!(bodies[0], Some(r#"{"a":0,"b":"3"}"#));
    assert!(bodies.contains(&Some("a=0&b=3")) && bodies.contains(&None), "{bodies:?}");
    assert!(world.tabs[0].sent.iter().all(|sent| sent.url.ends_with("?q=2")));
}

#[test]
fn stored_credentials_renew_a_session_only_where_the_builder_keeps_them() {
    let steps = format!(
        r#"[{LOGIN}, {{ "define": {{ "EMAIL": "{{{{ inputs.email }}}}", "PASSWORD": "{{{{ inputs.password }}}}" }}, "secret": ["PASSWORD"] }}]"#
    );
    let extra = r#"{ "flows": { "refresh": { "url": "https://auth.example/login", "json": { "email": "{{ EMAIL }}", "password": "{{ PASSWORD }}" } } } }"#;
    let mut world = world(&steps, &[], extra);
    world.sign_in(0);
    world.refresh(0, true).unwrap();
    assert_eq!(world.server.count("/login"), 2);
    world.refresh(0, true).unwrap();
    assert_eq!(world.server.count("/login"), 3, "the variables outlive a refresh");
    world.trace(0);
}
