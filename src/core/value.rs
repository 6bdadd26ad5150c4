//! JSON-like data: what flows, templates, options and answers are made of.

use std::fmt;
use std::sync::{Arc, Weak};

use super::lite::map;

/// The members of an object, in their order.
pub type Map = map::Map<Value>;

impl Map {
    /// Sets a member to a text.
    #[inline(never)]
    pub fn set_text(&mut self, key: &str, text: &str) {
        self.set(key, Value::from(text));
    }

    /// Sets a member to a number.
    #[inline(never)]
    pub fn set_number(&mut self, key: &str, number: f64) {
        self.set(key, Value::Number(number));
    }

    /// Sets a member to true or false.
    #[inline(never)]
    pub fn set_flag(&mut self, key: &str, truth: bool) {
        self.set(key, Value::Bool(truth));
    }
}

/// Something of the host's that core carries about and never looks into; the thing itself stands in a table of the shell,
/// under this number.
///
/// So whatever holds one is plain data, which can be compared, recorded and sent.
#[derive(Clone)]
pub struct HostRef {
    number: u32,
    kind: ForeignKind,
    alive: Arc<()>,
}

/// What a [`HostRef`] can be used for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ForeignKind {
    /// It can be called.
    Function,
    /// It has `run` or `trigger`: a query of the host's.
    Query,
    /// It can only be handed back.
    Other,
}

impl HostRef {
    /// Refers to what stands under a number.
    pub fn new(kind: ForeignKind, number: u32) -> Self {
        Self { number, kind, alive: Arc::new(()) }
    }

    /// What it can be used for.
    pub const fn kind(&self) -> ForeignKind {
        self.kind
    }

    /// The number in the table of the shell.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Tells the table whether anybody still has the number.
    pub fn watch(&self) -> Weak<()> {
        Arc::downgrade(&self.alive)
    }
}

impl fmt::Debug for HostRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HostRef").field(&self.number).finish()
    }
}

impl PartialEq for HostRef {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

/// One JSON value, or `undefined`, or something of the host's.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value: a missing member. Never stored, never sent.
    #[default]
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A double, as in JavaScript.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object. Members keep their order, which is what a reader of a dump or a body expects; a key stands once.
    Map(Map),
    /// Something of the host's.
    Foreign(HostRef),
}

impl Value {
    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if this is an object.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The member called `key`, if this is an object that has it.
    pub fn member(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// Whether this is `undefined` or `null`.
    pub const fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// Whether JavaScript takes this for true.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::List(_) | Self::Map(_) | Self::Foreign(_) => true,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn is_plain_data<T: Clone + fmt::Debug + PartialEq + Send + 'static>() {}

    const _: () = is_plain_data::<Value>();

    #[test]
    fn a_reference_is_its_number_and_lives_as_long_as_somebody_has_it() {
        let one = HostRef::new(ForeignKind::Query, 7);
        let (watch, copy) = (one.watch(), one.clone());
        assert_eq!((one.kind(), one.number(), format!("{one:?}")), (ForeignKind::Query, 7, "HostRef(7)".to_owned()));
        assert!(one == HostRef::new(ForeignKind::Other, 7) && one != HostRef::new(ForeignKind::Query, 8));

        drop(one);
        assert!(watch.upgrade().is_some());
        drop(copy);
        assert!(watch.upgrade().is_none());
    }
}
