//! What keeps the module small: nothing in here changes what it does.

pub mod ceilings;
pub mod order;
pub mod shims;
