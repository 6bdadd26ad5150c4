//! The stored record: what is stored is the truth. Reading, the commit rule, adoption of what other tabs have written.

pub mod envelope;
mod marks;
mod mirror;
mod outcome;
pub mod place;

use std::sync::Arc;

use super::context::{Context, Errand};
use super::effect::{Effect, Word};
use super::error::Code;
use super::input::Commit;
use super::platform::Platform;
use super::secret::Secret;
use super::token::Tokens;
use super::vocabulary::{EventKind, Reason, Storage};
use super::waits::Waiter;
use envelope::{Record, State};
pub use marks::{mark_of, marked_as};
use outcome::Look;
pub use outcome::{Committed, Other};
use place::{Place, Servers};

/// Keeps the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Keeper {
    /// Where it rests.
    pub place: Place,
    /// What is stored, as far as this tab knows.
    record: Record,
    /// The stored text that `record` was read from: what a commit is based on.
    stored: Option<Secret>,
    /// The storage failed: the session goes on in memory.
    detached: bool,
    /// It failed because it was full.
    was_full: bool,
    /// One more with each other record.
    revision: u32,
    /// The origins of the flows that make our sessions; empty where that is not known.
    pub servers: Servers,
    /// The look at it because of a hint.
    look: Look,
}

impl Keeper {
    /// A keeper that has not read anything yet.
    pub fn new(storage: Storage) -> Self {
        Self {
            place: Place::new(storage),
            record: Record::default(),
            stored: None,
            detached: false,
            was_full: false,
            revision: 0,
            servers: Servers::default(),
            look: Look::None,
        }
    }

    /// From now on the record rests there, where nothing is known yet.
    pub fn rest_at(&mut self, storage: Storage, forgets: bool, cx: &mut Context) {
        self.place.storage = storage;
        self.stored = None;
        self.detached = false;
        self.was_full = false;
        self.look = Look::None;
        cx.ask(Effect::Place { storage, forgets });
    }

    /// The record.
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// The tokens of a live session.
    pub const fn tokens(&self) -> Option<&Arc<Tokens>> {
        self.record.tokens()
    }

    /// Whether the session lives in this page's memory only.
    pub const fn is_detached(&self) -> bool {
        self.detached
    }

    /// Whether the session is there after a reload.
    pub const fn survives_reload(&self) -> bool {
        !self.detached && self.place.storage.survives_reload()
    }

    /// A number that is another one when the record is.
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// The record that follows, with this state.
    pub fn next(&self, state: State, cx: &Context) -> Record {
        let active_at = cx.options.idle.map(|_| self.record.last_active_at(cx.active_at, cx.now));
        Record { active_at, ..self.record.next(state, cx.now) }
    }

    /// Shows what the host's store held when the page came up, while the shared record is still being read.
    pub fn preview(&mut self, text: &Secret, platform: Platform) {
        if let Some(record) = Record::from_text(text.expose(), platform) {
            self.replace_record(record);
        }
    }

    /// Drops the session, here and in what is known of the storage, if another server's tokens made it. Gives whether that
    /// leaves this tab signed out.
    pub fn turn_away(&mut self, platform: Platform) -> bool {
        let is_foreign = |record: &Record| record.tokens().is_some_and(|tokens| self.servers.is_foreign(tokens));
        let had_one =
            is_foreign(&self.record) || Record::of(self.stored.as_ref(), platform).is_some_and(|it| is_foreign(&it));
        if had_one {
            self.replace_record(self.record.clone());
        }
        had_one && self.tokens().is_none()
    }

    /// Takes in what was found at first: chooses between the shared record and the host's copy of it.
    pub fn open(&mut self, text: Option<Secret>, mirror: Option<Option<Secret>>, cx: &mut Context) {
        self.place.is_alone = self.place.storage.has_copy() && mirror.is_none();
        let shared = Record::of(text.as_ref(), cx.platform).unwrap_or_default();
        let record = match mirror {
            None => shared,
            Some(copy) => mirror::choose(shared, &text, &copy, cx),
        };
        self.stored = text;
        self.replace_record(record);
    }

    /// Writes what tabs share to the host's copy.
    fn mirror(&self, text: Option<Secret>, cx: &mut Context) {
        if let Some(text) = text {
            cx.ask(Effect::Mirror(text));
        }
    }

    /// Asks for what is stored; answered to `waiter`.
    pub fn read(&self, waiter: Waiter, cx: &mut Context) {
        let id = cx.wait_for_storage(waiter);
        cx.ask(Effect::Read(id));
    }

    /// Something may have changed: looks at what is stored again, where that can have been changed.
    /// One look is for all hints that come meanwhile, and one more.
    pub fn reread(&mut self, cx: &mut Context) {
        if self.look != Look::None {
            self.look = Look::TwiceUnderWay;
        } else if self.survives_reload() {
            self.look = Look::UnderWay;
            self.read(Waiter::Record, cx);
        }
    }

