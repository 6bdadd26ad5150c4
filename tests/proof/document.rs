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
    let (from, to) = span(&text, part);
    text[from..to].trim().to_owned()
}

/// Puts a text between the marks of a part.
pub fn write(part: &str, content: &str) {
    let text = fs::read_to_string(path()).expect("docs/proof.md is there");
    let (from, to) = span(&text, part);
    let written = [&text[..from], "\n", content.trim(), "\n", &text[to..]].concat();
    fs::write(path(), written).expect("docs/proof.md can be written");
}

fn span(text: &str, part: &str) -> (usize, usize) {
    let (begin, end) = (format!("<!-- {part}: begin -->\n"), format!("<!-- {part}: end -->"));
    let from = text.find(&begin).unwrap_or_else(|| panic!("docs/proof.md has no mark of {part}")) + begin.len();
    let to = text[from..].find(&end).unwrap_or_else(|| panic!("docs/proof.md does not end {part}")) + from;
    (from, to)
}
