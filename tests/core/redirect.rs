//! Sign-in by redirect: the step `authorize`, and what the user comes back with.

use std::collections::BTreeMap;

use doorkey::core::error::{AuthError, Code};
use doorkey::core::failure::Failure;
use doorkey::core::flow::step::StepResult;
use doorkey::core::input::{Answer, Call, CallId, Input, LogoutCall};
use doorkey::core::lite::codec::percent_encode;
use doorkey::core::lite::json::json_of;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{EventKind, GuardedPage};

use crate::testing::json;
use crate::world::host::Reply;
use crate::world::provider::METADATA;
use crate::world::server::Fault;
use crate::world::{MINUTE, World, code};

pub const OPTIONS: &str = r#"{
    "name": "app", "storage": "local", "issuer": "https://op.example", "clientId": "app",
    "flows": {
        "signin": [{ "authorize": { "scope": "openid offline_access" } }],
        "refresh": { "url": "{{ metadata.token_endpoint }}", "form": { "grant_type": "refresh_token", "refresh_token": "{{ session.refreshToken }}", "client_id": "app" } },
        "revoke": { "url": "{{ metadata.revocation_endpoint }}", "form": { "token": "{{ session.refreshToken }}", "client_id": "app" } }
    },
    "pages": { "home": "Home", "login": "Login" }
}"#;

pub fn options() -> Value {
    json(OPTIONS)
}

/// A page that has sent the user to the provider: the call that did, and the address.
pub fn left() -> (World, CallId, String) {
    let mut world = World::with_options(&options());
    let (call, url) = leave(&mut world);
    (world, call, url)
}

pub fn leave(world: &mut World) -> (CallId, String) {
    let call = world.call(0, Call::Signin(json("{}").into()));
    world.advance(1000);
    let url = world.tabs[0].left.last().unwrap_or_else(|| panic!("{:?}", world.outcome(call))).clone();
    (call, url)
}

/// The page comes up at an address; the guard of the login page is asked.
pub fn come_back(world: &mut World, address: &str) -> CallId {
    world.close(0);
    world.reopen(0, &options(), BTreeMap::new());
    world.come_up(0, address);
    world.call(0, Call::Guard(GuardedPage::Login))
}

/// What `signinCallback()` comes to at an address.
pub fn called_back(world: &mut World, address: &str) -> Result<Value, Code> {
    world.close(0);
    world.reopen(0, &options(), BTreeMap::new());
    world.come_up(0, address);
    world.run(0, Call::SigninCallback).map_err(|error| error.code)
}

/// The error for an answer of another server.
pub fn mismatch() -> AuthError {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url).replace("op.example", "evil.example");
    world.close(0);
    world.reopen(0, &options(), BTreeMap::new());
    world.settle();
    let call = world.call_at(0, &back, Call::SigninCallback);
    world.wait(call).expect_err("it is refused")
}

#[test]
fn the_user_leaves_comes_back_and_is_signed_in() {
    let (mut world, call, url) = left();
    assert!(world.is_pending(call), "the call does not settle while the page leaves");
    assert!(url.starts_with("https://op.example/auth?response_type=code&client_id=app&redirect_uri="), "{url}");
    assert!(!url.contains("canary-verifier"), "the verifier stays here");

    let back = world.server.provider.approve(&url);
    let guard = come_back(&mut world, &back);
    assert_eq!(world.tabs[0].address, "https://app.example/login", "the address is clean before anything is awaited");
    assert_eq!(world.tabs[0].stowed.as_ref().map(BTreeMap::len), Some(0), "what was kept works once");

    assert_eq!(world.wait(guard), Ok(Value::Bool(false)), "it has gone to the page after the sign-in");
    assert_eq!(world.tabs[0].navigations, ["Home"]);
    assert_eq!(world.told(0), [(EventKind::SignedIn, None)]);
    assert!(world.is_signed_in(0));
    let sent = &world.server.last("/token").body;
    assert!(sent.as_ref().is_some_and(|body| body.contains("code_verifier=canary-verifier")), "{sent:?}");
    world.trace(0);
}

/// The notes of a trace, each with its reason, its scope and the code of its error.
fn notes(world: &World) -> Vec<(String, String, Option<String>)> {
    let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };
    let word = |step: &Value, name| step.member(name).and_then(Value::as_text).unwrap_or_default().to_owned();
    let is_ours = |step: &&Value| ["leave", "callback"].contains(&word(step, "id").as_str());
    let told = |step: &Value| {
        let code = step.member("error").map(|error| word(error, "code"));
        (word(step, "reason"), step.member("scope").map(json_of).unwrap_or_default(), code)
    };
    steps.iter().filter(is_ours).map(told).collect()
}

