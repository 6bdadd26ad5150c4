//! Flows in their four forms, and what is refused.
#![allow(clippy::expect_used)] // A test that panics has failed, and says where.

use super::*;
use crate::core::error::Code;
use crate::core::testing::json;
use crate::core::value::HostRef;

fn foreign(kind: ForeignKind) -> Value {
    Value::Foreign(HostRef::new(kind, 0))
}

fn program(flow: &str) -> Program {
    Program::parse(&json(flow), "flow").unwrap_or_else(|error| panic!("{flow}: {error:?}"))
}

#[test]
fn a_flow_has_four_forms() {
    let kind = |flow: &Value| Program::parse(flow, "flow").map(|program| program.steps[0].action.kind().as_str());

    assert_eq!(kind(&foreign(ForeignKind::Function)), Ok("call"));
    assert_eq!(kind(&foreign(ForeignKind::Query)), Ok("query"));
    assert_eq!(kind(&json(r#"{"url":"/x"}"#)), Ok("request"));
    assert_eq!(kind(&json(r#"[{"query":"q"}]"#)), Ok("query"));
}

#[test]
fn steps_without_an_id_are_numbered_by_kind() {
    let flow = r#"[{"request":{"url":"/a"}},{"query":"q"},{"request":{"url":"/b"}},{"define":{"A":"1"}},{"id":"mine","query":"q"},{"query":"q"}]"#;
    let ids: Vec<_> = program(flow).steps.into_iter().map(|step| step.id).collect();

    assert_eq!(ids, ["http1", "query1", "http2", "define1", "mine", "query3"]);
}

#[test]
fn a_bad_flow_is_refused_with_its_path() {
    use Code::{InvalidOption, Template};
    let rows = [
        ("null", InvalidOption, "flow"),
        ("7", InvalidOption, "flow"),
        (r#""signin""#, InvalidOption, "flow"),
        ("[]", InvalidOption, "flow"),
        ("{}", InvalidOption, "flow.url"),
        (r#"{"url":""}"#, InvalidOption, "flow.url"),
        (r#"{"url":7}"#, InvalidOption, "flow.url"),
        (r#"{"url":"/x","methd":"GET"}"#, InvalidOption, "flow.methd"),
        (r#"{"url":"/x","method":""}"#, InvalidOption, "flow.method"),
        (r#"{"url":"/x","method":"get","json":{}}"#, InvalidOption, "flow.method"),
        (r#"{"url":"/x","json":{},"form":{}}"#, InvalidOption, "flow.form"),
        (r#"{"url":"/x","form":"a=1"}"#, InvalidOption, "flow.form"),
        (r#"{"url":"/x","body":{}}"#, InvalidOption, "flow.body"),
        (r#"{"url":"/x","query":[]}"#, InvalidOption, "flow.query"),
        (r#"{"url":"/x","headers":[]}"#, InvalidOption, "flow.headers"),
        (r#"{"url":"/x","headers":{"a b":"c"}}"#, InvalidOption, "flow.headers.a b"),
        (r#"{"url":"/x","headers":{"A":1}}"#, InvalidOption, "flow.headers.A"),
        (r#"{"url":"/x","credentials":"yes"}"#, InvalidOption, "flow.credentials"),
        (r#"{"url":"/{{ inputs.a "}"#, Template, "flow.url"),
        (r#"{"url":"/x","json":{"a":[1,"{{ b. }}"]}}"#, Template, "flow.json.a[1]"),
        (r#"{"url":"/x","headers":{"A":"{{"}}"#, Template, "flow.headers.A"),
        ("[7]", InvalidOption, "flow[0]"),
        ("[{}]", InvalidOption, "flow[0]"),
        (r#"[{"query":"q","define":{}}]"#, InvalidOption, "flow[0]"),
        (r#"[{"form":{},"query":"q"}]"#, InvalidOption, "flow[0]"),
        (r#"[{"form":{"fields":[{"name":"a","typ":"text"}]}}]"#, InvalidOption, "flow[0].form.fields[0].typ"),
        (r#"[{"form":{"title":"{{ a"}}]"#, Template, "flow[0].form.title"),
        (r#"[{"form":{"fields":[{"name":"a","value":"{{ a"}]}}]"#, Template, "flow[0].form.fields[0].value"),
        (r#"[{"query":"q","timeoutSeconds":0}]"#, InvalidOption, "flow[0].timeoutSeconds"),
        (r#"[{"query":"q","secret":true}]"#, InvalidOption, "flow[0].secret"),
        (r#"[{"define":{"A":"x"},"secret":["B"]}]"#, InvalidOption, "flow[0].secret[0]"),
        (r#"[{"define":{"A":"x"},"secret":"A"}]"#, InvalidOption, "flow[0].secret"),
        (r#"[{"request":{}}]"#, InvalidOption, "flow[0].request.url"),
        (r#"[{"query":7}]"#, InvalidOption, "flow[0].query"),
        (r#"[{"script":"x => 1"}]"#, InvalidOption, "flow[0].script"),
        (r#"[{"define":[]}]"#, InvalidOption, "flow[0].define"),
        (r#"[{"define":{"1a":"x"}}]"#, InvalidOption, "flow[0].define.1a"),
        (r#"[{"define":{"session":"x"}}]"#, InvalidOption, "flow[0].define.session"),
        (r#"[{"define":{"a":1}}]"#, InvalidOption, "flow[0].define.a"),
        (r#"[{"request":{"url":"/x"},"params":{}}]"#, InvalidOption, "flow[0].params"),
        (r#"[{"query":"q","params":{"a":"{{ }}"}}]"#, Template, "flow[0].params.a"),
        (r#"[{"query":"q","when":true}]"#, InvalidOption, "flow[0].when"),
        (r#"[{"query":"q","when":"{{ a"}]"#, Template, "flow[0].when"),
        (r#"[{"query":"q","id":""}]"#, InvalidOption, "flow[0].id"),
        (r#"[{"query":"q","id":"inputs"}]"#, InvalidOption, "flow[0].id"),
        (r#"[{"query":"q"},{"query":"q","id":"query1"}]"#, InvalidOption, "flow[1].id"),
        (r#"[{"query":"q"},{"queri":"q"}]"#, InvalidOption, "flow[1].queri"),
    ];
    for (flow, code, path) in rows {
        let error = Program::parse(&json(flow), "flow").expect_err("it is refused");
        assert_eq!((error.code, error.path.as_deref()), (code, Some(path)), "{flow}: {}", error.message);
    }
    let other = Program::parse(&foreign(ForeignKind::Other), "flow").expect_err("it is refused");
    assert_eq!(other.code, InvalidOption);
}

#[test]
fn a_program_knows_whether_it_needs_the_refresh_token() {
    let rows = [
        (r#"{"url":"/x","json":{"t":"{{ session.refreshToken }}"}}"#, true),
        (r#"{"url":"/x?t={{ inputs.refresh_token }}"}"#, true),
        (r#"{"url":"/x","headers":{"A":"{{ inputs.refreshtoken }}"}}"#, true),
        (r#"{"url":"/x","json":{"t":"{{ session.refreshToken ?? \"\" }}"}}"#, false),
        (r#"{"url":"/x","json":{"t":"{{ session.accessToken }}"}}"#, false),
        (r#"[{"query":"q"}]"#, false),
        (r#"[{"query":"q","params":{"t":"{{ session.refreshToken }}"}}]"#, true),
        (r#"[{"define":{"T":"{{ session.refreshToken }}"}}]"#, true),
    ];
    for (flow, needs) in rows {
        assert_eq!(program(flow).needs_refresh_token(), needs, "{flow}");
    }
}

#[test]
fn a_step_that_asks_whether_there_is_a_refresh_token_needs_none_where_another_goes_on_without() {
    let by = |when: &str, token: &str| {
        format!(r#"{{"when":"{{{{ {when} }}}}","request":{{"url":"/x","json":{{"t":"{{{{ session.{token} }}}}"}}}}}}"#)
    };
    let with = |when| by(when, "refreshToken");
    let without = by("(session.refreshToken ?? '') == ''", "accessToken");
    let always = |token: &str| by("true", token);
    let has = "(session.refreshToken ?? '') != ''";
    let rows = [
        ([with(has), without.clone()], false),
        ([without.clone(), with(has)], false),
        ([with("session.refreshToken ?? false"), without.clone()], false),
        ([with("inputs.refresh_token ?? false"), always("accessToken")], false),
        // What comes before is no answer.
        ([always("accessToken"), with(has)], true),
        // Without `??` the question itself fails.
        ([with("session.refreshToken"), without.clone()], true),
        ([with("store.theme == 1"), without.clone()], true),
        ([with(has), always("refreshToken")], true),
        // Nothing would be left to give an answer.
        ([with(has), r#"{"define":{"A":"1"}}"#.to_owned()], true),
        ([r#"{"define":{"A":"1"}}"#.to_owned(), without], false),
    ];
    for (steps, needs) in rows {
        let flow = format!("[{}]", steps.join(","));
        assert_eq!(program(&flow).needs_refresh_token(), needs, "{flow}");
    }
}

#[test]
fn the_origins_of_a_program_are_those_that_no_template_can_change() {
    let rows = [
        (r#"{"url":"https://a.example/x"}"#, "https://a.example"),
        (r#"{"url":"https://a.example"}"#, "https://a.example"),
        (r#"{"url":"/token"}"#, "https://app.example"),
        (r#"{"url":"https://a.example/{{ inputs.x }}"}"#, "https://a.example"),
        (r#"{"url":"/users/{{ inputs.x }}"}"#, "https://app.example"),
        (r#"{"url":"https://a.example{{ inputs.x }}"}"#, ""),
        (r#"{"url":"https://{{ inputs.x }}/x"}"#, ""),
        (r#"{"url":"{{ inputs.x }}/x"}"#, ""),
        (r#"{"url":"//a.example/x"}"#, ""),
        (r#"{"url":"/{{ inputs.x }}"}"#, "https://app.example"),
        (
            r#"[{"query":"q"},{"request":{"url":"https://a.example/"}},{"request":{"url":"https://b.example/"}}]"#,
            "https://a.example https://b.example",
        ),
    ];
    for (flow, origins) in rows {
        let mut found = Vec::new();
        program(flow).add_origins(Some("https://app.example"), &mut found);
        assert_eq!(found.join(" "), origins, "{flow}");
    }
}

#[test]
fn metadata_are_needed_where_any_part_of_a_sign_in_elsewhere_names_them() {
    let flow = |more: &str| {
        let authorize = r#""endpoint": "https://op.example/auth", "clientId": "app", "token": false"#;
        program(&[r#"[{ "authorize": { "#, authorize, more, " } }]"].concat()).needs_metadata()
    };
    assert!(!flow(""));
    assert!(flow(r#", "params": { "audience": "{{ metadata.issuer }}" }"#));
    assert!(flow(r#", "redirectUri": "{{ metadata.issuer }}/back""#));
}
