//! What the shell lets crates do for it: see the JavaScript beside this for the rest.

pub mod http;
pub mod storage;
