//! The words to look for, in an order in which one pass over a text finds them all.

use std::cell::OnceCell;

/// So much of a secret gives enough of it away, where a text was cut within it.
const SHORTEST_PART: usize = 8;

/// The place of no word.
const NONE: usize = usize::MAX;

/// A longer word is looked for by itself: a comparison with one of the others takes no longer than this.
const LONGEST: usize = 256;

/// The words.
#[derive(Clone)]
pub(super) struct Words {
    /// Those that are not long, sorted.
    words: Vec<String>,
    long: Vec<Long>,
    /// For each word the longest of those before it that it begins with, or [`NONE`].
    parents: Vec<usize>,
    /// The length of the longest.
    most: usize,
    /// For each byte, whether a word begins with it: most places of a text are no beginning of one.
    begins: Vec<bool>,
}

impl Words {
    pub(super) fn new(words: &[String]) -> Self {
        let mut begins = vec![false; usize::from(u8::MAX) + 1];
        for first in words.iter().filter_map(|word| word.bytes().next()) {
            begins.get_mut(usize::from(first)).iter_mut().for_each(|begins| **begins = true);
        }
        let (long, mut words) = words.iter().cloned().partition(|word| word.len() > LONGEST);
        let long = Vec::into_iter(long).map(Long::new).collect();
        sort(&mut words);
        let (mut parents, mut most) = (Vec::new(), 0);
        for (place, word) in words.iter().enumerate() {
            most = most.max(word.len());
            // Between a word and one that it begins with stand only others that begin with that one.
            let mut parent = place.wrapping_sub(1);
            while let Some(other) = words.get(parent)
                && !word.starts_with(other.as_str())
            {
                parent = parents.get(parent).copied().unwrap_or(NONE);
            }
            parents.push(parent);
        }
        Self { words, long, parents, most, begins }
    }

    /// Shows `hide` every part of the text that is a word: from where to where, and whether it overlaps with the one before.
    pub(super) fn search(&self, text: &[u8], hide: &mut dyn FnMut(usize, usize, bool)) {
        let (mut done, mut cut) = (0, 0);
        let mut long = Vec::new();
        for word in &self.long {
            long.push(Known { word, from: 0, to: 0 });
        }
        for (start, first) in text.iter().enumerate() {
            if self.begins.get(usize::from(*first)) != Some(&true) {
                continue;
            }
            let rest = text.get(start..).unwrap_or_default();
            if start >= cut {
                cut = start + cut_in(rest);
            }
            let part = text.get(start..cut).unwrap_or_default();
            let mut found = self.longest(rest).max(self.cut_off(part));
            for known in &mut long {
                found = found.max(known.found_at(start, text, part.len()));
            }
            let end = start + found;
            if end > done.max(start) {
                hide(start.max(done), end, start < done);
                done = end;
            }
        }
    }

    /// The length of a part before a cut, when it is the beginning of a word, and says enough of it.
    fn cut_off(&self, part: &[u8]) -> usize {
        if !(SHORTEST_PART..self.most).contains(&part.len()) {
            return 0;
        }
        let after = self.words.partition_point(|word| word.as_bytes() <= part);
        let next = self.words.get(after).map_or(&[][..], |word| word.as_bytes());
        if next.starts_with(part) { part.len() } else { 0 }
    }

    /// The length of the longest word that the text begins with.
    fn longest(&self, text: &[u8]) -> usize {
        let after = self.words.partition_point(|word| word.as_bytes() <= text);
        // The longest word that the text begins with is the last one before the text, or one that this begins with.
        let mut place = after.wrapping_sub(1);
        while let Some(word) = self.words.get(place) {
            if text.starts_with(word.as_bytes()) {
                return word.len();
            }
            place = self.parents.get(place).copied().unwrap_or(NONE);
        }
        0
    }
}

/// A long word, with how much of its own beginning it repeats at each place: so no part of a text is compared twice, whatever
/// both consist of (the Z-algorithm of Gusfield).
#[derive(Clone)]
struct Long {
    text: String,
    repeats: OnceCell<Vec<usize>>,
}

