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
use super::convert::{List, PLATFORM, to_text, unwrap};
use crate::core::effect::Effect;
use crate::core::error::AuthError;
use crate::core::flow::machine::Want;
use crate::core::input::{Call, CallId, EffectId, Hint, Input};
use crate::core::options::{CrossTab, Options, Storage};
use crate::core::session::{Session, Setting};
use crate::core::time::UnixMillis;
use crate::core::value::Value;

/// A session and the page that it moves.
#[derive(Debug)]
pub struct Driver {
    core: RefCell<Session>,
    page: JsValue,
    in_host: bool,
    inputs: RefCell<Vec<Input>>,
    is_busy: Cell<bool>,
    next: Cell<u32>,
    /// What the one timer is set to.
    timer: Cell<Option<UnixMillis>>,
}

/// What JavaScript calls: the number of an [`Op`], an id, whether it failed, and two values.
pub type Hear = dyn Fn(u32, u32, bool, JsValue, JsValue);

/// A function of JavaScript that leads here. After a trap it leads nowhere.
pub fn entrance(hear: impl Fn(u32, u32, bool, JsValue, JsValue) + 'static) -> JsValue {
    page::guard(&Closure::<Hear>::new(hear).into_js_value())
}

impl Driver {
    /// Opens a session and gives the function that JavaScript calls it by; the session lives as long as that function.
    /// `enter` hears of its calls: what is called, whether a data field is evaluated, the arguments, and who wants to know
    /// the end.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` when the storage that is asked for can't be.
    pub fn open(
        options: Options,
        host: &JsValue,
        enter: fn(&Self, u32, bool, &JsValue, &JsValue),
    ) -> Result<JsValue, AuthError> {
        let page = page::open_page(host);
        let facts = page::facts(&page);
        let storage = Session::choose_storage(&options, facts.get(0).is_truthy())?;
        let name = options.name.clone();
        let is_shared = storage != Storage::Memory && options.cross_tab != CrossTab::Off;
        let kept = match storage {
            Storage::Memory => Some(storage::memory(&name)),
            Storage::Host => Some(storage::host_storage(&name, &page)),
            Storage::Session | Storage::Local => storage::web(&name, storage == Storage::Local),
        };
        let setting = Setting {
            platform: PLATFORM,
            base: to_text(&facts.get(1)).filter(|origin| origin.starts_with("http")),
            storage,
            seed: facts.get(3).unchecked_into_f64() as u32,
            visible: facts.get(2).is_truthy(),
            found: data::text(&facts.get(4)),
        };
        let driver = Rc::new(Self {
            core: RefCell::new(Session::new(options, setting, now())),
            page,
            in_host: storage == Storage::Host,
            inputs: RefCell::default(),
            is_busy: Cell::new(false),
            next: Cell::new(0),
            timer: Cell::new(None),
        });
        if kept.is_none() {
            driver.core.borrow_mut().storage_denied();
        }
        let heard = Rc::clone(&driver);
        let function = entrance(move |op, id, flag, first, second| match op {
            0 => enter(&heard, id, flag, &first, &second),
            _ => heard.hear(op, id, flag, &first, &second),
        });
        page::listen(&driver.page, &name, &kept.unwrap_or_else(|| storage::memory(&name)), is_shared, &function);
        if let Some(record) = to_text(&driver.ask(Op::Glance, List::new())) {
            driver.core.borrow_mut().preview(&record);
        }
        driver.feed(Input::Tick);
        Ok(function)
    }

    /// Takes new options and a new host for the same session.
    pub fn configure(&self, options: Options, host: &JsValue) {
        self.ask(Op::Use, List::new().js(host));
        self.core.borrow_mut().configure(options, now());
        self.feed(Input::Tick);
    }

    /// Begins a call; `settle` is called exactly once. `request` is the request of `fetch`.
    pub fn call(&self, call: Call, request: &JsValue, settle: &JsValue) {
        let id = self.next.get().wrapping_add(1);
        self.next.set(id);
        page::act(&self.page, Op::Begin, id, &List::new().js(settle).js(request));
        self.feed(Input::Call(CallId(id), call));
    }

    /// Reads the session: no effect, no change.
    pub fn read<T>(&self, read: impl FnOnce(&Session) -> T) -> T {
        read(&self.core.borrow())
    }

    /// Asks the page for something that it gives at once.
    pub fn ask(&self, op: Op, arguments: List) -> JsValue {
        page::act(&self.page, op, 0, &arguments)
    }

