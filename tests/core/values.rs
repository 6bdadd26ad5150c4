//! `storeValue`, `getValue`, `removeValue`, `clearStore`.

use doorkey::core::arguments::key;
use doorkey::core::error::Code;
use doorkey::core::input::{Call, CallId, Hint, LogoutCall};
use doorkey::core::value::{Map, Value};
use doorkey::core::values::store::Store;

use crate::testing::PLATFORM;
use crate::world::options::usual;
use crate::world::{MINUTE, Outcome, SECOND, World, code, ok};

fn store(world: &mut World, tab: usize, key: &str, text: &str, persist: bool) -> Outcome {
    world.run(tab, Call::StoreValue(key.to_owned(), text.into(), persist))
}

fn remove(world: &mut World, key: &str) -> Outcome {
    world.run(0, Call::RemoveValue(key.to_owned()))
}

fn shown(world: &World, tab: usize) -> String {
    let shown: Vec<_> = world.tabs[tab].shown.iter().map(|(key, text)| format!("{key}={text}")).collect();
    shown.join(" ")
}

#[test]
fn a_value_is_readable_at_once_and_after_a_reload() {
    let mut world = World::with("{}");
    world.delays.storage = 100;

    let call = world.call(0, Call::StoreValue("a.b".to_owned(), r#"{"x":[1]}"#.into(), true));
    assert_eq!(shown(&world, 0), r#"a.b={"x":[1]}"#);
    assert_eq!(world.wait(call), ok("{}"));

    let tab = world.open(&usual("{}"));
    world.advance(SECOND);
    assert_eq!(shown(&world, tab), r#"a.b={"x":[1]}"#);
}

#[test]
fn a_value_that_comes_before_the_storage_has_answered_is_readable_at_once() {
    let mut world = World::default();
    world.delays.storage = 100;
    world.disk.values.insert("theme".to_owned(), r#""light""#.to_owned());
    world.open(&usual("{}"));

    let call = world.call(0, Call::StoreValue("theme".to_owned(), r#""dark""#.into(), true));
    assert_eq!(shown(&world, 0), r#"theme="dark""#);
    world.wait(call).unwrap();
    assert_eq!(shown(&world, 0), r#"theme="dark""#);
    assert_eq!(world.disk.values["theme"], r#""dark""#);
}

#[test]
fn a_value_of_this_page_shadows_the_persisted_one_until_it_is_removed_or_the_page_reloaded() {
    let mut world = World::with("{}");
    store(&mut world, 0, "k", "1", true).unwrap();

    store(&mut world, 0, "k", "2", false).unwrap();
    assert_eq!((shown(&world, 0).as_str(), world.disk.values["k"].as_str()), ("k=2", "1"));

    let reloaded = world.open(&usual("{}"));
    world.settle();
    assert_eq!(shown(&world, reloaded), "k=1");
}

#[test]
fn a_shadow_is_not_lifted_by_another_tab() {
    let mut world = World::with("{}");
    world.fill(2, &usual("{}"));
    store(&mut world, 0, "k", "2", false).unwrap();

    store(&mut world, 1, "k", "3", true).unwrap();
    world.advance(SECOND);
    assert_eq!((shown(&world, 0), shown(&world, 1)), ("k=2".to_owned(), "k=3".to_owned()));

    world.run(1, Call::RemoveValue("k".to_owned())).unwrap();
    world.advance(SECOND);
    assert_eq!((shown(&world, 0), shown(&world, 1)), ("k=2".to_owned(), String::new()));
}

#[test]
fn removing_takes_both_away() {
    let mut world = World::with("{}");
    store(&mut world, 0, "k", "1", true).unwrap();
    store(&mut world, 0, "k", "2", false).unwrap();

    assert_eq!(remove(&mut world, "k"), ok("{}"));

    assert_eq!((shown(&world, 0).as_str(), world.disk.values.len()), ("", 0));
}

#[test]
fn another_tabs_values_are_seen() {
    let mut world = World::with("{}");
    world.fill(2, &usual("{}"));

    store(&mut world, 0, "k", "1", true).unwrap();
    store(&mut world, 0, "here", "1", false).unwrap();
    world.advance(SECOND);

    assert_eq!(shown(&world, 1), "k=1");
}

#[test]
fn a_write_that_the_storage_refuses_changes_nothing() {
    for fault in [Code::StorageFull, Code::StorageDenied] {
        let mut world = World::with("{}");
        store(&mut world, 0, "k", "1", true).unwrap();
        world.disk.value_fault = Some(fault);

        let stored = [store(&mut world, 0, "k", "2", true), store(&mut world, 0, "new", "3", true)];
        let removed = [remove(&mut world, "k"), world.run(0, Call::ClearStore)];

        for outcome in stored.iter().chain(&removed) {
            assert_eq!(code(outcome), Some(fault));
        }
        assert_eq!((shown(&world, 0).as_str(), world.disk.values["k"].as_str()), ("k=1", "1"));
    }
}

#[test]
fn a_write_that_never_ends_is_undone_after_the_time_limit() {
    let mut world = World::with("{}");
    store(&mut world, 0, "k", "1", true).unwrap();
    world.disk.hangs = true;

    let outcome = store(&mut world, 0, "k", "2", true);

    assert_eq!(code(&outcome), Some(Code::Timeout));
    assert_eq!(shown(&world, 0), "k=1");
}

/// Begins a write that hangs until its time is up.
fn hanging(world: &mut World, call: Call) -> CallId {
    world.disk.hangs = true;
    let call = world.call(0, call);
    world.disk.hangs = false;
    call
}

#[test]
fn a_write_that_ends_late_undoes_none_that_came_after_it() {
    let k = |text: &str| Call::StoreValue("k".to_owned(), text.into(), true);
    let mut world = World::signed_in("{}");
    let late = [hanging(&mut world, k("1")), hanging(&mut world, Call::RemoveValue("k".to_owned()))];
    store(&mut world, 0, "k", "2", true).unwrap();
    for call in late {
        assert_eq!(code(&world.wait(call)), Some(Code::Timeout));
    }
    assert_eq!((shown(&world, 0).as_str(), world.disk.values["k"].as_str()), ("k=2", "2"));

    let late = [hanging(&mut world, k("3")), hanging(&mut world, k("4"))];
    late.into_iter().for_each(|call| drop(world.wait(call).unwrap_err()));
    assert_eq!(shown(&world, 0), "k=2", "none of both is stored");

    let (late, _) = (hanging(&mut world, k("5")), sign_out(&mut world, 0, &[], false));
    world.wait(late).unwrap_err();
    assert_eq!(shown(&world, 0), "", "a sign-out has removed it meanwhile");
}

#[test]
fn a_write_that_fails_after_one_that_did_not_is_undone_to_that() {
    let mut store = Store::new(PLATFORM);
    let mut writes = Vec::new();
    for text in ["1", "2", "3"] {
        let settled = store.settled("k");
        store.set("k", text.to_owned(), true);
        writes.push(store.begin("k".to_owned(), settled));
    }
    let [first, second, third] = writes.try_into().unwrap();
    store.end(first, true);
    store.end(second, false);
    assert_eq!(store.get("k"), Some("3"));
    store.end(third, false);
    assert_eq!(store.get("k"), Some("1"));
}

#[test]
fn writes_may_end_in_another_order_than_they_began() {
    let mut store = Store::new(PLATFORM);
    let write = |store: &mut Store, text: &str| {
        let settled = store.settled("k");
        store.set("k", text.to_owned(), true);
        store.begin("k".to_owned(), settled)
    };
    let (first, second) = (write(&mut store, "1"), write(&mut store, "2"));
    assert_eq!(store.end(second, false).as_deref(), Some("k"));
    assert_eq!(store.get("k"), None);
    assert_eq!(store.end(first, true).as_deref(), Some("k"), "it is stored after all");
    assert_eq!(store.get("k"), Some("1"));

    let (third, fourth) = (write(&mut store, "3"), write(&mut store, "4"));
    assert_eq!((store.end(fourth, true), store.end(third, false)), (None, None));
    assert_eq!(store.get("k"), Some("4"));
}

#[test]
fn a_removal_that_failed_is_undone_though_it_was_asked_for_twice() {
    let mut world = World::with("{}");
    store(&mut world, 0, "k", "1", true).unwrap();
    let late = hanging(&mut world, Call::RemoveValue("k".to_owned()));
    remove(&mut world, "k").unwrap();
    world.wait(late).unwrap_err();
    assert_eq!(shown(&world, 0), "k=1");
}

#[test]
fn removing_touches_neither_the_session_nor_what_is_foreign() {
    let mut world = World::signed_in(r#"{ "expose": { "accessToken": "accesstoken" } }"#);
    store(&mut world, 0, "k", "1", true).unwrap();
    world.disk.values.insert("foreign".to_owned(), "1".to_owned());

    for key in ["foreign", "doorkey", "none", "accesstoken"] {
        assert_eq!(remove(&mut world, key), ok("{}"));
    }
    assert_eq!(world.run(0, Call::ClearStore), ok("{}"));

    assert_eq!(world.disk.values.keys().collect::<Vec<_>>(), ["accesstoken", "foreign"]);
    assert!(world.is_signed_in(0) && world.disk.record.is_some());
}

#[test]
fn keys_that_mean_something_to_javascript_are_keys() {
    let mut world = World::with("{}");
    for name in ["__proto__", "constructor", "toString", "a.b", " ", "doorkey", "é"] {
        let name = key(&Value::from(name)).unwrap();
        store(&mut world, 0, &name, "1", true).unwrap();
        assert_eq!(world.disk.values[&name], "1");
    }
    let long = "k".repeat(10_000);
    for bad in [Value::from(""), Value::from(long), Value::Number(1.0), Value::Null, Value::Map(Map::new())] {
        assert_eq!(
            key(&bad).map_err(|error| (error.code, error.path.clone().unwrap())),
            Err((Code::InvalidValue, "key".to_owned()))
        );
    }
}

#[test]
fn a_value_told_by_a_stranger_is_only_a_value() {
    let mut world = World::with("{}");

    world.hint(0, Hint::Value("k".to_owned(), Some("not json".into())));
    world.hint(0, Hint::Value("gone".to_owned(), None));

    assert!(world.sign_in(0).member("ok").is_some(), "nothing breaks");
}

fn sign_out(world: &mut World, tab: usize, keep: &[&str], keep_all: bool) {
    let keep = keep.iter().map(|key| (*key).to_owned()).collect();
    world.run(tab, Call::Logout(LogoutCall { stay: true, keep, keep_all, ..LogoutCall::default() })).unwrap();
}

#[test]
fn a_sign_out_in_another_tab_takes_the_values_of_this_page_along_but_for_those_it_spares() {
    let rows: [(&[&str], bool, &str); 3] =
        [(&[], false, ""), (&["theme"], false, "theme=2"), (&[], true, "cart=3 theme=2")];
    for (keep, keep_all, left) in rows {
        let mut world = World::with("{}");
        world.fill(2, &usual("{}"));
        world.sign_in(0);
        store(&mut world, 0, "theme", "1", true).unwrap();
        world.advance(SECOND);
        store(&mut world, 1, "theme", "2", false).unwrap();
        store(&mut world, 1, "cart", "3", false).unwrap();

        sign_out(&mut world, 0, keep, keep_all);
        world.advance(SECOND);

        assert_eq!(shown(&world, 1), left, "{keep:?} {keep_all}");
    }
}

#[test]
fn a_page_that_slept_through_a_sign_out_has_none_of_its_values_in_the_next_session() {
    let mut world = World::with("{}");
    world.fill(2, &usual("{}"));
    world.sign_in(0);
    world.advance(SECOND);
    store(&mut world, 1, "cart", "3", false).unwrap();

    // It hears of both at once.
    world.delays.message = MINUTE;
    sign_out(&mut world, 0, &[], false);
    world.sign_in(0);
    world.delays.message = 5;
    world.advance(MINUTE);

    assert_eq!(shown(&world, 1), "");
    // A sign-in alone takes nothing, as in the tab itself.
    store(&mut world, 1, "cart", "3", false).unwrap();
    world.sign_in(0);
    world.advance(SECOND);
    assert_eq!(shown(&world, 1), "cart=3");
}
