//! doorkey for Rust frontends (Leptos, Yew, Dioxus): typed options, values and errors over the session of [`crate::bindings`].
//!
//! Nothing is decided here and nothing is done twice: every call goes through the session that JavaScript sees, and
//! serde-wasm-bindgen carries the values. Names are those of the JavaScript surface in Rust's spelling.
//!
//! ```no_run
//! use doorkey::{Auth, Code, Endpoint, Flows, Host, Options, Pages};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize)]
//! struct Login<'a> {
//!     email: &'a str,
//!     password: &'a str,
//! }
//!
//! #[derive(Debug, Deserialize)]
//! struct Profile {
//!     name: String,
//! }
//!
//! # async fn run() -> Result<(), doorkey::Error> {
//! let token = "https://id.example.com/token";
//! let auth = Auth::new(&Options {
//!     flows: Flows {
//!         signin: Some(Endpoint::new(token).json(Login { email: "{{ inputs.email }}", password: "{{ inputs.password }}" }).into()),
//!         refresh: Some(Endpoint::new(token).form([("refresh_token", "{{ session.refreshToken }}")]).into()),
//!         ..Flows::default()
//!     },
//!     pages: Pages { home: Some("/".into()), login: Some("/login".into()), ..Pages::default() },
//!     host: Host::new().navigate_to(|page| log(page)),
//!     ..Options::default()
//! })?;
//!
//! match auth.signin(&Login { email: "ada@example.com", password: "secret" }).await {
//!     Ok(_) => {}
//!     Err(error) if error.code == Code::InvalidCredentials => log(&error.message),
//!     Err(error) => return Err(error),
//! }
//!
//! auth.store_value("theme", &"dark", true).await?;
//! let theme: Option<String> = auth.value("theme")?;
//! let profile: Profile = auth.claims(&auth.access_token().await?)?;
//! # log(&format!("{theme:?} {profile:?}"));
//! # Ok(())
//! # }
//! # fn log(_: &str) {}
//! ```

mod auth;
mod data;
mod endpoint;
mod error;
mod event;
#[allow(dead_code)] // To name a file is what it is for.
mod files;
mod flow;
mod host;
mod member;
mod options;
mod results;
mod session;
mod words;

pub use auth::Auth;
pub use data::Data;
pub use endpoint::Endpoint;
pub use error::Error;
pub use event::{Event, Subscription};
pub use flow::{Field, Flow, Form, Step};
pub use host::Host;
pub use options::{Attach, Csrf, Every, Expose, Flows, Options, Pages, Refresh, Statuses, TokenPaths, Tokens};
pub use results::{Extended, Logout, Page, Refreshed, SignedIn, SignedOut, Status};

pub use crate::core::vocabulary::{Code, Credentials, CrossTab, EventKind, FieldType, Storage};
