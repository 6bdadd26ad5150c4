//! When a token is needed, when it is due, and why there may be none for a while.

use super::super::error::{AuthError, Code};
use super::super::options::FlowName;
use super::super::time::{Millis, UnixMillis, earlier};
use super::super::token::Tokens;
use super::super::value::Value;
use super::Session;
use super::tasks::{Kind, Stage, Task};

/// The first and the longest pause after a refresh that did not get through.
const PAUSES: (u64, u64) = (1_000, 60_000);

/// Why no refresh is tried for a while.
#[derive(Debug)]
pub(super) struct Cooldown {
    pub until: UnixMillis,
    failures: u32,
    /// Whether the server named the moment.
    by_server: bool,
    pub error: AuthError,
}

/// Why there is no good token.
#[derive(Debug)]
pub(super) enum Lack {
    SignedOut,
    NotRefreshable,
    Failed(AuthError),
}

impl Lack {
    /// The error for it.
    pub(super) fn into_error(self) -> AuthError {
        match self {
            Self::SignedOut => AuthError::new(Code::SignedOut, "there is no session: sign in first"),
            Self::NotRefreshable => {
                AuthError::new(Code::SignedOut, "the access token has expired and can't be refreshed: sign in again")
            }
            Self::Failed(error) => error,
        }
    }
}

impl Session {
    /// Whether there is a way to refresh these tokens.
    pub(super) fn can_refresh(&self, tokens: &Tokens) -> bool {
        let program = self.options.flow(FlowName::Refresh);
        program.is_some_and(|program| tokens.refresh.is_some() || !program.needs_refresh_token())
    }

    /// Sets the moment of the next refresh: before expiry, a random bit earlier, so that clients do not come at once.
    pub(super) fn schedule(&mut self) {
        self.due_at = None;
        let draw = self.draw();
        let Some(tokens) = self.tokens() else { return };
        let before_expiry = tokens.lifetime().zip(tokens.expires_at).map(|(lifetime, expires_at)| {
            let margin = self.options.refresh.before.0.min(lifetime.0 / 10);
            let jitter = (margin as f64 * draw / 5.0) as u64;
            expires_at.before(Millis(margin + jitter))
        });
        let every = self.refresh_period().map(|period| tokens.received_at.after(period));
        self.due_at = earlier(before_expiry, every);
    }

    /// The value of `everySeconds`.
    fn refresh_period(&self) -> Option<Millis> {
        let every = &self.options.refresh.every;
        let seconds = match self.eval(every).ok()? {
            Value::Number(seconds) => seconds,
            Value::Text(text) => super::super::http::whole_number(&text)?,
            _ => return None,
        };
        (seconds > 0.0).then_some(Millis::from_seconds(seconds))
    }

    /// When the timer shall refresh: only while the page is visible, not in a cooldown, and not without a way to.
    pub(super) fn next_refresh(&self) -> Option<UnixMillis> {
        let due_at = self.due_at.filter(|_| self.visible && self.flight.is_none())?;
        let tokens = self.tokens()?;
        if !self.can_refresh(tokens) {
            return None;
        }
        Some(self.cooldown.as_ref().map_or(due_at, |cooldown| due_at.max(cooldown.until)))
    }

    /// Sees to it that the call has a token good for `min`. Gives the call back when it need not wait.
    pub(super) fn need(&mut self, task: Box<Task>, min: Millis) -> Option<(Box<Task>, Result<bool, Lack>)> {
        let Some(tokens) = self.tokens() else { return Some((task, Err(Lack::SignedOut))) };
        let expired = tokens.is_expired(self.now);
        let short = tokens.expires_at.is_some_and(|at| at < self.now.after(min));
        let due = self.due_at.is_some_and(|at| at <= self.now);
        if !(task.force || expired || short || due) {
            return Some((task, Ok(false)));
        }
        if self.flight.is_none() {
            if !self.can_refresh(tokens) {
                let lacking = task.force || expired;
                return Some((task, if lacking { Err(Lack::NotRefreshable) } else { Ok(false) }));
            }
            if let Some(cooldown) = &self.cooldown
                && cooldown.until > self.now
                && (cooldown.by_server || !matches!(task.kind, Kind::Refresh))
            {
                let error = cooldown.error.clone();
                let lacking = task.force || expired;
                return Some((task, if lacking { Err(Lack::Failed(error)) } else { Ok(false) }));
            }
            self.take_off(match &task.kind {
                Kind::Fetch(_, attempt) | Kind::Query(_, _, attempt) | Kind::Check(attempt) if task.force => {
                    if attempt.is_second { "refused" } else { "every query" }
                }
                _ if task.force => "asked for",
                _ if expired => "expired",
                _ => "due",
            });
        }
        self.park(task, Stage::Refreshing);
        None
    }

    /// Notes when a refresh makes sense again: when the server says, else after a pause that doubles.
    pub(super) fn cool_down(&mut self, mut error: AuthError) {
        let failures = self.cooldown.as_ref().map_or(0, |cooldown| cooldown.failures) + 1;
        let by_server = error.retry_at.is_some();
        let pause = (PAUSES.0 << failures.min(7).saturating_sub(1)).min(PAUSES.1);
        let pause = Millis(pause + (self.draw() * pause as f64 / 2.0) as u64);
        let until = error.retry_at.unwrap_or_else(|| self.now.after(pause));
        error.retry_at = Some(until);
        self.cooldown = Some(Cooldown { until, failures, by_server, error });
    }

    /// The network is back: a pause of our own choosing is over.
    pub(super) fn forgive(&mut self) {
        if self.cooldown.as_ref().is_some_and(|cooldown| !cooldown.by_server) {
            self.cooldown = None;
        }
    }
}
