//! The program that runs wasm tests in Node and in browsers, of the same version as the library.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::paths::Paths;
use crate::run::Job;
use crate::say;

const RUNNER: &str = "wasm-bindgen-test-runner";

/// Soon built: it mostly waits for the browser, but for reading and writing modules with walrus.
const FAST_TO_BUILD: [&str; 2] = ["profile.dev.debug=false", "profile.dev.package.walrus.opt-level=1"];

/// Finds the runner, when it is of the version that Cargo.lock holds.
pub fn find(paths: &Paths) -> Result<Option<PathBuf>> {
    let place = place(paths);
    let runner = place.join("bin").join(RUNNER);
    let installed = fs::read_to_string(place.join(".crates.toml")).unwrap_or_default();
    let wanted = format!("\"wasm-bindgen-cli {} ", paths.locked("wasm-bindgen")?);
    Ok((runner.is_file() && installed.contains(&wanted)).then_some(runner))
}

/// Compiles and installs it.
pub fn make(paths: &Paths) -> Result<()> {
    let version = paths.locked("wasm-bindgen")?;
    say::line(format!("  wasm test runner: cargo install wasm-bindgen-cli {version} (1 to 4 minutes, once)"));
    // Without --locked: the lock file that it is published with names versions that not every mirror has.
    Job::new(paths, "cargo install", "cargo")
        .args(["install", "wasm-bindgen-cli", "--version", &version, "--no-default-features"])
        .args(["--bin", RUNNER, "--debug"])
        .args(FAST_TO_BUILD.iter().flat_map(|setting| ["--config", setting]))
        .args(["--force", "--root"])
        .args([place(paths)])
        .done()?;
    Ok(())
}

fn place(paths: &Paths) -> PathBuf {
    paths.cache.join("tools")
}
