//! `fetch(input, init)`: attach, send; on an unauthorised status (401, as RFC 6750 section 3.1 says it of `invalid_token`,
//! unless options say otherwise) refresh once, send once more; never a third time.

use std::sync::Arc;

use super::caller::{Caller, Next};
use super::permit;
use super::renewal::look_for_next;
use crate::core::context::{Context, Errand};
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::http::attach::{Target, origin_of_call};
use crate::core::http::{Addition, Credentials, keep_headers};
use crate::core::input::{Answer, EffectId, FetchCall};
use crate::core::oauth::dpop::{Key, Proof, Verdict, bound_token};
use crate::core::refresh::due::can_refresh;
use crate::core::refresh::ensured::{Ensured, NoToken, Requirement};
use crate::core::time::UnixMillis;
use crate::core::token::Tokens;
use crate::core::value::Value;

/// A request of the caller's own under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetch {
    /// A token.
    Ensuring {
        /// The request.
        fetch: FetchCall,
        /// The response to the first try, where this is the second.
        first: Option<Value>,
        /// The sign-in of the session in which it began; `None` where there was none yet.
        begun: Option<UnixMillis>,
    },
    /// The response.
    Sending {
        /// The request.
        fetch: FetchCall,
        /// The tokens that it went out with; `None` when it went out untouched.
        sent: Option<Arc<Tokens>>,
        /// Whether it was sent before.
        is_second: bool,
        /// The proof that went with it.
        proof: Option<Box<Proof>>,
    },
}

impl Fetch {
    /// Begins: a request elsewhere, or without a session, goes out untouched.
    pub fn begin<S: From<Self>>(fetch: FetchCall, caller: &mut Caller<'_>) -> Next<S> {
        if let Some(ahead) = fetch.ahead {
            let sent = Some(permit::bearer(ahead.bearer, caller.ground));
            let id = caller.ground.cx.wait_since(caller.waiter(), ahead.at);
            return Self::go(id, (fetch, sent, false), Addition::default(), caller);
        }
        let tokens = caller.ground.tokens().cloned();
        let may_have = tokens.is_some() || caller.refresh.is_restoring();
        if !may_have || !caller.ground.allows(&fetch.url, tokens.as_ref()) {
            if tokens.is_some() && !has_own_token(&fetch) {
                caller.ground.note_bare(&fetch.url);
            }
            return Self::authorise(fetch, false, caller);
        }
        let ground = &caller.ground;
        if !fetch.replayable {
            let text = "a stream can't be sent a second time: give the body as text, a blob, a form or bytes";
            return Next::failed(AuthError::new(Code::InvalidValue, text).at("body"));
        }
        let requirement =
            if ground.cx.options.refresh.every_query { Requirement::fresh("every query") } else { Requirement::ANY };
        Self::ensure(fetch, None, tokens.map(|tokens| tokens.signed_in_at), requirement, caller)
    }

    /// There is a token, or word that there is none.
    pub fn on_ensured<S: From<Self>>(self, ensured: Ensured, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Ensuring { fetch, first, begun } = self else { return Next::waits(self) };
        let is_second = first.is_some();
        if is_anothers(begun, caller.ground) {
            match first {
                Some(first) => return Next::Done(Ok(first)),
                // What only asks is as good a question in the new session.
                None if matches!(&*fetch.method, "GET" | "HEAD") => {}
                None => return Next::failed(of_another()),
            }
            return Self::authorise(fetch, false, caller);
        }
        match (ensured, first) {
            (Err(_), Some(first)) => return Next::Done(Ok(first)),
            (Err(why), None) if !why.is_rejection() && !caller.ground.has_good_token() => {
                if let NoToken::Failed(error) = why {
                    return Next::failed(error);
                }
            }
            _ => {}
        }
        Self::authorise(fetch, is_second, caller)
    }

