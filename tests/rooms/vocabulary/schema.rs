//! The JSON Schema of the package.

use serde_json::{Map, Value};

use super::{Expected, Vocabulary, Words, first_word, read, set};

const PATH: &str = "pkg-template/package/flow.schema.json";

/// Compares the members of each object, and the words of each enum.
#[allow(clippy::expect_used)] // A test that panics has failed, and says where.
pub(super) fn check(words: &Vocabulary) -> Vec<String> {
    let schema: Value = serde_json::from_str(&read(PATH)).expect("the schema is JSON");
    let mut complaints = Vec::new();
    let known = known(words);
    for (place, expected) in &known {
        let Some(there) = schema.pointer(place).and_then(list_of) else {
            complaints.push(format!("{PATH} {place}: there is no list of {}", expected.list));
            continue;
        };
        complaints.extend(expected.same(&format!("{PATH} {place}"), &there));
    }
    let mut lists = Vec::new();
    all_lists(&schema, "", &mut lists);
    let foreign = lists.iter().filter(|place| known.iter().all(|(own, _)| own != *place));
    complaints
        .extend(foreign.map(|place| format!("{PATH} {place}: this list is compared with none of the vocabulary")));

    let text = |place: &str| {
        let text = schema.pointer(place).and_then(Value::as_str).unwrap_or_default();
        text.split(' ').map(first_word).map(str::to_owned).collect::<Words>()
    };
    let said = [
        ("/$defs/Step/description", words.step_kinds()),
        ("/$defs/Step/else/errorMessage", words.step_kinds()),
        ("/$defs/Step/properties/define/description", words.list("TokenField")),
        ("/$defs/Template/description", words.list("TemplateFunction")),
    ];
    complaints
        .extend(said.iter().flat_map(|(place, expected)| expected.among(&format!("{PATH} {place}"), &text(place))));
    complaints
}

/// Where lists stand, and what they should be.
fn known(words: &Vocabulary) -> Vec<(&'static str, Expected)> {
    let mut host = words.list("HOST").and(&["store"]);
    // A host and its store are read alike: neither holds anything but functions.
    host.words.extend(words.list("HOST_STORE").words);
    vec![
        ("/$defs/Options", words.list("OPTIONS")),
        ("/$defs/Options/properties/flows", words.list("FlowName")),
        ("/$defs/Options/properties/pages", words.list("PAGES")),
        ("/$defs/Options/properties/expose", words.list("EXPOSE")),
        ("/$defs/Options/properties/storage", words.list("Storage")),
        ("/$defs/Options/properties/crossTab", words.list("CrossTab")),
        ("/$defs/Step", words.list("STEP")),
        ("/$defs/Step/if", words.step_kinds()),
        ("/$defs/Endpoint", words.list("ENDPOINT")),
        ("/$defs/Endpoint/properties/credentials", words.list("Credentials")),
        ("/$defs/Form", words.list("FORM")),
        ("/$defs/Authorize", words.list("AUTHORIZE")),
        ("/$defs/Authorize/properties/bind", words.list("Bind")),
        ("/$defs/Authorize/properties/mode", words.list("Mode")),
        ("/$defs/EndSession", words.list("END_SESSION")),
        ("/$defs/Field", words.list("FIELD")),
        ("/$defs/Field/properties/type", words.list("FieldType")),
        ("/$defs/Choice", words.list("CHOICE")),
        ("/$defs/TokenPaths", words.list("TokenField")),
        ("/$defs/Attach", words.list("ATTACH")),
        ("/$defs/Attach/properties/csrf", words.list("CSRF")),
        ("/$defs/Refresh", words.list("REFRESH")),
        ("/$defs/Host", host),
        ("/$defs/Taken", words.list("SCOPE")),
    ]
}

/// The words of an enum, the members of an object, or those of which an object must have one.
fn list_of(part: &Value) -> Option<Words> {
    let texts = |list: &Value| list.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect();
    if let Some(words) = part.get("enum") {
        return texts(words);
    }
    if let Some(Value::Object(members)) = part.get("properties") {
        return Some(members.keys().cloned().collect());
    }
    let choices = part.get("anyOf")?.as_array()?.iter().map(|choice| texts(choice.get("required")?));
    choices.collect::<Option<Vec<Words>>>().map(|choices| choices.into_iter().flatten().collect())
}

/// The places of all enums, and of all objects that may have no other members.
fn all_lists(part: &Value, place: &str, found: &mut Vec<String>) {
    let mut each = |key: &str, member: &Value| all_lists(member, &format!("{place}/{key}"), found);
    match part {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| each(&at.to_string(), item)),
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| each(key, member));
            if is_list(members) {
                found.push(place.to_owned());
            }
        }
        _ => {}
    }
}

fn is_list(members: &Map<String, Value>) -> bool {
    members.get("enum").is_some_and(Value::is_array) || members.get("additionalProperties") == Some(&Value::Bool(false))
}

#[test]
fn a_list_that_nobody_compares_is_found() {
    let schema = serde_json::json!({
        "a": { "enum": ["x"], "b": [{ "additionalProperties": false, "properties": { "enum": { "type": "string" } } }] },
        "c": { "additionalProperties": { "type": "string" }, "properties": { "d": {} } },
    });
    let mut found = Vec::new();
    all_lists(&schema, "", &mut found);
    assert_eq!(found, ["/a/b/0", "/a"]);
    assert_eq!(schema.pointer("/a/b/0").and_then(list_of), Some(set(&["enum"])));
}
