//! What `status()` tells: no side effect, no waiting.

use super::ground::Ground;
use super::record::envelope::Record;
use super::refresh::due::can_refresh;
use super::time::UnixMillis;
use super::value::Value;

/// What `status()` gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Status {
    /// Whether there is a session that can be used or refreshed.
    pub signed_in: bool,
    /// When the access token expires, when that is known.
    pub expires_at: Option<UnixMillis>,
    /// Whole seconds until then: negative when it is past.
    pub expires_in_seconds: Option<f64>,
    /// Whether there is a refresh token.
    pub has_refresh_token: bool,
}

impl Status {
    /// The status of a record in a store that was handed over.
    pub fn stored(stored: &Value, ground: &Ground, now: UnixMillis) -> Self {
        let record = match stored {
            Value::Text(text) => Record::from_text(text, ground.cx.platform),
            value => Record::from_value(value),
        };
        Self::of(&record.unwrap_or_default(), ground, now)
    }

    /// When it is another by time alone, as milliseconds.
    pub fn until(&self, now: UnixMillis) -> f64 {
        let (Some(at), Some(seconds)) = (self.expires_at, self.expires_in_seconds) else { return f64::INFINITY };
        let next_second = at.0 as f64 - seconds * 1000.0 + 1.0;
        if now < at { next_second.min(at.0 as f64) } else { next_second }
    }

    /// The status of a record at a moment.
    pub fn of(record: &Record, ground: &Ground, now: UnixMillis) -> Self {
        let tokens = record.tokens();
        let signed_in = tokens.is_some_and(|tokens| !tokens.is_expired(now) || can_refresh(tokens, ground));
        let expires_at = tokens.and_then(|tokens| tokens.expires_at).filter(|_| signed_in);
        Self {
            signed_in,
            expires_at,
            expires_in_seconds: expires_at.map(|at| ((at.0 as f64 - now.0 as f64) / 1000.0).floor()),
            has_refresh_token: tokens.is_some_and(|tokens| tokens.refresh.is_some()),
        }
    }
}
