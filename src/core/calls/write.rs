//! `storeValue`, `removeValue` and `clearStore`: seen at once, taken back when the storage refuses. And what the session
//! exposes, for which nobody waits.

use super::caller::{Caller, Next};
use super::writing::Writing;
use crate::core::error::AuthError;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::secret::Secret;
use crate::core::value::Map;
use crate::core::values::Values;
use crate::core::values::store::Begun;

/// Writes that a caller waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    writing: Writing,
    begun: Vec<Begun>,
    failures: Vec<AuthError>,
}

impl Write {
    /// Stores a value.
    pub fn store<S: From<Self>>(key: &str, text: Secret, persist: bool, caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let Ground { cx, record, values, .. } = caller.ground;
        if let Err(error) = Values::check_key(key, record, cx) {
            return Next::failed(error);
        }
        let settled = vec![(key.to_owned(), values.store().settled(key))];
        values.put(waiter, key, Some(text), persist, cx);
        Next::waits(Self { writing: Writing::Values(1), begun: values.begin(settled), failures: Vec::new() })
    }

    /// Removes values; what was never stored through doorkey is not touched, nor what the session exposes.
    pub fn remove<S: From<Self>>(keys: Vec<String>, caller: &mut Caller<'_>) -> Next<S> {
        let Ground { cx, record, values, .. } = &caller.ground;
        let known = values.keys(record);
        let (mut ours, mut settled) = (Vec::new(), Vec::new());
        for key in keys {
            if known.get(&key).is_some() && !cx.options.expose.iter().flatten().any(|exposed| *exposed == key) {
                settled.push((key.clone(), values.store().settled(&key)));
                ours.push(key);
            }
        }
        let writing = Writing::remove(ours, caller.waiter(), caller.ground);
        let begun = caller.ground.values.begin(settled);
        Self::on_written(writing, begun, Vec::new(), caller)
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        let Self { writing, begun, mut failures } = self;
        let writing = writing.on_answer(answer, &mut failures, caller.waiter(), caller.ground);
        Self::on_written(writing, begun, failures, caller)
    }

    fn on_written<S: From<Self>>(
        writing: Option<Writing>,
        begun: Vec<Begun>,
        failures: Vec<AuthError>,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        if let Some(writing) = writing {
            return Next::waits(Self { writing, begun, failures });
        }
        caller.ground.values.end(begun, failures.is_empty(), &mut caller.ground.cx);
        failures.into_iter().next().map_or_else(|| Next::done(Map::new()), Next::failed)
    }
}

/// The writes of what the session exposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure(Writing);

impl Exposure {
    /// Brings what is exposed up to date; a failure is told to the listeners.
    pub fn begin<S: From<Self>>(caller: &mut Caller<'_>) -> Next<S> {
        let waiter = caller.waiter();
        let Ground { cx, record, values, .. } = caller.ground;
        match values.expose_record(waiter, record, cx) {
            0 => Next::is(true),
            writes => {
                caller.page.exposing += 1;
                Next::waits(Self(Writing::Values(writes)))
            }
        }
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match self.0.on_own_answer(answer, caller.waiter(), caller.ground) {
            Some(writing) => Next::waits(Self(writing)),
            None => {
                caller.page.exposing -= 1;
                Next::is(true)
            }
        }
    }
}
