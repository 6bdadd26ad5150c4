//! How a step of a run ends, as the trace is told.

use super::program::Step;
use super::run::Run;
use super::scope::Ambient;
use crate::core::error::AuthError;
use crate::core::trace::{Done, Layer};
use crate::core::value::{Map, Value};

impl Run {
    /// A step has failed.
    pub(super) fn failed(
        &mut self,
        step: &Step,
        mut error: AuthError,
        ambient: Ambient<'_>,
        done: &mut Vec<Done>,
    ) -> AuthError {
        error.step_id.get_or_insert_with(|| step.id.clone());
        self.note(step, error.status, None, ambient, done);
        if let Some(last) = done.last_mut() {
            last.error = Some(error.clone().into());
        }
        error
    }

    /// A step has given this.
    pub(super) fn end(
        &mut self,
        step: &Step,
        value: Value,
        status: Option<u16>,
        ambient: Ambient<'_>,
        done: &mut Vec<Done>,
    ) {
        let added = Map::from_iter([(step.id.clone(), value.clone())]);
        self.results.data_mut().set(step.id.as_str(), value);
        self.note(step, status, Some((Layer::Result, added)), ambient, done);
    }

    /// A step is at its end, and has added this to the scope.
    pub(super) fn note(
        &mut self,
        step: &Step,
        status: Option<u16>,
        added: Option<(Layer, Map)>,
        ambient: Ambient<'_>,
        done: &mut Vec<Done>,
    ) {
        let mut seen = std::mem::take(&mut self.seen);
        let scope = seen.see(&self.scope(ambient), added);
        self.seen = seen;
        done.push(Done {
            id: step.id.clone(),
            kind: step.action.kind(),
            at: self.began_at,
            ended_at: ambient.now,
            status,
            scope,
            error: None,
        });
    }
}
