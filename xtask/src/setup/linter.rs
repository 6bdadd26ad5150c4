//! Clippy for the toolchain that builds for wasm: half of the code is compiled for that target only.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use super::wasm::{self, Toolchain};
use crate::paths::Paths;
use crate::run::{Job, ask};

const CLIPPY: &str = "/usr/bin/cargo-clippy";

/// Whether `cargo clippy` works with that toolchain.
pub fn is_there(paths: &Paths) -> Result<bool> {
    Ok(match wasm::find(paths)? {
        None => false,
        Some(Toolchain::Active) => ask(Command::new("cargo").args(["clippy", "--version"])).is_some(),
        // Not by asking cargo: where ours is missing, it takes rustup's, which is for another compiler.
        Some(Toolchain::Private(sysroot)) => sysroot.join("bin/cargo-clippy").is_file(),
    })
}

/// Installs it from where the toolchain is.
pub fn make(paths: &Paths) -> Result<()> {
    match wasm::find(paths)?.context("needs the wasm target, which is missing")? {
        Toolchain::Active => {
            Job::new(paths, "rustup component add clippy", "rustup").args(["component", "add", "clippy"]).done()?;
        }
        Toolchain::Private(sysroot) => {
            if !Path::new(CLIPPY).is_file() {
                apt::install(paths, "clippy", &["rust-web-clippy"])?;
            }
            let link = sysroot.join("bin/cargo-clippy");
            let _ = fs::remove_file(&link);
            symlink(CLIPPY, &link)?;
        }
    }
    Ok(())
}
