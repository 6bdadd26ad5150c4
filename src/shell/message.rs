//! What core asks of the world, as messages: who does it stands in loop.js.

use super::wire::{Message, Messages};
use crate::core::effect::{Effect, Permit, Word};
use crate::core::error::AuthError;
use crate::core::flow::step::{Query, StepRequest};
use crate::core::http::{Addition, HttpRequest};
use crate::core::oauth::dpop::Proof;
use crate::core::options::Options;
use crate::core::secret::{Secret, Sensitive};
use crate::core::session::Session;
use crate::core::time::UnixMillis;
use crate::core::value::Value;
use crate::core::vocabulary::{CrossTab, Storage};

/// A longer response to the caller's own request is not looked into, nor a longer body of it.
pub const LONGEST_LOOK: f64 = 1_000_000.0;

/// Writes all that a session wants done, and when it wants to be called again; gives whether it is over.
pub fn drain(session: &mut Session, now: UnixMillis, out: &mut Messages) -> bool {
    let mut is_over = false;
    while let Some(effect) = session.poll_effect() {
        match effect {
            Effect::Place { storage: to, forgets } => storage(session.options(), to, forgets, out),
            Effect::Over => is_over = true,
            effect => write(&effect, out),
        }
    }
    let at = session.poll_timeout().map(|at| at.0 as f64);
    let steady = session.steady_until().map(|at| at.0 as f64);
    drop(out.begin("timer").maybe_number("at", at).number("now", now.0 as f64).maybe_number("steady", steady));
    if is_over {
        drop(out.begin("over"));
    }
    is_over
}

/// Writes which storage is to be opened; `forgets`: the one before loses its record.
pub fn storage(options: &Options, storage: Storage, forgets: bool, out: &mut Messages) {
    let kind = match storage {
        Storage::Host => "host",
        Storage::Memory => "memory",
        _ if storage.is_sealed(options.storage) => "vault",
        Storage::Local | Storage::Session | Storage::Vault => "web",
    };
    if matches!(kind, "web" | "vault") {
        super::ports::storage::open(storage != Storage::Session);
    }
    let is_shared = storage.survives_reload() && options.cross_tab != CrossTab::Off;
    let message = out.begin("storage").text("name", &options.name).text("kind", kind);
    let message = message.flag("isShared", is_shared).flag("forgets", forgets);
    drop(message.number("limitMs", options.timeout.0 as f64));
}

/// Writes the answer to who asked.
pub fn reply(outcome: &Result<Value, AuthError>, out: &mut Messages) {
    match outcome {
        Ok(value) => drop(out.begin("give").value("value", value)),
        Err(error) => drop(out.begin("refuse").map("error", |members| describe(error, members))),
    }
}

/// Writes which numbers nobody has any more.
pub fn forget(dead: &[u32], out: &mut Messages) {
    if !dead.is_empty() {
        drop(out.begin("forget").numbers("refs", dead));
    }
}

/// Writes how a call ended.
pub fn settle(call: u32, outcome: Result<&Value, &AuthError>, out: &mut Messages) {
    let message = out.begin("settle").number("call", f64::from(call));
    match outcome {
        Ok(value) => drop(message.value("value", value)),
        Err(error) => drop(message.map("error", |members| describe(error, members))),
    }
}

fn write(effect: &Effect, out: &mut Messages) {
    drop(match effect {
        // It is written where the options are known.
        Effect::Place { .. } | Effect::Over => return,
        Effect::Read(id) => out.ask("read", *id),
        Effect::Commit { id, expected, text } => {
            out.ask("commit", *id).maybe("expected", exposed(expected.as_ref())).text("text", text.expose())
        }
        Effect::Mirror(text) => out.begin("mirror").text("text", text.expose()),
        Effect::List(id, keys) => out.ask("list", *id).texts("keys", keys),
        Effect::Put { id, key, text, persist } => {
            let message = out.ask("put", *id).text("key", key).flag("persist", *persist);
            message.maybe("text", exposed(text.as_ref()))
        }
        Effect::Show(key, text) => out.begin("show").text("key", key).maybe("text", exposed(text.as_ref())),
        Effect::Lock(id) => out.ask("lock", *id),
        Effect::Unlock => out.begin("unlock"),
        Effect::Step(id, StepRequest::Http(request)) => http(request, out.ask("http", *id)),
        Effect::Step(id, StepRequest::Query(query, params)) => {
            queried(query, out.ask("query", *id)).value("params", params.data())
        }
        Effect::Step(id, StepRequest::Call(target, arguments)) => {
            out.ask("invoke", *id).foreign("target", target).list("args", arguments.data())
        }
        Effect::Step(id, StepRequest::Prompt(form)) => out.ask("prompt", *id).value("form", form.data()),
        Effect::Step(id, StepRequest::Prepare) => out.ask("prepare", *id),
        Effect::Step(id, StepRequest::Leave(leave)) => {
            let message = out.ask("leave", *id).text("key", leave.pending.id());
            let message = message.text("text", leave.pending.to_text().expose()).text("url", leave.url.expose());
            message.texts("outdated", &leave.outdated).flag("isPopup", leave.popup)
        }
        Effect::Step(id, StepRequest::Recall) => out.ask("recall", *id),
        Effect::Remember(text) => out.begin("remember").text("text", text),
        Effect::OpenPopup => out.begin("openPopup"),
        Effect::HandOver(id, address) => out.ask("handOver", *id).text("address", address.expose()),
        Effect::TakeOut(key) => out.begin("takeOut").text("key", key),
        Effect::ReplaceLocation(url) => out.begin("replaceLocation").text("url", url.expose()),
        Effect::Query { id, query, params, look } => {
            queried(query, out.ask("run", *id)).value("params", params.data()).flag("look", *look)
        }
        Effect::Send { id, call, addition, is_authorised, look, header } => {
            let message = send(addition, out.ask("send", *id)).number("call", f64::from(call.0));
            let message = message.flag("isAuthorised", *is_authorised).flag("look", *look);
            message.maybe("fromHeader", header.as_deref()).number("longest", LONGEST_LOOK)
        }
        Effect::Permit(permit) => permitted(permit.as_ref(), out.begin("permit")),
        Effect::Abort(id) => out.ask("abort", *id),
        Effect::KeepPage(page) => out.begin("keepPage").maybe("text", page.as_deref()),
        Effect::Navigate(id, target) => out.ask("navigate", *id).text("target", target),
        Effect::KeepKey { id, name, is_kept } => out.ask("keepKey", *id).text("name", name).flag("isKept", *is_kept),
        Effect::Notify(message) => out.begin("notify").text("message", message),
        Effect::CloseForm => out.begin("closeForm"),
        Effect::Announce(word) => announce(*word, out.begin("announce")),
        Effect::Emit(event) => {
            let message = out.begin("emit").text("event", event.kind.as_str()).number("at", event.at.0 as f64);
            message.maybe("reason", event.reason)
        }
        Effect::Settle(call, outcome) => return settle(call.0, outcome.as_ref().map(Sensitive::data), out),
    });
}

