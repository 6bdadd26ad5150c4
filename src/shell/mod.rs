//! The doing: performs effects through the browser and the host, and brings the answers back. No decision about auth.

pub mod answer;
pub mod browser;
pub mod convert;
pub mod driver;
