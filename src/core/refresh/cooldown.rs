//! The pause after a refresh that did not get through.

use crate::core::error::{AuthError, Code};
use crate::core::http::LONGEST_WAIT;
use crate::core::record::envelope::{Pause, Record};
use crate::core::time::{Millis, UnixMillis};

/// The first and the longest pause, in milliseconds.
const PAUSES: (u64, u64) = (1_000, 60_000);

/// So long after a try even who may skip a pause waits, where the server has asked for a pause.
const SHORTEST: Millis = Millis(5_000);

/// Why no refresh is tried for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Cooldown {
    /// When another makes sense.
    pub until: UnixMillis,
    /// What the last one failed with, and when to try again.
    pub error: AuthError,
    /// Whether the server named the moment.
    pub by_server: bool,
    tried_at: UnixMillis,
}

impl Pause {
    /// The pause after another failure: one that doubles, which the server may lengthen. `draw` is a number from 0 to 1.
    pub fn after(before: Option<Self>, retry_at: Option<UnixMillis>, now: UnixMillis, draw: f64) -> Self {
        let failures = before.map_or(0, |pause| pause.failures) + 1;
        let pause = (PAUSES.0 << failures.min(7).saturating_sub(1)).min(PAUSES.1);
        let pause = Millis(pause + (draw * pause as f64 / 2.0) as u64);
        let by_servers_word = retry_at.unwrap_or(now).min(now.after(LONGEST_WAIT));
        Self { until: by_servers_word.max(now.after(pause)), failures, by_server: retry_at.is_some() }
    }
}

impl Cooldown {
    /// The pause after this failure.
    pub fn after(mut error: AuthError, pause: Pause, now: UnixMillis) -> Self {
        error.retry_at = Some(pause.until);
        Self { until: pause.until, error, by_server: pause.by_server, tried_at: now }
    }

    /// The pause that a record tells of, whoever has written it.
    pub fn reported(record: &Record, now: UnixMillis) -> Option<Self> {
        // One from the future tells that the clock was put back: nothing is known then.
        let pause = record.pause.filter(|pause| pause.until > now && record.changed_at <= now)?;
        let until = pause.until.min(now.after(LONGEST_WAIT));
        let error = AuthError::new(Code::Unreachable, "the server could not refresh the session a moment ago");
        Some(Self::after(error, Pause { until, ..pause }, record.changed_at))
    }

    /// The error for who asks before the pause is over. One that `skips` it goes through a pause of our own choosing, and
    /// through the server's a moment after the last try.
    pub fn refuses(&self, now: UnixMillis, skips: bool) -> Option<AuthError> {
        let too_soon = self.by_server && now.since(self.tried_at) < SHORTEST;
        (self.until > now && (!skips || too_soon)).then(|| self.error.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn cooldown(retry_at: Option<u64>) -> Cooldown {
        let pause = Pause::after(None, retry_at.map(UnixMillis), NOW, 0.0);
        Cooldown::after(AuthError::new(Code::Unreachable, "no"), pause, NOW)
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_a_half_with_chance_in_them() {
        let mut pause = None;
        let mut lengths = Vec::new();
        for _ in 0..9 {
            let next = Pause::after(pause, None, NOW, 0.0);
            lengths.push(next.until.since(NOW).0);
            pause = Some(next);
        }
        assert_eq!(lengths, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(Pause::after(pause, None, NOW, 1.0).until.since(NOW), Millis(90_000));
    }

    #[test]
    fn who_skips_pauses_goes_through_our_own_pause_and_a_little_later_through_the_servers() {
        let (own, servers) = (cooldown(None), cooldown(Some(NOW.0 + 60_000)));
        let later = |seconds: u64| NOW.after(Millis(seconds * 1000));

        assert!(own.refuses(NOW, false).is_some() && own.refuses(NOW, true).is_none());
        assert!(servers.refuses(later(4), true).is_some_and(|error| error.retry_at == Some(later(60))));
        assert!(servers.refuses(later(5), true).is_none() && servers.refuses(later(5), false).is_some());
        assert!(servers.refuses(later(60), false).is_none(), "it is over");
    }

    #[test]
    fn a_server_lengthens_our_pause_up_to_ten_minutes_and_never_shortens_it() {
        let until = |retry_at| cooldown(Some(retry_at)).until.since(NOW).0;
        assert_eq!(until(NOW.0), 1_000);
        assert_eq!(until(NOW.0 + 30_000), 30_000);
        assert_eq!(until(u64::MAX), 600_000);
    }

    #[test]
    fn a_record_that_was_planted_makes_no_pause_longer_than_a_server_may() {
        let pause = Some(Pause { until: UnixMillis(u64::MAX >> 12), failures: 1, by_server: true });
        let reported = Cooldown::reported(&Record { pause, ..Record::default() }, NOW).map(|reported| reported.until);
        assert_eq!(reported, Some(NOW.after(LONGEST_WAIT)));
        assert_eq!(Cooldown::reported(&Record::default(), NOW), None);
    }
}
