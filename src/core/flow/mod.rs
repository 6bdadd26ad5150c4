//! Flows: what signs in, refreshes, revokes or checks, as a list of steps.

pub mod form;
pub mod machine;
pub mod program;
pub mod scope;
pub mod shape;
