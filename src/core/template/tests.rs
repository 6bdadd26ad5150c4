//! Tables: what a template gives, and what is wrong with it.
#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod functions;

use std::borrow::Cow;

use super::eval::MAX_TEXT;
use super::{Scope, Template, Use};
use crate::core::error::Code;
use crate::core::lite::json::json_to_text;
use crate::core::testing::PLATFORM;
use crate::core::time::UnixMillis;
use crate::core::value::{ForeignKind, HostRef, Map, Value};

/// The scope that the tables below are about.
struct Example(Map);

impl Scope for Example {
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.0.get(name).map(Cow::Borrowed)
    }

    fn now(&self) -> UnixMillis {
        UnixMillis(1_700_000_000_123)
    }

    fn change_case(&self, text: &str, upper: bool) -> String {
        (PLATFORM.change_case)(text, upper)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        (PLATFORM.cookie)(name)
    }
}

fn example() -> Example {
    let json = serde_json::json!({
        "inputs": { "email": "Ada@Example.com", "otp": "", "age": 36, "terms": true, "none": null, "gap": " \u{a0}x\u{feff}\n", "city": "Zürich/CH & more" },
        "http1": { "status": 200, "body": { "data": [{ "token": "t1" }, { "token": "t2" }], "a b": { "": 1 }, "0": "zero" }, "headers": { "content-type": "text/html" } },
        "session": { "accessToken": "at" },
        "TOKEN": "var",
        "grüße": "hallo",
        "half": 0.5,
        "list": [1, 2, null],
        "providers": [{ "name": "google", "authURL": "https://g" }, { "name": "github", "authURL": "https://h" }, 7],
        "now": "a variable of that name",
    });
    let Value::Map(mut map) = value(&json) else { unreachable!() };
    map.set("hole", Value::Undefined);
    map.set("fn", Value::Foreign(HostRef::new(ForeignKind::Function, 0)));
    Example(map)
}

/// A value from the reference implementation's.
pub(super) fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value).collect()),
        serde_json::Value::Object(members) => {
            Value::Map(members.iter().map(|(key, member)| (key.clone(), value(member))).collect())
        }
    }
}

/// What a template gives, as JSON; or its error's message.
fn outcome(template: &str) -> String {
    let scope = example();
    match Template::parse(template).and_then(|template| template.eval(&scope)) {
        Ok(Value::Undefined) => "undefined".to_owned(),
        Ok(value) => {
            let mut text = String::new();
            json_to_text(&value, &mut text);
            text
        }
        Err(error) => {
            assert_eq!(error.code, Code::Template);
            error.message.to_string()
        }
    }
}

fn check(rows: &[(&str, &str)]) {
    for (template, expected) in rows {
        assert_eq!(outcome(template), *expected, "the template {template:?}");
    }
}

