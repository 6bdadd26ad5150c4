//! Events, and what tabs learn from each other.

use doorkey::core::input::{Call, Hint};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{MINUTE, SECOND, World};

#[test]
fn what_one_tab_does_all_tabs_tell_once() {
    let mut world = World::with("{}");
    world.fill(3, &usual("{}"));

    world.sign_in(0);
    world.advance(SECOND);
    world.refresh(1, true).unwrap();
    world.advance(SECOND);
    // Hints may come as often as they like.
    for tab in 0..3 {
        world.hint(tab, Hint::Changed);
        world.hint(tab, Hint::Woke);
    }
    world.advance(SECOND);
    world.server.revoke_all();
    world.refresh(2, true).unwrap_err();
    world.advance(SECOND);

    let other = Some("otherTab");
    assert_eq!(
        world.told(0),
        [(EventKind::SignedIn, None), (EventKind::Refreshed, other), (EventKind::Expired, other)]
    );
    assert_eq!(
        world.told(1),
        [(EventKind::SignedIn, other), (EventKind::Refreshed, None), (EventKind::Expired, other)]
    );
    assert_eq!(
        world.told(2),
        [
            (EventKind::SignedIn, other),
            (EventKind::Refreshed, other),
            (EventKind::Expired, Some("ERR_REFRESH_REJECTED"))
        ]
    );
}

#[test]
fn a_tab_that_slept_adopts_what_another_has_refreshed() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.delays.message = 60 * MINUTE;
    world.hint(1, Hint::Visible(false));
    world.refresh(0, true).unwrap();

    world.hint(1, Hint::Visible(true));
    world.settle();

    assert_eq!(world.access_token(1).unwrap(), Value::from("canary-access-0-2"));
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn a_forced_refresh_adopts_what_another_tab_has_just_refreshed() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.delays.message = 60 * MINUTE;
    let calls = [world.call(0, Call::Refresh(true)), world.call(1, Call::Refresh(true))];

    for call in calls {
        assert!(world.wait(call).is_ok());
    }

    assert_eq!((world.server.count("/token"), world.server.reuses), (1, 0));
}

#[test]
fn tabs_that_want_nothing_of_each_other_are_left_alone() {
    let mut world = World::with(r#"{ "crossTab": "off" }"#);
    world.fill(2, &usual(r#"{ "crossTab": "off" }"#));

    world.sign_in(0);
    world.advance(SECOND);

    assert_eq!(world.told(1), []);
    assert!(world.locks.holder.is_none());
    assert!(world.refresh(0, true).is_ok());
}

#[test]
fn a_sign_in_as_somebody_else_replaces_the_session_in_every_tab() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.advance(SECOND);

    world.sign_in(1);
    world.advance(SECOND);

    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-1-1"));
    assert_eq!(world.told(0).last(), Some(&(EventKind::SignedIn, Some("otherTab"))));
}

#[test]
fn a_sign_in_during_another_tabs_refresh_wins() {
    for after in (0..140).step_by(5) {
        let mut world = World::signed_in("{}");
        world.fill(2, &usual("{}"));
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(after);

        world.sign_in(1);
        world.wait(refresh).ok();
        world.advance(SECOND);

        for tab in 0..2 {
            assert_eq!(world.access_token(tab).unwrap(), Value::from("canary-access-1-1"), "after {after} ms");
        }
    }
}

#[test]
fn a_storage_that_somebody_emptied_is_a_sign_out() {
    let mut world = World::signed_in("{}");
    world.forget();
    world.disk.record = None;

    world.hint(0, Hint::Changed);
    world.settle();

    assert_eq!(world.told(0), [(EventKind::SignedOut, Some("otherTab"))]);
    assert!(!world.is_signed_in(0));
    world.sign_in(0);
    assert!(world.is_signed_in(0));
}

#[test]
fn what_another_tab_notes_of_the_same_session_is_no_event() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.forget();
    world.server.fail("/token", [Fault::NoNetwork]);
    world.refresh(1, true).unwrap_err();
    world.advance(SECOND);
    assert!(world.disk.record.as_ref().is_some_and(|record| record.contains("pause")), "it has noted the pause");
    assert_eq!(world.told(0), []);
}
