//! What a step that has waited gives to its run, or why it has failed.

use super::program::{Action, Step};
use super::run::Run;
use super::scope::{Ambient, FlowScope};
use super::step::StepResult;
use crate::core::error::{AuthError, Code};
use crate::core::failure::Failure;
use crate::core::http::status::{check_length, refusal, refused};
use crate::core::http::{HttpResponse, data_in};
use crate::core::oauth::dpop::is_of_proof;
use crate::core::platform::Platform;
use crate::core::secret::Sensitive;
use crate::core::value::{Map, Value};

/// A step's result in the scope, and the status of a request.
type Taken = Result<(Value, Option<u16>), AuthError>;

impl Run {
    /// Takes what the shell found out for the step that waits; `None`: nothing in time.
    pub(super) fn take(
        &mut self,
        step: &Step,
        result: Option<StepResult>,
        ambient: Ambient<'_>,
        platform: Platform,
    ) -> Taken {
        let is_request = match step.action {
            Action::Request(_) => true,
            Action::Authorize(_) => self.leaving.gone().is_none(),
            _ => false,
        };
        match result {
            Some(StepResult::Http(mut response)) => {
                let thrown = response.thrown.take();
                let taken = self.take_response(step, response, ambient, platform);
                taken.map_err(|error| match thrown.map(|thrown| *thrown) {
                    Some((thrown, cause)) => Failure { thrown, cause }.explain(error),
                    None => error,
                })
            }
            Some(StepResult::Value(value)) => {
                let data = data_in(value.data().clone(), platform);
                self.answer = data.clone().into();
                // Of a query the text is what the server answered; whoever writes a function may want the text.
                Ok((if matches!(step.action, Action::Query(..)) { data } else { value.into_data() }, None))
            }
            // It was asked for before the first step.
            Some(StepResult::Prepared(..)) => Err(AuthError::new(Code::Step, "nothing was to be prepared")),
            Some(StepResult::Entered(entered, again)) => self.take_entered(entered, again),
            Some(StepResult::Failed(failure)) => Err(failure.classify(
                self.purpose,
                match step.action {
                    _ if is_request => Code::Unreachable,
                    Action::Script(_) => Code::Step,
                    _ => Code::Host,
                },
            )),
            None if is_request => Err(AuthError::new(Code::Unreachable, "the server did not answer in time")),
            None => Err(AuthError::new(Code::Timeout, "the host did not answer in time")),
        }
    }

    fn take_response(
        &mut self,
        step: &Step,
        response: HttpResponse,
        ambient: Ambient<'_>,
        platform: Platform,
    ) -> Taken {
        self.server_date = response.date(platform);
        check_length(response.status, response.is_too_long, self.purpose)?;
        let (mut word, mut message) = (None, None);
        let endpoint = match &step.action {
            Action::Request(endpoint) => Some(&**endpoint),
            Action::Authorize(authorize) => authorize.endpoint(),
            _ => None,
        };
        if let Some(endpoint) = endpoint.filter(|endpoint| endpoint.judges()) {
            let results = Map::from_iter([("response".to_owned(), response.clone().into_scope())]);
            let scope = FlowScope { results: &results, ..self.scope(ambient) };
            (word, message) = (endpoint.is_ok(&response, &scope), endpoint.message(&scope));
        }
        if !word.unwrap_or(response.is_ok()) {
            let retry_at = response.retry_after(platform, ambient.now);
            let (is_page, is_of_proof) =
                (response.is_page(), response.header("www-authenticate").is_some_and(is_of_proof));
            let mut error = refusal(response.status, response.body.into_data(), is_page, self.purpose);
            if is_of_proof && error.code == Code::RefreshRejected {
                error.code = Code::Server;
            }
            if word.is_some() {
                error.code = refused(self.purpose);
            }
            if let Some(message) = message {
                error.message = message.into();
            }
            error.retry_at = retry_at;
            return Err(error);
        }
        self.answer = response.body.clone();
        let status = response.status;
        let is_request = matches!(step.action, Action::Request(_) | Action::Authorize(_));
        Ok((if is_request { response.into_scope() } else { response.body.into_data() }, Some(status)))
    }

    fn take_entered(&mut self, entered: Sensitive<Value>, again: bool) -> Taken {
        match entered.data() {
            Value::Map(_) => {
                self.askable = again.then_some(self.next);
                self.answer = entered.clone();
                Ok((entered.into_data(), None))
            }
            Value::Undefined | Value::Null => Err(AuthError::new(Code::Cancelled, "the form was closed")),
            _ => Err(AuthError::new(Code::Host, "prompt must give an object of values, or null").at("host.prompt")),
        }
    }
}