    /// What the look has found; `None`: nothing, as the storage does not answer.
    pub fn on_look(&mut self, found: Option<Option<Secret>>, cx: &mut Context) {
        let again = std::mem::take(&mut self.look) == Look::TwiceUnderWay;
        if let Some(text) = found {
            self.on_stored(text, cx);
        }
        if again {
            self.reread(cx);
        }
    }

    /// Takes in what is stored. A session that is another than before is adopted, and told.
    pub fn on_stored(&mut self, text: Option<Secret>, cx: &mut Context) {
        if self.detached || text == self.stored || self.place.is_alone && mirror::is_late(&self.stored, &text, cx) {
            return;
        }
        let before = self.adopt(text, cx);
        let event = match (&before.state, &self.record.state) {
            (State::Live(old), State::Live(new)) if old.is_same(new) => None,
            (State::Live(old), State::Live(new)) if old.signed_in_at == new.signed_in_at => Some(EventKind::Refreshed),
            (_, State::Live(_)) => Some(EventKind::SignedIn),
            (State::Live(_), State::Expired) => Some(EventKind::Expired),
            (State::Live(_), _) => Some(EventKind::SignedOut),
            _ => None,
        };
        if let Some(event) = event {
            cx.emit(event, Some(Reason::OtherTab.as_str()));
            if self.place.storage.has_copy() {
                self.mirror(self.stored.clone(), cx);
            }
            cx.want(Errand::ChangedElsewhere);
        }
    }

    /// Takes a stored text for the record; gives the record before.
    fn adopt(&mut self, text: Option<Secret>, cx: &mut Context) -> Record {
        let record = Record::of(text.as_ref(), cx.platform).unwrap_or_default();
        self.stored = text;
        let before = self.replace_record(record);
        if self.record.cleared_at != before.cleared_at && !self.place.storage.has_copy() {
            cx.want(Errand::Clear(self.record.spared.clone()));
        }
        let gone = self.record.gone_since(&before);
        if self.place.names_all_keys() && !gone.is_empty() {
            cx.want(Errand::Remove(gone));
        }
        before
    }

    fn replace_record(&mut self, mut record: Record) -> Record {
        if record.tokens().is_some_and(|tokens| self.servers.is_foreign(tokens)) {
            record.state = State::Gone;
        }
        self.revision = self.revision.wrapping_add(1);
        std::mem::replace(&mut self.record, record)
    }

    /// Asks for a compare-and-swap of the stored text. Gives whether there is nothing to wait for: the record is kept in memory.
    pub fn commit(&mut self, record: &Record, waiter: Waiter, cx: &mut Context) -> bool {
        if self.detached {
            self.replace_record(record.clone());
            return true;
        }
        let id = cx.wait_for_storage(waiter);
        cx.ask(Effect::Commit { id, expected: self.stored.clone(), text: record.to_text() });
        false
    }

    /// What became of a commit.
    pub fn on_committed(&mut self, record: Record, commit: Commit, other: Other, cx: &mut Context) -> Committed {
        let commit = match commit {
            Commit::Lost(text) if self.place.is_alone && mirror::is_late(&self.stored, &text, cx) => {
                self.mirror(Some(record.to_text()), cx);
                Commit::Applied
            }
            commit => commit,
        };
        match commit {
            Commit::Applied => {
                self.stored = Some(record.to_text());
                self.replace_record(record);
                if self.place.is_shared(cx) {
                    cx.ask(Effect::Announce(Word::Changed));
                }
                Committed::Kept
            }
            Commit::Failed(code) => {
                self.replace_record(record);
                self.detach(code, cx);
                Committed::Kept
            }
            Commit::Lost(text) => {
                match other {
                    Other::Adopted => self.on_stored(text, cx),
                    Other::Replaced => _ = self.adopt(text, cx),
                }
                Committed::Lost
            }
        }
    }

    /// From this moment on this tab goes by `record`, whatever the storage takes to say so.
    pub fn foresee(&mut self, record: Record) {
        self.replace_record(record);
    }

    /// Nobody waits for the commit of `record` any more: it is taken for done, and a later commit finds out.
    pub fn assume(&mut self, record: Record) {
        self.stored = Some(record.to_text());
        self.replace_record(record);
    }

    /// A storage that was full may have room again: a new session tries it anew.
    pub const fn try_storage_again(&mut self) {
        if std::mem::replace(&mut self.was_full, false) {
            self.detached = false;
        }
    }

    /// From now on the session lives in this page's memory only, and everybody is told why.
    pub fn detach(&mut self, code: Code, cx: &mut Context) {
        if !self.detached {
            self.detached = true;
            self.was_full = code == Code::StorageFull;
            cx.note("storage", code.as_str());
            cx.emit_failed(code);
        }
    }

    /// What is stored, as far as this tab knows.
    pub const fn stored(&self) -> Option<&Secret> {
        self.stored.as_ref()
    }
}

#[cfg(test)]
mod tests;
