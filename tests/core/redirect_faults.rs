//! Sign-in by redirect at a provider that is out of order.

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::redirect::{OPTIONS, called_back, left};
use crate::testing::json;
use crate::world::server::Fault;
use crate::world::{World, code};

/// The same options for another issuer.
fn of_another_issuer() -> Value {
    json(&OPTIONS.replace("op.example", "b.example"))
}

#[test]
fn a_token_endpoint_without_an_answer_is_a_server_that_cannot_be_reached() {
    for fault in [Fault::Silence, Fault::NoNetwork] {
        let (mut world, _, url) = left();
        let back = world.server.provider.approve(&url);
        world.server.fail("/token", [fault]);
        assert_eq!(called_back(&mut world, &back), Err(Code::Unreachable));
    }
}

#[test]
fn the_code_of_one_issuer_is_never_sent_to_another() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    let asked = world.server.seen.len();
    world.close(0);
    world.reopen(0, &of_another_issuer(), BTreeMap::new());
    world.settle();
    let call = world.call_at(0, &back, Call::SigninCallback);
    assert_eq!(code(&world.wait(call)), Some(Code::CallbackMismatch));
    assert_eq!(world.server.seen.len(), asked, "nobody is asked anything");
}

#[test]
fn tokens_of_an_issuer_that_the_options_leave_meanwhile_are_none_of_the_next() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    let call = world.call_at(0, &back, Call::SigninCallback);
    while world.server.count("/token") == 0 {
        world.advance(1);
    }
    world.configure_to(0, &of_another_issuer());
    assert_eq!(code(&world.wait(call)), Some(Code::Superseded));
    world.advance(1000);
    assert!(!world.is_signed_in(0));
    assert!(world.server.seen.iter().all(|seen| !seen.request.url.as_str().contains("b.example")));
}

#[test]
fn an_empty_error_is_none_and_what_is_shown_of_one_turns_nobodys_eyes() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    assert!(called_back(&mut world, &[&back, "&error="].concat()).is_ok());

    let (mut world, _, url) = left();
    let described = "&error_description=not%00%20%E2%80%AEnow%E2%81%A6%0A!";
    let back = [&world.server.provider.refuse(&url, "login_required"), described].concat();
    assert_eq!(called_back(&mut world, &back), Err(Code::InvalidCredentials));
    assert_eq!(world.tabs[0].notices, ["not now!"]);
}

#[test]
fn nothing_that_is_kept_or_shown_has_what_a_server_has_said_again() {
    let options = json(
        r#"{ "name": "app", "storage": "local", "clientId": "app", "flows": { "signin": [
            { "request": { "url": "https://auth.example/login", "json": { "password": "{{ inputs.password }}" } } },
            { "authorize": { "endpoint": "https://op.example/auth", "token": false, "answer": [] } },
            { "define": { "accessToken": "{{ authorize1.state }}" } } ] } }"#,
    );
    let mut world = World::with_options(&options);
    let echo = r#"{ "hello": "I heard canary-password" }"#;
    world.server.fail("/login", [Fault::Status(200, &[], echo)]);
    world.call(0, Call::Signin(json(r#"{ "password": "canary-password" }"#).into()));
    world.advance(1000);
    let kept: Vec<&String> = world.tabs[0].stowed.iter().flat_map(BTreeMap::values).collect();
    assert!(kept.len() == 1 && kept[0].contains("I heard") && !kept[0].contains("canary-password"), "{kept:?}");

    let url = world.tabs[0].left[0].clone();
    let back = world.server.provider.approve(&url);
    world.close(0);
    world.reopen(0, &options, BTreeMap::new());
    world.settle();
    let call = world.call_at(0, &back, Call::SigninCallback);
    world.wait(call).expect("it signs in");
    world.trace(0);
}
