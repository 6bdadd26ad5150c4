//! How a refresh ends.

use std::sync::Arc;

use super::ensured::NoToken;
use crate::core::error::AuthError;
use crate::core::record::envelope::Pause;
use crate::core::token::Tokens;

/// How a refresh ends.
#[derive(Debug)]
pub enum End {
    /// New tokens are stored.
    Refreshed,
    /// Another tab has refreshed: its tokens are the good ones.
    Adopted,
    /// There is nothing to refresh.
    NoToken(NoToken),
    /// It did not get through; the session is kept.
    Failed(AuthError, Pause),
    /// The session ended meanwhile; these tokens came too late.
    Superseded(Arc<Tokens>),
    /// The server has ended the session.
    Expired(AuthError),
}

impl End {
    /// A test that fails changes nothing, unless it has found the session at its end: that is one for everybody.
    pub fn of_test(self) -> Self {
        match self {
            Self::Failed(error, _) => Self::NoToken(NoToken::Failed(error)),
            end => end,
        }
    }
}
