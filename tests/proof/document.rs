//! docs/proof.md: what runs have found stands in it between marks, and is written by them.

use std::fs;
use std::path::PathBuf;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/proof.md")
}

/// What stands between the marks of a part.
#[allow(dead_code)] // Who only writes does not read.
pub fn read(part: &str) -> String {
    let text = fs::read_to_string(path()).expect("docs/proof.md is there");
    let [_, content, _] = parts(&text, part);
    content.trim().to_owned()
}

/// Puts a text between the marks of a part.
pub fn write(part: &str, content: &str) {
    let text = fs::read_to_string(path()).expect("docs/proof.md is there");
    let [before, _, after] = parts(&text, part);
    let (begin, end) = marks(part);
    let written = [before, &begin, "\n", content.trim(), "\n", &end, after].concat();
    fs::write(path(), written).expect("docs/proof.md can be written");
}

fn marks(part: &str) -> (String, String) {
    (format!("<!-- {part}: begin -->\n"), format!("<!-- {part}: end -->"))
}

/// What stands before, between and after the marks.
fn parts<'a>(text: &'a str, part: &str) -> [&'a str; 3] {
    let (begin, end) = marks(part);
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("docs/proof.md has no mark of {part}"));
    let (content, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/proof.md does not end {part}"));
    [before, content, after]
}
