//! The example app: built as a user of the crate builds one, then used in Chromium.

use std::fs;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::run::Job;
use crate::site::{Outcome, Site};
use crate::suites;
use crate::target::TARGET;

/// Builds the app into a folder that a server can serve, and runs its tests.
pub fn run(site: &Site) -> Result<Outcome> {
    let app = site.paths.root.join("examples/yew");
    // A lock of its own gives other versions: they must not push the crate's own builds out of the folder.
    let target = site.paths.target.join("example");
    let mut cargo = site.ready.toolchain()?.cargo(site.paths)?;
    cargo.current_dir(&app).env("CARGO_TARGET_DIR", &target).args(["build", "--locked", "--target", TARGET]);
    Job::of(site.paths, "cargo build of the example", cargo).done()?;

    let served = target.join("served");
    let _ = fs::remove_dir_all(&served);
    let wasm = target.join(TARGET).join("debug/doorkey-example-yew.wasm");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("app").typescript(false).web(true)?.generate(&served).context("wasm-bindgen")?;
    // What Trunk would add to the page.
    let page = fs::read_to_string(app.join("index.html"))?;
    let start =
        r#"<script type="module">import start from "./app.js"; start({ module_or_path: "app_bg.wasm" });</script>"#;
    fs::write(served.join("index.html"), page.replace("</head>", &format!("{start}</head>")))?;

    let mut env = site.env.clone();
    env.push(("DOORKEY_EXAMPLE", served));
    suites::node(&Site { env, ..*site }, "tests/example")
}
