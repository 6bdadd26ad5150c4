//! The loop: one input, then all effects.
//!
//! No borrow is alive when JavaScript runs: an effect may call JavaScript, and JavaScript may call us.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Date;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::answer::answer;
use super::browser::page::{self, Op};
use super::browser::{data, storage};
use super::convert::{foreign, from_error, map_of, parse_date, parse_json, to_data};
use crate::core::effect::{Addition, Effect, Event};
use crate::core::error::AuthError;
use crate::core::flow::machine::Want;
use crate::core::http::HttpRequest;
use crate::core::input::{Call, CallId, EffectId, Hint, Input};
use crate::core::options::{CrossTab, Options, Storage};
use crate::core::platform::Platform;
use crate::core::session::{Session, Setting};
use crate::core::time::UnixMillis;
use crate::core::value::{ForeignKind, Value};

/// A session and the page that it moves.
#[derive(Debug)]
pub struct Driver {
    core: RefCell<Session>,
    page: JsValue,
    in_host: bool,
    inputs: RefCell<Vec<Input>>,
    is_busy: Cell<bool>,
    next: Cell<u32>,
}

/// What JavaScript calls: the number of an [`Op`], an id, whether it failed, and two values.
pub type Hear = dyn Fn(u32, u32, bool, JsValue, JsValue);

/// A function of JavaScript that leads here. After a trap it leads nowhere.
pub fn entrance(hear: impl Fn(u32, u32, bool, JsValue, JsValue) + 'static) -> JsValue {
    page::guard(&Closure::<Hear>::new(hear).into_js_value())
}

impl Driver {
    /// Opens a session and gives the function that JavaScript calls it by; the session lives as long as that function.
    /// `enter` hears of its calls: whether a data field is evaluated, what is called, and who wants to know the end.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` when the storage that is asked for can't be.
    pub fn open(
        options: Options,
        host: &JsValue,
        enter: fn(&Self, bool, &JsValue, &JsValue),
    ) -> Result<JsValue, AuthError> {
        let page = page::open_page(host);
        let facts = match to_data(&page::facts(&page)) {
            Value::List(facts) => facts,
            _ => Vec::new(),
        };
        let fact = |index: usize| facts.get(index).unwrap_or(&Value::Undefined);
        let storage = Session::choose_storage(&options, fact(0).is_truthy())?;
        let name = options.name.clone();
        let is_shared = storage != Storage::Memory && options.cross_tab != CrossTab::Off;
        let kept = match storage {
            Storage::Memory => Some(storage::memory(&name)),
            Storage::Host => Some(storage::host_storage(&name, &page)),
            Storage::Session | Storage::Local => storage::web(&name, storage == Storage::Local),
        };
        let setting = Setting {
            platform: Platform { parse_json, parse_date },
            base: fact(1).as_text().filter(|origin| origin.starts_with("http")).map(str::to_owned),
            storage,
            seed: match fact(3) {
                Value::Number(number) => (number * f64::from(u32::MAX)) as u32,
                _ => 0,
            },
            visible: fact(2).is_truthy(),
        };
        let driver = Rc::new(Self {
            core: RefCell::new(Session::new(options, setting, now())),
            page,
            in_host: storage == Storage::Host,
            inputs: RefCell::default(),
            is_busy: Cell::new(false),
            next: Cell::new(0),
        });
        if kept.is_none() {
            driver.core.borrow_mut().storage_denied();
        }
        let heard = Rc::clone(&driver);
        let function = entrance(move |op, id, flag, first, second| match op {
            0 => enter(&heard, flag, &first, &second),
            _ => heard.hear(op, id, flag, &first, &second),
        });
        page::listen(&driver.page, &name, &kept.unwrap_or_else(|| storage::memory(&name)), is_shared, &function);
        let glance = data::text(&driver.ask(Op::Glance, Vec::new()));
        if !glance.is_empty() {
            driver.core.borrow_mut().preview(&glance);
        }
        driver.feed(Input::Tick);
        Ok(function)
    }

    /// Takes new options and a new host for the same session.
    pub fn configure(&self, options: Options, host: &JsValue) {
        self.ask(Op::Use, vec![foreign(ForeignKind::Other, host)]);
        self.core.borrow_mut().configure(options, now());
        self.feed(Input::Tick);
    }

    /// Begins a call; `settle` is called exactly once. `request` is the request of `fetch`.
    pub fn call(&self, call: Call, request: Value, settle: Value) {
        let id = self.next.get().wrapping_add(1);
        self.next.set(id);
        page::act(&self.page, Op::Begin, id, vec![settle, request]);
        self.feed(Input::Call(CallId(id), call));
    }

    /// Reads the session: no effect, no change.
    pub fn read<T>(&self, read: impl FnOnce(&Session) -> T) -> T {
        read(&self.core.borrow())
    }

    /// Asks the page for something that it gives at once.
    pub fn ask(&self, op: Op, arguments: Vec<Value>) -> JsValue {
        page::act(&self.page, op, 0, arguments)
    }

    /// Ends everything; those who wait are told.
    pub fn dispose(&self) {
        self.feed(Input::Dispose);
        self.ask(Op::Close, Vec::new());
    }

