//! `test` and `trace`.

use std::sync::Arc;

use doorkey::core::error::Code;
use doorkey::core::flow::program::Program;
use doorkey::core::flow::run::Run;
use doorkey::core::flow::scope::{Ambient, Provider};
use doorkey::core::flow::step::StepResult;
use doorkey::core::http::status::Purpose;
use doorkey::core::input::Call;
use doorkey::core::time::UnixMillis;
use doorkey::core::token::Tokens;
use doorkey::core::trace::Done;
use doorkey::core::value::Value;
use doorkey::core::values::store::Store;

use crate::testing::{PLATFORM, json};
use crate::world::host::{Reply, function};
use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{HOUR, MINUTE, Outcome, SECOND, World, assert_clean, code, credentials, get};

const STEPS: &str = r#"{ "flows": { "signin": [
    { "define": { "TENANT": "acme" } },
    { "id": "login", "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } },
    { "when": "{{ inputs.mfa ?? false }}", "request": { "url": "https://auth.example/mfa" } },
    { "define": { "accessToken": "{{ login.body.access_token }}" } }
] } }"#;

fn test(world: &mut World, flow: Value, inputs: Value, secrets: bool) -> Outcome {
    world.run(0, Call::Test(flow, inputs.into(), secrets))
}

fn steps(outcome: &Value) -> Vec<String> {
    let Some(Value::List(steps)) = outcome.member("steps") else { panic!("there are steps: {outcome:?}") };
    let word = |step: &Value, name| step.member(name).and_then(Value::as_text).unwrap_or_default().to_owned();
    steps.iter().map(|step| [word(step, "id"), word(step, "kind")].join(":")).collect()
}

#[test]
fn a_flow_runs_for_real_and_changes_nothing() {
    let mut world = World::with(STEPS);

    let outcome = test(&mut world, Value::from("signin"), credentials(), false).unwrap();

    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert_eq!(steps(&outcome), ["define1:define", "login:request", "define2:define"]);
    assert_eq!(world.server.count("/login"), 1);
    assert_eq!((world.disk.record.as_deref(), world.tabs[0].navigations.len(), world.told(0).len()), (None, 0, 0));
    assert!(!world.is_signed_in(0));
}

#[test]
fn a_step_tells_its_status_and_the_scope_after_it() {
    let mut world = World::with(STEPS);

    let outcome = test(&mut world, Value::from("signin"), credentials(), false).unwrap();

    let Some(Value::List(steps)) = outcome.member("steps") else { panic!("there are steps") };
    assert_eq!(steps[1].member("status"), Some(&Value::Number(200.0)));
    assert_eq!(steps[1].member("ms"), Some(&Value::Number(100.0)));
    let scope = steps[1].member("scope").unwrap();
    assert_eq!(scope.member("TENANT"), Some(&Value::from("acme")));
    assert_eq!(scope.member("inputs").unwrap().member("email"), Some(&Value::from("ada@example.com")));
    let body = scope.member("login").unwrap().member("body").unwrap();
    assert_eq!(body.member("access_token"), Some(&Value::from("[redacted]")));
}

#[test]
fn a_step_sees_the_values_and_the_session_of_its_own_moment() {
    let steps =
        r#"[{ "define": { "A": "1" } }, { "query": "orders" }, { "define": { "B": "2" } }, { "query": "more" }]"#;
    let program = Program::parse(&json(steps), "flow").expect("the steps are right");
    let (mut store, mut done) = (Store::new(PLATFORM), Vec::new());
    let first = Arc::new(Tokens { access: Some("first".into()), ..Tokens::default() });
    let second = Arc::new(Tokens { access: Some("second".into()), ..Tokens::default() });
    let mut run = Run::new(Purpose::Signin, Value::Null.into(), UnixMillis(0));
    let mut given = None;
    for (number, tokens) in [(1, &first), (2, &first), (3, &second)] {
        let ambient =
            |store| Ambient { tokens: Some(tokens), store, now: UnixMillis(0), provider: Provider::default() };
        match given {
            None => run.advance(&program, ambient(&store), &mut done),
            result => run.resume(&program, result, ambient(&store), PLATFORM, &mut done),
        };
        store.set("theme", number.to_string(), true);
        given = Some(StepResult::Value(Value::Number(f64::from(number)).into()));
    }

    let seen = |path: &[&str]| -> Vec<Value> {
        let at = |done: &Done| {
            path.iter().fold(Value::Map(done.scope.to_map()), |at, name| at.member(name).cloned().unwrap_or_default())
        };
        done.iter().map(at).collect()
    };
    let (none, text, number) = (Value::Undefined, Value::from, Value::Number);
    assert_eq!(
        done.iter().map(|done| done.id.as_str()).collect::<Vec<_>>(),
        ["define1", "query1", "define2", "query2"]
    );
    assert_eq!(seen(&["A"]), vec![text("1"); 4]);
    assert_eq!(seen(&["B"]), [none.clone(), none.clone(), text("2"), text("2")]);
    assert_eq!(seen(&["query2"]), [none.clone(), none.clone(), none.clone(), number(2.0)]);
    assert_eq!(seen(&["store", "theme"]), [none, number(1.0), number(1.0), number(2.0)]);
    assert_eq!(seen(&["session", "accessToken"]), [text("first"), text("first"), text("first"), text("second")]);
}

