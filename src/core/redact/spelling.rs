//! Spellings undone: a text as it reads when its escapes are taken back, and where each byte of that stood.
//!
//! So a secret is found in any mixture of escapes, and not only in those that somebody thought of.

use crate::core::lite::text::split;

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
    match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => {
            for (first, names) in &NAMES {
                let (mut code, mut rest) = (*first, *names);
                while !rest.is_empty() {
                    let (known, more) = split(rest, |byte| byte == b' ');
                    if known.as_bytes() == name {
                        return Some(code);
                    }
                    code += 1;
                    rest = more.get(1..).unwrap_or_default();
                }
            }
            None
        }
    }
}

/// The names of HTML for ASCII and Latin-1, each row from the code of its first character on.
static NAMES: [(u32, &str); 8] = [
    (9, "Tab NewLine"),
    (33, "excl quot num dollar percnt amp apos lpar rpar ast plus comma - period sol"),
    (58, "colon semi lt equals gt quest commat"),
    (91, "lsqb bsol rsqb Hat lowbar grave"),
    (91, "lbrack - rbrack"),
    (123, "lcub verbar rcub"),
    (123, "lbrace vert rbrace"),
    (
        160,
        "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
         para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
         Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
         Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
         igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
         thorn yuml",
    ),
];

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
