//! Stored records: anybody can write into a browser's storage.

use doorkey::core::record::envelope::{Record, State};
use doorkey::core::time::UnixMillis;
use proptest::prelude::*;

use super::harness::Target;
use super::platform::PLATFORM;

#[test]
fn envelope() {
    Target {
        name: "envelope",
        pieces: r#"
            { } [ ] : , "v" "generation" "changedAt" "tokens" "tombstone" "keys" "accessToken"
            "refreshToken" "idToken" "tokenType" "receivedAt" "expiresAt" "signedInAt" "variables"
            "signedOut" "expired" "__proto__" "" "x" null true 0 1 2 -1 0.5 1e999 9007199254740991
            9007199254740992 1700000000000 \u0000 \ud800
        "#,
        check,
    }
    .run();
}

/// Reading never panics; a record that was read is written so that it is read again, and can be followed by another.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Some(record) = Record::from_text(text, PLATFORM) else {
        return Ok(());
    };
    let again = Record::from_text(record.to_text().expose(), PLATFORM);
    prop_assert_eq!(again.as_ref(), Some(&record));
    let next = record.next(State::SignedOut, UnixMillis(1_700_000_000_000));
    prop_assert!(next.generation != record.generation);
    prop_assert!(next.tokens().is_none());
    prop_assert_eq!(Record::from_text(next.to_text().expose(), PLATFORM), Some(next));
    Ok(())
}