#[test]
fn the_trace_tells_what_left_and_what_became_of_the_answer() {
    let note = |reason: &str, scope: &str| (reason.to_owned(), scope.to_owned(), None);
    let failed = |reason: &str, scope: &str, code: &str| (reason.to_owned(), scope.to_owned(), Some(code.to_owned()));
    let (mut world, _, url) = left();
    let [(reason, record, None)] = &notes(&world)[..] else { panic!("{:?}", notes(&world)) };
    assert_eq!(reason, "redirect");
    for part in
        [r#""mode":"redirect""#, r#""issuer":"https://op.example""#, r#""redirectUri":"https://app.example/login""#]
    {
        assert!(record.contains(part), "{part} in {record}");
    }

    let good = world.server.provider.approve(&url);
    let guard = come_back(&mut world, &good);
    assert!(world.wait(guard).is_ok());
    let iss = r#"{"iss":"https://op.example"}"#;
    let begun = [note("address", "{}"), note("record", record)];
    let whole = [&begun[..], &[note("iss", iss), note("id_token", "{}")]].concat();
    assert_eq!(notes(&world), whole);

    let rows = [
        ("op.example", "evil.example", vec![failed("iss", "{}", "ERR_CALLBACK_MISMATCH")]),
        ("code=", "error=access_denied&was=", vec![note("iss", iss), failed("error", "{}", "ERR_CANCELLED")]),
    ];
    for (part, other, expected) in rows {
        let (mut world, _, url) = left();
        let address = world.server.provider.approve(&url).replace(part, other);
        assert!(called_back(&mut world, &address).is_err(), "{address}");
        assert_eq!(notes(&world)[2..], expected, "{address}");
    }
}

#[test]
fn the_page_that_a_sign_in_navigates_to_may_be_shown_before_the_host_says_so() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    world.host.navigation = Some(Reply::Hangs);
    let login = come_back(&mut world, &back);
    while world.tabs[0].navigations.is_empty() {
        world.advance(10);
    }
    let arriving = world.call(0, Call::Guard(GuardedPage::Protected));
    assert_eq!(world.outcome(arriving), Some(Ok(Value::Bool(true))), "a router waits for it");
    assert!(world.is_pending(login), "the host has not said yet that it has navigated");
    assert_eq!(world.wait(login), Ok(Value::Bool(false)), "the login page is left in any case");
}

#[test]
fn all_who_ask_share_one_exchange() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    let guard = come_back(&mut world, &back);
    let others = [
        world.call(0, Call::SigninCallback),
        world.call(0, Call::Signin(json("{}").into())),
        world.call(0, Call::Guard(GuardedPage::Login)),
    ];
    assert_eq!(world.wait(guard), Ok(Value::Bool(false)));
    for other in others {
        assert!(world.wait(other).is_ok());
    }
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn an_address_that_is_no_answer_is_left_alone() {
    let (mut world, _, url) = left();
    let good = world.server.provider.approve(&url);
    for address in [
        "https://app.example/login?code=foreign",
        "https://app.example/login?code=foreign&state=other",
        "https://app.example/login?error=access_denied&state=other",
        "https://app.example/login",
        &good.replace("/login", "/elsewhere"),
    ] {
        let said = called_back(&mut world, address);
        assert_eq!(said.map(|said| said.member("reason").cloned()), Ok(Some("no-callback".into())), "{address}");
        assert_eq!(world.tabs[0].address, address);
        assert_eq!(world.server.count("/token"), 0, "no token request is ever sent for it");
    }
    assert!(called_back(&mut world, &good).is_ok(), "and the sign-in still waits");
}

#[test]
fn an_answer_with_an_empty_code_sends_nothing() {
    let (mut world, _, url) = left();
    let good = world.server.provider.approve(&url);
    let (before, after) = good.split_once("code=").expect("it has a code");
    let rest = after.split_once('&').map_or("", |(_, rest)| rest);
    let said = called_back(&mut world, &format!("{before}code=&{rest}"));
    assert_eq!(said, Err(Code::CallbackMismatch));
    assert_eq!(world.server.count("/token"), 0);
}

#[test]
fn a_used_or_old_answer_is_none() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    assert!(called_back(&mut world, &back).is_ok());
    let stay = LogoutCall { stay: true, ..LogoutCall::default() };
    world.run(0, Call::Logout(stay)).expect("it signs out");
    let again = called_back(&mut world, &back).expect("it is no error");
    assert_eq!(again.member("reason"), Some(&"no-callback".into()));
    assert!(!world.is_signed_in(0));

    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    world.sleep(11 * MINUTE);
    let late = called_back(&mut world, &back).expect("it is no error");
    assert_eq!(late.member("ok"), Some(&Value::Bool(false)));
}

