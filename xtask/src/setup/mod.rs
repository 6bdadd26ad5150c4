//! Set-up: finds what a command needs, and makes what is missing. Running it again changes nothing.

mod apt;
pub mod browser;
mod builders;
mod debian;
mod directus;
mod django;
mod docs;
mod firefox;
mod linter;
mod npm;
mod peers;
mod runner;
mod servers;
mod sysroot;
mod wasm;
mod webkit;

use std::fmt;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow};

use crate::lock;
use crate::paths::Paths;
use crate::say;

pub use browser::Browser;
pub use sysroot::BOOTSTRAP;
pub use wasm::Toolchain;

/// One thing that a command may need.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Part {
    /// A Rust toolchain that builds for `wasm32-unknown-unknown`.
    Wasm,
    /// Clippy for that toolchain.
    Linter,
    /// The development dependencies of package.json.
    Npm,
    /// Chromium and its driver.
    Browser,
    /// A Python environment with Django.
    Django,
    /// wasm-bindgen's test runner.
    Runner,
    /// Firefox and its driver.
    Firefox,
    /// WebKitGTK's browser and its driver.
    WebKit,
    /// App builders that are npm packages.
    Builders,
    /// What builds the documents as a site.
    Docs,
    /// Auth servers that are packages of npm and PyPI. A set-up of everything does without them.
    Servers,
    /// Auth servers that are packages of Debian, for those runs.
    Debian,
    /// Directus, which is compiled in part, for those runs.
    Directus,
    /// The SDKs that doorkey is compared with. A set-up of everything does without them.
    Peers,
}

impl Part {
    /// Everything that a run of all stages needs.
    pub const ALL: [Self; 10] = [
        Self::Wasm,
        Self::Linter,
        Self::Npm,
        Self::Browser,
        Self::Django,
        Self::Runner,
        Self::Firefox,
        Self::WebKit,
        Self::Builders,
        Self::Docs,
    ];
    /// What it takes to build the package.
    pub const PACK: [Self; 2] = [Self::Wasm, Self::Npm];

    fn is_there(self, paths: &Paths) -> Result<bool> {
        Ok(match self {
            Self::Wasm => wasm::find(paths)?.is_some(),
            Self::Linter => linter::is_there(paths)?,
            Self::Npm => npm::is_there(paths)?,
            Self::Browser => browser::find().is_some(),
            Self::Django => django::DJANGO.find(paths)?.is_some(),
            Self::Runner => runner::find(paths)?.is_some(),
            Self::Firefox => firefox::find(paths).is_some(),
            Self::WebKit => webkit::find().is_some(),
            Self::Builders => builders::are_there(paths)?,
            Self::Docs => docs::is_there(paths)?,
            Self::Servers => servers::are_there(paths)?,
            Self::Debian => debian::are_there(paths),
            Self::Directus => directus::is_there(paths)?,
            Self::Peers => peers::are_there(paths)?,
        })
    }

    fn make(self, paths: &Paths) -> Result<()> {
        match self {
            Self::Wasm => wasm::make(paths),
            Self::Linter => linter::make(paths),
            Self::Npm => npm::make(paths),
            Self::Browser => browser::make(paths),
            Self::Django => django::DJANGO.make(paths),
            Self::Runner => runner::make(paths),
            Self::Firefox => firefox::make(paths),
            Self::WebKit => webkit::make(paths),
            Self::Builders => builders::make(paths),
            Self::Docs => docs::make(paths),
            Self::Servers => servers::make(paths),
            Self::Debian => debian::make(paths),
            Self::Directus => directus::make(paths),
            Self::Peers => peers::make(paths),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wasm => "wasm target",
            Self::Linter => "clippy",
            Self::Npm => "npm packages",
            Self::Browser => "Chromium",
            Self::Django => "Django",
            Self::Runner => "wasm test runner",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKitGTK",
            Self::Builders => "app builders",
            Self::Docs => "documents",
            Self::Servers => "auth servers",
            Self::Debian => "Debian's auth servers",
            Self::Directus => "Directus",
            Self::Peers => "peers",
        })
    }
}

/// What is made side by side, and what one after the other: clippy has to fit the toolchain.
const CHAINS: [&[Part]; 8] = [
    &[Part::Wasm, Part::Linter],
    &[Part::Npm, Part::Builders, Part::Docs, Part::Peers],
    &[Part::Browser, Part::WebKit],
    &[Part::Django, Part::Servers],
    &[Part::Runner],
    &[Part::Firefox],
    &[Part::Debian],
    &[Part::Directus],
];

