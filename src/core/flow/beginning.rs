//! What must be known before a flow's first step: what the server says of itself (OpenID Connect Discovery 1.0 section 4, RFC 8414
//! section 3), and what nobody can guess.

use super::program::Program;
use super::run::Run;
use super::step::{StepRequest, StepResult};
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::http::status::Purpose;
use crate::core::http::{Credentials, HttpRequest, Redirect};
use crate::core::lite::text::concat;
use crate::core::oauth::metadata::{addresses, keep, read, recall};
use crate::core::oauth::pending::outdated;

/// What is waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Beginning {
    /// The metadata that is kept.
    Recalling,
    /// The metadata, from the first or the second of its addresses.
    Discovering(usize),
    /// What a run needs that will leave the page.
    Preparing,
}

/// What is waited for, and how it is asked for.
type Asked = (Beginning, StepRequest);

impl Beginning {
    /// What is missing yet.
    pub fn next(program: &Program, run: &Run, comes_back: bool, ground: &Ground) -> Option<Asked> {
        if program.needs_metadata() && ground.metadata.is_none() && ground.cx.options.issuer.is_some() {
            return Some((Self::Recalling, StepRequest::Recall));
        }
        let leaves = program.authorize().is_some() && !comes_back && !run.leaving.is_prepared();
        leaves.then_some((Self::Preparing, StepRequest::Prepare))
    }

    /// Takes in an answer (`None`: there is none in time); gives what it asks for instead, where that did not do.
    ///
    /// # Errors
    /// `ERR_UNREACHABLE` where no metadata is found, `ERR_INVALID_RESPONSE` for what is not the issuer's own, `ERR_NOT_READY` where
    /// the browser has no source of secrets, what its host fails with, and those of [`Run::prepare`].
    pub fn on_result(
        self,
        result: Option<StepResult>,
        program: &Program,
        run: &mut Run,
        ground: &mut Ground,
    ) -> Result<Option<Asked>, AuthError> {
        let cx = &mut ground.cx;
        let issuer = cx.options.issuer.clone().unwrap_or_default();
        match (self, result) {
            (Self::Recalling, result) => {
                if let Some(StepResult::Value(kept)) = result {
                    ground.metadata = recall(kept.data(), &issuer, cx.now, cx.platform);
                }
                Ok(ground.metadata.is_none().then(|| discover(&issuer, 0)))
            }
            (Self::Discovering(_), Some(StepResult::Http(response))) if response.is_ok() => {
                let metadata = read(response.body.data(), &issuer)?;
                cx.ask(Effect::Remember(keep(&metadata, cx.now)));
                ground.metadata = Some(metadata);
                Ok(None)
            }
            // Whoever has no OpenID Connect may have the other.
            (Self::Discovering(0), Some(result)) if !is_down(&result) => Ok(Some(discover(&issuer, 1))),
            (Self::Discovering(_), _) => {
                let why = concat(&[
                    "the metadata of ",
                    &issuer,
                    " could not be had: is the address right, and does it let this origin in (CORS)?",
                ]);
                Err(AuthError::new(Code::Unreachable, why).at("issuer"))
            }
            (Self::Preparing, Some(StepResult::Prepared(prepared, kept))) => {
                let outdated = outdated(&kept, cx.now, cx.platform);
                match program.authorize() {
                    Some(step) => run.prepare(step, prepared, outdated, ground.ambient(None)).map(|()| None),
                    None => Ok(None),
                }
            }
            (Self::Preparing, None) => {
                Err(AuthError::new(Code::Timeout, "the host did not say in time where the page is"))
            }
            (Self::Preparing, Some(StepResult::Failed(failure))) => Err(failure.classify(Purpose::Signin, Code::Host)),
            (Self::Preparing, Some(_)) => Err(AuthError::new(Code::Host, "the host said nothing of where the page is")),
        }
    }
}

/// Whether a server says that it can't answer now. A page that it does not let in learns no more than that there is no answer.
const fn is_down(result: &StepResult) -> bool {
    matches!(result, StepResult::Http(response) if response.status >= 500)
}

/// Asks one of the addresses for the metadata.
fn discover(issuer: &str, at: usize) -> Asked {
    let url = addresses(issuer).into_iter().nth(at).unwrap_or_default();
    let request = HttpRequest {
        url: url.into(),
        method: "GET".to_owned(),
        headers: vec![("Accept".to_owned(), "application/json".into())],
        body: None,
        credentials: Credentials::Omit,
        redirect: Redirect::Follow,
        authorised: Some(false),
        proof: None,
    };
    (Beginning::Discovering(at), StepRequest::Http(request))
}