#[test]
fn the_answer_of_another_server_is_refused_before_its_code_or_error_is_looked_at() {
    let evil = ["iss=", &percent_encode("https://evil.example")].concat();
    let own = ["iss=", &percent_encode("https://op.example")].concat();
    for refused in [false, true] {
        for instead in [evil.as_str(), "x=y"] {
            let (mut world, _, url) = left();
            let provider = &mut world.server.provider;
            let back = if refused { provider.refuse(&url, "access_denied") } else { provider.approve(&url) };
            let said = called_back(&mut world, &back.replace(&own, instead));
            assert_eq!(said, Err(Code::CallbackMismatch), "{instead}");
            assert_eq!(world.server.count("/token"), 0);
        }
    }
}

#[test]
fn an_iss_that_nobody_promised_may_be_absent_and_counts_where_it_is_there() {
    for (instead, is_right) in [("x=y", true), ("iss=https%3A%2F%2Fop.example", true), ("iss=evil", false)] {
        let mut world = World::with_options(&options());
        world.server.provider.metadata = METADATA.replace("true", "false");
        let (_, url) = leave(&mut world);
        let back = world.server.provider.approve(&url).replace("iss=https%3A%2F%2Fop.example", instead);
        assert_eq!(called_back(&mut world, &back).is_ok(), is_right, "{instead}");
    }
}

#[test]
fn what_the_provider_refuses_with_is_told() {
    for (error, code) in [("access_denied", Code::Cancelled), ("login_required", Code::InvalidCredentials)] {
        let (mut world, _, url) = left();
        let back = world.server.provider.refuse(&url, error);
        assert_eq!(called_back(&mut world, &back), Err(code));

        let (mut world, _, url) = left();
        let back = world.server.provider.refuse(&url, error);
        let guard = come_back(&mut world, &back);
        assert_eq!(world.wait(guard), Ok(Value::Bool(true)), "the login page may be shown");
        assert_eq!(world.told(0), [(EventKind::Failed, Some(code.as_str()))]);
        assert_eq!(world.tabs[0].notices, [error]);
    }
}

#[test]
fn an_id_token_that_is_not_right_signs_nobody_in_and_its_tokens_are_revoked() {
    for claims in [
        r#"{ "iss": "https://evil.example" }"#,
        r#"{ "aud": "other" }"#,
        r#"{ "nonce": "other" }"#,
        r#"{ "nonce": null }"#,
        r#"{ "exp": 1 }"#,
        r#"{ "sub": "" }"#,
    ] {
        let (mut world, _, url) = left();
        world.server.provider.claims = claims.to_owned();
        let back = world.server.provider.approve(&url);
        assert_eq!(called_back(&mut world, &back), Err(Code::InvalidResponse), "{claims}");
        assert!(!world.is_signed_in(0) && world.tabs[0].navigations.is_empty());
        world.advance(1000);
        assert_eq!(world.server.provider.revoked, ["canary-refresh-0"], "{claims}");
    }
    for alg in ["none", "HS256"] {
        let (mut world, _, url) = left();
        world.server.provider.alg = alg.to_owned();
        let back = world.server.provider.approve(&url);
        assert_eq!(called_back(&mut world, &back), Err(Code::InvalidResponse), "{alg}");
    }
}

#[test]
fn the_session_is_refreshed_at_the_endpoint_of_the_metadata() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    called_back(&mut world, &back).expect("it signs in");
    let asked = world.server.count("/.well-known/openid-configuration");
    assert_eq!(world.refresh(0, true).map(|said| said.member("refreshed").cloned()), Ok(Some(Value::Bool(true))));
    assert_eq!(world.server.count("/token"), 2);
    assert_eq!(world.server.count("/.well-known/openid-configuration"), asked, "the metadata is kept");
}

#[test]
fn metadata_of_another_issuer_sends_nobody_away() {
    for metadata in [
        METADATA.replace("\"issuer\": \"https://op.example\"", "\"issuer\": \"https://evil.example\""),
        METADATA.replace("https://op.example/token", "http://op.example/token"),
    ] {
        let mut world = World::with_options(&options());
        world.server.provider.metadata = metadata;
        let outcome = world.run(0, Call::Signin(json("{}").into()));
        assert_eq!(code(&outcome), Some(Code::InvalidResponse));
        assert!(world.tabs[0].left.is_empty());
    }
}

