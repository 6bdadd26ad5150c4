//! The browser's parts in a dedicated worker: no web storage, and the rest as in a page.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

mod kit;

use std::cell::RefCell;
use std::rc::Rc;

use doorkey::{EventKind, Options, Storage};
use kit::{ADA, Server, js, until};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn without_web_storage_the_session_is_in_memory() {
    assert!(js("typeof localStorage === 'undefined' && typeof window === 'undefined'").is_truthy());
    let server = Server::new(3600.0);
    for storage in [None, Some(Storage::Local), Some(Storage::Session)] {
        let open = || doorkey::Auth::new(&Options { storage, ..server.options("memory") }).unwrap();
        let (auth, other) = (open(), open());
        auth.signin(&ADA).await.unwrap();
        auth.store_value("theme", &"dark", true).await.unwrap();
        assert!(auth.status().signed_in && auth.check().await.unwrap());
        assert_eq!(auth.value::<String>("theme").unwrap().as_deref(), Some("dark"));
        assert!(!other.check().await.unwrap(), "memory is not shared");
        auth.logout().await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn sessions_of_host_storage_share_the_record_and_hear_of_each_other() {
    let server = Server::new(3600.0);
    let (first, second) = (kit::with_store(&server, "shared"), kit::with_store(&server, "shared"));
    let reasons = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&reasons);
    let subscription = second.on(EventKind::SignedIn, move |event| heard.borrow_mut().push(event.reason)).unwrap();
    assert!(!second.check().await.unwrap());

    first.signin(&ADA).await.unwrap();

    until("the other session hears of it", || !reasons.borrow().is_empty()).await;
    assert_eq!(*reasons.borrow(), [Some("otherTab".to_owned())]);
    assert_eq!(second.access_token().await.unwrap(), first.access_token().await.unwrap());
    drop(subscription);
    second.logout().await.unwrap();
    until("the first session is over", || !first.status().signed_in).await;
}

#[wasm_bindgen_test]
async fn the_lock_keeps_sessions_from_refreshing_at_once() {
    kit::assert_one_refresh(|server| kit::with_store(server, "locked")).await;
}
