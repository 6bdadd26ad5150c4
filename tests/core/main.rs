//! The core in a simulated world: tabs, storage, locks, a strict server and a clock, all of them data.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

use doorkey::core::{platform, time, value};

#[path = "../../src/core/testing.rs"]
mod testing;
mod world;

mod ahead;
mod another_server;
mod asleep;
mod clock;
mod coming_back;
mod dpop;
mod elsewhere;
mod errors;
mod fetch;
mod flows;
mod forms;
mod growth;
mod hand_over;
mod host_store;
mod leaving;
mod limits;
mod logout;
mod masks;
mod model;
mod moving;
mod opening;
mod origins;
mod overtaken;
mod own;
mod planted;
mod query;
mod redirect;
mod redirect_faults;
mod refresh;
mod refusal;
mod responses;
mod restore;
mod retool;
mod schema;
mod signin;
mod storms;
mod tabs;
mod test_and_trace;
mod values;
mod verdicts;
mod warning;
mod whose;
