//! What the expressions and scripts of a flow can see.

use std::borrow::Cow;
use std::sync::Arc;

use crate::core::http::form::to_text;
use crate::core::lite::text::split;
use crate::core::template::Scope;
use crate::core::time::UnixMillis;
use crate::core::token::Tokens;
use crate::core::value::{Map, Value};
use crate::core::values::store::Store;

/// What surrounds a flow: the session, its values, the clock.
#[derive(Clone, Copy, Debug)]
pub struct Ambient<'a> {
    /// The tokens that the session holds.
    pub tokens: Option<&'a Arc<Tokens>>,
    /// The values.
    pub store: &'a Store,
    /// The moment of the evaluation.
    pub now: UnixMillis,
    /// The server that the user signs in at.
    pub provider: Provider<'a>,
}

/// What the options and the server itself say of an authorization server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provider<'a> {
    /// Its metadata, once it was asked.
    pub metadata: Option<&'a Map>,
    /// The option `issuer`.
    pub issuer: Option<&'a str>,
    /// The option `clientId`.
    pub client_id: Option<&'a str>,
}

/// The scope of one evaluation: what surrounds the flow, and what the flow has found out.
#[derive(Clone, Copy, Debug)]
pub struct FlowScope<'a> {
    /// What surrounds the flow.
    pub ambient: Ambient<'a>,
    /// What the call was given.
    pub inputs: &'a Value,
    /// The results of finished steps, by id.
    pub results: &'a Map,
    /// The variables that the flow has defined.
    pub variables: &'a Map,
    /// Whether a variable's bare name is replaced in a text without an expression, as in `Bearer OAUTH2_TOKEN`.
    pub bare_names: bool,
}

impl Scope for FlowScope<'_> {
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        let tokens = self.ambient.tokens;
        match name {
            "inputs" => Some(Cow::Borrowed(self.inputs)),
            "metadata" => self.ambient.provider.metadata.map(|metadata| Cow::Owned(Value::Map(metadata.clone()))),
            "store" => Some(Cow::Owned(Value::Map(self.ambient.store.values()))),
            "session" => Some(Cow::Owned(Value::Map(tokens.map(|tokens| tokens.to_scope()).unwrap_or_default()))),
            _ => {
                let defined = self.variables.get(name).or_else(|| self.results.get(name));
                defined.or_else(|| tokens?.variables.data().get(name)).map(Cow::Borrowed)
            }
        }
    }

    fn now(&self) -> UnixMillis {
        self.ambient.now
    }

    fn change_case(&self, text: &str, upper: bool) -> String {
        (self.ambient.store.platform().change_case)(text, upper)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        (self.ambient.store.platform().cookie)(name)
    }

    fn plain(&self, text: &str) -> String {
        match self.ambient.tokens {
            Some(tokens) if self.bare_names => with_variables(text, tokens.variables.data()),
            _ => text.to_owned(),
        }
    }
}

impl FlowScope<'_> {
    /// The whole of it, as a script gets it.
    pub fn to_map(&self) -> Map {
        let mut map = self.found();
        self.add_around(&mut map);
        map
    }

    /// What the session's flow and this one have found out.
    pub fn found(&self) -> Map {
        let mut map = Map::new();
        if let Some(tokens) = self.ambient.tokens {
            map.clone_from(tokens.variables.data());
        }
        map.extend(self.results);
        map.extend(self.variables);
        map
    }

    /// Adds what was there before it.
    pub fn add_around(&self, map: &mut Map) {
        for name in &["inputs", "store", "session"] {
            if let Some(value) = self.lookup(name) {
                map.set(*name, value.into_owned());
            }
        }
    }
}

/// A text with the bare names of variables replaced by their values.
fn with_variables(text: &str, variables: &Map) -> String {
    const fn is_part(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || byte == b'_'
    }
    let mut replaced = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, more) = split(rest, |byte| !is_part(byte));
        let (gap, more) = split(more, is_part);
        match variables.get(name) {
            Some(value) => replaced.push_str(&to_text(value)),
            None => replaced.push_str(name),
        }
        replaced.push_str(gap);
        rest = more;
    }
    replaced
}