    /// What the page tells.
    fn hear(&self, op: u32, id: u32, flag: bool, first: &JsValue, second: &JsValue) {
        const TIMER: u32 = Op::Timer as u32;
        const CHANGED: u32 = Op::Changed as u32;
        const ACTIVE: u32 = Op::Active as u32;
        const WOKE: u32 = Op::Woke as u32;
        const VISIBLE: u32 = Op::Visible as u32;
        const STORED: u32 = Op::Stored as u32;
        const TOUCHED: u32 = Op::Touched as u32;
        self.feed(match op {
            TIMER => Input::Tick,
            CHANGED => Input::Hint(Hint::Changed),
            ACTIVE => Input::Hint(Hint::Active),
            TOUCHED => {
                if let Ok(mut core) = self.core.try_borrow_mut() {
                    core.active(now());
                }
                Input::Hint(Hint::Active)
            }
            WOKE => Input::Hint(Hint::Woke),
            VISIBLE => Input::Hint(Hint::Visible(flag)),
            STORED => {
                let text = (!second.is_undefined()).then(|| data::text(second));
                Input::Hint(Hint::Value(data::text(first), text))
            }
            _ => {
                let result = if flag { Err(first.clone()) } else { Ok(first.clone()) };
                Input::Answer(EffectId(id), answer(op, self.in_host, result))
            }
        });
    }

    /// Hands an input to core and does all that it asks for; what comes meanwhile waits its turn.
    fn feed(&self, input: Input) {
        self.inputs.borrow_mut().push(input);
        if self.is_busy.replace(true) {
            return;
        }
        loop {
            let inputs = self.inputs.take();
            if inputs.is_empty() {
                break;
            }
            for input in inputs {
                self.core.borrow_mut().handle(input, now());
                loop {
                    let effect = self.core.borrow_mut().poll_effect();
                    let Some(effect) = effect else { break };
                    self.perform(effect);
                }
            }
        }
        self.is_busy.set(false);
        let at = self.core.borrow().poll_timeout();
        let delay = at.map_or(Value::Undefined, |at| Value::Number(at.0 as f64 - now().0 as f64));
        self.ask(Op::Timer, vec![delay]);
    }

    fn perform(&self, effect: Effect) {
        let (op, EffectId(id), arguments) = match effect {
            Effect::Read(id) => (Op::Read, id, Vec::new()),
            Effect::Commit { id, expected, text } => (Op::Commit, id, vec![optional(expected), Value::Text(text)]),
            Effect::Mirror(text) => (Op::Mirror, NONE, vec![Value::Text(text)]),
            Effect::List(id, keys) => (Op::List, id, vec![Value::List(keys.into_iter().map(Value::Text).collect())]),
            Effect::Put { id, key, text, persist } => {
                (Op::Put, id, vec![Value::Text(key), optional(text), Value::Bool(persist)])
            }
            Effect::Show(key, text) => (Op::Show, NONE, vec![Value::Text(key), optional(text)]),
            Effect::Lock(id) => (Op::Lock, id, Vec::new()),
            Effect::Unlock => (Op::Unlock, NONE, Vec::new()),
            Effect::Want(id, Want::Http(request)) => (Op::Http, id, http(request)),
            Effect::Want(id, Want::Query(query, params)) => (Op::Run, id, vec![query, params]),
            Effect::Want(id, Want::Call(function, arguments)) => {
                (Op::Call, id, vec![Value::Foreign(function), Value::List(arguments)])
            }
            Effect::Query(id, query, params) => (Op::Query, id, vec![query, params]),
            Effect::Send { id, call, addition } => {
                (Op::Send, id, vec![Value::Number(f64::from(call.0)), added(addition)])
            }
            Effect::Abort(id) => (Op::Abort, id, Vec::new()),
            Effect::Navigate(id, target) => (Op::Navigate, id, vec![Value::Text(target)]),
            Effect::Announce => (Op::Say, NONE, vec![Value::from("changed")]),
            Effect::AnnounceActive => (Op::Say, NONE, vec![Value::from("active")]),
            Effect::Emit(event) => (Op::Emit, NONE, vec![Value::from(event.kind.as_str()), told(event)]),
            Effect::Settle(call, outcome) => (Op::Settle, EffectId(call.0), settled(outcome).to_vec()),
        };
        page::act(&self.page, op, id, arguments);
    }
}

/// The id of what is not answered.
const NONE: EffectId = EffectId(0);

/// What whoever waits for an outcome is called with.
pub fn settled(outcome: Result<Value, AuthError>) -> [Value; 2] {
    match outcome {
        Ok(value) => [Value::Bool(false), value],
        Err(error) => [Value::Bool(true), from_error(&error)],
    }
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::Undefined, Value::Text)
}

fn pairs(pairs: Vec<(String, String)>) -> Value {
    Value::List(pairs.into_iter().map(|(key, value)| Value::List(vec![Value::Text(key), Value::Text(value)])).collect())
}

/// A flow's request.
fn http(request: HttpRequest) -> Vec<Value> {
    let init = map_of([
        ("method", Value::Text(request.method)),
        ("headers", pairs(request.headers)),
        ("body", optional(request.body)),
        ("credentials", Value::from(request.credentials.as_str())),
        ("redirect", Value::from(if request.refuse_redirect { "error" } else { "follow" })),
    ]);
    vec![Value::Text(request.url), init]
}

/// What is put on the caller's own request.
fn added(addition: Addition) -> Value {
    map_of([
        ("headers", pairs(addition.headers)),
        ("url", optional(addition.url)),
        ("body", optional(addition.body)),
        ("csrf", pairs(addition.csrf.into_iter().collect())),
        ("redirect", if addition.refuse_redirect { Value::from("error") } else { Value::Undefined }),
    ])
}

/// What listeners are told.
fn told(event: Event) -> Value {
    let mut members = crate::core::value::Map::new();
    members.set("type", Value::from(event.kind.as_str()));
    members.set("at", Value::Number(event.at.0 as f64));
    if let Some(reason) = event.reason {
        members.set("reason", Value::from(reason));
    }
    Value::Map(members)
}

/// The moment.
pub fn now() -> UnixMillis {
    UnixMillis(Date::now().max(0.0) as u64)
}
