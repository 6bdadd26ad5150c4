//! Where the keys of a large map stand: a hash table of places, which knows nothing of what stands there.
//!
//! Own code, and not a std `HashMap`: that has no order, its SipHash and its groups are code that every user would load, and it
//! is compiled anew for each type of value. The keys stay in the map; here are only their hashes.

use std::sync::atomic::{AtomicU32, Ordering};

/// Where hashes begin. Who can choose keys must not be able to choose such as collide.
static SEED: AtomicU32 = AtomicU32::new(0x811c_9dc5);

/// Sets where hashes begin, for indexes made from now on: a random number, once, when the module starts.
pub fn seed(number: u32) {
    SEED.store(number, Ordering::Relaxed);
}

/// Places by the hash of what stands there. A place that is no longer used may stay in it, until it is made anew.
#[derive(Clone, Debug)]
pub struct Index {
    seed: u32,
    used: usize,
    /// A power of two of them, half of them free at least: a hash, and one more than its place; zero is free.
    slots: Vec<(u32, u32)>,
}

impl Index {
    /// An index with room for so many places, and some more.
    pub fn with_room(places: usize) -> Self {
        let slots = vec![(0, 0); (places * 2).next_power_of_two()];
        Self { seed: SEED.load(Ordering::Relaxed), used: 0, slots }
    }

    /// Notes that `key` stands at a place. `false`: there is no room, and it is time for a larger index.
    pub fn add(&mut self, key: &str, place: usize) -> bool {
        self.used += 1;
        if self.used * 2 > self.slots.len() {
            return false;
        }
        let hash = self.hash(key);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 {
                *slot = (hash, place as u32 + 1);
                break;
            }
            at = (at + 1) & mask;
        }
        true
    }

    /// The place that is `right`, among those where the hash is that of `key`.
    pub fn find(&self, key: &str, right: &dyn Fn(usize) -> bool) -> Option<usize> {
        let hash = self.hash(key);
        let mut at = hash as usize;
        loop {
            let (found, place) = *self.slots.get(at & (self.slots.len() - 1))?;
            let place = (place as usize).checked_sub(1)?;
            if found == hash && right(place) {
                return Some(place);
            }
            at = at.wrapping_add(1);
        }
    }

    /// FNV-1a, with a last step that lets the high bits count among the low ones.
    fn hash(&self, key: &str) -> u32 {
        let mut hash = self.seed;
        for byte in key.bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        hash ^ hash >> 15
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_whatever_the_seed_is_by_then() {
        let keys: Vec<String> = (0..1000).map(|number| format!("key{number}")).collect();
        let mut index = Index::with_room(keys.len());
        for (place, key) in keys.iter().enumerate() {
            assert!(index.add(key, place));
            seed(place as u32);
        }
        for (place, key) in keys.iter().enumerate() {
            assert_eq!(index.find(key, &|at| keys[at] == *key), Some(place));
        }
        assert_eq!(index.find("another", &|_| false), None);
        assert!((0..1000).any(|place| !index.add("more", place)), "at last there is no room");
    }
}
