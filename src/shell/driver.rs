//! The loop: one input, then all effects; the one timer; the calls that wait.
//!
//! No borrow is alive when JavaScript runs: an effect may call JavaScript, and JavaScript may call us.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::{Rc, Weak};

use js_sys::{Array, Date, Function, Map as JsMap};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

use super::browser::channel::Channel;
use super::browser::events::Listeners;
use super::browser::fetch::{self, OwnRequest};
use super::browser::locks::Lock;
use super::browser::timer::{Timer, in_a_later_task};
use super::browser::{is_visible, origin};
use super::convert::{failure, foreign, from_value, parse_date, parse_json, to_value};
use super::host::{Host, call_function, promised};
use super::storage::{Reply, Rest};
use crate::core::effect::{Effect, Event};
use crate::core::error::{AuthError, Code};
use crate::core::flow::machine::{Found, Want};
use crate::core::http::Purpose;
use crate::core::input::{Answer, Call, CallId, EffectId, Hint, Input};
use crate::core::options::{CrossTab, Options, Storage};
use crate::core::platform::Platform;
use crate::core::session::{Session, Setting};
use crate::core::time::UnixMillis;
use crate::core::value::{ForeignKind, Value};

/// Settles a call.
pub type Settle = Box<dyn FnOnce(Result<Value, AuthError>)>;

/// A session and all that it moves.
#[derive(Debug)]
pub struct Driver {
    core: RefCell<Session>,
    host: Rc<RefCell<Host>>,
    rest: Rest,
    /// What `getValue` gives, by key.
    view: JsMap,
    inputs: RefCell<VecDeque<Input>>,
    is_busy: Cell<bool>,
    calls: RefCell<Vec<Waiting>>,
    aborts: RefCell<Vec<(EffectId, AbortController)>>,
    lock: RefCell<Option<Lock>>,
    timer: RefCell<Option<Timer>>,
    channel: RefCell<Option<Channel>>,
    page: RefCell<Option<Listeners>>,
    listeners: RefCell<Vec<Listener>>,
    next: Cell<u32>,
}

/// A call that waits.
struct Waiting {
    id: CallId,
    settle: Settle,
    /// The request, where the call is `fetch`.
    request: Option<Rc<OwnRequest>>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.id.fmt(f)
    }
}

/// Somebody who wants to be told of an event, or of a value's change.
#[derive(Clone, Debug)]
struct Listener {
    id: u32,
    /// An event's word, or a key with this before it.
    topic: String,
    function: Function,
}

/// What stands before a key in the topic of a listener.
const WATCH: &str = "value:";

/// The words of the channel between tabs.
const CHANGED: &str = "changed";
const ACTIVE: &str = "active";

impl Driver {
    /// Opens a session.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` when the storage that is asked for can't be.
    pub fn open(options: Options, host: Host) -> Result<Rc<Self>, AuthError> {
        let storage = Session::choose_storage(&options, host.has_store())?;
        let host = Rc::new(RefCell::new(host));
        let name = options.name.clone();
        let is_shared = storage != Storage::Memory && options.cross_tab != CrossTab::Off;
        let (rest, denied) = match storage {
            Storage::Memory => (Rest::memory(&name), false),
            Storage::Host => (Rest::host(&name, Rc::clone(&host)), false),
            Storage::Session | Storage::Local => match Rest::web(&name, storage == Storage::Local) {
                Some(rest) => (rest, false),
                None => (Rest::memory(&name), true),
            },
        };
        let setting = Setting {
            platform: Platform { parse_json, parse_date },
            base: origin(),
            storage,
            seed: (js_sys::Math::random() * f64::from(u32::MAX)) as u32,
            visible: is_visible(),
        };
        let driver = Rc::new(Self {
            core: RefCell::new(Session::new(options, setting, now())),
            host,
            rest,
            view: JsMap::new(),
            inputs: RefCell::default(),
            is_busy: Cell::new(false),
            calls: RefCell::default(),
            aborts: RefCell::default(),
            lock: RefCell::default(),
            timer: RefCell::default(),
            channel: RefCell::default(),
            page: RefCell::default(),
            listeners: RefCell::default(),
            next: Cell::new(0),
        });
        if denied {
            driver.core.borrow_mut().storage_denied();
        }
        if let Some(record) = driver.rest.glance() {
            driver.core.borrow_mut().preview(&record);
        }
        driver.listen(&name, is_shared);
        driver.feed(Input::Tick);
        Ok(driver)
    }

