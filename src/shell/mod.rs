//! Performs what core asks for: messages to JavaScript, which does it once we have returned, and messages back.
//!
//! One message comes in, some go out, as bytes ([`wire`]); each has a name, and names for what is in it. No borrow and no
//! frame of ours is alive when JavaScript of a page runs.

pub mod answer;
pub mod message;
pub mod platform;
pub mod ports;
pub mod refs;
pub mod sessions;
pub mod wire;
