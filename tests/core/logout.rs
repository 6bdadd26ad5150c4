//! `logout`.

use doorkey::core::input::{Call, LogoutCall};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{EventKind, GuardedPage};

use crate::world::host::{Reply, function};
use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, ok};

fn store(world: &mut World, key: &str, text: &str) {
    world.run(0, Call::StoreValue(key.to_owned(), text.into(), true)).expect("the value is stored");
}

fn keys(world: &World) -> Vec<&str> {
    world.disk.values.keys().map(String::as_str).collect()
}

const KEEPING: &str = r#"{ "expose": { "accessToken": "accesstoken" }, "keep": ["token_type"] }"#;

#[test]
fn it_revokes_and_removes_and_goes_to_the_login_page() {
    let mut world = World::signed_in(KEEPING);
    store(&mut world, "theme", r#""dark""#);
    world.disk.values.insert("foreign".to_owned(), "1".to_owned());
    world.forget();

    let outcome = world.logout(0);

    assert_eq!(outcome, ok(r#"{ "ok": true, "revoked": true, "navigated": true }"#));
    assert_eq!(world.server.alive(), 0);
    assert!(!world.disk.record.as_ref().unwrap().contains("canary"));
    assert_eq!(keys(&world), ["foreign"], "what is foreign stays");
    assert_eq!(world.tabs[0].shown.len(), 0);
    assert_eq!(world.told(0), [(EventKind::SignedOut, None)]);
    assert_eq!(world.tabs[0].navigations, ["Login"]);
}

#[test]
fn the_revocation_is_authorised() {
    let mut world = World::signed_in("{}");

    world.logout(0).unwrap();

    let revoke = world.server.last("/revoke");
    assert_eq!(revoke.method, "POST");
    assert!(revoke.headers.contains(&("Authorization".to_owned(), "Bearer canary-access-0-1".to_owned())));
    assert!(revoke.body.as_ref().unwrap().contains("canary-refresh-0-1"));
}

#[test]
fn a_revocation_that_fails_or_hangs_blocks_nothing() {
    let rows = [(Fault::Status(500, &[], ""), 100), (Fault::NoNetwork, 100), (Fault::Silence, 5 * SECOND)];
    for (fault, took) in rows {
        let mut world = World::signed_in("{}");
        world.server.fail("/revoke", [fault.clone()]);
        let began = world.now;

        let call = world.call(0, Call::Logout(LogoutCall::default()));
        assert!(!world.is_signed_in(0), "at once");
        let outcome = world.wait(call);

        assert_eq!(outcome, ok(r#"{ "ok": true, "revoked": false, "navigated": true }"#), "{fault:?}");
        assert_eq!(world.now - began, took, "{fault:?}");
    }
}

#[test]
fn every_step_of_a_revocation_is_hurried() {
    let steps = r#"{ "flows": { "revoke": [
        { "request": { "url": "https://auth.example/revoke" } }, { "request": { "url": "https://auth.example/out" } }
    ] } }"#;
    let mut world = World::signed_in(steps);
    world.server.fail("/out", [Fault::Silence]);
    let began = world.now;

    world.logout(0).unwrap();

    assert_eq!(world.now - began, 5 * SECOND + 100);
}

#[test]
fn values_that_are_to_be_kept_are_kept_and_the_session_is_not() {
    let spare = |keep: &[&str], keep_all| {
        let mut world = World::signed_in(KEEPING);
        store(&mut world, "theme", "1");
        store(&mut world, "cart", "2");
        let keep = keep.iter().map(|key| (*key).to_owned()).collect();
        world.run(0, Call::Logout(LogoutCall { stay: true, keep, keep_all, ..LogoutCall::default() })).unwrap();
        keys(&world).join(" ")
    };

    assert_eq!(spare(&["theme"], false), "theme");
    assert_eq!(spare(&[], true), "cart theme");
    assert_eq!(spare(&["accesstoken", "token_type"], false), "", "what sign-in wrote goes with the session");
}

#[test]
fn it_stays_on_the_page_when_asked() {
    let mut world = World::signed_in("{}");
    world.forget();

    let outcome = world.run(0, Call::Logout(LogoutCall { stay: true, ..LogoutCall::default() })).unwrap();

    assert_eq!(outcome.member("navigated"), Some(&Value::Bool(false)));
    assert!(world.tabs[0].navigations.is_empty());
}

#[test]
fn without_a_session_it_sends_nothing_changes_nothing_and_still_navigates() {
    let mut world = World::with("{}");
    store(&mut world, "theme", "1");

    let outcome = world.logout(0);

    assert_eq!(outcome, ok(r#"{ "ok": true, "revoked": false, "navigated": true }"#));
    assert_eq!((world.server.seen.len(), keys(&world), world.told(0).len()), (0, vec!["theme"], 0));
    assert_eq!(world.disk.record, None);
}

#[test]
fn without_a_session_it_stays_on_the_page_when_asked() {
    let mut world = World::with("{}");
    world.run(0, Call::Logout(LogoutCall { stay: true, ..LogoutCall::default() })).unwrap();
    assert!(world.tabs[0].navigations.is_empty());
}

#[test]
fn a_second_call_does_nothing_more() {
    let mut world = World::signed_in("{}");
    world.forget();
    let first = world.call(0, Call::Logout(LogoutCall::default()));
    let second = world.call(0, Call::Logout(LogoutCall::default()));

    assert_eq!(world.wait(second).unwrap().member("revoked"), Some(&Value::Bool(false)));
    assert_eq!(world.wait(first).unwrap().member("revoked"), Some(&Value::Bool(true)));
    world.logout(0).unwrap();

    assert_eq!(world.server.count("/revoke"), 1);
    assert_eq!(world.told(0), [(EventKind::SignedOut, None)]);
}

#[test]
fn other_tabs_are_told_once_and_leave_their_protected_page() {
    let mut world = World::signed_in("{}");
    world.fill(3, &usual("{}"));
    world.run(1, Call::Guard(GuardedPage::Protected)).unwrap();
    world.forget();

    world.logout(0).unwrap();
    world.advance(SECOND);

    for tab in [1, 2] {
        assert_eq!(world.told(tab), [(EventKind::SignedOut, Some("otherTab"))]);
        assert!(!world.is_signed_in(tab));
    }
    assert_eq!(world.tabs[1].navigations, ["Login"], "a guarded page goes");
    assert!(world.tabs[2].navigations.is_empty(), "any other stays");
}

#[test]
fn tabs_that_sign_out_at_once_revoke_once() {
    let mut world = World::signed_in("{}");
    world.fill(4, &usual("{}"));
    world.forget();
    world.delays.storage = 5;
    let calls: Vec<_> = (0..4).map(|tab| world.call(tab, Call::Logout(LogoutCall::default()))).collect();
    for call in calls {
        assert_eq!(world.wait(call).unwrap().member("ok"), Some(&Value::Bool(true)));
    }
    assert_eq!(world.server.count("/revoke"), 1);
    assert!((0..4).all(|tab| !world.is_signed_in(tab) && world.tabs[tab].navigations == ["Login"]));
}

#[test]
fn what_another_tab_has_refreshed_meanwhile_is_what_is_revoked() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.delays.message = 10 * MINUTE;
    world.refresh(1, true).unwrap();

    world.logout(0).unwrap();
    world.advance(20 * MINUTE);

    assert!(world.server.last("/revoke").body.as_ref().unwrap().contains("canary-refresh-0-2"));
    assert!(!world.is_signed_in(0) && !world.is_signed_in(1));
    assert_eq!(world.told(0), [(EventKind::SignedIn, None), (EventKind::SignedOut, None)]);
}

#[test]
fn a_sign_in_during_a_slow_revocation_is_not_cleaned_away() {
    let mut world = World::signed_in(KEEPING);
    world.server.fail("/revoke", [Fault::Silence]);
    let logout = world.call(0, Call::Logout(LogoutCall::default()));
    world.advance(SECOND);
    world.forget();

    world.sign_in(0);
    let outcome = world.wait(logout);

    assert!(outcome.is_ok());
    assert!(world.is_signed_in(0));
    assert_eq!(keys(&world), ["accesstoken", "token_type"]);
    assert_eq!(world.tabs[0].navigations, ["Home"], "and stays at home");
}

#[test]
fn a_revoke_flow_of_the_hosts_gets_the_tokens() {
    let mut world = World::with_options(&usual_with("{}", &[("flows.revoke", function("sign_out"))]));
    world.host.on("sign_out", [Reply::Gives(Value::Undefined)]);
    world.sign_in(0);

    let outcome = world.logout(0).unwrap();

    assert_eq!(outcome.member("revoked"), Some(&Value::Bool(true)));
    assert_eq!(world.host.calls[0].1[0].member("refresh_token"), Some(&Value::from("canary-refresh-0-1")));
}

#[test]
fn a_storage_that_fails_signs_out_all_the_same() {
    for fault in [doorkey::core::error::Code::StorageFull, doorkey::core::error::Code::StorageDenied] {
        let mut world = World::signed_in("{}");
        world.disk.record_fault = Some(fault);

        let outcome = world.logout(0);

        assert!(outcome.is_ok());
        assert!(!world.is_signed_in(0));
        assert_eq!(world.server.alive(), 0);
    }
}

#[test]
fn a_session_in_a_cookie_is_ended_with_the_proof_that_its_server_wants() {
    let options = r#"{ "tokens": false, "attach": { "csrf": { "cookie": "XSRF-TOKEN", "header": "X-CSRF" } } , "flows": {
        "revoke": { "url": "https://auth.example/revoke", "method": "POST", "credentials": "include" } } }"#;
    let mut world = World::signed_in(options);

    world.logout(0).unwrap();

    let sent = &world.server.last("/revoke").headers;
    assert!(sent.iter().any(|(name, value)| name == "X-CSRF" && value == "eyJ=2+/"), "{sent:?}");
}

#[test]
fn a_sign_out_by_hand_close_to_the_end_of_the_session_is_one_sign_out_and_no_error() {
    for storage in [0, 20] {
        for after in 0..200 {
            let mut world = World::signed_in("{}");
            world.delays.storage = storage;
            world.delays.host = 10;
            world.server.revoke_all();
            world.forget();
            let refresh = world.call(0, Call::Refresh(true));
            world.advance(after);
            let ended_before = world.told(0).iter().any(|told| told.0 == EventKind::Expired);

            let outcome = world.logout(0);
            world.wait(refresh).ok();
            world.advance(MINUTE);

            let place = format!("{after} ms after, storage {storage} ms");
            assert!(outcome.is_ok(), "{place}: {outcome:?}");
            let told: Vec<_> = world.told(0).into_iter().map(|told| told.0).collect();
            if ended_before {
                assert_eq!(told, [EventKind::Expired], "{place}");
            } else {
                assert_eq!(told, [EventKind::SignedOut], "{place}");
                assert_eq!(world.tabs[0].notices.len(), 0, "{place}: {:?}", world.tabs[0].notices);
                assert_eq!(world.tabs[0].navigations, ["Login"], "{place}");
            }
        }
    }
}

#[test]
fn a_sign_out_while_a_session_that_can_not_be_refreshed_ends_is_one_sign_out() {
    for after in 0..200 {
        let mut world = World::signed_in(r#"{ "flows": { "refresh": null } }"#);
        world.delays.storage = 20;
        world.delays.host = 10;
        world.server.revoke_all();
        world.forget();
        let fetch = world.call(0, Call::Fetch(crate::world::get("https://auth.example/api")));
        world.advance(after);
        let ended_before = world.told(0).iter().any(|told| told.0 == EventKind::Expired);

        world.logout(0).unwrap();
        world.wait(fetch).ok();
        world.advance(MINUTE);

        let told: Vec<_> = world.told(0).into_iter().map(|told| told.0).collect();
        let end = if ended_before { EventKind::Expired } else { EventKind::SignedOut };
        assert_eq!(told, [end], "after {after} ms");
        assert!(ended_before || world.tabs[0].navigations == ["Login"], "after {after} ms");
        assert!(ended_before || world.tabs[0].notices.is_empty(), "after {after} ms");
    }
}

#[test]
fn without_a_login_page_nobody_is_said_to_have_gone_there() {
    let mut world = World::signed_in(r#"{ "pages": { "login": null } }"#);
    assert_eq!(world.logout(0).map(|said| said.member("navigated").cloned()), Ok(Some(Value::Bool(false))));
}
