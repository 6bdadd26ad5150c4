//! What tests mostly do and ask, in words.

use doorkey::core::error::Code;
use doorkey::core::input::{Call, FetchCall, Input};
use doorkey::core::options::{Options, Storage};
use doorkey::core::session::Setting;
use doorkey::core::time::{Millis, UnixMillis};
use doorkey::core::value::{Map, Value};
use doorkey::core::vocabulary::{Credentials, EventKind};
use proptest::test_runner::{Config as ProptestConfig, RngSeed};

use super::options::usual;
use super::{Outcome, World, server};
use crate::testing::{json, sorted};

impl World {
    /// Signs in, with success.
    pub fn sign_in(&mut self, tab: usize) -> Value {
        self.run(tab, Call::Signin(credentials().into())).expect("the sign-in succeeds")
    }

    /// Gives a tab the usual options anew, with these on top.
    pub fn configure(&mut self, tab: usize, extra: &str) {
        self.configure_to(tab, &usual(extra));
    }

    /// Gives a tab these options.
    pub fn configure_to(&mut self, tab: usize, given: &Value) {
        let options = Options::parse(given).expect("the options are right");
        let storage =
            Setting::choose_storage(&options, options.storage == Some(Storage::Host)).expect("it can be chosen");
        self.input(tab, Input::Configure(Box::new(options), storage));
        self.settle();
    }

    /// A stranger gives the lock back.
    pub fn let_go(&mut self) {
        self.locks.holder = None;
        self.grant();
    }

    pub fn access_token(&mut self, tab: usize) -> Outcome {
        self.run(tab, Call::AccessToken(Millis(0)))
    }

    pub fn refresh(&mut self, tab: usize, force: bool) -> Outcome {
        self.run(tab, Call::Refresh(force))
    }

    pub fn logout(&mut self, tab: usize) -> Outcome {
        self.run(tab, Call::Logout(Default::default()))
    }

    /// A member of `status()`.
    pub fn status(&self, tab: usize, member: &str) -> Value {
        let status = self.tabs[tab].session.status(UnixMillis(self.now));
        let number = |number: Option<f64>| number.map_or(Value::Null, Value::Number);
        match member {
            "signedIn" => Value::Bool(status.signed_in),
            "expiresAt" => number(status.expires_at.map(|at| at.0 as f64)),
            "expiresInSeconds" => number(status.expires_in_seconds),
            _ => Value::Bool(status.has_refresh_token),
        }
    }

    pub fn is_signed_in(&self, tab: usize) -> bool {
        self.status(tab, "signedIn") == Value::Bool(true)
    }

    /// The kinds of events that a tab has told, with their reasons.
    pub fn told(&self, tab: usize) -> Vec<(EventKind, Option<&'static str>)> {
        self.tabs[tab].events.iter().map(|event| (event.kind, event.reason)).collect()
    }

    /// Forgets events and navigations so far.
    pub fn forget(&mut self) {
        for tab in &mut self.tabs {
            tab.events.clear();
            tab.navigations.clear();
        }
    }

    /// The trace of a tab; it holds no secret.
    pub fn trace(&self, tab: usize) -> Value {
        let trace = self.tabs[tab].session.trace();
        assert_clean(&trace, "the trace");
        trace
    }
}

/// What the only user signs in with.
pub fn credentials() -> Value {
    let mut inputs = Map::new();
    inputs.set("email", Value::from("ada@example.com"));
    inputs.set("password", Value::from(server::PASSWORD));
    Value::Map(inputs)
}

/// The same user's inputs with something more.
pub fn other_credentials() -> Value {
    let Value::Map(mut inputs) = credentials() else { panic!("inputs are an object") };
    inputs.set("again", Value::Bool(true));
    Value::Map(inputs)
}

/// A request of the caller's own.
pub fn get(url: &str) -> FetchCall {
    FetchCall {
        url: url.into(),
        method: "GET".to_owned(),
        header_names: Vec::new(),
        content_type: None,
        body: None,
        replayable: true,
        redirect_chosen: false,
        credentials: Credentials::SameOrigin,
        credentials_chosen: false,
        ahead: None,
    }
}

/// The code of a failed call.
pub fn code(outcome: &Outcome) -> Option<Code> {
    outcome.as_ref().err().map(|error| error.code)
}

/// A result as JSON.
pub fn ok(text: &str) -> Outcome {
    Ok(sorted(json(text)))
}

/// Every token and password of the world has this in it.
pub fn assert_clean(thing: &impl std::fmt::Debug, what: &str) {
    let text = format!("{thing:?}");
    assert!(!text.contains("canary"), "{what} holds a secret: {text}");
}

/// How random histories are drawn: the same ones each time, unless `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others.
pub fn random_config() -> ProptestConfig {
    let mut config = ProptestConfig { max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_101);
    }
    config
}
