//! What JavaScript sees: shapes, and no decision.

pub mod session;
