//! JSON-like data: what flows, templates, options and answers are made of.

use std::fmt;
use std::sync::{Arc, Weak};

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

/// The members of an object, in their order.
///
/// A vector of pairs and not a `BTreeMap`: objects here have a handful of members, order is kept as it was given,
/// and the code of a tree would be paid for by every user.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Vec<(String, Value)>);

impl Map {
    /// An object without members.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The member called `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Sets the member called `key`; one that is there keeps its place.
    pub fn set(&mut self, key: impl Into<String>, value: Value) {
        self.put(key.into(), value);
    }

    #[inline(never)] // Members are set in a hundred places.
    fn put(&mut self, key: String, value: Value) {
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some(slot) => slot.1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// Sets all these members.
    #[inline(never)]
    pub fn extend(&mut self, members: &Self) {
        for (key, value) in members {
            self.set(key.as_str(), value.clone());
        }
    }

    /// Adds a member whose key is known to be new: the members of an object that is one already.
    pub fn push(&mut self, key: String, value: Value) {
        self.0.push((key, value));
    }

    /// Takes the member called `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    /// The members in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, Value)> {
        self.0.iter()
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a (String, Value);
    type IntoIter = std::slice::Iter<'a, (String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let mut map = Self::new();
        for (key, value) in members {
            map.set(key, value);
        }
        map
    }
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
