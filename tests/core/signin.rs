//! `signin`.

use doorkey::core::effect::EventKind;
use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::value::Value;

use crate::testing::json;
use crate::world::World;

#[test]
fn it_stores_the_tokens_and_goes_home() {
    let mut world = World::with("{}");

    let outcome = world.sign_in(0);

    let expires_at = world.status(0, "expiresAt");
    assert_eq!(outcome.member("ok"), Some(&Value::Bool(true)));
    assert_eq!(outcome.member("navigated"), Some(&Value::Bool(true)));
    assert_eq!(outcome.member("expiresAt"), Some(&expires_at));
    assert_eq!(world.tabs[0].navigations, ["Home"]);
    assert_eq!(world.told(0), [(EventKind::SignedIn, None)]);
    assert!(world.disk.record.as_ref().unwrap().contains("canary-refresh-0-1"));
    assert!(world.is_signed_in(0));
}

#[test]
fn a_wrong_password_stores_nothing_and_stays() {
    let mut world = World::with("{}");

    let inputs = json(r#"{ "email": "ada@example.com", "password": "canary-wrong" }"#);
    let outcome = world.run(0, Call::Signin(inputs));

    let error = outcome.unwrap_err();
    assert_eq!((error.code, error.status), (Code::InvalidCredentials, Some(401)));
    assert_eq!(error.message, "Wrong e-mail or password");
    assert_eq!(world.disk.record, None);
    assert!(world.tabs[0].navigations.is_empty());
    assert_eq!(world.told(0), [(EventKind::Failed, Some("ERR_INVALID_CREDENTIALS"))]);
}
