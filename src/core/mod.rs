//! The decisions, and nothing else: no clock, no randomness, no JavaScript, no `async`.

pub mod error;
pub mod secret;
pub mod time;
pub mod value;
