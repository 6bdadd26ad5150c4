//! `refreshAccessToken` and `accessToken`: when a refresh is sent, and that it is one.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint, Input};
use doorkey::core::time::Millis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::host::{Reply, function};
use crate::world::locks::Owner;
use crate::world::options::{usual, usual_with};
use crate::world::{MINUTE, SECOND, World, code, ok};

#[test]
fn a_good_token_causes_no_request() {
    let mut world = World::signed_in("{}");

    let outcome = world.refresh(0, false).unwrap();

    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert_eq!(outcome.member("refreshed"), Some(&Value::Bool(false)));
    assert_eq!(outcome.member("expiresAt"), Some(&world.status(0, "expiresAt")));
    assert_eq!(world.server.count("/token"), 0);
}

#[test]
fn it_refreshes_a_good_token_when_forced() {
    let mut world = World::signed_in("{}");
    world.advance(SECOND);

    let outcome = world.refresh(0, true).unwrap();

    assert_eq!(outcome.member("refreshed"), Some(&Value::Bool(true)));
    assert_eq!(outcome.member("expiresAt"), Some(&world.status(0, "expiresAt")));
    assert_eq!(world.server.count("/token"), 1);
    assert_eq!(world.told(0), [(EventKind::SignedIn, None), (EventKind::Refreshed, None)]);
    assert!(world.disk.record.as_ref().unwrap().contains("canary-refresh-0-2"));
}

