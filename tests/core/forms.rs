//! The form step: what is asked, what becomes of the answer, and when it is asked again.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::testing::{json, sorted};
use crate::world::host::{Reply, query};
use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code};

const FORM: &str = r#"{ "flows": { "signin": [
    { "form": {} },
    { "request": { "url": "https://auth.example/login", "json": "{{ form1 }}" } }
] } }"#;

fn entered(password: &str) -> Reply {
    Reply::Gives(json(&format!(r#"{{ "email": "ada@example.com", "password": "{password}" }}"#)))
}

fn sign_in(world: &mut World) -> Result<Value, doorkey::core::error::AuthError> {
    world.run(0, Call::Signin(json("{}").into()))
}

#[test]
fn what_is_entered_is_in_the_scope_of_the_next_step() {
    let mut world = World::with(FORM);
    world.host.on("prompt", [entered("canary-password")]);

    sign_in(&mut world).unwrap();

    assert_eq!(world.host.count("prompt"), 1);
    assert!(world.is_signed_in(0));
    assert_eq!((world.tabs[0].forms_closed, world.tabs[0].notices.len()), (1, 0));
    world.trace(0);
}

#[test]
fn a_form_that_is_closed_cancels_the_sign_in_and_nobody_is_told_off() {
    for nothing in ["null", ""] {
        let mut world = World::with(FORM);
        world.host.on("prompt", [Reply::Gives(if nothing.is_empty() { Value::Undefined } else { json(nothing) })]);

        let error = sign_in(&mut world).unwrap_err();

        assert_eq!((error.code, error.step_id.as_deref()), (Code::Cancelled, Some("form1")));
        assert_eq!((world.server.seen.len(), world.tabs[0].notices.len()), (0, 0));
    }
}

#[test]
fn a_prompt_that_gives_anything_else_is_a_fault_of_the_hosts() {
    for given in ["7", r#""ada""#, "[]", "true"] {
        let mut world = World::with(FORM);
        world.host.on("prompt", [Reply::Gives(json(given))]);
        let error = sign_in(&mut world).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (Code::Host, Some("host.prompt")), "{given}");
    }
}

#[test]
fn a_prompt_has_all_the_time_it_wants_unless_the_step_says_otherwise() {
    let mut patient = World::with(FORM);
    patient.delays.host = 10 * MINUTE;
    patient.host.on("prompt", [entered("canary-password")]);
    sign_in(&mut patient).unwrap();

    let limited = FORM.replace(r#""form": {}"#, r#""form": {}, "timeoutSeconds": 60"#);
    let mut hurried = World::with(&limited);
    hurried.host.on("prompt", [Reply::Hangs]);
    let call = hurried.call(0, Call::Signin(json("{}").into()));
    hurried.advance(61 * SECOND);
    assert_eq!(code(&hurried.outcome(call).unwrap()), Some(Code::Timeout));
    assert_eq!(hurried.tabs[0].forms_closed, 1);
}

#[test]
fn a_step_has_its_own_time_limit() {
    let signin = r#"[{ "query": "slow", "timeoutSeconds": 5 }]"#;
    let mut world = World::with_options(&usual_with("{}", &[("flows.signin", json(signin))]));
    world.host.on("slow", [Reply::Hangs]);
    let call = world.call(0, Call::Signin(json("{}").into()));
    world.advance(6 * SECOND);
    assert_eq!(code(&world.outcome(call).unwrap()), Some(Code::Timeout));
}

#[test]
fn a_refused_sign_in_asks_again_where_the_form_can_say_why() {
    let mut world = World::with(FORM);
    world.host.asks_again = true;
    world
        .server
        .fail("/login", [Fault::Status(422, &[], r#"{ "message": "No", "errors": { "email": ["Unknown."] } }"#)]);
    world.host.on("prompt", [entered("wrong-password"), entered("wrong-password"), entered("canary-password")]);

    sign_in(&mut world).unwrap();

    assert_eq!((world.host.count("prompt"), world.server.count("/login")), (3, 3));
    let asked: Vec<_> = world.host.calls.iter().map(|(_, arguments)| arguments[0].clone()).collect();
    assert_eq!(asked[0].member("error"), None);
    let expected = r#"{ "title": "Sign in", "error": "Unknown.", "fields": [
        { "name": "email", "label": "Email", "type": "email", "required": true, "value": "ada@example.com", "error": "Unknown." },
        { "name": "password", "label": "Password", "type": "password", "required": true }
    ] }"#;
    assert_eq!(sorted(asked[1].clone()), sorted(json(expected)));
    assert_eq!(asked[2].member("error"), Some(&Value::from("Wrong e-mail or password")));
    assert_eq!((world.tabs[0].forms_closed, world.tabs[0].notices.len()), (1, 0));
}

#[test]
fn a_second_form_is_asked_again_by_itself() {
    let flow = r#"{ "flows": { "signin": [
        { "form": {} },
        { "id": "login", "request": { "url": "https://auth.example/login", "json": "{{ form1 }}" } },
        { "form": { "title": "Code for {{ form1.email }}", "fields": [{ "name": "otp", "type": "one-time-code" }] } },
        { "when": "{{ http1.status ?? true }}", "request": { "url": "https://auth.example/otp", "json": "{{ form2 }}" } },
        { "define": { "accessToken": "{{ login.body.access_token }}" } }
    ] } }"#;
    let mut world = World::with(flow);
    world.host.asks_again = true;
    world.server.fail("/otp", [Fault::Status(401, &[], r#"{ "detail": "Wrong code" }"#), Fault::Status(204, &[], "")]);
    let code = |code: &str| Reply::Gives(json(&format!(r#"{{ "otp": "{code}" }}"#)));
    world.host.on("prompt", [entered("canary-password"), code("canary-000"), code("canary-111")]);

    sign_in(&mut world).unwrap();

    assert_eq!((world.server.count("/login"), world.server.count("/otp")), (1, 2));
    assert_eq!(world.host.calls[2].1[0].member("title"), Some(&Value::from("Code for ada@example.com")));
    assert_eq!(world.host.calls[2].1[0].member("error"), Some(&Value::from("Wrong code")));
    world.trace(0);
}

#[test]
fn where_the_form_cant_say_why_it_is_asked_once_and_the_host_tells_the_user() {
    let mut world = World::with(FORM);
    world.host.on("prompt", [entered("canary-wrong")]);

    let error = sign_in(&mut world).unwrap_err();

    assert_eq!((error.code, error.message.as_ref()), (Code::InvalidCredentials, "Wrong e-mail or password"));
    assert_eq!(world.host.count("prompt"), 1);
    assert_eq!(world.tabs[0].notices, ["Wrong e-mail or password"]);
    assert_eq!(world.disk.record, None);
}

#[test]
fn only_a_refusal_asks_again() {
    let mut world = World::with(FORM);
    world.host.asks_again = true;
    world.server.fail("/login", [Fault::Status(503, &[], "")]);
    world.host.on("prompt", [entered("canary-password")]);
    assert_eq!(code(&sign_in(&mut world)), Some(Code::Unreachable));
    assert_eq!((world.host.count("prompt"), world.tabs[0].forms_closed), (1, 1));
}

#[test]
fn a_form_that_nobody_waits_for_any_more_goes() {
    let mut world = World::with(FORM);
    world.host.on("prompt", [Reply::Hangs, entered("canary-password")]);
    let first = world.call(0, Call::Signin(json(r#"{"other":true}"#).into()));
    world.advance(MINUTE);
    sign_in(&mut world).unwrap();
    assert_eq!(code(&world.outcome(first).unwrap()), Some(Code::Superseded));
    assert_eq!(world.tabs[0].forms_closed, 2);

    let mut world = World::with(FORM);
    world.host.on("prompt", [Reply::Hangs]);
    let call = world.call(0, Call::Signin(json("{}").into()));
    world.advance(MINUTE);
    world.input(0, doorkey::core::input::Input::Dispose);
    assert_eq!(code(&world.outcome(call).unwrap()), Some(Code::Disposed));
    assert_eq!(world.tabs[0].forms_closed, 1);
}

#[test]
fn only_a_sign_in_may_ask() {
    for flow in ["refresh", "revoke", "check"] {
        let options = usual(&format!(r#"{{ "flows": {{ "{flow}": [{{ "form": {{}} }}] }} }}"#));
        let error = doorkey::core::options::Options::parse(&options).unwrap_err();
        assert_eq!(error.path.as_deref(), Some(format!("flows.{flow}").as_str()));
    }
}

#[test]
fn what_is_entered_is_masked_by_the_type_of_its_field_and_variables_by_their_mark() {
    let flow = r#"{ "flows": { "signin": [
        { "form": { "fields": [{ "name": "phrase", "type": "password" }, { "name": "team" }] } },
        { "define": { "PHRASE": "{{ form1.phrase }}", "TEAM": "{{ form1.team }}" }, "secret": ["PHRASE"] },
        { "query": "last" }
    ] }, "attach": { "headers": { "X-Phrase": "PHRASE" } } }"#;
    let mut world = World::with(flow);
    world.host.on("prompt", [Reply::Gives(json(r#"{ "phrase": "canary-phrase", "team": "red" }"#))]);
    let echo = r#"{ "status": 401, "body": { "message": "canary-phrase is wrong" } }"#;
    world.host.on("last", [Reply::Throws(json(echo)), Reply::Gives(Value::Null)]);

    let error = sign_in(&mut world).unwrap_err();
    assert_eq!(error.message, "[redacted] is wrong");
    assert_eq!(world.tabs[0].notices, ["[redacted] is wrong"]);
    sign_in(&mut world).unwrap();
    world.trace(0);

    // The mark is the flow's: it holds for what is kept with the session too.
    world.host.on("orders", [Reply::Throws(json(r#"{ "status": 500, "message": "canary-phrase" }"#))]);
    let error = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()).unwrap_err();
    assert_eq!(error.message, "[redacted]");
}
