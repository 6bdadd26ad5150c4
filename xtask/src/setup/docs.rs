//! What builds the documents as a site, in a folder of its own, exactly as its lock file has it.

use anyhow::Result;

use super::builders::Folder;
use crate::paths::Paths;

/// Where its lock file is. `www/docs/build.mjs` looks for it by the rule of `Folder`.
const FOLDER: &str = "www/docs";

/// Whether it is installed.
pub fn is_there(paths: &Paths) -> Result<bool> {
    Ok(folder(paths)?.is_there())
}

/// Installs it.
pub fn make(paths: &Paths) -> Result<()> {
    folder(paths)?.install(paths, "documents")
}

fn folder(paths: &Paths) -> Result<Folder> {
    Folder::of(paths, paths.root.join(FOLDER))
}
