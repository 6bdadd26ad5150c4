//! Both sides of the seam say the same: the ops of messages, the members that are called, the letters of the wire.

use std::collections::BTreeSet;
use std::fs;

use super::source::{Source, files, sources};

type Names = BTreeSet<String>;

/// Messages that answer who asked, within the call: session.js reads them, and no port does.
const REPLIES: [&str; 2] = ["give", "refuse"];

/// What Rust asks for, by the names in message.rs, is what loop.js has a port for.
#[test]
fn what_rust_asks_for_is_done() {
    let asked: Names = source("src/shell/message.rs").texts_behind(&["begin", "ask"]);
    assert!(asked.len() > 20, "the calls that begin a message have been looked for in the wrong place: {asked:?}");
    let mut done = ports();
    done.extend(REPLIES.map(str::to_owned));
    assert_eq!(asked, done, "left: what message.rs begins; right: what the table of loop.js has a port for");
}

/// What JavaScript sends, in `{ op: "…" }` or as the op of an answer, is what Rust reads.
#[test]
fn what_javascript_sends_is_read() {
    let mut sent = Names::new();
    for path in files("src/shell", &["js"]) {
        let text = read(&path);
        sent.extend(quoted_behind(&text, "op: "));
        for call in ["answerLater(", "answer(", "answered(page, "] {
            sent.extend(quoted_behind(&text, call));
        }
    }
    let readers = ["src/shell/answer.rs", "src/bindings/turn.rs"];
    let known: Names = readers.into_iter().flat_map(|path| source(path).arms()).collect();
    assert_eq!(sent, known, "left: what JavaScript sends; right: what answer.rs and turn.rs read");
}

/// The crate takes the files of JavaScript along by one name of each: that must be one that the file still exports.
#[test]
fn the_names_by_which_the_crate_takes_files_along_are_exported() {
    let text = read("src/typed/files.rs");
    let mut count = 0;
    for part in text.split("module = \"/").skip(1) {
        let (path, rest) = part.split_once('"').unwrap_or_default();
        let (_, rest) = rest.split_once("js_name = ").unwrap_or_default();
        let (name, _) = rest.split_once(')').unwrap_or_default();
        let script = read(path);
        let exported = ["const", "function", "async function", "class"].map(|kind| format!("export {kind} {name}"));
        assert!(exported.iter().any(|words| script.contains(words)), "{path} exports no {name}");
        count += 1;
    }
    assert!(count > 20, "the files have been looked for in the wrong place: {count}");
}

/// The calls for which the shell tells where the page is are those that core has look there.
#[test]
fn calls_that_look_back_have_one_list() {
    let session = read("src/shell/session.js");
    let (_, list) = session.split_once("const LOOKS_BACK = ").unwrap_or_default();
    let shell: Names =
        list.split(';').next().unwrap_or_default().split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let input = read("src/core/input.rs");
    let (_, body) = input.split_once("fn looks_back").unwrap_or_default();
    let variants = body.split('}').next().unwrap_or_default().split("Self::").skip(1);
    let core: Names =
        variants.map(|text| small_first(text.split([' ', '(', ')']).next().unwrap_or_default())).collect();
    assert!(shell.len() > 1, "the list has been looked for in the wrong place");
    assert_eq!(shell, core, "left: LOOKS_BACK of session.js; right: Call::looks_back");
}

/// The calls that the facade offers are those that arguments.js and call.rs know.
#[test]
fn calls_have_one_name() {
    let facade = read("pkg-template/package/enter.mjs");
    let mut promised = Names::new();
    for list in ["export const PROMISED = [", "export const PROMISED_OF_AUTH = ["] {
        promised.extend(quoted(between(&facade, list, "]")));
    }
    assert!(promised.len() > 10, "the lists of enter.mjs have been looked for in the wrong place: {promised:?}");
    let mut known = source("src/bindings/call.rs").arms();
    // The last one, for which no arm is named.
    known.insert("test".to_owned());
    assert_eq!(promised, known, "left: what the facade offers; right: what call.rs knows");
    let arguments = read("src/shell/arguments.js");
    let readers = keys(between(&arguments, "Object.entries({", "\n  }),"));
    let unknown: Vec<_> = readers.difference(&promised).collect();
    assert!(unknown.is_empty(), "arguments.js reads what nobody calls: {unknown:?}");
}

