//! The first look at the storage, and what may stand there.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint};
use doorkey::core::time::Millis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;

use crate::world::options::usual;
use crate::world::{MINUTE, SECOND, START, World, code};

fn record_of(world: &World) -> String {
    world.disk.record.clone().expect("there is a record")
}

/// A world whose storage holds this record when the only tab opens.
fn opened_on(record: &str) -> World {
    let mut world = World::default();
    world.disk.record = Some(record.to_owned());
    world.open(&usual("{}"));
    world.settle();
    world
}

#[test]
fn a_reload_keeps_the_session() {
    let mut world = World::signed_in("{}");

    let tab = world.open(&usual("{}"));
    world.settle();

    assert!(world.is_signed_in(tab));
    assert_eq!(world.access_token(tab).unwrap(), Value::from("canary-access-0-1"));
    assert_eq!(world.told(tab), [], "nothing has happened");
}

#[test]
fn calls_that_come_early_wait_for_the_storage() {
    let mut world = World::signed_in("{}");
    world.delays.storage = 100;
    let tab = world.open(&usual("{}"));

    let early = world.call(tab, Call::AccessToken(Millis(0)));
    assert_eq!(world.outcome(early), None);

    assert_eq!(world.wait(early).unwrap(), Value::from("canary-access-0-1"));
}

#[test]
fn a_storage_that_never_answers_is_gone_without() {
    let mut world = World::default();
    world.disk.hangs = true;
    let tab = world.open(&usual(r#"{ "timeoutSeconds": 3 }"#));
    let early = world.call(tab, Call::Check);

    assert_eq!(world.wait(early), Ok(Value::Bool(false)));

    assert_eq!(world.now, START + 3 * SECOND);
    assert_eq!(world.told(tab), [(EventKind::Failed, Some("ERR_TIMEOUT"))]);
    world.sign_in(tab);
    assert!(world.access_token(tab).is_ok(), "the session lives in memory");
}

#[test]
fn a_storage_that_can_not_be_read_is_gone_without() {
    let mut world = World::default();
    world.disk.unreadable = true;
    let tab = world.open(&usual("{}"));
    world.settle();

    assert_eq!(world.told(tab), [(EventKind::Failed, Some("ERR_STORAGE_DENIED"))]);
    world.sign_in(tab);
    assert!(world.access_token(tab).is_ok(), "the session lives in memory");
    assert_eq!(world.disk.record, None);
}

#[test]
fn a_storage_that_can_not_be_read_any_more_changes_nothing() {
    let mut world = World::signed_in("{}");
    world.disk.unreadable = true;

    world.hint(0, doorkey::core::input::Hint::Changed);
    world.advance(20 * MINUTE);

    assert!(world.is_signed_in(0));
    assert!(world.access_token(0).is_ok());
    assert_eq!(world.server.reuses, 0);
}

#[test]
fn what_this_code_did_not_write_is_no_session() {
    let world = World::signed_in("{}");
    let good = record_of(&world);
    let truncated = good.split_at(good.len() - 9).0.to_owned();
    let newer = good.replace(r#""v":1"#, r#""v":2"#);
    let both = good.replace(r#""v":1"#, r#""v":1,"tombstone":"signedOut""#);
    let rows = [
        truncated.as_str(),
        &newer,
        &both,
        "",
        "null",
        "7",
        "[]",
        "{}",
        r#"{"v":1,"generation":-1,"changedAt":1}"#,
        r#"{"v":1,"generation":1.5,"changedAt":1}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":[]}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"accessToken":5,"receivedAt":1,"signedInAt":1}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tombstone":"other"}"#,
        r#"{"v":1,"generation":9007199254740993,"changedAt":1}"#,
    ];
    for record in rows {
        let mut world = opened_on(record);

        assert!(!world.is_signed_in(0), "{record}");
        assert_eq!(record_of(&world), record, "it is not touched until something is to be stored");
        world.sign_in(0);
        assert!(record_of(&world).contains("canary-access-0-1"), "{record}");
    }
}

#[test]
fn a_hostile_record_does_no_harm() {
    let huge = 9_007_199_254_740_991_u64;
    let rows = [
        format!(r#"{{"v":1,"generation":{huge},"changedAt":{huge},"tokens":{{"accessToken":"a","refreshToken":"r","receivedAt":{huge},"expiresAt":{huge},"signedInAt":{huge}}}}}"#),
        r#"{"v":1,"generation":0,"changedAt":0,"tokens":{"receivedAt":0,"expiresAt":0,"signedInAt":0,"variables":{"__proto__":{"x":1}}}}"#.to_owned(),
        r#"{"v":1,"generation":0,"changedAt":0,"keys":["__proto__","constructor",""],"tombstone":"expired"}"#.to_owned(),
    ];
    for record in rows {
        let mut world = opened_on(&record);

        world.access_token(0).ok();
        world.advance(MINUTE);
        world.logout(0).unwrap();
        world.sign_in(0);

        assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"), "{record}");
    }
}

#[test]
fn an_expired_session_is_signed_in_while_it_can_be_refreshed() {
    let mut world = World::signed_in("{}");
    world.sleep(20 * MINUTE);

    assert_eq!(world.status(0, "signedIn"), Value::Bool(true));
    assert_eq!(world.status(0, "expiresInSeconds"), Value::Number(-600.0));
    assert_eq!(world.status(0, "hasRefreshToken"), Value::Bool(true));
}

#[test]
fn the_status_of_a_store_is_that_of_the_record_in_it() {
    let world = World::signed_in("{}");
    let session = &world.tabs[0].session;
    let now = doorkey::core::time::UnixMillis(world.now);
    let text = Value::from(record_of(&world));
    let object = crate::testing::json(&record_of(&world));

    for stored in [text, object] {
        assert_eq!(session.status_in(&stored, now), session.status(now));
    }
    for nothing in [Value::Undefined, Value::from("x"), Value::Null] {
        assert!(!session.status_in(&nothing, now).signed_in);
    }
}

#[test]
fn a_tab_of_memory_shares_nothing() {
    let mut world = World::signed_in(r#"{ "storage": "memory" }"#);
    world.fill(2, &usual(r#"{ "storage": "memory" }"#));

    assert!(world.is_signed_in(0) && !world.is_signed_in(1));
    assert_eq!(world.disk.record, None);
    assert!(world.refresh(0, true).is_ok());
    assert_eq!(code(&world.access_token(1)), Some(Code::SignedOut));
}

#[test]
fn the_hosts_copy_is_shown_until_the_shared_record_is_read() {
    let mut world = World::signed_in(r#"{ "storage": "host" }"#);
    let copy = world.tabs[0].host_store.clone();
    world.delays.storage = 100;
    let tab = world.open_with(&usual(r#"{ "storage": "host" }"#), copy.clone());
    world.hint(tab, Hint::Preview(copy["doorkey"].0.as_str().into()));
    assert!(world.is_signed_in(tab), "at once");

    world.logout(0).unwrap();
    world.advance(SECOND);
    assert!(!world.is_signed_in(tab), "what tabs share is the truth");
    world.hint(tab, Hint::Preview(copy["doorkey"].0.as_str().into()));
    assert!(!world.is_signed_in(tab), "and a late preview is none");
}
