//! App builders that are published as npm packages, each in a folder of its own, exactly as its lock file has it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths::Paths;
use crate::run::{Job, ask};
use crate::say;
use crate::stamp;

/// Each folder in it that has a lock file is a builder.
const FOLDER: &str = "tests/hosts/real";
const LOCK: &str = "package-lock.json";

/// A folder with a lock file.
pub struct Folder {
    name: String,
    source: PathBuf,
    /// Named after what is in it. The tests look for it by the same rule: `tests/hosts/real/installed.mjs`, `tests/servers/lib.mjs`.
    place: PathBuf,
}

impl Folder {
    /// What is to be installed for it, and where.
    pub fn of(paths: &Paths, source: PathBuf) -> Result<Self> {
        let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = paths.cache.join(format!("{name}-{}", stamp::short_hash(&source.join(LOCK))?));
        Ok(Self { name, source, place })
    }

    /// Whether it is installed.
    pub fn is_there(&self) -> bool {
        self.place.join(".ok").is_file()
    }

    /// Installs it, and runs nothing of what it brings.
    pub fn install(&self, paths: &Paths, part: &str) -> Result<()> {
        self.fetch(paths, part)?;
        self.finish()
    }

    /// Installs it, and compiles those of its packages that come as source: what they would download instead is of no registry.
    ///
    /// # Errors
    /// Also where Node's headers are not beside Node.
    pub fn install_and_compile(&self, paths: &Paths, part: &str, packages: &[&str]) -> Result<()> {
        let node = ask(Command::new("node").args(["-p", "require('path').resolve(process.execPath, '../..')"]));
        let node = PathBuf::from(node.context("there is no node")?.trim());
        let header = node.join("include/node/node.h");
        if !header.is_file() {
            bail!("{} is compiled in part, and needs Node's headers: there is no {}", self.name, header.display());
        }
        self.fetch(paths, part)?;
        say::line(format!("  {part}: npm rebuild {}", packages.join(" ")));
        let build = [("npm_config_build_from_source", PathBuf::from("true")), ("npm_config_nodedir", node)];
        Job::new(paths, &format!("npm rebuild for {}", self.name), "npm")
            .args(["rebuild"])
            .args(packages)
            .envs(&build)
            .dir(&self.place)
            .done()?;
        self.finish()
    }

    fn fetch(&self, paths: &Paths, part: &str) -> Result<()> {
        let Self { name, source, place } = self;
        say::line(format!("  {part}: npm ci of {name} in {}", place.display()));
        let _ = fs::remove_dir_all(place);
        fs::create_dir_all(place)?;
        for file in ["package.json", LOCK] {
            fs::copy(source.join(file), place.join(file)).with_context(|| format!("copy {file} of {name}"))?;
        }
        Job::new(paths, &format!("npm ci of {name}"), "npm")
            .args(["ci", "--ignore-scripts", "--prefer-offline", "--no-progress", "--no-audit", "--no-fund"])
            .dir(place)
            .done()?;
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        Ok(fs::write(self.place.join(".ok"), "")?)
    }
}

/// Whether all of them are installed.
pub fn are_there(paths: &Paths) -> Result<bool> {
    Ok(all(paths)?.iter().all(Folder::is_there))
}

/// Installs those that are missing.
pub fn make(paths: &Paths) -> Result<()> {
    for builder in all(paths)?.iter().filter(|builder| !builder.is_there()) {
        builder.install(paths, "app builders")?;
    }
    Ok(())
}

fn all(paths: &Paths) -> Result<Vec<Folder>> {
    let folder = paths.root.join(FOLDER);
    let mut sources = fs::read_dir(&folder)
        .with_context(|| format!("read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    sources.retain(|source| source.join(LOCK).is_file());
    sources.sort();
    sources.into_iter().map(|source| Folder::of(paths, source)).collect()
}
