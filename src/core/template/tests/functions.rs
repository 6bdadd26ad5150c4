//! What functions give, and with how many arguments they are called.

use super::check;

#[test]
fn functions_do_what_javascripts_do() {
    check(&[
        ("{{ base64('a:ü') }}", r#""YTrDvA==""#),
        ("{{ base64url('a:ü??>') }}", r#""YTrDvD8_Pg""#),
        ("{{ base64(inputs.age) }}", r#""MzY=""#),
        ("{{ encodeURIComponent(inputs.city) }}", r#""Z%C3%BCrich%2FCH%20%26%20more""#),
        ("{{ encodeURIComponent(\"-_.!~*'()\") }}", r#""-_.!~*'()""#),
        ("{{ json(inputs.email) }}", r#""\"Ada@Example.com\"""#),
        ("{{ json(null) }}", r#""null""#),
        ("{{ json(http1.body.data) }}", r#""[{\"token\":\"t1\"},{\"token\":\"t2\"}]""#),
        ("{{ lower(inputs.email) }}", r#""ada@example.com""#),
        ("{{ upper(inputs.email) }}", r#""ADA@EXAMPLE.COM""#),
        ("{{ upper('straße é') }}", r#""STRASSE É""#),
        ("{{ lower('ÄDA Σ') }}", r#""äda σ""#),
        ("{{ trim(inputs.gap) }}", r#""x""#),
        ("{{ now() }}", "1700000000123"),
        ("{{ now ( ) }}", "1700000000123"),
        ("{{ lower(upper('a' == 'a')) }}", r#""true""#),
        ("{{ json(inputs).x ?? 1 }}", "1"),
    ]);
}

#[test]
fn functions_take_several_arguments_and_paths_go_on_behind_them() {
    check(&[
        ("{{ concat('a') }}", r#""a""#),
        ("{{ concat(inputs.age, '/', half , true, http1.body.data[0]) }}", r#""36/0.5true{\"token\":\"t1\"}""#),
        ("{{ concat('a', inputs.none ?? '') }}", r#""a""#),
        ("{{ contains('abc', 'bc') }}", "true"),
        ("{{ contains('abc', 'd') }}", "false"),
        ("{{ contains('', '') }}", "true"),
        ("{{ contains(inputs.age, 6) }}", "true"),
        ("{{ contains(list, 2) }}", "true"),
        ("{{ contains(list, '2') }}", "false"),
        ("{{ contains(nobody ?? '', 'x') }}", "false"),
        ("{{ cookie('XSRF-TOKEN') }}", r#""eyJ=2+/""#),
        ("{{ cookie(concat('XSRF', '-TOKEN')) }}", r#""eyJ=2+/""#),
        ("{{ cookie('none') }}", "null"),
        ("x{{ cookie('none') ?? '' }}", r#""x""#),
        ("{{ find(http1.body.data, 'token', 't2') }}", r#"{"token":"t2"}"#),
        ("{{ find(http1.body.data, 'token', 't2').token }}", r#""t2""#),
        ("{{ find(providers, \"name\", \"google\").authURL }}", r#""https://g""#),
        ("x{{ find(providers, 'name', 'github')['authURL'] }}", r#""xhttps://h""#),
        ("{{ find(providers, 'name', 'x').authURL ?? 'none' }}", r#""none""#),
        ("{{ find(inputs, 'name', 'x') ?? 'none' }}", r#""none""#),
        ("{{ find(nobody, 'name', 'x') ?? 'none' }}", r#""none""#),
        ("{{ (find(providers, 'name', 'x') ?? providers[1]).name }}", r#""github""#),
        ("{{ find(providers, 'name', 'x') }}", "unknown path at line 1, column 4: find"),
        (
            "{{ find(providers, 'name', 'google').url }}",
            "unknown path at line 1, column 4: find(providers, 'name', 'google').url",
        ),
        ("{{ concat('a', null) }}", r#"null or undefined among text (`?? ""` allows it) at line 1, column 4: concat"#),
        (
            "{{ contains(null, 'a') }}",
            r#"null or undefined among text (`?? ""` allows it) at line 1, column 4: contains"#,
        ),
        ("{{ concat() }}", "unexpected at line 1, column 11: )"),
        ("{{ concat('a',) }}", "unexpected at line 1, column 15: )"),
        ("{{ contains('a') }}", "unexpected at line 1, column 16: )"),
        ("{{ contains('a', 'b', 'c') }}", "unexpected at line 1, column 21: ,"),
        ("{{ find(a, 'b') }}", "unexpected at line 1, column 15: )"),
    ]);
}
