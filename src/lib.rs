//! doorkey: a session that works, for low-code apps.
//!
//! With the feature `serde` it is a crate for Rust frontends: see `Auth`, and the module `typed`.

pub mod core;

#[cfg(feature = "bindings")]
pub mod bindings;
#[cfg(feature = "bindings")]
pub mod shell;
#[cfg(feature = "serde")]
pub mod typed;

#[cfg(feature = "serde")]
pub use typed::*;

#[cfg(all(feature = "package", target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
