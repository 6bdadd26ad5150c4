//! Time comes in by argument, in these types; no other number means time.

/// Milliseconds since the Unix epoch, UTC: the unit of JavaScript's `Date.now()`.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct UnixMillis(pub u64);

/// A span in milliseconds.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Millis(pub u64);

impl Millis {
    /// Converts seconds, whole or not, to a span; what is negative or not a number is zero.
    pub const fn from_seconds(seconds: f64) -> Self {
        // A float cast saturates, so a lifetime of 10^300 seconds is merely very long.
        Self((seconds * 1000.0) as u64)
    }
}

impl UnixMillis {
    /// The last moment that JavaScript counts exactly: a later one could be stored, but not read back.
    const LAST: u64 = (1 << 53) - 1;

    /// The moment this long after `self`, or the last there is.
    pub const fn after(self, span: Millis) -> Self {
        let moment = self.0.saturating_add(span.0);
        Self(if moment < Self::LAST { moment } else { Self::LAST })
    }

    /// The moment this long before `self`.
    pub const fn before(self, span: Millis) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// How long ago `earlier` was; zero when it is still to come.
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

/// Moves a moment, if there is one, to so much earlier: the clock was put back.
pub fn put_back(at: Option<&mut UnixMillis>, by: Millis) {
    if let Some(at) = at {
        *at = at.before(by);
    }
}

/// The earlier of two moments, of which there may be one or none.
#[inline(never)]
pub fn earlier(one: Option<UnixMillis>, other: Option<UnixMillis>) -> Option<UnixMillis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
