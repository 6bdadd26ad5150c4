//! Maps in the order in which their members came.

use std::fmt;

use super::index::Index;

/// Up to so many members are looked through one by one: that is faster than hashing, and nearly every object is so small.
const FEW: usize = 24;

/// Values by their keys, in the order in which they came.
///
/// A vector of pairs and not a `BTreeMap`: objects have a handful of members, order is kept as it was given, and the code of a
/// tree would be paid for by every user. One with many members has an index.
pub struct Map<V> {
    /// Where there is an index, a member that was taken out leaves a gap, so that the others keep their places.
    members: Vec<Option<(String, V)>>,
    index: Option<Box<Indexed>>,
}

/// The index of a map with many members.
struct Indexed {
    index: Index,
    gaps: usize,
}

impl<V> Map<V> {
    /// An object without members.
    pub const fn new() -> Self {
        Self { members: Vec::new(), index: None }
    }

    /// The member called `key`.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.members.get(self.place(key)?)?.as_ref().map(|(_, value)| value)
    }

    /// Sets the member called `key`; one that is there keeps its place.
    pub fn set(&mut self, key: impl Into<String>, value: V) {
        self.put(key.into(), value);
    }

    #[inline(never)] // Members are set in a hundred places.
    fn put(&mut self, key: String, value: V) {
        let place = self.place(&key);
        match place.and_then(|place| self.members.get_mut(place)) {
            Some(member) => *member = Some((key, value)),
            None => self.push(key, value),
        }
    }

    /// Sets all these members.
    #[inline(never)]
    pub fn extend(&mut self, members: &Self)
    where
        V: Clone,
    {
        for (key, value) in members {
            self.set(key.as_str(), value.clone());
        }
    }

    /// Adds a member whose key is known to be new: the members of an object that is one already.
    pub fn push(&mut self, key: String, value: V) {
        let place = self.members.len();
        let has_room = match &mut self.index {
            Some(indexed) => indexed.index.add(&key, place),
            None => place < FEW,
        };
        self.members.push(Some((key, value)));
        if !has_room {
            self.close_gaps();
        }
    }

    /// Takes the member called `key` out.
    #[inline(never)]
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let place = self.place(key)?;
        let Some(indexed) = &mut self.index else {
            return Some(self.members.remove(place)?.1);
        };
        indexed.gaps += 1;
        let (_, value) = self.members.get_mut(place)?.take()?;
        if self.len() * 2 < self.members.len() {
            self.close_gaps();
        }
        Some(value)
    }

    /// Makes the index anew, where there are enough members for one.
    fn close_gaps(&mut self) {
        let members = std::mem::take(&mut self.members);
        self.index =
            (members.len() > FEW).then(|| Box::new(Indexed { index: Index::with_room(members.len()), gaps: 0 }));
        for (key, value) in members.into_iter().flatten() {
            self.push(key, value);
        }
    }

    /// The place of a member.
    #[inline(never)]
    fn place(&self, key: &str) -> Option<usize> {
        let is_here = |member: &Option<(String, V)>| member.as_ref().is_some_and(|(name, _)| name == key);
        match &self.index {
            None => self.members.iter().position(is_here),
            Some(indexed) => indexed.index.find(key, &|place| self.members.get(place).is_some_and(is_here)),
        }
    }

    /// The keys in their order.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for (key, _) in self {
            keys.push(key.clone());
        }
        keys
    }

    /// The members in their order.
    pub fn iter(&self) -> Members<'_, V> {
        Members(self.members.iter())
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len() - self.index.as_ref().map_or(0, |indexed| indexed.gaps)
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The members of a [`Map`], in their order.
#[derive(Clone, Debug)]
pub struct Members<'a, V>(std::slice::Iter<'a, Option<(String, V)>>);

impl<'a, V> Iterator for Members<'a, V> {
    type Item = &'a (String, V);

    fn next(&mut self) -> Option<&'a (String, V)> {
        self.0.find_map(Option::as_ref)
    }
}

impl<'a, V> IntoIterator for &'a Map<V> {
    type Item = &'a (String, V);
    type IntoIter = Members<'a, V>;

    fn into_iter(self) -> Members<'a, V> {
        self.iter()
    }
}

impl<V> FromIterator<(String, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(members: I) -> Self {
        let mut map = Self::new();
        for (key, value) in members {
            map.set(key, value);
        }
        map
    }
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: Clone> Clone for Map<V> {
    fn clone(&self) -> Self {
        let mut map = Self::new();
        for (key, value) in self {
            map.push(key.clone(), value.clone());
        }
        map
    }
}

/// The same members, in whatever order they came.
impl<V: PartialEq> PartialEq for Map<V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<V: fmt::Debug> fmt::Debug for Map<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, value))).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::core::value::{Map, Value};

    /// What is done to a map.
    #[derive(Clone, Debug)]
    enum Deed {
        Set(u8, u8),
        Remove(u8),
        Copy,
    }

    fn deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            20 => (0..60_u8, any::<u8>()).prop_map(|(key, value)| Deed::Set(key, value)),
            12 => (0..60_u8).prop_map(Deed::Remove),
            1 => Just(Deed::Copy),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_map_is_a_list_of_pairs(deeds in prop::collection::vec(deed(), 0..200)) {
            let (mut map, mut pairs) = (Map::new(), Vec::<(u8, u8)>::new());
            for deed in deeds {
                match deed {
                    Deed::Set(key, value) => {
                        map.set(key.to_string(), Value::Number(value.into()));
                        match pairs.iter_mut().find(|pair| pair.0 == key) {
                            Some(pair) => pair.1 = value,
                            None => pairs.push((key, value)),
                        }
                    }
                    Deed::Remove(key) => {
                        let place = pairs.iter().position(|pair| pair.0 == key);
                        let removed = place.map(|place| Value::Number(pairs.remove(place).1.into()));
                        prop_assert_eq!(map.remove(&key.to_string()), removed);
                    }
                    Deed::Copy => map = map.clone(),
                }
                prop_assert_eq!((map.len(), map.is_empty()), (pairs.len(), pairs.is_empty()));
                for key in 0..60 {
                    let value = pairs.iter().find(|pair| pair.0 == key).map(|pair| Value::Number(pair.1.into()));
                    prop_assert_eq!(map.get(&key.to_string()), value.as_ref());
                }
            }
            let expected: Map = pairs.iter().map(|(key, value)| (key.to_string(), Value::Number((*value).into()))).collect();
            prop_assert_eq!(map, expected);
        }
    }
}
