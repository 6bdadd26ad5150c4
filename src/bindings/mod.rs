//! What JavaScript sees: shapes, and no decision.

pub mod call;
pub mod turn;