fn permitted<'a>(permit: Option<&Permit>, message: Message<'a>) -> Message<'a> {
    let Some(Permit { origins, headers, bearer, alone }) = permit else { return message };
    let message = message.texts("origins", origins).pairs("headers", headers, Secret::expose);
    let message = message.number("signedInAt", bearer.signed_in_at.0 as f64);
    message.number("receivedAt", bearer.received_at.0 as f64).number("aloneMs", alone.0 as f64)
}

fn announce(word: Word, message: Message<'_>) -> Message<'_> {
    match word {
        Word::Changed => message.text("word", "changed"),
        Word::Active => message.text("word", "active"),
        Word::Refreshing => message.text("word", "refreshing"),
        Word::Ended(at) => message.text("word", "ended").number("at", at.0 as f64),
    }
}

fn http<'a>(request: &HttpRequest, message: Message<'a>) -> Message<'a> {
    let message = message.text("url", request.url.expose()).text("method", &request.method);
    let message =
        message.pairs("headers", &request.headers, Secret::expose).maybe("body", exposed(request.body.as_ref()));
    let message = message.text("credentials", request.credentials.as_str());
    let message = proved(request.proof.as_deref(), message);
    message.text("redirect", request.redirect.as_str())
}

fn send<'a>(addition: &Addition, message: Message<'a>) -> Message<'a> {
    let message =
        message.pairs("headers", &addition.headers, Secret::expose).flag("refusesRedirect", addition.refuse_redirect);
    let message = message.maybe("body", exposed(addition.body.as_ref())).maybe("url", exposed(addition.url.as_ref()));
    proved(addition.proof.as_deref(), message).flag("withCookies", addition.with_cookies)
}

/// The proof that goes with a request.
fn proved<'a>(proof: Option<&Proof>, message: Message<'a>) -> Message<'a> {
    let Some(Proof { key, htm, htu, iat, nonce, token, .. }) = proof else { return message };
    message.map("proof", |members| {
        let members = members.text("key", &key.name).flag("isNew", key.is_new).flag("isKept", key.is_kept);
        let members = members.maybe("token", exposed(token.as_ref()));
        drop(members.map("claims", |claims| {
            let claims = claims.text("htm", htm).text("htu", htu.expose()).number("iat", *iat);
            drop(claims.maybe("nonce", nonce.as_deref()));
        }));
    })
}

fn queried<'a>(query: &Query, message: Message<'a>) -> Message<'a> {
    match query {
        Query::Named(name) => message.text("query", name),
        Query::Given(query) => message.foreign("query", query),
    }
}

fn exposed(text: Option<&Secret>) -> Option<&str> {
    text.map(Secret::expose)
}

/// The members of an error that apply.
fn describe(error: &AuthError, message: Message<'_>) {
    let message = message.text("code", error.code.as_str()).text("message", &error.message);
    let message = message.flag("retryable", error.code.is_retryable());
    let message = message.maybe_number("status", error.status.map(f64::from));
    let message = message.maybe_number("retryAtMs", error.retry_at.map(|at| at.0 as f64));
    let message = message.maybe("stepId", error.step_id.as_deref()).maybe("path", error.path.as_deref());
    let message = message.value("body", &error.body);
    if let Some(cause) = &error.cause {
        drop(message.foreign("cause", cause));
    }
}
