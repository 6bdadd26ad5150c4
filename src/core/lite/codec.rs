//! Encodings of bytes and text.

use super::text::{from_utf8, split};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes as Base64 (RFC 4648 section 4, padded); with `url` in the alphabet for URLs and file names (section 5, not padded).
pub fn base64(bytes: &[u8], url: bool) -> String {
    let mut text = String::new();
    let (mut bits, mut count) = (0, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 6 {
            count -= 6;
            push_sextet(bits >> count, url, &mut text);
        }
    }
    if count > 0 {
        push_sextet(bits << (6 - count), url, &mut text);
    }
    while !url && !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn push_sextet(bits: u32, url: bool, text: &mut String) {
    // Six bits are below 64, the length of the alphabet.
    let digit = STANDARD[(bits & 63) as usize];
    text.push(match digit {
        b'+' if url => '-',
        b'/' if url => '_',
        digit => char::from(digit),
    });
}

/// Decodes Base64 in either alphabet, padded or not; `None` when it is neither.
///
/// Bits left over must be zero, as RFC 4648 section 3.5 allows a decoder to demand: so bytes have one spelling.
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    let (digits, padding) = split(text, |byte| byte == b'=');
    if digits.len() % 4 == 1 || !matches!((padding, text.len() % 4), ("", _) | ("=" | "==", 0)) {
        return None;
    }
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0, 0);
    for digit in digits.bytes() {
        bits = bits << 6 | sextet(digit)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    (bits & ((1 << count) - 1) == 0).then_some(bytes)
}

fn sextet(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// Encodes text for one component of a URL, as JavaScript's `encodeURIComponent` does.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')')
        {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            push_hex(byte, b"0123456789ABCDEF", &mut encoded);
        }
    }
    encoded
}

/// Decodes what a form or one component of a URL holds, `+` for a blank too; `None` for what is no encoding of a text.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => (hex(rest.next()?)? << 4) | hex(rest.next()?)?,
            byte => byte,
        });
    }
    from_utf8(bytes)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// Adds a byte as two digits.
pub(super) fn push_hex(byte: u8, digits: &[u8; 16], text: &mut String) {
    // Four bits are below 16, the number of digits.
    text.push(char::from(digits[usize::from(byte >> 4)]));
    // As above.
    text.push(char::from(digits[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{base64, base64_decode, percent_encode};

    #[test]
    fn base64_gives_the_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes(), false), text);
            assert_eq!(base64(bytes.as_bytes(), true), text.trim_end_matches('='));
            assert_eq!(base64_decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(base64(&[0xfb, 0xff], false), "+/8=");
        assert_eq!(base64(&[0xfb, 0xff], true), "-_8");
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        for text in [
            "A", "AAAAA", "A===", "AA=", "AAA==", "=", "====", "AAAA=", "AAAA====", "AA==AA==", "AA=A", "AA A", "AB",
            "AAB", "é", "A\0AA",
        ] {
            assert_eq!(base64_decode(text), None, "the text {text:?}");
        }
    }

    #[test]
    fn percent_encoding_is_that_of_encode_uri_component() {
        assert_eq!(percent_encode("aZ09-_.!~*'()"), "aZ09-_.!~*'()");
        assert_eq!(percent_encode(" +/?#&=%:;,@$\"\0"), "%20%2B%2F%3F%23%26%3D%25%3A%3B%2C%40%24%22%00");
        assert_eq!(percent_encode("ü€😀"), "%C3%BC%E2%82%AC%F0%9F%98%80");
    }

    proptest! {
        #[test]
        fn base64_is_undone(bytes in prop::collection::vec(any::<u8>(), 0..40), url: bool) {
            prop_assert_eq!(base64_decode(&base64(&bytes, url)), Some(bytes));
        }

        #[test]
        fn a_decoded_text_has_one_spelling(text in "[A-Za-z0-9_-]{0,12}") {
            if let Some(bytes) = base64_decode(&text) {
                prop_assert_eq!(base64(&bytes, true), text);
            }
        }

        #[test]
        fn decoding_never_panics(text in any::<String>()) {
            base64_decode(&text);
        }
    }
}
