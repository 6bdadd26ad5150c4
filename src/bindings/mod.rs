//! What JavaScript sees: shapes, and no decision.

pub mod error;
pub mod session;
