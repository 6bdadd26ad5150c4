//! Chromium with the driver that belongs to it.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::paths::{Paths, program};
use crate::say;

/// The two programs.
#[derive(Debug)]
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

/// The variables of the environment that name another browser and its driver.
const VARIABLES: [&str; 2] = ["DOORKEY_CHROMIUM", "CHROMEDRIVER"];

/// What Debian calls the Chromium without windows.
const SHELL: &str = "chromium-headless-shell";

/// Finds them: what the environment names, else what is in `PATH`.
pub fn find() -> Option<Browser> {
    let [chromium, driver] = VARIABLES;
    Some(Browser {
        chromium: named(chromium, &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])?,
        driver: named(driver, &["chromedriver"])?,
    })
}

/// Finds a Chromium without windows, which is the same but for those. Most tests open one, and to draw it takes as long as the
/// test. Who names a browser has that one alone.
pub fn shell() -> Option<PathBuf> {
    if env::var_os(VARIABLES[0]).is_some() { None } else { program(SHELL) }
}

/// Installs them.
pub fn make(paths: &Paths) -> Result<()> {
    for variable in VARIABLES {
        if let Some(path) = env::var_os(variable).map(PathBuf::from).filter(|path| !path.is_file()) {
            bail!("{variable} names {}, which is not there", path.display());
        }
    }
    apt::install(paths, "Chromium", &["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-color-emoji"])
        .context(
            "no browser: install Chromium and its chromedriver, or name them in DOORKEY_CHROMIUM and CHROMEDRIVER",
        )?;
    if apt::install(paths, "Chromium without windows", &[SHELL]).is_err() {
        say::line("    there is none: the tests that would run in it run in Chromium, and take longer");
    }
    Ok(())
}

fn named(variable: &str, names: &[&str]) -> Option<PathBuf> {
    match env::var_os(variable) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        None => names.iter().find_map(|name| program(name)),
    }
}
