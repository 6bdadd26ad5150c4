//! The JavaScript files of the package, by esbuild, from the entries in pkg-template.

use std::path::Path;

use anyhow::Result;

use crate::paths::Paths;
use crate::run::Job;
use crate::wasm::Glue;

/// One file of the package that esbuild makes.
struct Entry {
    source: &'static str,
    file: &'static str,
    options: &'static [&'static str],
}

const ENTRIES: &[Entry] = &[
    Entry { source: "inline.mjs", file: "doorkey.mjs", options: &["--format=esm", "--target=es2022"] },
    Entry { source: "slim.mjs", file: "doorkey.slim.mjs", options: &["--format=esm", "--target=es2022"] },
    Entry { source: "umd.mjs", file: "doorkey.umd.min.js", options: &["--format=iife", "--target=es2020", "--minify"] },
];

/// The template of the package.
pub const TEMPLATE: &str = "pkg-template";

/// Writes them into `dist`.
pub fn bundle(paths: &Paths, glue: &Glue, version: &str, dist: &Path) -> Result<()> {
    for entry in ENTRIES {
        let source = paths.root.join(TEMPLATE).join("entry").join(entry.source);
        Job::new(paths, &format!("esbuild {}", entry.file), paths.node_bin("esbuild"))
            .args([source])
            .args(["--bundle", "--platform=neutral", "--log-level=warning", "--loader:.wasm=binary"])
            .args([
                format!("--outfile={}", dist.join(entry.file).display()),
                format!("--alias:doorkey-glue={}", glue.js.display()),
                format!("--alias:doorkey-wasm={}", glue.wasm.display()),
                format!("--define:__VERSION__=\"{version}\""),
            ])
            .args(entry.options)
            .done()?;
    }
    Ok(())
}

/// Minifies one file, as an app's bundler would, to learn what it costs there.
pub fn minify(paths: &Paths, file: &Path, to: &Path) -> Result<()> {
    let job = Job::new(paths, "esbuild minify", paths.node_bin("esbuild")).args([file]);
    job.args(["--minify", "--log-level=warning"]).args([format!("--outfile={}", to.display())]).done()?;
    Ok(())
}
