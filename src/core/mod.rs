//! The decisions, and nothing else: no clock, no randomness, no JavaScript, no `async`.

pub mod codec;
pub mod error;
pub mod json;
mod number;
pub mod secret;
pub mod template;
pub mod time;
pub mod value;
