//! Builds, packs, measures, serves and tests doorkey.

mod counts;
mod display;
mod example;
mod flavour;
mod hints;
mod lock;
mod pack;
mod paths;
mod run;
mod say;
mod setup;
mod site;
mod size;
mod stages;
mod stamp;
mod suites;
mod target;
mod test;
mod wasm;

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use flavour::Flavour;
use paths::Paths;
use setup::Part;
use size::ceilings::Sizes;

/// The program that lives the morning of a crowd.
const CROWD: [&str; 7] = ["run", "--profile", "proof", "--no-default-features", "--example", "crowd", "--"];

/// What it takes to compare it with other SDKs.
const PEERS: [Part; 4] = [Part::Wasm, Part::Npm, Part::Browser, Part::Peers];

const USAGE: &str = "usage: cargo xtask <command>
  setup            installs and builds what the other commands need; again: checks it
  pack [--dev]     builds pkg/ and its tarball, and prints the sizes; --dev: fast and large
       --panicking in the build folder, with a call that panics
  test [filter]    runs every stage, or those whose names hold the filter
  start [--once]   packs, then serves the playground; --once: runs the main job and ends; --reach <origin>: its workbench sends there too
  docs [...]       builds the documents as a site; --out <folder> --base </path/> --workbench <address | none>
  picture          packs, then takes the README's pictures of the playground
  release --dry    packs, then says what a release would publish, and what is not right for it; --sizes: writes its sizes down
  bench            packs, then measures
  bench peers      packs, then compares it with other SDKs; writes docs/compare.md
  soak [min [seed]] packs, then lets tabs, calls, faults and clocks happen by chance; writes docs/proof.md
  proof            searches the orders of events between tabs deeper than the tests do, and writes docs/proof.md
  crowd [clients]  counts what a million clients do to a server; writes docs/pictures/crowd.svg and docs/proof.md
  mutants [args]   cargo-mutants over the rooms of core that .cargo/mutants.toml names; its arguments are handed on";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match command(&args) {
        Ok(code) => code,
        Err(error) => {
            say::error(format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn command(args: &[&str]) -> Result<ExitCode> {
    let paths = Paths::find()?;
    match args {
        ["setup"] => setup::ensure(&paths, &Part::ALL)?.complete()?,
        ["pack"] => pack_only(&paths, Flavour::Release)?,
        ["pack", "--dev"] => pack_only(&paths, Flavour::Dev)?,
        ["pack", "--panicking"] => pack_only(&paths.panicking(), Flavour::Panicking)?,
        ["test"] => return test::run(&paths, ""),
        ["test", filter] => return test::run(&paths, filter),
        ["start", rest @ ..] => script(&paths, "www/start.mjs", &Part::PACK, rest)?,
        ["docs", rest @ ..] => build_docs(&paths, rest)?,
        ["picture"] => script(&paths, "www/picture.mjs", &[Part::Wasm, Part::Npm, Part::Browser], &[])?,
        ["release", rest @ ..] => script(&paths, ".ci/release.mjs", &Part::PACK, rest)?,
        ["bench", "peers", rest @ ..] => script(&paths, "benches/peers/run.mjs", &PEERS, rest)?,
        ["bench", rest @ ..] => script(&paths, "benches/run.mjs", &[Part::Wasm, Part::Npm, Part::Browser], rest)?,
        ["soak", rest @ ..] => script(&paths, "tests/soak/soak.mjs", &[Part::Wasm, Part::Npm, Part::Browser], rest)?,
        ["proof"] => {
            cargo(&paths, &stages::PROOF, &["--", "--nocapture", "in_every_order"], &[("DOORKEY_PROOF", "deep")])?
        }
        ["crowd", rest @ ..] => cargo(&paths, &CROWD, rest, &[])?,
        ["mutants", rest @ ..] => cargo(&paths, &["mutants"], rest, &[])?,
        _ => bail!("{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn pack_only(paths: &Paths, flavour: Flavour) -> Result<()> {
    let ready = setup::ensure(paths, &Part::PACK)?;
    ready.complete()?;
    pack::pack(paths, &ready.toolchain()?, flavour)?;
    say::line(Sizes::measure(paths)?.table());
    Ok(())
}

/// Becomes cargo.
fn cargo(paths: &Paths, args: &[&str], more: &[&str], env: &[(&str, &str)]) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&paths.root).args(args).args(more).envs(env.iter().copied());
    Err(cargo.exec()).context("can't start cargo")
}

/// Packs, then becomes a script.
fn script(paths: &Paths, script: &str, parts: &[Part], args: &[&str]) -> Result<()> {
    let ready = setup::ensure(paths, parts)?;
    ready.complete()?;
    pack::pack(paths, &ready.toolchain()?, Flavour::Release)?;
    become_node(Command::new("node").arg(script).args(args).envs(ready.env()?).envs(pack::env(paths)?), paths)
}

/// Becomes the script that builds the documents, which needs no package.
fn build_docs(paths: &Paths, args: &[&str]) -> Result<()> {
    setup::ensure(paths, &[Part::Npm, Part::Docs])?.complete()?;
    become_node(Command::new("node").arg("www/docs/build.mjs").args(args), paths)
}

fn become_node(node: &mut Command, paths: &Paths) -> Result<()> {
    node.current_dir(&paths.root);
    // In this process's place, so that Ctrl-C and a signal from outside reach the one that has servers to end.
    Err(node.exec()).context("can't start node")
}
