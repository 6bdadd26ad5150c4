//! What a request of a flow gets on its way out: what is attached, what is done about a redirect, and that its origin is known.

use std::sync::Arc;

use crate::core::ground::Ground;
use crate::core::http::attach::origin_of_call;
use crate::core::http::{HttpRequest, Redirect, keep_headers};
use crate::core::token::Tokens;
use crate::core::vocabulary::FlowName;

/// Completes a request of this flow; `origins` are those that the flow has learnt.
pub fn complete(
    request: &mut HttpRequest,
    flow: FlowName,
    tokens: Option<&Arc<Tokens>>,
    origins: &mut Vec<String>,
    ground: &mut Ground,
) {
    if request.authorised.unwrap_or(matches!(flow, FlowName::Check | FlowName::Revoke)) {
        authorise(request, tokens, ground);
    }
    let proof = ground.cx.options.attach.proof(&request.method, request.credentials, ground.cx.platform);
    if let Some((name, value)) = proof.filter(|(name, _)| !request.has_header(name)) {
        request.headers.push((name, value));
    }
    // A header that was given as an empty text is left off: so an endpoint can do without what would be attached.
    keep_headers(&mut request.headers, &|_, value| !value.expose().is_empty());
    let origin = origin_of_call(&request.url, ground.cx.base.as_deref());
    if request.redirect != Redirect::Follow {
        request.redirect = redirect(request, ground.cx.base.as_ref() == Some(&origin));
    }
    let is_new = !origin.is_empty() && !ground.origins.allow_own(&origin, None) && !origins.contains(&origin);
    if flow == FlowName::Signin && is_new {
        origins.push(origin);
    }
}

/// What is done about a redirect that may not lead anywhere: what would be carried along stays with those it is for.
const fn redirect(request: &HttpRequest, is_own: bool) -> Redirect {
    match request {
        HttpRequest { body: None, headers, .. } if headers.is_empty() => Redirect::Follow,
        _ if is_own => Redirect::Own,
        _ => Redirect::Seen,
    }
}

/// Puts what is attached on a request.
fn authorise(request: &mut HttpRequest, tokens: Option<&Arc<Tokens>>, ground: &mut Ground) {
    let Some(tokens) = &tokens.or_else(|| ground.tokens()).cloned() else { return };
    let origin = origin_of_call(&request.url, ground.cx.base.as_deref());
    if !ground.origins.allow_own(&origin, Some(tokens)) && !ground.origins.allow(&origin, Some(tokens)) {
        ground.note_bare(&request.url);
    } else {
        ground.with_scope(Some(tokens), |scope| {
            ground.cx.options.attach.authorise(request, tokens, scope, ground.cx.platform);
        });
    }
}
