//! What `status()` tells: no side effect, no waiting.

use super::super::envelope::Record;
use super::super::time::UnixMillis;
use super::super::value::Value;
use super::Session;

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

impl Session {
    /// What `status()` gives at a moment.
    pub fn status(&self, now: UnixMillis) -> Status {
        self.status_of(&self.record, now)
    }

    /// What `status(store)` gives: the status of a record in a store that was handed over.
    pub fn status_in(&self, stored: &Value, now: UnixMillis) -> Status {
        let record = match stored {
            Value::Text(text) => Record::from_text(text, self.platform),
            value => Record::from_value(value),
        };
        self.status_of(&record.unwrap_or_default(), now)
    }

    fn status_of(&self, record: &Record, now: UnixMillis) -> Status {
        let tokens = record.tokens();
        let signed_in = tokens.is_some_and(|tokens| !tokens.is_expired(now) || self.can_refresh(tokens));
        let expires_at = tokens.and_then(|tokens| tokens.expires_at).filter(|_| signed_in);
        Status {
            signed_in,
            expires_at,
            expires_in_seconds: expires_at.map(|at| ((at.0 as f64 - now.0 as f64) / 1000.0).floor()),
            has_refresh_token: tokens.is_some_and(|tokens| tokens.refresh.is_some()),
        }
    }

    /// What `expiresAt` is in answers.
    pub(super) fn expires_at(&self) -> Value {
        let at = self.tokens().and_then(|tokens| tokens.expires_at);
        at.map_or(Value::Null, |at| Value::Number(at.0 as f64))
    }
}
