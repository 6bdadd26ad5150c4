//! The stored form of a session.

use super::*;
use crate::core::testing::PLATFORM;

fn live() -> Record {
    let tokens = Tokens {
        access: Some(Secret::from("a\"ä\n")),
        refresh: Some(Secret::from("r")),
        id: None,
        token_type: Some(Secret::from("Bearer")),
        received_at: UnixMillis(1_800_000_000_123),
        expires_at: Some(UnixMillis(1_800_000_600_123)),
        refresh_expires_at: Some(UnixMillis(1_800_003_600_123)),
        signed_in_at: UnixMillis(1_700_000_000_000),
        variables: Map::from_iter([("T".to_owned(), Value::Number(1.5))]).into(),
        origins: vec!["https://api.example".to_owned()],
        servers: vec!["https://auth.example".to_owned()],
        key: Some("1-0.5-0.25".to_owned()),
    };
    Record {
        generation: 41,
        changed_at: UnixMillis(1_800_000_000_124),
        state: State::Live(Arc::new(tokens)),
        keys: vec!["theme".to_owned(), "__proto__".to_owned()],
        active_at: None,
        pause: Some(Pause { until: UnixMillis(1_800_000_030_000), failures: 3, by_server: true }),
        marks: vec![7],
        cleared_at: Some(UnixMillis(1_700_000_000_001)),
        spared: vec!["theme".to_owned()],
    }
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let empty = Tokens::default();
    for state in [State::Empty, State::SignedOut, State::Expired, State::Live(Arc::new(empty)), live().state] {
        let record = Record { state, ..live() };
        assert_eq!(Record::from_text(record.to_text().expose(), PLATFORM), Some(record));
    }
    let touched = Record { active_at: Some(UnixMillis(7)), ..live() };
    assert_eq!(Record::from_text(touched.to_text().expose(), PLATFORM), Some(touched.clone()));
    let over = touched.next(State::SignedOut, UnixMillis(8)).to_text();
    assert!(!over.expose().contains("activeAt"), "of a session that is over nobody asks");
    assert_eq!(Record::from_text(Record::default().to_text().expose(), PLATFORM), Some(Record::default()));
}

#[test]
fn the_next_record_has_the_next_generation_and_the_same_keys() {
    let next = live().next(State::SignedOut, UnixMillis(7));

    assert_eq!((next.generation, next.changed_at, next.keys), (42, UnixMillis(7), live().keys));
    assert_eq!((next.cleared_at, next.spared), (live().cleared_at, live().spared), "who has slept hears of it later");
}

#[test]
fn a_record_that_is_cut_off_anywhere_is_none() {
    let text = live().to_text().into_exposed();
    for (at, _) in text.char_indices() {
        let (cut, _) = text.split_at(at);
        assert_eq!(Record::from_text(cut, PLATFORM), None, "{cut}");
    }
}

#[test]
fn what_this_code_did_not_write_is_none() {
    let rows = [
        "null",
        "7",
        r#""text""#,
        "[]",
        "{}",
        r#"{"generation":1,"changedAt":1}"#,
        r#"{"v":"1","generation":1,"changedAt":1}"#,
        r#"{"v":0,"generation":1,"changedAt":1}"#,
        r#"{"v":2,"generation":1,"changedAt":1}"#,
        r#"{"v":1.5,"generation":1,"changedAt":1}"#,
        r#"{"v":1,"changedAt":1}"#,
        r#"{"v":1,"generation":1}"#,
        r#"{"v":1,"generation":-1,"changedAt":1}"#,
        r#"{"v":1,"generation":1.5,"changedAt":1}"#,
        r#"{"v":1,"generation":9007199254740992,"changedAt":1}"#,
        r#"{"v":1,"generation":1e300,"changedAt":1}"#,
        r#"{"v":1,"generation":1,"changedAt":"1"}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tombstone":"away"}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tombstone":null}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tombstone":"expired","tokens":{"receivedAt":1,"signedInAt":1}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":null}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"accessToken":"","receivedAt":1,"signedInAt":1}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"accessToken":1,"receivedAt":1,"signedInAt":1}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"receivedAt":1,"signedInAt":1,"expiresAt":null}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"receivedAt":1,"signedInAt":1,"variables":[]}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"tokens":{"receivedAt":1,"signedInAt":1,"origins":["a",1]}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"keys":{}}"#,
        r#"{"v":1,"generation":1,"changedAt":1,"keys":[1]}"#,
    ];
    for text in rows {
        assert_eq!(Record::from_text(text, PLATFORM), None, "{text}");
    }
}

#[test]
fn members_of_later_days_are_not_minded() {
    let text = r#"{"v":1,"generation":3,"changedAt":1,"tombstone":"signedOut","later":{"x":1}}"#;

    assert_eq!(Record::from_text(text, PLATFORM).map(|record| record.generation), Some(3));
}
