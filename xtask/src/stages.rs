//! The stages of `test`, in their order: what is quick and finds most comes first.

use std::env;

use anyhow::{Result, bail};

use crate::counts::Counts;
use crate::example;
use crate::flavour::Flavour;
use crate::pack;
use crate::run::Job;
use crate::say;
use crate::setup::Part;
use crate::site::{Outcome, Site};
use crate::size::ceilings::Sizes;
use crate::suites::{self, Engine, Place};
use crate::target::TARGET;

/// One stage.
#[derive(Debug)]
pub struct Stage {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What of set-up it can't do without.
    pub needs: &'static [Part],
    /// Whether it works on the package.
    pub packed: bool,
    /// Runs it.
    pub run: fn(&Site) -> Result<Outcome>,
}

/// For how long each fuzz target makes up inputs.
const FUZZ: (&str, &str) = ("DOORKEY_FUZZ_SECONDS", "20");

/// The tests that search and count, in the profile that is made for them.
pub const PROOF: [&str; 6] = ["test", "--profile", "proof", "--no-default-features", "--test", "proof"];

/// The stages of a run of all.
pub const STAGES: &[Stage] = &[
    Stage { name: "format", needs: &[], packed: false, run: format },
    Stage { name: "lint", needs: &[], packed: false, run: lint },
    Stage { name: "lint-js", needs: &[Part::Npm], packed: false, run: lint_js },
    Stage { name: "types-js", needs: &[Part::Npm], packed: false, run: types_js },
    Stage { name: "lint-wasm", needs: &[Part::Wasm, Part::Linter], packed: false, run: lint_wasm },
    Stage { name: "core", needs: &[], packed: false, run: core },
    Stage { name: "proof", needs: &[], packed: false, run: proof },
    Stage { name: "docs", needs: &[Part::Wasm], packed: false, run: docs },
    Stage { name: "pack", needs: &[], packed: true, run: packed },
    Stage { name: "publint", needs: &[Part::Npm], packed: true, run: publint },
    Stage { name: "attw", needs: &[Part::Npm], packed: true, run: attw },
    Stage { name: "types", needs: &[Part::Npm], packed: true, run: types },
    Stage {
        name: "wasm-node",
        needs: &[Part::Wasm, Part::Runner],
        packed: false,
        run: |site| suites::wasm(site, &[Place::Node], Engine::Chromium),
    },
    Stage {
        name: "wasm-page",
        needs: &[Part::Wasm, Part::Runner, Part::Browser],
        packed: false,
        run: |site| suites::wasm(site, &[Place::Page], Engine::Chromium),
    },
    Stage {
        name: "wasm-worker",
        needs: &[Part::Wasm, Part::Runner, Part::Browser],
        packed: false,
        run: |site| suites::wasm(site, &[Place::Worker], Engine::Chromium),
    },
    Stage {
        name: "wasm-firefox",
        needs: &[Part::Wasm, Part::Runner, Part::Firefox],
        packed: false,
        run: |site| suites::wasm(site, &[Place::Page, Place::Worker], Engine::Firefox),
    },
    Stage {
        name: "wasm-webkit",
        needs: &[Part::Wasm, Part::Runner, Part::WebKit],
        packed: false,
        run: |site| suites::wasm(site, &[Place::Page, Place::Worker], Engine::WebKit),
    },
    Stage { name: "example", needs: &[Part::Wasm, Part::Npm, Part::Browser], packed: false, run: example::run },
    Stage {
        name: "package",
        needs: &[Part::Npm, Part::Browser, Part::Django],
        packed: true,
        run: |site| suites::node(site, "tests/package"),
    },
    Stage { name: "runtimes", needs: &[Part::Npm], packed: true, run: |site| suites::node(site, "tests/runtimes") },
    Stage {
        name: "panics",
        needs: &[Part::Npm, Part::Browser, Part::Firefox, Part::WebKit],
        packed: true,
        run: panics,
    },
    Stage {
        name: "servers",
        needs: &[Part::Npm, Part::Django],
        packed: true,
        run: |site| suites::node(site, "tests/servers"),
    },
    Stage {
        name: "hosts",
        needs: &[Part::Npm, Part::Browser, Part::Builders],
        packed: true,
        run: |site| suites::pages(site, "tests/hosts"),
    },
    Stage {
        name: "ui",
        needs: &[Part::Npm, Part::Browser, Part::Django],
        packed: true,
        run: |site| suites::pages(site, "tests/ui"),
    },
    Stage {
        name: "e2e",
        needs: &[Part::Npm, Part::Browser],
        packed: true,
        run: |site| suites::pages(site, "tests/e2e"),
    },
    Stage {
        name: "browsers",
        needs: &[Part::Npm, Part::Browser, Part::Firefox, Part::WebKit, Part::Docs],
        packed: true,
        run: |site| suites::node(site, "tests/browsers"),
    },
    Stage {
        name: "site",
        needs: &[Part::Npm, Part::Browser, Part::Docs],
        packed: true,
        run: |site| suites::node(site, "tests/site"),
    },
    Stage { name: "main-job", needs: &[Part::Npm], packed: true, run: main_job },
];

/// Those that run only when their whole name is given: they take long, or ask somebody outside.
pub const APART: &[Stage] = &[
    Stage {
        name: "load",
        needs: &[Part::Npm, Part::Browser],
        packed: true,
        run: |site| suites::node(site, "tests/load"),
    },
    Stage { name: "audit", needs: &[Part::Npm], packed: false, run: audit },
    Stage {
        name: "matrix",
        needs: &[Part::Npm, Part::Django, Part::Servers, Part::Browser],
        packed: true,
        run: suites::matrix,
    },
];

