//! The session itself.

use std::rc::Rc;

use js_sys::Promise;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::data::{from_js, to_js};
use super::error::Error;
use super::event::{Event, Subscription};
use super::options::Options;
use super::results::{Logout, Page, Refreshed, SignedIn, SignedOut, Status};
use crate::bindings::session::{Session, claims};
use crate::core::effect::EventKind;
use crate::core::error::Code;

/// A session. Clones are the same session, and so they compare equal.
///
/// An application has one for each name; a second one of a name is like another tab. Calls do something once they are
/// polled. The last clone that is dropped stops the timers, and the stored session stays.
#[derive(Clone, Debug)]
pub struct Auth(Rc<Session>);

impl PartialEq for Auth {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Auth {}

impl Auth {
    /// Opens a session.
    ///
    /// # Errors
    /// `InvalidOption`, `Template`, with the path of what is wrong.
    pub fn new(options: &Options) -> Result<Self, Error> {
        let options = to_js(options, Code::InvalidOption, "options")?;
        Ok(Self(Rc::new(Session::open(&options)?)))
    }

    /// Takes new options for the same session.
    ///
    /// # Errors
    /// As [`Self::new`]; the old options stay.
    pub fn configure(&self, options: &Options) -> Result<(), Error> {
        let options = to_js(options, Code::InvalidOption, "options")?;
        Ok(self.0.configure(&options)?)
    }

    /// Runs the sign-in flow with these inputs, stores the tokens, then goes to the home page.
    ///
    /// # Errors
    /// `InvalidCredentials`, `InvalidResponse`, `Unreachable`, `Cancelled`, `Superseded`, and those of the flow's steps.
    pub async fn signin(&self, inputs: &(impl Serialize + ?Sized)) -> Result<SignedIn, Error> {
        let inputs = to_js(inputs, Code::InvalidValue, "inputs")?;
        settled(self.0.signin(&inputs, &JsValue::UNDEFINED)).await
    }

    /// Refreshes the tokens unless they are good, or in any case by `force`: one request, however many callers and tabs.
    ///
    /// # Errors
    /// `RefreshRejected`: the session is over. `Unreachable`: it is not, try again at `retry_at_ms`.
    pub async fn refresh_access_token(&self, force: bool) -> Result<Refreshed, Error> {
        #[derive(Serialize)]
        struct Given {
            force: bool,
        }
        let given = to_js(&Given { force }, Code::InvalidValue, "force")?;
        settled(self.0.refresh_access_token(&given)).await
    }

    /// Revokes the tokens, removes the session and the values that were stored through doorkey, then goes to the login page.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn logout(&self) -> Result<SignedOut, Error> {
        self.logout_with(&Logout::default()).await
    }

    /// Signs out in another way: without navigation, or with values that are kept.
    ///
    /// # Errors
    /// As [`Self::logout`].
    pub async fn logout_with(&self, how: &Logout) -> Result<SignedOut, Error> {
        let how = to_js(how, Code::InvalidOption, "how")?;
        settled(self.0.logout(&how)).await
    }

    /// Gives the access token, refreshed first if need be.
    ///
    /// # Errors
    /// `SignedOut`, and as [`Self::refresh_access_token`].
    pub async fn access_token(&self) -> Result<String, Error> {
        settled(self.0.access_token(&JsValue::UNDEFINED)).await
    }

    /// Gives what is attached to a request, for requests that the application sends by other means.
    ///
    /// # Errors
    /// As [`Self::access_token`].
    pub async fn headers(&self) -> Result<std::collections::BTreeMap<String, String>, Error> {
        settled(self.0.headers()).await
    }

    /// Sends a request with what is attached, and once more after a refresh where the server wants that.
    ///
    /// `input` is a URL or a `Request`, and `init` is as for the browser's `fetch`, or `undefined`; what comes back is a `Response`.
    ///
    /// # Errors
    /// `Unreachable` where there is no response, `Cancelled` for an aborted request.
    pub async fn fetch(&self, input: &JsValue, init: &JsValue) -> Result<JsValue, Error> {
        wait(self.0.fetch(input, init)).await
    }

    /// Runs a query of the host's with these parameters, and once more after a refresh where it failed as unauthorised.
    ///
    /// # Errors
    /// What the query failed with, classified; `InvalidValue` for data that is no `T`.
    pub async fn run<T: DeserializeOwned>(
        &self,
        query: &JsValue,
        params: &(impl Serialize + ?Sized),
    ) -> Result<T, Error> {
        let params = to_js(params, Code::InvalidValue, "params")?;
        settled(self.0.run(query, &params)).await
    }

