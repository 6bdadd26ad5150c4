//! Options, as a builder gives them: a bad one is refused with its path, and a good one opens a session.

use doorkey::core::error::Code;
use doorkey::core::input::Input;
use doorkey::core::options::{Options, Storage};
use doorkey::core::session::{Session, Setting};
use doorkey::core::time::UnixMillis;
use proptest::prelude::*;

use super::harness::Target;
use super::platform::PLATFORM;

#[test]
fn options() {
    Target {
        name: "options",
        pieces: r#"
            { } [ ] : , "name" "flows" "signin" "refresh" "revoke" "check" "provider" "tokens" "pages" "home" "login"
            "storage" "local" "host" "expose" "accessToken" "keep" "attach" "origins" "headers" "query" "body" "csrf"
            "cookie" "header" "status" "non-2xx" "everySeconds" "everyQuery" "when" "crossTab" "off" "timeoutSeconds"
            "idleSeconds" "maxAgeSeconds" "beforeExpirySeconds" "https://a.example" "url" "/x" "json" "form" "request"
            "{{ session.refreshToken }}" "{{ a" "" true false null 0 -1 401 1e300 0.001
        "#,
        check,
    }
    .run();
}

/// Parsing never panics, says the same twice, and names the place of what is wrong.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Some(value) = (PLATFORM.parse_json)(text) else { return Ok(()) };
    let parsed = Options::parse(&value);
    prop_assert_eq!(&parsed, &Options::parse(&value));
    let options = match parsed {
        Ok(options) => options,
        Err(error) => {
            prop_assert!(matches!(error.code, Code::InvalidOption | Code::Template), "{:?}", error.code);
            prop_assert!(error.path.as_deref().is_some_and(|path| !path.is_empty()) && !error.message.is_empty());
            return Ok(());
        }
    };
    let now = UnixMillis(1_700_000_000_000);
    let (storage, found) = (Storage::Memory, String::new());
    let setting = Setting { platform: PLATFORM, base: None, storage, seed: 1, visible: true, found };
    let mut session = Session::new(options, setting, now);
    session.handle(Input::Dispose, now);
    while session.poll_effect().is_some() {}
    prop_assert!(session.poll_timeout().is_none(), "a disposed session waits for nothing");
    Ok(())
}
