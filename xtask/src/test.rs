//! `test`: every stage, its result and its time, and one line that sums it all up.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::counts::Counts;
use crate::flavour::Flavour;
use crate::pack;
use crate::paths::Paths;
use crate::say;
use crate::setup::{self, Part, Ready};
use crate::site::{Outcome, Site};
use crate::stages::{APART, STAGES, Stage};

/// Runs the stages whose names hold `filter`.
pub fn run(paths: &Paths, filter: &str) -> Result<ExitCode> {
    let stages = chosen(filter);
    if stages.is_empty() {
        let names: Vec<&str> = STAGES.iter().chain(APART).map(|stage| stage.name).collect();
        bail!("no stage is called like {filter}; there are {}", names.join(", "));
    }
    let start = Instant::now();
    let ready = setup::ensure(paths, &needs(&stages))?;
    let packed = stages.iter().any(|stage| stage.packed).then(|| pack_once(paths, &ready));
    let mut env = ready.env()?;
    env.extend(pack::env(paths)?);
    let site = Site { paths, ready: &ready, packed: packed.as_ref(), env };
    let mut sum = Counts::default();
    let mut all_ran = true;
    for stage in stages {
        let obstacle = obstacle(stage, &site);
        all_ran &= obstacle.is_none();
        sum += &run_stage(stage, &site, obstacle);
    }
    say::line(format!("\nin {}", say::span(start.elapsed())));
    say::line(sum.to_string());
    // A stage that could not run has shown nothing: that is not a green run.
    Ok(if sum.failed == 0 && all_ran { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The stage of that name, or else those whose names hold the filter, of which none runs apart.
fn chosen(filter: &str) -> Vec<&'static Stage> {
    match STAGES.iter().chain(APART).find(|stage| stage.name == filter) {
        Some(stage) => vec![stage],
        None => STAGES.iter().filter(|stage| stage.name.contains(filter)).collect(),
    }
}

fn needs(stages: &[&Stage]) -> Vec<Part> {
    let of_pack: &[Part] = if stages.iter().any(|stage| stage.packed) { &Part::PACK } else { &[] };
    let mut parts: Vec<Part> = stages.iter().flat_map(|stage| stage.needs).chain(of_pack).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn pack_once(paths: &Paths, ready: &Ready) -> Result<()> {
    for part in Part::PACK {
        if let Some(reason) = ready.missing(part) {
            bail!("{part}: {reason}");
        }
    }
    pack::pack(paths, &ready.toolchain()?, Flavour::Release)
}

fn run_stage(stage: &Stage, site: &Site, obstacle: Option<String>) -> Counts {
    let start = Instant::now();
    let outcome = match obstacle {
        Some(reason) => Outcome { counts: Counts::skip(reason), output: String::new() },
        None => {
            (stage.run)(site).unwrap_or_else(|error| Outcome { counts: Counts::fail(), output: format!("{error:#}") })
        }
    };
    let Outcome { counts, output } = outcome;
    let verdict = match &counts {
        Counts { failed: 1.., .. } => "FAILED",
        Counts { passed: 0, .. } => "skipped",
        _ => "ok",
    };
    if counts.failed > 0 {
        say::line(format!("\n----- {} -----\n{}\n-----", stage.name, output.trim_end()));
    }
    say::line(format!("{verdict:<8} {:<12} {:<36} {}", stage.name, counts.to_string(), say::span(start.elapsed())));
    for reason in &counts.reasons {
        say::line(format!("         skipped: {reason}"));
    }
    counts
}

/// Why a stage can't be run on this machine, if it can't.
fn obstacle(stage: &Stage, site: &Site) -> Option<String> {
    let missing = stage.needs.iter().find_map(|part| Some(format!("{part}: {}", site.ready.missing(*part)?)));
    let unpacked = || {
        (stage.packed && stage.name != "pack" && matches!(site.packed, Some(Err(_))))
            .then(|| "there is no package: see stage pack".to_owned())
    };
    missing.or_else(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(filter: &str) -> Vec<&'static str> {
        chosen(filter).iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn a_filter_is_a_name_or_a_part_of_names() {
        assert_eq!(names("lint"), ["lint"]);
        assert_eq!(names("wasm-"), ["wasm-node", "wasm-page", "wasm-worker", "wasm-firefox", "wasm-webkit"]);
        assert_eq!(names("").len(), STAGES.len());
        assert_eq!(names("matrix"), ["matrix"]);
        assert!(!names("").contains(&"matrix"));
        assert!(names("nope").is_empty());
    }

    #[test]
    fn what_runs_apart_runs_by_its_whole_name_alone() {
        assert_eq!(names("load"), ["load"]);
        assert_eq!(names("audit"), ["audit"]);
        assert!(names("aud").is_empty());
        assert!(!names("").contains(&"load"));
    }

    #[test]
    fn what_works_on_the_package_needs_what_builds_it() {
        assert_eq!(needs(&chosen("pack")), Part::PACK);
        assert!(needs(&chosen("format")).is_empty());
        assert_eq!(needs(&chosen("e2e")), [Part::Wasm, Part::Npm, Part::Browser]);
    }
}
