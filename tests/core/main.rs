//! The core in a simulated world: tabs, storage, locks, a strict server and a clock, all of them data.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

use doorkey::core::{platform, time, value};

#[path = "../../src/core/testing.rs"]
mod testing;
mod world;

mod asleep;
mod clock;
mod elsewhere;
mod errors;
mod fetch;
mod flows;
mod forms;
mod growth;
mod host_store;
mod leaving;
mod limits;
mod logout;
mod model;
mod opening;
mod origins;
mod query;
mod redirect;
mod redirect_faults;
mod refresh;
mod refusal;
mod retool;
mod schema;
mod signin;
mod tabs;
mod test_and_trace;
mod values;
mod verdicts;
