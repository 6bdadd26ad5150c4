//! Values on their way in and out, in Node: as serde-wasm-bindgen carries them, and total over anything that can be thrown.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

mod kit;

use doorkey::core::error::Code;
use doorkey::core::value::{ForeignKind, Value};
use doorkey::shell::platform::PLATFORM;
use doorkey::shell::wire::{self, Messages};
use doorkey::{Auth, Data, Error, Options};
use js_sys::{JSON, Reflect};
use kit::js;
use serde::Serialize as _;
use serde_json::{Map, Value as Json, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/src/shell/copy.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn copy(value: &JsValue, path: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    fn json(value: &JsValue, path: &str) -> Result<String, JsValue>;

    fn failure(thrown: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/shell/wire.js")]
extern "C" {
    type Refs;

    #[wasm_bindgen(constructor)]
    fn new() -> Refs;

    fn encode(message: &JsValue, refs: &Refs) -> Vec<u8>;

    fn decode(bytes: &[u8], refs: &Refs) -> JsValue;
}

#[wasm_bindgen(module = "/src/shell/own.js")]
extern "C" {
    /// Named, so that it is there for the others.
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = hasOwn)]
    fn has_own(object: &JsValue, key: &str) -> bool;
}

thread_local! {
    static REFS: Refs = Refs::new();
}

/// The value as Rust gets it, or why it can't be data.
fn to_value(js: &JsValue) -> Result<Value, String> {
    let copied = copy(js, "value").map_err(|unfit| text_of(&unfit, "why"))?;
    Ok(wire::read(&REFS.with(|refs| encode(&copied, refs))))
}

/// The value as JavaScript gets it.
fn from_value(value: &Value) -> JsValue {
    let mut messages = Messages::new();
    drop(messages.begin("give").value("value", value));
    let given = REFS.with(|refs| decode(&messages.finish(), refs));
    Reflect::get(&js_sys::Array::from(&given).get(0), &"value".into()).unwrap()
}

/// The JSON that would be stored, or where the value can't be.
fn to_json(js: &JsValue) -> Result<String, String> {
    json(js, "value").map_err(|unfit| text_of(&unfit, "path"))
}

fn text_of(js: &JsValue, member: &str) -> String {
    Reflect::get(js, &member.into()).unwrap().as_string().unwrap()
}

fn parse_json(text: &str) -> Option<Value> {
    (PLATFORM.parse_json)(text)
}

/// A generator of data (xorshift64*), the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize) % limit
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 12] =
            ["", "a", "a.b", "0", "10", "constructor", "\u{0}", "\"\\\n", "ß", "\u{2028}", "😀", "{{ x }}"];
        (0..self.below(3)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn json(&mut self, depth: usize) -> Json {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Json::Null,
            1 => Json::Bool(self.below(2) == 0),
            2 => json!(self.below(1 << 30) as f64 - 5e8),
            3 => json!((self.below(1 << 30) as f64) * 1.5e-7),
            4 => Json::String(self.text()),
            5 => (0..self.below(5)).map(|_| self.json(depth - 1)).collect(),
            _ => Json::Object((0..self.below(5)).map(|_| (self.text(), self.json(depth - 1))).collect()),
        }
    }
}

/// What core has, as serde has it. Numbers are doubles in both, and members have no order.
fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Map(map) => map.iter().map(|(key, member)| (key.clone(), json_of(member))).collect(),
        Value::Undefined | Value::Foreign(_) => panic!("this is no JSON: {value:?}"),
    }
}

