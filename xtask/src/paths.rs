//! Where things are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

/// The folders that the commands work in.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The repository.
    pub root: PathBuf,
    /// What is made once for this user: the sysroot, the tools, the Python environments.
    pub cache: PathBuf,
    /// Cargo's build folder.
    pub target: PathBuf,
    /// The folder that the package is built in.
    pub packed: PathBuf,
}

impl Paths {
    /// Finds them from the environment.
    pub fn find() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies outside of a repository")?.to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        let cache = match env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
            Some(dir) => PathBuf::from(dir),
            None => home()?.join(".cache"),
        };
        let packed = root.join("pkg");
        Ok(Self { root, cache: cache.join("doorkey"), target, packed })
    }

    /// The unpacked package.
    pub fn package(&self) -> PathBuf {
        self.packed.clone()
    }

    /// The same, with the package that panics in a place of its own.
    #[must_use]
    pub fn panicking(&self) -> Self {
        Self { packed: self.target.join("panicking/pkg"), ..self.clone() }
    }

    /// The tarball as it would be published.
    pub fn tarball(&self) -> Result<PathBuf> {
        Ok(self.package().join(format!("doorkey-{}.tgz", self.version()?)))
    }

    /// A program of a development dependency.
    pub fn node_bin(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }

    /// Where the output of a child process named `label` is written.
    pub fn log(&self, label: &str) -> PathBuf {
        let name: String = label.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.target.join("xtask/log").join(format!("{name}.log"))
    }

    /// The version of the workspace, which is the package's.
    pub fn version(&self) -> Result<String> {
        let manifest = fs::read_to_string(self.root.join("Cargo.toml")).context("read Cargo.toml")?;
        workspace_version(&manifest).ok_or_else(|| anyhow!("Cargo.toml has no [workspace.package] version"))
    }

    /// The version at which Cargo.lock holds `name`.
    pub fn locked(&self, name: &str) -> Result<String> {
        let lock = fs::read_to_string(self.root.join("Cargo.lock")).context("read Cargo.lock")?;
        locked_version(&lock, name).ok_or_else(|| anyhow!("Cargo.lock does not name {name}"))
    }
}

/// Cargo's own folder, whose path must not get into what is built.
pub fn cargo_home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME") {
        Some(dir) => Ok(PathBuf::from(dir)),
        None => Ok(home()?.join(".cargo")),
    }
}

/// Finds a program in `PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(name)).find(|file| file.is_file())
}

fn home() -> Result<PathBuf> {
    env::home_dir().context("the environment has no HOME, and so no place for caches: set HOME or XDG_CACHE_HOME")
}

fn workspace_version(manifest: &str) -> Option<String> {
    let (_, section) = manifest.split_once("[workspace.package]")?;
    let line =
        section.lines().skip(1).take_while(|line| !line.starts_with('[')).find(|line| line.starts_with("version"))?;
    Some(line.split('"').nth(1)?.to_owned())
}

fn locked_version(lock: &str, name: &str) -> Option<String> {
    let (_, entry) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    Some(entry.split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_workspaces_and_not_a_dependencys() {
        let manifest =
            "[workspace.package]\nedition = \"2024\"\nversion = \"1.2.3\"\n\n[dependencies]\nversion = \"9\"\n";
        assert_eq!(workspace_version(manifest).as_deref(), Some("1.2.3"));
        assert_eq!(workspace_version("[workspace.package]\nedition = \"2024\"\n[x]\nversion = \"9\"\n"), None);
    }

    #[test]
    fn a_locked_version_belongs_to_the_whole_name() {
        let lock =
            "name = \"wasm-bindgen-shared\"\nversion = \"0.1.0\"\n\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
