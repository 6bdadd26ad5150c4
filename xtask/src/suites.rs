//! Test programs that count for themselves: libtest, wasm-bindgen's runner, Node's runner.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::counts::Counts;
use crate::display::Display;
use crate::paths::Paths;
use crate::run::{Job, ask};
use crate::setup::{self, Part, browser};
use crate::site::{Outcome, Site};
use crate::stamp;
use crate::target::TARGET;

/// Where a file of wasm tests says that it runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// In Node.
    Node,
    /// In a page.
    Page,
    /// In a dedicated worker.
    Worker,
}

/// The browser in which pages and workers are run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKitGTK.
    WebKit,
}

impl Engine {
    /// The variable by which wasm-bindgen's runner is given its driver, the one by which set-up gives us that, and the
    /// file with what to ask of the driver.
    const fn driver(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Chromium => ("CHROMEDRIVER", "CHROMEDRIVER", "webdriver.json"),
            Self::Firefox => ("GECKODRIVER", "GECKODRIVER", "tests/browsers/firefox.json"),
            // The runner knows no WebKitGTK; its driver speaks as Safari's does.
            Self::WebKit => ("SAFARIDRIVER", "WEBKITWEBDRIVER", "tests/browsers/webkit.json"),
        }
    }
}

/// One file of wasm tests.
#[derive(Debug)]
pub struct WasmTest {
    /// Its name for cargo.
    pub name: String,
    /// Where it runs.
    pub place: Place,
}

/// Runs a job that prints as libtest does.
pub fn libtest(job: Job) -> Result<Outcome> {
    let finished = job.run()?;
    let counts = settle(Counts::of_libtest(&finished.output), finished.status);
    Ok(Outcome { counts, output: finished.output })
}

/// Runs the wasm tests of some places.
pub fn wasm(site: &Site, places: &[Place], engine: Engine) -> Result<Outcome> {
    let tests = wasm_tests(site.paths)?.into_iter().filter(|test| places.contains(&test.place));
    let tests: Vec<WasmTest> = tests.collect();
    if tests.is_empty() {
        bail!("no [[test]] of Cargo.toml in tests/wasm runs in these places ({places:?})");
    }
    let mut cargo = site.ready.toolchain()?.cargo(site.paths)?;
    cargo.args(["test", "--package", "doorkey", "--target", TARGET, "--no-fail-fast"]);
    cargo.args(["--no-default-features", "--features", "bindings,serde"]);
    cargo.args(tests.iter().flat_map(|test| ["--test", &test.name]));
    // Six times less for the linker, the runner and the browser to read.
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
    // Seconds. The runner's own limit is 20, too little for a machine that is busy.
    cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    cargo.envs(site.env.iter().map(|(key, value)| (key, value)));
    // The runner takes the first driver that it is told of, so it is told of one.
    let (variable, ours, capabilities) = engine.driver();
    for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER"] {
        cargo.env_remove(other);
    }
    if let Some((_, driver)) = site.env.iter().find(|(key, _)| *key == ours) {
        cargo.env(variable, driver);
    }
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", site.paths.root.join(capabilities));
    let display = (engine == Engine::WebKit).then(Display::start).transpose()?;
    if let Some(display) = &display {
        cargo.env("DISPLAY", &display.name);
    }
    libtest(Job::of(site.paths, &format!("wasm tests, {places:?}, {engine:?}"), cargo))
}

/// The wasm tests that Cargo.toml names, each with the place that its source asks for.
pub fn wasm_tests(paths: &Paths) -> Result<Vec<WasmTest>> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&paths.root).args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&ask(&mut cargo).context("cargo metadata failed")?)?;
    let targets = metadata.pointer("/packages").and_then(Value::as_array).into_iter().flatten();
    let targets = targets.filter_map(|package| package.pointer("/targets").and_then(Value::as_array)).flatten();
    let folder = paths.root.join("tests/wasm");
    let mut tests = Vec::new();
    for target in targets {
        let text = |key: &str| target.get(key).and_then(Value::as_str).unwrap_or_default();
        if Path::new(text("src_path")).starts_with(&folder) {
            let source = fs::read_to_string(text("src_path")).with_context(|| format!("read {}", text("src_path")))?;
            tests.push(WasmTest { name: text("name").to_owned(), place: place(&source) });
        }
    }
    Ok(tests)
}

/// Runs every `*.test.mjs` under `dir` with Node.
pub fn node(site: &Site, dir: &str) -> Result<Outcome> {
    let all = stamp::files(&site.paths.root.join(dir))?;
    let files: Vec<_> = all.into_iter().filter(|file| file.to_string_lossy().ends_with(".test.mjs")).collect();
    if files.is_empty() {
        bail!("there is no *.test.mjs in {dir}");
    }
    node_files(site, dir, files, Kept::Compared)
}

