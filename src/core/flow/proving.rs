//! Which requests of a flow prove that they have the key of the session (RFC 9449): those that get tokens (section 5), and
//! those that go with a token that is bound to it (section 7).

use std::sync::Arc;

use super::step::StepResult;
use crate::core::ground::Ground;
use crate::core::http::HttpRequest;
use crate::core::http::attach::origin_of_call;
use crate::core::oauth::dpop::{Key, Proof, Verdict, bound_token};
use crate::core::token::Tokens;
use crate::core::vocabulary::FlowName;

/// Whose request it is.
#[derive(Debug)]
pub struct Prover<'a> {
    /// The flow.
    pub flow: FlowName,
    /// The tokens that it is about, where they are not those of the session.
    pub tokens: Option<&'a Arc<Tokens>>,
    /// The name of the key to which its own tokens are bound.
    pub key: &'a mut Option<String>,
    /// Whether it finds something out before its first step, or pushes what the user is sent with: that is no token's.
    pub is_before: bool,
}

/// The request under way that has a proof, to be sent again where that is not the one wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proven(Option<Box<HttpRequest>>);

impl Proven {
    /// Puts a proof on a request that is complete otherwise, if it is one that has one.
    pub fn prove(&mut self, request: &mut HttpRequest, prover: Prover<'_>, ground: &mut Ground) {
        let Some(key) = key_for(request, prover, ground) else { return };
        let origin = origin_of_call(&request.url, ground.cx.base.as_deref());
        let target = (request.method.as_str(), &request.url, request.headers.as_slice());
        request.proof = Some(Box::new(Proof::new(key, target, origin, &ground.cx.reported, ground.cx.now)));
        self.0 = Some(Box::new(request.clone()));
    }

    /// The same request once more, where the answer wants another proof.
    pub fn again(&mut self, result: Option<&StepResult>, ground: &mut Ground) -> Option<HttpRequest> {
        let (mut request, Some(StepResult::Http(response))) = (self.0.take()?, result) else { return None };
        let (headers, body) = (Some(response.headers.data()), response.body.data());
        let proof = request.proof.as_mut()?;
        let cx = &mut ground.cx;
        match proof.on_answer((response.status, headers, body), &mut cx.reported, cx.now, cx.platform) {
            Verdict::Again => {}
            Verdict::Unheard(why) => {
                cx.note("dpop", why);
                return None;
            }
            Verdict::Other => return None,
        }
        self.0 = Some(request.clone());
        Some(*request)
    }
}

fn key_for(request: &HttpRequest, prover: Prover<'_>, ground: &mut Ground) -> Option<Key> {
    let is_signin = prover.flow == FlowName::Signin;
    let gets_tokens = (is_signin || prover.flow == FlowName::Refresh) && !prover.is_before;
    let tokens = prover.tokens.or_else(|| ground.tokens()).filter(|_| !is_signin);
    if let Some(name) = tokens.and_then(|tokens| tokens.key.clone()) {
        let is_asked = gets_tokens || bound_token(&request.headers).is_some();
        return is_asked.then_some(Key { name, is_new: false, is_kept: true });
    }
    // What makes a session makes its key: a sign-in, or a refresh where there was none.
    if !gets_tokens || !ground.cx.options.dpop || !is_signin && ground.tokens().is_some() {
        return None;
    }
    if prover.key.is_none() {
        *prover.key = Some(ground.cx.key_name());
    }
    let is_kept = ground.record.survives_reload();
    Some(Key { name: prover.key.clone()?, is_new: true, is_kept })
}
