//! `dispose`.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint, Input};
use doorkey::core::time::Millis;

use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{MINUTE, World, code, credentials, get};

#[test]
fn every_call_that_waits_is_told() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);
    world.server.fail("/token", [Fault::Silence]);
    let waiting = [
        world.call(0, Call::AccessToken(Millis(0))),
        world.call(0, Call::Refresh(true)),
        world.call(0, Call::Fetch(get("https://auth.example/api"))),
        world.call(0, Call::Signin(credentials().into())),
        world.call(0, Call::StoreValue("a".to_owned(), "1".into(), true)),
    ];
    world.input(0, Input::Dispose);

    for call in waiting {
        assert_eq!(code(&world.outcome(call).unwrap()), Some(Code::Disposed));
    }
    let late = world.call(0, Call::Check);
    assert_eq!(code(&world.outcome(late).unwrap()), Some(Code::Disposed));
}

#[test]
fn calls_that_came_before_the_storage_answered_are_told() {
    let mut world = World::default();
    world.disk.hangs = true;
    world.open(&usual("{}"));
    let early = world.call(0, Call::Check);
    world.settle();

    world.input(0, Input::Dispose);

    assert_eq!(code(&world.outcome(early).unwrap()), Some(Code::Disposed));
}

#[test]
fn our_own_calls_are_settled_to_nobody() {
    // An orphan is being revoked: a call of our own that nobody made.
    let mut world = World::signed_in("{}");
    world.call(0, Call::Refresh(true));
    world.advance(60);
    world.server.fail("/revoke", [Fault::Silence, Fault::Silence]);
    world.call(0, Call::Logout(Default::default()));
    world.advance(100);

    world.input(0, Input::Dispose);
}

#[test]
fn no_timer_and_no_effect_is_left() {
    let mut world = World::signed_in(r#"{ "idleSeconds": 60, "maxAgeSeconds": 600 }"#);
    world.call(0, Call::Refresh(true));
    world.input(0, Input::Dispose);

    for input in [Input::Hint(Hint::Changed), Input::Hint(Hint::Woke), Input::Hint(Hint::Visible(true)), Input::Tick] {
        world.now += MINUTE;
        world.handle(0, input);
    }
    world.handle(0, Input::Hint(Hint::Touched));

    assert_eq!(world.poll_effect(0), None);
    assert_eq!(world.tabs[0].session.poll_timeout(), None);
}

#[test]
fn it_gives_the_lock_back() {
    let mut world = World::signed_in("{}");
    world.server.strict = false;
    world.fill(2, &usual("{}"));
    world.call(0, Call::Refresh(true));
    world.settle();
    assert!(world.locks.holder.is_some());

    world.input(0, Input::Dispose);

    assert_eq!(world.locks.holder, None);

    assert!(world.refresh(1, true).is_ok());
}
