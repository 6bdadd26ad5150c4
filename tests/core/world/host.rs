//! The app builder's functions and queries, and its page navigation, as a test scripts them.

use std::collections::{BTreeMap, VecDeque};

use doorkey::core::value::{Foreign, ForeignKind, Value};

/// What a function of the host's comes to.
#[derive(Clone, Debug)]
pub enum Reply {
    Gives(Value),
    Throws(Value),
    Hangs,
    /// Sends its first argument to this path of the server, and gives the body or throws `{ status, body, message }`.
    Asks(&'static str),
}

/// What the host offers.
#[derive(Debug, Default)]
pub struct Host {
    replies: BTreeMap<String, VecDeque<Reply>>,
    /// The calls that were made, with their arguments.
    pub calls: Vec<(String, Vec<Value>)>,
    /// What navigations come to; `Gives` when nothing is said.
    pub navigation: Option<Reply>,
    /// Whether its form can be asked again.
    pub asks_again: bool,
}

/// A function of that name.
pub fn function(name: &str) -> Value {
    Value::Foreign(Foreign::new(ForeignKind::Function, name.to_owned()))
}

/// A query object of that name.
pub fn query(name: &str) -> Value {
    Value::Foreign(Foreign::new(ForeignKind::Query, name.to_owned()))
}

/// The name under which a function or a query was made.
pub fn name_of(value: &Value) -> String {
    match value {
        Value::Text(name) => name.clone(),
        Value::Foreign(foreign) => foreign.inner.downcast_ref::<String>().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

impl Host {
    /// From now on the function of that name replies with these, the last one again and again.
    pub fn on(&mut self, name: &str, replies: impl IntoIterator<Item = Reply>) {
        self.replies.insert(name.to_owned(), replies.into_iter().collect());
    }

    pub fn call(&mut self, name: String, arguments: Vec<Value>) -> Reply {
        let replies = self.replies.get_mut(&name).unwrap_or_else(|| panic!("nobody said what {name} does"));
        let reply = if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() };
        self.calls.push((name, arguments));
        reply.expect("a function has at least one reply")
    }

    /// How often the function of that name was called.
    pub fn count(&self, name: &str) -> usize {
        self.calls.iter().filter(|(called, _)| called == name).count()
    }
}
