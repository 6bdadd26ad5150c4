//! Small stand-ins for library code, each measured against what it stands in for, on the finished module after brotli.
//!
//! Nothing here knows anything of sessions. What is in here is tested against the standard library or serde_json.

pub mod codec;
pub mod index;
pub mod json;
pub mod map;
pub mod number;
pub mod text;