    /// The response, or why there is none.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        let Self::Sending { fetch, sent, is_second, proof } = self else { return Next::waits(self) };
        let (status, given, seen) = match answer {
            Answer::Response { status, given, seen } => (status, given, seen),
            Answer::NoResponse(error) => {
                if let Some(sent) = sent.filter(|_| error.code == Code::RefreshRejected) {
                    caller.ground.cx.want(Errand::KeyLost(sent));
                }
                return Next::failed(error);
            }
            _ => return Next::failed(AuthError::new(Code::Unreachable, "the server did not answer in time")),
        };
        if let Some(mut proof) = proof {
            let Context { reported, now, platform, .. } = &mut caller.ground.cx;
            let headers = seen.data().member("headers").and_then(Value::as_map);
            match proof.on_answer((status, headers, &Value::Undefined), reported, *now, *platform) {
                Verdict::Again => return Self::send(fetch, sent, is_second, Some(proof), caller),
                Verdict::Unheard(why) => {
                    caller.ground.cx.note("dpop", why);
                    return Next::Done(Ok(given));
                }
                Verdict::Other => {}
            }
        }
        let ground = &*caller.ground;
        // What is said where no token goes, to which a redirect has led, says nothing of the session: only an expression may judge it.
        let is_elsewhere = match seen.data().member("url") {
            Some(Value::Text(url)) => !url.is_empty() && !ground.allows(&url.clone().into(), sent.as_ref()),
            _ => false,
        };
        let unauthorised = ground.says_unauthorised(seen.data());
        let rule = &ground.cx.options.refresh;
        let refused = unauthorised || !is_elsewhere && status > 0 && rule.covers(status);
        let is_named = unauthorised || !is_elsewhere && rule.names(status);
        if let Some(sent) = sent.as_ref().filter(|_| !is_elsewhere && !has_own_token(&fetch)) {
            look_for_next(sent, seen.data(), caller.ground);
        }
        let Some(sent) = sent.filter(|_| refused && !has_own_token(&fetch)) else { return Next::Done(Ok(given)) };
        if is_named {
            doubt(&sent, caller.ground);
        }
        let refuser = origin_of_call(&fetch.url, caller.ground.cx.base.as_deref());
        match retry_requirement(&sent, &refuser, caller).filter(|_| !is_second) {
            Some(requirement) => Self::ensure(fetch, Some(given), Some(sent.signed_in_at), requirement, caller),
            None => Next::Done(Ok(given)),
        }
    }

    fn ensure<S: From<Self>>(
        fetch: FetchCall,
        first: Option<Value>,
        begun: Option<UnixMillis>,
        requirement: Requirement,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let state = Self::Ensuring { fetch, first, begun };
        match caller.ensure_token(requirement) {
            Some(ensured) => state.on_ensured(ensured, caller),
            None => Next::waits(state),
        }
    }

    /// Sends it, with what may go where it goes.
    fn authorise<S: From<Self>>(fetch: FetchCall, is_second: bool, caller: &mut Caller<'_>) -> Next<S> {
        let sent = caller.ground.tokens().cloned();
        let is_ours = caller.ground.allows(&fetch.url, sent.as_ref());
        Self::send(fetch, sent.filter(|_| is_ours), is_second, None, caller)
    }

    /// The same, by these tokens; `again`: with this proof.
    fn send<S: From<Self>>(
        fetch: FetchCall,
        sent: Option<Arc<Tokens>>,
        is_second: bool,
        again: Option<Box<Proof>>,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let is_ours = caller.ground.allows(&fetch.url, sent.as_ref());
        let mut addition = match addition(&fetch, sent.as_ref(), caller.ground) {
            Ok(addition) if is_ours => addition,
            Ok(_) => Addition::default(),
            Err(error) => return Next::failed(error),
        };
        if again.is_some() {
            addition.proof = again;
        }
        let sent = sent.filter(|_| carries(&addition, &fetch, caller.ground));
        let id = caller.ground.cx.wait(caller.waiter());
        Self::go(id, (fetch, sent, is_second), addition, caller)
    }

    /// It goes, by these tokens; what is like it may go ahead from now on.
    fn go<S: From<Self>>(
        id: EffectId,
        (fetch, sent, is_second): (FetchCall, Option<Arc<Tokens>>, bool),
        addition: Addition,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let proof = addition.proof.clone();
        let is_authorised = sent.is_some();
        let rule = &caller.ground.cx.options.refresh;
        let (look, header) = (is_authorised && rule.when.is_some(), rule.from_header.clone());
        caller.ground.cx.ask(Effect::Send { id, call: caller.call, addition, is_authorised, look, header });
        permit::give(sent.as_ref(), caller.ground);
        Next::waits(Self::Sending { fetch, sent, is_second, proof })
    }
}

