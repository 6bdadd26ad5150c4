//! What the wasm tests share: a server made of functions, and waits that end.
#![allow(dead_code)] // Each test program uses its part.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use doorkey::{Auth, Flow, Flows, Options};
use js_sys::Promise;
use serde::Serialize;
use serde::de::IgnoredAny;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A JWT of `{ "sub": "ada", "name": "Ada" }`, not signed.
pub const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJuYW1lIjoiQWRhIn0.x";

/// The value of a JavaScript expression.
pub fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap()
}

/// Lets so many milliseconds pass.
pub async fn sleep(ms: i32) {
    let wait = js("(ms) => new Promise((resolve) => setTimeout(resolve, ms))");
    let promise = js_sys::Function::from(wait).call1(&JsValue::UNDEFINED, &ms.into()).unwrap();
    JsFuture::from(Promise::from(promise)).await.unwrap();
}

/// Waits until something is so, for ten seconds at most.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..500 {
        if is_so() {
            return;
        }
        sleep(20).await;
    }
    panic!("waited in vain until {what}");
}

/// A future that runs by itself, and what it came to.
pub struct Running<T>(Rc<Cell<Option<T>>>);

impl<T: 'static> Running<T> {
    pub fn start(future: impl Future<Output = T> + 'static) -> Self {
        let slot = Rc::new(Cell::new(None));
        let result = Rc::clone(&slot);
        spawn_local(async move { result.set(Some(future.await)) });
        Self(slot)
    }

    /// Its output, which must come within ten seconds.
    pub async fn output(self) -> T {
        let slot = self.0;
        until("a call settles", || {
            let output = slot.take();
            let is_there = output.is_some();
            slot.set(output);
            is_there
        })
        .await;
        slot.take().unwrap()
    }
}

/// A server made of functions, which counts what is asked of it.
#[derive(Clone, Default)]
pub struct Server {
    pub signins: Rc<Cell<u32>>,
    pub refreshes: Rc<Cell<u32>>,
    /// The lifetime of its tokens, in seconds.
    pub lifetime: Rc<Cell<f64>>,
}

#[derive(Serialize)]
struct Answer {
    access_token: String,
    refresh_token: String,
    expires_in: f64,
}

impl Server {
    pub fn new(lifetime: f64) -> Self {
        let server = Self::default();
        server.lifetime.set(lifetime);
        server
    }

    /// A session of that name with this server.
    pub fn options(&self, name: &str) -> Options {
        let (signin, refresh) = (self.clone(), self.clone());
        let flows = Flows {
            signin: Some(Flow::from_fn(move |_: IgnoredAny| signin.answer(|server| &server.signins, "signin"))),
            refresh: Some(Flow::from_fn(move |_: IgnoredAny| refresh.answer(|server| &server.refreshes, "refresh"))),
            ..Flows::default()
        };
        Options { name: Some(name.to_owned()), flows, timeout_seconds: Some(5.0), ..Options::default() }
    }

    pub fn open(&self, name: &str) -> Auth {
        Auth::new(&self.options(name)).unwrap()
    }

    fn answer(
        &self,
        counter: fn(&Self) -> &Rc<Cell<u32>>,
        kind: &'static str,
    ) -> impl Future<Output = Result<Answer, String>> + use<> {
        let server = self.clone();
        async move {
            let count = counter(&server);
            count.set(count.get() + 1);
            let number = count.get();
            // A server is never done at once: time for others to come.
            sleep(50).await;
            let (access_token, refresh_token) = (format!("{JWT}{kind}{number}"), format!("refresh-{kind}{number}"));
            Ok(Answer { access_token, refresh_token, expires_in: server.lifetime.get() })
        }
    }
}

/// The inputs of a sign-in.
#[derive(Serialize)]
pub struct Login {
    pub email: &'static str,
    pub password: &'static str,
}

pub const ADA: Login = Login { email: "ada@example.com", password: "secret" };

/// A session with a host that has a store of its own.
pub fn with_store(server: &Server, name: &str) -> Auth {
    const HOST: &str = "((map) => ({ store: {
        get: (key) => map.get(key), set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) }
    }))(new Map())";
    Auth::new(&Options { host: js(HOST).into(), ..server.options(name) }).unwrap()
}

/// Two sessions with one record and an expired token, which both want a new one: the server is asked once.
pub async fn assert_one_refresh(open: impl Fn(&Server) -> Auth) {
    let server = Server::new(0.2);
    let (first, second) = (open(&server), open(&server));
    first.signin(&ADA).await.unwrap();
    until("both are signed in", || second.status().signed_in).await;
    server.lifetime.set(3600.0);
    sleep(250).await;
    let calls = [first, second].map(|auth| Running::start(async move { auth.access_token().await }));
    for call in calls {
        assert!(call.output().await.unwrap().ends_with("refresh1"));
    }
    assert_eq!(server.refreshes.get(), 1);
}
