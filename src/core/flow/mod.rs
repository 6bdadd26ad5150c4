//! Flows: programs of typed steps, checked when options are given, and their runs, which are plain data.

mod beginning;
mod complaint;
pub mod define;
mod ended;
pub mod endpoint;
pub mod flowing;
pub mod form;
mod giving_up;
pub mod leaving;
mod outcome;
pub mod program;
mod proving;
pub mod returning;
pub mod run;
pub mod saved;
pub mod scope;
mod secrets;
mod seen;
mod sending;
pub mod step;
mod taken;
