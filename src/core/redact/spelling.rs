//! Spellings undone: a text as it reads when its escapes are taken back, and where each byte of that stood.
//!
//! So a secret is found in any mixture of escapes, and not only in those that somebody thought of.

/// A way in which characters are escaped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Spelling {
    /// RFC 8259 section 7.
    Json,
    /// RFC 3986 section 2.1.
    Percent,
    /// The same with `+` for a blank, as in forms.
    Form,
    /// Character references, as servers write them into pages.
    Html,
}

impl Spelling {
    pub(super) const ALL: [Self; 4] = [Self::Json, Self::Percent, Self::Form, Self::Html];

    /// Whether there is anything in the text to undo.
    pub(super) fn is_in(self, text: &str) -> bool {
        let sign = match self {
            Self::Json => b'\\',
            Self::Percent => b'%',
            Self::Form => b'+',
            Self::Html => b'&',
        };
        text.bytes().any(|byte| byte == sign)
    }

    /// What an escape at the beginning of the text means, and its length: a character, or a byte of one.
    fn undo(self, text: &[u8]) -> Meaning {
        match (self, text) {
            (Self::Form, [b'+', ..]) => Meaning::Byte(b' ', 1),
            (Self::Percent | Self::Form, [b'%', rest @ ..]) => match rest {
                [high, low, ..] => match number(&[*high, *low], 16) {
                    Some(byte) => Meaning::Byte(byte as u8, 3),
                    None => Meaning::Itself,
                },
                _ => Meaning::Cut,
            },
            (Self::Json, [b'\\', rest @ ..]) => match rest {
                [b'n', ..] => Meaning::Byte(b'\n', 2),
                [b'r', ..] => Meaning::Byte(b'\r', 2),
                [b't', ..] => Meaning::Byte(b'\t', 2),
                [b'b', ..] => Meaning::Byte(8, 2),
                [b'f', ..] => Meaning::Byte(12, 2),
                [b'u', ..] => unicode(text),
                [byte, ..] => Meaning::Byte(*byte, 2),
                [] => Meaning::Cut,
            },
            (Self::Html, [b'&', rest @ ..]) => {
                let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#');
                let Some((name, [b';', ..])) = end.and_then(|end| rest.split_at_checked(end)) else {
                    return if end.is_none() { Meaning::Cut } else { Meaning::Itself };
                };
                html(name).map_or(Meaning::Itself, |code| Meaning::Char(code, name.len() + 2))
            }
            _ => Meaning::Itself,
        }
    }
}

/// What stands at the beginning of a text.
enum Meaning {
    /// No escape.
    Itself,
    /// A byte, and the length of its escape.
    Byte(u8, usize),
    /// The code of a character, and the length of its escape.
    Char(u32, usize),
    /// The text ends within an escape.
    Cut,
}

/// `\u00e9`, or two of them for a character beyond 16 bits.
fn unicode(text: &[u8]) -> Meaning {
    const LENGTH: usize = 6;
    let unit = |from: usize| number(text.get(from + 2..from + LENGTH)?, 16);
    match (unit(0), unit(LENGTH)) {
        _ if text.len() < LENGTH => Meaning::Cut,
        (Some(0xd800..=0xdbff), _) if text.len() < 2 * LENGTH => Meaning::Cut,
        (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
            Meaning::Char(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), 2 * LENGTH)
        }
        (Some(code), _) => Meaning::Char(code, LENGTH),
        _ => Meaning::Itself,
    }
}

/// The character that a reference names.
fn html(name: &[u8]) -> Option<u32> {
    static NAMES: [(&str, u8); 5] = [("amp", b'&'), ("lt", b'<'), ("gt", b'>'), ("quot", b'"'), ("apos", b'\'')];
    match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => NAMES.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, meant)| u32::from(*meant)),
    }
}

/// The number with these digits.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let mut number = 0_u32;
    for digit in digits {
        number = number.wrapping_mul(radix).wrapping_add(char::from(*digit).to_digit(radix)?);
    }
    Some(number)
}

/// A text with the escapes of one spelling undone.
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// For each byte, where in the text that stands which it was made of; at last, where the text ends.
    places: Vec<usize>,
}

impl View {
    pub(super) fn new(text: &str, spelling: Spelling) -> Self {
        let (mut bytes, mut places, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(rest @ [first, ..]) = text.as_bytes().get(at..) {
            let length = match spelling.undo(rest) {
                Meaning::Cut => break,
                Meaning::Itself => {
                    bytes.push(*first);
                    1
                }
                Meaning::Byte(byte, length) => {
                    bytes.push(byte);
                    length
                }
                Meaning::Char(code, length) => {
                    let c = char::from_u32(code).unwrap_or_default();
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    length
                }
            };
            places.resize(bytes.len(), at);
            at += length;
        }
        places.push(text.len());
        Self { bytes, places }
    }

    /// Where in the text a byte stands.
    pub(super) fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or_default()
    }
}
