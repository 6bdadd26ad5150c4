//! Auth servers for the stage `matrix` that are packages of Debian: Laravel on PHP, and glewlwyd.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use crate::paths::{Paths, program};
use crate::run::{Job, ask};
use crate::say;

const LABEL: &str = "Debian's auth servers";
const LARAVEL: [&str; 3] = ["php-cli", "php-laravel-framework", "php-sqlite3"];
/// Where Debian's Laravel is.
const ILLUMINATE: &str = "/usr/share/php/Illuminate/autoload.php";
const GLEWLWYD: &str = "glewlwyd";
/// Its pages, in a package of their own.
const PAGES: &str = "/usr/share/glewlwyd/templates/config.json";

/// Whether all of them are installed.
pub fn are_there(paths: &Paths) -> bool {
    program("php").is_some() && Path::new(ILLUMINATE).is_file() && glewlwyd(paths).is_some()
}

/// The folder that glewlwyd is unpacked in, with what it needs beside it.
pub fn glewlwyd(paths: &Paths) -> Option<PathBuf> {
    let place = place(paths);
    let is_there = place.join(".ok").is_file() && Path::new(PAGES).is_file() && program("sqlite3").is_some();
    is_there.then_some(place)
}

/// Installs those that are missing.
pub fn make(paths: &Paths) -> Result<()> {
    if program("php").is_none() || !Path::new(ILLUMINATE).is_file() {
        apt::install(paths, LABEL, &LARAVEL)?;
    }
    if glewlwyd(paths).is_none() {
        unpack(paths)?;
    }
    Ok(())
}

/// Unpacks the program alone, and installs the libraries that it wants: its package would start it as a service of this machine.
fn unpack(paths: &Paths) -> Result<()> {
    let place = place(paths);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place)?;
    apt::refresh(paths, &[GLEWLWYD])?;
    Job::new(paths, "apt-get download glewlwyd", "apt-get").args(["download", "-qq", GLEWLWYD]).dir(&place).done()?;
    let package = fs::read_dir(&place)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get has downloaded no package of glewlwyd")?;
    let depends = ask(Command::new("dpkg-deb").arg("-f").arg(&package).arg("Depends")).context("dpkg-deb failed")?;
    let missing: Vec<&str> = needed(&depends).into_iter().filter(|name| !is_installed(name)).collect();
    if !missing.is_empty() {
        apt::install(paths, LABEL, &missing)?;
    }
    say::line(format!("  {LABEL}: glewlwyd in {}", place.display()));
    Job::new(paths, "dpkg-deb of glewlwyd", "dpkg-deb").args(["-x"]).args([&package]).args([&place]).done()?;
    fs::write(place.join(".ok"), "")?;
    Ok(())
}

/// Of what a package depends on: what a program needs to run, and not what sets up a service.
fn needed(depends: &str) -> Vec<&str> {
    let names = depends.split(',').filter_map(|each| each.split_whitespace().next());
    names.filter(|name| name.starts_with("lib") || ["glewlwyd-common", "sqlite3", "zlib1g"].contains(name)).collect()
}

/// What is there stays as it is: apt would also renew it.
fn is_installed(package: &str) -> bool {
    let status = ask(Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]));
    status.is_some_and(|status| status.trim_end().ends_with(" installed"))
}

fn place(paths: &Paths) -> PathBuf {
    paths.cache.join(GLEWLWYD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_needs_its_libraries_and_no_service() {
        let depends = "libc6 (>= 2.34), libhoel1.4 (>= 1.4.8), debconf | debconf-2.0, glewlwyd-common (= 2.7.5-3), sqlite3, ucf, \
                       dbconfig-mysql | dbconfig-no-thanks, adduser";
        assert_eq!(needed(depends), ["libc6", "libhoel1.4", "glewlwyd-common", "sqlite3"]);
        assert!(needed("").is_empty());
    }
}