    /// Takes new options and a new host for the same session.
    pub fn configure(self: &Rc<Self>, options: Options, host: Host) {
        self.host.replace(host);
        self.core.borrow_mut().configure(options, now());
        self.feed(Input::Tick);
    }

    /// Begins a call; `settle` is called exactly once.
    pub fn call(self: &Rc<Self>, call: Call, request: Option<OwnRequest>, settle: Settle) {
        let id = CallId(self.number());
        self.calls.borrow_mut().push(Waiting { id, settle, request: request.map(Rc::new) });
        self.feed(Input::Call(id, call));
    }

    /// Reads the session: no effect, no change.
    pub fn read<T>(&self, read: impl FnOnce(&Session) -> T) -> T {
        read(&self.core.borrow())
    }

    /// The values by key.
    pub const fn view(&self) -> &JsMap {
        &self.view
    }

    /// Tells a function of an event (`topic` is its word) from now on; gives the number to end it by.
    pub fn on(&self, topic: &str, function: &Function) -> u32 {
        let id = self.number();
        self.listeners.borrow_mut().push(Listener { id, topic: topic.to_owned(), function: function.clone() });
        id
    }

    /// Tells a function of the changes of a value.
    pub fn watch(&self, key: &str, function: &Function) -> u32 {
        self.on(&[WATCH, key].concat(), function)
    }

    /// Tells it no more.
    pub fn off(&self, id: u32) {
        self.listeners.borrow_mut().retain(|listener| listener.id != id);
    }

    /// Ends everything; those who wait are told.
    pub fn dispose(self: &Rc<Self>) {
        self.feed(Input::Dispose);
        self.listeners.borrow_mut().clear();
        self.timer.take();
        self.channel.take();
        self.page.take();
        self.lock.take();
    }

    fn number(&self) -> u32 {
        let number = self.next.get().wrapping_add(1) & (u32::MAX >> 1);
        self.next.set(number);
        number
    }

    /// Hands an input to core and does all that it asks for; what comes meanwhile waits its turn.
    fn feed(self: &Rc<Self>, input: Input) {
        self.inputs.borrow_mut().push_back(input);
        if self.is_busy.replace(true) {
            return;
        }
        loop {
            let input = self.inputs.borrow_mut().pop_front();
            let Some(input) = input else { break };
            self.core.borrow_mut().handle(input, now());
            loop {
                let effect = self.core.borrow_mut().poll_effect();
                let Some(effect) = effect else { break };
                self.perform(effect);
            }
        }
        self.is_busy.set(false);
        self.set_timer();
    }

    fn answer(self: &Rc<Self>, id: EffectId, answer: Answer) {
        self.take_abort(id);
        self.feed(Input::Answer(id, answer));
    }

    /// Sets the one timer to the next moment at which core wants to be asked.
    fn set_timer(self: &Rc<Self>) {
        let at = self.core.borrow().poll_timeout();
        let timer = at.and_then(|at| {
            let driver = Rc::downgrade(self);
            let delay = at.0 as f64 - now().0 as f64;
            Timer::start(delay, move || tell(&driver, Input::Tick))
        });
        self.timer.replace(timer);
    }

