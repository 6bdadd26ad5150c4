//! How a run leaves its page by the step `authorize`, up to the address that the user is sent to.

use super::scope::{Ambient, FlowScope};
use super::step::{Leave, StepRequest};
use crate::core::error::{AuthError, Code};
use crate::core::http::HttpResponse;
use crate::core::http::status::{Purpose, check_length, refusal};
use crate::core::oauth::authorize::{Authorize, Setting};
use crate::core::oauth::departure::{Departure, Prepared};
use crate::core::oauth::pending::Pending;
use crate::core::redact::Secrets;
use crate::core::secret::{Secret, Sensitive};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::Mode;

/// The keys of old sign-ins, which are kept no longer once another leaves.
type Outdated = Vec<String>;

/// How far a run is with leaving its page.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Leaving {
    /// It does not leave.
    #[default]
    No,
    /// It can leave.
    Ready(Prepared, Outdated),
    /// It pushes what the user would be sent with.
    Pushing(Box<Departure>, Outdated),
    /// It has left, with this.
    Gone(Box<Pending>),
    /// It has come back, with these parameters.
    Back(Box<Pending>, Sensitive<Map>),
}

impl Leaving {
    /// Begins to leave.
    ///
    /// # Errors
    /// Those of [`Authorize::depart`], and `ERR_STEP` for a flow that would leave twice.
    pub fn begin(
        &mut self,
        step: &Authorize,
        ambient: Ambient<'_>,
        scope: &FlowScope<'_>,
    ) -> Result<StepRequest, AuthError> {
        let Self::Ready(prepared, outdated) = self else {
            return Err(AuthError::new(Code::Step, "a flow can leave the page once"));
        };
        let uri = scope.results.get("redirectUri").and_then(Value::as_text).unwrap_or_default();
        let setting = Setting { scope, provider: ambient.provider, now: ambient.now };
        let departure = step.depart(prepared, uri.to_owned(), &setting)?;
        let outdated = std::mem::take(outdated);
        if let Some(request) = departure.push(ambient.provider.metadata)? {
            *self = Self::Pushing(Box::new(departure), outdated);
            return Ok(StepRequest::Http(request));
        }
        let url = departure.url();
        Ok(self.go(step, departure.pending, url, outdated))
    }

    /// Takes in the answer to what was pushed, and leaves; gives any other answer back.
    ///
    /// # Errors
    /// What the server refused with.
    pub fn on_response(
        &mut self,
        step: &Authorize,
        response: HttpResponse,
    ) -> Result<Result<StepRequest, HttpResponse>, AuthError> {
        let Self::Pushing(departure, outdated) = self else { return Ok(Err(response)) };
        check_length(response.status, response.is_too_long, Purpose::Signin)?;
        if !response.is_ok() {
            let is_page = response.is_page();
            return Err(refusal(response.status, response.body.into_data(), is_page, Purpose::Signin));
        }
        let (url, outdated) = (departure.pushed(response.body.data())?, std::mem::take(outdated));
        let pending = departure.pending.clone();
        Ok(Ok(self.go(step, pending, url, outdated)))
    }

    /// Whether the run has what it needs to leave.
    pub fn is_prepared(&self) -> bool {
        *self != Self::No
    }

    /// Whether it pushes what the user would be sent with.
    pub const fn is_pushing(&self) -> bool {
        matches!(self, Self::Pushing(..))
    }

    /// The name of what is kept of the run, once it has left.
    pub fn gone(&self) -> Option<&str> {
        match self {
            Self::Gone(pending) => Some(pending.id()),
            _ => None,
        }
    }

    /// Whether the run has left, and not in a window of its own.
    pub fn takes_page(&self) -> bool {
        matches!(self, Self::Gone(pending) if pending.text("mode") == Some(Mode::Redirect.as_str()))
    }

    /// What the run left with, once it has come back.
    pub fn left_with(&self) -> Option<&Pending> {
        match self {
            Self::Back(pending, _) => Some(pending),
            _ => None,
        }
    }

    /// The result of the step: what came back, with the answer of the token endpoint.
    pub fn result(&self, response: Option<&Value>) -> Map {
        let mut result = match self {
            Self::Back(_, params) => params.data().clone(),
            _ => Map::new(),
        };
        if let Some(Value::Map(response)) = response {
            for (name, member) in response {
                // The address that came back is `url`, whatever the token endpoint's own is.
                if result.get(name).is_none() {
                    result.set(name.as_str(), member.clone());
                }
            }
        }
        result
    }

    /// Adds what must not be seen.
    pub fn add_secrets(&self, secrets: &mut Secrets) {
        match self {
            Self::No => {}
            Self::Gone(pending) => pending.add_secrets(secrets),
            Self::Ready(prepared, _) => {
                for secret in [&prepared.verifier, &prepared.id, &prepared.nonce] {
                    secrets.add(secret.expose());
                }
            }
            Self::Pushing(departure, _) => departure.pending.add_secrets(secrets),
            Self::Back(pending, params) => {
                pending.add_secrets(secrets);
                for name in pending.answer().iter().filter_map(Value::as_text).chain(["code"]) {
                    if name != "error" {
                        secrets.add(params.data().get(name).and_then(Value::as_text).unwrap_or_default());
                    }
                }
                secrets.add_members_of(params.data());
            }
        }
    }

    fn go(&mut self, step: &Authorize, pending: Pending, url: Secret, outdated: Outdated) -> StepRequest {
        *self = Self::Gone(Box::new(pending.clone()));
        StepRequest::Leave(Box::new(Leave { url, pending, outdated, popup: step.popup }))
    }
}
