//! `dispose`.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint, Input};
use doorkey::core::time::Millis;

use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code, credentials, get};

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
fn a_refresh_that_may_have_spent_the_token_is_stored_though_nobody_waits() {
    for extra in ["{}", r#"{ "storage": "host" }"#] {
        let mut world = World::signed_in(extra);
        let call = world.call(0, Call::Refresh(true));
        world.advance(60);
        assert_eq!(world.server.count("/token"), 1);
        // Two components may share it.
        world.input(0, Input::Dispose);
        world.input(0, Input::Dispose);
        assert_eq!(code(&world.outcome(call).unwrap()), Some(Code::Disposed));
        let late = world.call(0, Call::Check);
        assert_eq!(code(&world.outcome(late).unwrap()), Some(Code::Disposed));

        // As a component does that is mounted anew.
        let host_store = world.tabs[0].host_store.clone();
        let next = world.open_with(&usual(extra), host_store);
        world.run(next, Call::Refresh(true)).unwrap();

        assert!(world.is_signed_in(next), "{extra}");
        assert_eq!(world.server.reuses, 0, "{extra}");
        assert!(world.tabs[0].session.poll_timeout().is_none(), "it is over");
    }
}

#[test]
fn a_refresh_that_is_refused_after_the_end_tells_nobody_and_sends_nobody_away() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Status(400, &[], r#"{ "error": "invalid_grant" }"#)]);
    world.call(0, Call::Refresh(true));
    world.settle();
    let before = (world.tabs[0].navigations.len(), world.tabs[0].notices.len());
    world.input(0, Input::Dispose);
    world.advance(MINUTE);

    assert_eq!((world.tabs[0].navigations.len(), world.tabs[0].notices.len()), before);
    let next = world.open(&usual("{}"));
    world.settle();
    assert!(!world.is_signed_in(next));
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
fn a_refresh_that_nobody_answers_holds_the_lock_no_longer_than_a_moment_and_is_over_after_its_time() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Silence]);
    world.call(0, Call::Refresh(true));
    world.advance(100);
    world.input(0, Input::Dispose);
    assert!(world.locks.holder.is_some());
    world.advance(2 * SECOND);
    assert_eq!(world.locks.holder, None);
    assert!(world.tabs[0].session.poll_timeout().is_some());
    world.advance(MINUTE);
    assert!(world.tabs[0].session.poll_timeout().is_none(), "it is over");
}

#[test]
fn it_gives_the_lock_back_before_a_refresh_is_sent_and_else_at_its_end() {
    for is_sent in [false, true] {
        let mut world = World::signed_in("{}");
        world.fill(2, &usual("{}"));
        world.delays.storage = if is_sent { 0 } else { 100 };
        world.call(0, Call::Refresh(true));
        world.settle();
        assert!(world.locks.holder.is_some());

        world.input(0, Input::Dispose);

        assert_eq!(world.locks.holder.is_some(), is_sent);
        assert!(world.refresh(1, true).is_ok());
        assert_eq!((world.locks.holder.is_some(), world.server.reuses), (false, 0));
    }
}
