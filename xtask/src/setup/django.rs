//! A Python environment with what tests/servers/django/requirements.txt names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use crate::paths::Paths;
use crate::run::{Job, ask};
use crate::say;
use crate::stamp;

const REQUIREMENTS: &str = "tests/servers/django/requirements.txt";
/// Where a suitable Python may be, the user's choice first.
const PYTHONS: [&str; 7] =
    ["python3", "/usr/bin/python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/// Succeeds where Python is new enough for Django 5.2 and can make environments.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

/// The environment's interpreter, when it is complete.
pub fn find(paths: &Paths) -> Result<Option<PathBuf>> {
    let place = place(paths)?;
    let python = place.join("bin/python");
    // The interpreter is a link, which dangles when the Python behind it was removed.
    Ok((place.join(".ok").is_file() && python.is_file()).then_some(python))
}

/// Makes the environment.
pub fn make(paths: &Paths) -> Result<()> {
    let place = place(paths)?;
    let python = match suitable() {
        Some(python) => python,
        None => {
            apt::install(paths, "Django", &["python3", "python3-venv"])
                .context("needs Python 3.10 or newer with venv")?;
            suitable().context("needs Python 3.10 or newer with venv, and Debian's is older")?
        }
    };
    let _ = fs::remove_dir_all(&place);
    say::line(format!("  Django: a Python environment in {}", place.display()));
    Job::new(paths, "python venv", python).args(["-m", "venv"]).args([&place]).done()?;
    let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r"];
    Job::new(paths, "pip install", place.join("bin/python")).args(pip).args([REQUIREMENTS]).done()?;
    fs::write(place.join(".ok"), "")?;
    Ok(())
}

/// Named by what is in it, so that two branches with other requirements do not fight over one place. The tests look
/// for it by the same rule where DOORKEY_DJANGO_PYTHON is not set.
fn place(paths: &Paths) -> Result<PathBuf> {
    let requirements = paths.root.join(REQUIREMENTS);
    Ok(paths.cache.join(format!("django-{}", stamp::short_hash(&requirements)?)))
}

fn suitable() -> Option<&'static Path> {
    PYTHONS.iter().map(Path::new).find(|python| ask(Command::new(python).args(["-c", PROBE])).is_some())
}
