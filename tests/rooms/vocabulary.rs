//! Every word that users see stands in `src/core/vocabulary.rs`, and each place that says such words says those, and no others.

mod docs;
mod schema;
mod scripts;
mod typed;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use doorkey::core::vocabulary as own;

use super::source::{Source, read};

type Words = BTreeSet<String>;

/// What compares one sort of place with the vocabulary: it gives a complaint for each word that is missing, or is too much.
type Check = fn(&Vocabulary) -> Vec<String>;

const CHECKS: [Check; 5] = [schema::check, types::check, typed::check, scripts::check, docs::check];

/// The lists of the vocabulary by their names.
struct Vocabulary(BTreeMap<&'static str, Words>);

impl Vocabulary {
    fn own() -> Self {
        let lists: [(&str, &[&str]); 33] = [
            ("Code", own::Code::WORDS),
            ("EventKind", own::EventKind::WORDS),
            ("Reason", own::Reason::WORDS),
            ("GuardedPage", own::GuardedPage::WORDS),
            ("NothingDone", own::NothingDone::WORDS),
            ("FlowName", own::FlowName::WORDS),
            ("StepKind", own::StepKind::WORDS),
            ("FieldType", own::FieldType::WORDS),
            ("Storage", own::Storage::WORDS),
            ("CrossTab", own::CrossTab::WORDS),
            ("Credentials", own::Credentials::WORDS),
            ("TemplateFunction", own::TemplateFunction::WORDS),
            ("Bind", own::Bind::WORDS),
            ("Mode", own::Mode::WORDS),
            ("AUTHORIZE", &own::AUTHORIZE),
            ("END_SESSION", &own::END_SESSION),
            ("TokenField", own::TokenField::WORDS),
            ("OPTIONS", &own::OPTIONS),
            ("PAGES", &own::PAGES),
            ("EXPOSE", &own::EXPOSE),
            ("ATTACH", &own::ATTACH),
            ("CSRF", &own::CSRF),
            ("REFRESH", &own::REFRESH),
            ("STEP", &own::STEP),
            ("ENDPOINT", &own::ENDPOINT),
            ("FORM", &own::FORM),
            ("FIELD", &own::FIELD),
            ("CHOICE", &own::CHOICE),
            ("SCOPE", &own::SCOPE),
            ("HOST", &own::HOST),
            ("HOST_STORE", &own::HOST_STORE),
            ("SECRET_PARTS", &own::SECRET_PARTS),
            ("SECRET_NAMES", &own::SECRET_NAMES),
        ];
        Self(lists.into_iter().map(|(name, words)| (name, set(words))).collect())
    }

    /// The vocabulary as it would be with one more word.
    fn with(mut self, list: &str, word: &str) -> Self {
        self.0.get_mut(list).unwrap_or_else(|| panic!("there is no list {list}")).insert(word.to_owned());
        self
    }

    fn list(&self, name: &str) -> Expected {
        let words = self.0.get(name).unwrap_or_else(|| panic!("there is no list {name}"));
        Expected { list: name.to_owned(), words: words.clone() }
    }

    /// What a person can write as the kind of a step.
    fn step_kinds(&self) -> Expected {
        self.list("StepKind").without(own::StepKind::Call.as_str())
    }

    fn complaints(&self) -> Vec<String> {
        CHECKS.iter().flat_map(|check| check(self)).collect()
    }
}

/// The words that a place should say.
struct Expected {
    list: String,
    words: Words,
}

impl Expected {
    fn and(mut self, more: &[&str]) -> Self {
        self.words.extend(set(more));
        self
    }

    fn without(mut self, word: &str) -> Self {
        assert!(self.words.remove(word), "{} has no {word}", self.list);
        self
    }

    /// Complains of each word that the place does not say.
    fn among(&self, place: &str, there: &Words) -> Vec<String> {
        let missing = self.words.difference(there);
        missing.map(|word| format!("{place}: `{word}` is missing, a word of {}", self.list)).collect()
    }

    /// Complains of these, and of each word that the place says on its own.
    fn same(&self, place: &str, there: &Words) -> Vec<String> {
        let foreign = there.difference(&self.words);
        let foreign = foreign.map(|word| format!("{place}: `{word}` is no word of {}", self.list));
        [self.among(place, there), foreign.collect()].concat()
    }
}

fn set(words: &[&str]) -> Words {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What stands in a text between the first `start` and the `end` that follows.
fn between<'a>(path: &str, text: &'a str, start: &str, end: &str) -> &'a str {
    let behind = text.split_once(start).unwrap_or_else(|| panic!("{path}: there is no {start:?}")).1;
    behind.split_once(end).unwrap_or_else(|| panic!("{path}: there is no {end:?} behind {start:?}")).0
}

