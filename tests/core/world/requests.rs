//! Requests as they arrive, and the keys with which a browser proves who sends them.

use doorkey::core::flow::step::Query;
use doorkey::core::http::{Credentials, HttpRequest};
use doorkey::core::input::{Answer, EffectId};
use doorkey::core::oauth::dpop::Proof;
use doorkey::core::secret::Secret;
use doorkey::core::value::Value;

use super::World;
use super::server::Request;

impl World {
    /// Whether a tab has the key of this proof: in its memory, in the browser, or made now.
    pub(super) fn has_key(&mut self, tab: usize, proof: Option<&Proof>) -> bool {
        let Some(Proof { key, .. }) = proof else { return true };
        let memory = &mut self.tabs[tab].memory.keys;
        if memory.contains(&key.name) {
            return true;
        }
        if key.is_new && key.is_kept {
            self.disk.keys.insert(key.name.clone());
        }
        let has_key = key.is_new || self.disk.keys.contains(&key.name);
        if has_key {
            memory.insert(key.name.clone());
        }
        has_key
    }

    /// A key that is in use outlives its page, or does not: who has it in use goes on to the end.
    pub(super) fn keep_key(&mut self, tab: usize, id: EffectId, name: String, is_kept: bool) {
        let memory = &mut self.tabs[tab].memory.keys;
        if !is_kept {
            if self.disk.keys.remove(&name) {
                memory.insert(name);
            }
        } else if memory.contains(&name) {
            self.disk.keys.insert(name);
        }
        self.answer(tab, id, Answer::Done(Ok(())));
    }
}

pub fn target(query: Query) -> Value {
    match query {
        Query::Named(name) => Value::Text(name),
        Query::Given(query) => Value::Foreign(query),
    }
}

pub fn exposed(headers: Vec<(String, Secret)>) -> Vec<(String, String)> {
    headers.into_iter().map(|(name, value)| (name, value.into_exposed())).collect()
}

pub fn plain(request: HttpRequest) -> Request {
    Request {
        method: request.method,
        url: request.url.into_exposed(),
        headers: exposed(request.headers),
        body: request.body.map(Secret::into_exposed),
        redirect: request.redirect,
        proof: request.proof.map(|proof| *proof),
        with_cookies: request.credentials == Credentials::Include,
    }
}
