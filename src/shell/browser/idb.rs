//! The record that tabs share where the host's store does not reach them: IndexedDB, one transaction a commit.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::global;
use crate::core::input::Commit;

const DATABASE: &str = "doorkey";
const STORE: &str = "records";

/// What stands under a name.
///
/// # Errors
/// What IndexedDB threw, or `undefined` where there is none.
pub async fn read(name: &str) -> Result<Option<String>, JsValue> {
    let database = open().await?;
    let read = async {
        let found = done(&store(&database, IdbTransactionMode::Readonly)?.get(&JsValue::from_str(name))?).await?;
        Ok(found.as_string())
    };
    let result = read.await;
    // An open connection would keep the page out of the back/forward cache.
    database.close();
    result
}

/// Writes `text` if `expected` is what stands there, in one transaction.
///
/// # Errors
/// What IndexedDB threw, or `undefined` where there is none.
pub async fn commit(name: &str, expected: Option<&str>, text: &str) -> Result<Commit, JsValue> {
    let database = open().await?;
    let commit = async {
        let key = JsValue::from_str(name);
        let store = store(&database, IdbTransactionMode::Readwrite)?;
        let current = done(&store.get(&key)?).await?.as_string();
        if current.as_deref() != expected {
            return Ok(Commit::Lost(current));
        }
        done(&store.put_with_key(&JsValue::from_str(text), &key)?).await?;
        Ok(Commit::Applied)
    };
    let result = commit.await;
    database.close();
    result
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory = global("indexedDB");
    if !factory.is_object() {
        return Err(JsValue::UNDEFINED);
    }
    let request = factory.unchecked_into::<IdbFactory>().open_with_u32(DATABASE, 1)?;
    let opening: IdbOpenDbRequest = request.clone();
    let create = Closure::once_into_js(move || {
        if let Ok(database) = opening.result() {
            let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(create.unchecked_ref()));
    Ok(done(&request).await?.unchecked_into())
}

fn store(database: &IdbDatabase, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
}

/// The result of a request.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    request.result()
}
