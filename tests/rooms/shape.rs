//! The shape of core: machines that own their fields, small types, short functions, plain data.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, files, lines, sources};
use super::{Finding, hold, report};

/// The longest that a file of `src` may be, and any other. Past it, split by noun.
const MOST_LINES: usize = 300;
const MOST_LINES_ELSEWHERE: usize = 450;

/// The longest that a function may be.
const MOST_LINES_OF_FUNCTION: usize = 60;

/// The most functions that the impls of one type may have together.
const MOST_METHODS: usize = 25;

/// The one file that routes inputs to machines.
const ROUTER: &str = "src/core/session.rs";

/// The rooms of the machines, each of which is made and tested alone.
const MACHINES: [&str; 4] = ["src/core/calls", "src/core/refresh", "src/core/record", "src/core/flow"];

#[test]
fn a_machine_knows_no_session() {
    hold(alone, "give the machine what it needs, or let it give back what shall be done");
}

#[test]
fn core_is_plain_data() {
    hold(
        plain,
        "what core holds can be cloned, compared, sent and stored: keep handles in a table of the shell, and their number here",
    );
}

#[test]
fn functions_are_short() {
    hold(long_functions, "take a step of it out into a function of its own, by a noun or a verb");
}

#[test]
fn types_have_few_methods() {
    let sources = sources();
    let found = large_types(sources.iter().filter(|file| file.is_in("src/core/")));
    let found = found.into_iter().map(|(name, count)| format!("{name}: {count} methods"));
    let remedy = format!("types of more than {MOST_METHODS} methods: find the parts that live by themselves");
    report(found, &remedy);
}

#[test]
fn files_are_short() {
    let shipped: BTreeSet<String> = sources().iter().map(|file| file.path.clone()).collect();
    let mut long = Vec::new();
    for folder in ["src", "tests", "xtask", "pkg-template", "www", "benches", "fuzz"] {
        for path in files(folder, &["rs", "mjs", "js", "cjs"]) {
            // What only tests compile is a test.
            let is_ours = folder == "src" && (shipped.contains(&path) || !path.ends_with(".rs"));
            let most = if is_ours { MOST_LINES } else { MOST_LINES_ELSEWHERE };
            let count = lines(&path);
            if count > most {
                long.push(format!("{path}: {count} lines, {most} at most"));
            }
        }
    }
    report(long, "split them by noun");
}

pub fn alone(file: &Source) -> Vec<Finding> {
    if !file.is_in("src/core/") || file.path == ROUTER {
        return Vec::new();
    }
    let is_machine = MACHINES.iter().any(|room| file.is_in(&format!("{room}/")) || file.path == format!("{room}.rs"));
    if is_machine {
        return file.words(|word| word == "Session");
    }
    let impls = impls(file).into_iter().filter(|own| own.name == "Session");
    impls.map(|own| (own.line, "impl Session".to_owned())).collect()
}

pub fn plain(file: &Source) -> Vec<Finding> {
    if !file.is_in("src/core/") {
        return Vec::new();
    }
    let mut findings = file.words(|word| matches!(word, "Rc" | "RefCell"));
    findings.extend(file.find(&["dyn", "Any"]).into_iter().map(|at| (file.line(at), "dyn Any".to_owned())));
    findings
}

pub fn long_functions(file: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        // `fn` in a type has no name behind it.
        if token.text != "fn" || !file.tokens.get(at + 1).is_some_and(|name| name.is_word) {
            continue;
        }
        let Some(end) = (at..).take_while(|end| *end < file.tokens.len()).find_map(|end| match file.text(end) {
            ";" => Some(None), // a declaration
            "{" => Some(Some(file.closing(end))),
            "(" | "[" => None,
            _ => None,
        }) else {
            continue;
        };
        let count = end.map_or(0, |end| file.line(end) + 1 - token.line);
        if count > MOST_LINES_OF_FUNCTION {
            findings.push((token.line, format!("{}: {count} lines", file.text(at + 1))));
        }
    }
    findings
}

/// The types whose impls have too many functions, over all files: a type is known by the file that defines it.
pub fn large_types<'a>(sources: impl Iterator<Item = &'a Source> + Clone) -> BTreeMap<String, usize> {
    let mut definers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources.clone() {
        for (at, token) in file.tokens.iter().enumerate() {
            if matches!(&*token.text, "struct" | "enum" | "union") {
                definers.entry(file.text(at + 1).to_owned()).or_default().insert(file.path.clone());
            }
        }
    }
    let mut counts = BTreeMap::new();
    for file in sources {
        for own in impls(file) {
            let known = definers.get(&own.name);
            let definer = match known {
                Some(paths) if paths.contains(&file.path) => &file.path,
                Some(paths) if paths.len() == 1 => paths.first().unwrap_or(&file.path),
                _ => "",
            };
            *counts.entry(format!("{} of {definer}", own.name)).or_insert(0) += own.methods;
        }
    }
    counts.retain(|_, count| *count > MOST_METHODS);
    counts
}

/// One `impl` block.
struct Impl {
    name: String,
    line: usize,
    methods: usize,
}

fn impls(file: &Source) -> Vec<Impl> {
    let mut found = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        // `impl Trait` in a signature stands behind something that an item does not.
        let before = file.text(at.wrapping_sub(1));
        if token.text != "impl" || !(at == 0 || matches!(before, "}" | ";" | "]" | "{" | "unsafe")) {
            continue;
        }
        let Some(open) = (at..file.tokens.len()).find(|at| file.text(*at) == "{") else { continue };
        let head: Vec<&str> = (at + 1..open).map(|at| file.text(at)).collect();
        let head = head.split(|word| *word == "where").next().unwrap_or_default();
        // Behind `for`, where it is a trait's; but `for<'a>` is none of it.
        let of_trait = (0..head.len()).rev().find(|at| head.get(*at) == Some(&"for") && head.get(at + 1) != Some(&"<"));
        let mut target = head.get(of_trait.map_or(0, |at| at + 1)..).unwrap_or_default();
        if of_trait.is_none() && target.first() == Some(&"<") {
            target = behind_angles(target);
        }
        // The last word of the path, before its own arguments.
        let path = target.iter().take_while(|word| **word != "<");
        let Some(name) = path.filter(|word| word.chars().all(|c| c.is_alphanumeric() || c == '_')).last() else {
            continue;
        };
        let end = file.closing(open);
        let mut depth = 0;
        let mut methods = 0;
        for at in open..end {
            match file.text(at) {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                "fn" if depth == 1 && file.tokens.get(at + 1).is_some_and(|name| name.is_word) => methods += 1,
                _ => {}
            }
        }
        found.push(Impl { name: (*name).to_owned(), line: token.line, methods });
    }
    found
}

/// What stands behind the arguments that these words begin with.
fn behind_angles<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate() {
        match *word {
            "<" => depth += 1,
            // Not the end of `->`.
            ">" if words.get(at.wrapping_sub(1)) != Some(&"-") => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return words.get(at + 1..).unwrap_or_default();
        }
    }
    &[]
}
