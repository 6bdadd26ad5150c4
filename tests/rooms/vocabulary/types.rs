//! The types of the package: what TypeScript lets users write is what core takes.

use super::super::scripts::without_comments;
use super::{Expected, Vocabulary, Words, enclosed, first_word, pieces, quoted, read, set};

const PATH: &str = "pkg-template/package/types/doorkey.d.ts";

/// Compares unions of texts, and members of interfaces.
pub(super) fn check(words: &Vocabulary) -> Vec<String> {
    let text = without_comments(&read(PATH));
    let unions = [
        ("AuthErrorCode", words.list("Code")),
        ("AuthEventType", words.list("EventKind")),
        ("AuthEventReason", words.list("Reason")),
        ("FlowName", words.list("FlowName")),
        ("TestStep.kind", words.list("StepKind")),
        ("Options.storage", words.list("Storage")),
        ("Options.crossTab", words.list("CrossTab")),
        ("Endpoint.credentials", words.list("Credentials")),
        ("Field.type", words.list("FieldType")),
        ("Authorize.bind", words.list("Bind")),
        ("Authorize.mode", words.list("Mode")),
    ];
    let interfaces = [
        ("Options", words.list("OPTIONS")),
        ("Options.pages", words.list("PAGES")),
        ("Options.expose", words.list("EXPOSE")),
        ("Options.refresh", words.list("REFRESH")),
        ("TokenPaths", words.list("TokenField")),
        ("Attach", words.list("ATTACH")),
        ("Attach.csrf", words.list("CSRF")),
        ("Endpoint", words.list("ENDPOINT")),
        ("Authorize", words.list("AUTHORIZE")),
        ("Options.endSession", words.list("END_SESSION")),
        ("Step.form", words.list("FORM")),
        ("Field", words.list("FIELD")),
        ("Field.options", words.list("CHOICE")),
        ("Scope", words.list("SCOPE")),
        ("Host", words.list("HOST").and(&["store"])),
        ("Host.store", words.list("HOST_STORE")),
    ];
    let compare = |(name, expected): &(&str, Expected), there: &dyn Fn(&str) -> Words| {
        expected.same(&format!("{PATH} {name}"), &there(type_at(&text, name)))
    };
    let mut complaints: Vec<String> = unions.iter().flat_map(|union| compare(union, &quoted)).collect();
    complaints.extend(interfaces.iter().flat_map(|interface| compare(interface, &|text| members(text))));
    let base = members(type_at(&text, "StepBase"));
    let step = |text: &str| base.union(&members(text)).cloned().collect();
    complaints.extend(compare(&("Step", words.list("STEP")), &step));
    complaints
}

/// The type that a path leads to: `Options.storage` is that of a member.
fn type_at<'a>(text: &'a str, path: &str) -> &'a str {
    let mut names = path.split('.');
    let name = names.next().unwrap_or_default();
    let heading = [format!("interface {name} {{"), format!("type {name} =")]
        .into_iter()
        .find_map(|heading| text.find(&heading).map(|at| at + heading.trim_end_matches([' ', '{']).len()))
        .unwrap_or_else(|| panic!("{PATH}: there is no type {name}"));
    let behind = text.get(heading..).unwrap_or_default();
    // An interface ends with its brace, another type with its semicolon.
    let first = if behind.starts_with(" {") { enclosed(behind) } else { pieces(behind, ';').first().copied() };
    names.fold(first.unwrap_or_default(), |part, name| {
        let named = all_members(part).into_iter().find(|(own, _)| *own == name);
        named.unwrap_or_else(|| panic!("{PATH}: there is no {path}")).1
    })
}

/// The names of the members of a type, of every object in a union of objects.
fn members(text: &str) -> Words {
    all_members(text).into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// The members of an interface's body or, where a type is none, of the objects in it: their names, and their types.
fn all_members(text: &str) -> Vec<(&str, &str)> {
    let is_body = pieces(text, ';').first().and_then(|piece| named(piece)).is_some();
    let bodies = if is_body { vec![text] } else { objects(text) };
    bodies.into_iter().flat_map(|body| pieces(body, ';')).filter_map(named).collect()
}

/// A member's name, and its type. What begins with a bracket is an index signature, or a type that can be called.
fn named(member: &str) -> Option<(&str, &str)> {
    let (name, behind) = member.split_at(first_word(member).len());
    (!name.is_empty() && behind.starts_with([':', '?', '('])).then_some((name, behind))
}

/// The bodies of the objects in a type, but for those within them.
fn objects(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(body) = rest.get(start..).and_then(enclosed) else { break };
        found.push(body);
        rest = rest.get(start + body.len() + 2..).unwrap_or_default();
    }
    found
}

#[test]
fn types_are_read() {
    let text = r#"
export interface A { a: string; b?(x: { y: 1 }): void; c?: { d: string; e?: readonly number[] }; [other: string]: any; }
export type B = (A & { f: "x" | "y"; g?: 1 }) | (A & { h: readonly (string | { i: 1 })[] });
export type C = { j: 1 }["j"];
"#;
    assert_eq!(members(type_at(text, "A")), set(&["a", "b", "c"]));
    assert_eq!(members(type_at(text, "A.c")), set(&["d", "e"]));
    assert_eq!(members(type_at(text, "B")), set(&["f", "g", "h"]));
    assert_eq!(quoted(type_at(text, "B.f")), set(&["x", "y"]));
    assert_eq!(members(type_at(text, "B.h")), set(&["i"]));
}
