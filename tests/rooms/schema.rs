//! The names that core knows and those of the package's JSON Schema are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::source::{Source, sources};

type Names = BTreeSet<String>;

#[test]
#[allow(clippy::expect_used)] // A test that panics has failed, and says where.
fn the_schema_knows_the_options_that_core_knows() {
    let sources = sources();
    let lists: BTreeMap<String, Names> = sources.iter().flat_map(named_lists).collect();
    let readers = sources.iter().filter(|file| file.is_in("src/core/options") || file.is_in("src/core/flow/"));
    let core: BTreeSet<Names> = readers.flat_map(|file| opened(file, &lists)).collect();
    assert!(core.len() > 8, "the calls that open a section have been looked for in the wrong place: {core:?}");

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/pkg-template/package/flow.schema.json");
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(path).expect("the schema can be read")).expect("it is JSON");
    let mut closed = BTreeSet::new();
    closed_objects(&schema, &mut closed);

    let missing: Vec<_> = core.difference(&closed).collect();
    assert!(missing.is_empty(), "core takes objects of these members, and flow.schema.json has none such: {missing:?}");
    let foreign: Vec<_> = closed.difference(&core).collect();
    assert!(foreign.is_empty(), "flow.schema.json has objects of these members, and core takes none such: {foreign:?}");
}

/// The constants that are lists of texts, by name.
fn named_lists(file: &Source) -> Vec<(String, Names)> {
    let mut lists = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        if !matches!(&*token.text, "const" | "static") || file.text(at + 2) != ":" {
            continue;
        }
        let length = file.tokens.iter().skip(at).position(|token| token.text == "=").unwrap_or_default();
        let list = (at + length + 1..at + length + 3).find_map(|start| list_at(file, start));
        lists.extend(list.map(|names| (file.text(at + 1).to_owned(), names)));
    }
    lists
}

/// The names that each call allows which opens an object of options: the list in it, or that of a constant's name.
fn opened(file: &Source, lists: &BTreeMap<String, Names>) -> Vec<Names> {
    let calls = [file.find(&[".", "section", "("]), file.find(&["Section", ":", ":", "open", "("])].concat();
    let names = calls.into_iter().map(|at| {
        let start = (at..).find(|at| file.text(*at) == "(").unwrap_or(at) + 1;
        let mut depth = 1;
        let mut allowed = None;
        for at in start..file.tokens.len() {
            match file.text(at) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            allowed = list_at(file, at).or_else(|| lists.get(file.text(at)).cloned()).or(allowed);
        }
        allowed.unwrap_or_else(|| panic!("{}:{}: which members are allowed?", file.path, file.line(at)))
    });
    names.collect()
}

/// The list of texts that begins with the bracket at this place.
fn list_at(file: &Source, start: usize) -> Option<Names> {
    if file.text(start) != "[" {
        return None;
    }
    let items = file.tokens.iter().skip(start + 1).take_while(|token| token.text != "]");
    let texts = items.filter(|token| token.text != ",").map(|token| {
        let text = token.text.strip_prefix('"')?.strip_suffix('"')?;
        Some(text.to_owned())
    });
    texts.collect::<Option<Names>>().filter(|names| !names.is_empty())
}

/// The members of every object that may have no others.
fn closed_objects(schema: &Value, found: &mut BTreeSet<Names>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| closed_objects(item, found)),
        Value::Object(members) => {
            if members.get("additionalProperties") == Some(&Value::Bool(false))
                && let Some(Value::Object(properties)) = members.get("properties")
            {
                found.insert(properties.keys().cloned().collect());
            }
            members.values().for_each(|member| closed_objects(member, found));
        }
        _ => {}
    }
}
