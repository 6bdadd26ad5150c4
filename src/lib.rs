//! doorkey: a session that works, for low-code apps.
//!
//! One module that signs a user in against any server, keeps the session alive in every tab, and signs out. The npm
//! package `doorkey` is this crate as WebAssembly with JavaScript around it; with the feature `serde` it is a crate for
//! Rust frontends (`Auth`, and the module `typed`); with neither it is the pure core, which is what this page shows.
//!
//! | room | what it does | feature |
//! |---|---|---|
//! | [`core`] | decides: no clock, no randomness, no log, no JavaScript, no `async` | none |
//! | `shell` | does what core asks for, in the browser | `bindings` |
//! | `bindings` | what JavaScript calls: shapes, and no decision | `bindings` |
//! | `typed` | options, results and errors as Rust types | `serde` |
//!
//! Dependencies point one way: `bindings → shell → core`.
//!
//! # The run loop
//!
//! Core does nothing by itself. Whoever runs it owns the clock, the network and the storage, and does this again and again:
//!
//! 1. Hand in one [`Input`](core::input::Input), with the moment: [`Session::handle`](core::session::Session::handle).
//! 2. Take every [`Effect`](core::effect::Effect) until there is none: `poll_effect`.
//! 3. Set the one timer to `poll_timeout`, and hand in `Input::Tick` when it goes off.
//! 4. Do the effects. One with an id wants an `Input::Answer` to it: that is the next input, whenever it comes.
//!
//! The same inputs at the same moments give the same effects, so a list of inputs can be played again. An answer to an id
//! that nobody waits for is ignored, and a wait that has no answer in time ends by itself.
//!
//! Here the whole world is one variable for the storage, a clock that stands still, and a server that says yes:
//!
//! ```
//! use std::collections::VecDeque;
//!
//! use doorkey::core::effect::Effect;
//! use doorkey::core::error::AuthError;
//! use doorkey::core::flow::step::{StepRequest, StepResult};
//! use doorkey::core::http::HttpResponse;
//! use doorkey::core::input::{Answer, Call, CallId, Commit, Input};
//! use doorkey::core::options::{Options, Storage};
//! use doorkey::core::platform::Platform;
//! use doorkey::core::secret::Secret;
//! use doorkey::core::session::{Session, Setting};
//! use doorkey::core::time::UnixMillis;
//! use doorkey::core::value::{Map, Value};
//!
//! fn object(members: &[(&str, Value)]) -> Value {
//!     Value::Map(members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
//! }
//!
//! // The shell: does one effect, and gives the answer where one is wanted.
//! fn perform(effect: Effect, stored: &mut Option<Secret>, seen: &mut Vec<String>) -> Option<Input> {
//!     let (id, answer) = match effect {
//!         Effect::Read(id) => (id, Answer::Stored { text: stored.clone(), mirror: None }),
//!         Effect::List(id, _) => (id, Answer::Values(Vec::new())),
//!         // The commit rule: compare and swap, in one turn.
//!         Effect::Commit { id, expected, text } if *stored == expected => {
//!             *stored = Some(text);
//!             (id, Answer::Committed(Commit::Applied))
//!         }
//!         Effect::Commit { id, .. } => (id, Answer::Committed(Commit::Lost(stored.clone()))),
//!         Effect::Step(id, StepRequest::Http(request)) => {
//!             // A secret is read where it leaves: nothing that is printed on the way shows it.
//!             assert!(request.body.as_ref().is_some_and(|body| body.expose().contains("hush-hush")));
//!             seen.push(format!("{} {}, {:?}", request.method, request.url.expose(), request.body));
//!             let body = object(&[
//!                 ("access_token", Value::from("a1")),
//!                 ("refresh_token", Value::from("r1")),
//!                 ("expires_in", Value::Number(600.0)),
//!             ]);
//!             let response = HttpResponse { status: 200, body: body.into(), ..HttpResponse::default() };
//!             (id, Answer::Step(StepResult::Http(response)))
//!         }
//!         Effect::Emit(event) => {
//!             seen.push(event.kind.as_str().to_owned());
//!             return None;
//!         }
//!         Effect::Settle(call, outcome) => {
//!             seen.push(format!("call {} is settled, well: {}", call.0, outcome.is_ok()));
//!             return None;
//!         }
//!         // Nothing else is asked for here: no lock, no page to go to, no other tab.
//!         _ => return None,
//!     };
//!     Some(Input::Answer(id, answer))
//! }
//!
//! // Options are parsed once; what is wrong with them is an error with its path.
//! let login = object(&[
//!     ("url", Value::from("https://auth.example/login")),
//!     ("json", Value::from("{{ inputs }}")),
//! ]);
//! let options = Options::parse(&object(&[
//!     ("storage", Value::from("local")),
//!     ("flows", object(&[("signin", login)])),
//! ]))?;
//!
//! let setting = Setting {
//!     // The browser's JSON.parse, Date.parse, toUpperCase, toLowerCase and cookies; nothing here has need of them.
//!     platform: Platform {
//!         parse_json: |_| None,
//!         parse_date: |_| None,
//!         change_case: |text, upper| if upper { text.to_uppercase() } else { text.to_lowercase() },
//!         normalize: |text, _| text.to_owned(),
//!         cookie: |_| None,
//!     },
//!     base: Some("https://app.example".to_owned()),
//!     storage: Storage::Local,
//!     seed: 7,
//!     visible: true,
//!     found: String::new(),
//! };
//! let now = UnixMillis(1_800_000_000_000);
//! let mut session = Session::new(options, setting, now);
//!
//! let user = object(&[("email", Value::from("ada@example.com")), ("password", Value::from("hush-hush"))]);
//! let mut inputs = VecDeque::from([Input::Call(CallId(1), Call::signin(&user, &Value::Undefined))]);
//! let (mut stored, mut seen) = (None, Vec::new());
//! loop {
//!     // One input has been handed in: drain, and do what is asked.
//!     while let Some(effect) = session.poll_effect() {
//!         inputs.extend(perform(effect, &mut stored, &mut seen));
//!     }
//!     // While something is awaited there is a moment at which it is late.
//!     let timer = session.poll_timeout();
//!     let Some(input) = inputs.pop_front() else { break };
//!     assert!(timer.is_some_and(|at| at > now));
//!     session.handle(input, now);
//! }
//!
//! assert_eq!(seen, ["POST https://auth.example/login, Some([redacted])", "signedIn", "call 1 is settled, well: true"]);
//!
//! // The session is one text in the storage, and `status` is read without waiting.
//! assert!(stored.is_some_and(|record| record.expose().contains(r#""accessToken":"a1""#)));
//! let status = session.status(now);
//! assert!(status.signed_in && status.has_refresh_token);
//! assert_eq!(status.expires_in_seconds, Some(600.0));
//! # Ok::<(), AuthError>(())
//! ```
//!
//! `tests/core` runs tabs, locks, a strict server and a clock in this way. [`core::session`] says what a session is made of.

pub mod core;

#[cfg(feature = "bindings")]
pub mod bindings;
#[cfg(feature = "bindings")]
pub mod shell;
#[cfg(feature = "serde")]
pub mod typed;

#[cfg(feature = "serde")]
pub use typed::*;

#[cfg(all(feature = "package", target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
