//! Every code that can occur, each brought about once; and the texts of the codes.

use doorkey::core::arguments::key;
use doorkey::core::error::{AuthError, Code};
use doorkey::core::flow::program::Program;
use doorkey::core::input::{Call, Input};
use doorkey::core::options::Options;
use doorkey::core::time::Millis;
use doorkey::core::value::Value;
use doorkey::core::vocabulary::GuardedPage;

use crate::testing::json;
use crate::world::host::{Reply, function, query};
use crate::world::options::{usual, usual_with};
use crate::world::server::Fault;
use crate::world::{HOUR, SECOND, World, credentials, other_credentials};

fn fails(outcome: Result<Value, AuthError>) -> AuthError {
    outcome.expect_err("it fails")
}

/// A sign-in in which the host's function comes to this.
fn sign_in_by(reply: Reply) -> AuthError {
    let mut world = World::with_options(&usual_with("{}", &[("flows.signin", function("sign_in"))]));
    world.host.on("sign_in", [reply]);
    fails(world.run(0, Call::Signin(credentials().into())))
}

/// A sign-in that meets a fault of the server.
fn sign_in_at(fault: Fault) -> AuthError {
    let mut world = World::with("{}");
    world.server.fail("/login", [fault]);
    fails(world.run(0, Call::Signin(credentials().into())))
}

/// A forced refresh that meets a fault of the server.
fn refresh_at(fault: Fault) -> AuthError {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [fault]);
    fails(world.refresh(0, true))
}

fn superseded() -> AuthError {
    let mut world = World::with("{}");
    let first = world.call(0, Call::Signin(other_credentials().into()));
    world.sign_in(0);
    fails(world.wait(first))
}

fn disposed() -> AuthError {
    let mut world = World::with("{}");
    world.input(0, Input::Dispose);
    fails(world.run(0, Call::Check))
}

fn refused_write(fault: Code) -> AuthError {
    let mut world = World::with("{}");
    world.disk.value_fault = Some(fault);
    fails(world.run(0, Call::StoreValue("a".to_owned(), "1".into(), true)))
}

fn step(script: Reply) -> AuthError {
    let mut options = usual("{}");
    let steps = Value::List(vec![Value::Map([("script".to_owned(), function("js"))].into_iter().collect())]);
    let Value::Map(map) = &mut options else { unreachable!("options are an object") };
    let Some(Value::Map(mut flows)) = map.remove("flows") else { unreachable!("there are flows") };
    flows.set("signin", steps);
    map.set("flows", Value::Map(flows));
    let mut world = World::with_options(&options);
    world.host.on("js", [script]);
    fails(world.run(0, Call::Signin(credentials().into())))
}

fn template() -> AuthError {
    let flow = r#"{ "flows": { "signin": { "url": "https://auth.example/login", "json": "{{ inputs.nothing }}" } } }"#;
    let mut world = World::with(flow);
    fails(world.run(0, Call::Signin(credentials().into())))
}

