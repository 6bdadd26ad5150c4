//! The package as it is published: pkg/ and its tarball.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::bundle::{self, TEMPLATE};
use crate::lock;
use crate::paths::Paths;
use crate::run::Job;
use crate::say;
use crate::setup::Toolchain;
use crate::sizes::Sizes;
use crate::stamp::{self, Stamp};
use crate::wasm;

/// What the build is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flavour {
    /// As published: small.
    Release,
    /// For work: fast to build, with the names of functions.
    Dev,
}

impl Flavour {
    /// Its name in folders.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }

    /// The folder that cargo builds it in.
    pub const fn cargo_profile(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "debug",
        }
    }

    /// What cargo is told.
    pub const fn cargo_flags(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["--release"],
            Self::Dev => &[],
        }
    }
}

/// Everything that the package is made of, beside the toolchain.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    TEMPLATE,
    "package-lock.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// Builds the package, unless it is there and made of the same inputs, and measures it.
pub fn pack(paths: &Paths, toolchain: &Toolchain, flavour: Flavour) -> Result<Sizes> {
    let start = Instant::now();
    let _lock = lock::take(&paths.target.join("xtask/pack.lock"), "pack")?;
    let kept = paths.target.join("xtask/pack.stamp");
    let inputs = inputs(paths, toolchain, flavour)?;
    let fresh = with_outputs(paths, &inputs)?.is_in(&kept);
    if !fresh {
        build(paths, toolchain, flavour)?;
        with_outputs(paths, &inputs)?.keep(&kept)?;
    }
    let tarball = paths.tarball()?;
    let shown = tarball.strip_prefix(&paths.root).unwrap_or(&tarball).display().to_string();
    let state = if fresh { "unchanged" } else { flavour.name() };
    say::line(format!("pack: {shown}, {state} ({})", say::span(start.elapsed())));
    Sizes::measure(paths, &paths.package().join("dist"))
}

/// How child processes find the package.
pub fn env(paths: &Paths) -> Result<Vec<(&'static str, PathBuf)>> {
    Ok(vec![("DOORKEY_TARBALL", paths.tarball()?), ("DOORKEY_PKG", paths.package())])
}

fn inputs(paths: &Paths, toolchain: &Toolchain, flavour: Flavour) -> Result<String> {
    let mut stamp = Stamp::default().text(&toolchain.id()?).text(flavour.name()).path(&paths.root.join("xtask/src"))?;
    for input in INPUTS {
        stamp = stamp.path(&paths.root.join(input))?;
    }
    Ok(stamp.finish())
}

/// A stamp of both ends, so that a package somebody has changed by hand is made again.
fn with_outputs(paths: &Paths, inputs: &str) -> Result<Stamp> {
    Stamp::default().text(inputs).path(&paths.package())
}

fn build(paths: &Paths, toolchain: &Toolchain, flavour: Flavour) -> Result<()> {
    let version = paths.version()?;
    let glue = wasm::build(paths, toolchain, flavour)?;
    let package = paths.package();
    let dist = package.join("dist");
    let template = paths.root.join(TEMPLATE);
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(&dist)?;
    bundle::bundle(paths, &glue, &version, &dist)?;
    fs::copy(&glue.wasm, dist.join("doorkey.wasm"))?;
    copy(&template.join("types"), &dist)?;
    copy(&template.join("templates"), &package.join("templates"))?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        // The package may have a README of its own; the others are the repository's.
        let own = template.join(file);
        let source = if own.is_file() { own } else { paths.root.join(file) };
        fs::copy(&source, package.join(file)).with_context(|| format!("copy {}", source.display()))?;
    }
    let manifest = fs::read_to_string(template.join("package.json")).context("read pkg-template/package.json")?;
    fs::write(package.join("package.json"), with_version(&manifest, &version)?)?;
    // Packed elsewhere and moved: a tarball must not find itself among the files.
    let out = paths.target.join("xtask");
    let job = Job::new(paths, "npm pack", "npm").args(["pack", "--ignore-scripts", "--silent", "--pack-destination"]);
    job.args([&out]).dir(&package).done()?;
    let tarball = paths.tarball()?;
    fs::copy(out.join(tarball.file_name().unwrap_or_default()), &tarball).context("npm pack left no tarball")?;
    Ok(())
}

/// Copies the files under `from` to the same places under `to`.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in stamp::files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(dir) = target.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::copy(&file, &target).with_context(|| format!("copy {}", file.display()))?;
    }
    Ok(())
}

/// Sets the version in the text of a package.json. As text, since the order of `exports` is meaning.
fn with_version(manifest: &str, version: &str) -> Result<String> {
    let parts: Vec<&str> = manifest.splitn(2, "\n  \"version\": \"").collect();
    let [before, after] = parts.as_slice() else { bail!("pkg-template/package.json has no \"version\"") };
    let (_, rest) = after.split_once('"').context("the version does not end")?;
    Ok(format!("{before}\n  \"version\": \"{version}\"{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_set_and_nothing_else_moves() -> Result<()> {
        let manifest = "{\n  \"name\": \"doorkey\",\n  \"version\": \"0.0.0\",\n  \"exports\": { \"types\": 1, \"import\": 2 }\n}\n";
        assert_eq!(with_version(manifest, "1.2.3")?, manifest.replace("0.0.0", "1.2.3"));
        assert!(with_version("{}", "1.2.3").is_err());
        Ok(())
    }
}
