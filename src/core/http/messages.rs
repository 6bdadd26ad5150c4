//! What a person should read of a server's refusal.

use super::form::to_text;
use crate::core::lite::text::{concat, cut, trim};
use crate::core::redact::names::mask;
use crate::core::value::{Map, Value};

/// The members that hold an error text, in the order in which they are looked for.
const NAMES: [&str; 9] =
    ["error_description", "message", "msg", "detail", "title", "error", "errors", "Message", "errorMessage"];

/// What a person should read of a server's refusal; `None` when it says nothing that a person can read.
pub fn message_of(body: &Value, status: Option<u16>) -> Option<String> {
    let found = match body {
        Value::Undefined | Value::Null | Value::Foreign(_) => return None,
        Value::Map(members) => readable(members, status),
        _ => None,
    };
    let is_member = found.is_some();
    // All of it is no text for a person: what a name tells to be secret is in it, too.
    let text = found.unwrap_or_else(|| to_text(&mask(body, &str::to_owned)));
    let text = trim(&text);
    // WordPress begins a text for people with `<strong>`.
    let is_page = mark(text).is_some_and(|mark| !is_member || matches!(mark, b'!' | b'?' | b'h'));
    (!text.is_empty() && !is_page).then(|| text.to_owned())
}

/// Whether a body is a page, and so not the answer of an API: it begins as one does, or has tags and is said to be one.
///
/// That alone says nothing: Express calls each text `text/html` that it is given to send.
pub fn is_page(body: &Value, media_type: Option<&str>) -> bool {
    let Some(text) = body.as_text() else { return false };
    let begins =
        |word: &str| media_type.and_then(|it| it.get(..word.len())).is_some_and(|it| it.eq_ignore_ascii_case(word));
    is_html(text) || cut(text, "<").is_some() && (begins("text/html") || begins("application/xhtml"))
}

/// Whether a text begins as a page does, or as XML.
pub fn is_html(text: &str) -> bool {
    mark(text).is_some()
}

/// What stands behind the `<` that a text of tags begins with, in lower case.
fn mark(text: &str) -> Option<u8> {
    match trim(text).as_bytes() {
        [b'<', mark, ..] => Some(mark.to_ascii_lowercase()).filter(|mark| matches!(mark, b'a'..=b'z' | b'!' | b'?')),
        _ => None,
    }
}

/// The error text among the members of an answer.
fn readable(members: &Map, status: Option<u16>) -> Option<String> {
    let general = NAMES.iter().find_map(|name| said(name, members.get(name)?, members));
    let only_counts = general
        .as_deref()
        .is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()) && cut(text, "error").is_some());
    // FastAPI's list has the fields' own texts already.
    let is_listed = matches!(members.get("detail"), Some(Value::List(_)));
    if (status == Some(422) && !is_listed) || only_counts {
        return of_a_field(members).or(general);
    }
    general.or_else(|| of_a_field(members))
}

/// What a member of that name says.
fn said(name: &str, value: &Value, beside: &Map) -> Option<String> {
    match (name, value) {
        // ProblemDetails (RFC 9457): the title is general, and what is wrong stands beside it.
        ("title", Value::Text(title)) => {
            let more = beside.get("errors").and_then(first_text);
            Some(more.map_or_else(|| title.clone(), |more| concat(&[title, " ", &more])))
        }
        (_, Value::Text(text)) => (!trim(text).is_empty()).then(|| text.clone()),
        ("errors" | "detail", Value::List(items)) => {
            let mut texts = items.iter().filter_map(of_item);
            if name == "errors" {
                return texts.next();
            }
            let texts: Vec<String> = texts.collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        ("message", Value::List(items)) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_text).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        ("message", Value::Map(_)) => of_map(value).or_else(|| first_text(value)),
        (_, Value::Map(_)) => of_map(value),
        _ => None,
    }
}

fn of_map(value: &Value) -> Option<String> {
    readable(value.as_map()?, None)
}

/// What one of a list of errors says.
fn of_item(item: &Value) -> Option<String> {
    match item {
        Value::Text(text) => Some(text.clone()),
        item => ["msg", "message", "detail", "title"]
            .iter()
            .find_map(|name| item.member(name)?.as_text())
            .map(str::to_owned),
    }
}

/// What is wrong with the first field that something is wrong with, in the shapes of servers.
fn of_a_field(members: &Map) -> Option<String> {
    let details = members.get("error").and_then(|error| error.member("details"));
    let details = match details {
        Some(Value::Map(found)) => found.get("errors"),
        details => details.filter(|found| matches!(found, Value::List(_))),
    };
    let lists = [details, members.get("errors"), members.get("detail"), members.get("non_field_errors")];
    let listed = lists.into_iter().flatten().find_map(|value| match value {
        Value::List(items) => items.first().and_then(of_item),
        value => first_text(value),
    });
    listed.or_else(|| {
        members.iter().find_map(|(_, value)| if matches!(value, Value::List(_)) { first_text(value) } else { None })
    })
}

/// The first text in a value, whatever is around it.
fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::List(items) => items.iter().find_map(|item| of_item(item).or_else(|| first_text(item))),
        Value::Map(members) => members.iter().find_map(|(_, member)| first_text(member)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
