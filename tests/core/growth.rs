//! Ten times as many members take about ten times as long, wherever a server or a page decides how many there are.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use doorkey::core::flow::scope::{Ambient, FlowScope, Provider};
use doorkey::core::record::envelope::{Record, State};
use doorkey::core::redact::Secrets;
use doorkey::core::time::UnixMillis;
use doorkey::core::token::Tokens;
use doorkey::core::value::{Map, Value};
use doorkey::core::values::store::Store;

use super::testing::PLATFORM;

/// What is linear takes ten times as long, and what is quadratic a hundred times: between them is room for a busy machine.
const MOST: u32 = 30;

/// Fails when the work on ten times as many members takes far more than ten times as long, several times in a row.
///
/// Each run is so short that on a busy machine, too, some are not interrupted: the shortest of them counts.
fn assert_linear(few: usize, work: impl Fn(usize)) {
    let time = |count| {
        let runs = (0..20).map(|_| {
            let begin = Instant::now();
            work(count);
            begin.elapsed()
        });
        runs.min().unwrap_or_default().max(Duration::from_micros(5))
    };
    let is_linear = |()| time(few * 10) < time(few) * MOST;
    assert!([(); 5].into_iter().any(is_linear), "{few} members: {:?}, {}: {:?}", time(few), few * 10, time(few * 10));
}

/// Keys in the order in which the tests' JSON parser gives them.
fn key(number: usize) -> String {
    format!("key{number:07}")
}

fn map(count: usize) -> Map {
    let mut map = Map::new();
    for number in 0..count {
        map.push(key(number), Value::Number(number as f64));
    }
    map
}

#[test]
fn maps() {
    assert_linear(200, |count| {
        let mut map = Map::new();
        for number in 0..count {
            map.set(key(number), Value::Null);
            map.set(key(number), Value::Bool(true));
        }
        assert_eq!(map.len(), count);
    });
    assert_linear(200, |count| {
        let map = map(count);
        assert!((0..count).all(|number| map.get(&key(number)).is_some() && map.get(&key(count + number)).is_none()));
    });
    assert_linear(200, |count| {
        let (mut forwards, mut backwards) = (map(count), map(count));
        for number in 0..count {
            assert!(forwards.remove(&key(number)).is_some());
            assert!(backwards.remove(&key(count - 1 - number)).is_some());
        }
        assert!(forwards.is_empty() && backwards.is_empty());
    });
}

#[test]
fn a_map_whose_members_come_and_go_stays_small() {
    assert_linear(200, |count| {
        let mut map = map(50);
        for number in 50..count {
            map.push(key(number), Value::Null);
            assert!(map.remove(&key(number - 50)).is_some());
        }
        assert_eq!((map.len(), map.iter().count()), (50, 50));
    });
}

#[test]
fn stores() {
    assert_linear(100, |count| {
        let mut store = Store::new(PLATFORM);
        for number in 0..count {
            store.set(&key(number), "1".to_owned(), true);
            store.set_persisted(&key(number), Some("2".to_owned()));
            store.set(&key(number), "3".to_owned(), number % 2 == 0);
        }
        assert_eq!((store.values().len(), store.keys().len()), (count, count));
        for number in 0..count {
            assert_eq!(store.get(&key(number)), Some("3"));
        }
        let mut removals = Vec::new();
        for number in 0..count {
            let settled = store.settled(&key(number));
            store.remove(&key(number));
            removals.push(store.begin(key(number), settled));
        }
        for (number, removal) in removals.into_iter().enumerate() {
            store.end(removal, number % 2 == 0);
        }
        assert_eq!(store.keys().len(), count / 2);
        for number in 0..count {
            store.remove(&key(number));
        }
        assert!(store.keys().is_empty());
    });
}

#[test]
fn scopes_and_records() {
    let live = |count| Arc::new(Tokens { variables: map(count).into(), ..Tokens::default() });
    assert_linear(200, |count| {
        let (tokens, store, results) = (live(count), Store::new(PLATFORM), map(count));
        let ambient =
            Ambient { tokens: Some(&tokens), store: &store, now: UnixMillis(0), provider: Provider::default() };
        let (inputs, variables) = (Value::Undefined, map(count / 2));
        let scope = FlowScope { ambient, inputs: &inputs, results: &results, variables: &variables, bare_names: false };
        assert_eq!(black_box(scope.to_map()).len(), count + 3);
    });
    assert_linear(100, |count| {
        let record = Record { state: State::Live(live(count)), ..Record::default() };
        assert!(Record::from_text(record.to_text().expose(), PLATFORM) == Some(record));
    });
    let large = Record { state: State::Live(live(100_000)), ..Record::default() };
    assert!(Record::from_text(large.to_text().expose(), PLATFORM) == Some(large));
}

#[test]
fn masking() {
    let answer = |count: usize| {
        let text = |number| Value::Text(format!("eyJhbGciOiJIUzI1NiJ9.{number:07}.+%/"));
        let members: Map = (0..count).map(|number| (format!("token{number:07}"), text(number))).collect();
        members
    };
    assert_linear(200, |count| {
        let (mut secrets, answer) = (Secrets::default(), answer(count));
        secrets.add_members_of(&answer);
        let mut values = Map::new();
        for (key, value) in &answer {
            values.push(format!("{key} a"), Value::Null);
            values.push(
                format!("n{}", values.len()),
                Value::List(vec![value.clone(), Value::from("eyJhbGciOiJIUzI1NiJ9.")]),
            );
        }
        let masked = secrets.mask_map(&values);
        assert_eq!(masked.get("n1"), Some(&Value::List(vec![Value::from("[redacted]"); 2])));
    });
    // Secrets that repeat themselves, in texts that do, too, and texts that end amid them.
    assert_linear(2_000, |count| {
        let (many, mut secrets) = ("A".repeat(count), Secrets::default());
        secrets.add(&many);
        secrets.add(&[&many, "B"].concat());
        for text in [many.repeat(2), [&many, "C"].concat(), ["no: ", &many].concat(), ["B", &many, "..."].concat()] {
            black_box(secrets.mask_text(&text));
        }
    });
    // Secrets that begin with one another, in a text that is full of them.
    assert_linear(200, |count| {
        let mut secrets = Secrets::default();
        for length in 4..40 {
            secrets.add(&"a".repeat(length));
        }
        assert_eq!(secrets.mask_text(&"a".repeat(count)), "[redacted]");
    });
}
