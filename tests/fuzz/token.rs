//! Answers of servers, in which the tokens are looked for.

use doorkey::core::record::envelope::{Record, State};
use doorkey::core::time::UnixMillis;
use doorkey::core::token::{Answer, TokenPaths, Tokens, claims};
use doorkey::core::value::{Map, Value};
use proptest::prelude::*;

use super::harness::Target;
use super::platform::PLATFORM;

#[test]
fn token() {
    Target {
        name: "token",
        pieces: r#"
            { } [ ] : , "data" "session" "tokens" "AuthenticationResult" "access_token" "accessToken"
            "token" "jwt" "refresh_token" "refresh" "id_token" "token_type" "expires_in" "expires_in_ms"
            "expires" "expires_at" "expiresAt" "3600" "secret-token-1"
            "e30.eyJleHAiOjE3MDAwMDM2MDAsImlhdCI6MTcwMDAwMDAwMH0.x" "e30.e30." "e30.eyJleHAiOjFlMzA4fQ."
            null true 0 -1 3600 1e300 9007199254740992 1700003600 1700003600000 0.5 "" "2023-11-14"
        "#,
        check,
    }
    .run();
}

/// Reading never panics; the tokens that are found can be stored and are read again; they renew others; no text shows them.
fn check(text: &str) -> Result<(), TestCaseError> {
    claims(text, PLATFORM);
    let Some(value) = (PLATFORM.parse_json)(text) else {
        return Ok(());
    };
    let mut variables = Map::new();
    variables.set("accessToken", value.clone());
    let path = TokenPaths {
        paths: ["data.0.token", "refresh", "", "data", "expires_in", "expires_at", "expires_in"]
            .map(|path| Some(path.to_owned())),
        ..TokenPaths::default()
    };
    let cookie = TokenPaths { cookie: true, ..TokenPaths::default() };
    for (variables, paths) in [
        (&Map::new(), TokenPaths::default()),
        (&Map::new(), path),
        (&Map::new(), cookie),
        (&variables, TokenPaths::default()),
    ] {
        for server_date in [None, Some(UnixMillis(1_700_000_000_000)), Some(UnixMillis(u64::MAX))] {
            let answer = Answer { value: &value, variables, server_date, received_at: UnixMillis(1_700_000_000_000) };
            if let Ok(tokens) = Tokens::read(&answer, &paths, PLATFORM) {
                check_tokens(tokens)?;
            }
        }
    }
    Ok(())
}

fn check_tokens(tokens: Tokens) -> Result<(), TestCaseError> {
    prop_assert!(tokens.expires_at.is_none_or(|at| at >= tokens.received_at), "expired on arrival");
    for secret in [&tokens.access, &tokens.refresh, &tokens.id].into_iter().flatten() {
        prop_assert!(!secret.expose().is_empty(), "an empty token");
    }
    let shown = format!("{tokens:?}");
    prop_assert!(!shown.contains("secret-token-1"), "Debug shows a token");

    let renewed = tokens.renewed(Tokens { variables: Map::new().into(), refresh: None, ..tokens.clone() });
    prop_assert_eq!(&renewed.refresh, &tokens.refresh, "a refresh without a refresh token keeps the old one");

    let record = Record::default().next(State::Live(tokens.into()), UnixMillis(1_700_000_000_000));
    let stored = record.to_text().into_exposed();
    let read = Record::from_text(&stored, PLATFORM);
    prop_assert!(read.is_some(), "what is stored can't be read: {stored}");
    prop_assert_eq!(
        read.as_ref().and_then(Record::tokens).map(|tokens| tokens.to_scope()),
        record.tokens().map(|tokens| tokens.to_scope())
    );
    // A defined variable may be `undefined`, which is never stored.
    let has_undefined =
        |tokens: &std::sync::Arc<Tokens>| tokens.variables.data().iter().any(|(_, value)| *value == Value::Undefined);
    prop_assert!(read == Some(record.clone()) || record.tokens().is_some_and(has_undefined), "{stored}");
    Ok(())
}
