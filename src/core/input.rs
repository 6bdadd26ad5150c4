//! What comes in: calls, answers, hints.

use super::error::{AuthError, Code};
use super::flow::machine::Found;
use super::section::{Faults, Place, Section, invalid};
use super::time::Millis;
use super::value::{Map, Value};

/// A call that waits for its [`super::effect::Effect::Settle`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct CallId(pub u32);

/// An effect that wants an answer.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct EffectId(pub u32);

/// One input. Push one, then drain the effects.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Someone calls.
    Call(CallId, Call),
    /// The shell has done what an effect asked for.
    Answer(EffectId, Answer),
    /// Something happened outside.
    Hint(Hint),
    /// The moment of `poll_timeout` has come, or some other moment.
    Tick,
    /// The end: everybody who waits is told.
    Dispose,
}

/// What happened outside. None of it is believed: it only makes doorkey look.
#[derive(Clone, Debug, PartialEq)]
pub enum Hint {
    /// The stored record may have changed.
    Changed,
    /// Another tab changed a value; `None`: removed it.
    Value(String, Option<String>),
    /// The page became visible, or hidden.
    Visible(bool),
    /// The page woke up, or the network came back.
    Woke,
    /// The user did something, in this tab or another.
    Active,
}

/// What the shell found out.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The stored text. `mirror` is the host's own copy, where tabs share the record by other means.
    Stored {
        /// The record that tabs share.
        text: Option<String>,
        /// The copy in the host's store: `Some(None)` when the host has none.
        mirror: Option<Option<String>>,
    },
    /// What became of a commit.
    Committed(Commit),
    /// The stored values as JSON texts, by key.
    Values(Vec<(String, String)>),
    /// A write or a navigation is done, or failed; or what should be read can't be, or there are no locks.
    Done(Result<(), AuthError>),
    /// The lock is held.
    Locked,
    /// A step's result.
    Found(Found),
    /// The response to the caller's own request: its status, and the response itself.
    Response(u16, Value),
    /// The caller's own request failed: what to reject with.
    NoResponse(AuthError),
}

/// What became of a compare-and-swap of the stored text.
#[derive(Clone, Debug, PartialEq)]
pub enum Commit {
    /// It was written.
    Applied,
    /// Something else is stored: this.
    Lost(Option<String>),
    /// The storage failed.
    Failed(Code),
}

/// One call of the public surface.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// `signin(inputs)`.
    Signin(Value),
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
    Run(Value, Value),
    /// `check()`.
    Check,
    /// `guard("protected")`, or `guard("login")` when false.
    Guard(bool),
    /// `storeValue(key, value, persist)`, the value as JSON text.
    StoreValue(String, String, bool),
    /// `removeValue(key)`.
    RemoveValue(String),
    /// `clearStore()`.
    ClearStore,
    /// `test(flow, inputs, { secrets })`.
    Test(Value, Value, bool),
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
    pub reason: Option<&'static str>,
}

/// What core must know of the caller's own request.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchCall {
    /// Absolute.
    pub url: String,
    /// In capitals.
    pub method: String,
    /// The names of the headers that the caller set, in lower case.
    pub header_names: Vec<String>,
    /// The `Content-Type` that the caller set.
    pub content_type: Option<String>,
    /// The body, where it is text.
    pub body: Option<String>,
    /// Whether it can be sent again: a stream can't.
    pub replayable: bool,
    /// Whether the caller chose what to do about redirects.
    pub redirect_chosen: bool,
}

impl Call {
    /// Reads the arguments of a call by its public name.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` with the path of the argument, `ERR_INVALID_VALUE` for a key that is no text.
    pub fn parse(name: &str, first: Value, second: Value) -> Result<Self, AuthError> {
        Self::read(name, &first, &second)
    }

    fn read(name: &str, first: &Value, second: &Value) -> Result<Self, AuthError> {
        let faults = Faults::default();
        let options = |keys| Section::open(first, Place::root("", &faults), keys);
        let call = match name {
            "signin" => Self::Signin(inputs(first, second)),
            "refreshAccessToken" => Self::Refresh(options(&["force"]).flag("force")),
            "logout" => Self::Logout(LogoutCall::read(&options(&["navigate", "keep"]))),
            "accessToken" => {
                let seconds = options(&["minSeconds"]).number("minSeconds", 0.0);
                Self::AccessToken(Millis::from_seconds(seconds.unwrap_or(0.0)))
            }
            "headers" => Self::Headers,
            "run" if matches!(first, Value::Foreign(_) | Value::Text(_)) => Self::Run(first.clone(), second.clone()),
            "run" => return Err(invalid("query", "must be a query of the host's, a function or a query's name")),
            "check" => Self::Check,
            "guard" => match first.as_text() {
                Some("protected") => Self::Guard(true),
                Some("login") => Self::Guard(false),
                _ => return Err(invalid("page", "must be one of protected, login")),
            },
            "removeValue" => Self::RemoveValue(key(first)?),
            "clearStore" => Self::ClearStore,
            _ => return Err(AuthError::new(Code::NotReady, "there is no such call")),
        };
        faults.verdict().map(|()| call)
    }
}

/// A store key: any text.
///
/// # Errors
/// `ERR_INVALID_VALUE` for what is no text, is empty, or is longer than 1,024 bytes.
pub fn key(value: &Value) -> Result<String, AuthError> {
    match value {
        Value::Text(key) if !key.is_empty() && key.len() <= 1024 => Ok(key.clone()),
        _ => Err(AuthError::new(Code::InvalidValue, "a key is a text of 1 to 1024 bytes").at("key")),
    }
}

/// `signin("a@b.c", "secret")` means `{ email, password }`; nothing means no inputs.
fn inputs(first: &Value, second: &Value) -> Value {
    let mut inputs = Map::new();
    match first {
        Value::Map(_) => return first.clone(),
        Value::Text(_) => {
            inputs.set("email", first.clone());
            if !matches!(second, Value::Undefined) {
                inputs.set("password", second.clone());
            }
        }
        _ => {}
    }
    Value::Map(inputs)
}

impl LogoutCall {
    fn read(section: &Section<'_>) -> Self {
        let mut call = Self { stay: section.has("navigate") && !section.flag("navigate"), ..Self::default() };
        match section.get("keep") {
            Value::Bool(keep) => call.keep_all = *keep,
            _ => call.keep = section.texts("keep").unwrap_or_default(),
        }
        call
    }
}