/// The functions that core is lent are those that lend.js has.
#[test]
fn what_core_is_lent_is_there() {
    let asked = source("src/shell/platform.rs").texts_behind(&["lent"]);
    let text = read("src/shell/lend.js");
    let lent: Names = quoted_behind(between(&text, "new Map([", "]);"), "[");
    // Which of two is decided in the call.
    let mut asked = asked;
    asked.extend(["upper", "lower", "nfc", "nfd"].map(str::to_owned));
    assert_eq!(asked, lent);
}

/// Each value stands behind the same letter on both sides.
#[test]
fn letters_are_the_same() {
    let (rust, text) = (read("src/shell/wire.rs"), read("src/shell/wire.js"));
    let table = between(&text, "export const LETTERS = {", "};");
    let mut count = 0;
    for line in rust.lines().filter_map(|line| line.strip_prefix("pub const ")) {
        let Some((name, letter)) = line.split_once(": u8 = b'") else { continue };
        let letter = letter.trim_end_matches("';");
        assert!(table.contains(&format!("\n  {name}: \"{letter}\",")), "wire.js has no {name}: \"{letter}\"");
        count += 1;
    }
    assert_eq!(count, table.matches(": ").count(), "wire.rs and wire.js have as many letters");
}

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn source(path: &str) -> &'static Source {
    sources().iter().find(|file| file.path == path).unwrap_or_else(|| panic!("there is no {path}"))
}

/// The names in the table of loop.js.
fn ports() -> Names {
    let text = read("src/shell/loop.js");
    between(&text, "Object.entries({", "})")
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, behind) = text.split_once(start).unwrap_or_else(|| panic!("there is no {start}"));
    behind.split_once(end).map_or(behind, |(within, _)| within)
}

fn quoted(text: &str) -> Names {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The first text in quotation marks behind each place that reads so.
fn quoted_behind(text: &str, start: &str) -> Names {
    let places = text.split(start).skip(1).filter_map(|behind| behind.strip_prefix('"'));
    places.filter_map(|behind| Some(behind.split_once('"')?.0.to_owned())).collect()
}

/// The keys of an object that is written out, one a line.
fn keys(text: &str) -> Names {
    let names = text.lines().filter_map(|line| line.trim().split([':', ',']).next());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

impl Source {
    /// The texts with which these functions are called.
    fn texts_behind(&self, functions: &[&str]) -> Names {
        let calls = (0..self.tokens.len()).filter(|at| functions.contains(&self.text(*at)) && self.text(at + 1) == "(");
        calls.filter_map(|at| text_of(self.text(at + 2))).collect()
    }

    /// The texts that arms of a `match` begin with, or that `op` is compared with.
    fn arms(&self) -> Names {
        let mut found = Names::new();
        for at in 0..self.tokens.len() {
            let Some(text) = text_of(self.text(at)) else { continue };
            let behind = (self.text(at + 1), self.text(at + 2));
            let is_arm = matches!(behind, ("=", ">") | ("|", _) | ("if", _))
                && matches!(self.text(at.wrapping_sub(1)), "{" | "}" | "," | "|" | ")");
            if is_arm {
                found.insert(text);
            }
        }
        found
    }
}

fn text_of(token: &str) -> Option<String> {
    token.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
}

/// `SigninCallback` as JavaScript has it.
fn small_first(name: &str) -> String {
    name.chars().take(1).flat_map(char::to_lowercase).chain(name.chars().skip(1)).collect()
}
