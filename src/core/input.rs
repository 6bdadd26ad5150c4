//! What comes in: calls, answers, hints.

use super::error::{AuthError, Code};
use super::failure::Failure;
use super::flow::step::{Query, StepResult};
use super::http::Credentials;
use super::oauth::pending::Pending;
use super::options::{Options, Storage};
use super::secret::{Secret, Sensitive};
use super::time::{Millis, UnixMillis};
use super::value::Value;
use super::vocabulary::{GuardedPage, Reason};

/// A call that waits for its [`super::effect::Effect::Settle`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct CallId(pub u32);

impl CallId {
    /// Calls of our own, which nobody waits for, are numbered from here.
    const INTERNAL: u32 = 1 << 31;

    /// A call of our own.
    pub const fn internal(number: u32) -> Self {
        Self(Self::INTERNAL | number)
    }

    /// Whether it is a call of our own.
    pub const fn is_internal(self) -> bool {
        self.0 >= Self::INTERNAL
    }
}

/// An effect that wants an answer.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct EffectId(pub u32);

impl EffectId {
    /// Whose answer nobody awaits.
    pub const NOBODY: Self = Self(0);
}

/// One input. Push one, then drain the effects.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Someone calls.
    Call(CallId, Call),
    /// The shell has done what an effect asked for.
    Answer(EffectId, Answer),
    /// Something happened outside.
    Hint(Hint),
    /// The page has come up at an address that may be an answer to a sign-in that has left it; with what is kept of those.
    Arrived {
        /// The address.
        address: Secret,
        /// What is kept, by key.
        kept: Vec<(String, Secret)>,
        /// The call that has looked; `None`: it is an answer in a window of its own, and nobody asks.
        call: Option<(CallId, Call)>,
    },
    /// New options for the same session, and the storage that [`super::session::Setting::choose_storage`] has chosen by them.
    Configure(Box<Options>, Storage),
    /// The moment of `poll_timeout` has come, or some other moment.
    Tick,
    /// The end: everybody who waits is told.
    Dispose,
}

/// What happened outside. None of it carries a token. What is said of the stored record only makes doorkey look there.
#[derive(Clone, Debug, PartialEq)]
pub enum Hint {
    /// The stored record may have changed.
    Changed,
    /// Another tab changed a value; `None`: removed it.
    Value(String, Option<Secret>),
    /// The page became visible, or hidden.
    Visible(bool),
    /// The page woke up, or the network came back.
    Woke,
    /// The page came back, as the browser has kept it.
    Back,
    /// The user did something in another tab.
    Active,
    /// Another tab is still refreshing.
    Refreshing,
    /// The session that began at this moment was ended in another tab.
    Ended(UnixMillis),
    /// The user did something in this tab.
    Touched,
    /// Where the page is, and what [`super::effect::Effect::KeepPage`] has kept in this tab: a guard or a sign-in follows.
    Place(Option<String>, Option<String>),
    /// The storage that was chosen can't be had.
    StorageDenied,
    /// What the host's store held when the page came up, while the shared record is still being read.
    Preview(Secret),
}

/// What the shell found out.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The stored text. `mirror` is the host's own copy, where tabs share the record by other means.
    Stored {
        /// The record that tabs share.
        text: Option<Secret>,
        /// The copy in the host's store: `Some(None)` when the host has none.
        mirror: Option<Option<Secret>>,
    },
    /// What became of a commit.
    Committed(Commit),
    /// The stored values as JSON texts, by key.
    Values(Vec<(String, Secret)>),
    /// A write or a navigation is done, or failed; or what should be read can't be, or there are no locks.
    Done(Result<(), AuthError>),
    /// The lock is held.
    Locked,
    /// A step's result.
    Step(StepResult),
    /// The response to the caller's own request, or the data of their own query.
    Response {
        /// Its status; 0 for a query.
        status: u16,
        /// What the caller gets.
        given: Value,
        /// Its `status`, `headers` and `body`, where core must see them; else `undefined`.
        seen: Sensitive<Value>,
    },
    /// The caller's own query failed.
    Failed(Failure),
    /// The caller's own request failed: what to reject with.
    NoResponse(AuthError),
    /// Nothing came in time.
    Late,
}

