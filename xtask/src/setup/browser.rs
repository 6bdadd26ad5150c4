//! Chromium with the driver that belongs to it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::paths::{Paths, program};

/// The two programs.
#[derive(Debug)]
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

/// Finds them: what the environment names, else what is in `PATH`.
pub fn find() -> Option<Browser> {
    let chromium = named("CHROMIUM", &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])?;
    let driver = named("CHROMEDRIVER", &["chromedriver"])?;
    Some(Browser { chromium, driver })
}

/// Installs them.
pub fn make(paths: &Paths) -> Result<()> {
    apt::install(paths, "Chromium", &["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-color-emoji"])
        .context("no browser: install Chromium and its chromedriver, or name them in CHROMIUM and CHROMEDRIVER")
}

fn named(variable: &str, names: &[&str]) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        None => names.iter().find_map(|name| program(name)),
    }
}
