//! Where a session rests: what moves it, and that it leaves nothing where it was.

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::input::{Call, Hint};
use doorkey::core::options::Storage;
use doorkey::core::secret::Secret;
use doorkey::core::value::{Map, Value};
use doorkey::core::vocabulary::EventKind;

use crate::world::options::usual;
use crate::world::{SECOND, World, credentials};

const IN_SESSION: &str = r#"{ "storage": "session" }"#;
const IN_LOCAL: &str = r#"{ "storage": "local" }"#;
const REMEMBER: &str = r#"{ "storage": "local", "remember": "{{ inputs.stay }}" }"#;

fn store(world: &mut World, key: &str, text: &str, persist: bool) {
    store_in(world, 0, key, text, persist);
}

fn store_in(world: &mut World, tab: usize, key: &str, text: &str, persist: bool) {
    world.run(tab, Call::StoreValue(key.to_owned(), Secret::from(text), persist)).unwrap();
}

fn sign_in_staying(world: &mut World, tab: usize, stay: Option<bool>) {
    let Value::Map(mut inputs) = credentials() else { panic!("inputs are an object") };
    if let Some(stay) = stay {
        inputs.set("stay", Value::Bool(stay));
    }
    world.run(tab, Call::Signin(Value::Map(inputs).into())).unwrap();
}

fn live(record: Option<&String>) -> bool {
    record.is_some_and(|text| text.contains("canary"))
}

#[test]
fn create_auth_again_with_another_storage_moves_session_and_values_and_leaves_nothing() {
    let mut world = World::signed_in(IN_LOCAL);
    world.fill(2, &usual(IN_LOCAL));
    store(&mut world, "theme", "1", true);
    store(&mut world, "theme", "2", false);
    store(&mut world, "size", "3", true);
    world.forget();

    world.configure(0, IN_SESSION);
    world.advance(SECOND);

    assert!(world.disk.values.is_empty() && !live(world.disk.record.as_ref()), "{:?}", world.disk);
    assert!(live(world.tabs[0].area.record.as_ref()));
    assert_eq!(world.told(0), [], "for the user nothing has changed");
    assert_eq!(world.told(1), [(EventKind::SignedOut, Some("otherTab"))], "it must learn of it");
    assert_eq!(world.tabs[0].shown["theme"], "2");
    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"));
    world.refresh(0, true).unwrap();

    world.reopen(0, &usual(IN_SESSION), BTreeMap::new());
    world.settle();
    assert!(world.is_signed_in(0), "it rests there");
    assert_eq!((world.tabs[0].shown["theme"].as_str(), world.tabs[0].shown["size"].as_str()), ("1", "3"));
    world.logout(0).unwrap();
    assert!(!live(world.tabs[0].area.record.as_ref()) && world.tabs[0].area.values.is_empty());
}