/// What set-up left, and why something is missing.
#[derive(Debug)]
pub struct Ready {
    paths: Paths,
    missing: Vec<(Part, String)>,
}

impl Ready {
    /// Why `part` can't be used, if it can't.
    pub fn missing(&self, part: Part) -> Option<&str> {
        self.missing.iter().find(|(missing, _)| *missing == part).map(|(_, reason)| reason.as_str())
    }

    /// An error that names everything that is missing.
    pub fn complete(&self) -> Result<()> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let reasons: Vec<String> = self.missing.iter().map(|(part, reason)| format!("{part}: {reason}")).collect();
        Err(anyhow!("set-up is not complete.\n\n{}", reasons.join("\n\n")))
    }

    /// The toolchain for wasm.
    pub fn toolchain(&self) -> Result<Toolchain> {
        wasm::find(&self.paths)?.ok_or_else(|| anyhow!("there is no toolchain for wasm: run `npm run setup`"))
    }

    /// What child processes must know of the machine.
    pub fn env(&self) -> Result<Vec<(&'static str, PathBuf)>> {
        let mut env = Vec::new();
        if let Some(python) = django::DJANGO.find(&self.paths)? {
            env.push(("DOORKEY_DJANGO_PYTHON", python));
        }
        if let Some(Browser { chromium, driver }) = browser::find() {
            env.push(("DOORKEY_CHROMIUM", chromium));
            env.push(("CHROMEDRIVER", driver));
        }
        if let Some(driver) = firefox::find(&self.paths) {
            env.push(("GECKODRIVER", driver));
        }
        if let Some(driver) = webkit::find() {
            env.push(("WEBKITWEBDRIVER", driver));
        }
        if let Some(folder) = debian::glewlwyd(&self.paths) {
            env.push(("DOORKEY_GLEWLWYD", folder));
        }
        if let Some(runner) = runner::find(&self.paths)? {
            env.push(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner));
        }
        Ok(env)
    }
}

/// Sees to it that `parts` are there, as far as can be.
///
/// # Errors
/// Only when the machine can't even be looked at. A part that can't be had is in [`Ready::missing`], since not every
/// command needs all of them.
pub fn ensure(paths: &Paths, parts: &[Part]) -> Result<Ready> {
    let start = Instant::now();
    let mut missing = Vec::new();
    if !absent(paths, parts)?.is_empty() {
        let _lock = lock::take(&paths.cache.join("lock"), "set-up")?;
        // Another set-up may have done it while this one waited.
        missing = make_all(paths, &absent(paths, parts)?);
    }
    say::line(format!(
        "set-up: {} ({})",
        if missing.is_empty() { "ready" } else { "not complete" },
        say::span(start.elapsed())
    ));
    Ok(Ready { paths: paths.clone(), missing })
}

fn absent(paths: &Paths, parts: &[Part]) -> Result<Vec<Part>> {
    let checked = parts.iter().map(|part| Ok((*part, part.is_there(paths)?))).collect::<Result<Vec<_>>>()?;
    Ok(checked.into_iter().filter(|(_, there)| !there).map(|(part, _)| part).collect())
}

/// Makes the parts side by side: some wait for the network while others compile. Returns what failed.
fn make_all(paths: &Paths, parts: &[Part]) -> Vec<(Part, String)> {
    if parts.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = parts.iter().map(Part::to_string).collect();
    say::line(format!("set-up: getting {}", names.join(", ")));
    thread::scope(|scope| {
        let chains: Vec<_> = CHAINS
            .iter()
            .map(|chain| chain.iter().copied().filter(|part| parts.contains(part)).collect::<Vec<_>>())
            .map(|chain| scope.spawn(move || make_chain(paths, &chain)))
            .collect();
        // A thread only panics by a bug of ours; then the panic goes on here.
        chains
            .into_iter()
            .flat_map(|chain| chain.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn make_chain(paths: &Paths, chain: &[Part]) -> Vec<(Part, String)> {
    chain.iter().filter_map(|part| Some((*part, format!("{:#}", make_one(paths, *part).err()?)))).collect()
}

fn make_one(paths: &Paths, part: Part) -> Result<()> {
    let start = Instant::now();
    let made = part.make(paths).and_then(|()| match part.is_there(paths)? {
        true => Ok(()),
        false => Err(anyhow!("it was installed without an error, and still can't be found")),
    });
    let verdict = if made.is_ok() { "ready" } else { "FAILED" };
    say::line(format!("  {part}: {verdict} ({})", say::span(start.elapsed())));
    made
}
