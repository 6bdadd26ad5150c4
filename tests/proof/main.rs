//! The tab protocol, model-checked: core itself, in every order in which things can happen to two and three tabs.
//!
//! A [`world::World`] is what tests/core simulates, in the least that the protocol needs, and all of it can be copied and
//! compared. [`search`] tries every step that is possible in every state, and never the same state twice. [`rest`] lets
//! everything heal from each state in which nothing is under way, and looks at what has become of the session.
//!
//! `npm run proof` searches deeper. Both write what they have found into docs/proof.md.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

use doorkey::core::{platform, time, value};

#[allow(dead_code)] // Other tests need more of it.
#[path = "../../src/core/testing.rs"]
mod testing;

mod canon;
mod crowd;
mod document;
mod report;
mod rest;
mod rules;
mod scenarios;
mod search;
mod seeded;
mod server;
mod steps;
mod tab;
mod world;
