//! What is put on authorised requests and where it may go; and what a refusal of one means: refresh once, replay once.

use std::rc::Rc;

use super::super::effect::{Addition, Effect};
use super::super::error::{AuthError, Code};
use super::super::flow::machine::{Found, Want, header_list};
use super::super::flow::scope::{Ambient, FlowScope};
use super::super::flow::shape::fill;
use super::super::http::{HttpRequest, Purpose, encode_form, origin_from, origin_of, with_query};
use super::super::input::{Answer, CallId, FetchCall};
use super::super::time::Millis;
use super::super::token::Tokens;
use super::super::value::{Map, Value};
use super::need::Lack;
use super::tasks::{Attempt, Kind, Stage, Task};
use super::{Session, To};
use crate::core::lite::json::json_to_text;
use crate::core::lite::text::{concat, cut};

/// What core must know of a request to put something on it.
struct Target<'a> {
    url: &'a str,
    method: &'a str,
    content_type: Option<&'a str>,
    body: Option<&'a str>,
}

impl Session {
    /// Evaluates an option against the session.
    pub(super) fn eval(&self, value: &Value) -> Result<Value, AuthError> {
        self.eval_with(value, self.tokens())
    }

    fn eval_with(&self, value: &Value, tokens: Option<&Rc<Tokens>>) -> Result<Value, AuthError> {
        let none = Map::new();
        let ambient = Ambient { tokens, store: &self.store, now: self.now };
        let inputs = &Value::Undefined;
        fill(value, &FlowScope { ambient, inputs, results: &none, variables: &none, bare_names: true })
    }

    /// Whether what came back says that the token was no good although its status does not: as `refresh.when` tells it, or
    /// as gRPC does, whose code 16 is UNAUTHENTICATED.
    pub(super) fn says_unauthorised(&self, seen: &Value) -> bool {
        let Some(headers) = seen.member("headers") else { return false };
        if headers.member("grpc-status").and_then(Value::as_text) == Some("16") {
            return true;
        }
        let (mut results, none) = (Map::new(), Map::new());
        results.set("response", seen.clone());
        let ambient = Ambient { tokens: self.tokens(), store: &self.store, now: self.now };
        let inputs = &Value::Undefined;
        let scope = FlowScope { ambient, inputs, results: &results, variables: &none, bare_names: false };
        // A path that leads nowhere in this answer is no word of the server's.
        fill(&self.options.refresh.when, &scope).is_ok_and(|value| value.is_truthy())
    }

    /// Whether core must see responses.
    const fn must_look(&self) -> bool {
        !matches!(self.options.refresh.when, Value::Undefined)
    }

    /// Whether what is attached may go there.
    fn may_go_to(&self, url: &str) -> bool {
        let Some(origin) = origin_from(url, self.base.as_deref()) else { return false };
        match &self.options.attach.origins {
            Some(origins) => origins.contains(&origin),
            None => {
                let mut own = self.seen_origins.clone();
                for program in self.options.flows.iter().flatten() {
                    program.origins(self.base.as_deref(), &mut own);
                }
                own.contains(&origin)
            }
        }
    }

    /// Remembers the origin of a flow's own request: its tokens may go where they came from.
    ///
    /// A header that was given as an empty text is left off: so an endpoint can do without what would be attached.
    pub(super) fn send_off(&mut self, want: &mut Want) {
        let Want::Http(request) = want else { return };
        request.headers.retain(|(_, value)| !value.is_empty());
        if let Some(origin) = origin_of(&request.url)
            && !self.seen_origins.contains(&origin)
        {
            self.seen_origins.push(origin);
        }
    }

    /// The headers that are attached.
    fn attached_headers(&self, tokens: &Rc<Tokens>) -> Result<Vec<(String, String)>, AuthError> {
        // A session that is a cookie or a set of variables has no bearer token, and needs none by default.
        if self.options.attach.is_default && tokens.access.is_none() {
            return Ok(Vec::new());
        }
        let headers = self.eval_with(&self.options.attach.headers, Some(tokens))?;
        header_list(headers.as_map(), Code::Template)
    }

    /// What `headers()` gives.
    pub(super) fn headers(&self) -> Result<Value, AuthError> {
        let tokens = self.tokens().ok_or_else(|| Lack::SignedOut.into_error())?;
        let headers = self.attached_headers(tokens)?;
        Ok(Value::Map(headers.into_iter().map(|(name, value)| (name, Value::Text(value))).collect()))
    }

