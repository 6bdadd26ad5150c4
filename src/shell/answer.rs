//! What a page tells, as inputs of core: the messages of the ports.

use super::platform::PLATFORM;
use super::ports;
use crate::core::error::{AuthError, Code};
use crate::core::failure::Failure;
use crate::core::flow::step::StepResult;
use crate::core::http::HttpResponse;
use crate::core::http::status::Purpose;
use crate::core::input::{Answer, Call, CallId, Commit, EffectId, Hint, Input};
use crate::core::lite::text::cut;
use crate::core::oauth::departure::Prepared;
use crate::core::secret::Secret;
use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};

/// A message that came in.
#[derive(Debug)]
pub struct Incoming(pub Map);

impl Incoming {
    /// Takes a member out; what is not there is `undefined`.
    pub fn take(&mut self, name: &str) -> Value {
        self.0.remove(name).unwrap_or_default()
    }

    /// Takes out a text.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Takes out a text that is a secret.
    pub fn secret(&mut self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// Takes out a number; what is none is not a number.
    pub fn number(&mut self, name: &str) -> f64 {
        match self.take(name) {
            Value::Number(number) => number,
            _ => f64::NAN,
        }
    }

    /// Whether a member is true.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Bool(true)))
    }

    /// Takes out an array.
    pub fn list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            Value::List(items) => items,
            _ => Vec::new(),
        }
    }

    /// Whether it tells of something that failed.
    fn is_failure(&self) -> bool {
        self.0.get("thrown").is_some() || self.0.get("unfit").is_some()
    }

    /// What failed: something was thrown, or what was given can't be data.
    fn failure(&mut self) -> Failure {
        let cause = match self.take("cause") {
            Value::Foreign(cause) => Some(cause),
            _ => None,
        };
        let mut thrown = self.take("thrown");
        if let Some(why) = self.text("unfit") {
            let mut members = Map::new();
            members.set_text("code", Code::InvalidResponse.as_str());
            members.set("message", Value::Text(why));
            thrown = Value::Map(members);
        }
        Failure::new(thrown, cause, PLATFORM)
    }
}

/// The input that a message means; `is_host`: the storage is the host's.
pub fn input(op: &str, mut incoming: Incoming, is_host: bool) -> Option<Input> {
    let hint = match op {
        "tick" => return Some(Input::Tick),
        "arrived" => {
            let (address, kept) = (incoming.secret("address")?, values(incoming.list("kept")));
            return Some(Input::Arrived { address, kept, call: None });
        }
        "changed" => Hint::Changed,
        "active" => Hint::Active,
        "refreshing" => Hint::Refreshing,
        "ended" => Hint::Ended(UnixMillis(incoming.number("at") as u64)),
        "denied" => Hint::StorageDenied,
        "touched" => Hint::Touched,
        "place" => Hint::Place(incoming.text("address"), incoming.text("kept")),
        "woke" => Hint::Woke,
        "back" => Hint::Back,
        "visible" => Hint::Visible(incoming.flag("isVisible")),
        "stored" => Hint::Value(incoming.text("key")?, incoming.secret("text")),
        "preview" => Hint::Preview(incoming.secret("text")?),
        _ => {
            let id = EffectId(incoming.number("id") as u32);
            return Some(Input::Answer(id, answer(op, incoming, is_host)?));
        }
    };
    Some(Input::Hint(hint))
}

/// The input that a call means, with the address at which the page has come up, where the call looks at that.
pub fn called(id: CallId, call: Call, address: Option<Secret>, kept: Vec<Value>) -> Input {
    match address {
        Some(address) => Input::Arrived { address, kept: values(kept), call: Some((id, call)) },
        None => Input::Call(id, call),
    }
}

fn answer(op: &str, mut incoming: Incoming, is_host: bool) -> Option<Answer> {
    let has_failed = incoming.is_failure();
    Some(match op {
        "lock" if incoming.flag("isHeld") => Answer::Locked,
        "lock" => Answer::Done(Err(AuthError::new(Code::Host, "there are no locks"))),
        "read" if has_failed => {
            Answer::Done(Err(AuthError::new(storage_code(&incoming.failure(), is_host), "the storage can't be read")))
        }
        "read" => {
            let mirror = incoming.flag("hasMirror").then(|| incoming.secret("mirror"));
            Answer::Stored { text: incoming.secret("text"), mirror }
        }
        "commit" => Answer::Committed(if has_failed {
            Commit::Failed(storage_code(&incoming.failure(), is_host))
        } else if incoming.flag("isLost") {
            Commit::Lost(incoming.secret("text"))
        } else {
            Commit::Applied
        }),
        "list" => Answer::Values(values(incoming.list("values"))),
        "handOver" if has_failed => return None,
        "handOver" | "keepKey" => Answer::Done(Ok(())),
        "put" | "navigate" => Answer::Done(if has_failed { Err(not_done(op, &mut incoming, is_host)) } else { Ok(()) }),
        "run" if has_failed => Answer::Failed(incoming.failure()),
        "send" if has_failed => Answer::NoResponse(not_sent(incoming.failure())),
        "send" if incoming.flag("isKeyLost") => {
            Answer::NoResponse(Failure::key_lost().classify(Purpose::Other, Code::Unreachable))
        }
        "run" | "send" => {
            let status = ports::http::status(incoming.number("status"));
            Answer::Response { status, given: incoming.take("given"), seen: incoming.take("seen").into() }
        }
        "http" | "query" | "invoke" | "prompt" | "prepare" | "leave" | "recall" => {
            Answer::Step(step(op, incoming, has_failed))
        }
        _ => return None,
    })
}

