//! When tokens are due for a refresh, and whether there is a way to.

use crate::core::ground::Ground;
use crate::core::http::whole_number;
use crate::core::time::{Millis, UnixMillis, earlier};
use crate::core::token::Tokens;
use crate::core::value::Value;
use crate::core::vocabulary::FlowName;

/// How much earlier than its margin a refresh may come, as a part of that.
const JITTER: f64 = 0.2;

/// The moment of the next refresh: before expiry, a random bit earlier, so that clients do not come at once; or as
/// `everySeconds` says, if that is earlier.
pub fn due_at(ground: &mut Ground) -> Option<UnixMillis> {
    let draw = ground.cx.draw();
    let tokens = ground.tokens()?;
    let before = |at: UnixMillis| {
        let margin = ground.cx.options.refresh.margin(at.since(tokens.received_at));
        let jitter = (margin.0 as f64 * draw * JITTER) as u64;
        at.before(Millis(margin.0 + jitter))
    };
    let before_expiry = tokens.expires_at.map(before);
    // A refresh token that is about to end is worth a refresh, since it may bring another; and no second one if it has not.
    let margin = Millis(2 * ground.cx.options.refresh.longest_margin().0);
    let end = tokens.refresh_expires_at.filter(|at| *at > tokens.received_at.after(margin));
    let before_end = end.map(before);
    let before_expiry = earlier(before_expiry, before_end);
    let every = period(ground).map(|period| tokens.received_at.after(period));
    earlier(before_expiry, every)
}

/// For how long a token must be good that shall be so for `min`. Where the last refresh, at `begun_at`, was for as much and brought
/// one whose whole life is no longer, the next would do no better: then for half of that, and not each call refreshes.
pub fn in_reach(min: Millis, tokens: &Tokens, begun_at: Option<UnixMillis>, longest_min: Millis) -> Millis {
    let was_tried = min <= longest_min && begun_at.is_some_and(|at| at <= tokens.received_at);
    let lifetime = tokens.lifetime().filter(|lifetime| was_tried && *lifetime <= min);
    lifetime.map_or(min, |lifetime| Millis(lifetime.0 / 2))
}

/// Whether there is a way to refresh these tokens.
pub fn can_refresh(tokens: &Tokens, ground: &Ground) -> bool {
    let program = ground.cx.options.flow(FlowName::Refresh);
    program.is_some_and(|program| tokens.refresh.is_some() || !program.needs_refresh_token())
}

/// The value of `everySeconds`.
fn period(ground: &Ground) -> Option<Millis> {
    let every = &ground.cx.options.refresh.every;
    let seconds = match ground.with_scope(None, |scope| every.fill(scope)).ok()? {
        Value::Number(seconds) => seconds,
        Value::Text(text) => whole_number(&text)?,
        _ => return None,
    };
    (seconds > 0.0).then_some(Millis::from_seconds(seconds))
}
