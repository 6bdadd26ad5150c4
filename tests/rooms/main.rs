//! The rules of the house, as tests over the source tree. What each is for stands in ARCHITECTURE.md.
//!
//! The source is read as tokens, so that comments and texts never count; what only tests compile is left out.
#![cfg(not(target_arch = "wasm32"))]

mod borrows;
mod circles;
mod flags;
mod samples;

mod scripts;
mod seam;
mod shape;
mod source;
mod vocabulary;
mod words;

use std::collections::BTreeSet;

use source::{Source, sources};

/// Where a secret may be read, and for what.
const EXPOSING: [(&str, &str); 18] = [
    ("src/core/calls/arrival.rs", "the address that is looked at, to be cleaned"),
    ("src/core/calls/token.rs", "what accessToken() and headers() resolve"),
    ("src/core/flow/leaving.rs", "what is masked elsewhere"),
    (
        "src/core/flow/returning.rs",
        "the address that was come back to, which is read; the one that a test shows, masked there",
    ),
    ("src/core/flow/sending.rs", "a header that was given as an empty text"),
    ("src/core/ground.rs", "the ID token, whose claims are checked"),
    ("src/core/http/attach.rs", "the URL and the body that get more members"),
    ("src/core/http/mod.rs", "the scope of templates, which see where an answer came from"),
    ("src/core/oauth/authorize.rs", "what the user is sent with"),
    ("src/core/oauth/dpop.rs", "the address and the token that a proof names"),
    ("src/core/oauth/end_session.rs", "what the user is sent with"),
    ("src/core/oauth/pending.rs", "what is kept while the page is away"),
    ("src/core/record/envelope.rs", "the stored record"),
    ("src/core/record/mod.rs", "the stored text, which is read"),
    ("src/core/redact.rs", "what is masked elsewhere"),
    ("src/core/token.rs", "the scope of templates and the inputs of refresh flows"),
    ("src/core/values/mod.rs", "the values, and the store keys of the option expose"),
    ("src/shell/message.rs", "what the page is to send, to store, to run and to give"),
];

#[test]
fn core_is_deaf_and_blind() {
    hold(deaf_and_blind, "core gets time, chance and the world's answers by argument: make it an input or an effect");
}

#[test]
fn core_keeps_order() {
    hold(
        ordered,
        "the order of a hash map differs from run to run, and order is behaviour: use core's Map, or a BTreeMap",
    );
}

#[test]
fn only_ports_name_the_browser() {
    hold(browser_free, "put the call into src/shell/ports, behind a function of its own");
}

#[test]
fn only_bindings_export() {
    hold(export_free, "exports are shapes for JavaScript: they stand in src/bindings");
}

#[test]
fn dependencies_point_from_bindings_to_shell_to_core() {
    hold(one_way, "an inner room must not know an outer one: pass what it needs as an argument, an effect or a trait");
}

#[test]
fn secrets_are_exposed_in_few_places() {
    hold(discreet, "hand the Secret on as it is; if it must be read here, add the file to EXPOSING with the reason");
    let exposing: BTreeSet<_> =
        sources().iter().filter(|file| !exposed(file).is_empty()).map(|file| file.path.clone()).collect();
    for (path, _) in EXPOSING {
        assert!(exposing.contains(path), "{path} exposes no secret any more: take it off the list EXPOSING");
    }
}

#[test]
fn nothing_panics_without_a_proof() {
    hold(
        proven,
        "nothing a page does may panic: handle the case, or prove in a comment on that line, or right above it, that it can't happen",
    );
}

/// A place that breaks a rule: the line, and what is there.
type Finding = (usize, String);

/// A rule: what breaks it in a file.
type Rule = fn(&Source) -> Vec<Finding>;

fn deaf_and_blind(file: &Source) -> Vec<Finding> {
    const WORDS: [&str; 18] = [
        "wasm_bindgen",
        "wasm_bindgen_futures",
        "js_sys",
        "web_sys",
        "gloo_net",
        "gloo_storage",
        "JsValue",
        "Instant",
        "SystemTime",
        "rand",
        "getrandom",
        "print",
        "println",
        "eprint",
        "eprintln",
        "dbg",
        "async",
        "await",
    ];
    const MODULES: [&str; 7] = ["time", "env", "fs", "net", "thread", "process", "io"];
    if !file.is_in("src/core/") {
        return Vec::new();
    }
    let mut findings = file.words(|word| WORDS.contains(&word));
    for at in file.find(&["std", ":", ":"]) {
        // Both `std::time::…` and `std::{fmt, time::…}`.
        let behind = file.tokens.iter().skip(at + 3);
        let names = behind
            .take_while(|token| !matches!(&*token.text, ";" | "(" | ")" | "=" | "<"))
            .filter(|token| token.is_word);
        let group = file.text(at + 3) == "{";
        for token in names.take(if group { usize::MAX } else { 1 }).filter(|token| MODULES.contains(&&*token.text)) {
            findings.push((token.line, format!("std::{}", token.text)));
        }
    }
    findings
}