#[test]
fn every_code_that_can_occur_occurs() {
    let host_error = || Reply::Throws(json(r#"{ "message": "boom" }"#));
    let mut rows = vec![
        (Code::SignedOut, "accessToken() without a session", fails(World::with("{}").access_token(0))),
        (Code::SignedOut, "headers() without a session", fails(World::with("{}").run(0, Call::Headers))),
        (Code::RefreshRejected, "a refused refresh", refresh_at(Fault::Status(401, &[], ""))),
        (Code::Server, "a refresh answered with 404", refresh_at(Fault::Status(404, &[], ""))),
        (Code::Server, "a sign-in answered with 418", sign_in_at(Fault::Status(418, &[], ""))),
        (Code::Unreachable, "no network", sign_in_at(Fault::NoNetwork)),
        (Code::Unreachable, "a request that takes too long", sign_in_at(Fault::Silence)),
        (Code::Timeout, "a host call that takes too long", sign_in_by(Reply::Hangs)),
        (Code::Cancelled, "Appsmith's user cancels", sign_in_by(Reply::Throws(json(r#""User cancelled it""#)))),
        (Code::Superseded, "a later sign-in", superseded()),
        (Code::InvalidResponse, "an answer without a token", sign_in_at(Fault::Status(200, &[], "{}"))),
        (Code::InvalidOption, "a misspelt option", Options::parse(&json(r#"{ "nmae": "x" }"#)).expect_err("it fails")),
        (Code::InvalidOption, "an argument", Call::guard(&Value::Null).expect_err("it fails")),
        (Code::InvalidValue, "a bad key", key(&Value::Null).expect_err("it fails")),
        (Code::Template, "an unknown path", template()),
        (Code::Step, "a script that throws", step(host_error())),
        (Code::Host, "a function that throws", sign_in_by(host_error())),
        (Code::StorageDenied, "a write that is denied", refused_write(Code::StorageDenied)),
        (Code::StorageFull, "a write that is too much", refused_write(Code::StorageFull)),
        (Code::CallbackMismatch, "an answer of another server", crate::redirect::mismatch()),
        (Code::Disposed, "a call after dispose()", disposed()),
    ];
    for status in [400, 401, 403, 404, 422] {
        rows.push((Code::InvalidCredentials, "a refused sign-in", sign_in_at(Fault::Status(status, &[], ""))));
    }
    for status in [408, 409, 425, 429, 500, 502, 503, 599] {
        rows.push((Code::Unreachable, "a sign-in in hard times", sign_in_at(Fault::Status(status, &[], ""))));
        rows.push((Code::Unreachable, "a refresh in hard times", refresh_at(Fault::Status(status, &[], ""))));
    }
    for status in [400, 401, 403, 422] {
        rows.push((Code::RefreshRejected, "a refused refresh", refresh_at(Fault::Status(status, &[], ""))));
    }
    for (code, why, error) in &rows {
        assert_eq!(error.code, *code, "{why}: {error:?}");
        assert!(!error.message.is_empty(), "{why} says something");
        assert_eq!(error.code.is_retryable(), matches!(code, Code::Unreachable | Code::Timeout), "{why}");
    }
    // The module's start is not the core's affair.
    let elsewhere = [Code::NotReady];
    for code in Code::ALL {
        assert!(elsewhere.contains(code) || rows.iter().any(|row| row.0 == *code), "{} occurs", code.as_str());
    }
}

#[test]
fn every_code_has_its_text_and_no_other() {
    let texts = [
        "ERR_SIGNED_OUT",
        "ERR_REFRESH_REJECTED",
        "ERR_INVALID_CREDENTIALS",
        "ERR_SERVER",
        "ERR_UNREACHABLE",
        "ERR_TIMEOUT",
        "ERR_CANCELLED",
        "ERR_SUPERSEDED",
        "ERR_INVALID_RESPONSE",
        "ERR_INVALID_OPTION",
        "ERR_INVALID_VALUE",
        "ERR_TEMPLATE",
        "ERR_STEP",
        "ERR_HOST",
        "ERR_STORAGE_DENIED",
        "ERR_STORAGE_FULL",
        "ERR_CALLBACK_MISMATCH",
        "ERR_NOT_READY",
        "ERR_DISPOSED",
    ];
    assert_eq!(Code::WORDS, texts);
}

#[test]
fn every_kind_of_wait_ends() {
    // Each row hangs in another place.
    let place = |name: &str| {
        let mut world = World::with_options(&usual_with("{}", &[("flows.check", query("me"))]));
        world.sign_in(0);
        for function in ["me", "orders"] {
            world.host.on(function, [Reply::Hangs]);
        }
        let call = match name {
            "a commit" | "a write" => {
                world.disk.hangs = true;
                if name == "a commit" {
                    Call::Logout(Default::default())
                } else {
                    Call::StoreValue("a".to_owned(), "1".into(), true)
                }
            }
            "a sign-in's commit" => {
                world.disk.hangs = true;
                Call::Signin(credentials().into())
            }
            "a refresh's read" => {
                world.disk.hangs = true;
                Call::Refresh(true)
            }
            "a lock" => {
                world.locks.holder = Some(crate::world::locks::Owner::Stranger);
                Call::Refresh(true)
            }
            "a request" => {
                world.server.fail("/token", [Fault::Silence]);
                Call::AccessToken(Millis(HOUR))
            }
            "a check" => Call::Check,
            "a query" => Call::run(query("orders"), Value::Undefined).unwrap(),
            "a navigation" => {
                world.host.navigation = Some(Reply::Hangs);
                Call::Guard(GuardedPage::Login)
            }
            other => unreachable!("{other}"),
        };
        (world, call)
    };
    let rows = [
        ("a commit", Ok(())),
        ("a write", Err(Code::Timeout)),
        ("a sign-in's commit", Ok(())),
        ("a refresh's read", Ok(())),
        ("a lock", Ok(())),
        ("a request", Ok(())),
        ("a check", Err(Code::Timeout)),
        ("a query", Err(Code::Timeout)),
        ("a navigation", Ok(())),
    ];
    for (name, expected) in rows {
        let (mut world, call) = place(name);
        let began = world.now;

        let outcome = world.run(0, call);

        assert_eq!(outcome.map(|_| ()).map_err(|error| error.code), expected, "{name}");
        assert!(world.now - began <= 61 * SECOND, "{name} took {} ms", world.now - began);
    }
}

#[test]
fn a_flow_that_can_not_be_is_refused_when_it_is_given() {
    for flow in [Value::Null, Value::Number(1.0), Value::from("sign_in"), json("[]"), json("{}")] {
        let error = Program::parse(&flow, "flows.signin").expect_err("it is no flow");
        assert_eq!(error.code, Code::InvalidOption, "{flow:?}");
        assert!(error.path.as_deref().unwrap().starts_with("flows.signin"), "{flow:?}");
    }
}
