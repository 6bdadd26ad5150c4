//! doorkey: a session that works, for low-code apps.

pub mod core;
