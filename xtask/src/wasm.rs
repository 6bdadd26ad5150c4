//! From the crate to one small wasm file and its glue.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::flavour::Flavour;
use crate::paths::{Paths, cargo_home};
use crate::run::Job;
use crate::setup::{BOOTSTRAP, Toolchain};
use crate::size::{order, shims};
use crate::stamp::Stamp;
use crate::target::TARGET;

/// Measured: each of these makes the file smaller, together by one part in fifty over -Oz alone. The first two take the
/// code apart, so that the others may put it together anew; what nobody reads of arguments and results then goes, and what
/// led up to it.
///
/// None of them may assume that a trap does not happen: a panic is one, and so is each check that Rust makes.
const WASM_OPT: [&str; 7] =
    ["--flatten", "--rereloop", "-Oz", "--generate-global-effects", "--converge", "--dae2", "-Oz"];

/// What turns the text, in which functions are put in order, into the module.
const WRITE: [&str; 4] = ["--generate-stack-ir", "--optimize-stack-ir", "--strip-producers", "--strip-target-features"];

/// What rustc uses of WebAssembly: a text does not say it.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What LLVM is told, where the compiler's release is known. A structure is moved by one instruction, and not by a load and
/// a store for each eight bytes of it: 1.5 kB after brotli. Loops keep the counters that they are written with: 0.4 kB.
const LLVM: [&str; 4] = [
    "-Cllvm-args=-max-store-memcpy=1",
    "-Cllvm-args=-max-store-memmove=1",
    "-Cllvm-args=-max-store-memset=1",
    "-Cllvm-args=-disable-lsr",
];

/// What wasm-bindgen makes.
#[derive(Debug)]
pub struct Glue {
    /// The JavaScript side.
    pub js: PathBuf,
    /// The module, optimised.
    pub wasm: PathBuf,
}

/// Builds both, or finds them from an earlier build of the same code.
pub fn build(paths: &Paths, toolchain: &Toolchain, flavour: Flavour) -> Result<Glue> {
    let compiled = compile(paths, toolchain, flavour)?;
    let dir = paths.target.join("glue").join(flavour.name());
    let glue = Glue { js: dir.join("doorkey_bg.js"), wasm: dir.join("doorkey.wasm") };
    let stamp = Stamp::default()
        .path(&compiled)?
        .text(&paths.locked("wasm-bindgen-cli-support")?)
        .path(&paths.root.join("package-lock.json"))?
        .text(&[&WASM_OPT[..], &WRITE, &FEATURES].concat().join(" "));
    let kept = dir.join("stamp");
    if stamp.is_in(&kept) && glue.js.is_file() && glue.wasm.is_file() {
        return Ok(glue);
    }
    let _ = fs::remove_dir_all(&dir);
    let bound = bind(&compiled, &dir, flavour)?;
    optimise(paths, &bound, &glue, flavour)?;
    stamp.keep(&kept)?;
    Ok(glue)
}

fn compile(paths: &Paths, toolchain: &Toolchain, flavour: Flavour) -> Result<PathBuf> {
    let small = toolchain.small().filter(|_| flavour != Flavour::Dev);
    let mut cargo = small.as_ref().map_or(toolchain, |(toolchain, _)| toolchain).cargo(paths)?;
    // Without the rlib beside it, which keeps the linker from knowing all callers: 10 kB of wasm.
    cargo.args(["rustc", "--package", "doorkey", "--lib", "--crate-type", "cdylib", "--target", TARGET]);
    cargo.args(["--no-default-features", "--features", flavour.features()]).args(flavour.cargo_flags());
    // Paths of this machine would get into the texts of panics, and so into the bytes.
    let mut flags = format!(
        "--remap-path-prefix={}=/cargo --remap-path-prefix={}=/doorkey",
        cargo_home()?.display(),
        paths.root.display()
    );
    if let Some((_, more)) = small {
        cargo.arg("--").args(LLVM);
        flags = format!("{flags} {more}");
        cargo.env(BOOTSTRAP.0, BOOTSTRAP.1);
    }
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    Job::of(paths, "cargo build for wasm", cargo).env("RUSTFLAGS", flags).done()?;
    Ok(paths.target.join(TARGET).join(flavour.cargo_profile()).join("doorkey.wasm"))
}

/// Runs wasm-bindgen, and returns the module that it leaves.
fn bind(compiled: &PathBuf, dir: &PathBuf, flavour: Flavour) -> Result<PathBuf> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name("doorkey").typescript(false).keep_debug(false);
    // Without what loads the module: pkg-template/package/start.mjs does that, in a third of the text.
    bindgen.bundler(true)?;
    bindgen.remove_name_section(false).remove_producers_section(true);
    bindgen.generate(dir).context("wasm-bindgen")?;
    let bound = dir.join("doorkey_bg.wasm");
    if flavour != Flavour::Dev {
        shims::remove(&bound).context("remove what nobody calls")?;
    }
    Ok(bound)
}

fn optimise(paths: &Paths, bound: &PathBuf, glue: &Glue, flavour: Flavour) -> Result<()> {
    match flavour {
        Flavour::Dev => fs::rename(bound, &glue.wasm)?,
        Flavour::Release | Flavour::Panicking => {
            let text = bound.with_extension("wat");
            let job = Job::new(paths, "wasm-opt", paths.node_bin("wasm-opt")).args(WASM_OPT).args(["-S", "-g"]);
            job.args([bound.as_os_str(), "-o".as_ref(), text.as_os_str()]).done()?;
            fs::write(&text, order::by_likeness(&fs::read_to_string(&text)?)?)?;
            let job = Job::new(paths, "wasm-opt", paths.node_bin("wasm-opt")).args(FEATURES).args(WRITE);
            job.args([text.as_os_str(), "-o".as_ref(), glue.wasm.as_os_str()]).done()?;
        }
    }
    Ok(())
}
