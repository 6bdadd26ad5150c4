//! What everything is built for.

/// The target of the whole product, by its name for rustc.
pub const TARGET: &str = "wasm32-unknown-unknown";
