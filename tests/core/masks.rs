//! Masking where it counts: messages, traces and tests, of secrets by name, by value and by what is found out later.

use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::testing::{PLATFORM, json};
use crate::world::server::Fault;
use crate::world::{World, credentials};

fn refused(body: &'static str, inputs: &str) -> (String, World) {
    let mut world = World::with("{}");
    world.server.fail("/login", [Fault::Status(400, &[], body)]);
    let mut given = credentials();
    if let (Value::Map(given), Value::Map(more)) = (&mut given, json(inputs)) {
        given.extend(&more);
    }
    let error = world.run(0, Call::Signin(given.into())).unwrap_err();
    let told = [error.message.as_ref(), &format!("{:?}", error.body), &world.tabs[0].notices.join(" ")].join(" ");
    (told, world)
}

#[test]
fn a_message_is_masked_before_it_is_cut() {
    let jwt = format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", "canary".repeat(110));
    let body: &'static str = Box::leak(format!(r#"{{ "message": "no good: {jwt} it says" }}"#).into_boxed_str());
    let (told, world) = refused(body, &format!(r#"{{ "token": "{jwt}" }}"#));

    assert!(told.starts_with("no good: [redacted] it says"), "{told}");
    assert!(!told.contains("canary"));
    world.trace(0);
}

#[test]
fn what_a_name_tells_to_be_secret_is_masked_whatever_it_is() {
    let body = r#"{ "message": "pin 874512 of 4711 is wrong", "you": { "pin": 874512, "passcodes": ["canary-1"], "credentials": { "x": 1 } } }"#;
    let (told, _) = refused(body, r#"{ "pin": 874512, "api_key": 4711, "private_key": ["canary-2"] }"#);

    assert!(told.starts_with("pin [redacted] of [redacted] is wrong"), "{told}");
    assert!(!told.contains("874512") && !told.contains("canary"), "{told}");
}

#[test]
fn what_is_said_of_the_field_of_a_secret_can_be_read_and_an_echo_of_the_secret_can_not() {
    let body = r#"{ "message": "invalid", "errors": { "password": ["too short"], "email": ["no such mail"], "pin": "4711 is wrong" } }"#;
    let mut world = World::with("{}");
    world.server.fail("/login", [Fault::Status(422, &[], body)]);
    let mut given = credentials();
    if let Value::Map(given) = &mut given {
        given.set_text("pin", "4711");
    }
    let error = world.run(0, Call::Signin(given.into())).unwrap_err();

    let expected = r#"{ "password": ["too short"], "email": ["no such mail"], "pin": "[redacted] is wrong" }"#;
    assert_eq!(error.body.member("errors"), Some(&json(expected)));
}

#[test]
fn an_accent_is_masked_in_either_form_of_unicode_and_in_htmls_names() {
    let secret = "café für zwölf";
    let decomposed = (PLATFORM.normalize)(secret, "nfd");
    for (entered, echo) in
        [(secret, decomposed.as_str()), (&decomposed, secret), (secret, "caf&eacute; f&uuml;r zw&ouml;lf")]
    {
        let body: &'static str = Box::leak(format!(r#"{{ "message": "is {echo} right?" }}"#).into_boxed_str());
        let (told, _) = refused(body, &format!(r#"{{ "password": "{entered}" }}"#));
        assert!(told.starts_with("is [redacted] right?"), "{told}");
    }
}

#[test]
fn a_trace_is_masked_when_it_is_read_of_what_was_found_out_later() {
    let flow = r#"{ "flows": { "signin": [
        { "request": { "url": "https://auth.example/first" } },
        { "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } },
        { "define": { "accessToken": "{{ http1.body.ticket }}" } }
    ] } }"#;
    let mut world = World::with(flow);
    world.server.fail("/first", [Fault::Status(200, &[], r#"{ "ticket": "canary-ticket-of-later" }"#)]);

    world.run(0, Call::Signin(credentials().into())).unwrap();

    // It was no secret to anybody when the first step was noted.
    let trace = format!("{:?}", world.trace(0));
    assert!(trace.contains("ticket") && trace.contains("[redacted]"), "{trace}");
}

#[test]
fn a_steps_scope_in_a_trace_keeps_sixteen_kilobytes_and_a_test_all_of_it() {
    let long = "x".repeat(400);
    let items: Vec<String> = (0..200).map(|at| format!(r#""{at}-{long}""#)).collect();
    let body: &'static str =
        Box::leak(format!(r#"{{ "access_token": "canary-token", "items": [{}] }}"#, items.join(",")).into_boxed_str());
    let mut world = World::with("{}");
    world.server.fail("/login", [Fault::Status(200, &[], body), Fault::Status(200, &[], body)]);

    world.run(0, Call::Signin(credentials().into())).unwrap();
    let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };
    let size = doorkey::core::lite::json::json_of(steps.last().unwrap()).len();
    assert!((8_000..20_000).contains(&size), "{size}");

    let open = Call::Test(Value::from("signin"), credentials().into(), true);
    let whole = world.run(0, open).unwrap();
    assert!(doorkey::core::lite::json::json_of(&whole).len() > 80_000, "who asks for secrets gets all of it");
}
