//! doorkey: a session that works, for low-code apps.

pub mod core;

#[cfg(feature = "bindings")]
pub mod bindings;
#[cfg(feature = "bindings")]
pub mod shell;
