//! Where a stage of `test` runs, and what comes of it.

use std::path::PathBuf;

use anyhow::Result;

use crate::counts::Counts;
use crate::paths::Paths;
use crate::setup::Ready;

/// Where a stage runs.
#[derive(Debug)]
pub struct Site<'a> {
    /// The folders.
    pub paths: &'a Paths,
    /// What set-up left.
    pub ready: &'a Ready,
    /// Whether there is a package, or why not; nothing when no stage needs it.
    pub packed: Option<&'a Result<()>>,
    /// What child processes must know.
    pub env: Vec<(&'static str, PathBuf)>,
}

/// What came of a stage.
#[derive(Debug)]
pub struct Outcome {
    /// How many tests or checks.
    pub counts: Counts,
    /// What was printed, shown when something failed.
    pub output: String,
}
