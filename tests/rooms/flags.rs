//! What the build may not be told.

use super::Finding;
use super::source::{Source, read, sources_of};

/// Flags that take out what Rust checks, or let an optimiser assume that the check never fails.
///
/// A panic of the published module is a trap. An optimiser that may assume that no trap happens deletes the way to each,
/// and the check before it: a RefCell that is borrowed twice is then used twice, an index past the end reads what is there.
/// `immediate-abort` is none of them: it traps.
const UNSOUND: [&str; 9] = [
    "-tnh",
    "--traps-never-happen",
    "-iit",
    "--ignore-implicit-traps",
    "trap-unreachable=no",
    "trap-unreachable=off",
    "trap-unreachable=n",
    "-ffm",
    "--fast-math",
];

/// Parts of words that no flag and no function of ours has.
const PARTS: [&str; 2] = ["unchecked", "traps-never"];

#[test]
fn nothing_takes_out_what_rust_checks() {
    let mut found = String::new();
    for file in sources_of("xtask/src") {
        for (line, what) in unsound(&file) {
            found.push_str(&format!("\n  {}:{line}: {what}", file.path));
        }
    }
    for path in [".cargo/config.toml", "Cargo.toml", "package.json", "xtask/Cargo.toml"] {
        let text = read(path);
        let flags = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | ','));
        flags.filter(|flag| is_unsound(flag)).for_each(|flag| found.push_str(&format!("\n  {path}: {flag}")));
    }
    assert!(found.is_empty(), "what is built with this is no safe Rust any more: see the reason in flags.rs{found}");
}

/// The texts of a file that hold such a flag. What documents an item is no flag.
pub fn unsound(file: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        let is_text = token.text.contains('"');
        let is_doc = file.text(at.wrapping_sub(1)) == "=" && file.text(at.wrapping_sub(2)) == "doc";
        if is_text && !is_doc {
            let flags = token.text.split(|c: char| c.is_whitespace() || matches!(c, '"' | ','));
            found.extend(flags.filter(|flag| is_unsound(flag)).map(|flag| (token.line, flag.to_owned())));
        }
    }
    found
}

fn is_unsound(flag: &str) -> bool {
    // `-Ztrap-unreachable=no`, `-Cllvm-args=-trap-unreachable=no`, and `-C` with its value behind a space.
    UNSOUND.iter().any(|own| flag == *own || (own.contains('=') && flag.ends_with(own)))
        || PARTS.iter().any(|part| flag.contains(part))
}