    /// What is put on a request.
    fn addition(&self, target: &Target<'_>, tokens: &Rc<Tokens>) -> Result<Addition, AuthError> {
        let attach = &self.options.attach;
        let mut addition =
            Addition { headers: self.attached_headers(tokens)?, csrf: attach.csrf.clone(), ..Addition::default() };
        if let Value::Map(members) = self.eval_with(&attach.query, Some(tokens))? {
            addition.url = Some(with_query(target.url, &members));
        }
        if !matches!(target.method, "GET" | "HEAD")
            && let Value::Map(members) = self.eval_with(&attach.body, Some(tokens))?
        {
            addition.body = self.with_members(target, &members);
        }
        let beyond_bearer = addition.headers.iter().any(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        addition.refuse_redirect = beyond_bearer || addition.body.is_some() || addition.csrf.is_some();
        Ok(addition)
    }

    /// A JSON or form body with more members; `None` for any other body.
    fn with_members(&self, target: &Target<'_>, members: &Map) -> Option<String> {
        let (kind, body) = (target.content_type?.to_ascii_lowercase(), target.body?);
        if kind.starts_with("application/x-www-form-urlencoded") {
            let more = encode_form(members);
            return Some(if body.is_empty() { more } else { concat(&[body, "&", &more]) });
        }
        cut(&kind, "json")?;
        let Value::Map(mut map) = (self.platform.parse_json)(body)? else { return None };
        for (key, value) in members.iter() {
            map.set(key.as_str(), value.clone());
        }
        let mut text = String::new();
        json_to_text(&Value::Map(map), &mut text);
        Some(text)
    }

    /// Puts what is attached on a request of a `revoke` or `check` flow.
    pub(super) fn authorise(&self, request: &mut HttpRequest, tokens: Option<&Rc<Tokens>>) {
        let Some(tokens) = tokens.or_else(|| self.tokens()) else { return };
        if !self.may_go_to(&request.url) {
            return;
        }
        let content_type = request
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map(|(_, value)| value.clone());
        let target = Target {
            url: &request.url,
            method: &request.method,
            content_type: content_type.as_deref(),
            body: request.body.as_deref(),
        };
        let Ok(addition) = self.addition(&target, tokens) else { return };
        for (name, value) in addition.headers {
            if !request.has_header(&name) {
                request.headers.push((name, value));
            }
        }
        request.url = addition.url.unwrap_or_else(|| request.url.clone());
        request.body = addition.body.or_else(|| request.body.take());
        request.refuse_redirect |= addition.refuse_redirect;
        request.csrf = addition.csrf.filter(|(_, header)| !request.has_header(header));
    }

    /// `fetch`: a request elsewhere, or without a session, goes out untouched.
    pub(super) fn fetch(&mut self, call: CallId, fetch: FetchCall) {
        let ours = self.tokens().is_some() && self.may_go_to(&fetch.url);
        if ours && !fetch.replayable {
            let error = AuthError::new(
                Code::InvalidValue,
                "a stream can't be sent a second time: give the body as text, a blob, a form or bytes",
            );
            return self.refuse(call, error.at("body"));
        }
        let mut task = Task::new(call, Kind::Fetch(Box::new(fetch), Attempt::default()));
        if !ours {
            return self.send(task, Addition::default());
        }
        task.force = self.options.refresh.every_query;
        self.ask(task, Millis(0));
    }

    /// Sends the caller's request with a good token, or as it is where the server has ended the session.
    pub(super) fn fetch_with(&mut self, mut task: Box<Task>, result: Result<bool, Lack>) {
        let Kind::Fetch(fetch, attempt) = &mut task.kind else { return };
        match (result, attempt.first.take()) {
            (Err(_), Some(first)) => return self.finish(task, first),
            (Err(Lack::Failed(error)), _) if error.code != Code::RefreshRejected && !self.has_good_token() => {
                return self.fail(task, error);
            }
            _ => {}
        }
        let Some(tokens) = self.record.tokens() else { return self.send(task, Addition::default()) };
        let (fetch, tokens) = (fetch.clone(), tokens.clone());
        attempt.sent = Some(tokens.clone());
        let target = Target {
            url: &fetch.url,
            method: &fetch.method,
            content_type: fetch.content_type.as_deref(),
            body: fetch.body.as_deref(),
        };
        match self.addition(&target, &tokens) {
            Ok(mut addition) => {
                // What the caller set is not overwritten.
                addition.headers.retain(|(name, _)| !fetch.header_names.contains(&name.to_ascii_lowercase()));
                addition.refuse_redirect &= !fetch.redirect_chosen;
                self.send(task, addition);
            }
            Err(error) => self.fail(task, error),
        }
    }

    fn send(&mut self, task: Box<Task>, addition: Addition) {
        let id = self.wait(To::Task(task.call));
        self.effects.push(Effect::Send { id, call: task.call, addition, look: self.must_look() });
        self.park(task, Stage::Sending);
    }

    /// The response to the caller's request.
    pub(super) fn responded(&mut self, mut task: Box<Task>, answer: Answer) {
        let Kind::Fetch(fetch, attempt) = &mut task.kind else { return };
        match answer {
            Answer::Response { status, given, seen } => {
                let own_header = fetch.header_names.iter().any(|name| name == "authorization");
                let refused = (self.options.refresh.covers(status) || self.says_unauthorised(&seen)) && !own_header;
                if refused && !attempt.is_second && attempt.sent.is_some() && self.may_try_again(attempt) {
                    attempt.is_second = true;
                    attempt.first = Some(Ok(given));
                    return self.try_again(task);
                }
                self.finish(task, Ok(given));
            }
            Answer::NoResponse(error) => self.fail(task, error),
            _ => {}
        }
    }

    fn may_try_again(&self, attempt: &Attempt) -> bool {
        let tokens = self.record.tokens();
        tokens.is_some_and(|tokens| !went_out_with(attempt, tokens) || self.can_refresh(tokens))
    }

    /// Whether there is an access token that is not past its time.
    fn has_good_token(&self) -> bool {
        self.tokens().is_some_and(|tokens| !tokens.is_expired(self.now))
    }

    /// Refreshes, unless that has happened since the first try, and goes on with the second.
    fn try_again(&mut self, mut task: Box<Task>) {
        let (Kind::Fetch(_, attempt) | Kind::Query(_, _, attempt)) = &task.kind else { return };
        task.force = self.record.tokens().is_some_and(|tokens| went_out_with(attempt, tokens));
        self.ask(task, Millis(0));
    }

    /// Runs the caller's query with a good token.
    pub(super) fn query_with(&mut self, mut task: Box<Task>, result: Result<bool, Lack>) {
        let Kind::Query(.., attempt) = &mut task.kind else { return };
        match (result, attempt.first.take()) {
            (Err(Lack::Failed(error)), first) if first.is_some() || !self.has_good_token() => {
                return self.fail(task, error);
            }
            (Err(_), Some(first)) => return self.finish(task, first),
            _ => {}
        }
        self.send_query(task);
    }

    /// Runs the caller's query, once what it may be bound to is up to date in the host's store.
    fn send_query(&mut self, mut task: Box<Task>) {
        if self.tasks.iter().any(|task| matches!(task.kind, Kind::Own)) {
            return self.park(task, Stage::Exposing);
        }
        let Kind::Query(query, params, attempt) = &mut task.kind else { return };
        attempt.sent = self.record.tokens().cloned();
        let (query, params) = (query.clone(), params.clone());
        let id = self.wait(To::Task(task.call));
        self.effects.push(Effect::Query { id, query, params, look: self.must_look() });
        self.park(task, Stage::Sending);
    }

    /// What is exposed is written: the queries that have waited for it run.
    pub(super) fn exposed(&mut self) {
        for task in self.take_tasks(&|task| matches!(task.stage, Stage::Exposing)) {
            self.send_query(task);
        }
    }

    /// The query's data, or the way in which it failed.
    pub(super) fn query_answered(&mut self, mut task: Box<Task>, answer: Answer) {
        let Kind::Query(_, _, attempt) = &mut task.kind else { return };
        let failure = match answer {
            Answer::Response { given, seen, .. } => {
                let refused = !attempt.is_second && attempt.sent.is_some() && self.says_unauthorised(&seen);
                if refused && self.may_try_again(attempt) {
                    attempt.is_second = true;
                    attempt.first = Some(Ok(given));
                    return self.try_again(task);
                }
                return self.finish(task, Ok(given));
            }
            Answer::Found(Found::Failed(failure)) => failure,
            Answer::NoResponse(error) => return self.fail(task, error),
            _ => return,
        };
        let refused = match (failure.status(), self.record.tokens()) {
            (Some(status), _) => self.options.refresh.covers(status),
            // It shows no status: it may be the token's fault when the token is past, or may be.
            (None, Some(tokens)) => tokens.expires_at.is_none() || tokens.is_expired(self.now),
            (None, None) => false,
        };
        let error = failure.classify(Purpose::Other, Code::Host);
        let tried = attempt.is_second || error.code == Code::Cancelled;
        if refused && !tried && self.may_try_again(attempt) {
            attempt.is_second = true;
            attempt.first = Some(Err(error));
            return self.try_again(task);
        }
        self.fail(task, error);
    }
}

fn went_out_with(attempt: &Attempt, tokens: &Tokens) -> bool {
    attempt.sent.as_ref().is_some_and(|sent| sent.is_same(tokens))
}
