//! Asks an issuer for its metadata (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3).

use super::step::{StepRequest, StepResult};
use crate::core::error::{AuthError, Code};
use crate::core::http::{Credentials, HttpRequest, Redirect};
use crate::core::lite::text::concat;
use crate::core::oauth::metadata::{addresses, read};
use crate::core::value::Map;

/// How far it has come: which of the addresses is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Discovery(usize);

/// What comes of an answer.
#[derive(Debug)]
pub enum Discovered {
    /// Another address must be asked.
    Next(Discovery, StepRequest),
    /// It is found.
    Metadata(Map),
}

impl Discovery {
    /// Begins with the first address.
    pub fn begin(issuer: &str) -> (Self, StepRequest) {
        (Self(0), Self::request(issuer, 0))
    }

    /// Takes in an answer; `None`: there is none in time.
    ///
    /// # Errors
    /// `ERR_UNREACHABLE` where nothing is found, `ERR_INVALID_RESPONSE` for what is not the issuer's own.
    pub fn on_answer(self, issuer: &str, result: Option<StepResult>) -> Result<Discovered, AuthError> {
        match result {
            Some(StepResult::Http(response)) if response.is_ok() => {
                read(response.body.data(), issuer).map(Discovered::Metadata)
            }
            // Whoever has no OpenID Connect may have the other.
            Some(StepResult::Http(response)) if response.status < 500 && self.0 == 0 => {
                Ok(Discovered::Next(Self(1), Self::request(issuer, 1)))
            }
            _ => Err(AuthError::new(Code::Unreachable, concat(&["the metadata of ", issuer, " could not be had"]))
                .at("issuer")),
        }
    }

    fn request(issuer: &str, at: usize) -> StepRequest {
        let url = addresses(issuer).into_iter().nth(at).unwrap_or_default();
        StepRequest::Http(HttpRequest {
            url: url.into(),
            method: "GET".to_owned(),
            headers: vec![("Accept".to_owned(), "application/json".into())],
            body: None,
            credentials: Credentials::Omit,
            redirect: Redirect::Follow,
            authorised: Some(false),
        })
    }
}
