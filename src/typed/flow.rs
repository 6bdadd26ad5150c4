//! Flows: what signs in, refreshes, revokes or checks.

use std::collections::BTreeMap;
use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::data::{Data, from_js, to_js};
use super::endpoint::{Endpoint, texts};
use crate::core::error::Code;
use crate::core::vocabulary::FieldType;

/// A flow in any of its forms.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Flow {
    /// One HTTP request.
    Endpoint(Endpoint),
    /// Steps, one after the other.
    Steps(Vec<Step>),
    /// Anything else that doorkey takes for a flow: a function or a query object of the host's, or a flow as data.
    Data(Data),
}

impl Flow {
    /// A flow that is a Rust function: it gets the inputs, and gives the answer in which the tokens are looked for.
    ///
    /// What it returns as `Err` is what a query of a host's would throw: a text is the message, and `{ status, body }` is
    /// understood as a server's answer.
    ///
    /// ```no_run
    /// use doorkey::{Flow, Flows};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Deserialize)]
    /// struct Login {
    ///     email: String,
    ///     password: String,
    /// }
    ///
    /// #[derive(Serialize)]
    /// struct Grant {
    ///     access_token: String,
    ///     expires_in: u32,
    /// }
    ///
    /// # async fn ask_my_server(_: Login) -> Result<Grant, String> { Err("closed".to_owned()) }
    /// let flows = Flows { signin: Some(Flow::from_fn(|login: Login| ask_my_server(login))), ..Flows::default() };
    /// ```
    pub fn from_fn<I, O, E, F>(run: impl Fn(I) -> F + 'static) -> Self
    where
        I: DeserializeOwned,
        O: Serialize,
        E: Serialize,
        F: Future<Output = Result<O, E>> + 'static,
    {
        let call = move |inputs: JsValue| {
            let begun = from_js(inputs, "inputs").map(&run);
            future_to_promise(async move {
                match begun?.await {
                    Ok(answer) => Ok(to_js(&answer, Code::InvalidResponse, "answer")?),
                    Err(refusal) => Err(to_js(&refusal, Code::Step, "refusal")?),
                }
            })
        };
        let function = Closure::<dyn Fn(JsValue) -> js_sys::Promise>::new(call);
        Self::Data(function.into_js_value().into())
    }
}

impl From<Endpoint> for Flow {
    fn from(endpoint: Endpoint) -> Self {
        Self::Endpoint(endpoint)
    }
}

impl From<Vec<Step>> for Flow {
    fn from(steps: Vec<Step>) -> Self {
        Self::Steps(steps)
    }
}

impl From<Data> for Flow {
    fn from(data: Data) -> Self {
        Self::Data(data)
    }
}

/// One step of a flow.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<String>,
    #[serde(flatten)]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<Data>,
    #[serde(rename = "timeoutSeconds", skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<bool>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Request(Endpoint),
    Query(Data),
    Script(Data),
    Define(BTreeMap<String, String>),
    Form(Form),
    Authorize(Data),
}

/// What a person is asked for, by the host's `prompt`; without fields for an email and a password.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Form {
    /// Above the fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// In their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// A field of a form. `{{ expression }}` stands in every text of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Field {
    /// The name of the value.
    pub name: String,
    /// By default the name, with a capital.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// By default `Text`. What is entered into a `Password` and a `OneTimeCode` is a secret.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<FieldType>,
    /// Whether it may not stay empty.
    pub required: bool,
    /// What stands there at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Beneath the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Of a `Select`, and of no other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

impl Step {
    /// Sends a request; its result is `http1`, `http2`, ….
    pub const fn request(endpoint: Endpoint) -> Self {
        Self::of(Kind::Request(endpoint), None)
    }

    /// Runs a query of the host's, or the one of that name; without parameters it gets the inputs.
    pub fn query(query: impl Into<Data>, params: Option<Data>) -> Self {
        Self::of(Kind::Query(query.into()), params)
    }

    /// Calls a function of JavaScript with the scope.
    pub fn script(function: js_sys::Function) -> Self {
        Self::of(Kind::Script(JsValue::from(function).into()), None)
    }

    /// Defines variables.
    pub fn define<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self::of(Kind::Define(texts(variables)), None)
    }

    /// Asks the user; what is entered is `form1`, `form2`, …. Only a sign-in may.
    pub const fn form(form: Form) -> Self {
        Self::of(Kind::Form(form), None)
    }

    /// Sends the user to a server that signs them in and sends them back; the members are those of `authorize`, as data.
    pub fn authorize(step: impl Into<Data>) -> Self {
        Self::of(Kind::Authorize(step.into()), None)
    }

    /// Gives up after so many seconds; by default after the session's `timeout_seconds`, and for a form never.
    #[must_use]
    pub const fn timeout_seconds(mut self, seconds: f64) -> Self {
        self.timeout_seconds = Some(seconds);
        self
    }

    /// Masks the variables that it defines in errors and traces.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = Some(true);
        self
    }

    /// With this name for its result.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Only when this expression, in its braces, is true.
    #[must_use]
    pub fn when(mut self, expression: impl Into<String>) -> Self {
        self.when = Some(expression.into());
        self
    }

    const fn of(kind: Kind, params: Option<Data>) -> Self {
        Self { id: None, when: None, kind, params, timeout_seconds: None, secret: None }
    }
}
