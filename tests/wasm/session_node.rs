//! The typed session in Node: what it gives, what it fails with, and that each call ends.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics has failed, and says where.

mod kit;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use doorkey::{Attach, Auth, Code, Data, Endpoint, Error, EventKind, Flow, Flows, Host, Options, Page, Pages, Step};
use kit::{ADA, Running, Server, js, sleep, until};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Cart {
    items: Vec<String>,
    note: Option<String>,
}

impl Cart {
    fn of(item: &str) -> Self {
        Self { items: vec![item.to_owned()], note: None }
    }
}

/// A session whose flows never end.
fn slow(name: &str) -> Auth {
    let never = || Some(Flow::Data(js("() => new Promise(() => {})").into()));
    let flows = Flows { signin: never(), refresh: never(), revoke: never(), check: never() };
    Auth::new(&Options { name: Some(name.to_owned()), flows, ..Options::default() }).unwrap()
}

fn refusal(options: &Options) -> (Code, Option<String>) {
    let error = Auth::new(options).expect_err("these options are bad");
    (error.code, error.path)
}

#[wasm_bindgen_test]
fn bad_options_are_errors_with_a_code_and_a_path() {
    let with_signin =
        |flow: Flow| Options { flows: Flows { signin: Some(flow), ..Flows::default() }, ..Options::default() };
    let rows = [
        (Options { timeout_seconds: Some(-1.0), ..Options::default() }, Code::InvalidOption, "timeoutSeconds"),
        (
            Options { provider: Some(Data::new(json!({ "flwos": {} }))), ..Options::default() },
            Code::InvalidOption,
            "flwos",
        ),
        (with_signin(Endpoint::new("").into()), Code::InvalidOption, "flows.signin.url"),
        (with_signin(Endpoint::new("{{ inputs.").into()), Code::Template, "flows.signin.url"),
        (
            with_signin(vec![Step::define([("a", "1")]), Step::request(Endpoint::new("/x").header("b c", "d"))].into()),
            Code::InvalidOption,
            "flows.signin[1].request.headers.b c",
        ),
        (with_signin(Flow::Data(Data::new(7))), Code::InvalidOption, "flows.signin"),
        (
            Options {
                attach: Attach { origins: Some(vec!["nowhere".into()]), ..Attach::default() },
                ..Options::default()
            },
            Code::InvalidOption,
            "attach.origins[0]",
        ),
    ];
    for (options, code, path) in rows {
        assert_eq!(refusal(&options), (code, Some(path.to_owned())));
    }
}

#[wasm_bindgen_test]
fn what_serde_cannot_carry_is_a_bad_option() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the wheel came off"))
        }
    }
    let options = Options { provider: Some(Data::new(Broken)), ..Options::default() };
    let error = Auth::new(&options).unwrap_err();
    assert_eq!(error.code, Code::InvalidOption);
    assert!(error.message.contains("the wheel came off"), "{error}");
}

#[wasm_bindgen_test]
async fn a_session_from_sign_in_to_sign_out() {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
    }
    let server = Server::new(3600.0);
    let pages = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&pages);
    let auth = Auth::new(&Options {
        host: Host::new().navigate_to(move |page| seen.borrow_mut().push(page.to_owned())),
        pages: Pages { home: Some("/".into()), login: Some("/login".into()), ..Pages::default() },
        ..server.options("whole")
    })
    .unwrap();
    assert!(!auth.status().signed_in && !auth.guard(Page::Protected).await.unwrap());

    let signed_in = auth.signin(&ADA).await.unwrap();

    assert!(signed_in.navigated && signed_in.expires_at_ms.unwrap() > js_sys::Date::now());
    let status = auth.status();
    assert!(status.signed_in && status.has_refresh_token && status.expires_in_seconds.unwrap() > 3000.0);
    let token = auth.access_token().await.unwrap();
    assert_eq!(auth.claims::<Claims>(&token).unwrap().sub, "ada");
    assert_eq!(auth.headers().await.unwrap()["Authorization"], format!("Bearer {token}"));
    assert!(auth.check().await.unwrap() && auth.guard(Page::Protected).await.unwrap());
    let refreshed = auth.refresh_access_token(false).await.unwrap();
    assert!(refreshed.ok && !refreshed.refreshed && server.refreshes.get() == 0);
    assert!(auth.refresh_access_token(true).await.unwrap().refreshed && server.refreshes.get() == 1);

    let signed_out = auth.logout().await.unwrap();

    assert!(signed_out.navigated && !signed_out.revoked && !auth.status().signed_in);
    assert_eq!(auth.access_token().await.unwrap_err().code, Code::SignedOut);
    let refused = auth.refresh_access_token(false).await.unwrap();
    assert_eq!((refused.ok, refused.reason.as_deref()), (false, Some("signed-out")));
    assert_eq!(*pages.borrow(), ["/login", "/", "/login"]);
}

