//! The session itself.

use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use super::data::{from_js, to_js};
use super::error::Error;
use super::event::{Event, Subscription};
use super::options::Options;
use super::results::{Extended, Logout, Page, Refreshed, SignedIn, SignedOut, Status};
use super::session::{Session, claims};
use crate::core::error::Code;
use crate::core::vocabulary::EventKind;

/// A session. Clones are the same session, and so they compare equal.
///
/// An application has one for each name; a second one of a name is like another tab. Calls do something once they are
/// polled. When the last clone is dropped it is as after [`Self::dispose`]: the stored session stays.
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
        self.0.ask("configure", &[&options])?;
        Ok(())
    }

    /// Runs the sign-in flow with these inputs, stores the tokens, then goes to the home page.
    ///
    /// # Errors
    /// `InvalidCredentials`, `InvalidResponse`, `Unreachable`, `Cancelled`, `Superseded`, and those of the flow's steps.
    pub async fn signin(&self, inputs: &(impl Serialize + ?Sized)) -> Result<SignedIn, Error> {
        let inputs = to_js(inputs, Code::InvalidValue, "inputs")?;
        self.get("signin", &[&inputs]).await
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
        self.get("refreshAccessToken", &[&given]).await
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
        self.get("logout", &[&how]).await
    }

    /// Gives the access token, refreshed first if need be.
    ///
    /// # Errors
    /// `SignedOut`, and as [`Self::refresh_access_token`].
    pub async fn access_token(&self) -> Result<String, Error> {
        self.get("accessToken", &[]).await
    }

    /// Gives what is attached to a request, for requests that the application sends by other means.
    ///
    /// # Errors
    /// As [`Self::access_token`].
    pub async fn headers(&self) -> Result<std::collections::BTreeMap<String, String>, Error> {
        self.get("headers", &[]).await
    }

    /// Sends a request with what is attached, and once more after a refresh where the server wants that.
    ///
    /// `input` is a URL or a `Request`, and `init` is as for the browser's `fetch`, or `undefined`; what comes back is a `Response`.
    ///
    /// # Errors
    /// `Unreachable` where there is no response, `Cancelled` for an aborted request.
    pub async fn fetch(&self, input: &JsValue, init: &JsValue) -> Result<JsValue, Error> {
        Ok(self.0.call("fetch", &[input, init]).await?)
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
        self.get("run", &[query, &params]).await
    }

    /// The user stays: counts as activity, and refreshes where the session ends with its refresh token.
    ///
    /// # Errors
    /// As [`Self::refresh_access_token`].
    pub async fn extend(&self) -> Result<Extended, Error> {
        self.get("extend", &[]).await
    }

    /// Finds out whether the session is good.
    ///
    /// # Errors
    /// Those of the check flow, but for a refusal.
    pub async fn check(&self) -> Result<bool, Error> {
        self.get("check", &[]).await
    }

    /// Says whether a page may be shown; where not, the host goes to the other page.
    ///
    /// # Errors
    /// Those of the storage and the host.
    pub async fn guard(&self, page: Page) -> Result<bool, Error> {
        self.get("guard", &[&JsValue::from_str(page.as_str())]).await
    }

    /// Says what is known of the session, with no side effect.
    pub fn status(&self) -> Status {
        // The session gives this shape always; without it nobody is signed in.
        self.look("status").unwrap_or_default()
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
        self.0.call("storeValue", &[&key.into(), &value, &persist.into()]).await?;
        Ok(())
    }

    /// Gives a stored value, `None` where there is none.
    ///
    /// # Errors
    /// `InvalidValue` for a value that is no `T`.
    pub fn value<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        optional(self.0.ask("getValue", &[&key.into()])?)
    }

    /// Gives all stored values, such as a map or a struct.
    ///
    /// # Errors
    /// `InvalidValue` for values that are no `T`.
    pub fn values<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.look("values")
    }

    /// Removes a stored value.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn remove_value(&self, key: &str) -> Result<(), Error> {
        self.0.call("removeValue", &[&key.into()]).await?;
        Ok(())
    }

    /// Removes all stored values; the session stays.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn clear_store(&self) -> Result<(), Error> {
        self.0.call("clearStore", &[]).await?;
        Ok(())
    }

    /// Calls a function whenever that happens, in this tab or another, until the subscription is dropped.
    ///
    /// # Errors
    /// None today: the event exists.
    pub fn on(&self, event: EventKind, mut on_event: impl FnMut(Event) + 'static) -> Result<Subscription, Error> {
        let on_event = move |js: JsValue| on_event(Event::from_js(event, &js));
        self.listen("on", event.as_str(), on_event)
    }

    /// Calls a function with the value of a key whenever it changes, in this tab or another; a value that is no `T` counts as none.
    ///
    /// # Errors
    /// `InvalidValue` for what is no key.
    pub fn watch<T: DeserializeOwned>(
        &self,
        key: &str,
        mut on_event: impl FnMut(Option<T>) + 'static,
    ) -> Result<Subscription, Error> {
        let on_event = move |js: JsValue| on_event(optional(js).ok().flatten());
        self.listen("watch", key, on_event)
    }

    /// Gives the last 100 steps, oldest first, secrets masked.
    ///
    /// # Errors
    /// `InvalidValue` for steps that are no `T`.
    pub fn trace<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.look("trace")
    }

    /// Ends timers, listeners and locks; calls that wait fail with `Disposed`, and so do later ones.
    pub fn dispose(&self) {
        // It gives nothing and throws nothing.
        let _ = self.0.ask("dispose", &[]);
    }

    async fn get<T: DeserializeOwned>(&self, member: &str, arguments: &[&JsValue]) -> Result<T, Error> {
        from_js(self.0.call(member, arguments).await?, "result")
    }

    fn look<T: DeserializeOwned>(&self, member: &str) -> Result<T, Error> {
        from_js(self.0.ask(member, &[])?, "result")
    }

    fn listen(
        &self,
        member: &str,
        topic: &str,
        on_event: impl FnMut(JsValue) + 'static,
    ) -> Result<Subscription, Error> {
        let subscribe = |listener: &JsValue| Ok(self.0.ask(member, &[&topic.into(), listener])?.unchecked_into());
        Ok(Subscription::begin(on_event, subscribe)?)
    }
}

fn optional<T: DeserializeOwned>(js: JsValue) -> Result<Option<T>, Error> {
    if js.is_undefined() { Ok(None) } else { from_js(js, "value").map(Some) }
}
