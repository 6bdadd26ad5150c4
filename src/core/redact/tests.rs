//! What is found, and what is left.

use proptest::prelude::*;

use super::*;
use crate::core::error::Code;
use crate::core::testing::{PLATFORM, json};

fn knowing(secrets: &[&str]) -> Secrets {
    let mut known = Secrets::default();
    secrets.iter().for_each(|secret| known.add(secret));
    known
}

#[test]
fn data_is_masked_by_name_and_by_content() {
    let value = json(r#"{"user":{"email":"a@b.c","password":"x"},"list":["say hush-hush",{"hush-hush":1}],"n":7}"#);

    let masked = knowing(&["hush-hush"]).mask(&value);

    let expected =
        r#"{"user":{"email":"a@b.c","password":"[redacted]"},"list":["say [redacted]",{"[redacted]":1}],"n":7}"#;
    assert_eq!(masked, json(expected));
}

#[test]
fn a_secret_is_found_in_every_form_and_the_longer_one_first() {
    let known = knowing(&["hush", "hush-and-more", r#"a"b c"#]);
    let rows = [
        ("hush-and-more, hush!", "[redacted], [redacted]!"),
        (r#"{"p":"a\"b c"}"#, r#"{"p":"[redacted]"}"#),
        ("p=a%22b%20c&q", "p=[redacted]&q"),
        ("hushhush", "[redacted][redacted]"),
        ("nothing", "nothing"),
    ];
    for (text, masked) in rows {
        assert_eq!(known.mask_text(text), masked);
    }
}

#[test]
fn very_short_secrets_are_not_looked_for() {
    assert_eq!(knowing(&["", "a", "abc"]).mask_text("abc a"), "abc a");
}

#[test]
fn secret_members_are_found_however_deep() {
    let mut known = Secrets::default();
    known.add_members(&json(r#"{"a":[{"b":{"token":"deep-one"}}],"password":"flat-one","email":"mail-one"}"#));

    assert_eq!(known.mask_text("deep-one flat-one mail-one"), "[redacted] [redacted] mail-one");
}

#[test]
fn an_error_is_masked_with_its_body() {
    let mut error = AuthError::new(Code::Server, "no hush-hush here");
    error.body = json(r#"{"echo":"hush-hush"}"#);
    error.path = Some("params.hush-hush".to_owned());

    knowing(&["hush-hush"]).mask_error(&mut error);

    assert_eq!((error.message.as_ref(), &error.body), ("no [redacted] here", &json(r#"{"echo":"[redacted]"}"#)));
    assert_eq!(error.path.as_deref(), Some("params.[redacted]"));
}

#[test]
fn what_is_printed_of_it_is_a_mask() {
    assert_eq!(format!("{:?}", knowing(&["hush-hush"])), MASK);
}

#[test]
fn whatever_stands_under_the_name_of_a_secret_is_masked() {
    let value = json(
        r#"{"pin":874512,"otp":[1,2],"credentials":{"user":"u"},"token":"","secret":null,"refresh":true,"cookie":[],"jwt":{},"n":874512,"s":"874512"}"#,
    );
    let mut known = Secrets::default();
    known.add_members(&value);

    let expected = r#"{"pin":"[redacted]","otp":"[redacted]","credentials":"[redacted]","token":"","secret":null,"refresh":true,"cookie":[],"jwt":{},"n":874512,"s":"[redacted]"}"#;
    assert_eq!(known.mask(&value), json(expected));
}

#[test]
fn what_is_said_of_a_field_is_masked_by_content_alone() {
    let rows = [
        (
            r#"{"errors":{"password":["too short","not hush-hush"]}}"#,
            r#"{"errors":{"password":["too short","not [redacted]"]}}"#,
        ),
        (r#"{"data":{"errors":{"password":"hush-hush"}}}"#, r#"{"data":{"errors":{"password":"[redacted]"}}}"#),
        (r#"[{"errors":{"password":"too short"}}]"#, r#"[{"errors":{"password":"too short"}}]"#),
        // Only texts, and only right there.
        (r#"{"errors":{"pin":874512,"otp":["a",1]}}"#, r#"{"errors":{"pin":"[redacted]","otp":"[redacted]"}}"#),
        (r#"{"errors":{"password":{"code":"x"}}}"#, r#"{"errors":{"password":"[redacted]"}}"#),
        (r#"{"errors":{"user":{"password":"x"}}}"#, r#"{"errors":{"user":{"password":"[redacted]"}}}"#),
        (
            r#"{"errors":[{"password":"x"}],"password":"x"}"#,
            r#"{"errors":[{"password":"[redacted]"}],"password":"[redacted]"}"#,
        ),
    ];
    let known = knowing(&["hush-hush"]);
    for (body, expected) in rows {
        assert_eq!(known.mask(&json(body)), json(expected), "{body}");
    }
}

#[test]
fn every_spelling_is_undone() {
    let known = knowing(&[r#"päss/wörd "1"&<2> 😀+"#]);
    let rows = [
        r#"päss/wörd \"1\"&<2> 😀+"#,
        r#"p\u00e4ss\/w\u00F6rd \"1\"\u0026\u003c2> \ud83d\ude00+"#,
        "p%C3%A4ss%2Fw%C3%B6rd%20%221%22%26%3C2%3E%20%F0%9F%98%80%2B",
        "p%c3%a4ss/w%c3%b6rd+%221%22%26%3c2%3e+%f0%9f%98%80%2b",
        "päss/wörd &quot;1&quot;&amp;&lt;2&gt; 😀+",
        "p&#228;ss/w&#xf6;rd &#34;1&#x22;&amp;&lt;2&gt; &#128512;+",
        "p&auml;ss&sol;w&ouml;rd &quot;1&quot;&amp;&lt;2&gt; 😀&plus;",
        "cMOkc3Mvd8O2cmQgIjEiJjwyPiDwn5iAKw",
    ];
    for text in rows {
        assert_eq!(known.mask_text(&format!("a {text}; b")), "a [redacted]; b", "{text}");
    }
}

#[test]
fn what_overlaps_is_masked_whole_and_a_long_text_in_one_pass() {
    assert_eq!(knowing(&["abcdef", "defghi"]).mask_text("-abcdefghi-"), "-[redacted]-");
    assert_eq!(knowing(&["aaaa"]).mask_text(&"a".repeat(100_000)), MASK);
}

#[test]
fn a_part_at_a_cut_is_masked() {
    let known = knowing(&["correct horse battery", "kürzer/ü/länger"]);
    let rows = [
        ("it was correct h", "it was [redacted]"),
        ("it was correct", "it was correct"),
        ("it was correct horse", "it was [redacted]"),
        ("correct h was it", "correct h was it"),
        ("it was correct horse b..., it says", "it was [redacted]..., it says"),
        ("it was correct horse b…, it says", "it was [redacted]…, it says"),
        ("it was correc..., it says", "it was correc..., it says"),
        ("it was correct horse battery..., it says", "it was [redacted]..., it says"),
        ("it was correct%20horse%2", "it was [redacted]"),
        (r"it was k\u00fcrzer\/\u00f", "it was [redacted]"),
        (r"it was k\u00fcrzer\/\", "it was [redacted]"),
        ("it was k&#252;rzer/&#2", "it was [redacted]"),
    ];
    for (text, masked) in rows {
        assert_eq!(known.mask_text(text), masked, "{text}");
    }
    assert_eq!(known.mask_and_cut("it was correct horse battery", 12), "it was [reda");
}

/// Spells a text, each character in one of the ways of a spelling.
fn spell(text: &str, spelling: u8, ways: &[u8]) -> String {
    let mut units = [0; 2];
    let mut spelt = String::new();
    for (c, way) in text.chars().zip(ways.iter().cycle()) {
        let bytes = c.to_string().into_bytes();
        let escaped = match (spelling, c) {
            (1, '"' | '\\') => format!("\\{c}"),
            (1, '/') if way % 2 == 0 => "\\/".to_owned(),
            (1, c) if c < ' ' || way % 3 == 0 => {
                c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
            }
            (2, c) if c.is_ascii_alphanumeric() => c.to_string(),
            (2, ' ') if ways.len().is_multiple_of(2) => "+".to_owned(),
            (2, _) if way % 2 == 0 => bytes.iter().map(|byte| format!("%{byte:02x}")).collect(),
            (2, _) => bytes.iter().map(|byte| format!("%{byte:02X}")).collect(),
            (3, c) if !c.is_ascii() && way % 3 == 0 => format!("&#{};", u32::from(c)),
            (3, c) if !c.is_ascii() && way % 3 == 1 => format!("&#x{:X};", u32::from(c)),
            (3, 'é') => "&eacute;".to_owned(),
            (3, 'ü') => "&uuml;".to_owned(),
            (3, 'ö') => "&ouml;".to_owned(),
            (3, '/') if way % 2 == 0 => "&sol;".to_owned(),
            (3, '&') => "&amp;".to_owned(),
            (3, '<') => "&lt;".to_owned(),
            (3, '>') => "&gt;".to_owned(),
            (3, '"') => "&quot;".to_owned(),
            (3, '\'') if way % 2 == 0 => "&#39;".to_owned(),
            (3, '\'') => "&#x27;".to_owned(),
            _ => c.to_string(),
        };
        spelt.push_str(&escaped);
    }
    match spelling {
        4 => base64(text.as_bytes(), false).trim_end_matches('=').to_owned(),
        5 => base64(text.as_bytes(), true),
        6 => (PLATFORM.normalize)(text, "nfd"),
        7 => (PLATFORM.normalize)(text, "nfc"),
        _ => spelt,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_echo_of_a_secret_leaves_unmasked(
        secret in prop_oneof![r#"[a-z +/\\"'<>&%éöü😀]{8,20}"#, "[aeou\u{301}\u{308}]{8,16}", "\\PC{8,16}", any::<String>()],
        others in prop::collection::vec("[a-z ]{4,9}", 0..3),
        spelling in 0..8_u8,
        ways in prop::collection::vec(any::<u8>(), 1..8),
    ) {
        prop_assume!(secret.chars().count() >= 8);
        let mut known = knowing(&[&secret]);
        others.iter().for_each(|other| known.add(other));
        known.add_forms(PLATFORM);
        let echo = spell(&secret, spelling, &ways);
        for (before, behind) in [("", ""), ("It was ", "."), ("{\"a\":\"", "\"}"), ("a=1&b=", "&c=2")] {
            let masked = known.mask_text(&format!("{before}{echo}{behind}"));
            prop_assert!(!masked.contains(&echo) || MASK.contains(&echo), "{} of {}", masked, echo);
            prop_assert!(masked.contains(MASK));
        }
    }

    #[test]
    fn no_secret_leaves_amid_other_base64(
        secret in "\\PC{8,16}",
        before in "\\PC{0,6}",
        behind in "\\PC{0,6}",
        url: bool,
    ) {
        let echo = base64(format!("{before}{secret}{behind}").as_bytes(), url);
        let masked = knowing(&[&secret]).mask_text(&echo);
        prop_assert!(masked.contains(MASK), "{} of {}", masked, echo);
        let left: usize = masked.split(MASK).map(str::len).sum();
        prop_assert!(left <= (before.len() + behind.len()) * 4 / 3 + 6, "{} of {}", masked, echo);
    }

    #[test]
    fn no_part_of_eight_characters_is_left_at_a_cut(
        secret in r#"[a-z +/\\"'<>&%é😀]{12,20}"#,
        spelling in 0..4_u8,
        ways in prop::collection::vec(any::<u8>(), 1..8),
        length in 0..120_usize,
    ) {
        let echo = spell(&secret, spelling, &ways);
        let cut = start(&echo, length);
        let whole: String = secret.chars().take(8).collect();
        prop_assume!(cut.len() >= spell(&whole, spelling, &ways).len());

        prop_assert_eq!(knowing(&[&secret]).mask_text(&format!("It was {cut}")), "It was [redacted]");
    }

    #[test]
    fn nothing_is_masked_where_nothing_is_known(text in any::<String>()) {
        prop_assert_eq!(Secrets::default().mask_text(&text), text.clone());
        prop_assert_eq!(knowing(&["\u{1}\u{2}\u{3}\u{4}"]).mask_text(&text), text);
    }
}