/// Whether anything of the session goes along: what carries nothing of it says nothing of it.
fn carries(addition: &Addition, fetch: &FetchCall, ground: &Ground) -> bool {
    let cookies = match fetch.credentials {
        Credentials::Include => true,
        Credentials::SameOrigin => ground.cx.base == Some(origin_of_call(&fetch.url, ground.cx.base.as_deref())),
        Credentials::Omit => false,
    };
    cookies
        || addition.with_cookies
        || addition.url.is_some()
        || addition.body.is_some()
        || !addition.headers.is_empty()
}

/// Whether the body of a request must be known: members go into it. `may_come`: there may be a session in a moment.
pub fn reads_body(fetch: &FetchCall, may_come: bool, ground: &Ground) -> bool {
    let may_go = match ground.tokens() {
        Some(tokens) => ground.allows(&fetch.url, Some(tokens)),
        None => may_come,
    };
    may_go && ground.cx.options.attach.adds_to_body(&fetch.method, fetch.content_type.as_deref())
}

/// Whether the caller has set the token.
fn has_own_token(fetch: &FetchCall) -> bool {
    fetch.header_names.iter().any(|name| name == "authorization")
}

/// What is put on a request to an origin of ours: what the caller set is not overwritten. Without a session these are the
/// cookies, and the proof that the page may read one.
fn addition(fetch: &FetchCall, tokens: Option<&Arc<Tokens>>, ground: &Ground) -> Result<Addition, AuthError> {
    let target = Target {
        url: &fetch.url,
        method: &fetch.method,
        content_type: fetch.content_type.as_deref(),
        body: fetch.body.as_ref(),
    };
    let Context { options, platform, .. } = &ground.cx;
    let attach = &options.attach;
    let mut addition = match tokens {
        Some(tokens) => ground.with_scope(Some(tokens), |scope| attach.addition(target, tokens, scope, *platform))?,
        None => Addition::default(),
    };
    addition.with_cookies = options.tokens.cookie && !fetch.credentials_chosen;
    let credentials = if addition.with_cookies { Credentials::Include } else { fetch.credentials };
    if let Some(proof) = attach.proof(&fetch.method, credentials, *platform) {
        addition.headers.push(proof);
    }
    keep_headers(&mut addition.headers, &|name, _| !fetch.header_names.contains(&name.to_ascii_lowercase()));
    let key = tokens.and_then(|tokens| tokens.key.clone()).filter(|_| bound_token(&addition.headers).is_some());
    if let Some(name) = key {
        let url = addition.url.as_ref().unwrap_or(&fetch.url);
        let (key, origin) =
            (Key { name, is_new: false, is_kept: true }, origin_of_call(url, ground.cx.base.as_deref()));
        let target = (fetch.method.as_str(), url, addition.headers.as_slice());
        addition.proof = Some(Box::new(Proof::new(key, target, origin, &ground.cx.reported, ground.cx.now)));
    }
    let beyond_bearer = addition.headers.iter().any(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
    addition.refuse_redirect =
        !fetch.redirect_chosen && (beyond_bearer || addition.body.is_some() || addition.proof.is_some());
    Ok(addition)
}

/// Whether somebody else has signed in since: what was begun in one session is not sent in another.
pub fn is_anothers(begun: Option<UnixMillis>, ground: &Ground) -> bool {
    begun.is_some() && ground.tokens().is_some_and(|tokens| begun != Some(tokens.signed_in_at))
}

/// The error for what was begun in a session that is another's now, and was not sent.
pub fn of_another() -> AuthError {
    AuthError::new(Code::Superseded, "there was another sign-in before this could be sent: call it again")
}

/// What a second try needs after a first that was refused: a fresh token, or the one that has come since; `None`: there is
/// no second try.
pub fn retry_requirement(sent: &Tokens, refuser: &str, caller: &mut Caller<'_>) -> Option<Requirement> {
    let tokens = caller.ground.tokens()?;
    if is_anothers(Some(sent.signed_in_at), caller.ground) {
        return None;
    }
    if !tokens.is_same(sent) {
        return Some(Requirement::ANY);
    }
    let may_help = can_refresh(tokens, caller.ground) && caller.refresh.may_help(refuser, caller.ground);
    may_help.then_some(Requirement::fresh("refused"))
}

/// A server has refused tokens that can't be refreshed: the session may be over.
pub fn doubt(sent: &Arc<Tokens>, ground: &mut Ground) {
    if ground.tokens().is_some_and(|tokens| tokens.is_same(sent) && !can_refresh(tokens, ground)) {
        ground.cx.want(Errand::Doubt(sent.clone()));
    }
}