#[test]
fn every_way_between_storages_takes_all_along() {
    let all = ["memory", "session", "local", "vault", "host"];
    for from in all {
        for to in all.into_iter().filter(|to| *to != from) {
            let options =
                |storage: &str| format!(r#"{{ "storage": "{storage}", "expose": {{ "accessToken": "at" }} }}"#);
            let mut world = World::signed_in(&options(from));
            store(&mut world, "theme", "1", true);

            world.configure(0, &options(to));
            world.advance(SECOND);

            let way = format!("from {from} to {to}");
            assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"), "{way}");
            assert_eq!(world.tabs[0].shown["theme"], "1", "{way}");
            let tab = &world.tabs[0];
            let places = [
                ("local", live(world.disk.record.as_ref()) || !world.disk.values.is_empty()),
                ("session", live(tab.area.record.as_ref()) || !tab.area.values.is_empty()),
                ("memory", live(tab.memory.record.as_ref())),
                (
                    "host",
                    tab.host_store.values().any(|(text, _)| text.contains("canary"))
                        || tab.host_store.contains_key("theme"),
                ),
            ];
            for (place, has_something) in places {
                // What tabs share of a host's session, and what is sealed, rests on the same disk as local storage here.
                if place != to && !(["host", "vault"].contains(&to) && place == "local") {
                    assert!(!has_something, "{way}: {place} has something: {tab:?} {:?}", world.disk);
                }
            }
            world.logout(0).unwrap();
            assert!(!world.tabs[0].host_store.contains_key("theme") && world.disk.values.is_empty(), "{way}");
        }
    }
}

#[test]
fn a_value_of_this_pages_life_persists_nowhere_by_a_move() {
    let mut world = World::signed_in(r#"{ "storage": "memory" }"#);
    store(&mut world, "draft", "1", false);
    store(&mut world, "theme", "2", true);
    store(&mut world, "theme", "3", false);
    for storage in ["host", "local", "host", "session", "host", "vault", "memory", "host", "local"] {
        world.configure(0, &format!(r#"{{ "storage": "{storage}" }}"#));
        world.advance(SECOND);
        let kept = world.tabs[0].host_store.iter().filter(|(_, (_, persist))| *persist).map(|(key, _)| key.as_str());
        assert!(!kept.chain(world.disk.values.keys().map(String::as_str)).any(|key| key == "draft"), "{storage}");
        assert!(!world.tabs[0].area.values.contains_key("draft"), "{storage}");
        let shown = &world.tabs[0].shown;
        assert_eq!((shown["draft"].as_str(), shown["theme"].as_str()), ("1", "3"), "{storage}");
    }
    assert_eq!(world.disk.values["theme"], "2");
}

#[test]
fn what_is_called_while_a_session_moves_waits_for_it() {
    let mut world = World::signed_in(r#"{ "storage": "host" }"#);
    world.delays.storage = 20;
    let refresh = world.call(0, Call::Refresh(true));
    world.advance(45);
    world.configure(0, IN_SESSION);
    let token = world.call(0, Call::AccessToken(doorkey::core::time::Millis(0)));

    assert!(world.wait(refresh).is_ok());
    assert!(world.wait(token).is_ok());
    world.advance(SECOND);

    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-2"), "nothing is lost on the way");
    assert!(live(world.tabs[0].area.record.as_ref()) && !live(world.disk.record.as_ref()));
}

#[test]
fn a_session_that_another_tab_has_refreshed_moves_as_it_is_now() {
    let mut world = World::signed_in(IN_LOCAL);
    world.fill(2, &usual(IN_LOCAL));
    world.delays.message = 60 * SECOND;
    world.refresh(1, true).unwrap();

    world.configure(0, IN_SESSION);

    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-2"));
    assert!(!live(world.disk.record.as_ref()));
}

#[test]
fn a_storage_to_which_a_signed_out_page_moves_may_have_a_session() {
    let mut world = World::signed_in(IN_LOCAL);
    world.reopen(0, &usual(IN_SESSION), BTreeMap::new());
    world.settle();
    assert!(!world.is_signed_in(0));

    world.configure(0, IN_LOCAL);

    assert!(world.is_signed_in(0));
    assert_eq!(world.told(0), [(EventKind::SignedIn, None)]);
}

#[test]
fn who_does_not_want_to_be_remembered_leaves_nothing_in_local_storage() {
    for stay in [Some(false), None] {
        let mut world = World::with(REMEMBER);
        world.fill(2, &usual(REMEMBER));

        sign_in_staying(&mut world, 0, stay);
        store(&mut world, "theme", "1", true);
        world.advance(SECOND);

        assert!(!live(world.disk.record.as_ref()) && world.disk.values.is_empty(), "{stay:?}: {:?}", world.disk);
        assert!(world.disk.history.iter().all(|text| !text.contains("canary")), "not for a moment");
        assert!(world.is_signed_in(0) && !world.is_signed_in(1));
        world.reopen(0, &usual(REMEMBER), BTreeMap::new());
        world.settle();
        assert!(world.is_signed_in(0), "a reload finds it");
        assert_eq!(world.tabs[0].shown["theme"], "1");
        world.logout(0).unwrap();
        assert!(world.tabs[0].area.values.is_empty() && !live(world.tabs[0].area.record.as_ref()));
    }
}

#[test]
fn who_does_not_want_to_be_remembered_by_a_vault_leaves_nothing_there() {
    let options = REMEMBER.replace("local", "vault");
    let mut world = World::with(&options);
    world.delays.storage = 20;
    sign_in_staying(&mut world, 0, Some(false));
    store(&mut world, "theme", "1", true);
    world.advance(SECOND);

    assert_eq!(world.tabs[0].storage, Storage::Session);
    assert!(!live(world.disk.record.as_ref()) && world.disk.values.is_empty(), "{:?}", world.disk);
    world.reopen(0, &usual(&options), BTreeMap::new());
    world.settle();
    world.advance(SECOND);
    assert!(world.is_signed_in(0), "a reload finds it");
    sign_in_staying(&mut world, 0, Some(true));
    world.advance(SECOND);
    assert_eq!(world.tabs[0].storage, Storage::Vault);
    assert!(live(world.disk.record.as_ref()) && !live(world.tabs[0].area.record.as_ref()));
}

#[test]
fn what_rests_in_a_tab_is_sealed_where_a_vault_is_asked_for() {
    let sealed = |asked| Storage::ALL.iter().copied().filter(|it| it.is_sealed(asked)).collect::<Vec<_>>();
    assert_eq!(sealed(Some(Storage::Vault)), [Storage::Session, Storage::Vault]);
    assert_eq!(sealed(Some(Storage::Session)), [Storage::Vault]);
    assert_eq!(sealed(None), [Storage::Vault]);
}

#[test]
fn four_tabs_of_a_vault_that_takes_its_time_refresh_once() {
    let mut world = World::signed_in(r#"{ "storage": "vault" }"#);
    world.fill(4, &usual(r#"{ "storage": "vault" }"#));
    world.delays.storage = 20;
    let calls: Vec<_> = (0..4).map(|tab| (tab, world.call(tab, Call::Refresh(true)))).collect();
    for (_, call) in calls {
        assert!(world.wait(call).is_ok());
    }
    for tab in 0..4 {
        assert_eq!(world.access_token(tab).unwrap(), Value::from("canary-access-0-2"), "{tab}");
    }
    store(&mut world, "theme", "1", true);
    world.advance(SECOND);
    assert!(world.tabs.iter().all(|tab| tab.shown["theme"] == "1"));
}

#[test]
fn who_wants_to_be_remembered_is_by_every_tab_and_after_a_reload() {
    let mut world = World::with(REMEMBER);
    world.fill(2, &usual(REMEMBER));
    sign_in_staying(&mut world, 0, Some(true));
    world.advance(SECOND);
    assert!(world.is_signed_in(0) && world.is_signed_in(1));

    world.reopen(0, &usual(REMEMBER), BTreeMap::new());
    world.settle();
    assert!(world.is_signed_in(0));
}

#[test]
fn the_last_sign_in_decides_whether_a_user_is_remembered() {
    let mut world = World::with(REMEMBER);
    world.fill(2, &usual(REMEMBER));
    sign_in_staying(&mut world, 0, Some(true));
    sign_in_staying(&mut world, 0, Some(false));
    world.advance(SECOND);
    assert!(!live(world.disk.record.as_ref()) && world.is_signed_in(0) && !world.is_signed_in(1));

    sign_in_staying(&mut world, 0, Some(true));
    world.advance(SECOND);
    assert!(live(world.disk.record.as_ref()) && !live(world.tabs[0].area.record.as_ref()));
    assert!(world.is_signed_in(0) && world.is_signed_in(1));
    assert_eq!(world.tabs[0].storage, Storage::Local);
}

#[test]
fn a_tab_that_has_a_session_of_its_own_has_it_still_after_a_reload() {
    let mut world = World::with(REMEMBER);
    world.fill(2, &usual(REMEMBER));
    sign_in_staying(&mut world, 0, Some(false));
    sign_in_staying(&mut world, 1, Some(true));
    world.advance(SECOND);
    world.hint(0, Hint::Changed);
    world.settle();
    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"));

    world.reopen(0, &usual(REMEMBER), BTreeMap::new());
    world.settle();
    assert_eq!(world.access_token(0).unwrap(), Value::from("canary-access-0-1"));
    assert_eq!(world.access_token(1).unwrap(), Value::from("canary-access-1-1"));
}

#[test]
fn remember_is_a_template_and_nothing_else() {
    use doorkey::core::options::Options;
    let mut given = Map::new();
    given.set("remember", Value::Bool(true));
    let error = Options::parse(&Value::Map(given)).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("remember"));
}

/// A page that the browser has kept, and the page after it in the same tab, which makes `then` of the session.
fn comes_back_after(options: &str, before: &[bool], then: &[bool]) -> World {
    let mut world = World::with(options);
    world.fill(2, &usual(options));
    for stay in before {
        sign_in_staying(&mut world, 0, Some(*stay));
        store(&mut world, "theme", "1", true);
    }
    world.advance(SECOND);
    world.tabs[1].area = world.tabs[0].area.clone();
    world.reopen(1, &usual(options), BTreeMap::new());
    world.settle();
    if !before.is_empty() {
        world.logout(1).unwrap();
    }
    for stay in then {
        sign_in_staying(&mut world, 1, Some(*stay));
        store_in(&mut world, 1, "size", "2", true);
    }
    world.advance(SECOND);
    world.tabs[0].area = world.tabs[1].area.clone();
    // What the shell sees then, where the page's session rests.
    let rests = if world.tabs[0].storage == Storage::Session { &world.tabs[0].area } else { &world.disk };
    let found: Vec<_> = rests.values.iter().map(|(key, text)| (key.clone(), Secret::from(text.as_str()))).collect();
    for (key, text) in found {
        world.hint(0, Hint::Value(key, Some(text)));
    }
    world.hint(0, Hint::Changed);
    world.hint(0, Hint::Back);
    world.advance(SECOND);
    world
}

#[test]
fn a_page_that_comes_back_finds_the_session_where_the_next_one_has_let_it_rest() {
    for options in [REMEMBER.to_owned(), REMEMBER.replace("local", "vault")] {
        for before in [&[] as &[bool], &[false], &[true]] {
            for stay in [true, false] {
                let mut world = comes_back_after(&options, before, &[stay]);
                let way = format!("{before:?}, {stay}, {options}");
                assert!(world.is_signed_in(0), "{way}");
                assert_eq!(world.tabs[0].storage, world.tabs[1].storage, "{way}");
                assert_eq!(world.tabs[0].shown.get("theme"), None, "{way}: it went with the sign-out");
                assert_eq!(world.tabs[0].shown.get("size").map(String::as_str), Some("2"), "{way}");
                let newest = world.access_token(1).unwrap();
                assert_eq!(world.access_token(0), Ok(newest), "{way}");
                world.refresh(0, true).unwrap();
            }
        }
    }
}

#[test]
fn a_page_that_comes_back_to_a_sign_out_has_told_of_it_once() {
    for before in [false, true] {
        let mut world = comes_back_after(REMEMBER, &[before], &[]);
        let ends = world.told(0).into_iter().filter(|(kind, _)| *kind == EventKind::SignedOut).count();
        assert_eq!(ends, 1, "{before}");
        assert_eq!(world.access_token(0).unwrap_err().code, Code::SignedOut);
        assert_eq!(world.tabs[0].shown.get("theme"), None);
    }
}

#[test]
fn a_page_that_is_left_while_it_opens_looks_again_when_it_comes_back() {
    let options = REMEMBER.replace("local", "vault");
    let mut world = World::with(&options);
    world.fill(2, &usual(&options));
    sign_in_staying(&mut world, 1, Some(false));
    world.delays.storage = 20;
    world.reopen(0, &usual(&options), BTreeMap::new());
    world.advance(50);
    assert_eq!(world.tabs[0].storage, Storage::Vault, "it has found none in this tab, and awaits the vault");
    world.tabs[0].area = world.tabs[1].area.clone();
    world.hint(0, Hint::Back);
    world.advance(SECOND);
    assert!(world.is_signed_in(0));
}
