//! The browser's parts in a page: storage that is shared, full or denied, IndexedDB, locks, channel, abort, timers.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

mod kit;

use std::cell::RefCell;
use std::rc::Rc;

use doorkey::{Auth, Code, CrossTab, EventKind, Options, Storage};
use kit::{ADA, Running, Server, js, sleep, until};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

async fn resolved(expression: &str) -> JsValue {
    JsFuture::from(js_sys::Promise::from(js(expression))).await.unwrap()
}

#[wasm_bindgen_test]
async fn local_storage_is_shared_under_keys_that_begin_with_the_name() {
    let server = Server::new(3600.0);
    let (first, second) = (server.open("local-a"), server.open("local-a"));
    first.signin(&ADA).await.unwrap();
    first.store_value("theme", &"dark", true).await.unwrap();
    until("the other session hears of it", || second.status().signed_in).await;
    assert_eq!(second.access_token().await.unwrap(), first.access_token().await.unwrap());
    let keys = "Object.keys(localStorage).filter((key) => key.startsWith('local-a')).length";
    assert_eq!(js(keys), 2);
    first.logout().await.unwrap();
    until("the other session is over", || !second.status().signed_in).await;
    assert_eq!(second.access_token().await.unwrap_err().code, Code::SignedOut);
    assert!(js("Object.values(localStorage).every((text) => !text.includes('refresh-signin'))").is_truthy());
}

#[wasm_bindgen_test]
async fn a_refresh_gives_way_to_a_record_that_came_meanwhile() {
    let server = Server::new(3600.0);
    let open = || Auth::new(&Options { cross_tab: Some(CrossTab::Optimistic), ..server.options("local-b") }).unwrap();
    let (first, second) = (open(), open());
    first.signin(&ADA).await.unwrap();
    until("the other session hears of it", || second.status().signed_in).await;
    let running = first.clone();
    let refresh = Running::start(async move { running.refresh_access_token(true).await });
    sleep(10).await;

    second.logout().await.unwrap();

    let outcome = refresh.output().await;
    assert!(outcome.is_err() || !outcome.unwrap().ok, "the refresh lost against the sign-out");
    assert!(!first.status().signed_in && !second.status().signed_in && server.refreshes.get() == 1);
    assert!(js("!localStorage.getItem('local-b').includes('refresh-')").is_truthy());
}

#[wasm_bindgen_test]
async fn session_storage_is_this_tabs() {
    let auth = Auth::new(&Options { storage: Some(Storage::Session), ..Server::new(3600.0).options("tab") }).unwrap();
    auth.signin(&ADA).await.unwrap();
    assert!(js("!!sessionStorage.getItem('tab') && !localStorage.getItem('tab')").is_truthy());
    auth.logout().await.unwrap();
}

#[wasm_bindgen_test]
async fn full_storage_refuses_values_and_leaves_the_session_in_memory() {
    let auth = Server::new(3600.0).open("full");
    auth.store_value("theme", &"dark", true).await.unwrap();
    js("globalThis.realSetItem = Storage.prototype.setItem, Storage.prototype.setItem = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    }");
    let stored = auth.store_value("theme", &"light", true).await;
    let signed_in = auth.signin(&ADA).await;
    js("Storage.prototype.setItem = realSetItem");
    assert_eq!(stored.unwrap_err().code, Code::StorageFull);
    assert_eq!(auth.value::<String>("theme").unwrap().as_deref(), Some("dark"));
    assert!(signed_in.is_ok() && auth.check().await.unwrap(), "the session is in memory");
    assert!(js("!localStorage.getItem('full')").is_truthy());
}

