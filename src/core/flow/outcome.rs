//! What a flow has come to.

use super::flowing::Flowing;
use crate::core::error::AuthError;
use crate::core::failure::said::refusal_without_status;
use crate::core::ground::Ground;
use crate::core::http::messages::is_page;
use crate::core::http::status::Purpose;
use crate::core::oauth::dpop::check_bound;
use crate::core::oauth::pending::Pending;
use crate::core::time::UnixMillis;
use crate::core::token::{Tokens, at_path};
use crate::core::value::Value;

impl Flowing {
    /// The result of the last request.
    pub fn response(&self) -> &Value {
        self.run.response(&self.program)
    }

    /// Whether a check that went through says all the same that nobody is signed in: it was sent on to a page, or says so in
    /// another way.
    pub fn says_no(&self, ground: &Ground) -> bool {
        let response = self.response();
        let was_sent_on = response.member("redirected").is_some_and(Value::is_truthy);
        let media_type = at_path(response, "headers.content-type").and_then(Value::as_text);
        let is_page = response.member("body").is_some_and(|body| is_page(body, media_type));
        let is_false = *self.run.answer(ground.cx.now).value == Value::Bool(false);
        was_sent_on && is_page || is_false || self.is_unauthorised
    }

    /// The tokens in the answer.
    ///
    /// # Errors
    /// `ERR_INVALID_RESPONSE`, with the answer, masked.
    pub fn tokens(&self, ground: &Ground) -> Result<Tokens, AuthError> {
        let answer = self.run.answer(ground.cx.now);
        match Tokens::read(&answer, &ground.cx.options.tokens, ground.cx.platform) {
            Ok(mut tokens) => {
                if self.run.key.is_some() {
                    check_bound(tokens.token_type.as_ref())?;
                }
                tokens.key.clone_from(&self.run.key);
                tokens.origins.clone_from(&self.run.origins);
                tokens.servers.clone_from(&self.servers);
                Ok(tokens)
            }
            Err(mut error) => {
                // What a host or a function gave shows no status, and a session that is over must not be kept for that.
                if self.run.purpose == Purpose::Refresh && matches!(self.response(), Value::Undefined) {
                    error = refusal_without_status(answer.value, Purpose::Refresh).unwrap_or(error);
                }
                error.body = ground.secrets().mask(answer.value);
                Err(error)
            }
        }
    }

    /// What it left the page with, once it has come back, and the moment of the answer by the server's clock.
    pub fn left_with(&self) -> Option<(&Pending, Option<UnixMillis>)> {
        Some((self.run.leaving.left_with()?, self.run.server_date))
    }
}
