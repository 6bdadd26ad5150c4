//! Random histories of tabs, server, storage and clock, and what holds in all of them.
//!
//! The world itself watches, at every step: a call is settled once, a tab sends one refresh at a time, nothing that
//! leaves the core holds a secret, no tab asks for a tick again and again.

use doorkey::core::input::{Call, CallId, Hint, Input, LogoutCall};
use doorkey::core::time::Millis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::EventKind;
use proptest::prelude::*;

use crate::world::locks::Owner;
use crate::world::options::usual;
use crate::world::server::Fault;
use crate::world::{DAY, HOUR, MINUTE, SECOND, World, credentials, get, random_config};

const TABS: usize = 4;

/// Something that happens.
#[derive(Clone, Debug)]
enum Op {
    SignIn(usize),
    Use(usize),
    Fetch(usize),
    Refresh(usize, bool),
    Logout(usize),
    Store(usize, u8, bool),
    Clear(usize),
    Hint(usize),
    Hide(usize, bool),
    Wait(u64),
    Fail(Fault),
    Refuse,
    RevokeAll,
    // What a calm world does not have.
    Close(usize),
    Dispose(usize),
    Open,
    Sleep(u64),
    Clock(i64),
    Locks(bool),
    Stranger(bool),
}

impl Op {
    /// The tab in which it happens.
    fn tab(&self) -> Option<usize> {
        match self {
            Self::SignIn(tab) | Self::Use(tab) | Self::Fetch(tab) | Self::Refresh(tab, _) | Self::Logout(tab) => {
                Some(*tab)
            }
            Self::Store(tab, ..) | Self::Clear(tab) | Self::Hint(tab) | Self::Hide(tab, _) => Some(*tab),
            Self::Close(tab) | Self::Dispose(tab) => Some(*tab),
            _ => None,
        }
    }
}

