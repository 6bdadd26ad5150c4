//! What is wrong with the world on purpose, and found: each invariant has at least one fault that breaks it.

use crate::rules::{Budget, Fault, Rotation, Rules, Seed};
use crate::scenarios::CALM;
use crate::search::{replay, search};

/// No seeded fault needs more states than this.
const MOST: usize = 60_000;

/// What is wrong, and which invariant does not hold then.
pub fn seeded() -> Vec<(&'static str, Rules)> {
    let few = Budget { asks: 2, faults: 0, ticks: 0, opens: 0 };
    let calm = Rules { budget: few, ..CALM };
    let broken = Rules { faults: &[Fault::NoNetwork], budget: Budget { faults: 1, ..few }, ..CALM };
    let silent = Rules { faults: &[Fault::Silence], budget: Budget { faults: 1, ..few }, ..CALM };
    vec![
        (
            "never is a refresh token sent twice while the lock works",
            Rules { name: "the lock is given to everybody", seed: Some(Seed::LockForAll), ..calm.clone() },
        ),
        (
            "no token lives after a sign-out",
            Rules { name: "a commit does not compare", seed: Some(Seed::BlindCommit), ..calm.clone() },
        ),
        (
            "no token lives after a sign-out",
            Rules {
                name: "a sign-out leaves no tombstone",
                seed: Some(Seed::NoTombstone),
                in_host: true,
                ..calm.clone()
            },
        ),
        ("every call settles once", Rules { name: "no timer runs", seed: Some(Seed::NoTimers), ..silent }),
        (
            "every call settles once",
            Rules { name: "each call is handed in twice", seed: Some(Seed::Echo), ..calm.clone() },
        ),
        (
            "tabs end in agreement",
            Rules {
                name: "a tab reads what it has read before",
                seed: Some(Seed::StaleReads),
                rotation: Rotation::Never,
                ..calm.clone()
            },
        ),
        (
            "a session that the server still takes is never ended by us",
            Rules { name: "a connection that breaks is told as a refusal", seed: Some(Seed::FalseRefusal), ..broken },
        ),
        (
            "no refresh loop",
            Rules {
                name: "each failure is taken for a network that is back",
                seed: Some(Seed::AlwaysWoke),
                outage: true,
                ..calm
            },
        ),
    ]
}

#[test]
fn each_invariant_is_broken_by_a_seeded_fault_and_by_that_alone() {
    for (invariant, rules) in seeded() {
        let found = search(&rules, &|states| states >= MOST);
        let Some((broken, way)) = found.broken else {
            panic!("{}: nothing was found in {} states", rules.name, found.states)
        };
        assert!(broken.starts_with(invariant), "{}: {broken}, by {way:?}", rules.name);
        // The same steps in a world that is right break nothing.
        assert_eq!(replay(&Rules { seed: None, ..rules.clone() }, &way), None, "{}", rules.name);
    }
}
