//! Fuzz targets for the functions through which untrusted text enters, on a stable toolchain.
//!
//! Each target first replays its corpus, then tries new inputs for `DOORKEY_FUZZ_SECONDS` (default 0: one round).
//! An input that fails is made smaller, and kept in a file under `target` that can be added to the corpus.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::print_stdout)] // A target fails by panicking, and tells how much it tried.

mod answer;
mod envelope;
mod harness;
mod options;
mod platform;
mod program;
mod template;
mod token;
