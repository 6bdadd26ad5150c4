//! The package as it is published: pkg/ and its tarball.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::flavour::Flavour;
use crate::lock;
use crate::paths::Paths;
use crate::run::Job;
use crate::say;
use crate::setup::Toolchain;
use crate::stamp::{self, Stamp};
use crate::wasm::{self, Glue};

/// The template of the package.
const TEMPLATE: &str = "pkg-template/package";

/// Everything that the package is made of, beside the toolchain.
const INPUTS: [&str; 13] = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "pkg-template",
    "www/docs/pages.mjs",
    "www/panel",
    "www/runtime/dom.js",
    "www/workbench/secrets.js",
    "package-lock.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// Builds the package, unless it is there and made of the same inputs.
pub fn pack(paths: &Paths, toolchain: &Toolchain, flavour: Flavour) -> Result<()> {
    let start = Instant::now();
    let _lock = lock::take(&paths.target.join("xtask/pack.lock"), "pack")?;
    let kept =
        paths.target.join(if flavour == Flavour::Panicking { "panicking/pack.stamp" } else { "xtask/pack.stamp" });
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
    Ok(())
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
    let package = paths.package();
    let template = paths.root.join(TEMPLATE);
    let manifest = template.join("package.json");
    check_version(
        &fs::read_to_string(&manifest).context("read pkg-template/package/package.json")?,
        &paths.version()?,
    )?;
    let glue = wasm::build(paths, toolchain, flavour)?;
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(package.join("dist"))?;
    bundle(paths, &glue)?;
    fs::copy(manifest, package.join("package.json"))?;
    fs::copy(template.join("flow.schema.json"), package.join("flow.schema.json")).context("copy the schema")?;
    copy(&template.join("templates"), &package.join("templates"))?;
    for file in ["CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(paths.root.join(file), package.join(file)).with_context(|| format!("copy {file}"))?;
    }
    // Packed elsewhere and moved: a tarball must not find itself among the files.
    let out = paths.target.join("xtask");
    let job = Job::new(paths, "npm pack", "npm").args(["pack", "--ignore-scripts", "--silent", "--pack-destination"]);
    job.args([&out]).dir(&package).done()?;
    let tarball = paths.tarball()?;
    fs::copy(out.join(tarball.file_name().unwrap_or_default()), &tarball).context("npm pack left no tarball")?;
    Ok(())
}

/// Makes dist and the README: pkg-template knows how its entries, the glue and the wasm become files, and where links lead.
fn bundle(paths: &Paths, Glue { js, wasm }: &Glue) -> Result<()> {
    let job = Job::new(paths, "bundle", "node").args(["pkg-template/build/bundle.mjs"]);
    let job = job.args(["--glue".as_ref(), js.as_os_str(), "--wasm".as_ref(), wasm.as_os_str(), "--out".as_ref()]);
    job.args([paths.package().join("dist")]).done()?;
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

/// The package and the crate are one release: they must say the same.
fn check_version(manifest: &str, version: &str) -> Result<()> {
    let manifest: Value = serde_json::from_str(manifest).context("pkg-template/package/package.json is not JSON")?;
    let packaged = manifest.get("version").and_then(Value::as_str).unwrap_or_default();
    if packaged != version {
        bail!(
            "pkg-template/package/package.json has version \"{packaged}\", and Cargo.toml \"{version}\": make them equal"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_and_crate_have_one_version() {
        assert!(check_version("{ \"version\": \"1.2.3\" }", "1.2.3").is_ok());
        let error = check_version("{ \"version\": \"1.2.4\" }", "1.2.3").map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("1.2.4") && text.contains("1.2.3")));
        assert!(check_version("{}", "1.2.3").is_err());
    }
}
