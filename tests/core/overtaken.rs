//! Sign-ins that others overtake: a double click is one, and what nobody keeps is revoked.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::testing::json;
use crate::world::host::Reply;
use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code, credentials, host, other_credentials};

#[test]
fn a_double_click_is_one_sign_in() {
    for after in (0..140).step_by(4) {
        let mut world = World::with("{}");
        world.delays.storage = 20;
        let clicks = [world.call(0, Call::Signin(credentials().into())), {
            world.advance(after);
            world.call(0, Call::Signin(credentials().into()))
        }];

        let [one, other] = clicks.map(|click| world.wait(click));

        assert!(one.is_ok() && one == other, "after {after} ms: {one:?}, {other:?}");
        world.advance(MINUTE);
        assert_eq!(world.server.count("/login"), 1, "after {after} ms");
        assert_eq!(world.tabs[0].navigations, ["Home"], "after {after} ms");
    }
}

#[test]
fn a_double_click_is_one_sign_in_in_whatever_order_its_inputs_come() {
    let mut world = World::with("{}");
    let one = world.call(
        0,
        Call::Signin(
            json(r#"{ "email": "ann@example.com", "password": "correct", "more": { "a": 1, "b": [2] } }"#).into(),
        ),
    );
    let other = world.call(
        0,
        Call::Signin(
            json(r#"{ "more": { "b": [2], "a": 1 }, "password": "correct", "email": "ann@example.com" }"#).into(),
        ),
    );
    let (one, other) = (world.wait(one), world.wait(other));
    assert!(one == other && code(&one) != Some(Code::Superseded), "{one:?}, {other:?}");
    assert_eq!(world.server.count("/login"), 1);
    let [one, other] = ["[1, 2]", "[2, 1]"].map(|list| {
        world.call(0, Call::Signin(json(&format!(r#"{{ "email": "a@b.c", "password": "x", "more": {list} }}"#)).into()))
    });
    assert_eq!(code(&world.wait(one)), Some(Code::Superseded), "the order of a list tells");
    let _ = world.wait(other);
}

#[test]
fn a_double_click_that_fails_fails_as_one_and_another_try_is_another() {
    let mut world = World::with("{}");
    let wrong = json(r#"{ "email": "a@b.c", "password": "no" }"#);
    let clicks = [0; 3].map(|_| world.call(0, Call::Signin(wrong.clone().into())));
    for click in clicks {
        assert_eq!(code(&world.wait(click)), Some(Code::InvalidCredentials));
    }
    assert_eq!(world.server.count("/login"), 1);
    assert_eq!(world.tabs[0].notices.len(), 1, "one toast");
    assert_eq!(code(&world.run(0, Call::Signin(wrong.into()))), Some(Code::InvalidCredentials));
    assert_eq!(world.server.count("/login"), 2);
}

#[test]
fn an_overtaken_sign_in_leaves_no_token_alive_at_the_server() {
    for after in (0..160).step_by(4) {
        for by_logout in [false, true] {
            let mut world = World::with("{}");
            world.delays.storage = 20;
            let first = world.call(0, Call::Signin(credentials().into()));
            world.advance(after);
            if by_logout {
                world.logout(0).unwrap();
            } else {
                world.run(0, Call::Signin(other_credentials().into())).unwrap();
            }
            world.wait(first).ok();
            world.advance(MINUTE);

            let alive = usize::from(!by_logout);
            assert_eq!(world.server.alive(), alive, "after {after} ms, by a sign-out: {by_logout}");
            assert_eq!(world.is_signed_in(0), !by_logout);
            if !by_logout {
                world.refresh(0, true).unwrap();
            }
        }
    }
}

#[test]
fn the_session_that_a_sign_in_replaces_is_revoked() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.sign_in(1);
    world.advance(SECOND);

    assert_eq!(world.server.alive(), 1);
    assert!(world.server.last("/revoke").body.as_ref().unwrap().contains("canary-refresh-0-1"));
    world.refresh(0, true).unwrap();
}

#[test]
fn a_refresh_of_the_session_that_a_sign_in_replaces_leaves_nothing_alive() {
    for after in (0..140).step_by(5) {
        let mut world = World::signed_in("{}");
        world.fill(2, &usual("{}"));
        // A server for which each refresh is a session of its own would be worse off: this one ends families.
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(after);
        world.sign_in(1);
        world.wait(refresh).ok();
        world.advance(SECOND);
        assert_eq!(world.server.alive(), 1, "after {after} ms");
    }
}

#[test]
fn a_sign_out_during_the_commit_of_a_sign_in_revokes_the_session_that_it_replaced_too() {
    let mut world = World::signed_in("{}");
    world.delays.storage = 50;
    world.call(0, Call::Signin(other_credentials().into()));
    // The answer has come, and is being stored.
    world.advance(120);

    world.logout(0).unwrap();
    world.advance(SECOND);

    assert_eq!((world.server.count("/login"), world.server.alive()), (2, 0));
}

#[test]
fn a_refresh_that_a_sign_out_overtakes_keeps_the_lock_until_that_is_stored() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.call(0, Call::Refresh(true));
    world.advance(60);
    world.delays.storage = 200;
    world.call(0, Call::Logout(Default::default()));
    // The answer has come too late, and the tombstone is still being stored.
    world.advance(50);
    world.delays.storage = 0;

    world.refresh(1, true).unwrap();
    world.advance(SECOND);

    assert_eq!((world.server.reuses, world.server.alive()), (0, 0));
    assert!(!world.is_signed_in(1));
}

#[test]
fn a_refresh_that_a_sign_out_overtakes_gives_the_lock_back_at_once_where_that_can_not_be_stored() {
    let mut world = World::signed_in("{}");
    let refresh = world.call(0, Call::Refresh(true));
    world.advance(60);
    world.disk.record_fault = Some(Code::StorageDenied);
    world.call(0, Call::Logout(Default::default()));
    world.settle();
    let reads = world.reads;
    world.disk.hangs = true;

    assert_eq!(code(&world.wait(refresh)), Some(Code::Superseded));
    assert_eq!(world.reads, reads, "there is nothing to wait for in a storage that has failed");
    assert_eq!(world.locks.holder, None);
}

#[test]
fn a_token_that_is_given_again_is_not_revoked() {
    const REVOKES: &str = r#"{ "flows": { "revoke": {
        "url": "https://auth.example/revoke", "json": { "token": "{{ session.refreshToken ?? session.accessToken }}" }
    } } }"#;
    let rows = [
        (r#"{ "token": "canary-a" }"#, r#"{ "token": "canary-a" }"#, 0, "one for all"),
        (r#"{ "token": "canary-a" }"#, r#"{ "token": "canary-b" }"#, 1, "one for each sign-in"),
        (
            r#"{ "token": "canary-a", "refresh_token": "canary-r" }"#,
            r#"{ "token": "canary-b", "refresh_token": "canary-r" }"#,
            0,
            "one family",
        ),
        (
            r#"{ "token": "canary-a", "refresh_token": "canary-r" }"#,
            r#"{ "token": "canary-b", "refresh_token": "canary-s" }"#,
            1,
            "one family for each sign-in",
        ),
    ];
    for (first, second, revoked, why) in rows {
        let mut world = World::with_options(&usual_with(REVOKES, &[("flows.signin", host::function("give"))]));
        world.host.on("give", [Reply::Gives(json(first)), Reply::Gives(json(second))]);
        world.sign_in(0);
        world.sign_in(0);
        world.advance(SECOND);
        assert_eq!(world.server.count("/revoke"), revoked, "{why}");
    }
}

#[test]
fn what_an_earlier_step_has_got_is_revoked_when_the_person_gives_up_or_a_later_step_fails() {
    const STEPS: &str = r#"{ "flows": { "signin": [
        { "request": { "url": "https://auth.example/login", "json": { "password": "canary-password" } } },
        { "form": { "fields": [{ "name": "token", "type": "one-time-code" }] } },
        { "request": { "url": "https://auth.example/nowhere" } }
    ] } }"#;
    for reply in [Reply::Gives(Value::Null), Reply::Gives(json(r#"{ "token": "123456" }"#))] {
        let mut world = World::with(STEPS);
        world.host.on("prompt", [reply]);

        assert!(world.run(0, Call::Signin(json("{}").into())).is_err());
        world.advance(SECOND);

        assert_eq!((world.server.count("/login"), world.server.alive()), (1, 0));
        assert_eq!(world.server.count("/revoke"), 1, "a code that was entered is no token");
    }
    let mut world = World::with(STEPS);
    world.host.on("prompt", [Reply::Hangs]);
    let call = world.call(0, Call::Signin(json("{}").into()));
    world.advance(SECOND);
    world.logout(0).unwrap();
    world.advance(SECOND);
    assert_eq!((code(&world.outcome(call).unwrap()), world.server.alive()), (Some(Code::Superseded), 0));
}

#[test]
fn what_a_refresh_brings_for_a_session_that_was_replaced_meanwhile_is_revoked() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Slow(2 * SECOND)]);
    let refresh = world.call(0, Call::Refresh(true));
    world.advance(100);
    world.sign_in(0);
    world.wait(refresh).unwrap();
    world.advance(SECOND);
    let revoked = world.server.seen.iter().filter(|seen| seen.path == "/revoke");
    let bodies: Vec<_> = revoked.filter_map(|seen| seen.request.body.clone()).collect();
    assert!(bodies.iter().any(|body| body.contains("canary-refresh-0-2")), "{bodies:?}");
    assert_eq!(world.server.alive(), 1);
    assert!(world.is_signed_in(0));
}

#[test]
fn a_sign_out_leaves_the_sign_in_alone_that_has_only_the_page_to_wait_for() {
    let mut world = World::with("{}");
    world.delays.host = 50;
    let signin = world.call(0, Call::Signin(credentials().into()));
    while world.tabs[0].navigations.is_empty() {
        world.advance(1);
    }
    world.logout(0).unwrap();
    assert!(world.wait(signin).is_ok(), "it was one, and it is over");
}
