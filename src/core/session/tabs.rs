//! What is stored is the truth: opening, looking again, and what a change means.

use super::super::effect::{Effect, EventKind};
use super::super::envelope::{Record, State};
use super::super::error::Code;
use super::super::input::Answer;
use super::super::options::Storage;
use super::super::time::Millis;
use super::{Opening, Session, To};

/// So long a host's store may lag behind the record that tabs share.
const MIRROR_LAG: Millis = Millis(30_000);

impl Session {
    /// Looks at the stored record again.
    pub(super) fn look(&mut self) {
        self.must_look = self.opening != Opening::Open;
        if !self.must_look && !self.detached && self.storage != Storage::Memory {
            let id = self.wait(To::Look);
            self.effects.push(Effect::Read(id));
        }
    }

    /// The first looks at the storage: the record, then the values.
    pub(super) fn opened(&mut self, answer: Answer) {
        match answer {
            Answer::Stored { text, mirror } => {
                self.adopt_first(text, mirror);
                let id = self.wait(To::Opening);
                self.effects.push(Effect::List(id, self.record.keys.clone()));
            }
            Answer::Values(values) => {
                for (key, text) in values {
                    self.store.set(&key, text.clone(), true);
                    self.effects.push(Effect::Show(key, Some(text)));
                }
                self.write_exposed();
                if let Opening::Waiting(early) = std::mem::replace(&mut self.opening, Opening::Open) {
                    for (call, what) in early {
                        self.call(call, what);
                    }
                    if self.must_look {
                        self.look();
                    }
                }
            }
            _ => {}
        }
    }

    /// Shows what the host's store held when the page came up, while the shared record is still being read.
    pub fn preview(&mut self, text: &str) {
        if let (Opening::Waiting(_), Some(record)) = (&self.opening, Record::from_text(text, self.platform)) {
            self.record = record;
        }
    }

    /// Chooses between the shared record and the host's copy of it.
    ///
    /// A host that has lost its copy has lost the session (its own sign-out clears its store), unless the shared
    /// record is so young that the copy may still be on its way.
    fn adopt_first(&mut self, text: Option<String>, mirror: Option<Option<String>>) {
        let read = |text: &Option<String>| text.as_deref().and_then(|text| Record::from_text(text, self.platform));
        let shared = read(&text).unwrap_or_default();
        let mut lags = false;
        let record = match mirror {
            None => shared,
            Some(copy) => {
                lags = text.is_some() && copy != text;
                let copied = read(&copy);
                let is_young = self.now.since(shared.changed_at) < MIRROR_LAG;
                match copied {
                    Some(copied) if copied.generation > shared.generation => copied,
                    None if !is_young => {
                        // Written there again, the session would be back at the next look.
                        lags = false;
                        Record { state: State::Empty, ..shared }
                    }
                    _ => shared,
                }
            }
        };
        // What the host's copy said before is forgotten; what tabs share is written to it.
        if lags && record.generation == read(&text).unwrap_or_default().generation {
            self.effects.extend(text.clone().map(Effect::Mirror));
        }
        self.stored = text;
        self.record = record;
        self.schedule();
    }

    /// Takes what is stored for true. Gives whether the session is another than before.
    pub(super) fn observe(&mut self, text: Option<String>, from_elsewhere: bool) -> bool {
        if self.detached || text == self.stored {
            return false;
        }
        let before = self.take_for_true(text);
        let event = match (&before.state, &self.record.state) {
            (State::Live(old), State::Live(new)) if old.is_same(new) => None,
            (State::Live(old), State::Live(new)) if old.signed_in_at == new.signed_in_at => Some(EventKind::Refreshed),
            (_, State::Live(_)) => Some(EventKind::SignedIn),
            (State::Live(_), State::Expired) => Some(EventKind::Expired),
            (State::Live(_), _) => Some(EventKind::SignedOut),
            _ => None,
        };
        let Some(event) = event else { return false };
        self.cooldown = None;
        self.schedule();
        if from_elsewhere {
            self.emit(event, Some("otherTab"));
            self.reflect();
            if self.record.tokens().is_none() {
                self.leave_protected_page();
            }
        }
        true
    }

    /// Takes a stored text for the record; gives the record before.
    pub(super) fn take_for_true(&mut self, text: Option<String>) -> Record {
        let record = text.as_deref().and_then(|text| Record::from_text(text, self.platform)).unwrap_or_default();
        self.stored = text;
        std::mem::replace(&mut self.record, record)
    }

    /// Takes a record that was just written for what is stored.
    pub(super) fn wrote(&mut self, record: Record) {
        self.stored = Some(record.to_text());
        self.record = record;
        self.schedule();
        if self.is_shared() {
            self.effects.push(Effect::Announce);
        }
    }

    /// Keeps a record that could not be written.
    pub(super) fn keep_in_memory(&mut self, record: Record, code: Code) {
        self.record = record;
        self.detach(code);
        self.schedule();
    }

    /// Asks for a compare-and-swap of the stored text.
    pub(super) fn commit(&mut self, record: &Record, to: To) {
        let id = self.wait(to);
        self.effects.push(Effect::Commit { id, expected: self.stored.clone(), text: record.to_text() });
    }
}
