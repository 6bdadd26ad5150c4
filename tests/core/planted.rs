//! What somebody else has written where the record rests.

use std::collections::BTreeMap;

use doorkey::core::input::{Call, Hint};
use doorkey::core::options::Options;
use doorkey::core::secret::Secret;
use doorkey::core::value::Value;

use crate::testing::json;
use crate::world::options::usual;
use crate::world::{SECOND, START, World};

const HOST: &str = r#"{ "storage": "host" }"#;

fn store(world: &mut World, key: &str, text: &str) {
    world.run(0, Call::StoreValue(key.to_owned(), Secret::from(text), true)).unwrap();
}

/// A store of the host's with something of its own, and a record that names it.
fn planted(keys: &str) -> BTreeMap<String, (String, bool)> {
    let record =
        format!(r#"{{"v":1,"generation":7,"changedAt":{START},"tombstone":"signedOut","keys":{keys},"marks":[1,2]}}"#);
    let entries = [("doorkey", record), ("salary", "70000".to_owned()), ("theme", r#""dark""#.to_owned())];
    entries.into_iter().map(|(key, text)| (key.to_owned(), (text, true))).collect()
}

#[test]
fn a_planted_record_makes_no_foreign_key_seen_or_removed() {
    for absent in [false, true] {
        let mut world = World::default();
        world.disk.absent = absent;
        world.open_with(&usual(HOST), planted(r#"["salary","theme"]"#));
        world.settle();
        assert!(world.tabs[0].shown.is_empty(), "{absent}: {:?}", world.tabs[0].shown);

        world.sign_in(0);
        store(&mut world, "theme", r#""light""#);
        world.logout(0).unwrap();

        let left = &world.tabs[0].host_store;
        assert_eq!(left["salary"].0, "70000", "{absent}");
        assert!(!left.contains_key("theme"), "{absent}: what was written through doorkey is removed");
    }
}

#[test]
fn values_in_a_hosts_store_are_there_after_a_reload_whatever_tells_whose_they_are() {
    for absent in [false, true] {
        let mut world = World::default();
        world.disk.absent = absent;
        world.open(&usual(HOST));
        world.settle();
        world.sign_in(0);
        store(&mut world, "theme", "1");
        store(&mut world, "theme", "2");
        store(&mut world, "size", "3");
        world.refresh(0, true).unwrap();
        let left = world.tabs[0].host_store.clone();

        world.reopen(0, &usual(HOST), left);
        world.settle();

        let shown = &world.tabs[0].shown;
        assert_eq!((shown["theme"].as_str(), shown["size"].as_str()), ("2", "3"), "{absent}");
        world.logout(0).unwrap();
        assert!(!world.tabs[0].host_store.contains_key("theme"), "{absent}");
    }
}

#[test]
fn the_largest_generation_does_not_lose_the_next_sign_in() {
    for storage in [r#"{ "storage": "local" }"#, HOST] {
        let record = format!(r#"{{"v":1,"generation":9007199254740991,"changedAt":{START},"tombstone":"signedOut"}}"#);
        let mut world = World::default();
        world.disk.record = Some(record.clone());
        let copy = BTreeMap::from([("doorkey".to_owned(), (record, true))]);
        world.open_with(&usual(storage), copy);
        world.settle();

        world.sign_in(0);
        let left = world.tabs[0].host_store.clone();
        world.reopen(0, &usual(storage), left);
        world.settle();

        assert!(world.is_signed_in(0), "{storage}");
        world.refresh(0, true).unwrap();
    }
}

#[test]
fn sessions_whose_values_would_share_keys_are_refused() {
    let error = Options::parse(&json(r#"{ "name": "a.value:x" }"#)).unwrap_err();
    assert_eq!((error.code.as_str(), error.path.as_deref()), ("ERR_INVALID_OPTION", Some("name")));
}

#[test]
fn a_flood_of_words_is_one_look_and_one_more() {
    let mut world = World::signed_in("{}");
    world.fill(2, &usual("{}"));
    world.delays.storage = 20;
    world.delays.message = 60 * SECOND;
    world.refresh(0, true).unwrap();

    let before = world.reads;
    for _ in 0..20_000 {
        world.hint(1, Hint::Changed);
    }
    assert_eq!(world.reads - before, 1);
    world.advance(SECOND);
    assert_eq!(world.reads - before, 2);
    assert_eq!(world.access_token(1).unwrap(), Value::from("canary-access-0-2"), "and it sees what there is");
}

#[test]
fn a_store_that_shows_late_what_was_written_ends_no_session() {
    let mut world = World::default();
    world.disk.absent = true;
    world.open(&usual(HOST));
    world.settle();
    world.sign_in(0);
    let before = world.tabs[0].host_store.remove("doorkey");

    store(&mut world, "theme", "1");

    assert!(before.is_some() && world.is_signed_in(0));
    let written = world.tabs[0].host_store["doorkey"].0.clone();
    assert!(written.contains("canary-access") && written.contains("theme"), "{written}");
    // The same of an older text, and of a look.
    world.tabs[0].host_store.insert("doorkey".to_owned(), before.unwrap());
    world.hint(0, Hint::Visible(true));
    store(&mut world, "size", "1");
    assert!(world.is_signed_in(0));
    // A sign-out gets there all the same.
    world.tabs[0].host_store.remove("doorkey");
    world.logout(0).unwrap();
    assert!(world.tabs[0].host_store["doorkey"].0.contains("signedOut"));
}

#[test]
fn a_store_that_was_cleared_ends_the_session_where_it_is_the_only_place() {
    for after in [0, 31 * SECOND] {
        let mut world = World::default();
        world.disk.absent = true;
        world.open(&usual(HOST));
        world.settle();
        world.sign_in(0);
        world.advance(after);
        let left = world.tabs[0].host_store["doorkey"].0.clone();
        // Signed out by another tab, at any time; or cleared, once our own should be there.
        let gone = left.replace(r#""generation":1"#, r#""generation":2"#);
        let tombstone = format!(r#"{},"tombstone":"signedOut"}}"#, gone.split(r#","tokens""#).next().unwrap());
        world.tabs[0].host_store.remove("doorkey");
        if after == 0 {
            world.tabs[0].host_store.insert("doorkey".to_owned(), (tombstone, true));
        }
        world.hint(0, Hint::Visible(true));
        world.settle();
        assert!(!world.is_signed_in(0), "{after}");
    }
}