    /// Finds out whether the session is good.
    ///
    /// # Errors
    /// Those of the check flow, but for a refusal.
    pub async fn check(&self) -> Result<bool, Error> {
        settled(self.0.check()).await
    }

    /// Says whether a page may be shown; where not, the host goes to the other page.
    ///
    /// # Errors
    /// Those of the storage and the host.
    pub async fn guard(&self, page: Page) -> Result<bool, Error> {
        settled(self.0.guard(&JsValue::from_str(page.as_str()))).await
    }

    /// Says what is known of the session, with no side effect.
    pub fn status(&self) -> Status {
        // The session gives this shape always; without it nobody is signed in.
        from_js(self.0.status(&JsValue::UNDEFINED), "status").unwrap_or_default()
    }

    /// Reads the claims of a JWT, unverified.
    ///
    /// # Errors
    /// `InvalidValue` for what is no JWT, or whose claims are no `T`.
    pub fn claims<T: DeserializeOwned>(&self, token: &str) -> Result<T, Error> {
        from_js(claims(&JsValue::from_str(token))?, "token")
    }

    /// Stores a value; one that is not persisted shadows the persisted one until the page is reloaded.
    ///
    /// # Errors
    /// `InvalidValue`, `StorageFull`, `StorageDenied`: nothing is changed.
    pub async fn store_value(&self, key: &str, value: &(impl Serialize + ?Sized), persist: bool) -> Result<(), Error> {
        let value = to_js(value, Code::InvalidValue, "value")?;
        wait(self.0.store_value(&JsValue::from_str(key), &value, &JsValue::from_bool(persist))).await.map(|_| ())
    }

    /// Gives a stored value, `None` where there is none.
    ///
    /// # Errors
    /// `InvalidValue` for a value that is no `T`.
    pub fn value<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        optional(self.0.value(&JsValue::from_str(key)))
    }

    /// Gives all stored values, such as a map or a struct.
    ///
    /// # Errors
    /// `InvalidValue` for values that are no `T`.
    pub fn values<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_js(self.0.values(), "values")
    }

    /// Removes a stored value.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn remove_value(&self, key: &str) -> Result<(), Error> {
        wait(self.0.remove_value(&JsValue::from_str(key))).await.map(|_| ())
    }

    /// Removes all stored values; the session stays.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn clear_store(&self) -> Result<(), Error> {
        wait(self.0.clear_store()).await.map(|_| ())
    }

    /// Calls a function whenever that happens, in this tab or another, until the subscription is dropped.
    ///
    /// # Errors
    /// None today: the event exists.
    pub fn on(&self, event: EventKind, mut hear: impl FnMut(Event) + 'static) -> Result<Subscription, Error> {
        let hear = move |js: JsValue| hear(Event::from_js(event, &js));
        Ok(Subscription::begin(hear, |listener| self.0.on(&JsValue::from_str(event.as_str()), listener))?)
    }

    /// Calls a function with the value of a key whenever it changes, in this tab or another; a value that is no `T` counts as none.
    ///
    /// # Errors
    /// `InvalidValue` for what is no key.
    pub fn watch<T: DeserializeOwned>(
        &self,
        key: &str,
        mut hear: impl FnMut(Option<T>) + 'static,
    ) -> Result<Subscription, Error> {
        let hear = move |js: JsValue| hear(optional(js).ok().flatten());
        Ok(Subscription::begin(hear, |listener| self.0.watch(&JsValue::from_str(key), listener))?)
    }

    /// Gives the last 100 steps, oldest first, secrets masked.
    ///
    /// # Errors
    /// `InvalidValue` for steps that are no `T`.
    pub fn trace<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_js(self.0.trace(), "trace")
    }

    /// Ends timers, listeners and locks; calls that wait fail with `Disposed`, and so do later ones.
    pub fn dispose(&self) {
        self.0.dispose();
    }
}

async fn settled<T: DeserializeOwned>(promise: Promise) -> Result<T, Error> {
    from_js(wait(promise).await?, "result")
}

async fn wait(promise: Promise) -> Result<JsValue, Error> {
    Ok(JsFuture::from(promise).await?)
}

fn optional<T: DeserializeOwned>(js: JsValue) -> Result<Option<T>, Error> {
    if js.is_undefined() { Ok(None) } else { from_js(js, "value").map(Some) }
}
