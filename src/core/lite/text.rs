//! Small work on text, byte by byte: the searchers of the standard library would be paid for by every user.

/// These texts, one after the other.
#[inline(never)]
pub fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// The place of the first byte that fits, or the end. What fits, or all before it, must be ASCII: then the place is between
/// two characters.
#[inline(never)]
pub fn place(text: &str, fits: fn(u8) -> bool) -> usize {
    text.bytes().position(fits).unwrap_or(text.len())
}

/// Whether a byte fits. Only ASCII may.
pub fn holds(text: &str, fits: fn(u8) -> bool) -> bool {
    place(text, fits) < text.len()
}

/// The text up to the first byte that fits, and from there on. Only ASCII may fit.
#[inline(never)]
pub fn split(text: &str, fits: fn(u8) -> bool) -> (&str, &str) {
    text.split_at_checked(place(text, fits)).unwrap_or((text, ""))
}

/// The text before and behind the first `word`; `None` when it is not there.
#[inline(never)]
pub fn cut<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let first = word.as_bytes().first();
    let is_here = |at: &usize| {
        let rest = text.as_bytes().get(*at..).unwrap_or_default();
        // Most places are none by their first byte, and a comparison of texts is a call.
        (first.is_none() || rest.first() == first) && rest.starts_with(word.as_bytes())
    };
    let places = (text.len() + 1).saturating_sub(word.len()).min(text.len());
    let at = (0..places).find(is_here)?;
    Some((text.get(..at)?, text.get(at + word.len()..)?))
}

/// Whether the text holds the word.
pub fn holds_word(text: &str, word: &str) -> bool {
    word.is_empty() || cut(text, word).is_some()
}

/// The text with every `word` replaced.
pub fn replace(text: &str, word: &str, by: &str) -> String {
    let (mut whole, mut rest) = (String::new(), text);
    while let Some((before, behind)) = cut(rest, word) {
        whole.push_str(before);
        whole.push_str(by);
        rest = behind;
    }
    whole.push_str(rest);
    whole
}

/// The first characters of a text, so many at most.
#[inline(never)]
pub fn start(text: &str, most: usize) -> &str {
    let is_first_byte = |(_, byte): &(usize, u8)| byte & 0xc0 != 0x80;
    let end = text.bytes().enumerate().filter(is_first_byte).nth(most).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// Bytes as UTF-8; `None` when they are none.
#[inline(never)] // The standard library's check would stand wherever it is called.
pub fn from_utf8(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok()
}

/// The text without the white space around it. Going forward only: reading text backwards is code that nothing else here needs.
pub fn trim(text: &str) -> &str {
    let (mut start, mut end, mut place) = (text.len(), 0, 0);
    for c in text.chars() {
        let next = place + c.len_utf8();
        if !is_space(c) {
            start = start.min(place);
            end = next;
        }
        place = next;
    }
    text.get(start..end).unwrap_or_default()
}

/// Whether JavaScript counts a character as white space or a line end. Own code because std's tables know other ones.
pub fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_found_as_by_the_standard_library(text in "[abé]{0,12}", word in "[abé]{1,3}") {
            prop_assert_eq!(cut(&text, &word), text.split_once(&word));
            prop_assert_eq!(holds_word(&text, &word), text.contains(&word));
            prop_assert_eq!(replace(&text, &word, "-"), text.replace(&word, "-"));
        }

        #[test]
        fn a_start_has_so_many_characters(text in any::<String>(), most in 0..20_usize) {
            prop_assert_eq!(start(&text, most), text.chars().take(most).collect::<String>());
        }
    }
}
