//! What a step asks of the shell, and what the shell found out: plain data.

use crate::core::failure::{Failure, as_response};
use crate::core::http::{HttpRequest, HttpResponse, data_in};
use crate::core::oauth::departure::Prepared;
use crate::core::oauth::pending::Pending;
use crate::core::platform::Platform;
use crate::core::secret::{Secret, Sensitive};
use crate::core::value::{HostRef, Value};

/// A query of the host's.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Its name, for the host's `run`.
    Named(String),
    /// A function, or an object with `run` or `trigger`.
    Given(HostRef),
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum StepRequest {
    /// The response to a request.
    Http(HttpRequest),
    /// The data of a query of the host's, run with these parameters.
    Query(Query, Sensitive<Value>),
    /// The value of a function, called with these arguments.
    Call(HostRef, Sensitive<Vec<Value>>),
    /// What the user enters into this form.
    Prompt(Sensitive<Value>),
    /// What nobody can guess, and where the page is.
    Prepare,
    /// The metadata that is kept, as text.
    Recall,
    /// The end of the page: the user is sent away. There is an answer only where that fails.
    Leave(Box<Leave>),
}

/// The user is sent away.
#[derive(Clone, Debug, PartialEq)]
pub struct Leave {
    /// Where to.
    pub url: Secret,
    /// What is kept meanwhile.
    pub pending: Pending,
    /// The keys of what is kept no longer.
    pub outdated: Vec<String>,
    /// Whether in a window of its own.
    pub popup: bool,
}

/// What the shell found out.
#[derive(Clone, Debug, PartialEq)]
pub enum StepResult {
    /// A response, whatever its status.
    Http(HttpResponse),
    /// What a query or a function gave.
    Value(Sensitive<Value>),
    /// What was entered, and whether the form can be asked again and say what was wrong.
    Entered(Sensitive<Value>, bool),
    /// What was asked for by [`StepRequest::Prepare`], and what is kept of other sign-ins, by key.
    Prepared(Prepared, Vec<(String, Secret)>),
    /// What a host threw, or why a request never got through.
    Failed(Failure),
}

impl StepResult {
    /// The `response` of templates, as far as the result is one; `undefined`: nobody has answered.
    pub fn to_response(&self, platform: Platform) -> Value {
        match self {
            Self::Http(response) => response.clone().into_scope(),
            Self::Value(value) => as_response(None, data_in(value.data().clone(), platform)),
            Self::Failed(failure) => failure.to_response(),
            Self::Entered(..) | Self::Prepared(..) => Value::Undefined,
        }
    }
}
