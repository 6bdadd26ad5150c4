//! What JavaScript sees: shapes, and no decision.

pub mod member;
pub mod session;
