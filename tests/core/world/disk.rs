//! What tabs share: the record, compared and swapped as text, and the values.

use std::collections::{BTreeMap, BTreeSet};

use doorkey::core::error::Code;
use doorkey::core::input::Commit;
use doorkey::core::secret::Secret;

/// The storage of the origin.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub record: Option<String>,
    pub values: BTreeMap<String, String>,
    /// Writes of the record fail with this.
    pub record_fault: Option<Code>,
    /// Writes of values fail with this.
    pub value_fault: Option<Code>,
    /// The record can't be read.
    pub unreadable: bool,
    /// There is none: of a host's session there is the host's copy alone.
    pub absent: bool,
    /// Nothing is ever answered.
    pub hangs: bool,
    /// The names of the keys that the browser has; of a page's memory, those that it has in use.
    pub keys: BTreeSet<String>,
    /// Every text that was ever committed, for looking back.
    pub history: Vec<String>,
}

impl Disk {
    /// Compare and swap, in one turn.
    pub fn commit(&mut self, expected: &Option<String>, text: String) -> Commit {
        if let Some(code) = self.record_fault {
            return Commit::Failed(code);
        }
        if self.record != *expected {
            return Commit::Lost(self.record.clone().map(Secret::new));
        }
        self.history.push(text.clone());
        self.record = Some(text);
        Commit::Applied
    }
}
