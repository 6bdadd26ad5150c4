//! Runs the searches, and holds what they find against docs/proof.md.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::document;
use crate::rules::Rules;
use crate::scenarios::{bounded, deep};
use crate::search::{Found, search};

/// `deep`: search deeper, and write it down. `renew`: write down what the tests search. Else that is compared.
const HOW: &str = "DOORKEY_PROOF";

/// So long each of the deeper searches goes on at most, in seconds.
const LIMIT: (&str, u64) = ("DOORKEY_PROOF_SECONDS", 600);

#[test]
fn in_every_order_every_invariant_holds() {
    let how = std::env::var(HOW).unwrap_or_default();
    if how == "deep" {
        let seconds = std::env::var(LIMIT.0).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(LIMIT.1);
        document::write("deep", &table(&deep(), Some(Duration::from_secs(seconds))));
        return;
    }
    let table = table(&bounded(), None);
    if how == "renew" {
        document::write("bounded", &table);
    }
    let kept = document::read("bounded");
    assert!(kept == table.trim(), "docs/proof.md is out of date: run this again with {HOW}=renew\n{table}");
}

#[test]
fn the_deeper_searches_that_are_written_down_are_those_that_there_are() {
    let kept = document::read("deep");
    let names: Vec<&str> = kept.lines().skip(2).filter_map(|line| Some(line.split('|').nth(1)?.trim())).collect();
    let there: Vec<&str> = deep().iter().map(|rules| rules.name).collect();
    assert_eq!(names, there, "docs/proof.md is out of date: npm run proof");
}

/// Searches on all cores, and gives a row for each search.
fn table(all: &[Rules], limit: Option<Duration>) -> String {
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(vec![String::new(); all.len()]));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((at, rules)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, all.get(at)?)))
                {
                    let begun = Instant::now();
                    let found = search(rules, &|_| limit.is_some_and(|limit| begun.elapsed() > limit));
                    if let Some((broken, way)) = &found.broken {
                        panic!("{}: {broken}\nby {way:?}", rules.name);
                    }
                    rows.lock().expect("no other search has failed")[at] = row(rules, &found);
                }
            });
        }
    });
    let mut text =
        "| search | tabs | states | steps | at rest | depth | all of it |\n|---|--:|--:|--:|--:|--:|---|\n".to_owned();
    text.push_str(&rows.into_inner().expect("no search has failed").concat());
    text
}

fn row(rules: &Rules, found: &Found) -> String {
    let Found { states, steps, rests, depth, is_whole, .. } = found;
    let whole = if *is_whole { "yes" } else { "no: time was up" };
    format!("| {} | {} | {states} | {steps} | {rests} | {depth} | {whole} |\n", rules.name, rules.tabs)
}