fn ordered(file: &Source) -> Vec<Finding> {
    if file.is_in("src/core/") { file.words(|word| matches!(word, "HashMap" | "HashSet")) } else { Vec::new() }
}

fn browser_free(file: &Source) -> Vec<Finding> {
    if file.is_in("src/shell/ports/") {
        return Vec::new();
    }
    file.words(|word| word == "web_sys" || word.starts_with("gloo"))
}

fn export_free(file: &Source) -> Vec<Finding> {
    if file.is_in("src/bindings/") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for at in file.find(&["#", "[", "wasm_bindgen"]) {
        // Attributes and visibility may stand between; what is imported is an `extern` block, or stands in one.
        let item = file.tokens.iter().skip(at).find(|token| {
            matches!(&*token.text, "extern" | "fn" | "struct" | "enum" | "impl" | "const" | "static" | "type")
        });
        let imports =
            item.is_some_and(|item| item.text == "extern") || file.tokens.get(at).is_some_and(|token| token.in_extern);
        if !imports {
            findings.push((file.line(at), "an export".to_owned()));
        }
    }
    findings
}

fn one_way(file: &Source) -> Vec<Finding> {
    if file.is_in("src/core/") {
        file.words(|word| matches!(word, "shell" | "bindings"))
    } else if file.is_in("src/shell/") {
        file.words(|word| word == "bindings")
    } else {
        Vec::new()
    }
}

fn exposed(file: &Source) -> Vec<Finding> {
    file.find(&[".", "expose", "("]).into_iter().map(|at| (file.line(at), "expose()".to_owned())).collect()
}

fn discreet(file: &Source) -> Vec<Finding> {
    if EXPOSING.iter().any(|(path, _)| file.path == *path) { Vec::new() } else { exposed(file) }
}

fn proven(file: &Source) -> Vec<Finding> {
    const KEYWORDS: [&str; 15] = [
        "mut", "in", "return", "as", "else", "match", "if", "for", "dyn", "impl", "ref", "where", "move", "let",
        "break",
    ];
    let mut findings = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        let (before, after) = (file.text(at.wrapping_sub(1)), file.text(at + 1));
        let panics = match &*token.text {
            "unwrap" | "expect" | "unwrap_throw" | "expect_throw" | "unwrap_unchecked" => before == "." && after == "(",
            "panic" | "unreachable" | "todo" | "unimplemented" | "assert" | "assert_eq" | "assert_ne" => after == "!",
            // An index stands behind a value: a name that is no keyword or lifetime, a call, or another index.
            "[" => {
                let previous = file.tokens.get(at.wrapping_sub(1));
                let name = previous.is_some_and(|word| word.is_word && !KEYWORDS.contains(&&*word.text));
                let lifetime = file.text(at.wrapping_sub(2)) == "'";
                let everything = after == "." && file.text(at + 3) == "]";
                ((name && !lifetime) || before == ")" || before == "]") && !everything && !file.is_attribute(at)
            }
            _ => false,
        };
        if panics && !file.has_proof(token.line) {
            let what = if token.text == "[" { format!("{before}[…]") } else { token.text.clone() };
            findings.push((token.line, what));
        }
    }
    findings
}

/// Fails with every place that breaks the rule, and what to do about it.
fn hold(rule: Rule, remedy: &str) {
    let found = sources()
        .iter()
        .flat_map(|file| rule(file).into_iter().map(|(line, what)| format!("{}:{line}: {what}", file.path)));
    report(found, remedy);
}

/// Fails with what is found, if there is anything.
fn report(found: impl IntoIterator<Item = String>, remedy: &str) {
    let broken: String = found.into_iter().fold(String::new(), |list, text| list + "\n  " + &text);
    assert!(broken.is_empty(), "{remedy}{broken}");
}
