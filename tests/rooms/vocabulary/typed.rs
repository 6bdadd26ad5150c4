//! The crate's own API: what its structs and enums are called when serde writes them.

use super::{Source, Vocabulary, Words, read, set};

const OPTIONS: &str = "src/typed/options.rs";
const FLOW: &str = "src/typed/flow.rs";

/// Compares the members of structs. The enums of words are those of the vocabulary.
pub(super) fn check(words: &Vocabulary) -> Vec<String> {
    let structs = [
        (OPTIONS, "Options", "OPTIONS"),
        (OPTIONS, "Flows", "FlowName"),
        (OPTIONS, "Pages", "PAGES"),
        (OPTIONS, "Expose", "EXPOSE"),
        (OPTIONS, "TokenPaths", "TokenField"),
        (OPTIONS, "Attach", "ATTACH"),
        (OPTIONS, "Csrf", "CSRF"),
        (OPTIONS, "Refresh", "REFRESH"),
        ("src/typed/endpoint.rs", "Endpoint", "ENDPOINT"),
        (FLOW, "Step", "STEP"),
        (FLOW, "Form", "FORM"),
        (FLOW, "Field", "FIELD"),
    ];
    let compare = |(path, name, list): (&str, &str, &str)| {
        let there = written(&Source::parse(path, &read(path)), name);
        words.list(list).same(&format!("{path} {name}"), &there)
    };
    let mut complaints: Vec<String> = structs.into_iter().flat_map(compare).collect();
    let kinds = written(&Source::parse(FLOW, &read(FLOW)), "Kind");
    complaints.extend(words.step_kinds().same(&format!("{FLOW} Kind"), &kinds));
    complaints
}

/// What serde calls the fields of a struct, or the variants of an enum.
fn written(file: &Source, name: &str) -> Words {
    let start = ["struct", "enum"].iter().find_map(|keyword| file.find(&[keyword, name, "{"]).first().copied());
    let start = start.unwrap_or_else(|| panic!("{}: there is no {name}", file.path));
    let is_enum = file.text(start) == "enum";
    let before = (0..start).rev().find(|at| matches!(file.text(*at), ";" | "}")).unwrap_or_default();
    let is_camel = (before..start).any(|at| file.text(at) == "\"camelCase\"");
    let end = file.closing(start + 2);
    let mut found = Words::new();
    let mut at = start + 3;
    while at < end {
        let (mut renamed, mut flat) = (None, false);
        while file.text(at) == "#" {
            let attribute = at + 1..file.closing(at + 1);
            let of = |row: &str| attribute.clone().find(|at| file.text(*at) == row);
            renamed = of("rename").map(|at| file.text(at + 2).trim_matches('"').to_owned()).or(renamed);
            flat |= of("flatten").is_some();
            at = attribute.end + 1;
        }
        while file.text(at) == "pub" || file.text(at) == "(" {
            at = file.closing(at) + 1;
        }
        let own = file.text(at).to_owned();
        let rest = at + 1..next(file, at, end);
        at = rest.end + 1;
        if flat {
            let inner = rest.clone().filter(|at| !file.find(&["enum", file.text(*at), "{"]).is_empty());
            found.extend(inner.flat_map(|at| written(file, file.text(at))));
        } else {
            found.insert(renamed.unwrap_or_else(|| if is_camel { camel(&own, is_enum) } else { own }));
        }
    }
    found
}

/// The comma behind a field or a variant, or the end.
fn next(file: &Source, start: usize, end: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    while at < end && (file.text(at) != "," || depth > 0) {
        match file.text(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            _ => {}
        }
        at = file.closing(at) + 1;
    }
    at
}

/// `timeout_seconds` as `timeoutSeconds`, and the variant `Form` as `form`.
fn camel(name: &str, is_variant: bool) -> String {
    let mut text = String::new();
    let mut before = if is_variant { ' ' } else { 'a' };
    for letter in name.chars() {
        match (before, letter) {
            (_, '_') => {}
            ('_', letter) => text.extend(letter.to_uppercase()),
            (' ', letter) => text.extend(letter.to_lowercase()),
            (_, letter) => text.push(letter),
        }
        before = letter;
    }
    text
}

#[test]
fn what_serde_writes_is_known() {
    let text = r#"
use serde::Serialize;
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct A {
    /// One.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_word: BTreeMap<String, u8>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    #[serde(flatten)]
    pub(super) body: Option<Body>,
}
struct B { two_words: u8 }
#[serde(rename_all = "camelCase")]
enum Body { Json(Data), #[serde(rename = "body")] Text(BTreeMap<String, u8>), OneMore { a: u8, b: u8 } }
"#;
    let file = Source::parse("x.rs", text);
    assert_eq!(written(&file, "A"), set(&["oneWord", "type", "json", "body", "oneMore"]));
    assert_eq!(written(&file, "B"), set(&["two_words"]));
}
