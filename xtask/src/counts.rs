//! How many tests passed, failed and were skipped, read from what test programs print.

use std::fmt;
use std::ops::AddAssign;

/// The counts of one run or of many.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that were not run.
    pub skipped: usize,
    /// Which were not run, and why.
    pub reasons: Vec<String>,
}

impl Counts {
    /// One check that passed.
    pub fn pass() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// One check that failed.
    pub fn fail() -> Self {
        Self { failed: 1, ..Self::default() }
    }

    /// One thing that could not be run.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self { skipped: 1, reasons: vec![reason.into()], ..Self::default() }
    }

    /// Whether nothing was run at all.
    pub const fn is_empty(&self) -> bool {
        self.passed + self.failed + self.skipped == 0
    }

    /// Reads the output of one or more programs that print as Rust's libtest does; wasm-bindgen's runner is one.
    pub fn of_libtest(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().map(str::trim) {
            if let Some((_, result)) = line.split_once("test result: ") {
                counts.passed += number_before(result, " passed");
                counts.failed += number_before(result, " failed");
                counts.skipped += number_before(result, " ignored");
            } else if let Some((name, reason)) = line.split_once(" ... ignored") {
                let reason = reason.trim_start_matches(',').trim();
                counts.reasons.push(because(name.trim_start_matches("test "), reason));
            }
        }
        counts
    }

    /// Reads the TAP that `node --test` writes.
    pub fn of_tap(tap: &str) -> Self {
        // A test's own output is in there too, as comments; the summary comes last.
        let last = |key: &str| -> usize {
            let value = |line: &str| line.strip_prefix("# ")?.strip_prefix(key)?.trim().parse().ok();
            tap.lines().rev().find_map(value).unwrap_or(0)
        };
        let reasons = tap.lines().filter_map(|line| {
            let (test, reason) = line.split_once(" # SKIP").or_else(|| line.split_once(" # TODO"))?;
            let (_, name) = test.trim().split_once(" - ")?;
            Some(because(name, reason.trim()))
        });
        Self {
            passed: last("pass "),
            failed: last("fail ") + last("cancelled "),
            skipped: last("skipped ") + last("todo "),
            reasons: reasons.collect(),
        }
    }
}

impl AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.reasons.extend_from_slice(&other.reasons);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

fn because(name: &str, reason: &str) -> String {
    format!("{name}: {}", if reason.is_empty() { "no reason given" } else { reason })
}

/// The number that stands right before `word`, or zero.
fn number_before(text: &str, word: &str) -> usize {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(passed: usize, failed: usize, skipped: usize, reasons: &[&str]) -> Counts {
        Counts { passed, failed, skipped, reasons: reasons.iter().map(|&reason| reason.to_owned()).collect() }
    }

    #[test]
    fn libtest_results_of_several_programs_add_up() {
        let output = "running 3 tests\ntest a::b ... ok\ntest c ... ignored, needs a clock\ntest d ... ignored\n\n\
            test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
            running 2 tests\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(Counts::of_libtest(output), counted(2, 1, 2, &["c: needs a clock", "d: no reason given"]));
    }

    #[test]
    fn output_without_results_counts_nothing() {
        assert!(Counts::of_libtest("error[E0308]: mismatched types").is_empty());
        assert!(Counts::of_tap("TAP version 13\n").is_empty());
    }

    #[test]
    fn tap_is_counted_by_its_summary_and_not_by_what_tests_print() {
        let tap = "TAP version 13\n# Subtest: a\n# pass 70\nok 1 - a\nok 2 - b # SKIP no browser\n    not ok 1 - c\n\
            1..3\n# tests 6\n# suites 1\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 5\n";
        assert_eq!(Counts::of_tap(tap), counted(2, 2, 2, &["b: no browser"]));
    }

    #[test]
    fn the_sum_is_what_the_last_line_says() {
        let mut sum = Counts::pass();
        sum += &Counts::fail();
        sum += &Counts::skip("e2e: no browser");
        assert_eq!(sum.to_string(), "1 passed, 1 failed, 1 skipped");
        assert_eq!(sum.reasons, ["e2e: no browser"]);
    }
}