#[wasm_bindgen_test]
async fn denied_storage_is_replaced_by_memory() {
    js("globalThis.realStorage = Object.getOwnPropertyDescriptor(globalThis, 'localStorage'),
        Object.defineProperty(globalThis, 'localStorage', { configurable: true, get() {
            throw new DOMException('The user has blocked storage.', 'SecurityError');
        } })");
    let auth = Server::new(3600.0).open("denied");
    js("Object.defineProperty(globalThis, 'localStorage', realStorage)");
    auth.signin(&ADA).await.unwrap();
    auth.store_value("theme", &"dark", true).await.unwrap();
    assert!(auth.check().await.unwrap());
    assert_eq!(auth.value::<String>("theme").unwrap().as_deref(), Some("dark"));
    assert!(js("Object.keys(localStorage).every((key) => !key.startsWith('denied'))").is_truthy());
}

#[wasm_bindgen_test]
async fn sessions_with_stores_of_their_own_share_the_record_in_indexed_db() {
    let server = Server::new(3600.0);
    let (first, second) = (kit::with_store(&server, "host-a"), kit::with_store(&server, "host-a"));
    first.signin(&ADA).await.unwrap();
    until("the other session hears of it", || second.status().signed_in).await;
    assert_eq!(second.access_token().await.unwrap(), first.access_token().await.unwrap());
    assert!(js("!localStorage.getItem('host-a')").is_truthy());
    second.logout().await.unwrap();
    until("the first session is over", || !first.status().signed_in).await;
}

#[wasm_bindgen_test]
async fn the_lock_keeps_sessions_from_refreshing_at_once() {
    kit::assert_one_refresh(|server| server.open("locked")).await;
}

#[wasm_bindgen_test]
async fn a_stranger_who_holds_the_lock_delays_a_refresh_and_no_more() {
    let server = Server::new(3600.0);
    let auth = Auth::new(&Options { timeout_seconds: Some(0.5), ..server.options("held") }).unwrap();
    auth.signin(&ADA).await.unwrap();
    // Which lock it takes is seen while it refreshes; the one with two lines is the mark that it leaves.
    js("globalThis.lockNames = new Set(), globalThis.realRequest = LockManager.prototype.request,
        LockManager.prototype.request = function (name, ...rest) { if (!name.includes('\\n')) lockNames.add(name); return realRequest.call(this, name, ...rest); }");
    auth.refresh_access_token(true).await.unwrap();
    assert_eq!(js("lockNames.size"), 1);
    resolved(
        "new Promise((held) => realRequest.call(navigator.locks, [...lockNames][0],
        () => new Promise((release) => { globalThis.release = release; held(); })))",
    )
    .await;

    let refreshed = Running::start(async move { auth.refresh_access_token(true).await }).output().await.unwrap();

    js("LockManager.prototype.request = realRequest, globalThis.release()");
    assert!(refreshed.refreshed && server.refreshes.get() == 2);
}

#[wasm_bindgen_test]
async fn the_channel_tells_other_sessions_without_a_token() {
    let server = Server::new(3600.0);
    let (first, second) = (server.open("channel"), server.open("channel"));
    js(
        "globalThis.words = [], globalThis.ear = new BroadcastChannel('channel'), ear.onmessage = ({ data }) => words.push(data)",
    );
    let reasons = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&reasons);
    let _subscription = second.on(EventKind::SignedIn, move |event| heard.borrow_mut().push(event.reason)).unwrap();
    assert!(!second.check().await.unwrap());

    first.signin(&ADA).await.unwrap();

    until("the other session hears of it", || !reasons.borrow().is_empty()).await;
    assert_eq!(*reasons.borrow(), [Some("otherTab".to_owned())]);
    js("ear.close()");
    assert!(js("words.length > 0 && words.every((word) => word === 'changed')").is_truthy());
    first.logout().await.unwrap();
}

#[wasm_bindgen_test]
async fn an_abort_with_any_reason_settles_the_call() {
    let auth = Server::new(3600.0).open("abort");
    let here = js("location.href");
    for reason in ["undefined", "null", "'enough'", "0", "new Error('enough')", "{ why: 1 }", "Symbol('x')"] {
        let early = format!("{{ signal: AbortSignal.abort({reason}) }}");
        let late = format!(
            "((abort) => {{ setTimeout(() => abort.abort({reason})); return {{ signal: abort.signal }}; }})(new AbortController())"
        );
        for (is_late, init) in [(false, early), (true, late)] {
            let (auth, here, init) = (auth.clone(), here.clone(), js(&init));
            let signal = js_sys::Reflect::get(&init, &"signal".into()).unwrap();
            let outcome = Running::start(async move { auth.fetch(&here, &init).await }).output().await;
            let Err(error) = outcome else {
                assert!(is_late, "{reason}: a request that was aborted before it was sent");
                continue; // The abort came too late and found nothing to abort.
            };
            assert_eq!(error.code, Code::Cancelled, "{reason}: {error}");
            let given = js_sys::Reflect::get(&signal, &"reason".into()).unwrap();
            assert!(js_sys::Object::is(&error.cause(), &given), "{reason}");
        }
    }
}

#[wasm_bindgen_test]
async fn the_timer_refreshes_before_expiry_without_a_call() {
    let server = Server::new(1.0);
    let auth = server.open("timer");
    auth.signin(&ADA).await.unwrap();
    server.lifetime.set(3600.0);
    until("the timer has refreshed", || server.refreshes.get() == 1).await;
    until("the new token is there", || auth.status().expires_in_seconds.is_some_and(|seconds| seconds > 1000.0)).await;
    sleep(200).await;
    assert_eq!(server.refreshes.get(), 1);
}
