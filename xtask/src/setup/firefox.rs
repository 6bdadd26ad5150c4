//! Firefox with the driver that belongs to it: Debian has the browser, and the driver is on crates.io.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::apt;
use crate::paths::{Paths, program};
use crate::run::Job;
use crate::say;

/// Where tests/browsers/firefox.json looks for it.
const FIREFOX: &str = "/usr/bin/firefox-esr";
/// Drives the releases of Firefox from 128 ESR on.
const DRIVER_VERSION: &str = "0.37.1";
const VARIABLE: &str = "GECKODRIVER";

/// The driver, when the browser is there too: what the environment names, else ours, else what is in `PATH`.
pub fn find(paths: &Paths) -> Option<PathBuf> {
    if !Path::new(FIREFOX).is_file() {
        return None;
    }
    driver(paths)
}

/// Installs both.
pub fn make(paths: &Paths) -> Result<()> {
    if let Some(path) = env::var_os(VARIABLE).map(PathBuf::from).filter(|path| !path.is_file()) {
        bail!("{VARIABLE} names {}, which is not there", path.display());
    }
    if !Path::new(FIREFOX).is_file() {
        apt::install(paths, "Firefox", &["firefox-esr"])
            .with_context(|| format!("no Firefox: install it so that {FIREFOX} is there"))?;
    }
    if driver(paths).is_none() {
        say::line(format!("  Firefox: cargo install geckodriver {DRIVER_VERSION} (1 to 4 minutes, once)"));
        // A debug build, which takes half as long: the driver waits for the browser, not for itself.
        Job::new(paths, "cargo install of geckodriver", "cargo")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .args(["install", "geckodriver", "--version", DRIVER_VERSION, "--locked", "--debug", "--force", "--root"])
            .args([place(paths)])
            .done()?;
    }
    Ok(())
}

fn driver(paths: &Paths) -> Option<PathBuf> {
    if let Some(path) = env::var_os(VARIABLE) {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    Some(place(paths).join("bin/geckodriver")).filter(|path| path.is_file()).or_else(|| program("geckodriver"))
}

fn place(paths: &Paths) -> PathBuf {
    paths.cache.join(format!("geckodriver-{DRIVER_VERSION}"))
}
