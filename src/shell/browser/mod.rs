//! The browser, as far as the shell needs it. What only moves data about is JavaScript: it costs a user a third of what
//! the same costs as imports of the module.

pub mod data;
pub mod page;
pub mod storage;