#[test]
fn without_a_session_it_says_signed_out() {
    let mut world = World::with("{}");

    assert_eq!(world.refresh(0, true), ok(r#"{ "ok": false, "reason": "signed-out" }"#));
    assert_eq!(code(&world.access_token(0)), Some(Code::SignedOut));
    assert_eq!(world.server.seen.len(), 0);
}

#[test]
fn without_a_way_to_refresh_it_says_not_refreshable() {
    let mut world = World::signed_in(r#"{ "flows": { "refresh": null } }"#);

    assert_eq!(world.refresh(0, false).unwrap().member("ok"), Some(&Value::Bool(true)), "the token is good");
    assert_eq!(world.refresh(0, true), ok(r#"{ "ok": false, "reason": "not-refreshable" }"#));
    world.sleep(20 * MINUTE);
    assert_eq!(world.refresh(0, false), ok(r#"{ "ok": false, "reason": "not-refreshable" }"#));
    assert_eq!(code(&world.access_token(0)), Some(Code::SignedOut));
    assert_eq!(world.status(0, "signedIn"), Value::Bool(false));
}

#[test]
fn an_expression_that_needs_the_refresh_token_makes_a_session_without_one_not_refreshable() {
    let mut world = World::with("{}");
    world
        .server
        .fail("/login", [crate::world::server::Fault::Status(200, &[], r#"{ "access_token": "canary-access-0-1" }"#)]);
    world.sign_in(0);

    assert_eq!(world.refresh(0, true), ok(r#"{ "ok": false, "reason": "not-refreshable" }"#));
    assert_eq!(world.status(0, "hasRefreshToken"), Value::Bool(false));
}

#[test]
fn a_server_that_renews_with_the_access_token_needs_no_refresh_token() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.refresh", function("renew"))]));
    let renewed = crate::testing::json(r#"{ "token": "canary-second", "expires_in": 600 }"#);
    world.host.on("renew", [Reply::Gives(renewed)]);
    world.server.fail(
        "/login",
        [crate::world::server::Fault::Status(200, &[], r#"{ "token": "canary-first", "expires_in": 600 }"#)],
    );
    world.sign_in(0);

    world.refresh(0, true).unwrap();

    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-second"));
    assert_eq!(world.host.calls[0].1[0].member("accessToken"), Some(&Value::from("canary-first")));
}

#[test]
fn a_refresh_that_knows_two_ways_takes_the_one_for_which_there_is_a_token() {
    const WAYS: &str = r#"{ "flows": { "refresh": [
        { "when": "{{ session.refreshToken ?? false }}",
          "request": { "url": "https://auth.example/token", "json": { "refresh_token": "{{ session.refreshToken }}" } } },
        { "when": "{{ !(session.refreshToken ?? false) }}",
          "request": { "url": "https://auth.example/renew", "json": { "token": "{{ session.accessToken }}" } } }
    ] } }"#;
    let gives = |json| crate::world::server::Fault::Status(200, &[], json);
    for (has_one, path) in [(true, "/token"), (false, "/renew")] {
        let mut world = World::with(WAYS);
        if !has_one {
            world.server.fail("/login", [gives(r#"{ "token": "canary-first", "expires_in": 600 }"#)]);
        }
        world.server.fail("/renew", [gives(r#"{ "token": "canary-second", "expires_in": 600 }"#)]);
        world.sign_in(0);

        assert_eq!(world.refresh(0, true).unwrap().member("refreshed"), Some(&Value::Bool(true)), "{path}");

        let asked = ["/token", "/renew"].map(|path| world.server.count(path));
        assert_eq!(asked, [usize::from(has_one), usize::from(!has_one)], "{path}");
    }
}

#[test]
fn a_query_finds_the_spelling_of_the_refresh_token_that_it_binds() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.refresh", function("renew"))]));
    world.host.on("renew", [Reply::Asks("/token")]);
    world.sign_in(0);

    world.refresh(0, true).unwrap();

    let inputs = &world.host.calls[0].1[0];
    for spelling in ["refreshToken", "refreshtoken", "refresh_token"] {
        assert_eq!(inputs.member(spelling), Some(&Value::from("canary-refresh-0-1")));
    }
    assert_eq!(inputs.member("accessToken"), Some(&Value::from("canary-access-0-1")));
}

#[test]
fn an_answer_without_a_refresh_token_keeps_the_old_one() {
    let mut world = World::signed_in("{}");
    world.server.rotates = false;

    world.refresh(0, true).unwrap();
    world.refresh(0, true).unwrap();

    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-3"));
    assert_eq!(world.status(0, "hasRefreshToken"), Value::Bool(true));
}

#[test]
fn many_calls_with_an_expired_token_send_one_refresh() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);

    let calls: Vec<_> = (0..20).map(|_| world.call(0, Call::AccessToken(Millis(0)))).collect();

    for call in calls {
        assert_eq!(world.wait(call).unwrap(), Value::from("canary-access-0-2"));
    }
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn four_tabs_that_wake_with_an_expired_token_send_one_refresh() {
    let mut world = World::signed_in("{}");
    world.fill(4, &usual("{}"));
    world.sleep(20 * MINUTE);

    let calls: Vec<_> = (0..4).map(|tab| world.call(tab, Call::Refresh(false))).collect();

    for call in calls {
        assert_eq!(world.wait(call).unwrap().member("refreshed"), Some(&Value::Bool(true)));
    }
    assert_eq!(world.server.count("/token"), 1);
    assert!((0..4).all(|tab| world.access_token(tab).unwrap() == Value::from("canary-access-0-2")));
}

#[test]
fn four_tabs_over_an_asynchronous_storage_send_one_refresh() {
    let mut world = World::signed_in("{}");
    world.delays.storage = 30;
    world.fill(4, &usual("{}"));
    world.advance(SECOND);
    world.sleep(20 * MINUTE);

    for tab in 0..4 {
        world.hint(tab, doorkey::core::input::Hint::Visible(true));
    }
    world.advance(MINUTE);

    assert_eq!((world.server.count("/token"), world.server.reuses), (1, 0));
    assert!((0..4).all(|tab| world.is_signed_in(tab)));
}

#[test]
fn a_token_that_is_good_for_less_than_is_asked_is_refreshed_first() {
    let mut world = World::signed_in("{}");
    world.advance(5 * MINUTE);

    let enough = world.run(0, Call::AccessToken(Millis(4 * MINUTE)));
    let more = world.run(0, Call::AccessToken(Millis(6 * MINUTE)));

    assert_eq!(enough.unwrap(), Value::from("canary-access-0-1"));
    assert_eq!(more.unwrap(), Value::from("canary-access-0-2"));
}

#[test]
fn a_token_asked_to_be_good_for_longer_than_any_lives_is_not_refreshed_at_each_call() {
    let mut world = World::signed_in("{}");
    let ask = |world: &mut World| {
        world.advance(10 * SECOND);
        world.run(0, Call::AccessToken(Millis(120 * MINUTE))).unwrap();
        world.run(0, Call::AccessToken(Millis(10 * MINUTE))).unwrap(); // as long as they live
        world.server.count("/token")
    };
    // The first may bring a longer one, and does not.
    assert_eq!((ask(&mut world), ask(&mut world), ask(&mut world)), (1, 1, 1));
    world.advance(5 * MINUTE);
    assert_eq!((ask(&mut world), ask(&mut world)), (2, 2), "at half of its life");

    world.server.access_seconds = 3 * 3600;
    world.run(0, Call::Refresh(true)).unwrap();
    world.advance(90 * MINUTE);
    assert_eq!((ask(&mut world), ask(&mut world)), (4, 4), "what can be had is had");
}

#[test]
fn the_timer_refreshes_before_expiry_a_random_bit_earlier() {
    let mut moments = Vec::new();
    for seed_tabs in 0..6 {
        let mut world = World::with("{}");
        world.fill(1 + seed_tabs, &usual("{}"));
        let tab = seed_tabs;
        world.sign_in(tab);
        (0..tab).for_each(|other| world.close(other));
        let began = world.now;
        while world.server.count("/token") == 0 {
            world.advance(100);
        }
        moments.push((world.now - began) / 1000);
    }
    assert!(
        moments.iter().all(|at| (527..=540).contains(at)),
        "60 s before the end, and up to 12 s earlier: {moments:?}"
    );
    moments.dedup();
    assert!(moments.len() > 1, "not all at the same moment: {moments:?}");
}

#[test]
fn a_short_lifetime_has_a_margin_of_a_tenth() {
    let mut world = World::with("{}");
    world.server.access_seconds = 20;
    world.sign_in(0);

    world.advance(17 * SECOND + 500);
    assert_eq!(world.server.count("/token"), 0);
    world.advance(600);
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn a_margin_that_the_app_names_is_kept_up_to_half_of_a_lifetime() {
    // Seconds: the margin, and when at the latest and earliest the refresh comes, of a lifetime of 600.
    for (margin, latest, earliest) in [(200, 400, 360), (6000, 300, 240), (0, 600, 600)] {
        let mut world = World::signed_in(&format!(r#"{{ "refresh": {{ "beforeExpirySeconds": {margin} }} }}"#));
        world.advance((earliest - 1) * SECOND);
        assert_eq!(world.server.count("/token"), 0, "{margin}");
        world.advance((latest - earliest + 2) * SECOND);
        assert_eq!(world.server.count("/token"), 1, "{margin}");
    }
}

#[test]
fn a_hidden_page_does_not_refresh_by_itself_and_a_shown_one_catches_up() {
    let mut world = World::signed_in("{}");
    world.hint(0, doorkey::core::input::Hint::Visible(false));

    world.advance(60 * MINUTE);
    assert_eq!(world.server.count("/token"), 0);

    world.hint(0, doorkey::core::input::Hint::Visible(true));
    world.advance(SECOND);
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn early_refresh_happens_on_use_too() {
    let mut world = World::signed_in("{}");
    world.hint(0, doorkey::core::input::Hint::Visible(false));
    world.advance(9 * MINUTE + 30 * SECOND);

    let token = world.access_token(0);

    assert_eq!(token.unwrap(), Value::from("canary-access-0-2"));
}

#[test]
fn a_logout_while_the_answer_is_under_way_stays_a_logout() {
    for (after, storage) in (0..200).step_by(5).flat_map(|after| [(after, 0), (after, 15)]) {
        let mut world = World::signed_in(r#"{ "expose": { "accessToken": "accesstoken" } }"#);
        world.delays.storage = storage;
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(after);

        world.logout(0).unwrap();
        world.wait(refresh).ok();
        world.advance(MINUTE);

        assert!(!world.is_signed_in(0), "after {after} ms");
        assert!(!world.disk.record.as_ref().unwrap().contains("canary"), "after {after} ms");
        assert_eq!(world.disk.values.len(), 0, "after {after} ms");
        assert_eq!(world.server.alive(), 0, "after {after} ms: what came too late is revoked");
        assert_eq!(world.told(0).last().unwrap().0, EventKind::SignedOut, "after {after} ms");
    }
}

#[test]
fn a_logout_in_another_tab_while_the_answer_is_under_way_stays_a_logout() {
    for (after, storage) in (0..200).step_by(5).flat_map(|after| [(after, 0), (after, 15)]) {
        let mut world = World::signed_in("{}");
        world.fill(2, &usual("{}"));
        world.delays.storage = storage;
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(after);

        world.logout(1).unwrap();
        world.wait(refresh).ok();
        world.advance(MINUTE);

        assert!(!world.is_signed_in(0) && !world.is_signed_in(1), "after {after} ms, storage {storage}");
        assert!(!world.disk.record.as_ref().unwrap().contains("canary"), "after {after} ms");
        assert_eq!(world.server.alive(), 0, "after {after} ms: what came too late is revoked");
    }
}

#[test]
fn a_caller_of_a_refresh_that_a_logout_overtakes_is_told() {
    let mut world = World::signed_in("{}");
    let refresh = world.call(0, Call::Refresh(true));
    world.advance(10);

    world.logout(0).unwrap();

    assert_eq!(code(&world.wait(refresh)), Some(Code::Superseded));
}

#[test]
fn tokens_that_come_after_a_logout_are_revoked() {
    let mut world = World::signed_in("{}");
    world.call(0, Call::Refresh(true));
    // The server has rotated; the answer is under way.
    world.advance(60);

    world.logout(0).unwrap();
    world.advance(MINUTE);

    let revoked: Vec<_> = world.server.seen.iter().filter(|seen| seen.path == "/revoke").collect();
    let bodies: Vec<_> = revoked.iter().map(|seen| seen.request.body.as_deref().unwrap()).collect();
    assert_eq!(bodies, [r#"{"token":"canary-refresh-0-1"}"#, r#"{"token":"canary-refresh-0-2"}"#]);
    let late = revoked.last().unwrap().request.headers.iter().find(|(name, _)| name == "Authorization");
    assert_eq!(late.unwrap().1, "Bearer canary-access-0-2");
}

#[test]
fn what_a_refresh_has_brought_is_stored_before_anybody_gets_it() {
    let mut world = World::signed_in("{}");
    world.delays.storage = 30;
    world.sleep(20 * MINUTE);
    let call = world.call(0, Call::AccessToken(doorkey::core::time::Millis(0)));
    let mut was_answered = 0;

    while world.is_pending(call) {
        was_answered = was_answered.max(world.server.count("/token"));
        world.advance(1);
    }

    let token = world.outcome(call).unwrap().unwrap();
    assert_eq!((token, was_answered), (Value::from("canary-access-0-2"), 1));
    let record = world.disk.record.as_deref().unwrap();
    assert!(record.contains("canary-access-0-2") && record.contains("canary-refresh-0-2"), "{record}");
}

#[test]
fn a_refresh_is_given_tokens_and_never_what_the_user_entered() {
    let query = r#"{ "flows": { "refresh": [{ "query": "refresh" }] } }"#;
    let mut world = World::signed_in(query);
    world.host.on("refresh", [Reply::Gives(Value::Null)]);
    world.refresh(0, true).ok();
    let given = format!("{:?}", world.host.calls.last().unwrap());
    assert!(given.contains("canary-refresh-0-1") && !given.contains("canary-password"), "{given}");

    let asks =
        r#"{ "flows": { "refresh": { "url": "https://auth.example/token", "json": "{{ inputs.password }}" } } }"#;
    let mut world = World::signed_in(asks);
    let error = world.refresh(0, true).unwrap_err();
    assert_eq!((error.code, world.server.count("/token")), (Code::Template, 0), "{}", error.message);
}

#[test]
fn a_token_that_is_good_for_just_so_long_as_is_asked_is_good_enough() {
    let mut world = World::signed_in("{}");
    let expires = world.run(0, Call::Refresh(false)).unwrap().member("expiresAt").cloned();
    let Some(Value::Number(expires)) = expires else { panic!("it is known") };
    let left = Millis(expires as u64 - world.now);
    world.run(0, Call::AccessToken(left)).unwrap();
    assert_eq!(world.server.count("/token"), 0);
    world.run(0, Call::AccessToken(Millis(left.0 + 1))).unwrap();
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn a_session_that_no_tab_shares_waits_for_no_lock() {
    let options = [r#"{ "storage": "memory" }"#, r#"{ "storage": "session" }"#, r#"{ "crossTab": "optimistic" }"#];
    for extra in options {
        let mut world = World::signed_in(extra);
        world.locks.holder = Some(Owner::Stranger);
        let begun = world.now;
        world.run(0, Call::Refresh(true)).unwrap();
        assert!(world.now - begun < SECOND, "{extra}");
    }
}

#[test]
fn a_token_is_given_again_without_a_look_until_it_is_to_be_refreshed() {
    let mut world = World::signed_in("{}");
    world.access_token(0).unwrap();
    let until = world.tabs[0].session.steady_until().expect("it is good").0;
    let lifetime = 10 * MINUTE;
    assert!((world.now + lifetime / 2..world.now + lifetime).contains(&until));
    world.logout(0).unwrap();
    assert_eq!(world.tabs[0].session.steady_until(), None);
}

#[test]
fn a_call_whose_refresh_ends_as_it_begins_is_answered() {
    // Where nothing is stored nothing is read, and these flows send nothing.
    let made = r#"[{ "define": { "accessToken": "{{ concat('canary-', session.accessToken) }}" } }]"#;
    let lacking = r#"{ "url": "https://auth.example/token", "json": { "id": "{{ session.nothing.there }}" } }"#;
    for (refresh, succeeds) in [(made, true), (lacking, false)] {
        let mut world = World::with(&format!(r#"{{ "flows": {{ "refresh": {refresh} }} }}"#));
        world.handle(0, Input::Hint(Hint::StorageDenied));
        world.sign_in(0);
        for _ in 0..3 {
            world.advance(MINUTE);
            let outcome = world.refresh(0, true);
            assert_eq!(outcome.is_ok(), succeeds, "{outcome:?}");
        }
        assert!(world.unsettled().is_empty());
    }
}
