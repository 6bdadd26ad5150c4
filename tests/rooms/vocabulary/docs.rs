//! What the documentation tells.

use super::{Vocabulary, Words, first_word, quoted, read, set};

const CALLS: &str = "docs/calls.md";
const OPTIONS: &str = "docs/options.md";
const FLOWS: &str = "docs/flows.md";
const LANGUAGE: &str = "src/core/template/mod.rs";

/// Compares tables, and looks for each word where its list is told.
pub(super) fn check(words: &Vocabulary) -> Vec<String> {
    let flows = read(FLOWS);
    let tables = [
        (CALLS, "`code`", words.list("Code")),
        (OPTIONS, "option", words.list("OPTIONS")),
        (OPTIONS, "`storage`", words.list("Storage")),
        (FLOWS, "flow", words.list("FlowName")),
        (FLOWS, "step", words.step_kinds()),
        (FLOWS, "member", words.list("ENDPOINT")),
        (FLOWS, "function", words.list("TemplateFunction")),
        (FLOWS, "option of `refresh`", words.list("REFRESH")),
    ];
    let rows = [
        (OPTIONS, "| `host`", words.list("HOST").and(&["store"])),
        (OPTIONS, "| `flows`", words.list("FlowName")),
        (OPTIONS, "| `pages`", words.list("PAGES")),
        (OPTIONS, "| `expose`", words.list("EXPOSE")),
        (OPTIONS, "| `attach`", words.list("ATTACH")),
        (OPTIONS, "| `refresh`", words.list("REFRESH")),
        (OPTIONS, "| `crossTab`", words.list("CrossTab")),
        (CALLS, "| `on(event", words.list("EventKind")),
    ];
    let paragraphs = [
        (OPTIONS, "the functions", words.list("TemplateFunction")),
        (LANGUAGE, "An expression is a path", words.list("TemplateFunction")),
        (FLOWS, "The types are", words.list("FieldType")),
        (FLOWS, "| `credentials`", words.list("Credentials")),
        (FLOWS, "`id`: its name in the scope", words.list("SCOPE")),
        (FLOWS, "Variables are texts", words.list("TokenField")),
    ];
    let members = ["STEP", "FORM", "FIELD", "CHOICE", "CSRF", "ATTACH"];

    let mut complaints = Vec::new();
    for (path, head, expected) in tables {
        complaints.extend(expected.same(&format!("{path} table {head}"), &column(path, &read(path), head)));
    }
    for (path, start, expected) in rows {
        let text = read(path);
        let row = text.lines().find(|line| line.starts_with(start)).unwrap_or_default();
        complaints.extend(
            expected.among(&format!("{path} row of {}", first_word(start.trim_start_matches("| `"))), &marked(row)),
        );
    }
    for (path, start, expected) in paragraphs {
        let text = read(path).replace("\n//!", "\n");
        let paragraph = text.split("\n\n").find(|paragraph| paragraph.contains(start)).unwrap_or_default();
        complaints.extend(expected.among(&format!("{path} {start:?}"), &marked(paragraph)));
    }
    let told: Words = marked(&flows).into_iter().chain(quoted(&flows)).collect();
    complaints.extend(members.iter().flat_map(|list| words.list(list).among(FLOWS, &told)));
    let calls = read(CALLS);
    let said: Words = marked(&calls).into_iter().chain(quoted(&calls)).collect();
    complaints.extend(["GuardedPage", "NothingDone"].iter().flat_map(|list| words.list(list).among(CALLS, &said)));
    complaints
}

/// The words in the first column of the table with this head.
fn column(path: &str, text: &str, head: &str) -> Words {
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |pair: &[&str]| matches!(pair, [line, below] if line.starts_with(&format!("| {head} |")) && below.starts_with("|--"));
    let start = lines.windows(2).position(is_head).unwrap_or_else(|| panic!("{path}: there is no table {head}"));
    let rows = lines.iter().skip(start + 2).take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| marked(row.split(" | ").next().unwrap_or_default())).collect()
}

/// The words that are marked as code, without their quotes and without what follows them.
fn marked(text: &str) -> Words {
    let pieces = text.split('`').skip(1).step_by(2);
    let words = pieces.map(|piece| first_word(piece.trim_start_matches(['"', '.', '{', ' '])));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn tables_are_read() {
    let text =
        "a\n\n| x | y |\n|---|---|\n| `a(b)`, `\"c-d\"` | `e` |\n| `f` | |\n\n| `x` |\n\n| z |\n|---|\n| `g` |\n";
    assert_eq!(column("x.md", text, "x"), set(&["a", "c-d", "f"]));
    assert_eq!(marked("`on(event, fn)` | `{ a }`, `.b`, ` `"), set(&["on", "a", "b"]));
}
