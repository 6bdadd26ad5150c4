//! What tabs leave to each other: the lock, and the end of a session that one has copied from another.

use std::collections::BTreeMap;

use doorkey::core::input::{Call, Hint};
use doorkey::core::secret::Secret;
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{EventKind, GuardedPage};

use crate::world::locks::Owner;
use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World};

const IN_SESSION: &str = r#"{ "storage": "session" }"#;

#[test]
fn a_hogged_lock_costs_five_seconds_and_no_more() {
    let mut world = World::signed_in(r#"{ "timeoutSeconds": 30 }"#);
    world.locks.holder = Some(Owner::Stranger);
    let began = world.now;

    world.refresh(0, true).unwrap();

    assert_eq!(world.now - began, 5 * SECOND + 100);
    world.let_go();
}

#[test]
fn who_refreshes_says_so_and_is_waited_for_however_slow_the_server_is() {
    for late in [1, 4, 6, 11, 24] {
        let mut world = World::signed_in(r#"{ "timeoutSeconds": 30 }"#);
        world.fill(2, &usual(r#"{ "timeoutSeconds": 30 }"#));
        world.server.fail("/token", [Fault::Slow(late * SECOND)]);

        let calls = [world.call(0, Call::Refresh(true)), world.call(1, Call::Refresh(true))];
        for call in calls {
            assert!(world.wait(call).is_ok(), "{late} s late");
        }

        assert_eq!((world.server.count("/token"), world.server.reuses), (1, 0), "{late} s late");
    }
}

#[test]
fn a_holder_that_says_it_refreshes_for_ever_is_not_waited_for_any_longer_than_it_may_take() {
    let mut world = World::signed_in(r#"{ "timeoutSeconds": 10 }"#);
    world.locks.holder = Some(Owner::Stranger);
    let began = world.now;
    let refresh = world.call(0, Call::Refresh(true));
    for _ in 0..60 {
        world.advance(SECOND);
        world.hint(0, Hint::Refreshing);
    }
    assert!(world.outcome(refresh).is_some_and(|outcome| outcome.is_ok()));
    assert!(world.tabs[0].events.iter().all(|event| event.at <= UnixMillis(began + 11 * SECOND)));
}

/// Two tabs of which the first has opened the second, as `window.open` does: with a copy of its storage.
fn opened_from_one_another(extra: &str) -> World {
    let mut world = World::signed_in(extra);
    world.run(0, Call::StoreValue("theme".to_owned(), Secret::from("1"), true)).unwrap();
    world.open(&usual(extra));
    let record = world.tabs[0].area.record.clone();
    world.tabs[1].area.record = record;
    world.tabs[1].area.values = world.tabs[0].area.values.clone();
    world.reopen(1, &usual(extra), BTreeMap::new());
    world.settle();
    world.forget();
    world
}

#[test]
fn tabs_that_were_opened_from_one_another_share_the_sign_out() {
    let mut world = opened_from_one_another(IN_SESSION);
    assert!(world.is_signed_in(1));
    assert_eq!(world.run(1, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(true)));

    world.logout(0).unwrap();
    world.advance(SECOND);

    assert!(!world.is_signed_in(1));
    let area = &world.tabs[1].area;
    assert!(!area.record.as_ref().unwrap().contains("canary") && area.values.is_empty());
    assert_eq!(world.told(1), [(EventKind::SignedOut, Some("otherTab"))]);
    assert_eq!(world.tabs[1].navigations, ["Login"], "a protected page may not stay");
    assert_eq!(world.server.count("/revoke"), 1, "once is enough");
}

#[test]
fn a_tab_with_a_session_of_its_own_keeps_it() {
    let mut world = opened_from_one_another(IN_SESSION);
    world.advance(SECOND);
    world.sign_in(1);
    world.forget();

    world.logout(0).unwrap();
    world.advance(SECOND);

    assert!(world.is_signed_in(1));
    assert_eq!(world.told(1), []);
    world.refresh(1, true).unwrap();

    let mut world = World::signed_in("{}");
    world.hint(0, Hint::Ended(UnixMillis(crate::world::START)));
    world.advance(MINUTE);
    assert!(world.is_signed_in(0), "the record that tabs share says whether there is a session");
}

#[test]
fn a_page_that_is_not_guarded_stays_where_it_is() {
    let mut world = opened_from_one_another(IN_SESSION);
    world.logout(0).unwrap();
    world.advance(SECOND);
    assert!(!world.is_signed_in(1) && world.tabs[1].navigations.is_empty());
}

#[test]
fn what_another_tab_says_of_its_end_is_for_those_that_share_no_record_and_have_copies() {
    let rows = [
        (r#"{ "storage": "session" }"#, true),
        (r#"{ "storage": "session", "crossTab": "off" }"#, false),
        (r#"{ "storage": "memory" }"#, false),
        (r#"{ "storage": "local" }"#, false),
    ];
    for (options, ends) in rows {
        let mut world = World::signed_in(options);
        let signed_in_at = world.tabs[0].events[0].at;
        world.hint(0, Hint::Ended(signed_in_at));
        world.settle();
        assert_eq!(world.is_signed_in(0), !ends, "{options}");
    }
}