#[test]
fn a_discovery_that_fails_is_tried_again() {
    let mut world = World::with_options(&options());
    world.server.fail("/.well-known/openid-configuration", [Fault::NoNetwork]);
    let outcome = world.run(0, Call::Signin(json("{}").into()));
    assert_eq!(code(&outcome), Some(Code::Unreachable));
    leave(&mut world);
}

#[test]
fn parameters_are_pushed_where_the_provider_wants_it() {
    let mut world = World::with_options(&options());
    world.server.provider.metadata = METADATA.replace(
        "\"revocation_endpoint\"",
        "\"require_pushed_authorization_requests\": true, \"pushed_authorization_request_endpoint\": \"https://op.example/par\", \"revocation_endpoint\"",
    );
    let (_, url) = leave(&mut world);
    assert_eq!(url, "https://op.example/auth?client_id=app&request_uri=urn%3Apushed%3A0");
    let back = world.server.provider.approve(&url);
    assert!(called_back(&mut world, &back).is_ok());
}

#[test]
fn a_page_that_is_still_there_is_told_and_an_answer_that_comes_after_all_signs_in() {
    let (mut world, call, url) = left();
    let gone = json(r#"{ "code": "ERR_CANCELLED", "message": "the page is back" }"#);
    let id = world.awaited(0);
    world.input(0, Input::Answer(id, Answer::Step(StepResult::Failed(Failure { thrown: gone.into(), cause: None }))));
    assert_eq!(code(&world.wait(call)), Some(Code::Cancelled));

    let back = world.server.provider.approve(&url);
    assert!(called_back(&mut world, &back).is_ok());
    assert!(world.is_signed_in(0));
}

#[test]
fn an_answer_that_comes_to_the_page_itself_settles_its_call() {
    // So it is with a window of its own: the page that began is still there.
    let (mut world, call, url) = left();
    let back = world.server.provider.approve(&url);
    world.come_up(0, &back);
    assert_eq!(world.wait(call).map(|said| said.member("ok").cloned()), Ok(Some(Value::Bool(true))));
    assert!(world.is_signed_in(0));
}

#[test]
fn nothing_navigates_where_nothing_can_be_kept() {
    let mut world = World::with_options(&options());
    world.tabs[0].stowed = None;
    let outcome = world.run(0, Call::Signin(json("{}").into()));
    assert_eq!(code(&outcome), Some(Code::StorageDenied));
    assert!(world.tabs[0].left.is_empty());
}

#[test]
fn a_hundred_that_were_given_up_leave_ten() {
    let mut world = World::with_options(&options());
    for _ in 0..100 {
        leave(&mut world);
    }
    assert_eq!(world.tabs[0].stowed.as_ref().map(BTreeMap::len), Some(10));
}

#[test]
fn a_used_code_is_told_in_the_servers_words() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    world.server.fail(
        "/token",
        [Fault::Status(400, &[], r#"{ "error": "invalid_grant", "error_description": "grant request is invalid" }"#)],
    );
    assert_eq!(called_back(&mut world, &back), Err(Code::InvalidCredentials));
    assert_eq!(world.tabs[0].notices, ["grant request is invalid"]);
}

#[test]
fn what_a_page_keeps_meanwhile_has_no_password() {
    let mut world = World::with_options(&options());
    let inputs = json(r#"{ "email": "ada@example.com", "password": "canary-password" }"#);
    world.call(0, Call::Signin(inputs.into()));
    world.advance(1000);
    let kept: Vec<&String> = world.tabs[0].stowed.iter().flat_map(BTreeMap::values).collect();
    assert!(kept.len() == 1 && kept[0].contains("ada@example.com") && !kept[0].contains("canary-password"), "{kept:?}");
}

#[test]
fn an_endpoint_of_ones_own_says_itself_why_it_refuses_a_code() {
    let token = r#""token": { "url": "{{ metadata.token_endpoint }}", "form": { "code": "{{ code }}" }, "message": "{{ response.body.why }}" }, "scope""#;
    let options = json(&OPTIONS.replacen(r#""scope""#, token, 1));
    let mut world = World::with_options(&options);
    let (_, url) = leave(&mut world);
    let back = world.server.provider.approve(&url);
    world.server.fail("/token", [Fault::Status(400, &[], r#"{ "why": "not today" }"#)]);
    world.close(0);
    world.reopen(0, &options, BTreeMap::new());
    world.come_up(0, &back);
    world.run(0, Call::SigninCallback).unwrap_err();
    assert_eq!(world.tabs[0].notices, ["not today"]);
}
