//! The option `refresh`.

use crate::core::flow::endpoint::expression;
use crate::core::section::Section;
use crate::core::template::{Shape, Template};
use crate::core::time::Millis;
use crate::core::value::Value;

/// How long before its end a token is refreshed, unless the app says so or it lives for less than ten times that long.
const MARGIN: Millis = Millis(60_000);

/// When tokens are refreshed.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshRule {
    /// So long before expiry, where the app says how long.
    pub before: Option<Millis>,
    /// After a response of these statuses; empty: of any outside 200 to 299.
    pub statuses: Vec<u16>,
    /// Every so many seconds: a number or a template; `undefined`: never.
    pub every: Shape,
    /// Before each `run` and `fetch`.
    pub every_query: bool,
    /// After a `response` of which this template is true; `None`: the status alone decides.
    pub when: Option<Template>,
    /// The header, in lower case, in which an answer brings the token that comes next.
    pub from_header: Option<String>,
}

impl RefreshRule {
    /// Whether a status is one that says that nobody is signed in: 401, and those that are named.
    pub fn names(&self, status: u16) -> bool {
        status == 401 || self.statuses.contains(&status)
    }

    /// Whether a response of this status asks for a refresh.
    pub fn covers(&self, status: u16) -> bool {
        if self.statuses.is_empty() { !(200..300).contains(&status) } else { self.statuses.contains(&status) }
    }

    /// How long before its end a token is refreshed at most, however long it lives.
    pub fn longest_margin(&self) -> Millis {
        self.before.unwrap_or(MARGIN)
    }

    /// How long before its end a token of this lifetime is refreshed. What the app says counts up to half of the lifetime:
    /// with more of it, each call would come too late.
    pub fn margin(&self, lifetime: Millis) -> Millis {
        self.before.map_or_else(|| MARGIN.min(Millis(lifetime.0 / 10)), |given| given.min(Millis(lifetime.0 / 2)))
    }

    /// Reads it.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let mut statuses = Vec::new();
        match section.get("status") {
            Value::Undefined => statuses.push(401),
            Value::Text(text) if text == "non-2xx" => {}
            Value::List(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Value::Number(number) if (100.0..600.0).contains(number) && number.fract() == 0.0 => {
                            statuses.push(*number as u16);
                        }
                        _ => section.place.member("status").item(index).fail("must be an HTTP status"),
                    }
                }
            }
            _ => section.fail("status", "must be an array of HTTP statuses, or non-2xx"),
        }
        let every = section.get("everySeconds");
        if !matches!(every, Value::Text(_)) {
            section.number("everySeconds", 0.001);
        }
        section.text("when");
        Self {
            before: section.number("beforeExpirySeconds", 0.0).map(Millis::from_seconds),
            statuses,
            every: Shape::parse(every, &section.place.member("everySeconds")),
            every_query: section.flag("everyQuery"),
            when: expression(section, "when"),
            from_header: section.text("fromHeader").map(str::to_ascii_lowercase),
        }
    }
}
