//! What our JavaScript lists: the elements of `doorkey/ui`, and the playground with its workbench.

use super::super::source::files;
use super::{Vocabulary, Words, between, enclosed, first_word, own, pieces, quoted, read};

const BUTTON: &str = "pkg-template/package/ui/button.mjs";
const FIELD: &str = "pkg-template/package/ui/field.mjs";
const PANEL: &str = "www/panel/events.js";
const FLOW: &str = "www/workbench/flow.js";
const INPUTS: &str = "www/workbench/inputs.js";
const SECRETS: &str = "www/workbench/secrets.js";

/// Where a code may be named.
const NAMING_CODES: [&str; 4] = ["pkg-template", "src", "www", "docs"];

/// Compares their lists.
pub(super) fn check(words: &Vocabulary) -> Vec<String> {
    let listed = |path: &str, name: &str| quoted(between(path, &read(path), &format!("const {name} = ["), "];"));
    let fields: Words = keys(FIELD, "INPUTS").into_iter().chain(compared(&read(FIELD))).collect();
    let typed: Vec<String> = keys(INPUTS, "TYPES").difference(&words.list("FieldType").words).cloned().collect();
    [
        // What fails leaves the session as it is.
        words.list("EventKind").without("failed").same(&format!("{BUTTON} EVENTS"), &listed(BUTTON, "EVENTS")),
        words.list("FieldType").same(FIELD, &fields),
        words.list("EventKind").same(&format!("{PANEL} MEANING"), &keys(PANEL, "MEANING")),
        words.step_kinds().same(&format!("{FLOW} PREFIXES"), &keys(FLOW, "PREFIXES")),
        prefixes(),
        typed.iter().map(|word| format!("{INPUTS} TYPES: `{word}` is no word of FieldType")).collect(),
        words.list("SECRET_PARTS").same(&format!("{SECRETS} PARTS"), &listed(SECRETS, "PARTS")),
        words.list("SECRET_NAMES").same(&format!("{SECRETS} WHOLE"), &listed(SECRETS, "WHOLE")),
        codes(words),
    ]
    .concat()
}

/// The keys of an object that a constant is.
fn keys(path: &str, name: &str) -> Words {
    entries(path, name).into_iter().map(|(key, _)| key).collect()
}

/// The members of an object that a constant is, which may stand in parentheses behind a comment with its type.
fn entries(path: &str, name: &str) -> Vec<(String, String)> {
    let text = read(path);
    let object = text.split_once(&format!("const {name} = ")).unwrap_or_else(|| panic!("{path}: there is no {name}")).1;
    let object = if object.starts_with("/*") { object.split_once("*/").unwrap_or_default().1 } else { object };
    let object = object.trim_start().trim_start_matches('(');
    let members =
        pieces(enclosed(object).unwrap_or_default(), ',').into_iter().filter_map(|member| member.split_once(':'));
    let plain = |text: &str| text.trim().trim_matches('"').to_owned();
    members.map(|(key, value)| (plain(key), plain(value))).collect()
}

/// The texts that `type` is compared with.
fn compared(text: &str) -> Words {
    let behind = text.split("type === \"").skip(1);
    behind.map(|text| first_word(text).to_owned()).collect()
}

/// The workbench names the results of steps as core does.
fn prefixes() -> Vec<String> {
    let wrong = entries(FLOW, "PREFIXES")
        .into_iter()
        .filter(|(kind, prefix)| own::StepKind::of(kind).is_some_and(|kind| kind.prefix() != prefix));
    wrong.map(|(kind, prefix)| format!("{FLOW} PREFIXES: results of `{kind}` do not begin with {prefix:?}")).collect()
}

/// No code is named that does not exist.
fn codes(words: &Vocabulary) -> Vec<String> {
    let known = words.list("Code").words;
    let endings = ["mjs", "js", "ts", "mts", "rs", "md", "json", "html"];
    let paths = NAMING_CODES.iter().flat_map(|folder| files(folder, &endings));
    let paths = paths.chain(["README.md", "SECURITY.md", "ARCHITECTURE.md"].map(str::to_owned));
    let foreign = paths.flat_map(|path| {
        let text = read(&path);
        let named = text.match_indices("ERR_").map(|(at, _)| first_word(text.get(at..).unwrap_or_default()).to_owned());
        let foreign: Words = named.filter(|word| word != "ERR_" && !known.contains(word)).collect();
        foreign.into_iter().map(|word| format!("{path}: `{word}` is no word of Code")).collect::<Vec<_>>()
    });
    foreign.collect()
}