/// The part of the text that is known to be the beginning of a long word.
struct Known<'a> {
    word: &'a Long,
    from: usize,
    to: usize,
}

impl Long {
    const fn new(text: String) -> Self {
        Self { text, repeats: OnceCell::new() }
    }

    fn repeats(&self) -> &[usize] {
        self.repeats.get_or_init(|| {
            let word = self.text.as_bytes();
            let (mut repeats, mut from, mut to) = (vec![word.len()], 0, 0);
            for at in 1..word.len() {
                let known = repeats.get(at - from).copied().unwrap_or_default().min(to.max(at) - at);
                let length = known + common(word.get(at + known..), word.get(known..));
                if at + length > to {
                    (from, to) = (at, at + length);
                }
                repeats.push(length);
            }
            repeats
        })
    }
}

impl Known<'_> {
    /// How much of the text is the word there, or its beginning before a cut, `part` further on, where that says enough of it.
    fn found_at(&mut self, start: usize, text: &[u8], part: usize) -> usize {
        let word = self.word.text.as_bytes();
        let mut length = 0;
        if start < self.to {
            let repeats = self.word.repeats().get(start - self.from).copied().unwrap_or_default();
            length = repeats.min(self.to - start);
        }
        if start + length >= self.to {
            length += common(text.get(start + length..), word.get(length..));
            (self.from, self.to) = (start, start + length);
        }
        if length == word.len() {
            length
        } else if length >= part && part >= SHORTEST_PART {
            part
        } else {
            0
        }
    }
}

/// How much two texts have in common, from their beginning.
fn common(one: Option<&[u8]>, other: Option<&[u8]>) -> usize {
    let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// Where a text was cut: before the next dots that say so, or at its end.
fn cut_in(text: &[u8]) -> usize {
    let dots =
        |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(b"...") || rest.starts_with("…".as_bytes()));
    (1..text.len()).find(dots).unwrap_or(text.len())
}

/// Sorts by heap: no worse for any order, and a tenth of the code of the standard library's.
fn sort(words: &mut [String]) {
    for root in (0..words.len() / 2).rev() {
        sift(words, root, words.len());
    }
    for end in (1..words.len()).rev() {
        words.swap(0, end);
        sift(words, 0, end);
    }
}

/// Lets a word sink to where none below it, before `end`, is greater.
fn sift(words: &mut [String], mut root: usize, end: usize) {
    loop {
        let left = root * 2 + 1;
        let is_right = left + 1 < end && words.get(left) < words.get(left + 1);
        let child = if is_right { left + 1 } else { left };
        if child >= end || words.get(root) >= words.get(child) {
            return;
        }
        words.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_sorted_as_by_the_standard_library(mut words in prop::collection::vec("[ab]{0,4}", 0..40)) {
            let mut expected = words.clone();
            expected.sort();
            sort(&mut words);
            prop_assert_eq!(words, expected);
        }

        #[test]
        fn a_long_word_is_found_as_a_short_one_is(word in "[ab]{1,9}", text in "[ab]{0,30}(…[ab]{0,12})?") {
            let (long, word) = (Long::new(word.clone()), word);
            let (mut known, bytes) = (Known { word: &long, from: 0, to: 0 }, text.as_bytes());
            for start in 0..bytes.len() {
                let (rest, part) = (&bytes[start..], cut_in(&bytes[start..]));
                let is_beginning = part >= SHORTEST_PART && part < word.len() && word.as_bytes().starts_with(&rest[..part]);
                let expected = if rest.starts_with(word.as_bytes()) { word.len() } else if is_beginning { part } else { 0 };
                prop_assert_eq!(known.found_at(start, bytes, part), expected);
            }
        }

        #[test]
        fn the_longest_word_is_found_at_each_place(words in prop::collection::vec("[ab]{1,5}", 0..12), text in "[ab]{0,7}") {
            let longest = words.iter().filter(|word| text.starts_with(word.as_str())).map(String::len).max();
            prop_assert_eq!(Words::new(&words).longest(text.as_bytes()), longest.unwrap_or(0));
        }
    }
}