#[wasm_bindgen_test]
async fn a_flow_in_rust_gets_its_inputs_and_fails_as_a_query_does() {
    #[derive(Serialize)]
    struct Refusal {
        status: u16,
        body: BTreeMap<&'static str, &'static str>,
    }
    let given = Rc::new(RefCell::new(BTreeMap::<String, String>::new()));
    let seen = Rc::clone(&given);
    let flow = Flow::from_fn(move |inputs| {
        seen.replace(inputs);
        let refusal = Refusal { status: 401, body: BTreeMap::from([("message", "Wrong password")]) };
        async move { Err::<(), _>(refusal) }
    });
    let auth = Auth::new(&Options {
        name: Some("refused".into()),
        flows: Flows { signin: Some(flow), ..Flows::default() },
        ..Options::default()
    })
    .unwrap();

    let error = auth.signin(&ADA).await.unwrap_err();

    assert_eq!(given.borrow()["email"], "ada@example.com");
    assert_eq!(
        (error.code, error.status, error.message.as_str()),
        (Code::InvalidCredentials, Some(401), "Wrong password")
    );
    assert_eq!(error.body::<BTreeMap<String, String>>().unwrap()["message"], "Wrong password");
    assert!(!auth.status().signed_in);
}

#[wasm_bindgen_test]
async fn what_a_flow_in_rust_cannot_read_fails_the_sign_in() {
    let never = |_: u32| async { Ok::<(), String>(()) };
    let flows = Flows { signin: Some(Flow::from_fn(never)), ..Flows::default() };
    let auth = Auth::new(&Options { name: Some("unread".into()), flows, ..Options::default() }).unwrap();
    let error = auth.signin(&ADA).await.unwrap_err();
    assert_eq!(error.code, Code::Host, "{error}");
}

#[wasm_bindgen_test]
async fn values_come_back_as_they_were_stored() {
    let auth = Server::new(60.0).open("values");
    let cart = Cart { items: vec!["apple".into(), "__proto__".into()], note: None };

    auth.store_value("cart", &cart, true).await.unwrap();
    auth.store_value("__proto__", &7, false).await.unwrap();
    auth.store_value("a.b", &Some("c"), true).await.unwrap();

    assert_eq!(auth.value::<Cart>("cart").unwrap(), Some(cart));
    assert_eq!(auth.value::<u8>("__proto__").unwrap(), Some(7));
    assert_eq!(auth.value::<Cart>("constructor").unwrap(), None);
    let all: BTreeMap<String, IgnoredAny> = auth.values().unwrap();
    assert!(all.keys().eq(["__proto__", "a.b", "cart"]));
    auth.remove_value("cart").await.unwrap();
    assert_eq!(auth.value::<Cart>("cart").unwrap(), None);
    auth.clear_store().await.unwrap();
    assert_eq!(auth.value::<String>("a.b").unwrap(), None);
}

#[wasm_bindgen_test]
async fn what_is_no_json_or_no_key_is_not_stored() {
    let auth = Server::new(60.0).open("bad values");
    auth.store_value("kept", &1, true).await.unwrap();
    let code = |result: Result<(), Error>| result.unwrap_err().code;
    assert_eq!(code(auth.store_value("kept", &f64::NAN, true).await), Code::InvalidValue);
    assert_eq!(code(auth.store_value("kept", &u64::MAX, true).await), Code::InvalidValue);
    assert_eq!(code(auth.store_value("", &1, true).await), Code::InvalidValue);
    assert_eq!(code(auth.store_value(&"k".repeat(10_000), &1, true).await), Code::InvalidValue);
    assert_eq!(auth.value::<u8>("kept").unwrap(), Some(1));
    let error = auth.value::<Cart>("kept").unwrap_err();
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidValue, Some("value")));
}

#[wasm_bindgen_test]
fn what_is_no_token_has_no_claims() {
    let auth = Server::new(60.0).open("claims");
    for token in ["", "opaque", "a.b.c", "a.eyJ9.c"] {
        assert_eq!(auth.claims::<IgnoredAny>(token).unwrap_err().code, Code::InvalidValue, "{token}");
    }
    assert_eq!(auth.claims::<BTreeMap<String, u32>>(kit::JWT).unwrap_err().code, Code::InvalidValue);
}

#[wasm_bindgen_test]
async fn a_server_that_cannot_be_reached_is_an_error_that_may_pass() {
    // Nothing listens on the port of discarding.
    let nowhere = Endpoint::new("http://127.0.0.1:9/token").form([("user", "{{ inputs.email }}")]);
    let flows = Flows { signin: Some(nowhere.into()), ..Flows::default() };
    let auth = Auth::new(&Options { name: Some("nowhere".into()), flows, ..Options::default() }).unwrap();
    let error = auth.signin(&ADA).await.unwrap_err();
    assert_eq!((error.code, error.retryable), (Code::Unreachable, true));
    let error = auth.fetch(&"http://127.0.0.1:9/".into(), &JsValue::UNDEFINED).await.unwrap_err();
    assert_eq!(error.code, Code::Unreachable);
    assert!(!error.cause().is_undefined());
}

