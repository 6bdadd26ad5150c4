//! Effects become jobs, and jobs are done.

use doorkey::core::effect::{Effect, Word};
use doorkey::core::error::{AuthError, Code};
use doorkey::core::failure::Failure;
use doorkey::core::flow::step::{StepRequest, StepResult};
use doorkey::core::http::Redirect;
use doorkey::core::input::{Answer, CallId, EffectId, Hint, Input};
use doorkey::core::oauth::departure::Prepared;
use doorkey::core::options::Storage;
use doorkey::core::secret::{Secret, Sensitive};
use doorkey::core::time::UnixMillis;
use doorkey::core::value::{Map, Value};

use super::ahead::not_through;
use super::host::{Reply, name_of};
use super::requests::{plain, target};
use super::server::{Outcome, Request};
use super::{World, assert_clean};
use crate::testing::json;

/// Something that is done at its moment.
#[derive(Debug)]
pub enum Work {
    Read(EffectId),
    Commit(EffectId, Option<Secret>, Secret),
    List(EffectId, Vec<String>),
    Put {
        id: EffectId,
        key: String,
        text: Option<Secret>,
        persist: bool,
    },
    KeepKey(EffectId, String, bool),
    /// A request arrives at the server.
    Arrive(EffectId, Asker, Request),
    Answer(EffectId, Answer),
    AnswerAhead(CallId, Answer),
    /// A request that has gone ahead is handed over, if it is alone still.
    HandOver(CallId),
    /// An answer of the storage: in the order of the requests.
    Stored(EffectId, Answer),
    Hint(Hint),
    Tick,
}

/// Who sent a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asker {
    /// A step of a flow.
    Flow,
    /// The caller of `fetch`.
    Caller,
    /// The same, of a request that has gone ahead.
    Ahead(CallId),
    /// A function or a query of the host's, for a flow.
    HostFlow,
    /// A query that the caller runs.
    HostQuery,
}

impl Work {
    /// Whether it happens though the page that asked is gone.
    pub fn outlives_the_page(&self) -> bool {
        matches!(self, Self::Arrive(..) | Self::Commit(..) | Self::Put { .. })
    }

    pub fn is_storage(&self) -> bool {
        matches!(self, Self::Read(_) | Self::Commit(..) | Self::List(..) | Self::Put { .. } | Self::Stored(..))
    }
}

impl World {
    /// Takes every effect of a tab.
    pub(super) fn drain(&mut self, tab: usize) {
        while let Some(effect) = self.poll_effect(tab) {
            self.take(tab, effect);
        }
        self.tabs[tab].requests.since = self.now;
        self.grant();
    }

    fn take(&mut self, tab: usize, effect: Effect) {
        let delays = self.delays;
        match effect {
            Effect::Place { storage, forgets } => {
                if forgets {
                    self.disk_of(tab).0.record = None;
                }
                self.tabs[tab].storage = storage;
            }
            Effect::Read(id) => {
                self.reads += 1;
                self.job(tab, delays.storage, Work::Read(id));
            }
            Effect::Commit { id, expected, text } => {
                self.job(tab, delays.storage, Work::Commit(id, expected, text));
            }
            Effect::Mirror(text) => {
                let name = self.tabs[tab].session.options().name.clone();
                self.tabs[tab].host_store.insert(name, (text.into_exposed(), true));
            }
            Effect::List(id, keys) => self.job(tab, delays.storage, Work::List(id, keys)),
            Effect::Put { id, key, text, persist } => {
                let work = Work::Put { id, key, text, persist };
                // Only a host and a vault take their time to store a value.
                match self.tabs[tab].storage {
                    Storage::Host | Storage::Vault => self.job(tab, delays.storage, work),
                    _ => self.perform(tab, work),
                }
            }
            Effect::Show(key, text) => {
                let shown = &mut self.tabs[tab].shown;
                match text {
                    Some(text) => shown.insert(key, text.into_exposed()),
                    None => shown.remove(&key),
                };
            }
            Effect::Lock(id) if self.locks.absent => {
                let error = AuthError::new(Code::Host, "there are no locks");
                self.job(tab, 0, Work::Answer(id, Answer::Done(Err(error))));
            }
            Effect::Lock(id) => self.locks.ask(tab, id),
            Effect::Unlock => self.locks.release(tab),
            Effect::Over => {}
            Effect::Step(id, request) => self.step_of(tab, id, request),
            Effect::Query { id, query, params, .. } => {
                self.ask_host(tab, id, Asker::HostQuery, &target(query), vec![params.into_data()]);
            }
            Effect::Permit(permit) => self.tabs[tab].requests.take(permit),
            Effect::Send { id, call, addition, .. } => self.send(tab, id, call, addition),
            Effect::Notify(message) => {
                assert_clean(&message, "what the user is told");
                self.tabs[tab].notices.push(message);
            }
            Effect::KeepPage(page) => self.tabs[tab].kept = page,
            Effect::KeepKey { id, name, is_kept } => self.job(tab, delays.storage, Work::KeepKey(id, name, is_kept)),
            Effect::CloseForm => self.tabs[tab].forms_closed += 1,
            Effect::Abort(id) => {
                self.locks.abort(tab, id);
                self.tabs[tab].refreshing.retain(|refreshing| *refreshing != id);
            }
            Effect::Navigate(id, target) => {
                assert_clean(&target, "a navigation");
                self.tabs[tab].navigations.push(target);
                let answer = match &self.host.navigation {
                    Some(Reply::Hangs) => return,
                    Some(Reply::Throws(_)) => Err(AuthError::new(Code::Host, "no such page")),
                    _ => Ok(()),
                };
                self.job(tab, delays.host, Work::Answer(id, Answer::Done(answer)));
            }
            Effect::Announce(word) => {
                let hint = match word {
                    Word::Changed => Hint::Changed,
                    Word::Active => Hint::Active,
                    Word::Refreshing => Hint::Refreshing,
                    Word::Ended(at) => Hint::Ended(at),
                };
                self.tell_others(tab, &hint);
            }
            Effect::Emit(event) => {
                assert_clean(&event, "an event");
                assert_eq!(event.at, UnixMillis(self.now), "an event is told when it happens");
                self.tabs[tab].events.push(event);
            }
            Effect::Remember(_)
            | Effect::OpenPopup
            | Effect::HandOver(..)
            | Effect::TakeOut(_)
            | Effect::ReplaceLocation(_) => self.take_away(tab, effect),
            Effect::Settle(call, outcome) => self.settled(tab, call, outcome.map(Sensitive::into_data)),
        }
    }

