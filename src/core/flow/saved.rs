//! A run as plain JSON, and back: so it can be put to sleep while the page is away, and gone on with.
//!
//! What belongs to JavaScript does not outlive its page: functions among the results are left out.

use super::form::Again;
use super::leaving::Leaving;
use super::run::Run;
use super::seen::Seen;
use crate::core::http::status::Purpose;
use crate::core::secret::Sensitive;
use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};

impl Run {
    /// Writes the run down.
    pub fn save(&self) -> Sensitive<Value> {
        let mut map = Map::new();
        map.set_text("purpose", purpose_word(self.purpose));
        map.set("inputs", self.inputs.data().clone());
        map.set("next", number(self.next));
        map.set("results", Value::Map(self.results.data().clone()));
        map.set("variables", Value::Map(self.variables.data().clone()));
        map.set("answer", self.answer.data().clone());
        map.set_number("beganAt", self.began_at.0 as f64);
        map.set_flag("hasAsked", self.has_asked);
        map.set("origins", Value::List(self.origins.iter().map(|origin| Value::from(origin.as_str())).collect()));
        if let Some(key) = &self.key {
            map.set_text("key", key.as_str());
        }
        if let Some(at) = self.server_date {
            map.set_number("serverDate", at.0 as f64);
        }
        if let Some(at) = self.askable {
            map.set("askable", number(at));
        }
        if let Some(again) = &self.again {
            let mut saved = Map::new();
            saved.set_text("message", again.message.as_str());
            saved.set("body", again.body.clone());
            saved.set("values", again.values.data().clone());
            map.set("again", Value::Map(saved));
        }
        Sensitive::new(Value::Map(map))
    }

    /// Reads a run that was written down; `None` for what [`Run::save`] did not write.
    pub fn restore(saved: &Value) -> Option<Self> {
        let member = |key| saved.member(key);
        let value = |key| member(key).cloned().unwrap_or_default();
        let map = |key| member(key)?.as_map().cloned();
        let again = match member("again") {
            None => None,
            Some(again) => Some(Again {
                message: again.member("message")?.as_text()?.to_owned(),
                body: again.member("body").cloned().unwrap_or_default(),
                values: again.member("values").cloned().unwrap_or_default().into(),
            }),
        };
        Some(Self {
            purpose: purpose_of(member("purpose")?.as_text()?)?,
            inputs: value("inputs").into(),
            next: whole(member("next")?)? as usize,
            results: map("results")?.into(),
            variables: map("variables")?.into(),
            answer: value("answer").into(),
            server_date: member("serverDate").and_then(whole).map(UnixMillis),
            origins: texts(member("origins")?)?,
            began_at: UnixMillis(whole(member("beganAt")?)?),
            askable: member("askable").and_then(whole).map(|at| at as usize),
            again,
            has_asked: member("hasAsked")?.is_truthy(),
            leaving: Leaving::No,
            key: member("key").and_then(Value::as_text).map(str::to_owned),
            seen: Seen::default(),
        })
    }
}

fn number(at: usize) -> Value {
    Value::Number(at as f64)
}

fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) if *number >= 0.0 && number.fract() == 0.0 && *number < 9e15 => Some(*number as u64),
        _ => None,
    }
}

fn texts(list: &Value) -> Option<Vec<String>> {
    let Value::List(items) = list else { return None };
    items.iter().map(|item| item.as_text().map(str::to_owned)).collect()
}

const fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Signin => "signin",
        Purpose::Refresh => "refresh",
        Purpose::Other => "other",
    }
}

fn purpose_of(word: &str) -> Option<Purpose> {
    [Purpose::Signin, Purpose::Refresh, Purpose::Other].into_iter().find(|purpose| purpose_word(*purpose) == word)
}
