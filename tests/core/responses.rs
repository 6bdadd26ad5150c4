//! What a function or a query gives that is a `Response`: people write `() => fetch(url)`.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::testing::json;
use crate::world::host::{Reply, function, query};
use crate::world::options::usual_with;
use crate::world::server::Fault;
use crate::world::{SECOND, World, credentials, ok};

/// A world whose flow of that name is a function that fetches from there, as good as written as a request.
fn with(flow: &str, path: &'static str) -> World {
    let mut world = World::with_options(&usual_with("{}", &[(flow, function("mine"))]));
    world.host.on("mine", [Reply::Fetches(path)]);
    world
}

#[test]
fn its_body_is_the_answer_of_a_sign_in() {
    for given in [function("mine"), query("mine")] {
        let mut world = World::with_options(&usual_with("{}", &[("flows.signin", given)]));
        world.host.on("mine", [Reply::Fetches("/login")]);
        world.sign_in(0);

        assert_eq!(world.access_token(0), Ok(Value::from("canary-access-0-1")));
        let Value::List(steps) = world.trace(0) else { panic!("a trace is a list") };
        let statuses: Vec<_> = steps.iter().filter_map(|step| step.member("status")).collect();
        assert_eq!(statuses, [&Value::Number(200.0)], "and its status is in the trace");
    }
}

#[test]
fn a_step_gives_its_body() {
    let steps = json(
        r#"[
        { "id": "profile", "query": "profile" },
        { "request": { "url": "https://auth.example/login", "json": "{{ inputs }}" } },
        { "define": { "accessToken": "{{ http1.body.access_token }}", "tenant": "{{ profile.tenant }}" } }
    ]"#,
    );
    let mut world = World::with_options(&usual_with("{}", &[("flows.signin", steps)]));
    world.host.on("profile", [Reply::Fetches("/profile")]);
    world.server.fail("/profile", [Fault::Status(200, &[], r#"{ "tenant": "t1" }"#)]);

    world.sign_in(0);

    assert_eq!(world.disk.record.as_deref().map(|record| record.contains(r#""tenant":"t1""#)), Some(true));
}

#[test]
fn its_status_refuses_a_sign_in_in_the_servers_words() {
    let mut world = with("flows.signin", "/login");
    let busy: &[(&str, &str)] = &[("retry-after", "20")];
    world.server.fail(
        "/login",
        [
            Fault::Status(422, &[], r#"{ "message": "no such user", "code": 7 }"#),
            Fault::Status(503, busy, r#"{ "message": "busy" }"#),
        ],
    );

    let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();
    assert_eq!((error.code, error.status, &*error.message), (Code::InvalidCredentials, Some(422), "no such user"));
    assert_eq!(error.body.member("code"), Some(&Value::Number(7.0)));
    let error = world.run(0, Call::Signin(credentials().into())).unwrap_err();
    assert_eq!((error.code, error.status), (Code::Unreachable, Some(503)));
    assert_eq!(error.retry_at.map(|at| at.0), Some(world.now + 20 * SECOND));
    assert_eq!(world.disk.record, None);
}

#[test]
fn its_status_refuses_a_refresh() {
    let mut world = with("flows.refresh", "/token");
    world.sign_in(0);

    world.refresh(0, true).unwrap();
    assert_eq!(world.access_token(0), Ok(Value::from("canary-access-0-2")));
    world.server.revoke_all();
    world.advance(10 * SECOND);
    let error = world.refresh(0, true).unwrap_err();

    assert_eq!((error.code, error.status), (Code::RefreshRejected, Some(400)));
    assert!(!world.is_signed_in(0));
}

#[test]
fn its_status_is_what_a_check_says() {
    let mut world = with("flows.check", "/me");
    world.sign_in(0);
    let answers = [200, 403, 500].map(|status| Fault::Status(status, &[], "{}"));
    world.server.fail("/me", answers);

    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(true)));
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
    let error = world.run(0, Call::Check).unwrap_err();
    assert_eq!((error.code, error.status), (Code::Unreachable, Some(500)));
    // Of what it answers without the header, 401, it is asked again after a refresh.
    assert_eq!(world.run(0, Call::Check), Ok(Value::Bool(false)));
    assert_eq!((world.server.count("/me"), world.server.count("/token")), (5, 1));
}

#[test]
fn its_status_says_whether_the_tokens_are_revoked() {
    for (status, revoked) in [(204, true), (401, false), (500, false)] {
        let mut world = with("flows.revoke", "/revoke");
        world.sign_in(0);
        world.server.fail("/revoke", [Fault::Status(status, &[], "{}")]);

        let outcome = world.logout(0).unwrap();

        assert_eq!(outcome.member("revoked"), Some(&Value::Bool(revoked)), "{status}");
    }
}

#[test]
fn a_callers_query_gets_its_response_after_a_refresh_where_the_status_is_covered() {
    let run = |extra: &str, statuses: &[u16]| {
        let mut world = World::signed_in(extra);
        world.host.on("orders", [Reply::Fetches("/orders")]);
        let answers: Vec<_> = statuses.iter().map(|status| Fault::Status(*status, &[], "{}")).collect();
        world.server.fail("/orders", answers);
        let outcome = world.run(0, Call::run(query("orders"), Value::Undefined).unwrap());
        world.settle();
        (outcome, world.host.count("orders"), world.server.count("/token"), world.is_signed_in(0))
    };
    let any = r#"{ "refresh": { "status": "non-2xx" } }"#;

    assert_eq!(run("{}", &[401, 200]), (ok("200"), 2, 1, true));
    assert_eq!(run("{}", &[401, 401]), (ok("401"), 2, 1, true));
    assert_eq!(run("{}", &[403]), (ok("403"), 1, 0, true));
    assert_eq!(run(any, &[403, 200]), (ok("200"), 2, 1, true));
    assert_eq!(run(any, &[200]), (ok("200"), 1, 0, true));
    // Nobody is signed out by what is not said to mean that.
    let alone = |status| run(r#"{ "refresh": { "status": "non-2xx" }, "flows": { "refresh": null } }"#, &[status]);
    assert_eq!(alone(404), (ok("404"), 1, 0, true));
    assert_eq!(alone(401), (ok("401"), 1, 0, false));
}

#[test]
fn data_has_no_status_that_could_be_covered() {
    let mut world = World::signed_in(r#"{ "refresh": { "status": "non-2xx" } }"#);
    world.host.on("orders", [Reply::Gives(json("7"))]);

    assert_eq!(world.run(0, Call::run(query("orders"), Value::Undefined).unwrap()), ok("7"));
    assert_eq!(world.server.count("/token"), 0);
}
