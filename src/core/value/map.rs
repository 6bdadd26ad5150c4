//! The members of an object.

use std::cell::OnceCell;
use std::fmt;

use super::Value;
use crate::core::lite::index::Index;

/// Up to so many members are looked through one by one: that is faster than hashing, and nearly every object is so small.
const FEW: usize = 24;

type Member = (String, Value);

/// The members of an object, in their order.
///
/// A vector of pairs and not a `BTreeMap`: objects have a handful of members, order is kept as it was given, and the code of a
/// tree would be paid for by every user. One with many members has an index, which is made when something is first looked for.
#[derive(Default)]
pub struct Map {
    /// Where there is an index, a member that was taken out leaves a gap, so that the others keep their places.
    members: Vec<Option<Member>>,
    index: OnceCell<Box<Indexed>>,
}

/// The index of a map with many members.
struct Indexed {
    index: Index,
    gaps: usize,
}

impl Map {
    /// An object without members.
    pub const fn new() -> Self {
        Self { members: Vec::new(), index: OnceCell::new() }
    }

    /// The member called `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.members.get(self.place(key)?)?.as_ref().map(|(_, value)| value)
    }

    /// Sets the member called `key`; one that is there keeps its place.
    pub fn set(&mut self, key: impl Into<String>, value: Value) {
        self.put(key.into(), value);
    }

    #[inline(never)] // Members are set in a hundred places.
    fn put(&mut self, key: String, value: Value) {
        let place = self.place(&key);
        match place.and_then(|place| self.members.get_mut(place)) {
            Some(member) => *member = Some((key, value)),
            None => self.push(key, value),
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
        if let Some(indexed) = self.index.get_mut() {
            indexed.index.add(&key, self.members.len());
        }
        self.members.push(Some((key, value)));
    }

    /// Takes the member called `key` out.
    #[inline(never)]
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let place = self.place(key)?;
        let Some(indexed) = self.index.get_mut() else {
            return Some(self.members.remove(place)?.1);
        };
        indexed.gaps += 1;
        let (_, value) = self.members.get_mut(place)?.take()?;
        if self.len() * 2 < self.members.len() {
            self.close_gaps();
        }
        Some(value)
    }

    /// Keeps the members of which `keeps` is true.
    pub fn retain(&mut self, keeps: &mut dyn FnMut(&str, &Value) -> bool) {
        for member in &mut self.members {
            if member.as_ref().is_some_and(|(key, value)| !keeps(key, value)) {
                *member = None;
            }
        }
        self.close_gaps();
    }

    fn close_gaps(&mut self) {
        self.members.retain(Option::is_some);
        self.index.take();
    }

    /// The place of a member.
    #[inline(never)]
    fn place(&self, key: &str) -> Option<usize> {
        let is_here = |member: &Option<Member>| member.as_ref().is_some_and(|(name, _)| name == key);
        if self.members.len() <= FEW {
            return self.members.iter().position(is_here);
        }
        let indexed = self.index.get_or_init(|| {
            let mut index = Index::with_room(self.members.len());
            for (place, (key, _)) in self.iter().enumerate() {
                index.add(key, place);
            }
            Box::new(Indexed { index, gaps: 0 })
        });
        indexed.index.find(key, &|place| self.members.get(place).is_some_and(is_here))
    }

    /// The members in their order.
    pub fn iter(&self) -> Members<'_> {
        Members(self.members.iter())
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len() - self.index.get().map_or(0, |indexed| indexed.gaps)
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The members of a [`Map`], in their order.
#[derive(Clone, Debug)]
pub struct Members<'a>(std::slice::Iter<'a, Option<Member>>);

impl<'a> Iterator for Members<'a> {
    type Item = &'a Member;

    fn next(&mut self) -> Option<&'a Member> {
        self.0.find_map(Option::as_ref)
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Member;
    type IntoIter = Members<'a>;

    fn into_iter(self) -> Members<'a> {
        self.iter()
    }
}

impl FromIterator<Member> for Map {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Self {
        let mut map = Self::new();
        for (key, value) in members {
            map.set(key, value);
        }
        map
    }
}

impl Clone for Map {
    fn clone(&self) -> Self {
        let members = self.iter().map(|member| Some(member.clone())).collect();
        Self { members, index: OnceCell::new() }
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, value))).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is done to a map.
    #[derive(Clone, Debug)]
    enum Deed {
        Set(u8, u8),
        Remove(u8),
        RetainBelow(u8),
        Copy,
    }

    fn deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            20 => (0..60_u8, any::<u8>()).prop_map(|(key, value)| Deed::Set(key, value)),
            12 => (0..60_u8).prop_map(Deed::Remove),
            1 => (0..60_u8).prop_map(Deed::RetainBelow),
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
                    Deed::RetainBelow(least) => {
                        map.retain(&mut |key, _| key.parse::<u8>().is_ok_and(|key| key < least));
                        pairs.retain(|pair| pair.0 < least);
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
