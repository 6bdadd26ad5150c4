//! Every option, and what is refused.
#![allow(clippy::expect_used)] // A test that panics has failed, and says where.

use super::*;
use crate::core::error::Code;
use crate::core::testing::json;
use crate::core::value::{ForeignKind, HostRef};

fn parse(options: &str) -> Options {
    Options::parse(&json(options)).unwrap_or_else(|error| panic!("{options}: {error:?}"))
}

#[test]
fn every_option_misspelt_or_ill_typed_is_refused_with_its_path() {
    let rows = [
        (r#"{"nmae":"x"}"#, "nmae"),
        (r#"{"name":""}"#, "name"),
        (r#"{"name":7}"#, "name"),
        ("{\"name\":\"a\u{fffd}\"}", "name"),
        (r#"{"host":7}"#, "host"),
        (r#"{"host":{"navigateTo":7}}"#, "host.navigateTo"),
        (r#"{"host":{"store":7}}"#, "host.store"),
        (r#"{"flows":[]}"#, "flows"),
        (r#"{"flows":{"signIn":{"url":"/x"}}}"#, "flows.signIn"),
        (r#"{"flows":{"signin":7}}"#, "flows.signin"),
        (r#"{"flows":{"refresh":{"url":7}}}"#, "flows.refresh.url"),
        (r#"{"provider":7}"#, "provider"),
        (r#"{"provider":{"flow":{}}}"#, "flow"),
        (r#"{"tokens":true}"#, "tokens"),
        (r#"{"tokens":{"access":"a"}}"#, "tokens.access"),
        (r#"{"tokens":{"accessToken":7}}"#, "tokens.accessToken"),
        (r#"{"pages":"Home"}"#, "pages"),
        (r#"{"pages":{"hom":"Home"}}"#, "pages.hom"),
        (r#"{"pages":{"home":""}}"#, "pages.home"),
        (r#"{"storage":"disk"}"#, "storage"),
        (r#"{"storage":7}"#, "storage"),
        (r#"{"expose":"token"}"#, "expose"),
        (r#"{"expose":{"idToken":"i"}}"#, "expose.idToken"),
        (r#"{"expose":{"accessToken":7}}"#, "expose.accessToken"),
        (r#"{"expose":{"refreshToken":"doorkey"}}"#, "expose.refreshToken"),
        (r#"{"keep":"user"}"#, "keep"),
        (r#"{"keep":["a",""]}"#, "keep[1]"),
        (r#"{"name":"a","keep":["b","a"]}"#, "keep[1]"),
        (r#"{"attach":[]}"#, "attach"),
        (r#"{"attach":{"header":{}}}"#, "attach.header"),
        (r#"{"attach":{"origins":"https://a.example"}}"#, "attach.origins"),
        (r#"{"attach":{"origins":["https://a.example","a.example"]}}"#, "attach.origins[1]"),
        (r#"{"attach":{"origins":["*"]}}"#, "attach.origins[0]"),
        (r#"{"attach":{"origins":["https://a.example:65535","https://a.example:99999"]}}"#, "attach.origins[1]"),
        (r#"{"attach":{"origins":["https://a.example:"]}}"#, "attach.origins[0]"),
        (r#"{"issuer":"https://a.example:65536/realm"}"#, "issuer"),
        (r#"{"pages":{"login":"https://a.example:99999"}}"#, "pages.login"),
        (r#"{"pages":{"home":"https://a.example:x/home"}}"#, "pages.home"),
        (r#"{"endSession":{"endpoint":"https://a.example:99999/out"}}"#, "endSession.endpoint"),
        (r#"{"endSession":{"returnTo":"https://a.example:99999/out"}}"#, "endSession.returnTo"),
        (r#"{"flows":{"signin":{"url":"https://a.example:99999/in"}}}"#, "flows.signin.url"),
        (
            r#"{"flows":{"check":[{"request":{"url":"https://a.example:7a/{{ inputs.x }}"}}]}}"#,
            "flows.check[0].request.url",
        ),
        (
            r#"{"flows":{"signin":[{"authorize":{"endpoint":"https://a.example:99999"}}]}}"#,
            "flows.signin[0].authorize.endpoint",
        ),
        (
            r#"{"flows":{"signin":[{"authorize":{"token":"https://a.example:99999"}}]}}"#,
            "flows.signin[0].authorize.token",
        ),
        (
            r#"{"flows":{"signin":[{"authorize":{"redirectUri":"https://a.example:99999/cb"}}]}}"#,
            "flows.signin[0].authorize.redirectUri",
        ),
        (r#"{"flows":{"signin":[{"authorize":{"redirectUri":"/cb"}}]}}"#, "flows.signin[0].authorize.redirectUri"),
        ("{\"expose\":{\"accessToken\":\"\u{fffd}\"}}", "expose.accessToken"),
        ("{\"expose\":{\"expiresAt\":\"at \u{fffd}\"}}", "expose.expiresAt"),
        ("{\"keep\":[\"a\",\"user.\u{fffd}\"]}", "keep[1]"),
        ("{\"tokens\":{\"accessToken\":\"\u{fffd}\"}}", "tokens.accessToken"),
        ("{\"flows\":{\"signin\":[{\"query\":\"q\",\"id\":\"\u{fffd}\"}]}}", "flows.signin[0].id"),
        ("{\"flows\":{\"signin\":[{\"define\":{\"\u{fffd}\":\"x\"}}]}}", "flows.signin[0].define.\u{fffd}"),
        (
            "{\"flows\":{\"signin\":[{\"form\":{\"fields\":[{\"name\":\"\u{fffd}\"}]}}]}}",
            "flows.signin[0].form.fields[0].name",
        ),
        (r#"{"attach":{"headers":{"A":7}}}"#, "attach.headers.A"),
        (r#"{"attach":{"headers":{"a:b":"c"}}}"#, "attach.headers.a:b"),
        (r#"{"attach":{"query":"a=1"}}"#, "attach.query"),
        (r#"{"attach":{"body":[]}}"#, "attach.body"),
        (r#"{"attach":{"csrf":"token"}}"#, "attach.csrf"),
        (r#"{"attach":{"csrf":{"cookie":"c"}}}"#, "attach.csrf.header"),
        (r#"{"attach":{"csrf":{"header":"h"}}}"#, "attach.csrf.cookie"),
        (r#"{"refresh":60}"#, "refresh"),
        (r#"{"refresh":{"before":60}}"#, "refresh.before"),
        (r#"{"refresh":{"beforeExpirySeconds":-1}}"#, "refresh.beforeExpirySeconds"),
        (r#"{"refresh":{"beforeExpirySeconds":"60"}}"#, "refresh.beforeExpirySeconds"),
        (r#"{"refresh":{"status":401}}"#, "refresh.status"),
        (r#"{"refresh":{"status":"all"}}"#, "refresh.status"),
        (r#"{"refresh":{"status":[]}}"#, "refresh.status"),
        (r#"{"refresh":{"status":[401,"403"]}}"#, "refresh.status[1]"),
        (r#"{"refresh":{"status":[600]}}"#, "refresh.status[0]"),
        (r#"{"refresh":{"everySeconds":0}}"#, "refresh.everySeconds"),
        (r#"{"refresh":{"everySeconds":true}}"#, "refresh.everySeconds"),
        (r#"{"refresh":{"everyQuery":1}}"#, "refresh.everyQuery"),
        (r#"{"crossTab":"locks"}"#, "crossTab"),
        (r#"{"crossTab":false}"#, "crossTab"),
        (r#"{"timeoutSeconds":0}"#, "timeoutSeconds"),
        (r#"{"timeoutSeconds":"30"}"#, "timeoutSeconds"),
        (r#"{"idleSeconds":-5}"#, "idleSeconds"),
        (r#"{"maxAgeSeconds":null}"#, "maxAgeSeconds"),
    ];
    for (options, path) in rows {
        let error = Options::parse(&json(options)).expect_err("it is refused");
        assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some(path)), "{options}");
    }
    for nothing in [Value::Undefined, Value::Null, Value::from("x"), json("[]")] {
        assert_eq!(Options::parse(&nothing).map_err(|error| error.code), Err(Code::InvalidOption));
    }
}

#[test]
fn an_address_whose_port_is_not_whole_or_empty_is_taken() {
    for url in [
        "https://a.example:{{ inputs.port }}/in",
        "https://a.example:99999{{ inputs.x }}",
        "https://a.example:/in",
        "/in:99999",
    ] {
        parse(&format!(r#"{{"flows":{{"signin":{{"url":"{url}"}}}}}}"#));
    }
    let options = parse(r#"{"attach":{"origins":["https://a.example:0443","https://b.example:08443"]}}"#);
    let origins = ["https://a.example", "https://b.example:8443"].map(str::to_owned);
    assert_eq!(options.attach.origins, Some(origins.into()), "as browsers write them");
}

#[test]
fn a_relative_redirect_uri_is_told_what_to_write() {
    let error = Options::parse(&json(r#"{"flows":{"signin":[{"authorize":{"redirectUri":"/cb"}}]}}"#))
        .expect_err("it is refused");
    assert_eq!(error.message, "must be an absolute address: https://app.example.com/callback");
}

#[test]
fn a_bad_template_is_told_where_options_are_given() {
    let rows = [
        (r#"{"attach":{"headers":{"A":"{{ session. }}"}}}"#, "attach.headers.A"),
        (r#"{"attach":{"body":{"a":["{{"]}}}"#, "attach.body.a[0]"),
        (r#"{"refresh":{"everySeconds":"{{ 1 + 1 }}"}}"#, "refresh.everySeconds"),
        (r#"{"flows":{"check":[{"query":"q","when":"{{ a b }}"}]}}"#, "flows.check[0].when"),
    ];
    for (options, path) in rows {
        let error = Options::parse(&json(options)).expect_err("it is refused");
        assert_eq!((error.code, error.path.as_deref()), (Code::Template, Some(path)), "{options}");
        assert!(error.message.contains("line 1, column"), "{}", error.message);
    }
}

#[test]
fn what_is_not_given_has_its_default() {
    let options = parse("{}");

    assert_eq!(options.name, "doorkey");
    assert_eq!((options.storage, options.cross_tab), (None, CrossTab::Lock));
    assert_eq!((options.timeout, options.idle, options.max_age), (Millis(30_000), None, None));
    assert_eq!((options.refresh.before, options.refresh.statuses.as_slice()), (None, [401].as_slice()));
    assert!(!options.refresh.every_query && options.refresh.every.is_undefined());
    assert!(options.attach.is_default && options.attach.origins.is_none());
    assert!(matches!(&options.attach.headers, Shape::Map(headers) if headers.len() == 1));
    assert!(!options.tokens.cookie && options.keep.is_empty());
}

#[test]
fn what_the_builder_sets_wins_over_the_provider() {
    let options = parse(
        r#"{
            "provider": {
                "flows": { "signin": { "url": "/p/in" }, "refresh": { "url": "/p/new", "json": {} } },
                "tokens": { "accessToken": "p.a", "refreshToken": "p.r" }, "keep": ["p"]
            },
            "flows": { "refresh": { "url": "/own" } }, "tokens": { "accessToken": "own[0].token" }, "keep": ["own"]
        }"#,
    );

    let refresh = options.flow(FlowName::Refresh).map(|program| format!("{program:?}")).unwrap_or_default();
    assert!(options.flow(FlowName::Signin).is_some());
    assert!(refresh.contains("/own") && !refresh.contains("Json"), "an endpoint is one thing: {refresh}");
    assert_eq!(options.tokens.paths[0].as_deref(), Some("own.0.token"));
    assert_eq!(options.tokens.paths[1].as_deref(), Some("p.r"));
    assert_eq!(options.keep, ["own"]);
}

#[test]
fn origins_are_kept_as_browsers_write_them() {
    let options = parse(r#"{"attach":{"origins":["HTTPS://A.Example:443","http://b.example:80","app://main"]}}"#);

    assert_eq!(
        options.attach.origins,
        Some(vec!["https://a.example".to_owned(), "http://b.example".to_owned(), "app://main".to_owned()])
    );
}

#[test]
fn statuses_cover_what_they_say() {
    let covers = |refresh: &str, status| parse(&[r#"{"refresh":"#, refresh, "}"].concat()).refresh.covers(status);

    assert!(covers("{}", 401) && !covers("{}", 403));
    assert!(covers(r#"{"status":[403,419]}"#, 419) && !covers(r#"{"status":[403,419]}"#, 401));
    let rest = r#"{"status":"non-2xx"}"#;
    assert!(covers(rest, 500) && covers(rest, 302) && !covers(rest, 204));
}

#[test]
fn something_of_the_hosts_where_data_belongs_is_refused() {
    let mut options = Map::new();
    options.set("keep", Value::Foreign(HostRef::new(ForeignKind::Function, 0)));

    let error = Options::parse(&Value::Map(options)).expect_err("it is refused");

    assert_eq!(error.path.as_deref(), Some("keep"));
}
