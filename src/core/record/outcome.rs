//! What may come of a look at the storage, and of a commit.

/// A look at what is stored, because of a hint.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Look {
    /// There is none.
    #[default]
    None,
    /// It is under way.
    UnderWay,
    /// It is under way, and another hint has come since: one more follows.
    TwiceUnderWay,
}

/// What to make of a record that somebody else has written meanwhile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Other {
    /// It counts: this tab has what it says, and tells so.
    Adopted,
    /// What is being decided is newer, and replaces it without a word.
    Replaced,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Committed {
    /// The record is what was to be written: in the storage, or in memory where that has failed.
    Kept,
    /// Something else was stored, and is the record now: decide anew.
    Lost,
}
