//! The decisions, and nothing else: no clock, no randomness, no JavaScript, no `async`.

pub mod arguments;
pub mod calls;
pub mod context;
pub mod effect;
pub mod error;
pub mod failure;
pub mod flow;
pub mod ground;
pub mod http;
pub mod input;
pub mod lite;
pub mod oauth;
pub mod options;
pub mod platform;
pub mod record;
pub mod redact;
pub mod refresh;
pub mod secret;
mod section;
pub mod session;
pub mod status;
pub mod template;
#[cfg(test)]
pub mod testing;
pub mod time;
pub mod token;
pub mod trace;
pub mod value;
pub mod values;
pub mod vocabulary;
pub mod waits;

/// What goes in and out, and what can be put to sleep, is plain data: this does not compile otherwise.
const fn is_plain_data<T: Clone + std::fmt::Debug + PartialEq + Send + 'static>() {}

const _: () = {
    is_plain_data::<input::Input>();
    is_plain_data::<effect::Effect>();
    is_plain_data::<flow::program::Program>();
    is_plain_data::<flow::run::Run>();
    is_plain_data::<record::envelope::Record>();
    is_plain_data::<oauth::pending::Pending>();
};
