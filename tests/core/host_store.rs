//! A session in the host's store: one value under the session's name, plain keys beside it, and a record that tabs share.

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint, LogoutCall};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::testing::json;
use crate::world::host::Reply;
use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World, code, credentials};

const HOST: &str = r#"{ "storage": "host" }"#;
const EXPOSING: &str = r#"{ "storage": "host", "expose": { "accessToken": "accesstoken", "expiresAt": "until" } }"#;

fn keys(world: &World, tab: usize) -> String {
    world.tabs[tab].host_store.keys().cloned().collect::<Vec<_>>().join(" ")
}

fn store(world: &mut World, tab: usize, key: &str) {
    world.run(tab, Call::StoreValue(key.to_owned(), "1".into(), true)).expect("it is stored");
}

/// A reload: the host's store is what it was.
fn reload(world: &mut World, tab: usize, extra: &str) -> usize {
    let host_store = world.tabs[tab].host_store.clone();
    world.close(tab);
    let tab = world.open_with(&usual(extra), host_store);
    world.advance(SECOND);
    tab
}

#[test]
fn the_session_is_one_value_and_values_are_the_hosts_own_keys() {
    let mut world = World::signed_in(EXPOSING);
    store(&mut world, 0, "theme");
    world.settle();

    assert_eq!(keys(&world, 0), "accesstoken doorkey theme until");
    assert_eq!(world.tabs[0].host_store["accesstoken"].0, r#""canary-access-0-1""#);
    assert_eq!(world.disk.values.len(), 0);
}

#[test]
fn what_is_exposed_under_another_key_is_no_longer_under_the_old_one() {
    for storage in ["host", "local"] {
        let mut world = World::signed_in(&format!(
            r#"{{ "storage": "{storage}", "expose": {{ "accessToken": "accesstoken", "expiresAt": "until" }} }}"#
        ));
        world.configure(
            0,
            &format!(r#"{{ "storage": "{storage}", "expose": {{ "accessToken": "token", "expiresAt": "until" }} }}"#),
        );
        world.settle();
        let shown: Vec<_> = world.tabs[0].shown.keys().map(String::as_str).collect();
        assert_eq!(shown, ["token", "until"], "{storage}");
        assert!(
            !world.tabs[0].host_store.contains_key("accesstoken")
                && world.disk.values.keys().all(|key| key != "accesstoken")
        );
        world.refresh(0, true).unwrap();
        assert!(!world.tabs[0].shown.contains_key("accesstoken"), "{storage}");
    }
}

#[test]
fn a_key_equal_to_the_name_is_refused() {
    let mut world = World::signed_in(HOST);

    let outcome = world.run(0, Call::StoreValue("doorkey".to_owned(), "1".into(), true));

    assert_eq!(code(&outcome), Some(Code::InvalidValue));
    assert!(!world.tabs[0].shown.contains_key("doorkey"));
    assert!(world.is_signed_in(0));
}

#[test]
fn the_keys_that_it_wrote_are_known_after_a_reload_and_no_others_are_touched() {
    let mut world = World::with(HOST);
    world.tabs[0].host_store.insert("foreign".to_owned(), ("1".to_owned(), true));
    store(&mut world, 0, "theme");
    world.settle();
    let tab = reload(&mut world, 0, HOST);
    assert!(world.tabs[tab].shown.contains_key("theme"));
    world.sign_in(tab);

    world.logout(tab).unwrap();
    world.advance(SECOND);

    assert_eq!(keys(&world, tab), "doorkey foreign");
}

#[test]
fn a_key_that_was_removed_is_foreign_again() {
    let mut world = World::signed_in(HOST);
    store(&mut world, 0, "theme");
    world.run(0, Call::RemoveValue("theme".to_owned())).unwrap();
    world.settle();
    assert!(!world.disk.record.as_ref().unwrap().contains("theme"));

    world.tabs[0].host_store.insert("theme".to_owned(), ("2".to_owned(), true));
    let tab = reload(&mut world, 0, HOST);
    world.logout(tab).unwrap();

    assert_eq!(keys(&world, tab), "doorkey theme");
}

#[test]
fn keys_that_are_stored_at_once_in_two_tabs_are_all_remembered() {
    for storage in [0, 7, 40] {
        let mut world = World::signed_in(HOST);
        world.fill(2, &usual(HOST));
        world.delays.storage = storage;
        for (tab, key) in [(0, "a"), (1, "b"), (0, "c"), (1, "d"), (0, "e")] {
            world.call(tab, Call::StoreValue(key.to_owned(), "1".into(), true));
            world.advance(3);
        }
        world.advance(MINUTE);

        let record = world.disk.record.clone().unwrap();
        for key in [r#""a""#, r#""b""#, r#""c""#, r#""d""#, r#""e""#] {
            assert!(record.contains(key), "{key} at {storage} ms: {record}");
        }
        assert!(world.is_signed_in(0) && world.is_signed_in(1));
    }
}

#[test]
fn a_key_that_is_stored_while_the_session_changes_is_remembered() {
    for (after, what) in (0..200).step_by(8).flat_map(|after| [(after, 0), (after, 1), (after, 2)]) {
        let mut world = World::with(HOST);
        world.delays.storage = 20;
        if what > 0 {
            world.sign_in(0);
        }
        world.forget();
        let call = match what {
            0 => world.call(0, Call::Signin(crate::world::credentials().into())),
            1 => world.call(0, Call::Refresh(true)),
            _ => world.call(0, Call::Logout(doorkey::core::input::LogoutCall { keep_all: true, ..Default::default() })),
        };
        world.advance(after);
        let stored = world.call(0, Call::StoreValue("theme".to_owned(), "1".into(), true));
        world.wait(call).unwrap();
        world.wait(stored).unwrap();
        world.advance(MINUTE);

        let record = world.disk.record.clone().unwrap();
        assert!(record.contains(r#""theme""#), "{what} after {after} ms: {record}");
        assert_eq!(world.is_signed_in(0), what < 2, "{what} after {after} ms");
        assert_eq!(record.contains("canary"), what < 2, "{what} after {after} ms: {record}");
        assert_eq!(world.told(0).len(), 1, "{what} after {after} ms: {:?}", world.told(0));
    }
}

#[test]
fn another_tab_has_what_was_exposed_in_its_own_store() {
    let mut world = World::with(EXPOSING);
    world.fill(2, &usual(EXPOSING));
    world.sign_in(0);
    world.advance(SECOND);
    assert_eq!(world.tabs[1].host_store["accesstoken"].0, r#""canary-access-0-1""#);

    world.refresh(0, true).unwrap();
    world.advance(SECOND);
    assert_eq!(world.tabs[1].host_store["accesstoken"].0, r#""canary-access-0-2""#);

    world.logout(0).unwrap();
    world.advance(SECOND);
    assert_eq!(keys(&world, 1), "doorkey", "only the copy of the record, which another tab's tombstone outdates");
    assert!(world.tabs[1].shown.is_empty());
}

#[test]
fn another_tabs_copy_of_the_record_follows_what_tabs_share() {
    type Turn = fn(&mut World);
    let mut world = World::with(HOST);
    world.fill(2, &usual(HOST));
    let turns: [(Turn, Option<&str>); 3] = [
        (|world| _ = world.sign_in(0), Some("canary-access-0-1")),
        (|world| _ = world.refresh(0, true).unwrap(), Some("canary-access-0-2")),
        (|world| _ = world.logout(0).unwrap(), None),
    ];
    for (turn, token) in turns {
        turn(&mut world);
        world.advance(SECOND);
        let copy = world.tabs[1].host_store["doorkey"].0.clone();
        assert_eq!(Some(&copy), world.disk.record.as_ref());
        assert_eq!(copy.contains("canary"), token.is_some());
        assert!(token.is_none_or(|token| copy.contains(token)), "bindings of that tab read it");
    }
}

#[test]
fn the_shared_record_and_the_hosts_copy_are_weighed() {
    let live = |generation: u64| {
        format!(
            r#"{{"v":1,"generation":{generation},"changedAt":{},"tokens":{{"accessToken":"canary-access-0-{generation}","refreshToken":"canary-refresh-0-1","receivedAt":1,"signedInAt":1}}}}"#,
            crate::world::START - 10 * MINUTE
        )
    };
    let gone =
        |generation: u64| format!(r#"{{"v":1,"generation":{generation},"changedAt":1,"tombstone":"signedOut"}}"#);
    let young = live(4)
        .replace(&(crate::world::START - 10 * MINUTE).to_string(), &(crate::world::START - 5 * SECOND).to_string());
    let rows = [
        (None, None, None, "nothing anywhere"),
        (Some(live(4)), Some(live(4)), Some(4), "the same"),
        (Some(live(4)), Some(live(3)), Some(4), "a copy that lags"),
        (Some(live(3)), Some(live(4)), Some(4), "a shared record that was lost and begun again"),
        (None, Some(live(4)), Some(4), "no shared record"),
        (Some(live(4)), None, None, "the host has cleared its store"),
        (Some(live(4)), Some("hello".to_owned()), None, "the host's copy is nonsense"),
        (Some(young), None, Some(4), "the copy may still be on its way"),
        (Some(gone(5)), Some(live(4)), None, "another tab has signed out"),
        (Some(live(4)), Some(gone(5)), None, "the host signed out"),
        (Some("nonsense".to_owned()), Some(live(4)), Some(4), "the shared record is nonsense"),
    ];
    for (shared, copy, expected, why) in rows {
        let mut world = World::default();
        world.disk.record = shared;
        let host_store: BTreeMap<_, _> = copy.into_iter().map(|copy| ("doorkey".to_owned(), (copy, true))).collect();
        world.open_with(&usual(HOST), host_store);
        world.settle();

        let token = world.access_token(0).ok();

        let expected = expected.map(|number: u64| Value::from(format!("canary-access-0-{number}")));
        assert_eq!(token, expected, "{why}");
    }
}

#[test]
fn a_session_that_the_host_has_cleared_can_be_begun_again() {
    let mut world = World::signed_in(HOST);
    world.advance(5 * MINUTE);
    world.close(0);
    let tab = world.open(&usual(HOST));
    world.settle();
    assert!(!world.is_signed_in(tab));

    world.sign_in(tab);
    world.advance(5 * MINUTE);
    let tab = reload(&mut world, tab, HOST);

    assert!(world.is_signed_in(tab));
}

#[test]
fn four_tabs_wake_and_one_refreshes() {
    let mut world = World::with(HOST);
    world.delays.storage = 10;
    world.fill(4, &usual(HOST));
    world.advance(SECOND);
    world.sign_in(0);
    world.advance(SECOND);
    world.sleep(20 * MINUTE);

    for tab in 0..4 {
        world.hint(tab, Hint::Visible(true));
    }
    world.advance(MINUTE);

    assert_eq!((world.server.count("/token"), world.server.reuses), (1, 0));
    for tab in 0..4 {
        assert_eq!(world.access_token(tab).unwrap(), Value::from("canary-access-0-2"));
        assert_eq!(world.told(tab).iter().filter(|told| told.0 == EventKind::Refreshed).count(), 1);
    }
}

#[test]
fn a_stores_failure_is_the_hosts() {
    let mut world = World::with(HOST);
    world.disk.record_fault = Some(Code::Host);

    world.sign_in(0);

    assert!(world.told(0).contains(&(EventKind::Failed, Some("ERR_HOST"))));
    assert!(world.is_signed_in(0));
}

#[test]
fn a_session_that_the_host_has_cleared_does_not_come_back_at_the_next_look() {
    let mut world = World::signed_in(HOST);
    world.advance(MINUTE);
    world.tabs[0].host_store.clear();

    let tab = reload(&mut world, 0, HOST);
    assert!(!world.is_signed_in(tab));
    let tab = reload(&mut world, tab, HOST);
    assert!(!world.is_signed_in(tab));
    assert!(
        !format!("{:?}", world.tabs[tab].host_store).contains("canary"),
        "the record is not in the host's store again"
    );
}

#[test]
fn a_query_runs_again_only_when_what_it_is_bound_to_has_been_written() {
    let mut world = World::signed_in(EXPOSING);
    world.delays.storage = 200;
    world.delays.host = 1;
    world.host.on("orders", [Reply::Throws(json(r#"{ "status": 401 }"#)), Reply::Gives(json("7"))]);

    let call = world.call(0, Call::run(Value::from("orders"), Value::Undefined).unwrap());
    while world.host.count("orders") < 2 {
        assert!(world.is_pending(call));
        world.advance(1);
    }

    assert_eq!(world.tabs[0].host_store["accesstoken"].0, r#""canary-access-0-2""#, "the new token is there first");
    assert_eq!(world.wait(call), Ok(Value::Number(7.0)));
}

#[test]
fn many_values_at_once_are_named_by_few_commits() {
    let mut world = World::signed_in(r#"{ "storage": "host" }"#);
    world.delays.storage = 10;
    let before = world.disk.history.len();
    let key = |number| format!("key{number}");

    let calls: Vec<_> = (0..200).map(|number| world.call(0, Call::StoreValue(key(number), "1".into(), true))).collect();

    for call in calls {
        assert!(world.wait(call).is_ok());
    }
    assert!(world.disk.history.len() - before <= 3, "{} commits", world.disk.history.len() - before);
    let record = world.disk.record.clone().unwrap();
    assert!((0..200).all(|number| record.contains(&format!("\"{}\"", key(number)))), "every key is named: {record}");
}

#[test]
fn a_sign_out_during_a_commit_that_names_keys_leaves_nobody_waiting() {
    let mut world = World::with(r#"{ "storage": "host", "keep": ["name"] }"#);
    world.server.fail("/login", [Fault::Status(200, &[], r#"{ "access_token": "canary-a", "name": "Ada" }"#)]);
    world.delays.storage = 10;
    let signin = world.call(0, Call::Signin(credentials().into()));
    let stores: Vec<_> =
        (0..9).map(|number| world.call(0, Call::StoreValue(format!("key{number}"), "1".into(), true))).collect();
    world.advance(115);

    let logout = world.call(0, Call::Logout(doorkey::core::input::LogoutCall { keep_all: true, ..Default::default() }));

    for call in stores.into_iter().chain([signin, logout]) {
        let _ = world.wait(call);
    }
    assert_eq!(world.unsettled(), []);
}

#[test]
fn a_sign_out_removes_the_values_in_every_tabs_view_of_the_hosts_store() {
    for (ours, theirs) in [(0, 1), (1, 0)] {
        let mut world = World::signed_in(HOST);
        store(&mut world, 0, "theme");
        world.settle();
        let host_store = world.tabs[0].host_store.clone();
        world.open_with(&usual(HOST), host_store);
        store(&mut world, 1, "cart");
        world.advance(SECOND);

        world.logout(ours).unwrap();
        world.advance(SECOND);

        for tab in [ours, theirs] {
            assert_eq!(keys(&world, tab), "doorkey", "tab {tab}, signed out in {ours}");
            assert_eq!(world.tabs[tab].shown.len(), 0, "tab {tab}, signed out in {ours}");
        }
        let record = world.disk.record.clone().unwrap();
        assert!(!record.contains("theme") && !record.contains("cart"), "{record}");

        world.sign_in(theirs);
        store(&mut world, theirs, "theme");
        world.advance(MINUTE);
        assert_eq!(keys(&world, theirs), "doorkey theme", "of who has signed in then");
    }
}

#[test]
fn a_value_that_a_sign_out_spares_is_spared_in_every_tab() {
    let mut world = World::signed_in(HOST);
    store(&mut world, 0, "theme");
    store(&mut world, 0, "cart");
    world.settle();
    let host_store = world.tabs[0].host_store.clone();
    world.open_with(&usual(HOST), host_store);
    world.advance(SECOND);

    world.run(0, Call::Logout(LogoutCall { keep: vec!["theme".to_owned()], ..LogoutCall::default() })).unwrap();
    world.advance(SECOND);

    assert_eq!((keys(&world, 0), keys(&world, 1)), ("doorkey theme".to_owned(), "doorkey theme".to_owned()));
}

#[test]
fn a_value_that_another_tab_has_stored_can_be_removed() {
    let mut world = World::signed_in(HOST);
    world.fill(2, &usual(HOST));
    store(&mut world, 1, "cart");
    world.advance(SECOND);

    world.run(0, Call::RemoveValue("cart".to_owned())).unwrap();
    world.settle();

    assert!(!world.disk.record.as_ref().unwrap().contains("cart"));
}

#[test]
fn a_tab_that_hears_late_keeps_nothing_of_the_session_before() {
    for signs_in in [0, 1] {
        let mut world = World::signed_in(HOST);
        store(&mut world, 0, "theme");
        world.settle();
        let host_store = world.tabs[0].host_store.clone();
        world.open_with(&usual(HOST), host_store);
        world.advance(SECOND);
        world.delays.message = MINUTE;

        world.logout(0).unwrap();
        world.sign_in(signs_in);
        store(&mut world, signs_in, "cart");
        world.advance(2 * MINUTE);

        assert!(!world.tabs[1].shown.contains_key("theme"), "signed in in {signs_in}");
        assert_eq!(keys(&world, signs_in), "cart doorkey", "signed in in {signs_in}");
    }
}

#[test]
fn a_refresh_is_stored_whatever_another_tab_writes_meanwhile() {
    for after in (0..120).step_by(3) {
        let mut world = World::signed_in(HOST);
        world.fill(2, &usual(HOST));
        world.delays.storage = 10;
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(after);
        store(&mut world, 1, "theme");
        world.wait(refresh).unwrap();
        world.advance(SECOND);

        let record = world.disk.record.clone().unwrap();
        assert!(record.contains("canary-refresh-0-2") && record.contains("theme"), "after {after} ms: {record}");
        assert!(world.is_signed_in(0) && world.refresh(0, true).is_ok(), "after {after} ms");
    }
}
