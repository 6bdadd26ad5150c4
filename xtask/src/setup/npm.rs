//! The development dependencies, exactly as package-lock.json has them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::paths::Paths;
use crate::run::{Job, ask};
use crate::say;
use crate::stamp::Stamp;

/// What vite and jsdom need: the engines of package.json.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Whether node_modules is what the lock says.
pub fn is_there(paths: &Paths) -> Result<bool> {
    Ok(stamp(paths)?.is_in(&stamp_file(paths)))
}

/// Installs them.
pub fn make(paths: &Paths) -> Result<()> {
    let version = node_version().unwrap_or_default();
    if release(&version).is_none_or(|release| release < OLDEST_NODE) {
        let found = if version.is_empty() { "there is none".to_owned() } else { format!("found {version}") };
        let (major, minor) = OLDEST_NODE;
        bail!("needs Node {major}.{minor} or newer, and {found}: install it, and see that `node --version` says so");
    }
    say::line("  npm packages: npm ci");
    // npm deletes node_modules before it begins, and the stamp with it.
    Job::new(paths, "npm ci", "npm").args(["ci", "--prefer-offline", "--no-progress"]).done()?;
    stamp(paths)?.keep(&stamp_file(paths))
}

fn stamp(paths: &Paths) -> Result<Stamp> {
    let version = node_version().unwrap_or_default();
    let stamp = Stamp::default().text(&version).text(std::env::consts::ARCH);
    stamp.path(&paths.root.join("package-lock.json"))?.path(&paths.root.join(".npmrc"))
}

fn stamp_file(paths: &Paths) -> PathBuf {
    paths.root.join("node_modules/.doorkey-stamp")
}

fn node_version() -> Option<String> {
    ask(Command::new("node").arg("--version"))
}

/// The major and the minor version.
fn release(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_too_old_is_known() {
        assert_eq!(release("v20.20.2"), Some((20, 20)));
        assert_eq!(release(""), None);
        assert!(release("v20.9.0") < Some(OLDEST_NODE) && release("v22.0.0") > Some(OLDEST_NODE));
    }
}
