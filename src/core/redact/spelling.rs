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

    /// Adds what the first character or escape means, and gives its length. `None` where the text ends within an escape.
    fn undo(self, text: &str, bytes: &mut Vec<u8>) -> Option<usize> {
        let first = text.chars().next()?;
        let found = match (self, first) {
            (Self::Form, '+') => Some((' ', 1)),
            (Self::Percent | Self::Form, '%') => {
                if text.len() < 3 {
                    return None;
                }
                if let Some(byte) = number(text, 1, 3, 16) {
                    bytes.push(byte as u8);
                    return Some(3);
                }
                None
            }
            (Self::Json, '\\') => Some(json(text)?),
            (Self::Html, '&') => {
                let rest = text.get(1..)?;
                let length = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')?;
                let ends = rest.as_bytes().get(length) == Some(&b';');
                let named = rest.get(..length).filter(|_| ends).and_then(html);
                named.map(|c| (c, length + 2))
            }
            _ => None,
        };
        let (c, length) = found.unwrap_or((first, first.len_utf8()));
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Some(length)
    }
}

/// What begins with a backslash. One that begins nothing stands for itself.
fn json(text: &str) -> Option<(char, usize)> {
    let named = match text.chars().nth(1)? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode(text),
        other => other,
    };
    Some((named, 1 + named.len_utf8()))
}

/// `\u00e9`, or two of them for a character beyond 16 bits.
fn unicode(text: &str) -> Option<(char, usize)> {
    const LENGTH: usize = 6;
    let unit = |from: usize| number(text, from + 2, from + LENGTH, 16);
    if text.len() < LENGTH {
        return None;
    }
    let mut found = unit(0).and_then(char::from_u32).map(|c| (c, LENGTH));
    if let Some(high @ 0xd800..=0xdbff) = unit(0) {
        if text.len() < 2 * LENGTH {
            return None;
        }
        if let Some(low @ 0xdc00..=0xdfff) = unit(LENGTH) {
            found = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)).map(|c| (c, 2 * LENGTH));
        }
    }
    Some(found.unwrap_or(('\\', 1)))
}

/// The character that a reference names.
fn html(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let hex = digits.strip_prefix(['x', 'X']);
            let code = match hex {
                Some(hex) => number(hex, 0, hex.len(), 16),
                None => number(digits, 0, digits.len(), 10),
            };
            return char::from_u32(code?);
        }
    })
}

/// The number whose digits stand there.
fn number(text: &str, from: usize, to: usize, radix: u32) -> Option<u32> {
    let mut number = 0_u32;
    for digit in text.get(from..to)?.chars() {
        number = number.checked_mul(radix)?.checked_add(digit.to_digit(radix)?)?;
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
        while let Some(rest) = text.get(at..)
            && let Some(length) = spelling.undo(rest, &mut bytes)
        {
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
