//! The caller's own requests, and those among them that go ahead: as ahead.js lets them, where core has permitted it.

use std::collections::BTreeMap;

use doorkey::core::effect::Permit;
use doorkey::core::error::{AuthError, Code};
use doorkey::core::failure::Failure;
use doorkey::core::http::status::Purpose;
use doorkey::core::http::{Addition, Redirect};
use doorkey::core::input::{Ahead, Answer, Call, CallId, EffectId, FetchCall, Input};
use doorkey::core::secret::Secret;
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;

use super::World;
use super::perform::{Asker, Work};
use super::requests::exposed;
use super::server::Request;

/// The requests of a tab.
#[derive(Debug, Default)]
pub struct Requests {
    /// By call, as core is told of them.
    of_calls: BTreeMap<CallId, FetchCall>,
    /// What core permits.
    pub permit: Option<Permit>,
    /// When core has had something to say of that last.
    pub since: u64,
    /// How often it has given a permit, and taken one back.
    pub permits: [usize; 2],
    ahead: BTreeMap<CallId, Way>,
}

/// How far a request is that has gone ahead.
#[derive(Debug)]
enum Way {
    Sent(Ahead),
    /// Core awaits the answer.
    HandedOver(Option<EffectId>),
}

impl Requests {
    pub fn take(&mut self, permit: Option<Permit>) {
        self.permits[usize::from(permit.is_none())] += 1;
        self.permit = permit;
    }
}

impl World {
    /// Sends the request of a call ahead, where that is permitted; gives whether it was.
    pub(super) fn goes_ahead(&mut self, tab: usize, call: CallId, fetch: &FetchCall) -> bool {
        let own = &mut self.tabs[tab];
        own.requests.of_calls.insert(call, fetch.clone());
        let is_steady = own.session.steady_until().is_some_and(|until| self.now < until.0);
        let holds = own.open && own.requests.since <= self.now && is_steady;
        let Some(permit) = own.requests.permit.clone().filter(|_| holds && fetch.ahead.is_none()) else { return false };
        let goes_there = |origin: &String| fetch.url.expose().starts_with(&format!("{origin}/"));
        let has_own_token = fetch.header_names.iter().any(|name| name == "authorization");
        if has_own_token || !fetch.replayable || !permit.origins.iter().any(goes_there) {
            return false;
        }
        let ahead = Ahead { bearer: permit.bearer, at: UnixMillis(self.now) };
        own.requests.ahead.insert(call, Way::Sent(ahead));
        let addition = Addition { headers: permit.headers, ..Addition::default() };
        self.go(tab, EffectId::NOBODY, Asker::Ahead(call), fetch.clone(), addition);
        self.job(tab, permit.alone.0, Work::HandOver(call));
        true
    }

    /// Core is told of a request that it has not sent.
    pub(super) fn hand_over(&mut self, tab: usize, call: CallId) {
        let requests = &mut self.tabs[tab].requests;
        let Some(Way::Sent(ahead)) = requests.ahead.get(&call) else { return };
        let ahead = Some(*ahead);
        requests.ahead.insert(call, Way::HandedOver(None));
        let fetch = FetchCall { ahead, ..requests.of_calls[&call].clone() };
        self.input(tab, Input::Call(call, Call::Fetch(fetch)));
    }

    /// The session has ended, and core has not heard of these.
    pub(super) fn end_ahead(&mut self, tab: usize) {
        for (call, way) in std::mem::take(&mut self.tabs[tab].requests.ahead) {
            if matches!(way, Way::Sent(_)) {
                self.settled(tab, call, Err(AuthError::disposed()));
            }
        }
    }

    /// The answer to a request that has gone ahead.
    pub(super) fn answer_ahead(&mut self, tab: usize, call: CallId, answer: Answer) {
        let is_plain =
            |seen: &Value| seen.member("headers").is_none_or(|headers| headers.member("grpc-status").is_none());
        let ahead = &mut self.tabs[tab].requests.ahead;
        match (ahead.remove(&call), answer) {
            (Some(Way::HandedOver(Some(id))), answer) => self.answer(tab, id, answer),
            (Some(Way::Sent(_)), Answer::Response { status, given, seen })
                if (200..300).contains(&status) && is_plain(seen.data()) =>
            {
                self.settled(tab, call, Ok(given));
            }
            (Some(Way::Sent(sent)), answer) => {
                ahead.insert(call, Way::Sent(sent));
                self.hand_over(tab, call);
                if let Some(Way::HandedOver(Some(id))) = self.tabs[tab].requests.ahead.remove(&call) {
                    self.job(tab, 0, Work::Answer(id, answer));
                }
            }
            _ => {}
        }
    }

    pub(super) fn send(&mut self, tab: usize, id: EffectId, call: CallId, addition: Addition) {
        let requests = &mut self.tabs[tab].requests;
        if let Some(Way::HandedOver(awaited @ None)) = requests.ahead.get_mut(&call) {
            *awaited = Some(id);
            return;
        }
        if !self.has_key(tab, addition.proof.as_deref()) {
            let lost = Failure::key_lost().classify(Purpose::Other, Code::Unreachable);
            return self.job(tab, 0, Work::Answer(id, Answer::NoResponse(lost)));
        }
        let fetch = self.tabs[tab].requests.of_calls.get(&call).cloned().expect("the request is known");
        self.go(tab, id, Asker::Caller, fetch, addition);
    }

    fn go(&mut self, tab: usize, id: EffectId, asker: Asker, fetch: FetchCall, addition: Addition) {
        let request = Request {
            method: fetch.method,
            url: addition.url.unwrap_or(fetch.url).into_exposed(),
            headers: exposed(addition.headers),
            body: addition.body.or(fetch.body).map(Secret::into_exposed),
            redirect: Redirect::Follow,
            with_cookies: addition.with_cookies,
            proof: addition.proof.map(|proof| *proof),
        };
        self.tabs[tab].sent.push(request.clone());
        self.job(tab, self.delays.network, Work::Arrive(id, asker, request));
    }
}

/// Why no answer comes to a caller's own request.
pub fn not_through() -> Answer {
    Answer::NoResponse(AuthError::new(Code::Unreachable, "the request did not get through"))
}