/// The same, in a Chromium without windows where there is one.
pub fn pages(site: &Site, dir: &str) -> Result<Outcome> {
    let mut env = site.env.clone();
    env.extend(browser::shell().map(|shell| ("DOORKEY_SHELL", shell)));
    node(&Site { paths: site.paths, ready: site.ready, packed: site.packed, env }, dir)
}

/// Tries all servers that there are: holds the contract with them and writes what came of it into their table, and signs in by
/// their pages. What can't be had on this machine is skipped, with the reason.
pub fn matrix(site: &Site) -> Result<Outcome> {
    let ready = setup::ensure(site.paths, &[Part::Debian, Part::Directus])?;
    let mut env = site.env.clone();
    env.extend(ready.env()?);
    env.push(("DOORKEY_SERVERS", "all".into()));
    for (name, part) in [("DOORKEY_NO_DEBIAN", Part::Debian), ("DOORKEY_NO_DIRECTUS", Part::Directus)] {
        if let Some(reason) = ready.missing(part) {
            env.push((name, format!("{part}: {reason}").replace('\n', " ").into()));
        }
    }
    let site = Site { paths: site.paths, ready: site.ready, packed: site.packed, env };
    let dir = "tests/servers";
    let files = ["contract.test.mjs", "pages.test.mjs"].map(|file| site.paths.root.join(dir).join(file));
    let mut outcome = node_files(&site, dir, files.into(), Kept::Renewed)?;
    let pages = "tests/e2e";
    let all = stamp::files(&site.paths.root.join(pages))?;
    let files = all.into_iter().filter(|file| file.to_string_lossy().ends_with(".matrix.mjs")).collect();
    let more = node_files(&site, pages, files, Kept::Compared)?;
    outcome.counts += &more.counts;
    outcome.output.push_str(&more.output);
    Ok(outcome)
}

/// What becomes of the table that a document keeps of a suite.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kept {
    /// A run that gives another one fails.
    Compared,
    /// It is written anew.
    Renewed,
}

fn node_files(site: &Site, dir: &str, files: Vec<PathBuf>, kept: Kept) -> Result<Outcome> {
    let tap = site.paths.log(&format!("{dir}.tap"));
    let _ = fs::remove_file(&tap);
    let mut node = Job::new(site.paths, dir, "node")
        // Milliseconds, for each file too: what hangs is ended and counted as failed. These tests mostly wait for browsers,
        // pauses, limits and expiry: one file at a time, which is Node's own choice on two cores, leaves a third of both idle.
        .args([
            "--test",
            "--test-timeout=600000",
            "--test-concurrency=2",
            "--test-reporter=spec",
            "--test-reporter-destination=stdout",
        ])
        .args(["--test-reporter=tap".to_owned(), format!("--test-reporter-destination={}", tap.display())]);
    let matrix = site.paths.root.join(dir).join("matrix.mjs");
    if matrix.is_file() {
        // Prints the table of what the tests gave, and fails when the one that is kept says something else.
        let reporter = format!("--test-reporter={}", matrix.display());
        node = node.args([reporter, "--test-reporter-destination=stdout".to_owned()]);
        if std::env::var_os("DOORKEY_MATRIX").is_none() {
            // A suite of which only a part runs takes this as what it is.
            let how = if kept == Kept::Renewed { "renew" } else { "whole" };
            node = node.envs(&[("DOORKEY_MATRIX", PathBuf::from(how))]);
        }
    }
    let finished = node.args(files).envs(&site.env).run()?;
    let counts = Counts::of_tap(&fs::read_to_string(&tap).unwrap_or_default());
    Ok(Outcome { counts: settle(counts, finished.status), output: finished.output })
}

/// Makes the counts agree with the exit status: what failed before it could count has failed, and so has what ran nothing.
fn settle(mut counts: Counts, status: ExitStatus) -> Counts {
    if (!status.success() && counts.failed == 0) || counts.is_empty() {
        counts.failed += 1;
    }
    counts
}

fn place(source: &str) -> Place {
    match source {
        _ if source.contains("run_in_browser") => Place::Page,
        _ if source.contains("run_in_dedicated_worker") => Place::Worker,
        _ => Place::Node,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn a_crash_and_an_empty_run_count_as_failures() {
        let (good, bad) = (ExitStatus::from_raw(0), ExitStatus::from_raw(256));
        assert_eq!(settle(Counts::pass(), good), Counts::pass());
        assert_eq!(settle(Counts::pass(), bad).failed, 1);
        assert_eq!(settle(Counts::fail(), bad).failed, 1);
        assert_eq!(settle(Counts::default(), good).failed, 1);
    }

    #[test]
    fn the_source_says_where_a_wasm_test_runs() {
        assert_eq!(place("wasm_bindgen_test_configure!(run_in_browser);"), Place::Page);
        assert_eq!(place("wasm_bindgen_test_configure!(run_in_dedicated_worker);"), Place::Worker);
        assert_eq!(place("#[wasm_bindgen_test] fn works() {}"), Place::Node);
    }
}