/// What the first bracket of a text encloses.
fn enclosed(text: &str) -> Option<&str> {
    let start = text.find(['{', '[', '('])?;
    let mut depth = 0;
    for (at, letter) in text.char_indices().skip_while(|(at, _)| *at < start) {
        match letter {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(start + 1..at);
        }
    }
    None
}

/// The pieces of a text between separators that no bracket encloses.
fn pieces(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            _ if letter == separator && depth == 0 => {
                pieces.extend(text.get(start..at));
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    pieces.extend(text.get(start..));
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// The texts in double quotes.
fn quoted(text: &str) -> Words {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The word that a text begins with.
fn first_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-'))
        .next()
        .unwrap_or_default()
}

#[test]
fn every_place_says_the_words_of_the_vocabulary() {
    let complaints = Vocabulary::own().complaints();
    assert!(
        complaints.is_empty(),
        "the list is in src/core/vocabulary.rs or in its keys.rs:\n  {}",
        complaints.join("\n  ")
    );
}

#[test]
fn a_word_that_stands_in_the_vocabulary_alone_is_missed_in_each_place() {
    let places = |list: &str| {
        let complaints = Vocabulary::own().with(list, "madeUp").complaints();
        let place = |complaint: &String| {
            assert!(complaint.contains("`madeUp` is missing"), "{complaint}");
            complaint.split(':').next().unwrap_or_default().to_owned()
        };
        complaints.iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(
        places("EventKind"),
        [
            "pkg-template/package/types/doorkey.d.ts AuthEventType",
            "pkg-template/package/ui/button.mjs EVENTS",
            "www/panel/events.js MEANING",
            "docs/calls.md row of on",
        ]
    );
    assert_eq!(places("Code"), ["pkg-template/package/types/doorkey.d.ts AuthErrorCode", "docs/calls.md table `code`"]);
    for list in Vocabulary::own().0.keys() {
        assert!(!places(list).is_empty(), "no place is compared with {list}");
    }
}

#[test]
fn a_word_that_is_not_in_the_vocabulary_is_found() {
    let expected = Expected { list: "Storage".to_owned(), words: set(&["local", "host"]) };
    assert!(expected.same("x", &set(&["host", "local"])).is_empty());
    assert_eq!(expected.same("x", &set(&["host", "local", "vault"])), ["x: `vault` is no word of Storage"]);
    assert!(expected.among("x", &set(&["host", "local", "vault"])).is_empty());
    assert_eq!(expected.among("x", &set(&["host"])), ["x: `local` is missing, a word of Storage"]);
}

#[test]
fn every_list_of_the_vocabulary_is_compared() {
    let files = ["src/core/vocabulary.rs", "src/core/vocabulary/keys.rs", "src/core/vocabulary/outcomes.rs"];
    let lists = files.iter().flat_map(|path| {
        let file = Source::parse(path, &read(path));
        let named = |row: &[&str], behind: usize| {
            file.find(row).into_iter().map(|at| file.text(at + behind).to_owned()).collect::<Vec<_>>()
        };
        // In `words! { /// … Name { … } }` the name stands behind attributes, which are brackets.
        let enums = file.find(&["words", "!", "{"]).into_iter().filter_map(|at| {
            let mut at = at + 3;
            while file.text(at) == "#" {
                at = file.closing(at + 1) + 1;
            }
            Some(file.text(at).to_owned()).filter(|name| !name.is_empty())
        });
        [named(&["pub", "const"], 2), named(&["pub", "static"], 2), enums.collect()].concat()
    });
    let lists: Words = lists.filter(|name| !matches!(&**name, "ALL" | "WORDS" | "fn")).collect();
    let known: Words = Vocabulary::own().0.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(lists, known, "Vocabulary::own() has the lists of the vocabulary");
}

#[test]
fn lists_of_the_vocabulary_agree_with_each_other() {
    let own = Vocabulary::own();
    let same = [
        own.step_kinds().among("STEP", &own.list("STEP").words),
        own.list("EXPOSE").among("TokenField", &own.list("TokenField").words),
    ];
    assert_eq!(same.concat(), [""; 0]);
}
