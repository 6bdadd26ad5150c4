//! What the steps of a flow could see, told by what each of them has added: hardly anybody looks at it, and a copy for each step
//! would grow with the square of their number.

use std::sync::Arc;

use super::excerpt::excerpt;
use crate::core::redact::Secrets;
use crate::core::secret::Sensitive;
use crate::core::value::Map;

/// Where in a scope the members of a part stand; of two with one name, the later counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Layer {
    /// What was found out before.
    Before,
    /// The result of a step.
    Result,
    /// What a step has defined.
    Defined,
    /// What surrounds the flow.
    Around,
}

/// What a step could see.
#[derive(Clone, Debug)]
pub struct Scope(Arc<Part>);

#[derive(Debug)]
struct Part {
    below: Option<Scope>,
    layer: Layer,
    members: Sensitive<Map>,
}

/// Whatever the parts are.
impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.to_map() == other.to_map()
    }
}

impl Scope {
    /// What is there before a step adds to it.
    pub fn new(before: Map, around: Map) -> Self {
        Self::part(None, Layer::Before, before).with(Layer::Around, around)
    }

    /// The same with more.
    #[must_use]
    pub fn with(&self, layer: Layer, members: Map) -> Self {
        Self::part(Some(self.clone()), layer, members)
    }

    fn part(below: Option<Self>, layer: Layer, members: Map) -> Self {
        Self(Arc::new(Part { below, layer, members: members.into() }))
    }

    /// What the last step has added to what was there.
    pub fn added(&self) -> Option<&Map> {
        matches!(self.0.layer, Layer::Result | Layer::Defined).then(|| self.0.members.data())
    }

    /// The whole of it.
    pub fn to_map(&self) -> Map {
        let (mut parts, mut next) = (Vec::new(), Some(self));
        while let Some(Self(part)) = next {
            parts.push(part);
            next = part.below.as_ref();
        }
        let mut map = Map::new();
        for layer in [Layer::Before, Layer::Result, Layer::Defined, Layer::Around] {
            for part in parts.iter().rev().filter(|part| part.layer == layer) {
                map.extend(part.members.data());
            }
        }
        map
    }

    /// The same without secrets, and of each part only as much as is shown; `last` is one that was masked before, which this
    /// may stand on, and this one in the end.
    pub fn masked(&self, secrets: &Secrets, last: &mut Option<(Self, Self)>) -> Self {
        if let Some((of, masked)) = last
            && Arc::ptr_eq(&of.0, &self.0)
        {
            return masked.clone();
        }
        let Part { below, layer, members } = &*self.0;
        let below = below.as_ref().map(|below| below.masked(secrets, last));
        let members = excerpt(&secrets.mask_map(members.data()));
        let masked = Self::part(below, *layer, members);
        *last = Some((self.clone(), masked.clone()));
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::json;

    fn map(text: &str) -> Map {
        json(text).as_map().cloned().unwrap_or_default()
    }

    /// Two steps, of which the second has overwritten what the first and those before it gave.
    fn two_steps() -> Scope {
        let before = Scope::new(map(r#"{ "V": 0, "a": "hush-hush" }"#), map(r#"{ "inputs": { "password": "x" } }"#));
        let first = before.with(Layer::Defined, map(r#"{ "V": 1, "W": "say hush-hush" }"#));
        first.with(Layer::Result, map(r#"{ "V": "a result", "a": 2 }"#)).with(Layer::Result, map(r#"{ "b": [3] }"#))
    }

    #[test]
    fn a_scope_is_made_of_what_each_step_has_added() {
        let scope = two_steps();
        let expected = r#"{ "V": 1, "a": 2, "b": [3], "W": "say hush-hush", "inputs": { "password": "x" } }"#;
        assert_eq!(scope.to_map(), map(expected), "variables win, as for expressions");
        assert_eq!(scope.to_map().keys(), ["V", "a", "b", "W", "inputs"]);
        assert_eq!(scope.added(), Some(&map(r#"{ "b": [3] }"#)));
    }

    #[test]
    fn a_scope_is_masked_as_its_whole_is() {
        let mut secrets = Secrets::default();
        secrets.add("hush-hush");
        let (scope, mut last) = (two_steps(), None);
        let masked = scope.masked(&secrets, &mut last);
        assert_eq!(masked.to_map(), secrets.mask_map(&scope.to_map()));
        let next = scope.with(Layer::Defined, map(r#"{ "X": "hush-hush" }"#)).masked(&secrets, &mut last);
        assert!(next.0.below.as_ref().is_some_and(|below| Arc::ptr_eq(&below.0, &masked.0)), "no part is masked twice");
        assert_eq!(next.to_map().get("X").and_then(|text| text.as_text()), Some("[redacted]"));
    }
}
