//! What the steps of a run have seen, for the trace.

use std::fmt;
use std::sync::Arc;

use super::scope::FlowScope;
use crate::core::token::Tokens;
use crate::core::trace::{Layer, Scope};
use crate::core::value::Map;

/// So many steps add to one scope; then it is made anew, so that no chain is long.
const LONGEST: usize = 32;

/// What the last step could see. That follows from the run, and a run is the same whether anybody has seen it.
#[derive(Clone, Default)]
pub struct Seen(Option<Sight>);

/// The scope, how many steps have added to it, and the session and the values that are in it.
#[derive(Clone)]
struct Sight {
    scope: Scope,
    steps: usize,
    tokens: Option<Arc<Tokens>>,
    last_change: u32,
}

impl PartialEq for Seen {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Seen {
    /// What can be seen now that a step has added this, which stands in the scope already.
    pub fn see(&mut self, scope: &FlowScope<'_>, added: Option<(Layer, Map)>) -> Scope {
        let (tokens, last_change) = (scope.ambient.tokens, scope.ambient.store.last_change());
        match &mut self.0 {
            // The session and the values are still the same.
            Some(sight)
                if sight.steps < LONGEST
                    && sight.last_change == last_change
                    && is_same(sight.tokens.as_ref(), tokens) =>
            {
                if let Some((layer, members)) = added {
                    sight.scope = sight.scope.with(layer, members);
                    sight.steps += 1;
                }
                sight.scope.clone()
            }
            _ => {
                let mut around = Map::new();
                scope.add_around(&mut around);
                let scope = Scope::new(scope.found(), around);
                self.0 = Some(Sight { scope: scope.clone(), steps: 0, tokens: tokens.cloned(), last_change });
                scope
            }
        }
    }
}

/// Whether both are the same tokens, or none.
pub fn is_same(one: Option<&Arc<Tokens>>, other: Option<&Arc<Tokens>>) -> bool {
    one.map(Arc::as_ptr) == other.map(Arc::as_ptr)
}
