//! WebKitGTK's small browser with its driver, and the X server without a screen that it needs.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::paths::{Paths, program};

const VARIABLE: &str = "WEBKITWEBDRIVER";

/// The driver, when there is an X server too: what the environment names, else what is in `PATH`.
pub fn find() -> Option<PathBuf> {
    program("Xvfb")?;
    match env::var_os(VARIABLE) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        None => program("WebKitWebDriver"),
    }
}

/// Installs them.
pub fn make(paths: &Paths) -> Result<()> {
    if let Some(path) = env::var_os(VARIABLE).map(PathBuf::from).filter(|path| !path.is_file()) {
        bail!("{VARIABLE} names {}, which is not there", path.display());
    }
    apt::install(paths, "WebKitGTK", &["webkit2gtk-driver", "xvfb"])
        .with_context(|| format!("no WebKitGTK: install WebKitWebDriver and Xvfb, or name the driver in {VARIABLE}"))
}
