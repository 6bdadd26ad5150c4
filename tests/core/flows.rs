//! Flows: their steps, their scope, and random ones that meet random failures.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::{Map, Value};
use proptest::prelude::*;

use crate::testing::json;
use crate::world::host::{Reply, function, query};
use crate::world::options::usual_with;
use crate::world::server::Fault;
use crate::world::{HOUR, MINUTE, SECOND, World, credentials, random_config};

/// A world whose sign-in has these steps; a text in the place of a script or a query is its name.
fn with_steps(steps: &str, extra: &str) -> World {
    let Value::List(mut steps) = json(steps) else { panic!("steps are a list") };
    for step in &mut steps {
        let Value::Map(step) = step else { panic!("a step is an object") };
        if let Some(Value::Text(name)) = step.get("script").cloned() {
            step.set("script", function(&name));
        }
    }
    World::with_options(&usual_with(extra, &[("flows.signin", Value::List(steps))]))
}

#[test]
fn each_step_sees_what_came_before_it() {
    let mut world = with_steps(
        r#"[
            { "request": { "url": "https://auth.example/login", "json": { "email": "{{ inputs.email }}", "password": "{{ inputs.password }}" } } },
            { "define": { "TENANT": "{{ http1.body.token_type }}-{{ store.region ?? \"eu\" }}" } },
            { "id": "profile", "query": "profile", "params": { "tenant": "{{ TENANT }}", "status": "{{ http1.status }}" } },
            { "script": "finish" }
        ]"#,
        "{}",
    );
    world.host.on("profile", [Reply::Gives(json(r#"{ "name": "Ada" }"#))]);
    world.host.on("finish", [Reply::Gives(json(r#"{ "access_token": "canary-made" }"#))]);

    world.sign_in(0);

    let [(_, params), (_, scope)] = world.host.calls.as_slice() else { panic!("two calls: {:?}", world.host.calls) };
    assert_eq!(params[0], json(r#"{ "tenant": "Bearer-eu", "status": 200 }"#));
    assert_eq!(scope.len(), 1, "a script gets the scope");
    let names: Vec<_> = scope[0].as_map().unwrap().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["http1", "profile", "TENANT", "inputs", "store", "session"]);
    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-made"));
}

#[test]
fn a_text_that_is_json_is_data_in_an_answer_and_in_the_scope_of_a_query() {
    let steps = r#"[
        { "id": "profile", "query": "profile" },
        { "id": "made", "script": "made" },
        { "query": "last", "params": { "name": "{{ profile.name }}", "made": "{{ made }}" } }
    ]"#;
    let mut world = with_steps(steps, "{}");
    world.host.on("profile", [Reply::Gives(Value::from(r#" { "name": "Ada" } "#))]);
    // Whoever writes a function may want the text: to sign it, say.
    world.host.on("made", [Reply::Gives(Value::from(r#"{"a": 1}"#))]);
    world.host.on("last", [Reply::Gives(Value::from(r#"{ "access_token": "canary-text" }"#))]);

    world.sign_in(0);

    assert_eq!(world.host.calls[2].1[0], json(r#"{ "name": "Ada", "made": "{\"a\": 1}" }"#));
    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-text"));
}

#[test]
fn a_token_that_is_all_digits_stays_a_text() {
    let steps = r#"[{ "id": "pin", "query": "pin" }, { "define": { "accessToken": "{{ pin }}" } }]"#;
    for text in ["12345678901234567890", "0.10", "canary-plain"] {
        let mut world = with_steps(steps, "{}");
        world.host.on("pin", [Reply::Gives(Value::from(text))]);
        world.sign_in(0);
        assert_eq!(world.access_token(0).unwrap(), Value::from(text));
    }
}

#[test]
fn the_answer_is_that_of_the_last_step_that_was_not_skipped_or_a_define() {
    let mut world = with_steps(
        r#"[
            { "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } },
            { "when": "{{ false }}", "query": "never" },
            { "when": "{{ http1.body.mfa ?? \"\" }}", "query": "never" },
            { "define": { "NOTE": "x" } }
        ]"#,
        "{}",
    );

    world.sign_in(0);

    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"));
    assert_eq!(world.host.count("never"), 0);
}

#[test]
fn defined_variables_are_kept_with_the_session_and_go_with_it() {
    let mut world = with_steps(
        r#"[{ "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } }, { "define": { "TENANT": "acme" } }]"#,
        r#"{ "attach": { "headers": { "X-Tenant": "TENANT", "X-Again": "{{ TENANT }}!" } } }"#,
    );
    world.sign_in(0);
    world.refresh(0, true).unwrap();

    let headers = world.run(0, Call::Headers).unwrap();

    assert_eq!(headers, json(r#"{ "X-Again": "acme!", "X-Tenant": "acme" }"#));
    world.logout(0).unwrap();
    assert!(!world.disk.record.unwrap().contains("acme"));
}

#[test]
fn a_flow_stops_at_the_step_that_fails_and_names_it() {
    let rows: [(&str, Reply, Code); 4] = [
        (r#"[{ "query": "first" }, { "query": "second" }]"#, Reply::Throws(json("null")), Code::Host),
        (r#"[{ "script": "first" }, { "query": "second" }]"#, Reply::Throws(json("null")), Code::Step),
        (r#"[{ "query": "first" }, { "query": "second" }]"#, Reply::Hangs, Code::Timeout),
        (r#"[{ "query": "first", "params": "{{ no.where }}" }, { "query": "second" }]"#, Reply::Hangs, Code::Template),
    ];
    for (steps, reply, expected) in rows {
        let mut world = with_steps(steps, "{}");
        world.host.on("first", [reply]);
        world.host.on("second", [Reply::Gives(json(r#"{ "token": "canary-x" }"#))]);

        let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();

        assert_eq!(error.code, expected, "{steps}");
        assert!(matches!(error.step_id.as_deref(), Some("query1" | "js1")), "{steps}: {:?}", error.step_id);
        assert_eq!((world.host.count("second"), world.disk.record), (0, None), "{steps}");
    }
}

#[test]
fn what_no_header_can_hold_is_not_sent() {
    for (name, is_sent) in [
        ("a\r\nHost: evil.example", false),
        ("a\u{0}", false),
        ("\u{1b}[1m", false),
        ("10 \u{20ac}", false),
        ("\u{1f600}", false),
        ("caf\u{e9} \u{80}\u{ff}\t~", true),
    ] {
        let mut world = with_steps(
            r#"[{ "request": { "url": "https://auth.example/login", "headers": { "X-Name": "{{ inputs.name }}" } } }]"#,
            "{}",
        );
        let mut inputs = Map::new();
        inputs.set_text("name", name);

        let outcome = world.run(0, Call::Signin(Value::Map(inputs).into()));

        assert_eq!(world.server.seen.len(), usize::from(is_sent), "{name:?}");
        if !is_sent {
            let error = outcome.unwrap_err();
            let place = (error.step_id.as_deref(), error.path.as_deref());
            assert_eq!((error.code, place), (Code::Step, (Some("http1"), Some("X-Name"))), "{name:?}");
        }
    }
}

#[test]
fn a_flow_of_the_hosts_gets_the_inputs_and_the_scope() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.signin", function("mine"))]));
    world.host.on("mine", [Reply::Gives(json(r#"{ "token": "canary-x" }"#))]);

    world.sign_in(0);

    let (_, arguments) = &world.host.calls[0];
    assert_eq!(arguments[0].member("email"), Some(&Value::from("ada@example.com")));
    assert!(arguments[1].member("store").is_some() && arguments[1].member("session").is_some());
}

/// How a step of a random flow ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Good,
    Tokenless,
    Refused,
    Broken,
    Hung,
    Skipped,
}

#[derive(Clone, Debug)]
enum Step {
    Request(End),
    Query(End),
    Script(End),
    Define(bool),
    Form(End),
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        6 => Just(End::Good),
        1 => Just(End::Tokenless),
        1 => Just(End::Refused),
        1 => Just(End::Broken),
        1 => Just(End::Hung),
        1 => Just(End::Skipped),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        end().prop_map(Step::Request),
        end().prop_map(Step::Query),
        end().prop_map(Step::Script),
        any::<bool>().prop_map(Step::Define),
        end().prop_map(Step::Form),
    ]
}

/// Writes a step down, and tells the world how it ends.
fn build(step: &Step, number: usize, world: &mut World) -> Value {
    let mut map = Map::new();
    let name = format!("f{number}");
    let (key, body, end) = match step {
        Step::Request(end) => {
            let path: &'static str = Box::leak(format!("/s{number}").into_boxed_str());
            let fault = match end {
                End::Refused => Fault::Status(400, &[], r#"{ "error": "no" }"#),
                End::Broken => Fault::NoNetwork,
                End::Hung => Fault::Silence,
                End::Tokenless => Fault::Status(200, &[], r#"{ "hello": 1 }"#),
                _ => Fault::Status(200, &[], r#"{ "access_token": "canary-token", "expires_in": 60 }"#),
            };
            world.server.fail(path, vec![fault; 3]);
            ("request", json(&format!(r#"{{ "url": "https://auth.example{path}" }}"#)), *end)
        }
        Step::Query(end) => ("query", query(&name), *end),
        Step::Script(end) => ("script", function(&name), *end),
        Step::Form(end) => {
            let entered = Reply::Gives(json(r#"{ "code": "canary-entered" }"#));
            world.host.on(
                "prompt",
                match end {
                    End::Broken => vec![Reply::Throws(Value::Undefined)],
                    End::Hung => vec![Reply::Hangs],
                    End::Refused => vec![Reply::Gives(Value::Null)],
                    // In the end the user gives up.
                    _ => vec![entered.clone(), entered, Reply::Gives(Value::Null)],
                },
            );
            map.set("form", json(r#"{ "fields": [{ "name": "code", "type": "one-time-code" }] }"#));
            map.set("timeoutSeconds", Value::Number(5.0));
            return Value::Map(map);
        }
        Step::Define(good) => {
            let text = if *good { "{{ inputs.email }}" } else { "{{ inputs.nothing }}" };
            map.set("define", Value::Map([(format!("V{number}"), Value::from(text))].into_iter().collect()));
            return Value::Map(map);
        }
    };
    let reply = match end {
        End::Refused => Reply::Throws(json(r#"{ "status": 401, "body": { "message": "canary-password is wrong" } }"#)),
        End::Broken => Reply::Throws(Value::Undefined),
        End::Hung => Reply::Hangs,
        End::Tokenless => Reply::Gives(Value::Null),
        _ => Reply::Gives(json(r#"{ "access_token": "canary-token", "expires_in": 60 }"#)),
    };
    world.host.on(&name, [reply]);
    map.set(key, body);
    if matches!(end, End::Skipped) {
        map.set("when", Value::from("{{ false }}"));
    }
    Value::Map(map)
}

proptest! {
    #![proptest_config(random_config())]

    #[test]
    fn a_random_flow_ends_once_and_stores_all_or_nothing(
        steps in prop::collection::vec(step(), 1..6),
        storage in prop_oneof![Just(0), Just(40)],
        fault in prop_oneof![4 => Just(None), 1 => Just(Some(Code::StorageFull)), 1 => Just(Some(Code::StorageDenied))],
        leaves in prop_oneof![4 => Just(None), 1 => (0..400_u64).prop_map(Some)],
        asks_again: bool,
    ) {
        let mut world = World::default();
        let flow = steps.iter().enumerate().map(|(number, step)| build(step, number, &mut world)).collect();
        let exposing = r#"{ "expose": { "accessToken": "accesstoken" }, "timeoutSeconds": 5 }"#;
        world.delays.storage = storage;
        world.host.asks_again = asks_again;
        world.open(&usual_with(exposing, &[("flows.signin", Value::List(flow))]));
        world.advance(SECOND);
        world.disk.record_fault = fault;

        let call = world.call(0, Call::Signin(credentials().into()));
        if let Some(after) = leaves {
            world.advance(after);
            world.logout(0).unwrap();
        }
        let outcome = world.wait(call);
        world.advance(MINUTE);

        let record = world.disk.record.clone().unwrap_or_default();
        let exposed = world.disk.values.contains_key("accesstoken");
        if outcome.is_err() || leaves.is_some() {
            prop_assert!(!record.contains("canary") && !exposed, "{outcome:?} left {record}");
            prop_assert!(!world.is_signed_in(0));
        } else {
            prop_assert_eq!(fault.is_none(), !record.is_empty());
            // A token of sixty seconds may be past by now, and can't be refreshed; it was stored all the same.
            prop_assert_eq!(fault.is_none() && exposed, record.contains("canary-token"));
        }
        world.trace(0);
        world.advance(HOUR);
        prop_assert_eq!(world.unsettled(), []);
    }
}
