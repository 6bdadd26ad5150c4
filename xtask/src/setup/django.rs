//! Python environments with what the requirements.txt of our servers name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use crate::paths::Paths;
use crate::run::{Job, ask};
use crate::say;
use crate::stamp;

/// One environment.
pub struct Environment {
    name: &'static str,
    label: &'static str,
    requirements: &'static str,
}

/// The servers of every run.
pub const DJANGO: Environment =
    Environment { name: "django", label: "Django", requirements: "tests/servers/django/requirements.txt" };
/// Those of the stage `matrix`.
pub const SERVERS: Environment =
    Environment { name: "servers", label: "auth servers", requirements: "tests/servers/matrix/requirements.txt" };
/// Where a suitable Python may be, the user's choice first.
const PYTHONS: [&str; 7] =
    ["python3", "/usr/bin/python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/// Succeeds where Python is new enough for Django 5.2 and can make environments.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

impl Environment {
    /// Its interpreter, when it is complete.
    pub fn find(&self, paths: &Paths) -> Result<Option<PathBuf>> {
        let place = self.place(paths)?;
        let python = place.join("bin/python");
        // The interpreter is a link, which dangles when the Python behind it was removed.
        Ok((place.join(".ok").is_file() && python.is_file()).then_some(python))
    }

    /// Makes it.
    pub fn make(&self, paths: &Paths) -> Result<()> {
        let place = self.place(paths)?;
        let python = match suitable() {
            Some(python) => python,
            None => {
                apt::install(paths, self.label, &["python3", "python3-venv"])
                    .context("needs Python 3.10 or newer with venv")?;
                suitable().context("needs Python 3.10 or newer with venv, and Debian's is older")?
            }
        };
        let _ = fs::remove_dir_all(&place);
        say::line(format!("  {}: a Python environment in {}", self.label, place.display()));
        Job::new(paths, "python venv", python).args(["-m", "venv"]).args([&place]).done()?;
        let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r"];
        Job::new(paths, "pip install", place.join("bin/python")).args(pip).args([self.requirements]).done()?;
        fs::write(place.join(".ok"), "")?;
        Ok(())
    }

    /// Named by what is in it, so that two branches with other requirements do not fight over one place. The tests look
    /// for it by the same rule: `tests/servers/lib.mjs`.
    fn place(&self, paths: &Paths) -> Result<PathBuf> {
        let requirements = paths.root.join(self.requirements);
        Ok(paths.cache.join(format!("{}-{}", self.name, stamp::short_hash(&requirements)?)))
    }
}

fn suitable() -> Option<&'static Path> {
    PYTHONS.iter().map(Path::new).find(|python| ask(Command::new(python).args(["-c", PROBE])).is_some())
}
