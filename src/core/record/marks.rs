//! Marks of what was written under the host's keys: they tell it from what others have written, where the record itself may
//! have been planted.

use super::envelope::Record;

impl Record {
    /// Whether what stands under a key of the host's is what was written there.
    pub fn has_written(&self, key: &str, text: &str) -> bool {
        self.mark_of(key).is_some_and(|mark| mark == mark_of(key, text))
    }

    /// The mark of what was written under a key.
    pub fn mark_of(&self, key: &str) -> Option<u64> {
        let at = self.keys.iter().position(|named| named == key)?;
        self.marks.get(at).copied()
    }
}

/// What tells a text under a key from any other (FNV-1a), below 2^53.
pub fn mark_of(key: &str, text: &str) -> u64 {
    let mut mark: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in key.bytes().chain([0]).chain(text.bytes()) {
        mark = (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mark >> 11
}
