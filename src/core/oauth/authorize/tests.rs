use super::*;
use crate::core::flow::scope::{Ambient, FlowScope, Provider};
use crate::core::http::Redirect;
use crate::core::secret::Secret;
use crate::core::section::Faults;
use crate::core::testing::{PLATFORM, json};
use crate::core::values::store::Store;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn parsed(step: &str) -> Result<Authorize, AuthError> {
    let faults = Faults::default();
    let authorize = Authorize::parse(&json(step), Place::root("authorize", &faults));
    faults.verdict().map(|()| authorize)
}

fn prepared() -> Prepared {
    Prepared {
        id: "the-id".into(),
        verifier: "the-verifier".into(),
        challenge: "the-challenge".to_owned(),
        nonce: "the-nonce".into(),
        address: "https://app.example/login?x=1#y".to_owned(),
    }
}

fn metadata() -> Map {
    let metadata = r#"{ "authorization_endpoint": "https://op.example/auth", "token_endpoint": "https://op.example/token", "userinfo_endpoint": "https://op.example/me" }"#;
    json(metadata).as_map().cloned().unwrap_or_default()
}

/// Gives `read` what surrounds the step.
fn with_setting<T>(metadata: Option<&Map>, read: impl FnOnce(&Setting<'_>) -> T) -> T {
    let (store, none, inputs) = (Store::new(PLATFORM), Map::new(), json(r#"{ "email": "a@b.c", "code": "the code" }"#));
    let ambient = Ambient { tokens: None, store: &store, now: NOW, provider: Provider::default() };
    let scope = FlowScope { ambient, inputs: &inputs, results: &none, variables: &none, bare_names: false };
    let provider = Provider { metadata, issuer: Some("https://op.example"), client_id: Some("app") };
    read(&Setting { scope: &scope, provider, now: NOW })
}

fn departed(step: &str) -> Departure {
    tried(step).expect("it departs")
}

fn tried(step: &str) -> Result<Departure, AuthError> {
    let authorize = parsed(step).expect("it is right");
    with_setting(Some(&metadata()), |setting| {
        let redirect_uri = authorize.redirect_uri(&prepared(), setting.scope)?;
        authorize.depart(&prepared(), redirect_uri, setting)
    })
}

#[test]
fn only_pkce_needs_a_digest() {
    let bare = Prepared { challenge: String::new(), ..prepared() };
    for (step, code) in [("{}", Some(Code::NotReady)), (r#"{ "pkce": false }"#, None)] {
        let step = parsed(step).expect("it is right");
        assert_eq!(step.check(&bare).err().map(|error| error.code), code);
        assert_eq!(step.check(&prepared()), Ok(()));
    }
}

#[test]
fn nobody_is_sent_where_a_browser_would_run_something() {
    for endpoint in [
        "javascript:alert(1)//",
        "javascript://op.example/%0aalert(1)",
        "data:text/html,x",
        "java\\nscript:alert(1)",
        "blob:https://a/x",
        " javascript:x",
        "auth",
    ] {
        let error =
            tried(&format!(r#"{{ "endpoint": "{endpoint}" }}"#)).map_err(|error| (error.code, error.path.clone()));
        assert_eq!(error.map(drop), Err((Code::InvalidOption, Some("endpoint".into()))), "{endpoint}");
    }
    for endpoint in ["https://op.example/a", "HTTP://localhost:1/a", "/authorize"] {
        assert!(tried(&format!(r#"{{ "endpoint": "{endpoint}" }}"#)).is_ok(), "{endpoint}");
    }
}

#[test]
fn the_user_is_sent_with_what_the_standards_want_rfc_6749_and_7636() {
    let left = departed("{}");
    assert_eq!(
        left.url().expose(),
        "https://op.example/auth?response_type=code&client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Flogin&scope=openid\
         &state=the-id&nonce=the-nonce&code_challenge=the-challenge&code_challenge_method=S256"
    );
    assert!(!left.url().expose().contains("the-verifier"));
    assert_eq!(left.pending.redirect_uri(), "https://app.example/login");
    assert_eq!(left.pending.text("issuer"), Some("https://op.example"));
}

#[test]
fn a_nonce_goes_with_the_scope_openid_alone() {
    let left = departed(r#"{ "scope": "profile openidx" }"#);
    assert!(!left.url().expose().contains("nonce") && left.pending.text("nonce").is_none());
}

#[test]
fn a_broker_is_spoken_to_in_its_own_words() {
    let left = departed(
        r#"{ "endpoint": "https://b.example/authorize?provider=google&redirect_uri=&state=x&empty=", "bind": "redirectUri",
             "params": { "redirect_to": "{{ inputs.email }}", "redirect_uri": null, "response_type": null, "client_id": null, "scope": null, "nonce": null } }"#,
    );
    assert_eq!(
        left.url().expose(),
        "https://b.example/authorize?provider=google&redirect_to=a%40b.c&code_challenge=the-challenge&code_challenge_method=S256"
    );
    assert_eq!(left.pending.redirect_uri(), "https://app.example/login?doorkey=the-id");
}

#[test]
fn a_parameter_of_the_endpoint_without_a_value_costs_none_of_the_others() {
    let left = departed(r#"{ "endpoint": "https://op.example/auth?flag&p=B2C%201&client_id=own&x=%zz" }"#);
    let url = left.url();
    assert!(
        url.expose().starts_with("https://op.example/auth?p=B2C%201&client_id=own&x=%25zz&response_type=code"),
        "{url:?}"
    );
    assert_eq!(url.expose().matches("client_id=").count(), 1);
}

#[test]
fn an_address_that_a_broker_has_made_stays_whole_where_ours_are_left_out() {
    let made = "https://op.example/auth?response_type=code&client_id=b&state=s&redirect_uri=https%3A%2F%2Fb.example&code_challenge=c&code_challenge_method=S256";
    let left = departed(&format!(
        r#"{{ "endpoint": "{made}", "bind": "redirectUri", "pkce": false,
             "params": {{ "response_type": null, "client_id": null, "scope": null, "nonce": null, "state": null, "redirect_uri": null, "code_challenge": null, "code_challenge_method": null }} }}"#,
    ));
    assert_eq!(left.url().expose(), made);
}

#[test]
fn what_the_endpoint_has_itself_stays_and_counts() {
    let url = "https://op.example/auth?client_id=theirs&scope=openid%20email&nonce=given&prompt=login&state=x&response_type=token&empty=";
    let left = departed(&format!(
        r#"{{ "endpoint": "{url}", "clientId": "ours", "scope": "profile", "params": {{ "prompt": "none" }} }}"#
    ));
    assert_eq!(
        left.url().expose(),
        "https://op.example/auth?client_id=theirs&scope=openid%20email&nonce=given&prompt=login&response_type=code\
         &redirect_uri=https%3A%2F%2Fapp.example%2Flogin&state=the-id&code_challenge=the-challenge&code_challenge_method=S256"
    );
    // What comes back is checked by what has gone there, and the code exchanged for the same client.
    assert_eq!((left.pending.text("clientId"), left.pending.text("nonce")), (Some("theirs"), Some("given")));
    let mut wants = metadata();
    wants.set("require_pushed_authorization_requests", Value::Bool(true));
    wants.set_text("pushed_authorization_request_endpoint", "https://op.example/par");
    let request = left.push(Some(&wants)).expect("it can be").expect("it is asked");
    let body = request.body.as_ref().map_or("", Secret::expose);
    assert!(
        body.contains("client_id=theirs") && body.contains("nonce=given") && body.contains("prompt=login"),
        "{body}"
    );
    let url = left.pushed(&json(r#"{ "request_uri": "urn:x" }"#)).expect("it is right");
    assert!(url.expose().contains("client_id=theirs") && url.expose().contains("request_uri=urn%3Ax"));

    // A nonce goes with the scope openid, wherever that stands.
    let left = departed(r#"{ "endpoint": "https://op.example/auth?scope=email" }"#);
    assert!(!left.url().expose().contains("nonce") && left.pending.text("nonce").is_none());
    let left = departed(r#"{ "endpoint": "https://op.example/auth?scope=openid", "scope": "email" }"#);
    assert_eq!(left.pending.text("nonce"), Some("the-nonce"));
}

#[test]
fn without_a_code_nothing_is_sent_to_a_token_endpoint() {
    let left = departed("{}");
    for step in ["{}", r#"{ "token": "https://o.example/t" }"#] {
        let authorize = parsed(step).expect("it is right");
        let said =
            with_setting(None, |setting| authorize.exchange(&left.pending, "", Some(&metadata()), setting.scope));
        assert_eq!(said.map_err(|error| error.code), Err(Code::CallbackMismatch), "{step}");
    }
}

#[test]
fn the_code_is_exchanged_with_the_stored_address_rfc_6749_section_4_1_3() {
    let authorize = parsed("{}").expect("it is right");
    let left = departed("{}");
    let request =
        with_setting(None, |setting| authorize.exchange(&left.pending, "the code", Some(&metadata()), setting.scope));
    let request = request.expect("it can be").expect("it is asked");
    assert_eq!((request.method.as_str(), request.url.expose()), ("POST", "https://op.example/token"));
    assert_eq!(
        request.body.as_ref().map(Secret::expose),
        Some(
            "grant_type=authorization_code&code=the%20code&redirect_uri=https%3A%2F%2Fapp.example%2Flogin&client_id=app&code_verifier=the-verifier"
        )
    );
    assert_eq!(request.redirect, Redirect::Seen);
}

#[test]
fn a_code_may_go_to_another_endpoint_or_to_later_steps() {
    let left = departed("{}");
    let exchanged = |step: &str| {
        let authorize = parsed(step).expect("it is right");
        with_setting(None, |setting| authorize.exchange(&left.pending, "c", None, setting.scope))
    };
    assert_eq!(exchanged(r#"{ "token": false }"#).map(|request| request.is_some()), Ok(false));
    let at = exchanged(r#"{ "token": "https://o.example/t" }"#).expect("it can be").expect("it is asked");
    assert_eq!(at.url.expose(), "https://o.example/t");
    let own = exchanged(r#"{ "token": { "url": "https://o.example/x", "json": { "code": "{{ inputs.code }}" } } }"#);
    let own = own.expect("it can be").expect("it is asked");
    assert_eq!(own.body.as_ref().map(Secret::expose), Some(r#"{"code":"the code"}"#));
    let nowhere = exchanged("{}").map_err(|error| (error.code, error.message.clone().into_owned()));
    let said = "no token_endpoint is known: give an issuer that has one, or its address".to_owned();
    assert_eq!(nowhere, Err((Code::InvalidOption, said)));
}

#[test]
fn parameters_are_pushed_where_the_server_wants_it_rfc_9126() {
    let left = departed("{}");
    assert_eq!(left.push(Some(&metadata())), Ok(None));
    let mut wants = metadata();
    wants.set("require_pushed_authorization_requests", Value::Bool(true));
    assert!(left.push(Some(&wants)).is_err(), "it must name the endpoint");
    wants.set_text("pushed_authorization_request_endpoint", "https://op.example/par");
    let request = left.push(Some(&wants)).expect("it can be").expect("it is asked");
    assert!(request.body.as_ref().is_some_and(|body| body.expose().contains("state=the-id&nonce=the-nonce")));
    // RFC 9126 section 2.2's own example.
    let answer =
        json(r#"{ "request_uri": "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c", "expires_in": 60 }"#);
    let url = left.pushed(&answer).expect("it is right");
    assert_eq!(
        url.expose(),
        "https://op.example/auth?client_id=app&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c"
    );
    for none in ["{}", r#"{ "request_uri": "" }"#, r#"{ "request_uri": 1 }"#] {
        assert_eq!(left.pushed(&json(none)).map_err(|error| error.code), Err(Code::InvalidResponse), "{none}");
    }
}

#[test]
fn params_are_texts_or_null() {
    for value in ["5", "true", "{\"b\":1}", "[\"x\"]"] {
        for name in ["prompt", "response_type"] {
            let error = parsed(&["{\"params\":{\"", name, "\":", value, "}}"].concat()).expect_err("it is refused");
            assert_eq!(
                (error.code, error.path.clone()),
                (Code::InvalidOption, Some(["authorize.params.", name].concat())),
                "{value}"
            );
        }
    }
    let only = parsed(r#"{ "params": { "response_type": "token" } }"#).expect_err("it is refused");
    assert!(only.message.contains("S256"));
    for fine in ["null", "\"\"", "\"{{ store.a }}\""] {
        assert!(parsed(&["{\"params\":{\"prompt\":", fine, "}}"].concat()).is_ok(), "{fine}");
    }
}

#[test]
fn a_secret_of_the_client_is_refused_with_the_way_out() {
    let rows = [
        ("clientSecret", r#"{ "clientSecret": "hush" }"#),
        ("client_secret", r#"{ "client_secret": "hush" }"#),
        ("params.client_secret", r#"{ "params": { "client_secret": "hush" } }"#),
        (
            "token.form.client_secret",
            r#"{ "token": { "url": "https://op.example/t", "form": { "client_secret": "hush" } } }"#,
        ),
        (
            "token.json.clientSecret",
            r#"{ "token": { "url": "https://op.example/t", "json": { "clientSecret": "hush" } } }"#,
        ),
    ];
    for (path, given) in rows {
        let error = parsed(given).expect_err("it is refused");
        assert_eq!(
            (error.code, error.path.as_deref()),
            (Code::InvalidOption, Some(["authorize.", path].concat().as_str()))
        );
        assert!(error.message.contains("broker"), "{}", error.message);
    }
}

#[test]
fn an_address_to_come_back_to_has_no_fragment_where_it_is_a_redirect_uri() {
    let error = parsed(r#"{ "redirectUri": "https://app.example/#/in" }"#).expect_err("it is refused");
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some("authorize.redirectUri")));
    let error = tried(r#"{ "redirectUri": "{{ concat('https://app.example/', '#x') }}" }"#).expect_err("it is refused");
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some("redirectUri")));
    let brokers = r#"{ "redirectUri": "https://app.example/#/in", "bind": "redirectUri" }"#;
    assert!(tried(brokers).is_ok(), "brokers have rules of their own");
}

#[test]
fn what_the_metadata_lacks_is_told_before_the_page_leaves() {
    let without = |name: &str| {
        let mut metadata = metadata();
        metadata.remove(name);
        let authorize = parsed("{}").expect("it is right");
        with_setting(Some(&metadata), |setting| {
            authorize.depart(&prepared(), "https://app.example/".to_owned(), setting).map_err(|error| error.code)
        })
    };
    assert!(without("userinfo_endpoint").is_ok());
    for name in ["authorization_endpoint", "token_endpoint"] {
        assert_eq!(without(name).map(drop), Err(Code::InvalidResponse), "{name}");
    }
}

#[test]
fn the_scope_is_openid_where_the_metadata_is() {
    for (name, expected) in [("subject_types_supported", Some("openid")), ("scopes_supported", None)] {
        let text = format!(
            r#"{{ "issuer": "https://op.example", "authorization_endpoint": "https://op.example/auth",
            "token_endpoint": "https://op.example/token", "{name}": ["public"] }}"#
        );
        let metadata = crate::core::oauth::metadata::read(&json(&text), "https://op.example").expect("it is right");
        let authorize = parsed("{}").expect("it is right");
        let left = with_setting(Some(&metadata), |setting| {
            authorize.depart(&prepared(), "https://app.example/".to_owned(), setting)
        });
        let params = left.expect("it departs").params;
        assert_eq!(params.data().get("scope").and_then(Value::as_text), expected, "{name}");
    }
}

#[test]
fn without_an_address_there_is_nowhere_to_come_back_to() {
    let authorize = parsed("{}").expect("it is right");
    let nowhere = Prepared { address: String::new(), ..prepared() };
    let error =
        with_setting(None, |setting| authorize.redirect_uri(&nowhere, setting.scope)).expect_err("it is refused");
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidOption, Some("redirectUri")));
}

#[test]
fn what_a_broker_wants_of_its_provider_asks_us_for_no_id_token() {
    let endpoint = "https://op.example/auth?scope=openid%20email&nonce=theirs";
    for token in [r#"false"#, r#"{ "url": "https://broker.example/oauth2" }"#] {
        let step = format!(r#"{{ "endpoint": "{endpoint}", "token": {token} }}"#);
        let authorize = parsed(&step).expect("it is right");
        let left = with_setting(None, |setting| {
            let redirect_uri = authorize.redirect_uri(&prepared(), setting.scope)?;
            authorize.depart(&prepared(), redirect_uri, setting)
        })
        .expect("it departs");
        assert!(left.url().expose().contains("nonce=theirs"), "{token}");
        assert_eq!(left.pending.text("nonce"), None, "{token}");
    }
}

#[test]
fn an_id_token_is_expected_also_where_no_nonce_goes_there_or_one_that_is_no_text() {
    let nonce = |step: &str| departed(step).pending.text("nonce").map(str::to_owned);
    assert_eq!(nonce(r#"{ "scope": "openid", "params": { "nonce": null } }"#).as_deref(), Some(""));
    assert_eq!(nonce(r#"{ "scope": "openid", "params": { "nonce": "{{ 7 }}" } }"#).as_deref(), Some("7"));
    assert_eq!(nonce(r#"{ "scope": "email", "params": { "nonce": "x" } }"#), None);
}

#[test]
fn a_window_may_have_its_answer_by_any_name_that_an_answer_has() {
    let rows = [
        ("error=access_denied", true),
        ("state=x", true),
        ("doorkey=x", true),
        ("userId=a&secret=b", true),
        ("code=x", false),
        ("lang=en", false),
    ];
    for (query, is_answer) in rows {
        let address = ["https://app.example/login?", query].concat();
        for (mode, is_window) in [("popup", true), ("redirect", false)] {
            let step =
                parsed(&format!(r#"{{ "mode": "{mode}", "answer": ["userId", "secret"] }}"#)).expect("it is right");
            assert_eq!(step.may_answer_window(&Address::parse(&address)), is_answer && is_window, "{mode} {query}");
        }
    }
}
