//! Directus for the stage `matrix`: a folder of its own, since parts of it are compiled here, and may not be.

use anyhow::Result;

use super::apt;
use super::builders::Folder;
use crate::paths::{Paths, program};

const FOLDER: &str = "tests/servers/matrix/directus";
/// What it can't do without and brings as source.
const COMPILED: [&str; 3] = ["argon2", "isolated-vm", "sqlite3"];

/// Whether it is installed.
pub fn is_there(paths: &Paths) -> Result<bool> {
    Ok(folder(paths)?.is_there())
}

/// Installs it, which takes some minutes.
pub fn make(paths: &Paths) -> Result<()> {
    if ["g++", "make", "python3"].iter().any(|tool| program(tool).is_none()) {
        apt::install(paths, "Directus", &["g++", "make", "python3"])?;
    }
    folder(paths)?.install_and_compile(paths, "Directus", &COMPILED)
}

fn folder(paths: &Paths) -> Result<Folder> {
    Folder::of(paths, paths.root.join(FOLDER))
}