fn doubles(json: Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(items) => items.into_iter().map(doubles).collect(),
        Json::Object(members) => {
            members.into_iter().map(|(key, value)| (key, doubles(value))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

fn by_serde(json: &Json) -> JsValue {
    json.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap()
}

fn stringified(js: &JsValue) -> String {
    JSON::stringify(js).unwrap().into()
}

#[wasm_bindgen_test]
fn random_data_comes_in_as_serde_wasm_bindgen_reads_it() {
    let mut random = Random(0x5EED_0001);
    for _ in 0..2000 {
        let json = random.json(4);
        let js = by_serde(&json);
        assert_eq!(json_of(&to_value(&js).unwrap()), json);
        assert_eq!(json_of(&to_value(&js).unwrap()), doubles(serde_wasm_bindgen::from_value(js).unwrap()));
    }
}

#[wasm_bindgen_test]
fn random_data_goes_out_as_serde_wasm_bindgen_writes_it() {
    let mut random = Random(0x5EED_0002);
    for _ in 0..2000 {
        let json = random.json(4);
        let ours = from_value(&to_value(&by_serde(&json)).unwrap());
        assert_eq!(doubles(serde_wasm_bindgen::from_value(ours.clone()).unwrap()), json);
        assert_eq!(stringified(&ours), stringified(&by_serde(&json)), "the order of members is kept");
    }
}

#[wasm_bindgen_test]
fn random_data_is_stored_as_the_json_that_it_is() {
    let mut random = Random(0x5EED_0003);
    for _ in 0..2000 {
        let json = random.json(4);
        let text = to_json(&by_serde(&json)).unwrap();
        assert_eq!(doubles(serde_json::from_str(&text).unwrap()), json);
        assert_eq!(json_of(&parse_json(&text).unwrap()), json);
    }
}

#[wasm_bindgen_test]
fn a_key_that_names_the_prototype_is_a_key() {
    for text in [r#"{"__proto__":{"admin":true}}"#, r#"{"a":[{"__proto__":1,"constructor":2}]}"#] {
        let given = JSON::parse(text).unwrap();
        let value = to_value(&given).unwrap();
        assert_eq!(stringified(&from_value(&value)), text);
        assert_eq!(to_json(&given).unwrap(), text);
        assert!(Reflect::get(&from_value(&value), &"admin".into()).unwrap().is_undefined(), "no prototype was set");
    }
}

#[wasm_bindgen_test]
fn what_can_be_no_data_is_refused() {
    let rows = [
        ("a cycle", "(() => { const a = { b: [] }; a.b.push(a); return a; })()"),
        ("a cycle by toJSON", "(() => { const a = { toJSON: () => a }; return a; })()"),
        ("too deep", "(() => { let a = 1; for (let i = 0; i < 70; i++) a = [a]; return a; })()"),
        ("too much", "Array.from({ length: 200001 }, () => 0)"),
        ("a bigint", "1n"),
        ("a bigint within", "{ a: [1n] }"),
        ("a symbol", "[Symbol('x')]"),
        ("a getter that throws", "{ get a() { throw new Error('no'); } }"),
        ("a getter that throws nothing", "{ get a() { throw undefined; } }"),
        ("a toJSON that throws", "{ toJSON() { throw 1; } }"),
        (
            "a proxy that is revoked",
            "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
        ),
        ("a proxy that hides its keys", "new Proxy({ a: 1 }, { ownKeys() { throw new Error('no'); } })"),
    ];
    for (what, source) in rows {
        assert!(to_value(&js(source)).is_err(), "{what}");
        let path = to_json(&js(source)).err();
        // 200,001 numbers are much for an option, and no matter for a store.
        if what != "too much" {
            let path = path.unwrap_or_else(|| panic!("{what} was stored"));
            assert!(path.starts_with("value"), "{what}: {path}");
        }
    }
}

#[wasm_bindgen_test]
fn depth_is_allowed_up_to_a_limit() {
    let nested = |depth: u32| {
        js(&format!("(() => {{ let a = 1; for (let i = 0; i < {depth}; i++) a = {{ a }}; return a; }})()"))
    };
    assert!(to_value(&nested(63)).is_ok() && to_json(&nested(63)).is_ok());
    assert!(to_value(&nested(64)).is_err() && to_json(&nested(64)).is_err());
}

#[wasm_bindgen_test]
fn what_json_would_change_or_lose_is_not_stored() {
    let sources = [
        "undefined",
        "NaN",
        "Infinity",
        "() => 1",
        "new Date(0)",
        "new Map([[1, 2]])",
        "new (class Point { x = 1 })()",
        "[undefined]",
        "[1, , 2]",
        "{ a: { toJSON: () => 1 } }",
        "Symbol('x')",
        "/x/",
        "new Uint8Array(2)",
        "new Error('x')",
    ];
    for source in sources {
        assert!(to_json(&js(source)).is_err(), "{source}");
    }
    assert_eq!(to_json(&js("{ a: 1, b: undefined }")).unwrap(), r#"{"a":1}"#, "an undefined member is as good as none");
    assert_eq!(to_json(&js("Object.create(null)")).unwrap(), "{}");
}

#[wasm_bindgen_test]
fn functions_and_queries_are_carried_and_come_back_as_they_are() {
    let rows = [
        ("() => 1", ForeignKind::Function),
        ("{ run() {}, data: 1n }", ForeignKind::Query),
        ("{ trigger() {} }", ForeignKind::Query),
        ("class { static run() {} }", ForeignKind::Function),
    ];
    for (source, kind) in rows {
        let given = js(source);
        let value = to_value(&given).unwrap();
        assert!(matches!(&value, Value::Foreign(foreign) if foreign.kind() == kind), "{source}");
        assert!(from_value(&value) == given, "{source}");
    }
}

#[wasm_bindgen_test]
fn anything_can_be_thrown() {
    let sources = [
        "undefined",
        "null",
        "0",
        "NaN",
        "''",
        "'no'",
        "false",
        "1n",
        "Symbol('x')",
        "() => 1",
        "[]",
        "[1n]",
        "Object.freeze({})",
        "Object.create(null)",
        "new Error('no')",
        "{ get message() { throw 1; } }",
        "Object.assign(new Error('no'), { self: globalThis })",
        "Object.defineProperty(new Error(), 'message', { get() { throw 1; } })",
        "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
    ];
    for source in sources {
        let thrown = js(source);
        let found = failure(&thrown);
        let cause = Reflect::get(&found, &"cause".into()).unwrap();
        assert_eq!(cause.is_undefined(), thrown.is_undefined(), "{source}");
        let error = Error::from(thrown);
        assert_eq!(error.code, Code::NotReady, "{source} has no code of doorkey's");
        assert!(!error.to_string().is_empty());
    }
}

#[wasm_bindgen_test]
fn memory_stays_flat_after_two_thousand_bad_calls() {
    let bad = JsValue::from_str(&"x".repeat(20_000));
    let call = || {
        let flows = json!({ "signin": { "url": "https://id.example.com", "jsn": "x".repeat(20_000) } });
        let options = Options { provider: Some(Data::new(json!({ "flows": flows }))), ..Options::default() };
        assert_eq!(Auth::new(&options).unwrap_err().code, Code::InvalidOption);
        assert!(to_value(&js_sys::Array::of2(&bad, &js("1n"))).is_err());
        assert!(to_json(&js_sys::Array::of2(&bad, &js("() => 1"))).is_err());
    };
    let size = || js_sys::WebAssembly::Memory::from(wasm_bindgen::memory()).grow(0);
    for _ in 0..100 {
        call();
    }
    let before = size();
    for _ in 0..2000 {
        call();
    }
    assert_eq!(size(), before, "pages of 64 kB");
}
