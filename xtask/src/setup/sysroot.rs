//! Debian's rustc with a standard library for wasm, built once from the source that Debian ships.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use super::apt;
use crate::paths::{Paths, cargo_home};
use crate::run::{Job, ask};
use crate::say;
use crate::target::TARGET;

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LIBRARY: &str = "/usr/lib/rustlib";
/// The oldest compiler that this workspace takes.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// What the published wasm is compiled with, together with its standard library: a panic is a trap at once, without the
/// text and the place that would have to be carried along. Measured: a quarter of the file. These flags are unstable, so
/// they are for a compiler whose release is known.
pub const SMALL_FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// Lets a stable compiler take unstable flags.
pub const BOOTSTRAP: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");

/// The two builds of the standard library.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Build {
    /// For work and tests.
    Plain,
    /// For what is published: [`SMALL_FLAGS`].
    Small,
}

/// What Debian's compiler says of itself.
#[derive(Debug, Eq, PartialEq)]
struct Compiler {
    release: String,
    host: String,
    llvm: String,
}

/// Finds a finished sysroot that belongs to the compiler that is installed. Its twin for small files is finished too.
pub fn find(paths: &Paths) -> Option<PathBuf> {
    let sysroot = place(paths, &compiler()?);
    [&sysroot, &small(&sysroot)].iter().all(|sysroot| is_finished(sysroot)).then_some(sysroot)
}

/// The twin of a sysroot whose library is built with [`SMALL_FLAGS`].
pub fn small(sysroot: &Path) -> PathBuf {
    let mut name = sysroot.file_name().unwrap_or_default().to_owned();
    name.push("-small");
    sysroot.with_file_name(name)
}

fn is_finished(sysroot: &Path) -> bool {
    sysroot.join(".ok").is_file()
}

/// Installs what is missing and builds the sysroots.
pub fn make(paths: &Paths) -> Result<PathBuf> {
    let is_old = compiler().is_none_or(|compiler| older(&compiler.release, OLDEST));
    if is_old || !Path::new(CARGO).is_file() || !Path::new(LIBRARY).join("src/rust/library/std").is_dir() {
        apt::install(paths, "wasm target", &["rustc-web", "cargo-web", "rust-web-src"])?;
    }
    let compiler = compiler().context("Debian's rustc does not say its version")?;
    if older(&compiler.release, OLDEST) {
        bail!("Debian offers Rust {}, and this workspace needs {OLDEST} or newer", compiler.release);
    }
    if !lld(&compiler).is_file() {
        apt::install(paths, "wasm target", &[&format!("lld-{}", compiler.llvm)])?;
    }
    let sysroot = place(paths, &compiler);
    for (sysroot, build) in [(&sysroot, Build::Plain), (&small(&sysroot), Build::Small)] {
        if is_finished(sysroot) {
            continue;
        }
        say::line("  wasm target: building the standard library for wasm (1 to 3 minutes, twice, once and for all)");
        let work = paths.cache.join("seed");
        let built = build_std(paths, &work, build).and_then(|rlibs| assemble(sysroot, &compiler, &rlibs));
        let _ = fs::remove_dir_all(&work);
        built?;
    }
    Ok(sysroot)
}

fn place(paths: &Paths, compiler: &Compiler) -> PathBuf {
    paths.cache.join("sysroot").join(&compiler.release)
}

fn lld(compiler: &Compiler) -> PathBuf {
    PathBuf::from(format!("/usr/lib/llvm-{}/bin/lld", compiler.llvm))
}

fn compiler() -> Option<Compiler> {
    parse_version(&ask(Command::new(RUSTC).arg("-vV"))?)
}

fn parse_version(text: &str) -> Option<Compiler> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let llvm = field("LLVM version: ")?;
    Some(Compiler { release: field("release: ")?, host: field("host: ")?, llvm: llvm.split('.').next()?.to_owned() })
}