    fn listen(self: &Rc<Self>, name: &str, is_shared: bool) {
        if is_shared {
            let driver = Rc::downgrade(self);
            let channel = Channel::open(name, move |word| match word {
                CHANGED => tell(&driver, Input::Hint(Hint::Changed)),
                ACTIVE => tell(&driver, Input::Hint(Hint::Active)),
                _ => {}
            });
            self.channel.replace(channel);
        }
        let driver = Rc::downgrade(self);
        let page = Listeners::open(name, &Rest::prefix(name), move |hint| {
            if hint == Hint::Active
                && let Some(driver) = driver.upgrade()
                && let Ok(mut core) = driver.core.try_borrow_mut()
            {
                core.active(now());
            }
            tell(&driver, Input::Hint(hint));
        });
        self.page.replace(Some(page));
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Read(id) => self.reply(id, self.rest.read()),
            Effect::Commit { id, expected, text } => self.reply(id, self.rest.commit(expected, text)),
            Effect::Mirror(text) => self.rest.mirror(&text),
            Effect::List(id, keys) => self.reply(id, self.rest.list(keys)),
            Effect::Put { id, key, text, persist } => self.reply(id, self.rest.put(&key, text, persist)),
            Effect::Show(key, text) => self.show(&key, text.as_deref()),
            Effect::Lock(id) => {
                let driver = Rc::downgrade(self);
                let name = self.core.borrow().options().name.clone();
                let lock = Lock::request(&name, move || tell(&driver, Input::Answer(id, Answer::Locked)));
                self.lock.replace(Some(lock));
            }
            Effect::Unlock => drop(self.lock.take()),
            Effect::Want(id, Want::Http(request)) => self.send(id, request),
            Effect::Want(id, Want::Query(query, params)) => {
                let called = self.host().run(&query, &from_value(&params));
                self.later(id, called, found);
            }
            Effect::Want(id, Want::Call(function, arguments)) => {
                let called = call_function(&function, &arguments);
                self.later(id, called, found);
            }
            Effect::Query(id, query, params) => {
                let called = self.host().run(&query, &from_value(&params));
                self.later(id, called, |result| match result {
                    Ok(data) => Answer::Response(0, foreign(ForeignKind::Other, &data)),
                    Err(thrown) => Answer::Found(Found::Failed(failure(&thrown))),
                });
            }
            Effect::Send { id, call, addition } => {
                let request =
                    self.calls.borrow().iter().find(|waiting| waiting.id == call).and_then(|it| it.request.clone());
                let Some(request) = request else { return };
                let called = request.send(&addition).map(JsValue::from);
                self.later(id, called, responded);
            }
            Effect::Abort(id) => {
                if let Some(abort) = self.take_abort(id) {
                    abort.abort_with_reason(&js_sys::Error::new("the time limit has passed"));
                }
            }
            Effect::Navigate(id, target) => {
                let called = self.host().call("navigateTo", &Array::of1(&JsValue::from_str(&target)));
                self.later(id, called, |result| {
                    Answer::Done(
                        result.map(|_| ()).map_err(|thrown| failure(&thrown).classify(Purpose::Other, Code::Host)),
                    )
                });
            }
            Effect::Announce => self.say(CHANGED),
            Effect::AnnounceActive => self.say(ACTIVE),
            Effect::Emit(event) => self.emit(event),
            Effect::Settle(call, outcome) => {
                let at = self.calls.borrow().iter().position(|waiting| waiting.id == call);
                if let Some(at) = at {
                    let waiting = self.calls.borrow_mut().swap_remove(at);
                    (waiting.settle)(outcome);
                }
            }
        }
    }

    fn take_abort(&self, id: EffectId) -> Option<AbortController> {
        let mut aborts = self.aborts.borrow_mut();
        let at = aborts.iter().position(|(given, _)| *given == id)?;
        Some(aborts.swap_remove(at).1)
    }

    fn host(&self) -> Host {
        self.host.borrow().clone()
    }

    fn say(&self, word: &str) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.say(word);
        }
    }

    /// Answers at once or when the future is ready.
    fn reply(self: &Rc<Self>, id: EffectId, reply: Reply) {
        match reply {
            Reply::Now(answer) => self.answer(id, answer),
            Reply::Later(future) => self.spawn(id, future),
        }
    }

    fn spawn(self: &Rc<Self>, id: EffectId, future: std::pin::Pin<Box<dyn Future<Output = Answer>>>) {
        let driver = Rc::downgrade(self);
        spawn_local(async move {
            let answer = future.await;
            if let Some(driver) = driver.upgrade() {
                driver.answer(id, answer);
            }
        });
    }

    /// Answers when what a call gave has settled.
    fn later(
        self: &Rc<Self>,
        id: EffectId,
        called: Result<JsValue, JsValue>,
        answer: fn(Result<JsValue, JsValue>) -> Answer,
    ) {
        let promise = promised(called);
        self.spawn(id, Box::pin(async move { answer(JsFuture::from(promise).await) }));
    }

    /// Sends a flow's request, by the host if it has its own way.
    fn send(self: &Rc<Self>, id: EffectId, request: crate::core::http::HttpRequest) {
        let host = self.host();
        if host.has("http") {
            let called = host.call("http", &Array::of1(&fetch::for_host(&request)));
            return self.later(id, called, |result| {
                Answer::Found(match result {
                    Ok(given) => fetch::from_host(&given),
                    Err(thrown) => Found::Failed(failure(&thrown)),
                })
            });
        }
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            self.aborts.borrow_mut().push((id, abort.clone()));
        }
        self.spawn(id, Box::pin(async move { Answer::Found(fetch::send(request, abort).await) }));
    }

    /// Changes what `getValue` gives, and tells the watchers.
    fn show(self: &Rc<Self>, key: &str, text: Option<&str>) {
        let key_js = JsValue::from_str(key);
        let value = text.and_then(|text| js_sys::JSON::parse(text).ok());
        match &value {
            Some(value) => {
                self.view.set(&key_js, value);
            }
            None => {
                self.view.delete(&key_js);
            }
        }
        self.tell_listeners([WATCH, key].concat(), value.unwrap_or_default());
    }

    fn emit(self: &Rc<Self>, event: Event) {
        let members = [
            ("type", Value::from(event.kind.as_str())),
            ("at", Value::Number(event.at.0 as f64)),
            ("reason", event.reason.map_or(Value::Undefined, Value::from)),
        ];
        let map = members.into_iter().filter(|(_, value)| *value != Value::Undefined);
        let map = map.map(|(key, value)| (key.to_owned(), value)).collect();
        self.tell_listeners(event.kind.as_str().to_owned(), from_value(&Value::Map(map)));
    }

    /// Tells those who listen, in a task of their own; one that throws harms no other.
    fn tell_listeners(self: &Rc<Self>, topic: String, value: JsValue) {
        // Who listens is looked up in that task: the first events come before anybody can have registered.
        if topic.starts_with(WATCH) && !self.listeners.borrow().iter().any(|listener| listener.topic == topic) {
            return;
        }
        let driver = Rc::downgrade(self);
        in_a_later_task(move || {
            let Some(driver) = driver.upgrade() else { return };
            let listeners: Vec<Listener> =
                driver.listeners.borrow().iter().filter(|listener| listener.topic == topic).cloned().collect();
            for listener in listeners {
                if let Err(thrown) = listener.function.call1(&JsValue::UNDEFINED, &value) {
                    in_a_later_task(move || wasm_bindgen::throw_val(thrown));
                }
            }
        });
    }
}

