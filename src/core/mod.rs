//! The decisions, and nothing else: no clock, no randomness, no JavaScript, no `async`.

pub mod effect;
pub mod envelope;
pub mod error;
pub mod failure;
pub mod flow;
pub mod http;
pub mod input;
pub mod lite;
pub mod options;
pub mod platform;
pub mod redact;
pub mod secret;
mod section;
pub mod session;
pub mod store;
pub mod template;
#[cfg(test)]
pub mod testing;
pub mod time;
pub mod token;
pub mod value;