    /// Gives the lock to who is next.
    pub(super) fn grant(&mut self) {
        while let Some((tab, id)) = self.locks.grant() {
            self.job(tab, 0, Work::Answer(id, Answer::Locked));
        }
    }

    fn tell_others(&mut self, tab: usize, hint: &Hint) {
        for other in 0..self.tabs.len() {
            if other != tab && self.tabs[other].open {
                self.job(other, self.delays.message, Work::Hint(hint.clone()));
            }
        }
    }

    fn step_of(&mut self, tab: usize, id: EffectId, request: StepRequest) {
        match request {
            StepRequest::Http(request) => {
                if !self.has_key(tab, request.proof.as_deref()) {
                    let lost = Answer::Step(StepResult::Failed(Failure::key_lost()));
                    return self.job(tab, 0, Work::Answer(id, lost));
                }
                let request = plain(request);
                if request.url.ends_with("/token") {
                    self.begin_refresh(tab, id);
                }
                self.job(tab, self.delays.network, Work::Arrive(id, Asker::Flow, request));
            }
            StepRequest::Query(query, params) => {
                self.ask_host(tab, id, Asker::HostFlow, &target(query), vec![params.into_data()]);
            }
            StepRequest::Prompt(form) => {
                let answer = match self.host.call("prompt".to_owned(), vec![form.into_data()]) {
                    Reply::Hangs => return,
                    Reply::Gives(value) => Answer::Step(StepResult::Entered(value.into(), self.host.asks_again)),
                    Reply::Throws(thrown) => failed(Asker::HostFlow, thrown),
                    Reply::Asks(path) | Reply::Fetches(path) => panic!("a form is no request to {path}"),
                };
                self.job(tab, self.delays.host, Work::Answer(id, answer));
            }
            StepRequest::Recall => {
                let kept = self.metadata.clone().map_or(Value::Undefined, Value::Text);
                self.job(tab, 0, Work::Answer(id, Answer::Step(StepResult::Value(kept.into()))));
            }
            StepRequest::Prepare => {
                self.next_number += 1;
                let verifier = format!("canary-verifier-{}", self.next_number);
                let prepared = Prepared {
                    id: format!("state-{}", self.next_number).into(),
                    challenge: format!("challenge-{}", self.next_number),
                    verifier: verifier.into(),
                    nonce: format!("nonce-{}", self.next_number).into(),
                    address: self.tabs[tab].address.clone(),
                };
                let answer = Answer::Step(StepResult::Prepared(prepared, self.kept(tab)));
                self.job(tab, 0, Work::Answer(id, answer));
            }
            StepRequest::Leave(leave) => {
                let Some(kept) = &mut self.tabs[tab].stowed else {
                    let thrown = json(r#"{ "code": "ERR_STORAGE_DENIED", "message": "nothing can be kept" }"#);
                    return self.job(tab, 0, Work::Answer(id, failed(Asker::HostFlow, thrown)));
                };
                kept.retain(|key, _| !leave.outdated.contains(key));
                kept.insert(["kept:", leave.pending.id()].concat(), leave.pending.to_text().into_exposed());
                self.tabs[tab].leaves.push(id);
                self.tabs[tab].left.push(leave.url.into_exposed());
            }
            StepRequest::Call(function, arguments) => {
                self.ask_host(tab, id, Asker::HostFlow, &Value::Foreign(function), arguments.into_data());
            }
        }
    }

    /// One refresh at a time in a tab, whatever happens.
    fn begin_refresh(&mut self, tab: usize, id: EffectId) {
        self.tabs[tab].refreshing.push(id);
        assert_eq!(self.tabs[tab].refreshing.len(), 1, "tab {tab} sends a second refresh while one is under way");
    }

    fn ask_host(&mut self, tab: usize, id: EffectId, asker: Asker, asked: &Value, arguments: Vec<Value>) {
        let first = arguments.first().cloned().unwrap_or_default();
        let reply = self.host.call(name_of(asked), arguments);
        let asker = match (&reply, asker) {
            (Reply::Fetches(_), Asker::HostQuery) => Asker::Caller,
            (Reply::Fetches(_), _) => Asker::Flow,
            (_, asker) => asker,
        };
        let answer = match reply {
            Reply::Hangs => return,
            Reply::Gives(value) => given(asker, value),
            Reply::Throws(thrown) => failed(asker, thrown),
            Reply::Asks(path) | Reply::Fetches(path) => {
                let mut body = String::new();
                doorkey::core::lite::json::json_to_text(&first, &mut body);
                if path == "/token" {
                    self.begin_refresh(tab, id);
                }
                let url = ["https://auth.example", path].concat();
                let method = "POST".to_owned();
                let (headers, body, redirect) = (Vec::new(), Some(body), Redirect::Follow);
                let request = Request { method, url, headers, body, redirect, with_cookies: false, proof: None };
                return self.job(tab, self.delays.network, Work::Arrive(id, asker, request));
            }
        };
        self.job(tab, self.delays.host, Work::Answer(id, answer));
    }

    pub(super) fn perform(&mut self, tab: usize, work: Work) {
        match work {
            // What is stored now counts, and not what was stored when the message was sent.
            Work::Hint(Hint::Value(key, _)) => {
                let text = self.disk.values.get(&key).cloned().map(Secret::new);
                self.hint(tab, Hint::Value(key, text));
            }
            Work::Hint(hint) => self.hint(tab, hint),
            Work::Tick => self.input(tab, Input::Tick),
            Work::Answer(id, answer) | Work::Stored(id, answer) => self.answer(tab, id, answer),
            Work::AnswerAhead(call, answer) => self.answer_ahead(tab, call, answer),
            Work::HandOver(call) => self.hand_over(tab, call),
            Work::Arrive(id, asker, request) => self.arrive(tab, id, asker, request),
            _ if self.disk.hangs => {}
            Work::KeepKey(id, name, is_kept) => self.keep_key(tab, id, name, is_kept),
            Work::Read(id) => {
                let (disk, mirror) = self.disk_of(tab);
                let answer = if disk.absent && mirror.is_some() {
                    Answer::Stored { text: mirror.flatten().map(Secret::new), mirror: None }
                } else if disk.unreadable {
                    Answer::Done(Err(AuthError::new(Code::StorageDenied, "the storage can't be read")))
                } else {
                    Answer::Stored {
                        text: disk.record.clone().map(Secret::new),
                        mirror: mirror.map(|mirror| mirror.map(Secret::new)),
                    }
                };
                self.stored(tab, id, answer);
            }
            Work::Commit(id, expected, text) => {
                let name = self.tabs[tab].session.options().name.clone();
                let (expected, text) = (expected.map(Secret::into_exposed), text.into_exposed());
                if self.disk.absent && self.tabs[tab].storage == Storage::Host {
                    self.disk.record = self.tabs[tab].host_store.get(&name).map(|(text, _)| text.clone());
                }
                let commit = self.disk_of(tab).0.commit(&expected, text.clone());
                if commit == doorkey::core::input::Commit::Applied && self.tabs[tab].storage == Storage::Host {
                    self.tabs[tab].host_store.insert(name, (text, true));
                }
                self.stored(tab, id, Answer::Committed(commit));
            }
            Work::List(id, keys) => {
                let values = match self.tabs[tab].storage {
                    Storage::Local | Storage::Vault => self.disk.values.clone().into_iter().collect(),
                    Storage::Host => {
                        let store = &self.tabs[tab].host_store;
                        keys.into_iter().filter_map(|key| Some((key.clone(), store.get(&key)?.0.clone()))).collect()
                    }
                    Storage::Session => self.tabs[tab].area.values.clone().into_iter().collect(),
                    _ => Vec::new(),
                };
                let values: Vec<(String, String)> = values;
                let values = values.into_iter().map(|(key, text)| (key, text.into())).collect();
                self.stored(tab, id, Answer::Values(values));
            }
            Work::Put { id, key, text, persist } => {
                let answer = match self.disk.value_fault {
                    Some(code) => Err(AuthError::new(code, "the storage refuses")),
                    None => {
                        self.put(tab, key, text.map(Secret::into_exposed), persist);
                        Ok(())
                    }
                };
                self.stored(tab, id, Answer::Done(answer));
            }
        }
    }

    fn stored(&mut self, tab: usize, id: EffectId, answer: Answer) {
        self.job(tab, self.delays.storage, Work::Stored(id, answer));
    }

    /// Where the record of a tab rests, and the host's copy of it.
    fn disk_of(&mut self, tab: usize) -> (&mut super::Disk, Option<Option<String>>) {
        let tab = &mut self.tabs[tab];
        let name = tab.session.options().name.clone();
        match tab.storage {
            Storage::Host => {
                let mirror = tab.host_store.get(&name).map(|(text, _)| text.clone());
                (&mut self.disk, Some(mirror))
            }
            Storage::Local | Storage::Vault => (&mut self.disk, None),
            Storage::Session => (&mut tab.area, None),
            _ => (&mut tab.memory, None),
        }
    }

    fn put(&mut self, tab: usize, key: String, text: Option<String>, persist: bool) {
        match (self.tabs[tab].storage, text) {
            (Storage::Host, Some(text)) => {
                self.tabs[tab].host_store.insert(key, (text, persist));
            }
            (Storage::Host, None) => {
                self.tabs[tab].host_store.remove(&key);
            }
            (Storage::Local | Storage::Vault, text) if persist => {
                match &text {
                    Some(text) => self.disk.values.insert(key.clone(), text.clone()),
                    None => self.disk.values.remove(&key),
                };
                self.tell_others(tab, &Hint::Value(key, text.map(Secret::new)));
            }
            (Storage::Session, Some(text)) if persist => {
                self.tabs[tab].area.values.insert(key, text);
            }
            (Storage::Session, None) => {
                self.tabs[tab].area.values.remove(&key);
            }
            _ => {}
        }
    }

    fn arrive(&mut self, tab: usize, id: EffectId, asker: Asker, request: Request) {
        let (outcome, late) = self.server.handle(request, self.now);
        let answer = match (outcome, asker) {
            (Outcome::Silence, _) => return,
            (Outcome::NoNetwork, Asker::Caller | Asker::Ahead(_)) => not_through(),
            (Outcome::Redirected, _) => Answer::Step(StepResult::Failed(Failure::redirected())),
            (Outcome::NoNetwork, _) => failed(asker, json(r#"{ "name": "TypeError", "message": "Failed to fetch" }"#)),
            (Outcome::Response(response), Asker::Flow) => Answer::Step(StepResult::Http(response)),
            (Outcome::Response(response), Asker::Caller | Asker::Ahead(_)) => {
                let given = Value::Number(f64::from(response.status));
                Answer::Response { status: response.status, given, seen: response.into_scope().into() }
            }
            (Outcome::Response(response), _) if response.is_ok() => given(asker, response.body.into_data()),
            (Outcome::Response(response), _) => {
                let mut thrown = Map::new();
                thrown.set("status", Value::Number(f64::from(response.status)));
                thrown.set("body", response.body.into_data());
                failed(asker, Value::Map(thrown))
            }
        };
        if self.tabs[tab].open {
            let work =
                if let Asker::Ahead(call) = asker { Work::AnswerAhead(call, answer) } else { Work::Answer(id, answer) };
            self.job(tab, self.delays.network + late, work);
        }
    }
}

fn given(asker: Asker, value: Value) -> Answer {
    match asker {
        Asker::HostQuery => {
            let mut seen = Map::new();
            seen.set("headers", Value::Map(Map::new()));
            seen.set("body", value.clone());
            Answer::Response { status: 0, given: value, seen: Value::Map(seen).into() }
        }
        _ => Answer::Step(StepResult::Value(value.into())),
    }
}

/// What a host threw.
fn failed(asker: Asker, thrown: Value) -> Answer {
    let failure = Failure::new(thrown, None, crate::testing::PLATFORM);
    if asker == Asker::HostQuery { Answer::Failed(failure) } else { Answer::Step(StepResult::Failed(failure)) }
}