#[test]
fn secrets_are_shown_only_to_who_asks() {
    let mut world = World::with(STEPS);

    let open = test(&mut world, Value::from("signin"), credentials(), true).unwrap();

    assert!(format!("{open:?}").contains("canary-access-0-1"));
    world.trace(0);
}

#[test]
fn a_failed_step_says_why() {
    let mut world = World::with(STEPS);
    world.server.fail("/login", [Fault::Status(401, &[], r#"{ "detail": "No, canary-password is wrong" }"#)]);

    let outcome = test(&mut world, Value::from("signin"), credentials(), false).unwrap();

    assert_eq!(outcome.member("ok"), Some(&Value::Bool(false)));
    let Some(Value::List(steps)) = outcome.member("steps") else { panic!("there are steps") };
    let error = steps.last().unwrap().member("error").unwrap();
    assert_eq!(error.member("code"), Some(&Value::from("ERR_INVALID_CREDENTIALS")));
    assert_eq!(error.member("message"), Some(&Value::from("No, [redacted] is wrong")));
    assert_eq!(world.told(0), []);
}

#[test]
fn what_a_test_of_the_refresh_has_rotated_is_kept() {
    let mut world = World::signed_in("{}");

    let outcome = test(&mut world, Value::from("refresh"), Value::Undefined, false).unwrap();
    world.advance(SECOND);

    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert!(world.disk.record.as_ref().unwrap().contains("canary-refresh-0-2"));
    assert!(world.refresh(0, true).is_ok(), "the session lives");
    assert_eq!(world.server.reuses, 0);
}

#[test]
fn a_test_of_the_refresh_and_a_refresh_do_not_meet() {
    let mut world = World::signed_in("{}");
    let refresh = world.call(0, Call::Refresh(true));
    world.advance(10);
    let refused = test(&mut world, Value::from("refresh"), Value::Undefined, false);
    assert_eq!(code(&refused), Some(Code::Superseded));
    world.wait(refresh).unwrap();

    let tested = world.call(0, Call::Test(Value::from("refresh"), Value::Undefined.into(), false));
    world.advance(10);
    let refresh = world.call(0, Call::Refresh(true));

    assert!(world.wait(tested).is_ok());
    assert!(world.wait(refresh).is_ok());
    assert_eq!((world.server.count("/token"), world.server.reuses), (2, 0));
}

#[test]
fn a_test_of_the_refresh_that_is_refused_does_not_end_the_session() {
    let mut world = World::signed_in("{}");
    world.forget();
    world.server.fail("/token", [Fault::Status(400, &[], r#"{ "error": "invalid_grant" }"#)]);

    let outcome = test(&mut world, Value::from("refresh"), Value::Undefined, false).unwrap();

    assert_eq!(outcome.member("ok"), Some(&Value::Bool(false)));
    assert!(world.is_signed_in(0) && world.told(0).is_empty() && world.tabs[0].navigations.is_empty());
    assert!(world.refresh(0, true).is_ok());
}

#[test]
fn any_flow_can_be_tested() {
    let mut world = World::with("{}");
    world.host.on("mine", [Reply::Gives(json("7")), Reply::Throws(json(r#""no""#))]);

    let good = test(&mut world, function("mine"), json(r#"{ "a": 1 }"#), false).unwrap();
    let bad = test(&mut world, function("mine"), Value::Undefined, false).unwrap();

    assert_eq!(steps(&good), ["js1:call"]);
    assert_eq!((good.member("ok"), bad.member("ok")), (Some(&Value::Bool(true)), Some(&Value::Bool(false))));
    assert_eq!(world.host.calls[0].1[0], json(r#"{ "a": 1 }"#));
}

#[test]
fn what_is_no_flow_is_an_invalid_option() {
    let mut world = World::with("{}");
    for flow in [Value::from("sigin"), Value::from("check"), Value::Null, json("[]")] {
        let outcome = test(&mut world, flow.clone(), Value::Undefined, false);
        assert_eq!(code(&outcome), Some(Code::InvalidOption), "{flow:?}");
    }
}

#[test]
fn the_trace_tells_the_last_hundred_steps_without_secrets() {
    let mut world = World::signed_in("{}");
    for _ in 0..60 {
        world.refresh(0, true).unwrap();
    }

    let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };

    assert_eq!(steps.len(), 100);
    let text = format!("{steps:?}");
    assert!(text.contains("http1") && text.contains("refresh"));
}

#[test]
fn tokens_under_names_that_do_not_look_secret_are_masked_too() {
    let extra = r#"{ "tokens": { "accessToken": "key", "refreshToken": "renewal.value" } }"#;
    let mut world = World::with(extra);
    let answer = r#"{ "key": "canary-key", "renewal": { "value": "canary-renewal" }, "name": "Ada" }"#;
    world.server.fail("/login", [Fault::Status(200, &[], answer)]);

    let call = world.call(0, Call::Signin(credentials().into()));
    world.wait(call).unwrap();

    let trace = world.trace(0);
    assert!(format!("{trace:?}").contains("Ada"), "only the secrets are masked");
}

#[test]
fn what_one_step_was_given_is_masked_in_the_next() {
    let steps = r#"{ "flows": { "signin": [
        { "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } },
        { "request": { "url": "https://auth.example/echo" } }
    ] } }"#;
    let echo = r#"{ "you": ["canary-access-0-1"], "text": "hello canary-refresh-0-1" }"#;
    for status in [200, 500] {
        let mut world = World::with(steps);
        world.server.fail("/echo", [Fault::Status(status, &[], echo)]);
        let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();
        assert_clean(&error, "the error");
        world.trace(0);
    }
}

#[test]
fn a_step_of_the_refresh_masks_what_the_step_before_it_was_given() {
    let refresh = json(
        r#"[{ "request": { "url": "https://auth.example/token", "json": { "refresh_token": "{{ session.refreshToken }}" } } },
            { "request": { "url": "https://auth.example/echo" } }]"#,
    );
    let mut world = World::with_options(&usual_with("{}", &[("flows.refresh", refresh)]));
    world.sign_in(0);
    let echo = r#"{ "message": "hello canary-access-0-2 and canary-refresh-0-2" }"#;
    world.server.fail("/echo", [Fault::Status(500, &[], echo)]);

    let error = world.refresh(0, true).unwrap_err();

    assert_eq!(error.message, "hello [redacted] and [redacted]");
    world.sleep(crate::world::HOUR);
    world.server.fail("/token", [Fault::NoNetwork, Fault::NoNetwork]);
    assert_clean(&world.access_token(0).unwrap_err(), "what is told during the pause");
    world.trace(0);
}

#[test]
fn a_password_is_masked_however_the_server_writes_it() {
    let awkward = r#"canary "p&ss\ wörd""#;
    let mut inputs = doorkey::core::value::Map::new();
    inputs.set("email", Value::from("ada@example.com"));
    inputs.set("password", Value::from(awkward));
    let quoted = r#"{ "errors": { "password": ["canary \"p&ss\\ wörd\" is too long"] } }"#;
    let encoded = r#""bad body: password=canary%20%22p%26ss%5C%20w%C3%B6rd%22""#;
    for body in [quoted, encoded] {
        let mut world = World::with_options(&usual("{}"));
        world.server.fail("/login", [Fault::Status(400, &[], body)]);

        let error = world.run(0, Call::Signin(Value::Map(inputs.clone()).into())).unwrap_err();

        assert_clean(&error, "the error");
    }
}

#[test]
fn a_secret_that_begins_like_another_is_masked_whole() {
    let mut world = World::with("{}");
    let body = r#"{ "message": "canary is not canary-and-more" }"#;
    world.server.fail("/login", [Fault::Status(400, &[], body)]);
    let inputs = json(r#"{ "email": "a", "password": "canary", "secret": "canary-and-more" }"#);

    let error = world.run(0, Call::Signin(inputs.into())).unwrap_err();

    assert_eq!(error.message, "[redacted] is not [redacted]");
}

#[test]
fn the_trace_tells_why_each_refresh_began() {
    let reasons = |world: &World| {
        let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };
        let refreshes = steps.into_iter().filter(|step| step.member("id") == Some(&Value::from("refresh")));
        refreshes.filter_map(|step| step.member("reason")?.as_text().map(str::to_owned)).collect::<Vec<_>>()
    };
    let mut world = World::signed_in("{}");
    world.refresh(0, true).unwrap();
    world.server.fail("/things", [Fault::Status(401, &[], "{}")]);
    world.run(0, Call::Fetch(get("https://auth.example/things"))).unwrap();
    world.advance(10 * MINUTE);
    world.sleep(HOUR);
    world.access_token(0).unwrap();
    assert_eq!(reasons(&world), ["asked for", "refused", "due", "expired"]);

    let mut world = World::signed_in(r#"{ "refresh": { "everyQuery": true } }"#);
    world.run(0, Call::Fetch(get("https://auth.example/things"))).unwrap();
    assert_eq!(reasons(&world), ["every query"]);
}

#[test]
fn the_trace_begins_with_what_there_is_to_work_with() {
    let world = World::with("{}");
    let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };
    assert_eq!(steps[0].member("id"), Some(&Value::from("found")));
    assert_eq!(steps[0].member("reason"), Some(&Value::from("local storage; host: run")));
}

/// The last step as `id:kind`, and the code and the text of its error.
fn why(outcome: &Value) -> (String, String) {
    assert_eq!(outcome.member("ok"), Some(&Value::Bool(false)), "{outcome:?}");
    let last = steps(outcome).pop().expect("there is a step");
    let Some(Value::List(steps)) = outcome.member("steps") else { panic!("there are steps") };
    let error = steps.last().and_then(|step| step.member("error")).expect("it says why");
    let word = |name| error.member(name).and_then(Value::as_text).unwrap_or_default();
    (last, [word("code"), word("message")].join(": "))
}

/// What the call itself rejects with, in the same words.
fn rejection(outcome: Outcome) -> String {
    let error = outcome.expect_err("it is refused");
    [error.code.as_str(), &error.message].join(": ")
}

#[test]
fn a_test_that_can_not_begin_says_at_the_step_for_which_it_can_not_what_the_sign_in_would() {
    use crate::world::provider::METADATA;
    const ISSUER: &str = r#"{ "issuer": "https://op.example", "clientId": "app", "flows": { "signin": [
        { "define": { "A": "1" } }, { "authorize": {} }
    ] } }"#;
    const WITHOUT: &str = r#"{ "issuer": "https://op.example", "flows": { "signin": [
        { "request": { "url": "{{ metadata.token_endpoint }}", "method": "POST" } }
    ] } }"#;
    fn down(world: &mut World) {
        let down = || Fault::Status(503, &[], "");
        world.server.fail("/.well-known/openid-configuration", [down(), down()]);
    }
    fn of_another(world: &mut World) {
        world.server.provider.metadata = METADATA.replace("https://op.example\"", "https://other.example\"");
    }
    fn without_address(world: &mut World) {
        world.tabs[0].address.clear();
    }
    type Break = fn(&mut World);
    let rows = [
        (ISSUER, "authorize1:authorize", down as Break),
        (ISSUER, "authorize1:authorize", of_another),
        (ISSUER, "authorize1:authorize", without_address),
        (WITHOUT, "http1:request", down),
    ];
    for (options, step, break_it) in rows {
        let mut world = World::with_options(&json(options));
        break_it(&mut world);
        let outcome = test(&mut world, Value::from("signin"), Value::Undefined, false).unwrap();
        let Value::List(trace) = world.trace(0) else { panic!("a trace is a list") };
        assert!(trace.last().is_some_and(|last| last.member("error").is_some()), "the trace says it too");
        break_it(&mut world);
        let said = rejection(world.run(0, Call::Signin(json("{}").into())));

        assert_eq!(why(&outcome), (step.to_owned(), said));
    }
}

#[test]
fn a_test_of_an_answer_without_a_token_fails_where_the_sign_in_would() {
    let flow = |more: &str| json(&format!(r#"{{ "flows": {{ "signin": [{more} {{ "query": "login" }}] }} }}"#));
    let gives = || Reply::Gives(json(r#"{ "user": 1 }"#));
    let mut world = World::with_options(&flow(""));
    world.host.on("login", [gives()]);

    let outcome = test(&mut world, Value::from("signin"), Value::Undefined, false).unwrap();
    let said = rejection(world.run(0, Call::Signin(json("{}").into())));

    assert_eq!(why(&outcome), ("query1:query".to_owned(), said));
    let given = test(&mut world, json(r#"[{ "query": "login" }]"#), Value::Undefined, false).unwrap();
    assert_eq!(given.member("ok"), Some(&Value::Bool(true)), "what is nobody's flow may give what it likes");
    for options in [
        flow(r#"{ "define": { "A": "1" } },"#),
        json(r#"{ "tokens": false, "flows": { "signin": [{ "query": "login" }] } }"#),
    ] {
        let mut world = World::with_options(&options);
        world.host.on("login", [gives()]);
        let outcome = test(&mut world, Value::from("signin"), Value::Undefined, false).unwrap();
        assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
        world.run(0, Call::Signin(json("{}").into())).expect("and so does the sign-in");
    }
    let mut skipped =
        World::with_options(&json(r#"{ "flows": { "signin": [{ "when": "{{ false }}", "query": "login" }] } }"#));
    let outcome = test(&mut skipped, Value::from("signin"), Value::Undefined, false).unwrap();
    assert_eq!(why(&outcome).0, "query1:query", "no step has run at all");
}

#[test]
fn a_test_of_a_refresh_says_why_also_where_no_step_has_failed() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Status(200, &[], r#"{ "user": 1 }"#)]);
    let outcome = test(&mut world, Value::from("refresh"), Value::Undefined, false).unwrap();
    assert_eq!(why(&outcome).1, "ERR_INVALID_RESPONSE: the answer holds no access token");

    world.server.fail("/token", [Fault::Status(503, &[("retry-after", "60")], "")]);
    assert_eq!(code(&world.refresh(0, true)), Some(Code::Unreachable));
    let outcome = test(&mut world, Value::from("refresh"), Value::Undefined, false).unwrap();
    let said = "ERR_UNREACHABLE: the server could not refresh the session a moment ago";
    assert_eq!(why(&outcome), ("http1:request".to_owned(), said.to_owned()), "the server has asked for a pause");
}

#[test]
fn a_test_of_a_check_is_as_good_as_the_check() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.check", function("me"))]));
    let answers = [Reply::Gives(json("{}")), Reply::Gives(json("false"))];
    world.host.on("me", [Reply::Gives(json("{}"))]);
    let outcome = test(&mut world, Value::from("check"), Value::Undefined, false).unwrap();
    assert!(why(&outcome).1.starts_with("ERR_SIGNED_OUT: "), "there is no session");

    world.sign_in(0);
    world.host.on("me", answers);
    let outcome = test(&mut world, Value::from("check"), Value::Undefined, false).unwrap();
    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    let outcome = test(&mut world, Value::from("check"), Value::Undefined, false).unwrap();
    assert!(why(&outcome).1.starts_with("ERR_SIGNED_OUT: "), "it says no");
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
}

#[test]
fn a_test_without_inputs_gives_a_flow_those_that_the_real_call_would() {
    let by_host = usual_with("{}", &[("flows.signin", function("in")), ("flows.revoke", function("out"))]);
    let mut world = World::with_options(&by_host);
    world.host.on("in", [Reply::Gives(json(r#"{ "token": "a", "refresh_token": "r" }"#))]);
    world.host.on("out", [Reply::Gives(json("{}"))]);
    world.sign_in(0);
    for (flow, refresh_token) in [("signin", None), ("revoke", Some(Value::from("r")))] {
        test(&mut world, Value::from(flow), Value::Undefined, false).unwrap();
        assert_eq!(world.host.calls.last().unwrap().1[0].member("refreshToken").cloned(), refresh_token, "{flow}");
    }
}
