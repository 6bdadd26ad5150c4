//! Auth servers for the stage `matrix`: packages of npm, and of Python.

use anyhow::Result;

use super::builders::Folder;
use super::django::SERVERS;
use crate::paths::Paths;

const FOLDER: &str = "tests/servers/matrix";

/// Whether all of them are installed.
pub fn are_there(paths: &Paths) -> Result<bool> {
    Ok(SERVERS.find(paths)?.is_some() && packages(paths)?.is_there())
}

/// Installs those that are missing.
pub fn make(paths: &Paths) -> Result<()> {
    if SERVERS.find(paths)?.is_none() {
        SERVERS.make(paths)?;
    }
    let packages = packages(paths)?;
    if !packages.is_there() {
        packages.install(paths, "auth servers")?;
    }
    Ok(())
}

fn packages(paths: &Paths) -> Result<Folder> {
    Folder::of(paths, paths.root.join(FOLDER))
}
