//! Requests that go ahead. A `fetch` with a good token is, most of the time, the same header on another request: core permits that
//! beforehand, so that the shell need not ask. Whatever comes of such a request but a plain answer is told to core, which goes
//! on with it as with one that it has sent itself.

use std::sync::Arc;

use crate::core::effect::{Effect, Permit};
use crate::core::ground::Ground;
use crate::core::input::Bearer;
use crate::core::options::Options;
use crate::core::time::Millis;
use crate::core::token::Tokens;

/// After so long a request is not alone any more: only core minds time limits.
const ALONE: Millis = Millis(1_000);

/// Permits requests like one that goes out with these tokens, where that is not so already.
pub fn give(tokens: Option<&Arc<Tokens>>, ground: &mut Ground) {
    let Some(tokens) = tokens else { return };
    let is_given = ground.permitted.as_ref().is_some_and(|permitted| Arc::ptr_eq(permitted, tokens));
    if is_given || tokens.key.is_some() || tokens.access.is_none() || !is_plain(&ground.cx.options) {
        return;
    }
    let attach = &ground.cx.options.attach;
    let Ok(headers) = ground.with_scope(Some(tokens), |scope| attach.headers(tokens, scope)) else { return };
    let Tokens { signed_in_at, received_at, .. } = **tokens;
    let permit = Permit {
        origins: ground.origins.of(tokens),
        headers,
        bearer: Bearer { signed_in_at, received_at },
        alone: ALONE,
    };
    ground.permitted = Some(tokens.clone());
    ground.cx.ask(Effect::Permit(Some(permit)));
}

/// Takes it back where these are not the tokens of the session any more, or calls wait.
pub fn mind(is_open: bool, ground: &mut Ground) {
    let (permitted, tokens) = (&ground.permitted, ground.tokens());
    let is_true = permitted.as_ref().is_some_and(|of| tokens.is_some_and(|tokens| Arc::ptr_eq(of, tokens)));
    if !is_open || !is_true {
        take_back(ground);
    }
}

/// Takes it back, whatever it was.
pub fn take_back(ground: &mut Ground) {
    if ground.permitted.take().is_some() {
        ground.cx.ask(Effect::Permit(None));
    }
}

/// The tokens that went with a request. Of those that are not the session's any more it is enough to know that.
pub fn bearer(Bearer { signed_in_at, received_at }: Bearer, ground: &Ground) -> Arc<Tokens> {
    match ground.tokens() {
        Some(tokens) if tokens.signed_in_at == signed_in_at && tokens.received_at == received_at => tokens.clone(),
        Some(tokens) => Arc::new(Tokens { access: None, signed_in_at, received_at, ..Tokens::clone(tokens) }),
        None => Arc::default(),
    }
}

/// Whether all that goes along is the bearer token, and all that core goes by is what every answer shows.
fn is_plain(options: &Options) -> bool {
    let Options { attach, refresh, tokens, timeout, .. } = options;
    let is_bearer = attach.is_default && attach.query.is_undefined() && attach.body.is_undefined();
    let is_judged = refresh.when.is_some() || refresh.from_header.is_some() || refresh.every_query;
    let names_success = refresh.statuses.iter().any(|status| (200..300).contains(status));
    is_bearer && attach.csrf.is_none() && !tokens.cookie && !is_judged && !names_success && *timeout > ALONE
}