#[wasm_bindgen_test]
async fn calls_that_wait_and_calls_that_come_late_fail_as_disposed() {
    let auth = slow("disposed");
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let auth = auth.clone();
            Running::start(async move { auth.signin(&ADA).await.map(|_| ()) })
        })
        .collect();
    sleep(20).await;

    auth.dispose();

    for call in waiting {
        let code = call.output().await.unwrap_err().code;
        assert!(matches!(code, Code::Disposed | Code::Superseded), "{code:?}");
    }
    let late = [
        auth.signin(&ADA).await.map(|_| ()),
        auth.access_token().await.map(|_| ()),
        auth.headers().await.map(|_| ()),
        auth.check().await.map(|_| ()),
        auth.guard(Page::Login).await.map(|_| ()),
        auth.logout().await.map(|_| ()),
        auth.refresh_access_token(true).await.map(|_| ()),
        auth.store_value("a", &1, true).await,
        auth.remove_value("a").await,
        auth.clear_store().await,
    ];
    for (at, result) in late.into_iter().enumerate() {
        assert_eq!(result.unwrap_err().code, Code::Disposed, "call {at}");
    }
    assert!(!auth.status().signed_in);
}

#[wasm_bindgen_test]
async fn twenty_calls_at_once_all_settle_after_one_refresh() {
    let server = Server::new(0.1);
    let auth = server.open("at once");
    auth.signin(&ADA).await.unwrap();
    server.lifetime.set(3600.0);
    sleep(150).await;
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let auth = auth.clone();
            Running::start(async move { auth.access_token().await })
        })
        .collect();
    for call in calls {
        assert!(call.output().await.unwrap().ends_with("refresh1"));
    }
    assert_eq!(server.refreshes.get(), 1);
}

#[wasm_bindgen_test]
async fn the_last_clone_that_is_dropped_ends_the_session() {
    let server = Server::new(0.5);
    let auth = server.open("dropped");
    let clone = auth.clone();
    assert!(auth == clone);
    auth.signin(&ADA).await.unwrap();
    drop(auth);
    until("the timer refreshes", || server.refreshes.get() > 0).await;
    drop(clone);
    // A refresh that was under way may still ask.
    sleep(100).await;
    let count = server.refreshes.get();
    sleep(1000).await;
    assert_eq!(server.refreshes.get(), count);
}

#[wasm_bindgen_test]
async fn events_are_told_until_the_subscription_is_dropped() {
    let auth = Server::new(3600.0).open("events");
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hear = |kind| {
        let heard = Rc::clone(&heard);
        auth.on(kind, move |event| heard.borrow_mut().push(event)).unwrap()
    };
    let (signed_in, signed_out) = (hear(EventKind::SignedIn), hear(EventKind::SignedOut));

    auth.signin(&ADA).await.unwrap();
    until("the sign-in is told", || !heard.borrow().is_empty()).await;
    drop(signed_out);
    auth.logout().await.unwrap();
    sleep(50).await;

    let events = heard.borrow();
    assert_eq!((events.len(), events[0].kind, &events[0].reason), (1, EventKind::SignedIn, &None));
    assert!((js_sys::Date::now() - events[0].at_ms).abs() < 10_000.0);
    drop(signed_in);
}

#[wasm_bindgen_test]
async fn a_listener_may_end_itself() {
    let auth = Server::new(3600.0).open("itself");
    let (slot, count) = (Rc::new(RefCell::new(None)), Rc::new(Cell::new(0)));
    let (own, counter) = (Rc::clone(&slot), Rc::clone(&count));
    let watch = auth.watch("cart", move |value: Option<Cart>| {
        assert_eq!(value.unwrap().items, ["apple"]);
        counter.set(counter.get() + 1);
        own.take();
    });
    slot.replace(Some(watch.unwrap()));
    auth.store_value("cart", &Cart::of("apple"), true).await.unwrap();
    until("the change is told", || count.get() == 1).await;
    auth.store_value("cart", &Cart::of("pear"), true).await.unwrap();
    sleep(50).await;
    assert_eq!(count.get(), 1);
}

#[wasm_bindgen_test]
async fn a_query_of_the_host_gets_its_parameters() {
    let auth = Server::new(3600.0).open("query");
    auth.signin(&ADA).await.unwrap();
    let query = js("{ run: async (params) => ({ items: [params.name], note: null }) }");
    let cart: Cart = auth.run(&query, &json!({ "name": "apple" })).await.unwrap();
    assert_eq!(cart, Cart::of("apple"));
    let error = auth.run::<u32>(&query, &json!({ "name": "apple" })).await.unwrap_err();
    assert_eq!((error.code, error.path.as_deref()), (Code::InvalidValue, Some("result")));
}

#[wasm_bindgen_test]
async fn the_trace_tells_what_happened() {
    #[derive(Deserialize)]
    struct Item {
        id: String,
        kind: String,
    }
    let auth = Server::new(3600.0).open("trace");
    auth.signin(&ADA).await.unwrap();
    let steps: Vec<Item> = auth.trace().unwrap();
    assert!(steps.iter().any(|step| (step.id.as_str(), step.kind.as_str()) == ("js1", "call")));
}
