//! The SDKs that doorkey is compared with, in a folder of their own, exactly as its lock file has them.

use anyhow::Result;

use super::builders::Folder;
use crate::paths::Paths;

/// Where its lock file is. `benches/peers/peers.mjs` looks for it by the rule of `Folder`.
const FOLDER: &str = "benches/peers";

/// Whether they are installed.
pub fn are_there(paths: &Paths) -> Result<bool> {
    Ok(folder(paths)?.is_there())
}

/// Installs them.
pub fn make(paths: &Paths) -> Result<()> {
    folder(paths)?.install(paths, "peers")
}

fn folder(paths: &Paths) -> Result<Folder> {
    Folder::of(paths, paths.root.join(FOLDER))
}
