//! What comes back from a sign-in elsewhere: addresses, what is kept of it, metadata, ID tokens.

use doorkey::core::oauth::address::Address;
use doorkey::core::oauth::id_token::{Expected, subject, verify};
use doorkey::core::oauth::metadata::{addresses, read, recall};
use doorkey::core::oauth::pending::{Pending, find, outdated};
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;
use proptest::prelude::*;

use super::harness::Target;
use super::platform::PLATFORM;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

#[test]
fn answer() {
    Target {
        name: "answer",
        pieces: r##"
            https://a.example/cb http:// ? & # = / % %2 %2F code= state= iss= error= doorkey= session_state=x + é
            { } [ ] " : , "id": "redirectUri": "bind": "tab" "answer": "at": 1 "run": "issuer": "token_endpoint":
            . eyJhbGciOiJSUzI1NiJ9 eyJpc3MiOiJ4In0 null {tenantid}
        "##,
        check,
    }
    .run();
}

/// Nothing panics; an address is cleaned for good, and keeps what is not an answer's.
fn check(text: &str) -> Result<(), TestCaseError> {
    let address = Address::parse(text);
    let clean = address.cleaned(&[Value::from("secret")]);
    prop_assert!(clean.len() <= text.len());
    let again = Address::parse(&clean);
    prop_assert_eq!(again.cleaned(&[Value::from("secret")]), clean.clone());
    for name in ["code", "state", "secret"] {
        prop_assert_eq!(again.param(name), None);
    }
    let kept = [("key".to_owned(), text.into())];
    if let Some((_, pending)) = find(&address, &kept, NOW, PLATFORM) {
        prop_assert!(!pending.id().is_empty());
    }
    prop_assert!(outdated(&kept, NOW, PLATFORM).len() <= 1);
    if let Some(pending) = Pending::from_text(&text.into(), PLATFORM) {
        prop_assert_eq!(Pending::from_text(&pending.to_text(), PLATFORM), Some(pending.clone()));
        drop(pending.read(&address, None));
    }
    let value = Value::from(text);
    drop((addresses(text), read(&value, text), recall(&value, text, NOW, PLATFORM), subject(text, PLATFORM)));
    if let Some(parsed) = (PLATFORM.parse_json)(text) {
        prop_assert!(read(&parsed, "x").is_err() || parsed.member("issuer").is_some());
    }
    let expected = Expected { issuer: "x", client_id: "y", nonce: None, subject: None, server_now: Some(NOW) };
    prop_assert!(verify(text, &expected, PLATFORM).is_err(), "nobody signs in by chance");
    Ok(())
}
