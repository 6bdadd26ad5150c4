//! The doing: performs effects through the browser and the host, and brings the answers back. No decision about auth.

pub mod browser;
pub mod convert;
pub mod driver;
pub mod host;
pub mod storage;
