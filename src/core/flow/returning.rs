//! How a run goes on that has left its page: with what the user has brought back.

use super::leaving::Leaving;
use super::program::{Action, Program, Step};
use super::run::{Progress, Run};
use super::scope::{Ambient, FlowScope};
use super::step::StepRequest;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::oauth::address::Address;
use crate::core::oauth::authorize::Authorize;
use crate::core::oauth::departure::Prepared;
use crate::core::oauth::pending::Pending;
use crate::core::redact::{Secrets, is_secret_name};
use crate::core::secret::{Secret, Sensitive};
use crate::core::trace::Done;
use crate::core::value::{Map, Value};
use crate::core::waits::Waiter;

impl Run {
    /// Takes in what it needs to leave the page; what stands under the `outdated` keys is kept no longer then.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, `ERR_INVALID_OPTION` where there is no address to come back to, and those of [`Authorize::check`].
    pub fn prepare(
        &mut self,
        step: &Authorize,
        prepared: Prepared,
        outdated: Vec<String>,
        ambient: Ambient<'_>,
    ) -> Result<(), AuthError> {
        step.check(&prepared)?;
        let uri = step.redirect_uri(&prepared, &self.scope(ambient))?;
        let results = self.results.data_mut();
        results.set("redirectUri", Value::Text(uri));
        results.set_text("codeChallenge", &prepared.challenge);
        self.leaving = Leaving::Ready(prepared, outdated);
        Ok(())
    }

    /// What a test shows of the step instead of leaving: the address that the user would be sent to.
    pub fn show_departure(&mut self, program: &Program, url: &Secret, ambient: Ambient<'_>, done: &mut Vec<Done>) {
        let Some(step) = program.steps.get(self.next) else { return };
        let mut result = Map::new();
        result.set_text("url", url.expose());
        self.end(step, Value::Map(result), None, ambient, done);
    }

    /// What is kept of it while the page is away: all but what the user would not want to lie about.
    pub fn saved_to_leave(&self) -> Sensitive<Value> {
        let mut run = self.clone();
        run.inputs = bare(self.inputs.data()).into();
        // A server may say again what it was sent.
        let mut secrets = Secrets::default();
        secrets.add_members(self.inputs.data());
        let kept = |result: &Value| secrets.mask(&bare(result));
        run.results = self.results.data().iter().map(|(id, result)| (id.clone(), kept(result))).collect::<Map>().into();
        run.answer = Sensitive::default();
        run.again = None;
        run.askable = None;
        run.save()
    }

    /// Goes on with what has come back.
    pub fn come_back(
        &mut self,
        program: &Program,
        pending: Pending,
        mut params: Map,
        ambient: Ambient<'_>,
        done: &mut Vec<Done>,
    ) -> Progress {
        let Some(step @ Step { action: Action::Authorize(authorize), .. }) = program.steps.get(self.next) else {
            let why = "the flow has changed since this sign-in was begun";
            return Progress::Failed(AuthError::new(Code::CallbackMismatch, why));
        };
        let code = params.get("code").and_then(Value::as_text).unwrap_or_default().to_owned();
        params.set_text("codeVerifier", pending.text("verifier").unwrap_or_default());
        params.set_text("redirectUri", pending.redirect_uri());
        let mut results = self.results.data().clone();
        results.extend(&params);
        let scope = FlowScope { results: &results, ..self.scope(ambient) };
        let request = authorize.exchange(&pending, &code, ambient.provider.metadata, &scope);
        self.began_at = ambient.now;
        self.leaving = Leaving::Back(Box::new(pending), params.into());
        match request {
            Ok(Some(request)) => Progress::Waits(StepRequest::Http(request)),
            Ok(None) => {
                self.answer = Value::Map(self.leaving.result(None)).into();
                self.arrive(program, step, None, ambient, done)
            }
            Err(error) => Progress::Failed(self.failed(step, error, ambient, done)),
        }
    }
}

/// What an answer has brought, once it is known to be the right one.
///
/// # Errors
/// Those of [`Pending::read`], masked.
pub(super) fn read_back(
    pending: &Pending,
    address: &Secret,
    waiter: Waiter,
    ground: &mut Ground,
) -> Result<Map, AuthError> {
    // A server may say again what it was sent.
    let mut secrets = Secrets::default();
    pending.add_secrets(&mut secrets);
    ground.cx.keep_secrets(waiter, secrets);
    let answer = Address::parse(address.expose());
    let (mut compared, iss) = (Map::new(), answer.param("iss"));
    if let (Some(iss), true) = (iss, pending.text("issuer").is_some()) {
        compared.set_text("iss", &iss);
    }
    match pending.read(&answer, ground.metadata.as_ref()) {
        Ok(mut params) => {
            ground.cx.note_callback("iss", compared, None);
            params.set_text("url", address.expose());
            Ok(params)
        }
        Err(error) => {
            let error = ground.masked(error);
            if error.path.as_deref() == Some("iss") {
                ground.cx.note_callback("iss", Map::new(), Some(&error));
            } else {
                ground.cx.note_callback("iss", compared, None);
                ground.cx.note_callback("error", Map::new(), Some(&error));
            }
            Err(error)
        }
    }
}

/// Data without the members whose names tell that they are secret.
fn bare(value: &Value) -> Value {
    match value {
        Value::Map(members) => {
            let mut kept = Map::new();
            for (name, member) in members {
                if !is_secret_name(name) {
                    kept.set(name.as_str(), bare(member));
                }
            }
            Value::Map(kept)
        }
        Value::List(items) => Value::List(items.iter().map(bare).collect()),
        value => value.clone(),
    }
}
