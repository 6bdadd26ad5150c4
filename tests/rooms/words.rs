//! The words of the code are the field's, not our own.

use super::source::Source;
use super::{Finding, hold};

/// Words of an identifier, in either case, and what to say in their place.
const BANNED: [(&str, &str); 11] = [
    ("take_off", "begin"),
    ("fly", "what the step does: read, send, commit"),
    ("land", "finish"),
    ("landed", "finished"),
    ("judge", "confirm the rejection"),
    ("bury", "commit the tombstone"),
    ("buried", "committed"),
    ("burying", "committing"),
    ("told", "reported"),
    ("hear", "on_…"),
    ("heard", "received"),
];

/// Whole identifiers, as they are written.
const BANNED_NAMES: [(&str, &str); 7] = [
    ("need", "ensure_token"),
    ("Lack", "NoToken"),
    ("To", "Waiter"),
    ("Want", "StepRequest"),
    ("Found", "StepResult"),
    ("park", "wait, defer"),
    ("parked", "waiting, deferred"),
];

#[test]
fn words_are_the_fields() {
    hold(private, "say it as the standards and other sessions' code do");
}

pub fn private(file: &Source) -> Vec<Finding> {
    let words = file.tokens.iter().filter(|token| token.is_word);
    words.filter_map(|token| Some((token.line, format!("{}: {}", token.text, better(&token.text)?)))).collect()
}

/// What to say in place of an identifier that holds a banned word.
fn better(identifier: &str) -> Option<&'static str> {
    if let Some((_, better)) = BANNED_NAMES.iter().find(|(name, _)| *name == identifier) {
        return Some(better);
    }
    let words = format!("_{}_", words(identifier).join("_"));
    BANNED.iter().find(|(word, _)| words.contains(&format!("_{word}_"))).map(|(_, better)| *better)
}

/// The words of a name in snake or camel case, in small letters.
fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in identifier.chars() {
        if c == '_' || (c.is_uppercase() && was_small) {
            words.push(String::new());
        }
        was_small = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
