//! What goes out: all that core asks of the world, as plain data.

use super::error::AuthError;
use super::flow::machine::Want;
use super::input::{CallId, EffectId};
use super::time::UnixMillis;
use super::value::Value;

/// One thing for the shell to do. An effect with an id wants an answer to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read the stored record.
    Read(EffectId),
    /// Write `text` if `expected` is what is stored, in one turn.
    Commit {
        /// Answered by [`super::input::Answer::Committed`].
        id: EffectId,
        /// The stored text that the write is based on.
        expected: Option<String>,
        /// The text to store.
        text: String,
    },
    /// Write the record that tabs share to the host's copy of it.
    Mirror(String),
    /// List the stored values; in a host's store those under these keys.
    List(EffectId, Vec<String>),
    /// Write a value, or remove it (`None`).
    Put {
        /// Answered by [`super::input::Answer::Done`].
        id: EffectId,
        /// The value's key.
        key: String,
        /// JSON.
        text: Option<String>,
        /// Whether it outlives a reload.
        persist: bool,
    },
    /// A value changed: what `getValue` gives from now on.
    Show(String, Option<String>),
    /// Take the lock of the session.
    Lock(EffectId),
    /// Give it back, or stop waiting for it.
    Unlock,
    /// Do what a flow wants.
    Want(EffectId, Want),
    /// Run the caller's own query.
    Query {
        /// Answered by [`super::input::Answer::Response`] with its data.
        id: EffectId,
        /// The query, or its name.
        query: Value,
        /// Its parameters.
        params: Value,
        /// Whether core must see the data.
        look: bool,
    },
    /// Send the caller's own request.
    Send {
        /// Answered by [`super::input::Answer::Response`].
        id: EffectId,
        /// Whose request.
        call: CallId,
        /// What is put on it.
        addition: Addition,
        /// Whether core must see the response, and not its status alone.
        look: bool,
    },
    /// Nobody waits for this answer any more.
    Abort(EffectId),
    /// Go to a page.
    Navigate(EffectId, String),
    /// Tell the user, in the host's way, that something went wrong.
    Notify(String),
    /// The flow that asked the user is at its end: a form that is still shown can go.
    CloseForm,
    /// Tell the other tabs to look.
    Announce,
    /// Tell the other tabs that the user is there.
    AnnounceActive,
    /// Tell the listeners.
    Emit(Event),
    /// Settle a call.
    Settle(CallId, Result<Value, AuthError>),
}

/// What is put on the caller's own request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addition {
    /// Headers to set.
    pub headers: Vec<(String, String)>,
    /// The URL with more query members.
    pub url: Option<String>,
    /// The body with more members.
    pub body: Option<String>,
    /// The cookie to read and the header to send it in.
    pub csrf: Option<(String, String)>,
    /// Whether a redirect is refused.
    pub refuse_redirect: bool,
}

/// What listeners are told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: UnixMillis,
    /// Why: an error code, or `otherTab`, `idle`, `maxAge`.
    pub reason: Option<&'static str>,
}

/// What can happen to a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// There is a session.
    SignedIn,
    /// It has new tokens.
    Refreshed,
    /// The user ended it.
    SignedOut,
    /// The server ended it.
    Expired,
    /// Something failed; the session is kept.
    Failed,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SignedIn, Self::Refreshed, Self::SignedOut, Self::Expired, Self::Failed];

    /// The word that listeners register for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signedIn",
            Self::Refreshed => "refreshed",
            Self::SignedOut => "signedOut",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}