/// Compares `1.96.0` and `1.95` by their numbers.
fn older(release: &str, oldest: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    numbers(release) < numbers(oldest)
}

/// Compiles the standard library by way of an empty crate, and returns its files.
fn build_std(paths: &Paths, work: &Path, build: Build) -> Result<Vec<PathBuf>> {
    let _ = fs::remove_dir_all(work);
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "")?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    // Bitcode, or else lto = "fat" could not reach into the library. The remap keeps a user's paths out of every wasm file.
    let mut flags = format!("-Cembed-bitcode=yes --remap-path-prefix={}=/cargo", cargo_home()?.display());
    let mut command = Command::new(CARGO);
    command.args(["build", "--release", "--target", TARGET, "--target-dir", "out"]);
    match build {
        Build::Plain => command.arg("-Zbuild-std=std,panic_abort,test,proc_macro"),
        Build::Small => {
            flags = format!("{flags} {SMALL_FLAGS}");
            command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z")
        }
    };
    command
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .env("RUSTC", RUSTC)
        .env(BOOTSTRAP.0, BOOTSTRAP.1)
        .env("RUSTFLAGS", flags)
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    Job::of(paths, "standard library for wasm", command).dir(work).done()?;
    let deps = work.join("out").join(TARGET).join("release/deps");
    let files = fs::read_dir(&deps)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let rlibs: Vec<PathBuf> = files.into_iter().filter(|file| is_library(file)).collect();
    if rlibs.is_empty() {
        return Err(anyhow!("cargo built no library in {}", deps.display()));
    }
    Ok(rlibs)
}

fn is_library(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.ends_with(".rlib") && !name.starts_with("libseed-")
}

fn assemble(sysroot: &Path, compiler: &Compiler, rlibs: &[PathBuf]) -> Result<()> {
    let _ = fs::remove_dir_all(sysroot);
    let bin = sysroot.join("bin");
    let library = sysroot.join("lib/rustlib");
    let host = library.join(&compiler.host);
    let target = library.join(TARGET).join("lib");
    for dir in [&bin, &target, &host.join("bin")] {
        fs::create_dir_all(dir)?;
    }
    for rlib in rlibs {
        fs::copy(rlib, target.join(rlib.file_name().unwrap_or_default()))?;
    }
    let installed = Path::new(LIBRARY);
    symlink(installed.join(&compiler.host).join("lib"), host.join("lib"))?;
    symlink(installed.join("src"), library.join("src"))?;
    // Debian has no rust-lld; the lld of the same LLVM takes its place.
    symlink(lld(compiler), host.join("bin/rust-lld"))?;
    symlink(CARGO, bin.join("cargo"))?;
    for name in ["rustc", "rustdoc"] {
        // A script and not a link: behind a link rustc would take /usr for its sysroot.
        let script = bin.join(name);
        fs::write(&script, format!("#!/bin/sh\nexec /usr/bin/{name} --sysroot \"{}\" \"$@\"\n", sysroot.display()))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    }
    fs::write(sysroot.join(".ok"), "")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_is_the_one_of_the_compilers_llvm() {
        let text = "rustc 1.96.0 (abc 2026-05-01) (built from a source tarball)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8";
        let expected =
            Compiler { release: "1.96.0".into(), host: "x86_64-unknown-linux-gnu".into(), llvm: "22".into() };
        assert_eq!(parse_version(text), Some(expected));
        assert_eq!(parse_version("rustc: command not found"), None);
    }

    #[test]
    fn the_twin_lies_beside_its_sysroot() {
        assert_eq!(small(Path::new("/cache/sysroot/1.96.0")), Path::new("/cache/sysroot/1.96.0-small"));
    }

    #[test]
    fn releases_are_compared_by_number() {
        assert!(older("1.63.0", "1.95"));
        assert!(older("1.9.0", "1.95"));
        assert!(!older("1.95.0", "1.95"));
        assert!(!older("1.100.0", "1.95"));
    }
}
