//! A Rust toolchain that can build for wasm32-unknown-unknown.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::sysroot;
use crate::paths::{Paths, program};
use crate::run::{Job, ask, with_path};
use crate::say;
use crate::target::TARGET;

/// A connection that a firewall drops in silence would hold rustup for ever.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// Where the cargo for wasm comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Toolchain {
    /// The one that is active in this folder: it has the target.
    Active,
    /// Debian's, with a sysroot of ours.
    Private(PathBuf),
}

impl Toolchain {
    /// A `cargo` command in the repository.
    pub fn cargo(&self, paths: &Paths) -> Result<Command> {
        let mut command = match self {
            Self::Active => Command::new("cargo"),
            Self::Private(sysroot) => {
                let bin = sysroot.join("bin");
                let mut command = with_path(Command::new(bin.join("cargo")), &bin)?;
                // What rustup set for the cargo that runs us is meant for another compiler; clippy asks for SYSROOT.
                command.env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC").env("SYSROOT", sysroot);
                command
            }
        };
        command.current_dir(&paths.root).env_remove("CARGO").env("CARGO_TARGET_DIR", &paths.target);
        Ok(command)
    }

    /// The same for small files, with the flags that these take, where its standard library could be built for that.
    pub fn small(&self) -> Option<(Self, &'static str)> {
        match self {
            Self::Active => None,
            Self::Private(sysroot) => Some((Self::Private(sysroot::small(sysroot)), sysroot::SMALL_FLAGS)),
        }
    }

    /// What distinguishes it from others that would build other bytes.
    pub fn id(&self) -> Result<String> {
        let rustc = match self {
            Self::Active => Path::new("rustc").to_owned(),
            Self::Private(sysroot) => sysroot.join("bin/rustc"),
        };
        ask(Command::new(rustc).arg("-vV")).context("rustc does not say its version")
    }
}

/// Finds one that is ready for use.
pub fn find(paths: &Paths) -> Result<Option<Toolchain>> {
    if active_has_target(paths) {
        return Ok(Some(Toolchain::Active));
    }
    Ok(sysroot::find(paths).map(Toolchain::Private))
}

/// Gets one, by rustup or else from Debian.
pub fn make(paths: &Paths) -> Result<()> {
    let rustup = by_rustup(paths);
    if rustup.is_ok() {
        return Ok(());
    }
    let debian = by_debian(paths);
    let (Err(rustup), Err(debian)) = (rustup, debian) else { return Ok(()) };
    bail!(
        "no Rust toolchain here can build for {TARGET}. Three ways, each is enough:\n\
         1. install a toolchain that has the target and make it active in this folder\n\
         2. rustup target add {TARGET}\n       tried: {rustup:#}\n\
         3. on Debian, as root or with sudo: apt-get install rustc-web cargo-web rust-web-src, and the lld of its LLVM\n       tried: {debian:#}"
    )
}

fn by_rustup(paths: &Paths) -> Result<()> {
    if program("rustup").is_none() {
        bail!("rustup is not installed");
    }
    if std::env::var_os("RUSTUP_AUTO_INSTALL").is_some_and(|value| value == "0") {
        bail!("RUSTUP_AUTO_INSTALL=0 forbids rustup to install");
    }
    say::line(format!("  wasm target: rustup target add {TARGET}"));
    Job::new(paths, "rustup target add", "rustup").args(["target", "add", TARGET]).limit(RUSTUP_LIMIT).done()?;
    if !active_has_target(paths) {
        bail!("rustup added it, and the active rustc still does not have it");
    }
    Ok(())
}

fn by_debian(paths: &Paths) -> Result<()> {
    let sysroot = sysroot::make(paths)?;
    if program("rustup").is_some() {
        // For people: `cargo +doorkey-wasm build --target …`. The commands here use the path.
        Job::new(paths, "rustup toolchain link", "rustup")
            .args(["toolchain", "link", "doorkey-wasm"])
            .args([sysroot])
            .done()?;
    }
    Ok(())
}

fn active_has_target(paths: &Paths) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&paths.root).args(["--print", "target-libdir", "--target", TARGET]);
    ask(&mut rustc).is_some_and(|dir| holds_core(Path::new(&dir)))
}

fn holds_core(dir: &Path) -> bool {
    let Ok(entries) = fs::read_dir(dir) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}
