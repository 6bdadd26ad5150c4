//! The decisions, and nothing else: no clock, no randomness, no JavaScript, no `async`.

pub mod codec;
pub mod effect;
pub mod envelope;
pub mod error;
pub mod failure;
pub mod flow;
pub mod http;
pub mod input;
pub mod json;
mod number;
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
pub mod text;
pub mod time;
pub mod token;
pub mod value;
