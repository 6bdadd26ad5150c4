//! The searches.

use crate::rules::{Ask, Budget, Fault, Rotation, Rules};

const ASKS: &[Ask] = &[Ask::Token, Ask::Refresh, Ask::SignOut, Ask::SignIn];
const NETWORK: &[Fault] = &[Fault::LostAnswer, Fault::Silence, Fault::NoNetwork, Fault::Unavailable];
const LOCK: &[Fault] = &[Fault::LockRefused, Fault::LockLost];
const CRASH: &[Fault] = &[Fault::Crash];
const NAPS: &[Fault] = &[Fault::Freeze, Fault::Sleep];
const CLOCK: &[Fault] = &[Fault::Ahead, Fault::Back];
const WORDS: &[Fault] = &[Fault::StrayWord, Fault::LostWord, Fault::Cleared];
const ALL: &[Fault] = &[
    Fault::LostAnswer,
    Fault::Silence,
    Fault::NoNetwork,
    Fault::Unavailable,
    Fault::LockRefused,
    Fault::LockLost,
    Fault::Crash,
    Fault::Freeze,
    Fault::Sleep,
    Fault::Ahead,
    Fault::Back,
    Fault::StrayWord,
    Fault::LostWord,
    Fault::Cleared,
];

/// Two tabs of a strict server, and nothing goes wrong.
pub const CALM: Rules = Rules {
    name: "two tabs, nothing goes wrong",
    tabs: 2,
    rotation: Rotation::Strict,
    in_host: false,
    without_lock: false,
    outage: false,
    asks: ASKS,
    faults: &[],
    budget: Budget { asks: 2, faults: 0, ticks: 1, opens: 0 },
    seed: None,
};

/// With one thing that goes wrong.
const ONE_FAULT: Budget = Budget { asks: 1, faults: 1, ticks: 1, opens: 1 };

/// What every run of the tests searches.
pub fn bounded() -> Vec<Rules> {
    let quick = Rules { budget: Budget { ticks: 0, ..CALM.budget }, ..CALM };
    let fault = Rules { budget: ONE_FAULT, ..CALM };
    let unlocked = Rules { without_lock: true, ..quick.clone() };
    let in_host = Rules { in_host: true, ..CALM };
    vec![
        Rules { name: "nothing goes wrong", ..quick.clone() },
        Rules { name: "nothing goes wrong: a server with a reuse window", rotation: Rotation::Window, ..quick.clone() },
        Rules {
            name: "nothing goes wrong: a server that only refuses a reuse",
            rotation: Rotation::Refuses,
            ..quick.clone()
        },
        Rules { name: "nothing goes wrong: a server that never rotates", rotation: Rotation::Never, ..quick },
        Rules {
            name: "a timer, and an outage at the end",
            outage: true,
            budget: Budget { asks: 1, ..CALM.budget },
            ..CALM
        },
        Rules { name: "a fault of the network", faults: NETWORK, ..fault.clone() },
        Rules { name: "a fault of the lock", faults: LOCK, ..fault.clone() },
        Rules {
            name: "a page that goes, and another one",
            faults: CRASH,
            budget: Budget { ticks: 0, ..ONE_FAULT },
            ..CALM
        },
        Rules { name: "a page that freezes or sleeps", faults: NAPS, ..fault.clone() },
        Rules { name: "a clock that jumps", faults: CLOCK, budget: Budget { ticks: 0, ..ONE_FAULT }, ..CALM },
        Rules { name: "words that are early, late or lost, and a storage that is emptied", faults: WORDS, ..fault },
        Rules { name: "no lock: a strict server", ..unlocked.clone() },
        Rules { name: "no lock: a server with a reuse window", rotation: Rotation::Window, ..unlocked.clone() },
        Rules { name: "no lock: a server that only refuses a reuse", rotation: Rotation::Refuses, ..unlocked.clone() },
        Rules { name: "no lock: a server that never rotates", rotation: Rotation::Never, ..unlocked },
        Rules { name: "a host's store", budget: Budget { asks: 2, ticks: 0, ..CALM.budget }, ..in_host.clone() },
        Rules {
            name: "a host's store, and any fault",
            faults: ALL,
            budget: Budget { ticks: 0, ..ONE_FAULT },
            ..in_host
        },
        Rules { name: "three tabs", tabs: 3, budget: Budget { asks: 2, ticks: 0, ..CALM.budget }, ..CALM },
        Rules {
            name: "three tabs, and any fault",
            tabs: 3,
            faults: ALL,
            budget: Budget { ticks: 0, ..ONE_FAULT },
            ..CALM
        },
    ]
}

/// What `npm run proof` searches.
pub fn deep() -> Vec<Rules> {
    let whole = Budget { asks: 2, faults: 1, ticks: 1, opens: 1 };
    let fault = Rules { budget: whole, ..CALM };
    let in_host = Rules { in_host: true, ..CALM };
    vec![
        Rules { name: "two calls, a timer, an outage", outage: true, ..CALM },
        Rules { name: "three calls", budget: Budget { asks: 3, ticks: 0, ..CALM.budget }, ..CALM },
        Rules { name: "two calls, a timer, a fault of the network", faults: NETWORK, ..fault.clone() },
        Rules { name: "two calls, a timer, a fault of the lock", faults: LOCK, ..fault.clone() },
        Rules { name: "a call, a timer, a page that goes", faults: CRASH, budget: ONE_FAULT, ..CALM },
        Rules { name: "two calls, a timer, a page that freezes or sleeps", faults: NAPS, ..fault.clone() },
        Rules { name: "two calls, a timer, a clock that jumps", faults: CLOCK, ..fault.clone() },
        Rules { name: "two calls, a timer, a word or the storage", faults: WORDS, ..fault },
        Rules { name: "no lock: two calls, a timer", without_lock: true, ..CALM },
        Rules { name: "no lock, refuses: two calls, a timer", without_lock: true, rotation: Rotation::Refuses, ..CALM },
        Rules { name: "a host's store: two calls, a timer", ..in_host.clone() },
        Rules { name: "a host's store: a call, a timer, any fault", faults: ALL, budget: ONE_FAULT, ..in_host.clone() },
        Rules {
            name: "a host's store: two faults",
            faults: ALL,
            budget: Budget { faults: 2, ticks: 0, ..ONE_FAULT },
            ..in_host
        },
        Rules { name: "two faults, a call, a timer", faults: ALL, budget: Budget { faults: 2, ..ONE_FAULT }, ..CALM },
        Rules { name: "three tabs: two calls, a timer", tabs: 3, ..CALM },
        Rules { name: "three tabs: a call, a timer, any fault", tabs: 3, faults: ALL, budget: ONE_FAULT, ..CALM },
    ]
}
