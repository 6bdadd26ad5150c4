//! What each file costs a user, and what it may.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::paths::Paths;
use crate::run::Job;

/// The most that doorkey.wasm and what a bundler leaves of `doorkey/slim` for an app with one host may have together, in bytes
/// after brotli 11.
///
/// The aim is 60 kB, which it is far from: ARCHITECTURE.md says what was tried and what each part costs. This holds what has been
/// gained.
pub const SLIM_CEILING: u64 = 118_200;
/// The most that doorkey.umd.min.js may have, in bytes after brotli 11. The aim is 67 kB.
pub const UMD_CEILING: u64 = 129_500;

/// The most that doorkey.ui.mjs, minified, may have, in bytes after brotli 11. The aim is 5 kB.
pub const UI_CEILING: u64 = 5650;

/// The most that doorkey.panel.mjs, minified, may have, in bytes after brotli 11. Pages in development alone load it.
pub const PANEL_CEILING: u64 = 11_700;

/// An app that brings nothing of its own: what is left of the glue when a bundler has been through it.
const APP: &str = "slim, one host: glue";
/// What that app names. Its host is the page's, which every other has beside it.
const APP_NAMES: [(&str, &str); 2] =
    [("createAuth, init", "doorkey.slim.bundler.mjs"), ("browser", "doorkey.hosts.mjs")];
const MINIFIED_UI: &str = "doorkey.ui.mjs, minified";
const MINIFIED_PANEL: &str = "doorkey.panel.mjs, minified";

/// Prints `raw gzip brotli name` for each file. Node has the very brotli and zlib that servers use.
const MEASURE: &str = r#"
const { readFileSync } = require("node:fs");
const { basename } = require("node:path");
const { gzipSync, brotliCompressSync, constants } = require("node:zlib");
for (const file of process.argv.slice(1)) {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  console.log(bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length, basename(file));
}"#;

/// The size of one thing that is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Size {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
    ceiling: Option<u64>,
}

/// The sizes of a package.
#[derive(Debug)]
pub struct Sizes(Vec<Size>);

impl Sizes {
    /// Measures what is in `dist` of the package.
    pub fn measure(paths: &Paths) -> Result<Self> {
        let dist = paths.package().join("dist");
        let mut files: Vec<PathBuf> = fs::read_dir(&dist)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.sort();
        let made = paths.target.join("xtask");
        let app = made.join("app.mjs");
        fs::write(&app, APP_NAMES.map(|(names, file)| export(names, &dist.join(file))).concat())?;
        let minified =
            [(app, APP), (dist.join("doorkey.ui.mjs"), MINIFIED_UI), (dist.join("doorkey.panel.mjs"), MINIFIED_PANEL)];
        for (source, name) in minified {
            let to = made.join(name);
            bundle(paths, &source, &to)?;
            files.push(to);
        }
        let printed = Job::new(paths, "measure", "node").args(["-e", MEASURE, "--"]).args(files).done()?;
        let mut sizes = parse(&printed)?;
        let find =
            |name: &str| sizes.iter().find(|size| size.name == name).with_context(|| format!("dist has no {name}"));
        let (wasm, glue) = (find("doorkey.wasm")?, find(APP)?);
        let slim = Size {
            name: "slim, one host: with wasm".to_owned(),
            raw: wasm.raw + glue.raw,
            gzip: wasm.gzip + glue.gzip,
            brotli: wasm.brotli + glue.brotli,
            ceiling: Some(SLIM_CEILING),
        };
        for size in &mut sizes {
            size.ceiling = match size.name.as_str() {
                "doorkey.umd.min.js" => Some(UMD_CEILING),
                MINIFIED_UI => Some(UI_CEILING),
                MINIFIED_PANEL => Some(PANEL_CEILING),
                _ => None,
            };
        }
        sizes.push(slim);
        Ok(Self(sizes))
    }

    /// A table for people.
    pub fn table(&self) -> String {
        let mut text = format!("{:<28}{:>9}{:>9}{:>9}{:>9}", "bytes", "raw", "gzip -9", "br 11", "ceiling");
        for Size { name, raw, gzip, brotli, ceiling } in &self.0 {
            let ceiling = ceiling.map(|ceiling| ceiling.to_string()).unwrap_or_default();
            let _ = write!(text, "\n{name:<28}{raw:>9}{gzip:>9}{brotli:>9}{ceiling:>9}");
        }
        text
    }

    /// # Errors
    /// When a ceiling is broken: names each thing that is too large.
    pub fn check(&self) -> Result<()> {
        let large: Vec<String> = self.0.iter().filter_map(Size::excess).collect();
        if large.is_empty() { Ok(()) } else { Err(anyhow!("{}", large.join("\n"))) }
    }
}

impl Size {
    fn excess(&self) -> Option<String> {
        let ceiling = self.ceiling.filter(|ceiling| self.brotli > *ceiling)?;
        Some(format!(
            "{} is {} bytes after brotli, {} more than its ceiling",
            self.name,
            self.brotli,
            self.brotli - ceiling
        ))
    }
}

fn export(names: &str, file: &Path) -> String {
    format!("export {{ {names} }} from {:?};\n", file.display().to_string())
}

/// Makes of one file what an app's bundler would, to learn what it costs there.
fn bundle(paths: &Paths, file: &Path, to: &Path) -> Result<()> {
    let job = Job::new(paths, "bundle", paths.node_bin("esbuild")).args([file]);
    let job = job.args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    job.args([format!("--outfile={}", to.display())]).done()?;
    Ok(())
}

fn parse(printed: &str) -> Result<Vec<Size>> {
    printed.lines().map(|line| parse_line(line).with_context(|| format!("not a measurement: {line}"))).collect()
}

fn parse_line(line: &str) -> Option<Size> {
    let mut words = line.splitn(4, ' ');
    let mut number = || words.next()?.parse().ok();
    let (raw, gzip, brotli) = (number()?, number()?, number()?);
    Some(Size { name: words.next()?.to_owned(), raw, gzip, brotli, ceiling: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(brotli: u64, ceiling: Option<u64>) -> Size {
        Size { name: "a file".to_owned(), raw: 9, gzip: 8, brotli, ceiling }
    }

    #[test]
    fn what_node_prints_is_read_back() -> Result<()> {
        assert_eq!(parse("9 8 7 a file\n")?, [sized(7, None)]);
        assert!(parse("9 8 a file").is_err());
        Ok(())
    }

    #[test]
    fn a_ceiling_may_be_reached_and_not_passed() {
        assert!(Sizes(vec![sized(7, Some(7)), sized(900, None)]).check().is_ok());
        let error = Sizes(vec![sized(8, Some(7))]).check().map_err(|error| error.to_string());
        assert_eq!(error, Err("a file is 8 bytes after brotli, 1 more than its ceiling".to_owned()));
    }
}