#[test]
fn text_without_an_expression_is_itself() {
    check(&[
        ("", r#""""#),
        ("plain", r#""plain""#),
        (r#"{"a":{"b":1}}"#, r#""{\"a\":{\"b\":1}}""#),
        ("}} { {", r#""}} { {""#),
        ("  ", r#""  ""#),
    ]);
}

#[test]
fn an_expression_alone_keeps_its_type() {
    check(&[
        ("{{ inputs.age }}", "36"),
        ("{{inputs.terms}}", "true"),
        ("{{ inputs.none }}", "null"),
        ("{{ undefined }}", "undefined"),
        (" {{ inputs.age }}\n", "36"),
        ("{{ http1.body.data }}", r#"[{"token":"t1"},{"token":"t2"}]"#),
        ("{{ '{{' }}", r#""{{""#),
        ("{{ '}}' }}", r#""}}""#),
        ("\u{feff} {{ 1 }} ", "1"),
    ]);
}

#[test]
fn among_text_a_value_becomes_text() {
    check(&[
        ("Bearer {{ session.accessToken }}", r#""Bearer at""#),
        ("{{ inputs.age }}{{ half }}", r#""360.5""#),
        (" {{ inputs.age }} {{ half }} ", r#"" 36 0.5 ""#),
        ("a {{ inputs.terms }}", r#""a true""#),
        ("d={{ http1.body.data[0] }}", r#""d={\"token\":\"t1\"}""#),
        ("otp={{ inputs.otp }}.", r#""otp=.""#),
        ("{{ '{{' }}x}}", r#""{{x}}""#),
        (r#"{"a":{"b":{{ json(inputs.otp) }}}}"#, r#""{\"a\":{\"b\":\"\"}}""#),
        ("x{{ inputs.none ?? '' }}", r#""x""#),
    ]);
}

#[test]
fn what_has_no_text_is_an_error_among_text() {
    check(&[
        ("x{{ inputs.none }}", r#"null or undefined among text (`?? ""` allows it) at line 1, column 5: inputs.none"#),
        (
            "x{{ a ?? undefined }}",
            r#"null or undefined among text (`?? ""` allows it) at line 1, column 5: a ?? undefined"#,
        ),
        ("x{{ fn }}", "this value has no text at line 1, column 5: fn"),
        ("{{ base64(null) }}", r#"null or undefined among text (`?? ""` allows it) at line 1, column 4: base64"#),
        ("{{ json(fn) }}", "this value has no text at line 1, column 4: json"),
        ("{{ json(undefined) }}", "this value has no text at line 1, column 4: json"),
    ]);
}

#[test]
fn paths_lead_to_own_members() {
    check(&[
        ("{{ http1.body.data[1].token }}", r#""t2""#),
        ("{{ http1 . body [ 'data' ] [ 0 ] [\"token\"] }}", r#""t1""#),
        ("{{ http1['body']['a b'][''] }}", "1"),
        ("{{ http1.body[0] }}", r#""zero""#),
        ("{{ http1.body.data['1'].token }}", r#""t2""#),
        ("{{ http1.headers['content-type'] }}", r#""text/html""#),
        ("{{ TOKEN }}", r#""var""#),
        ("{{ grüße }}", r#""hallo""#),
        ("{{ now }}", r#""a variable of that name""#),
        ("{{ (http2.body ?? http1.body).data[0].token }}", r#""t1""#),
    ]);
}

#[test]
fn a_path_that_leads_nowhere_is_an_error_with_its_place() {
    check(&[
        ("{{ nobody }}", "unknown path at line 1, column 4: nobody"),
        ("{{ hole }}", "unknown path at line 1, column 4: hole"),
        ("a\nbü {{ inputs . mail.x }}", "unknown path at line 2, column 7: inputs . mail"),
        ("{{ inputs.none.x }}", "unknown path at line 1, column 4: inputs.none.x"),
        ("{{ inputs.email.length }}", "unknown path at line 1, column 4: inputs.email.length"),
        ("{{ http1.body.data[2] }}", "unknown path at line 1, column 4: http1.body.data[2]"),
        ("{{ http1.body.data['01'] }}", "unknown path at line 1, column 4: http1.body.data['01']"),
        ("{{ http1.body.data['+1'] }}", "unknown path at line 1, column 4: http1.body.data['+1']"),
        ("{{ http1.body.data[4294967296] }}", "unknown path at line 1, column 4: http1.body.data[4294967296]"),
        ("{{ http1.body.data.length }}", "unknown path at line 1, column 4: http1.body.data.length"),
        ("{{ inputs.__proto__ }}", "unknown path at line 1, column 4: inputs.__proto__"),
        ("{{ inputs.constructor }}", "unknown path at line 1, column 4: inputs.constructor"),
        ("{{ constructor }}", "unknown path at line 1, column 4: constructor"),
        ("{{ lower(inputs.x) }}", "unknown path at line 1, column 10: inputs.x"),
        ("{{ (inputs).x }}", "unknown path at line 1, column 4: (inputs).x"),
        ("{{ a ?? b }}", "unknown path at line 1, column 9: b"),
        ("{{ a || 'x' }}", "unknown path at line 1, column 4: a"),
    ]);
}

#[test]
fn a_fallback_covers_every_missing_step() {
    check(&[
        ("{{ a ?? 1 }}", "1"),
        ("{{ a.b.c ?? 'd' }}", r#""d""#),
        ("{{ inputs.none.x.y ?? 2 }}", "2"),
        ("{{ inputs.none ?? 3 }}", "3"),
        ("{{ hole ?? null }}", "null"),
        ("{{ inputs.otp ?? 4 }}", r#""""#),
        ("{{ a ?? b ?? inputs.age ?? c }}", "36"),
        ("{{ lower(a.b) ?? 'anon' }}", r#""anon""#),
        ("{{ (a || b) ?? 5 }}", "5"),
        ("{{ (a.b).c ?? 6 }}", "6"),
        ("{{ a.b == 1 ?? false }}", "false"),
    ]);
}

#[test]
fn operators_are_javascripts() {
    check(&[
        ("{{ 1 == '1' }}", "false"),
        ("{{ null == undefined }}", "false"),
        ("{{ '' == false }}", "false"),
        ("{{ 36 == inputs.age }}", "true"),
        ("{{ 36 != inputs.age }}", "false"),
        ("{{ -0 == 0 }}", "true"),
        ("{{ 1 == 1 == true }}", "true"),
        ("{{ 1 == 2 != true }}", "true"),
        ("{{ http1.body.data == http1.body.data }}", "true"),
        ("{{ http1.body.data[0] == http1.body.data[1] }}", "false"),
        ("{{ inputs.otp || 'none' }}", r#""none""#),
        ("{{ inputs.age && inputs.email }}", r#""Ada@Example.com""#),
        ("{{ 0 && nobody }}", "0"),
        ("{{ 1 || nobody }}", "1"),
        ("{{ false || 0 || '' || null }}", "null"),
        ("{{ 0 || 1 && 2 }}", "2"),
        ("{{ 1 || 1 && 0 }}", "1"),
        ("{{ (1 || 1) && 0 }}", "0"),
        ("{{ !inputs.otp }}", "true"),
        ("{{ !!inputs.age }}", "true"),
        ("{{ !inputs.age == false }}", "true"),
        ("{{ !(inputs.age == 1) && true }}", "true"),
        ("{{ ![1] }}", "unexpected at line 1, column 5: [1]"),
        ("{{ ! true }}", "false"),
        ("{{ 1 == (nobody ?? 2) }}", "false"),
        ("{{ 2 == (nobody == 3 ?? 2) }}", "true"),
        ("{{ (1 == 1) == (1 == nobody ?? true) }}", "true"),
        ("{{ 1 == 1 == (1 == nobody ?? true) }}", "true"),
        ("{{ fn && 1 }}", "1"),
        ("{{ (a ?? 0) || 2 }}", "2"),
        ("{{ 1 == 1 ?? 3 }}", "true"),
    ]);
}

#[test]
fn fallback_and_logic_do_not_mix_without_parentheses() {
    const MIXED: &str = "`??` needs parentheses beside `&&` and `||` at line 1, column ";
    for (template, column) in [
        ("{{ a ?? b || c }}", "11: ||"),
        ("{{ a || b ?? c }}", "11: ??"),
        ("{{ a && b ?? c }}", "11: ??"),
        ("{{ a ?? b && c }}", "6: ??"),
        ("{{ a || b && c ?? d }}", "16: ??"),
        ("{{ x == (a ?? b || c) }}", "17: ||"),
    ] {
        assert_eq!(outcome(template), [MIXED, column].concat(), "the template {template:?}");
    }
    check(&[("{{ (a ?? 0) || (b ?? 1) }}", "1"), ("{{ (1 && 0) ?? 2 }}", "0"), ("{{ 0 ?? (1 || 2) }}", "0")]);
}

#[test]
fn literals_are_read() {
    check(&[
        ("{{ 0 }}", "0"),
        ("{{ -12.50 }}", "-12.5"),
        ("{{ 0.1 }}", "0.1"),
        ("{{ 123456789012345 }}", "123456789012345"),
        ("{{ 0.00000000000001 }}", "1e-14"),
        ("{{ true }}", "true"),
        (r#"{{ "a\"\\\/\n\u00e9'" }}"#, r#""a\"\\/\né'""#),
        (r"{{ 'it\'s' }}", r#""it's""#),
        ("{{ 'ü😀' }}", r#""ü😀""#),
    ]);
}

#[test]
fn a_bad_template_is_refused_with_its_place() {
    check(&[
        ("{{", "`{{` is not closed at line 1, column 1: {{"),
        ("a {{ b", "`{{` is not closed at line 1, column 3: {{ b"),
        ("a {{ b }", "unexpected at line 1, column 8: }"),
        ("{{ a }}\n{{ 'b }}", "a quote is not closed at line 2, column 4: 'b }}"),
        ("{{ }}", "the expression is not complete at line 1, column 4: }}"),
        ("{{ a == }}", "the expression is not complete at line 1, column 9: }}"),
        ("{{ (a }}", "the expression is not complete at line 1, column 7: }}"),
        ("{{{ a }}}", "unexpected at line 1, column 3: {"),
        ("{{ a b }}", "unexpected at line 1, column 6: b"),
        ("{{ a === b }}", "unexpected at line 1, column 8: ="),
        ("{{ a + b }}", "unexpected at line 1, column 6: +"),
        ("{{ a - 1 }}", "unexpected at line 1, column 6: -"),
        ("{{ a ? b : c }}", "unexpected at line 1, column 6: ?"),
        ("{{ a?.b }}", "unexpected at line 1, column 5: ?.b"),
        ("{{ a.1 }}", "unexpected at line 1, column 6: 1"),
        ("{{ a. }}", "the expression is not complete at line 1, column 7: }}"),
        ("{{ a[-1] }}", "an index must be a whole number or a quoted key at line 1, column 6: -1]"),
        ("{{ a[1.5] }}", "an index must be a whole number or a quoted key at line 1, column 6: 1.5]"),
        ("{{ a[b] }}", "an index must be a whole number or a quoted key at line 1, column 6: b]"),
        ("{{ a[] }}", "an index must be a whole number or a quoted key at line 1, column 6: ]"),
        ("{{ 1e5 }}", "not a plain number of at most 15 digits at line 1, column 4: 1e5"),
        ("{{ 1x }}", "not a plain number of at most 15 digits at line 1, column 4: 1x"),
        ("{{ -x }}", "not a plain number of at most 15 digits at line 1, column 4: -x"),
        ("{{ 1.2.3 }}", "unexpected at line 1, column 8: 3"),
        ("{{ 1234567890123456 }}", "not a plain number of at most 15 digits at line 1, column 4: 1234567890123456"),
        (r"{{ '\x41' }}", r"unknown escape at line 1, column 5: \x"),
        (r"{{ '\ud83d\ude00' }}", r"unknown escape at line 1, column 5: \ud83d"),
        ("{{ eval('1') }}", "unknown function at line 1, column 4: eval"),
        ("{{ inputs.email() }}", "unexpected at line 1, column 16: ()"),
        ("{{ now(1) }}", "unexpected at line 1, column 8: 1)"),
        ("{{ lower() }}", "unexpected at line 1, column 10: )"),
        ("{{ lower('a', 'b') }}", "unexpected at line 1, column 13: ,"),
    ]);
}

#[test]
fn nesting_has_a_limit() {
    let nested = |open: &str, close: &str, depth| {
        outcome(&["{{", &open.repeat(depth), "1", &close.repeat(depth), "}}"].concat())
    };
    assert_eq!(nested("(", ")", 64), "1");
    assert_eq!(nested("(", ")", 65), "nested too deeply at line 1, column 68: ");
    assert_eq!(nested("lower(", ")", 64), r#""1""#);
    assert_eq!(nested("(", ")", 1_000_000), "nested too deeply at line 1, column 68: ");
    assert_eq!(nested("!", "", 100_000), "true");
    assert_eq!(nested("1 == ", "", 100_000), "false");
    assert_eq!(nested("a.b ?? ", "", 100_000), "1");
}

#[test]
fn text_has_a_limit() {
    let scope = Example([("big".to_owned(), Value::Text("x".repeat(MAX_TEXT / 4)))].into_iter().collect());
    let length = |text: &str| match Template::parse(text).and_then(|template| template.eval(&scope)) {
        Ok(value) => value.as_text().map_or(0, str::len).to_string(),
        Err(error) => error.message.to_string(),
    };
    assert_eq!(length("{{ big }}{{ big }}{{ big }}{{ big }}"), "1048576");
    assert_eq!(length("{{ big }}{{ big }}{{ big }}{{ big }}{{ 1 }}"), "the text gets too long at line 1, column 40: 1");
    assert_eq!(
        length("{{ lower(upper(lower(upper(lower(big))))) }}"),
        "the text gets too long at line 1, column 4: lower"
    );
    assert_eq!(length("{{ concat(big, big, big, big, 1) }}"), "the text gets too long at line 1, column 4: concat");
}

#[test]
fn a_long_piece_is_cut_in_the_message() {
    let message = outcome(&["{{ ", &"n".repeat(1000), " }}"].concat());
    assert_eq!(message.len(), "unknown path at line 1, column 4: ".len() + 60);
}

#[test]
fn a_constant_is_known_as_one() {
    let constant = |text| Template::parse(text).unwrap().constant().map(str::to_owned);
    assert_eq!(constant("a } b"), Some("a } b".to_owned()));
    assert_eq!(constant(""), Some(String::new()));
    assert_eq!(constant("{{ 1 }}"), None);
    assert_eq!(constant("a {{ 1 }}"), None);
}

#[test]
fn the_literal_prefix_ends_at_the_first_expression() {
    let prefix = |text| Template::parse(text).unwrap().literal_prefix().to_owned();
    assert_eq!(prefix("https://a.example/x/{{ id }}/{{ y }}"), "https://a.example/x/");
    assert_eq!(prefix("https://a.example/x"), "https://a.example/x");
    assert_eq!(prefix("{{ base }}/x"), "");
    assert_eq!(prefix(""), "");
}

#[test]
fn uses_are_told_with_what_they_need() {
    let template = Template::parse(
        "{{ session.refreshToken }} {{ a ?? b.c[0].d ?? e }} {{ !lower(f) == (g['h'] || 1) && now() }} {{ ((i ?? 1).j ?? 2) }} {{ find(k.l, 'm', n).o ?? concat(p) }}",
    );
    let template = template.unwrap();
    let mut seen = Vec::new();
    template.uses(&mut |used: Use<'_>| seen.push((used.root, used.member, used.required)));
    assert_eq!(
        seen,
        [
            ("session", Some("refreshToken"), true),
            ("a", None, false),
            ("b", Some("c"), false),
            ("e", None, true),
            ("f", None, true),
            ("g", Some("h"), true),
            ("i", None, false),
            ("k", Some("l"), false),
            ("n", None, false),
            ("p", None, true),
        ]
    );
}
