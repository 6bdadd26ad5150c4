//! The words to look for, in an order in which one pass over a text finds them all.

/// So much of a secret gives enough of it away, where a text was cut within it.
const SHORTEST_PART: usize = 8;

/// The place of no word.
const NONE: usize = usize::MAX;

/// The words, sorted.
#[derive(Clone)]
pub(super) struct Words {
    words: Vec<String>,
    /// For each word the longest of those before it that it begins with, or [`NONE`].
    parents: Vec<usize>,
    /// The length of the longest.
    most: usize,
}

impl Words {
    pub(super) fn new(words: &[String]) -> Self {
        let mut words = words.to_vec();
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
        Self { words, parents, most }
    }

    /// Shows `hide` every part of the text that is a word: from where to where, and whether it overlaps with the one before.
    pub(super) fn search(&self, text: &[u8], hide: &mut dyn FnMut(usize, usize, bool)) {
        let (mut done, mut cut) = (0, 0);
        for start in 0..text.len() {
            let rest = text.get(start..).unwrap_or_default();
            if start >= cut {
                cut = start + cut_in(rest);
            }
            let part = text.get(start..cut).unwrap_or_default();
            let end = start + self.longest(rest).max(self.cut_off(part));
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
        fn the_longest_word_is_found_at_each_place(words in prop::collection::vec("[ab]{1,5}", 0..12), text in "[ab]{0,7}") {
            let longest = words.iter().filter(|word| text.starts_with(word.as_str())).map(String::len).max();
            prop_assert_eq!(Words::new(&words).longest(text.as_bytes()), longest.unwrap_or(0));
        }
    }
}