fn format(site: &Site) -> Result<Outcome> {
    check(Job::new(site.paths, "cargo fmt", "cargo").args(["fmt", "--all", "--check"]))
}

fn lint(site: &Site) -> Result<Outcome> {
    // The search has its own stage, so that `--all-targets` passes it over.
    let args =
        ["clippy", "--workspace", "--all-targets", "--test", "proof", "--no-default-features", "--", "-D", "warnings"];
    check(Job::new(site.paths, "clippy", "cargo").args(args))
}

/// The form and the habits of what is not Rust.
fn lint_js(site: &Site) -> Result<Outcome> {
    let job = Job::new(site.paths, "biome", site.paths.node_bin("biome"));
    check(job.args(["ci", "--error-on-warnings", "--colors=off", "."]))
}

/// Our own JavaScript, by the tsconfig.json of the repository.
fn types_js(site: &Site) -> Result<Outcome> {
    check(Job::new(site.paths, "tsc", site.paths.node_bin("tsc")).args(["--project", "."]))
}

fn lint_wasm(site: &Site) -> Result<Outcome> {
    let mut cargo = site.ready.toolchain()?.cargo(site.paths)?;
    cargo.args([
        "clippy",
        "--package",
        "doorkey",
        "--target",
        TARGET,
        "--no-default-features",
        "--features",
        "bindings,serde",
        "--lib",
    ]);
    for test in suites::wasm_tests(site.paths)? {
        cargo.args(["--test", &test.name]);
    }
    cargo.args(["--", "-D", "warnings"]);
    check(Job::of(site.paths, "clippy for wasm", cargo))
}

fn core(site: &Site) -> Result<Outcome> {
    let args = ["test", "--workspace", "--no-default-features", "--no-fail-fast"];
    let mut job = Job::new(site.paths, "core", "cargo").args(args);
    // By hand the fuzz targets only replay what they know; here they also search.
    if env::var_os(FUZZ.0).is_none() {
        job = job.env(FUZZ.0, FUZZ.1);
    }
    suites::libtest(job)
}

/// Every order of events between tabs, as far as a minute goes.
fn proof(site: &Site) -> Result<Outcome> {
    suites::libtest(Job::new(site.paths, "proof", "cargo").args(PROOF))
}

/// The documentation without a broken link, for the target whose dependencies are compiled anyway, and its examples.
fn docs(site: &Site) -> Result<Outcome> {
    let features = ["--package", "doorkey", "--no-default-features", "--features", "bindings,serde"];
    let mut rustdoc = site.ready.toolchain()?.cargo(site.paths)?;
    rustdoc.args(["doc", "--no-deps", "--target", TARGET]).args(features).env("RUSTDOCFLAGS", "-D warnings");
    let mut outcome = check(Job::of(site.paths, "cargo doc", rustdoc))?;
    let examples = Job::new(site.paths, "doc tests", "cargo").args(["test", "--doc"]).args(features).run()?;
    // One that does not compile counts as none, and the run has failed all the same.
    let mut counts = Counts::of_libtest(&examples.output);
    if !examples.status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    outcome.counts += &counts;
    outcome.output.push_str(&examples.output);
    Ok(outcome)
}

fn packed(site: &Site) -> Result<Outcome> {
    if let Some(Err(error)) = site.packed {
        bail!("{error:#}");
    }
    let sizes = Sizes::measure(site.paths)?;
    say::line(sizes.table());
    sizes.check()?;
    Ok(Outcome { counts: Counts::pass(), output: String::new() })
}

fn publint(site: &Site) -> Result<Outcome> {
    let job = Job::new(site.paths, "publint", site.paths.node_bin("publint")).args(["run", "--strict"]);
    check(job.args([site.paths.tarball()?]))
}

fn attw(site: &Site) -> Result<Outcome> {
    check(
        Job::new(site.paths, "attw", site.paths.node_bin("attw"))
            .args(["--format", "ascii", "--no-emoji"])
            .args([site.paths.tarball()?]),
    )
}

fn types(site: &Site) -> Result<Outcome> {
    check(Job::new(site.paths, "tsc", site.paths.node_bin("tsc")).args([
        "--noEmit",
        "--project",
        "tests/package/types",
    ]))
}

/// What becomes of a page in which the module panics: in a build that can be made to.
fn panics(site: &Site) -> Result<Outcome> {
    let paths = site.paths.panicking();
    pack::pack(&paths, &site.ready.toolchain()?, Flavour::Panicking)?;
    let env = site.env.iter().cloned().chain([("DOORKEY_PANICKING", paths.package())]).collect();
    suites::node(&Site { paths: site.paths, ready: site.ready, packed: site.packed, env }, "tests/panics")
}

/// Whether a dependency is known to be weak.
fn audit(site: &Site) -> Result<Outcome> {
    let job = Job::new(site.paths, "audit", "node").args(["tests/audit/run.mjs"]).envs(&site.env).run()?;
    let counts = if job.status.success() { Counts::pass() } else { Counts::fail() };
    Ok(Outcome { counts, output: job.output })
}

/// What `npm start -- --once` runs once everything is built.
fn main_job(site: &Site) -> Result<Outcome> {
    let finished = Job::new(site.paths, "main job", "node").args(["www/start.mjs", "--once"]).envs(&site.env).run()?;
    let is_ok = finished.status.success() && finished.output.trim_end().ends_with("main job: ok");
    Ok(Outcome { counts: if is_ok { Counts::pass() } else { Counts::fail() }, output: finished.output })
}

/// One check: it passes when the program says so by its exit status.
fn check(job: Job) -> Result<Outcome> {
    let finished = job.run()?;
    let counts = if finished.status.success() { Counts::pass() } else { Counts::fail() };
    Ok(Outcome { counts, output: finished.output })
}
