//! When tokens expire, by our clock.

use super::answer::{Answer, by_name, is_moment};
use crate::core::http::whole_number;
use crate::core::lite::text::{concat, cut, split, trim};
use crate::core::platform::Platform;
use crate::core::time::{Millis, UnixMillis};
use crate::core::value::Value;

/// A `Date` header that is less than this off says nothing: it counts whole seconds, and took its way.
const CLOCK_NOISE: Millis = Millis(5_000);

/// A number, or digits.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => whole_number(text),
        _ => None,
    }
}

/// The local moment of expiry: of `expires_in` (RFC 6749 section 5.1), a moment, or the claim `exp` (RFC 7519 section 4.1.4).
///
/// A lifetime is preferred to a moment, since the server's clock is not ours.
pub(super) fn expiry(
    answer: &Answer<'_>,
    lifetime: Option<&Value>,
    moment: Option<&Value>,
    claims: Option<&Value>,
    platform: Platform,
) -> Option<UnixMillis> {
    // RFC 7519 section 2 counts in seconds; what is too large for that are milliseconds.
    let claim = |name| claims?.member(name).and_then(number).map(|at| UnixMillis(in_millis(at)));
    let is_telling = |date: &UnixMillis| {
        date.since(answer.received_at) >= CLOCK_NOISE || answer.received_at.since(*date) >= CLOCK_NOISE
    };
    // Where a date agrees with our clock, `iat` tells only how old the token is; unless that would be no good by this clock:
    // then whoever has made it goes by another.
    let is_of_another_clock = |iat: &UnixMillis| {
        let is_over = claim("exp").is_some_and(|exp| exp <= answer.received_at);
        answer.server_date.is_none() || is_over || *iat > answer.received_at.after(CLOCK_NOISE)
    };
    let by_iat = || claim("iat").filter(is_of_another_clock);
    let server_now = answer.server_date.filter(is_telling).or_else(by_iat).unwrap_or(answer.received_at);
    let from_moment = |at: UnixMillis| (at > server_now).then(|| at.since(server_now));
    let span = |millis: f64| (millis >= 1.0).then_some(Millis(millis as u64));
    let expires = by_name(answer.value, &["expires"], is_moment);
    let left = lifetime
        .and_then(number)
        .and_then(|seconds| span(seconds * 1000.0))
        .or_else(|| span(number(by_name(answer.value, &["expires_in_ms"], is_moment)?)?))
        .or_else(|| match number(expires?) {
            Some(millis) if millis < 1e10 => span(millis),
            Some(millis) => from_moment(UnixMillis(millis as u64)),
            None => from_moment(date(expires?.as_text()?, platform)?),
        })
        .or_else(|| match number(moment?) {
            Some(at) => from_moment(UnixMillis(in_millis(at))),
            None => from_moment(date(moment?.as_text()?, platform)?),
        })
        .or_else(|| from_moment(claim("exp")?));
    // What is expired on arrival says nothing that can be used: the API's 401 will.
    left.map(|left| answer.received_at.after(left))
}

/// A lifetime in seconds.
pub(super) fn lifetime(value: &Value) -> Option<Millis> {
    number(value).map(Millis::from_seconds).filter(|lifetime| lifetime.0 > 0)
}

/// A moment in seconds or, from 10^11 on, in milliseconds.
fn in_millis(at: f64) -> u64 {
    if at < 1e11 { Millis::from_seconds(at).0 } else { at as u64 }
}

/// Reads a date. One without a zone is UTC: a server means its own words everywhere alike.
fn date(text: &str, platform: Platform) -> Option<UnixMillis> {
    let (day, time) = split(text, |byte| byte == b':');
    let has_zone = ["Z", "z", "GMT", "UTC", "+", "-"].iter().any(|zone| cut(time, zone).is_some());
    if time.is_empty() || has_zone {
        return (platform.parse_date)(text);
    }
    // `2026-01-01 12:00:00` and `2026-01-01T12:00:00` are ISO 8601; what is written in words takes a word.
    match day.split_at_checked("2026-01-01".len()) {
        Some((date, hour)) if date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            (platform.parse_date)(&concat(&[date, "T", trim(hour).trim_start_matches('T'), time, "Z"]))
        }
        _ => (platform.parse_date)(&concat(&[text, " UTC"])),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::core::testing::PLATFORM;

    thread_local!(static ASKED: RefCell<String> = RefCell::default());

    #[test]
    fn a_date_without_a_zone_is_utc_and_any_other_is_read_as_it_is() {
        let parse_date = |text: &str| {
            ASKED.replace(text.to_owned());
            None
        };
        let rows = [
            ("2026-01-01", "2026-01-01"),
            ("2026-01-01 12:00:00", "2026-01-01T12:00:00Z"),
            ("2026-01-01T12:00:00.5", "2026-01-01T12:00:00.5Z"),
            ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"),
            ("2026-01-01T12:00:00+02:00", "2026-01-01T12:00:00+02:00"),
            ("2026-01-01 12:00:00 GMT", "2026-01-01 12:00:00 GMT"),
            ("Jan 1, 2026 12:00", "Jan 1, 2026 12:00 UTC"),
            ("Thu, 01 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 2026 12:00:00 GMT"),
        ];
        for (text, asked) in rows {
            date(text, Platform { parse_date, ..PLATFORM });
            assert_eq!(ASKED.take(), asked);
        }
    }
}
