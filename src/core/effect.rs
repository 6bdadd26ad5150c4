//! What goes out: all that core asks of the world, as plain data.

use super::error::AuthError;
use super::flow::step::{Query, StepRequest};
use super::http::Addition;
use super::input::{Bearer, CallId, EffectId};
use super::secret::{Secret, Sensitive};
use super::time::{Millis, UnixMillis};
use super::value::Value;
use super::vocabulary::{EventKind, Storage};

/// One thing for the shell to do. An effect with an id wants an answer to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// From now on record and values rest there.
    Place {
        /// Where.
        storage: Storage,
        /// Whether the record is to be taken out of where it has rested.
        forgets: bool,
    },
    /// Read the stored record.
    Read(EffectId),
    /// Write `text` if `expected` is what is stored, in one turn.
    Commit {
        /// Answered by [`super::input::Answer::Committed`].
        id: EffectId,
        /// The stored text that the write is based on.
        expected: Option<Secret>,
        /// The text to store.
        text: Secret,
    },
    /// Write the record that tabs share to the host's copy of it.
    Mirror(Secret),
    /// List the stored values; in a host's store those under these keys.
    List(EffectId, Vec<String>),
    /// Write a value, or remove it (`None`).
    Put {
        /// Answered by [`super::input::Answer::Done`].
        id: EffectId,
        /// The value's key.
        key: String,
        /// JSON.
        text: Option<Secret>,
        /// Whether it outlives a reload.
        persist: bool,
    },
    /// A value changed: what `getValue` gives from now on, as JSON.
    Show(String, Option<Secret>),
    /// Take the lock of the session.
    Lock(EffectId),
    /// Give it back, or stop waiting for it.
    Unlock,
    /// The session is at its end: nothing more will be asked for.
    Over,
    /// Do what a step of a flow asks for; answered by [`super::input::Answer::Step`].
    Step(EffectId, StepRequest),
    /// Run the caller's own query; answered by [`super::input::Answer::Response`] with its data.
    Query {
        /// What is awaited.
        id: EffectId,
        /// The query, or its name.
        query: Query,
        /// Its parameters.
        params: Sensitive<Value>,
        /// Whether core must see the data.
        look: bool,
    },
    /// Send the caller's own request; answered by [`super::input::Answer::Response`].
    Send {
        /// What is awaited.
        id: EffectId,
        /// Whose request.
        call: CallId,
        /// What is put on it.
        addition: Addition,
        /// Whether a token went with it: nobody else's response is looked into.
        is_authorised: bool,
        /// Whether core must see all of it, the body, too.
        look: bool,
        /// The header that core must see in any case, in lower case.
        header: Option<String>,
    },
    /// From now on the caller's own requests may go ahead, as this says; `None`: not any more.
    Permit(Option<Permit>),
    /// Nobody waits for this answer any more.
    Abort(EffectId),
    /// Keep for this tab which page of its own origin a guard has sent away from; `None`: none.
    KeepPage(Option<String>),
    /// Go to a page.
    Navigate(EffectId, String),
    /// Keep an issuer's metadata, where other tabs find it.
    Remember(String),
    /// Open a window in which a sign-in will go on.
    OpenPopup,
    /// Hand the page's address to whoever has opened its window; answered by [`super::input::Answer::Done`] once that has taken it.
    HandOver(EffectId, Secret),
    /// Keep no longer what stands under this key of a sign-in that has left the page.
    TakeOut(String),
    /// Take the answer out of the page's address: this is what is left.
    ReplaceLocation(Secret),
    /// The key of that name, where it is in use, is to outlive the page or is not to; answered by
    /// [`super::input::Answer::Done`] once it does, or can't.
    KeepKey {
        /// Who may wait for it.
        id: EffectId,
        /// The name.
        name: String,
        /// Whether it is.
        is_kept: bool,
    },
    /// Tell the user, in the host's way, that something went wrong.
    Notify(String),
    /// The flow that asked the user is at its end: a form that is still shown can go.
    CloseForm,
    /// Say a word to the other tabs.
    Announce(Word),
    /// Tell the listeners.
    Emit(Event),
    /// Settle a call.
    Settle(CallId, Result<Sensitive<Value>, AuthError>),
}

/// What the shell may send by itself: the caller's own requests to these origins, until the permit is taken back, or the moment
/// comes at which core has something to do. It hands each over whose answer is anything but plain.
#[derive(Clone, Debug, PartialEq)]
pub struct Permit {
    /// Where to.
    pub origins: Vec<String>,
    /// What is put on them.
    pub headers: Vec<(String, Secret)>,
    /// The tokens in those.
    pub bearer: Bearer,
    /// So long without an answer, and a request is handed over: core minds the time limits.
    pub alone: Millis,
}

/// What tabs say to each other. It holds no token, and whoever shares the origin can say it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Word {
    /// The record has changed.
    Changed,
    /// The user is there.
    Active,
    /// Who has the lock is still refreshing.
    Refreshing,
    /// The session that began at this moment was ended: a tab that was opened from this one may have it, too.
    Ended(UnixMillis),
}

/// What listeners get.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: UnixMillis,
    /// Why: the word of a [`Code`](super::vocabulary::Code) or a [`Reason`](super::vocabulary::Reason).
    pub reason: Option<&'static str>,
}