fn calm() -> impl Strategy<Value = Op> {
    let tab = 0..TABS;
    prop_oneof![
        3 => tab.clone().prop_map(Op::SignIn),
        4 => tab.clone().prop_map(Op::Use),
        3 => tab.clone().prop_map(Op::Fetch),
        4 => (tab.clone(), any::<bool>()).prop_map(|(tab, force)| Op::Refresh(tab, force)),
        2 => tab.clone().prop_map(Op::Logout),
        1 => (tab.clone(), 0..4_u8, any::<bool>()).prop_map(|(tab, key, persist)| Op::Store(tab, key, persist)),
        1 => tab.clone().prop_map(Op::Clear),
        2 => tab.clone().prop_map(Op::Hint),
        1 => (tab, any::<bool>()).prop_map(|(tab, visible)| Op::Hide(tab, visible)),
        8 => prop_oneof![0..300_u64, 0..(5 * SECOND), 0..(12 * MINUTE)].prop_map(Op::Wait),
        2 => prop_oneof![
            Just(Fault::NoNetwork),
            Just(Fault::Status(503, &[("retry-after", "3")], "")),
            Just(Fault::Status(409, &[], "")),
            Just(Fault::Status(200, &[], r#"{ "hello": 1 }"#)),
            (0..(4 * SECOND)).prop_map(Fault::Slow),
        ]
        .prop_map(Op::Fail),
        1 => Just(Op::Refuse),
        1 => Just(Op::RevokeAll),
    ]
}

fn rough() -> impl Strategy<Value = Op> {
    let tab = 0..TABS;
    prop_oneof![
        12 => calm(),
        1 => tab.clone().prop_map(Op::Close),
        1 => tab.prop_map(Op::Dispose),
        2 => Just(Op::Open),
        1 => (0..(2 * HOUR)).prop_map(Op::Sleep),
        1 => (-(DAY as i64)..(DAY as i64)).prop_map(Op::Clock),
        1 => any::<bool>().prop_map(Op::Locks),
        1 => any::<bool>().prop_map(Op::Stranger),
        1 => prop_oneof![Just(Fault::LostAnswer), Just(Fault::Silence)].prop_map(Op::Fail),
    ]
}

/// The delays of storage and messages, the strictness of the server, and how requests and answers are shuffled.
fn setting() -> impl Strategy<Value = (u64, u64, bool, u32, bool)> {
    (prop_oneof![Just(0), Just(5), Just(60)], 0..200_u64, any::<bool>(), 1..u32::MAX, any::<bool>())
}

struct Model {
    world: World,
    options: Value,
    /// The last word on the session was a sign-out.
    is_out: bool,
    signing_in: Vec<(usize, CallId)>,
    signing_out: Vec<(usize, CallId)>,
    may_expose_old: bool,
}

/// A tab whose storage did not answer in time (it slept) goes on alone, and has said so.
fn is_alone(world: &World, tab: usize) -> bool {
    world.told(tab).contains(&(EventKind::Failed, Some("ERR_TIMEOUT")))
}

impl Model {
    fn new((storage, message, strict, chaos, in_host): (u64, u64, bool, u32, bool)) -> Self {
        let extra = if in_host {
            r#"{ "storage": "host", "expose": { "accessToken": "accesstoken" } }"#
        } else {
            r#"{ "expose": { "accessToken": "accesstoken" } }"#
        };
        let mut world = World::default();
        world.server.strict = strict;
        world.delays.storage = storage;
        world.delays.message = message;
        world.delays.network = 400;
        world.delays.chaos = chaos;
        let options = usual(extra);
        world.fill(TABS, &options);
        Self { world, options, is_out: true, signing_in: Vec::new(), signing_out: Vec::new(), may_expose_old: false }
    }

    fn apply(&mut self, op: &Op) {
        // A page that goes while it exposes tokens has the last word, until the next page opens.
        let goes = matches!(op, Op::Close(_) | Op::Dispose(_));
        self.may_expose_old |= goes || (0..TABS).any(|tab| is_alone(&self.world, tab));
        if op.tab().is_some_and(|tab| !self.world.tabs[tab].open) {
            return;
        }
        let world = &mut self.world;
        match op {
            Op::SignIn(tab) => {
                let call = world.call(*tab, Call::Signin(credentials().into()));
                self.signing_in.push((*tab, call));
                self.is_out = false;
            }
            Op::Use(tab) => {
                world.call(*tab, Call::AccessToken(Millis(0)));
            }
            Op::Fetch(tab) => {
                world.call(*tab, Call::Fetch(get("https://auth.example/api")));
            }
            Op::Refresh(tab, force) => {
                world.call(*tab, Call::Refresh(*force));
            }
            Op::Logout(tab) => self.log_out(*tab),
            Op::Store(tab, key, persist) => {
                let key = format!("k{key}");
                world.call(*tab, Call::StoreValue(key, "1".into(), *persist));
            }
            Op::Clear(tab) => {
                world.call(*tab, Call::ClearStore);
            }
            Op::Hint(tab) => world.hint(*tab, Hint::Changed),
            Op::Hide(tab, visible) => world.hint(*tab, Hint::Visible(*visible)),
            Op::Wait(millis) => world.advance(*millis),
            Op::Fail(fault) => world.server.fail("/token", [fault.clone()]),
            Op::Refuse => world.server.fail("/api", [Fault::Status(401, &[], "")]),
            Op::RevokeAll => world.server.revoke_all(),
            Op::Close(tab) | Op::Dispose(tab) => {
                // A sign-out that was not through when its page went has decided nothing.
                self.is_out &= !self.signing_out.iter().any(|(at, call)| at == tab && world.is_pending(*call));
                if matches!(op, Op::Dispose(_)) {
                    world.input(*tab, Input::Dispose);
                }
                world.close(*tab);
                world.settle();
            }
            Op::Open => {
                if let Some(closed) = world.tabs.iter().position(|tab| !tab.open) {
                    // The host's store of this page is old, but what it persists of the session is shared.
                    let mut host_store = world.tabs[closed].host_store.clone();
                    host_store.extend(world.disk.record.clone().map(|record| ("doorkey".to_owned(), (record, true))));
                    world.reopen(closed, &self.options, host_store);
                }
            }
            Op::Sleep(millis) => world.sleep(*millis),
            Op::Clock(ahead) => world.set_clock(*ahead),
            Op::Locks(absent) => world.locks.absent = *absent,
            Op::Stranger(holds) => match (holds, world.locks.holder) {
                (true, None) => world.locks.holder = Some(Owner::Stranger),
                (false, Some(Owner::Stranger)) => world.let_go(),
                _ => {}
            },
        }
    }

    fn log_out(&mut self, tab: usize) {
        let world = &mut self.world;
        let elsewhere = self.signing_in.iter().any(|(other, call)| *other != tab && world.is_pending(*call));
        let stored = world.disk.record.as_ref().is_some_and(|record| record.contains("canary"));
        // A tab that has not yet heard of a sign-in elsewhere has nothing to end.
        let decides = !elsewhere && !is_alone(world, tab) && (world.is_signed_in(tab) || !stored);
        let call = world.call(tab, Call::Logout(LogoutCall::default()));
        self.signing_out.push((tab, call));
        self.is_out |= decides;
    }

    /// Everything heals, and time passes.
    fn come_to_rest(&mut self) {
        let world = &mut self.world;
        world.server.heal();
        world.locks.absent = false;
        if world.locks.holder == Some(Owner::Stranger) {
            world.let_go();
        }
        world.delays.chaos = 0;
        world.advance(10 * MINUTE);
        for tab in 0..world.tabs.len() {
            world.hint(tab, Hint::Visible(true));
        }
        world.advance(10 * MINUTE);
        assert_eq!(world.unsettled(), [], "every call is settled");
    }

    fn check_end(&mut self) {
        self.may_expose_old |= (0..TABS).any(|tab| is_alone(&self.world, tab));
        let world = &mut self.world;
        let open: Vec<_> = (0..TABS).filter(|tab| world.tabs[*tab].open && !is_alone(world, *tab)).collect();
        // Fresh tokens, so that no refresh comes due while the tabs are asked.
        if let Some(tab) = open.first() {
            world.refresh(*tab, true).ok();
            world.advance(SECOND);
        }
        let tokens: Vec<_> = open.iter().map(|tab| world.access_token(*tab).ok()).collect();
        world.advance(SECOND);
        assert!(tokens.windows(2).all(|pair| pair[0] == pair[1]), "the tabs disagree: {tokens:?}");
        let record = world.disk.record.clone().unwrap_or_default();
        for (tab, token) in open.iter().zip(&tokens) {
            let token = token.as_ref().and_then(Value::as_text);
            let agrees = token.map_or(!record.contains("canary"), |token| record.contains(token));
            assert!(agrees, "tab {tab} holds {token:?}, stored is {record}");
            let exposed = world.tabs[*tab].shown.get("accesstoken").cloned();
            let expected = token.map(|token| format!("\"{token}\""));
            assert!(exposed == expected || self.may_expose_old, "tab {tab} holds {expected:?} and exposes {exposed:?}");
            world.trace(*tab);
        }
        if self.is_out {
            assert!(tokens.iter().all(Option::is_none), "signed out, and yet {tokens:?}");
            assert!(!record.contains("canary"), "signed out, and yet {record}");
        }
    }
}

proptest! {
    #![proptest_config(random_config())]

    #[test]
    fn in_a_calm_world_no_refresh_token_is_used_twice(
        setting in setting(),
        ops in prop::collection::vec(calm(), 1..60),
    ) {
        let mut model = Model::new(setting);
        for op in &ops {
            model.apply(op);
            prop_assert_eq!(model.world.server.reuses, 0);
        }
        model.come_to_rest();
        prop_assert_eq!(model.world.server.reuses, 0);
        model.check_end();
    }

    #[test]
    fn in_a_rough_world_calls_end_tabs_agree_and_a_sign_out_stays(
        setting in setting(),
        ops in prop::collection::vec(rough(), 1..60),
    ) {
        let mut model = Model::new(setting);
        for op in &ops {
            model.apply(op);
        }
        model.come_to_rest();
        model.check_end();
    }
}
