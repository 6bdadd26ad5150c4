//! The order of functions in the module: like beside like, since a compressor says "as just now" in fewer bits than "as
//! long ago".

use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Result, bail};

/// So many words in a row make a phrase.
const PHRASE: usize = 4;

/// Short functions are like many others; so many phrases more make a long one that shares as many count for less.
const SHORT: f64 = 20.0;

/// Puts the functions of a module in text form in another order: each is followed by the one that shares most of the
/// phrases of both with it, as far as it is not placed yet.
pub fn by_likeness(module: &str) -> Result<String> {
    let (mut text, mut functions) = (String::new(), Vec::new());
    let Some(body) = module.trim_end().strip_suffix(')') else { bail!("this is no module") };
    for item in items(body) {
        if item.starts_with(" (func ") {
            functions.push((item, phrases(item)));
        } else {
            text.push_str(item);
        }
    }
    let longest = functions.iter().enumerate().max_by_key(|(_, (item, _))| item.len()).map(|(at, _)| at);
    let mut next = longest;
    while let Some(at) = next {
        let (item, phrases) = functions.swap_remove(at);
        text.push_str(item);
        let likeness = |other: &[u64]| {
            let both = shared(&phrases, other);
            both as f64 / ((phrases.len() + other.len() - both) as f64 + SHORT)
        };
        let scores = functions.iter().enumerate().map(|(at, (_, other))| (at, likeness(other)));
        next = scores.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(at, _)| at);
    }
    text.push_str(")\n");
    Ok(text)
}

/// What stands in the module, one after the other: each begins in the second column.
fn items(mut rest: &str) -> Vec<&str> {
    let mut items = Vec::new();
    while let Some(end) = rest.find("\n (") {
        let (item, more) = rest.split_at(end + 1);
        items.push(item);
        rest = more;
    }
    items.push(rest);
    items
}

/// The phrases of a function, sorted, each once.
fn phrases(item: &str) -> Vec<u64> {
    let words: Vec<&str> = item.split([' ', '\n', '(', ')']).filter(|word| !word.is_empty()).collect();
    let hash = |phrase: &[&str]| {
        let mut hasher = DefaultHasher::new();
        phrase.hash(&mut hasher);
        hasher.finish()
    };
    let mut phrases: Vec<u64> = words.windows(PHRASE).map(hash).collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases
}

/// How many phrases are in both.
fn shared(one: &[u64], other: &[u64]) -> usize {
    let mut rest = other.iter().peekable();
    let mut count = 0;
    for phrase in one {
        while rest.next_if(|next| *next < phrase).is_some() {}
        count += usize::from(rest.next_if_eq(&phrase).is_some());
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_functions_are_neighbours_and_nothing_is_lost() -> Result<()> {
        let add = |name: &str| format!(" (func ${name}\n  (i32.add\n   (local.get $0)\n   (i32.const 7)\n  )\n )\n");
        let load = |name: &str| format!(" (func ${name}\n  (i64.load offset=8\n   (local.get $1)\n  )\n  (nop)\n )\n");
        let (head, tail) = ("(module\n (memory 1)\n", " (export \"a\" (func $a))\n");
        let mixed = [head, &add("aaaaa"), &load("b"), &add("c"), &load("d"), tail, ")\n"].concat();

        let ordered = [head, tail, &add("aaaaa"), &add("c"), &load("b"), &load("d"), ")\n"].concat();
        assert_eq!(by_likeness(&mixed)?, ordered);
        assert!(by_likeness("(module").is_err());
        Ok(())
    }
}
