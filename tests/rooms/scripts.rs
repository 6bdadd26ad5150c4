//! Our modules of JavaScript: which imports which.

use super::circles::Graph;
use super::report;
use super::source::{files, read};

/// Where they are.
const FOLDERS: [&str; 5] = ["src", "pkg-template", "www", "benches", "tests"];

#[test]
fn every_script_of_the_shell_is_named_in_rust() {
    let rust: String = files("src", &["rs"]).iter().map(|path| read(path)).collect();
    let scripts = files("src/shell", &["js"]);
    assert!(scripts.len() > 20, "the files have been looked for in the wrong place");
    let is_missing = |path: &String| !rust.contains(&format!("module = \"/{path}\""));
    report(
        scripts.into_iter().filter(is_missing),
        "wasm-bindgen copies those files alone that Rust names: name it in src/typed/files.rs",
    );
}

/// Which files import which, by a relative path.
pub fn imports() -> Graph {
    let all: Vec<String> = FOLDERS.iter().flat_map(|folder| files(folder, &["js", "mjs", "cjs"])).collect();
    let named = |path: &String| {
        let imported = imported(&read(path));
        imported.iter().filter_map(|import| joined(path, import)).filter(|other| all.contains(other)).collect()
    };
    all.iter().map(|path| (path.clone(), named(path))).collect()
}

/// The relative paths that a text imports.
pub fn imported(text: &str) -> Vec<String> {
    let text = without_comments(text);
    let pieces = ["from \"", "from '", "import \"", "import '", "import(\"", "import('"];
    let mut found = Vec::new();
    for piece in pieces {
        for (at, _) in text.match_indices(piece) {
            let behind = text.get(at + piece.len()..).unwrap_or_default();
            let path = behind.split(['"', '\'']).next().unwrap_or_default();
            found.extend(path.starts_with('.').then(|| path.to_owned()));
        }
    }
    found
}

/// The text without its comments, in which types are imported too. Texts are kept whole.
pub fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    let mut quote = None;
    while let Some(next) = rest.chars().next() {
        let mut length = next.len_utf8();
        match quote {
            Some(_) if next == '\\' => length += rest.chars().nth(1).map_or(0, char::len_utf8),
            // What is no template ends with its line at the latest: an apostrophe in a pattern is no text.
            Some(mark) if next == mark || (next == '\n' && mark != '`') => quote = None,
            None if rest.starts_with("//") => length = rest.find('\n').unwrap_or(rest.len()),
            None if rest.starts_with("/*") => length = rest.find("*/").map_or(rest.len(), |end| end + 2),
            None if matches!(next, '"' | '\'' | '`') => quote = Some(next),
            _ => {}
        }
        let (piece, more) = rest.split_at(length);
        let is_comment = quote.is_none() && (piece.starts_with("//") || piece.starts_with("/*"));
        kept.push_str(if is_comment { "" } else { piece });
        rest = more;
    }
    kept
}

/// The path of a file that another names relative to itself; none outside of the project.
fn joined(from: &str, import: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