/// What came of a step.
fn step(op: &str, mut incoming: Incoming, has_failed: bool) -> StepResult {
    if has_failed {
        return failed(incoming);
    }
    // A host or a function may give a response, too.
    let is_response = op == "http" || incoming.0.get("status").is_some();
    match op {
        _ if is_response => response(incoming).unwrap_or_else(|why| {
            let mut unfit = Incoming(Map::new());
            unfit.0.set_text("unfit", why);
            StepResult::Failed(unfit.failure())
        }),
        "prepare" => prepared(incoming),
        "prompt" => StepResult::Entered(incoming.take("value").into(), incoming.flag("asksAgain")),
        _ => StepResult::Value(incoming.take("value").into()),
    }
}

/// What a sign-in needs that is about to leave the page.
fn prepared(mut incoming: Incoming) -> StepResult {
    let kept = values(incoming.list("kept"));
    let prepared = Prepared {
        id: incoming.secret("state").unwrap_or_default(),
        verifier: incoming.secret("verifier").unwrap_or_default(),
        challenge: incoming.text("challenge").unwrap_or_default(),
        nonce: incoming.secret("nonce").unwrap_or_default(),
        address: incoming.text("address").unwrap_or_default(),
    };
    StepResult::Prepared(prepared, kept)
}

/// What was thrown: a response that refuses is an answer all the same.
fn failed(mut incoming: Incoming) -> StepResult {
    let thrown = if incoming.flag("isAnswer") { incoming.take("thrown") } else { Value::Undefined };
    let Value::Map(members) = thrown else { return StepResult::Failed(incoming.failure()) };
    let mut members = Incoming(members);
    let answered = answered(&mut members);
    incoming.0.set("thrown", Value::Map(members.0));
    let failure = incoming.failure();
    match answered {
        Ok(response) if !response.is_ok() => {
            let thrown = Some(Box::new((failure.thrown, failure.cause)));
            StepResult::Http(HttpResponse { thrown, ..response })
        }
        _ => StepResult::Failed(failure),
    }
}

/// A flow's response.
fn response(mut incoming: Incoming) -> Result<StepResult, &'static str> {
    if incoming.flag("isRedirect") {
        return Ok(StepResult::Failed(Failure::redirected()));
    }
    if incoming.flag("isKeyLost") {
        return Ok(StepResult::Failed(Failure::key_lost()));
    }
    answered(&mut incoming).map(StepResult::Http)
}

/// The response that these members are.
fn answered(incoming: &mut Incoming) -> Result<HttpResponse, &'static str> {
    let status = incoming.number("status");
    if status.is_nan() {
        return Err("the host's http gave no status");
    }
    let headers = match incoming.take("headers") {
        Value::Map(headers) => headers,
        _ => Map::new(),
    };
    Ok(HttpResponse {
        status: status as u16,
        headers: headers.into(),
        body: incoming.take("body").into(),
        url: incoming.secret("url").unwrap_or_default(),
        redirected: incoming.flag("redirected"),
        is_too_long: incoming.flag("isTooLong"),
        thrown: None,
    })
}

/// Keys and values in turn, as pairs.
fn values(list: Vec<Value>) -> Vec<(String, Secret)> {
    let (mut pairs, mut key) = (Vec::new(), None);
    for value in list {
        let Value::Text(text) = value else { continue };
        match key.take() {
            Some(key) => pairs.push((key, text.into())),
            None => key = Some(text),
        }
    }
    pairs
}

/// Why a value could not be written, or a page not be shown.
fn not_done(op: &str, incoming: &mut Incoming, is_host: bool) -> AuthError {
    let failure = incoming.failure();
    if op == "put" && !is_host {
        return AuthError::new(storage_code(&failure, false), "the storage refused the value");
    }
    let fallback = if op == "put" { storage_code(&failure, true) } else { Code::Host };
    let mut error = failure.classify(Purpose::Other, fallback);
    if op == "put" {
        error.path = Some("host.store".to_owned());
    }
    error
}

/// Why the caller's own request failed. One that its caller has aborted is settled already: see session.js.
fn not_sent(failure: Failure) -> AuthError {
    let mut error = AuthError::new(Code::Unreachable, "the server could not be reached");
    error.cause = failure.cause;
    error
}

/// What a storage's failure means: quotas are called differently in each browser.
fn storage_code(failure: &Failure, is_host: bool) -> Code {
    let name = name_of(failure);
    if cut(name, "Quota").is_some() || cut(name, "QUOTA").is_some() {
        Code::StorageFull
    } else if is_host {
        Code::Host
    } else {
        Code::StorageDenied
    }
}

fn name_of(failure: &Failure) -> &str {
    failure.thrown.data().member("name").and_then(Value::as_text).unwrap_or_default()
}