    /// Ends everything; those who wait are told.
    pub fn dispose(&self) {
        self.feed(Input::Dispose);
        self.ask(Op::Close, List::new());
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
            STORED => Input::Hint(Hint::Value(data::text(first), to_text(second))),
            _ => {
                let result = if flag { Err(first) } else { Ok(first) };
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
                if matches!(input, Input::Tick | Input::Hint(_)) {
                    // It has gone off, or may have slept.
                    self.timer.set(None);
                }
                self.core.borrow_mut().handle(input, now());
                loop {
                    let effect = self.core.borrow_mut().poll_effect();
                    let Some(effect) = effect else { break };
                    self.perform(&effect);
                }
            }
        }
        self.is_busy.set(false);
        let at = self.core.borrow().poll_timeout();
        if self.timer.replace(at) != at {
            let delay = at.map_or(Value::Undefined, |at| Value::Number(at.0 as f64 - now().0 as f64));
            self.ask(Op::Timer, List::new().value(&delay));
        }
    }

    fn perform(&self, effect: &Effect) {
        let list = List::new();
        let (op, id, list) = match effect {
            Effect::Read(id) => (Op::Read, *id, list),
            Effect::Commit { id, expected, text } => (Op::Commit, *id, list.maybe(expected.as_deref()).text(text)),
            Effect::Mirror(text) => (Op::Mirror, NONE, list.text(text)),
            Effect::List(id, keys) => (Op::List, *id, list.texts(keys.iter())),
            Effect::Put { id, key, text, persist } => {
                (Op::Put, *id, list.text(key).maybe(text.as_deref()).flag(*persist))
            }
            Effect::Show(key, text) => (Op::Show, NONE, list.text(key).maybe(text.as_deref())),
            Effect::Lock(id) => (Op::Lock, *id, list),
            Effect::Unlock => (Op::Unlock, NONE, list),
            Effect::Want(id, Want::Http(request)) => {
                let list = list.text(&request.url).text(&request.method).pairs(&request.headers);
                let list = list.maybe(request.body.as_deref()).text(request.credentials.as_str());
                let list = list.text(if request.refuse_redirect { "error" } else { "follow" });
                (Op::Http, *id, list.pairs(request.csrf.as_slice()))
            }
            Effect::Want(id, Want::Query(query, params)) => (Op::Run, *id, list.value(query).value(params)),
            Effect::Want(id, Want::Prompt(form)) => (Op::Prompt, *id, list.value(form)),
            Effect::Want(id, Want::Call(function, arguments)) => {
                (Op::Call, *id, list.js(&unwrap(function)).js(&List::of(arguments).0))
            }
            Effect::Query { id, query, params, look } => (Op::Query, *id, list.value(query).value(params).flag(*look)),
            Effect::Send { id, call, addition, look } => {
                let list = list.number(f64::from(call.0)).pairs(&addition.headers).pairs(addition.csrf.as_slice());
                let list = list.flag(addition.refuse_redirect).flag(*look).maybe(addition.body.as_deref());
                (Op::Send, *id, list.maybe(addition.url.as_deref()))
            }
            Effect::Abort(id) => (Op::Abort, *id, list),
            Effect::Navigate(id, target) => (Op::Navigate, *id, list.text(target)),
            Effect::Notify(message) => (Op::Notify, NONE, list.text(message)),
            Effect::CloseForm => (Op::CloseForm, NONE, list),
            Effect::Announce => (Op::Say, NONE, list.text("changed")),
            Effect::AnnounceActive => (Op::Say, NONE, list.text("active")),
            Effect::Emit(event) => {
                (Op::Emit, NONE, list.text(event.kind.as_str()).number(event.at.0 as f64).maybe(event.reason))
            }
            Effect::Settle(call, outcome) => (Op::Settle, EffectId(call.0), ended(outcome)),
        };
        page::act(&self.page, op, id.0, &list);
    }
}

/// The id of what is not answered.
const NONE: EffectId = EffectId(0);

/// What whoever waits is told: the value, or the members of the error.
pub fn ended(outcome: &Result<Value, AuthError>) -> List {
    let error = match outcome {
        Ok(value) => return List::new().value(value),
        Err(error) => error,
    };
    let number = |number: Option<f64>| number.map_or(Value::Undefined, Value::Number);
    let list = List::new().value(&error.body).text(error.code.as_str()).text(&error.message);
    let list = list.flag(error.code.is_retryable()).value(&number(error.status.map(f64::from)));
    let list = list.value(&number(error.retry_at.map(|at| at.0 as f64)));
    let list = list.maybe(error.step_id.as_deref()).maybe(error.path.as_deref());
    match &error.cause {
        Some(cause) => list.js(&unwrap(cause)),
        None => list,
    }
}

/// The moment.
pub fn now() -> UnixMillis {
    UnixMillis(Date::now().max(0.0) as u64)
}