impl Answer {
    /// Why there is nothing that can be read.
    pub fn failure(&self) -> Code {
        match self {
            Self::Done(Err(error)) => error.code,
            _ => Code::Timeout,
        }
    }

    /// What became of the commit that this answers; nothing in time is a failure.
    #[inline(never)]
    pub fn into_commit(self) -> Commit {
        match self {
            Self::Committed(commit) => commit,
            _ => Commit::Failed(Code::Timeout),
        }
    }
}

/// What became of a compare-and-swap of the stored text.
#[derive(Clone, Debug, PartialEq)]
pub enum Commit {
    /// It was written.
    Applied,
    /// Something else is stored: this.
    Lost(Option<Secret>),
    /// The storage failed.
    Failed(Code),
}

/// One call of the public surface.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// `signin(inputs)`.
    Signin(Sensitive<Value>),
    /// `signinCallback(url)`.
    SigninCallback,
    /// The page's address may be the answer to a sign-in that another page has begun.
    HandOver(Secret),
    /// A sign-in that has left its page goes on, with the address that the user came back to.
    Return(Box<Pending>, Secret),
    /// `refreshAccessToken({ force })`.
    Refresh(bool),
    /// `logout({ navigate, keep })`.
    Logout(LogoutCall),
    /// `accessToken({ minSeconds })`.
    AccessToken(Millis),
    /// `headers()`.
    Headers,
    /// `fetch(input, init)`.
    Fetch(FetchCall),
    /// `run(query, params)`.
    Run(Query, Sensitive<Value>),
    /// `check()`.
    Check,
    /// `extend()`.
    Extend,
    /// `guard(page)`.
    Guard(GuardedPage),
    /// `storeValue(key, value, persist)`, the value as JSON text.
    StoreValue(String, Secret, bool),
    /// `removeValue(key)`.
    RemoveValue(String),
    /// `clearStore()`.
    ClearStore,
    /// `test(flow, inputs, { secrets })`.
    Test(Value, Sensitive<Value>, bool),
}

impl Call {
    /// Whether it looks first whether the user has come back.
    pub const fn looks_back(&self) -> bool {
        matches!(self, Self::Signin(_) | Self::SigninCallback | Self::Guard(_))
    }
}

/// The options of `logout`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogoutCall {
    /// Whether to stay on the page.
    pub stay: bool,
    /// The values to spare.
    pub keep: Vec<String>,
    /// Whether to spare all values.
    pub keep_all: bool,
    /// What the event gives as its reason, where no caller asked for it.
    pub reason: Option<Reason>,
    /// Whether another tab has revoked the tokens.
    pub is_revoked: bool,
}

/// What core must know of the caller's own request.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchCall {
    /// Absolute.
    pub url: Secret,
    /// In capitals.
    pub method: String,
    /// The names of the headers that the caller set, in lower case.
    pub header_names: Vec<String>,
    /// The `Content-Type` that the caller set.
    pub content_type: Option<String>,
    /// The body, where it is text.
    pub body: Option<Secret>,
    /// Whether it can be sent again: a stream can't.
    pub replayable: bool,
    /// Whether the caller chose what to do about redirects.
    pub redirect_chosen: bool,
    /// What happens to cookies.
    pub credentials: Credentials,
    /// Whether the caller chose that.
    pub credentials_chosen: bool,
    /// It is on its way already, since it was permitted beforehand.
    pub ahead: Option<Ahead>,
}

/// A request that has gone ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// Whose tokens went with it.
    pub bearer: Bearer,
    /// When it was sent.
    pub at: UnixMillis,
}

/// The tokens that went with a request, by their moments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bearer {
    /// That of their sign-in.
    pub signed_in_at: UnixMillis,
    /// When they were received.
    pub received_at: UnixMillis,
}