/// Feeds a session that may be gone.
fn tell(driver: &Weak<Driver>, input: Input) {
    if let Some(driver) = driver.upgrade() {
        driver.feed(input);
    }
}

/// What a query or a function gave, for a flow.
fn found(result: Result<JsValue, JsValue>) -> Answer {
    Answer::Found(match result {
        Ok(value) => match to_value(&value) {
            Ok(value) => Found::Value(value),
            Err(why) => Found::Failed(failure(&js_sys::Error::new(why).into())),
        },
        Err(thrown) => Found::Failed(failure(&thrown)),
    })
}

/// What the caller's own request came to.
fn responded(result: Result<JsValue, JsValue>) -> Answer {
    match result {
        Ok(response) => {
            let status = super::convert::member(&response, "status").as_f64().unwrap_or(0.0);
            Answer::Response(status as u16, foreign(ForeignKind::Other, &response))
        }
        Err(thrown) => {
            let name = super::convert::member(&thrown, "name").as_string();
            let (code, text) = if name.as_deref() == Some("AbortError") {
                (Code::Cancelled, "the request was aborted")
            } else {
                (Code::Unreachable, "the server could not be reached")
            };
            let mut error = AuthError::new(code, text);
            error.cause = failure(&thrown).cause;
            Answer::NoResponse(error)
        }
    }
}

fn now() -> UnixMillis {
    UnixMillis(Date::now().max(0.0) as u64)
}
