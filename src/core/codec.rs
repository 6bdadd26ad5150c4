//! Encodings of bytes and text.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes as Base64 (RFC 4648 section 4, padded); with `url` in the alphabet for URLs and file names (section 5, not padded).
pub fn base64(bytes: &[u8], url: bool) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            // Six bits are below 64, the length of the alphabet.
            let digit = STANDARD[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(match digit {
                _ if place > group.len() => '=',
                b'+' if url => '-',
                b'/' if url => '_',
                digit => char::from(digit),
            });
        }
    }
    if url {
        text.truncate(text.trim_end_matches('=').len());
    }
    text
}

/// Decodes Base64 in either alphabet, padded or not; `None` when it is neither.
///
/// Bits left over must be zero, as RFC 4648 section 3.5 allows a decoder to demand: a text has one spelling.
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let padding = text.len() - digits.len();
    if digits.len() % 4 == 1 || (padding > 0 && (padding > 2 || !text.len().is_multiple_of(4))) {
        return None;
    }
    let mut bytes = Vec::new();
    for group in digits.chunks(4) {
        let mut bits = 0;
        for digit in group {
            bits = bits << 6 | sextet(*digit)?;
        }
        bits <<= 6 * (4 - group.len());
        let [_, decoded @ ..] = u32::to_be_bytes(bits);
        let (kept, left_over) = decoded.split_at_checked(group.len() - 1)?;
        if left_over.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
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
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            push_hex(byte, b"0123456789ABCDEF", &mut encoded);
        }
    }
    encoded
}

/// Adds a byte as two digits.
pub(super) fn push_hex(byte: u8, digits: &[u8; 16], text: &mut String) {
    // Four bits are below 16, the number of digits.
    text.push(char::from(digits[usize::from(byte >> 4)]));
    text.push(char::from(digits[usize::from(byte & 15)]));
}
