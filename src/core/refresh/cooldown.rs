//! The pause after a refresh that did not get through.

use crate::core::error::AuthError;
use crate::core::time::{Millis, UnixMillis};

/// The first and the longest pause, in milliseconds.
const PAUSES: (u64, u64) = (1_000, 60_000);

/// No server keeps us waiting for longer.
const LONGEST_BY_SERVER: Millis = Millis(10 * 60_000);

/// So long after a try even who insists waits, where the server has asked for a pause.
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
    failures: u32,
}

impl Cooldown {
    /// The pause after another failure: one that doubles, which the server may lengthen. `draw` is a number from 0 to 1.
    pub fn after(before: Option<Self>, mut error: AuthError, now: UnixMillis, draw: f64) -> Self {
        let failures = before.map_or(0, |pause| pause.failures) + 1;
        let by_server = error.retry_at.is_some();
        let pause = (PAUSES.0 << failures.min(7).saturating_sub(1)).min(PAUSES.1);
        let pause = Millis(pause + (draw * pause as f64 / 2.0) as u64);
        let by_servers_word = error.retry_at.unwrap_or(now).min(now.after(LONGEST_BY_SERVER));
        let until = by_servers_word.max(now.after(pause));
        error.retry_at = Some(until);
        Self { until, error, by_server, tried_at: now, failures }
    }

    /// The error for who asks before the pause is over. One who `insists` goes through a pause of our own choosing, and
    /// through the server's a moment after the last try.
    pub fn refuses(&self, now: UnixMillis, insists: bool) -> Option<AuthError> {
        let too_soon = self.by_server && now.since(self.tried_at) < SHORTEST;
        (self.until > now && (!insists || too_soon)).then(|| self.error.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::Code;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn failure(retry_at: Option<u64>) -> AuthError {
        let mut error = AuthError::new(Code::Unreachable, "no");
        error.retry_at = retry_at.map(UnixMillis);
        error
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_a_half_with_chance_in_them() {
        let mut pause = None;
        let mut lengths = Vec::new();
        for _ in 0..9 {
            let next = Cooldown::after(pause, failure(None), NOW, 0.0);
            lengths.push(next.until.since(NOW).0);
            pause = Some(next);
        }
        assert_eq!(lengths, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(Cooldown::after(pause, failure(None), NOW, 1.0).until.since(NOW), Millis(90_000));
    }

    #[test]
    fn who_insists_goes_through_our_own_pause_and_a_little_later_through_the_servers() {
        let own = Cooldown::after(None, failure(None), NOW, 0.0);
        let servers = Cooldown::after(None, failure(Some(NOW.0 + 60_000)), NOW, 0.0);
        let later = |seconds: u64| NOW.after(Millis(seconds * 1000));

        assert!(own.refuses(NOW, false).is_some() && own.refuses(NOW, true).is_none());
        assert!(servers.refuses(later(4), true).is_some_and(|error| error.retry_at == Some(later(60))));
        assert!(servers.refuses(later(5), true).is_none() && servers.refuses(later(5), false).is_some());
        assert!(servers.refuses(later(60), false).is_none(), "it is over");
    }

    #[test]
    fn a_server_lengthens_our_pause_up_to_ten_minutes_and_never_shortens_it() {
        let until = |retry_at| Cooldown::after(None, failure(retry_at), NOW, 0.0).until.since(NOW).0;
        assert_eq!(until(Some(NOW.0)), 1_000);
        assert_eq!(until(Some(NOW.0 + 30_000)), 30_000);
        assert_eq!(until(Some(u64::MAX)), 600_000);
    }
}
