//! What native tests lend to core in the browser's place.

use super::platform::Platform;
use super::time::UnixMillis;
use super::value::Value;

/// The platform of native tests.
pub const PLATFORM: Platform = Platform {
    parse_json,
    parse_date,
    change_case: |text, upper| if upper { text.to_uppercase() } else { text.to_lowercase() },
    normalize: |text, form| {
        // Only what tests need.
        const LETTERS: [(&str, &str); 4] = [("é", "e\u{301}"), ("ö", "o\u{308}"), ("ü", "u\u{308}"), ("å", "a\u{30a}")];
        LETTERS.iter().fold(text.to_owned(), |text, (composed, decomposed)| match form {
            "nfc" => text.replace(decomposed, composed),
            _ => text.replace(composed, decomposed),
        })
    },
    // The only cookie of the world.
    cookie: |name| (name == "XSRF-TOKEN").then(|| "eyJ=2+/".to_owned()),
};

/// Parses JSON that a test wrote down; panics when it is none.
pub fn json(text: &str) -> Value {
    #[allow(clippy::expect_used)] // A test's own text.
    parse_json(text).expect("the test's JSON is JSON")
}

/// The same with the members of objects in the order of their names, for comparisons: theirs is nobody's business.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Map(map) => {
            let mut members: Vec<_> = map.iter().map(|(key, member)| (key.clone(), sorted(member.clone()))).collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Map(members.into_iter().collect())
        }
        Value::List(items) => Value::List(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn parse_json(text: &str) -> Option<Value> {
    serde_json::from_str::<serde_json::Value>(text).ok().map(convert)
}

fn convert(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(truth),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(convert).collect()),
        serde_json::Value::Object(map) => {
            Value::Map(map.into_iter().map(|(key, member)| (key, convert(member))).collect())
        }
    }
}

/// Only what tests need: `YYYY-MM-DDTHH:MM:SSZ`, and HTTP's `Fri, 15 Jan 2027 08:00:00 GMT`.
fn parse_date(text: &str) -> Option<UnixMillis> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if let Some((_, date)) = text.split_once(", ") {
        let month = MONTHS.iter().position(|month| date.get(3..6) == Some(*month))? + 1;
        let (day, year, time) = (date.get(..2)?, date.get(7..11)?, date.get(12..20)?);
        return parse_date(&format!("{year}-{month:02}-{day}T{time}Z"));
    }
    let field = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
    // Days from the civil calendar, after Howard Hinnant.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    let seconds = days * 86_400 + field(11, 13)? * 3600 + field(14, 16)? * 60 + field(17, 19)?;
    u64::try_from(seconds * 1000).ok().map(UnixMillis)
}
