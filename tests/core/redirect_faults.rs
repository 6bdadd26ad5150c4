//! Sign-in by redirect at a provider that is out of order.

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::redirect::{OPTIONS, called_back, left};
use crate::testing::json;
use crate::world::code;
use crate::world::server::Fault;

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
