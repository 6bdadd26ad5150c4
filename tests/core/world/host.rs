//! The app builder's functions and queries, and its page navigation, as a test scripts them.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use doorkey::core::value::{ForeignKind, HostRef, Value};

/// What a function of the host's comes to.
#[derive(Clone, Debug)]
pub enum Reply {
    Gives(Value),
    Throws(Value),
    Hangs,
    /// Sends its first argument to this path of the server, and gives the body or throws `{ status, body, message }`.
    Asks(&'static str),
    /// The same, and gives the response, whatever its status.
    Fetches(&'static str),
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

thread_local! {
    /// What the numbers of references stand for: names.
    static NAMES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A function of that name.
pub fn function(name: &str) -> Value {
    Value::Foreign(reference(ForeignKind::Function, name))
}

/// A query object of that name.
pub fn query(name: &str) -> Value {
    Value::Foreign(reference(ForeignKind::Query, name))
}

/// A reference to the thing of that name: always the same number.
fn reference(kind: ForeignKind, name: &str) -> HostRef {
    let number = NAMES.with_borrow_mut(|names| {
        names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    });
    HostRef::new(kind, u32::try_from(number).expect("a test has few names"))
}

/// The name under which a function or a query was made.
pub fn name_of(value: &Value) -> String {
    match value {
        Value::Text(name) => name.clone(),
        Value::Foreign(found) => NAMES.with_borrow(|names| names[found.number() as usize].clone()),
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
