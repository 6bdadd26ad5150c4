//! Debian's package manager.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::hints;
use crate::paths::{Paths, program};
use crate::run::{Job, ask};
use crate::say;

/// Held while apt runs; true once the package lists are fresh.
static APT: Mutex<bool> = Mutex::new(false);

/// How long another program may hold apt's lock, as unattended-upgrades does on a machine that has just started.
const LOCK_LIMIT: Duration = Duration::from_secs(600);

/// Installs packages, and reads the package lists anew before the first.
///
/// # Errors
/// When this is not Debian or its like, when there is no right to install, or when apt fails: each says what to do.
pub fn install(paths: &Paths, label: &str, packages: &[&str]) -> Result<()> {
    let prefix = refresh(paths, packages)?;
    let _one_at_a_time = APT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    say::line(format!("  {label}: apt-get install {}", packages.join(" ")));
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(packages);
    patiently(|| apt(paths, &format!("apt-get install for {label}"), &prefix, &args))
}

/// Reads the package lists, once, for these packages. Returns what to put before a command so that it runs as root.
///
/// # Errors
/// As [`install`].
pub fn refresh(paths: &Paths, packages: &[&str]) -> Result<Vec<&'static str>> {
    let names = packages.join(" ");
    if program("apt-get").is_none() {
        bail!("this machine has no apt-get; install by hand: {names}");
    }
    let Some(prefix) = privilege() else {
        bail!(
            "installing packages needs root, and sudo is not there or asks for a password.\nRun once as root: apt-get install -y --no-install-recommends {names}"
        );
    };
    let mut fresh = APT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !*fresh {
        patiently(|| apt(paths, "apt-get update", &prefix, &["update", "-qq"]))?;
        *fresh = true;
    }
    Ok(prefix)
}

fn apt(paths: &Paths, label: &str, prefix: &[&str], args: &[&str]) -> Result<()> {
    let options =
        ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"];
    let line: Vec<&str> = prefix.iter().chain(&["env"]).chain(&options).chain(args).copied().collect();
    let Some((program, args)) = line.split_first() else { bail!("nothing to run") };
    Job::new(paths, label, program).args(args).done().map(|_| ())
}

/// Tries again while another program holds a lock: apt's own option does not wait for the one of the package lists.
fn patiently(mut run: impl FnMut() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    loop {
        match run() {
            Err(error) if hints::is_lock(&format!("{error:#}")) && start.elapsed() < LOCK_LIMIT => {
                say::line("    apt is in use by another program; waiting for it");
                thread::sleep(Duration::from_secs(5));
            }
            ended => return ended,
        }
    }
}

/// What to put before a command so that it runs as root.
fn privilege() -> Option<Vec<&'static str>> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if is_root {
        return Some(Vec::new());
    }
    ask(Command::new("sudo").args(["-n", "true"])).map(|_| vec!["sudo", "-n"])
}
