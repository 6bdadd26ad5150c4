//! The step `authorize`: the address that the user is sent to (RFC 6749 section 4.1.1, RFC 7636 section 4.3), and where the code
//! goes that comes back (section 4.1.3).

use super::address::{Address, OWN_ID};
use super::departure::{Departure, Prepared, has_openid, known, own_params, posted, refuse_secret, why_no_return};
use super::metadata::is_openid;
use super::pending::{NO_CODE, Pending};
use crate::core::error::{AuthError, Code};
use crate::core::flow::endpoint::{Endpoint, address, template};
use crate::core::flow::scope::Provider;
use crate::core::http::HttpRequest;
use crate::core::http::form::{to_text, with_query};
use crate::core::http::origin::is_web_address;
use crate::core::section::{Place, Section};
use crate::core::template::{Scope, Shape, Template};
use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};
use crate::core::vocabulary::{AUTHORIZE, Bind, Mode};

/// The step.
#[derive(Clone, Debug, PartialEq)]
pub struct Authorize {
    endpoint: Option<Template>,
    client_id: Option<Template>,
    redirect_uri: Option<Template>,
    scope: Option<Template>,
    params: Shape,
    token: Token,
    answer: Vec<String>,
    bind: Bind,
    pkce: bool,
    /// Whether the user is sent there in a window of its own.
    pub popup: bool,
}

/// Where the code goes.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// To the token endpoint of the metadata.
    Standard,
    /// To this one, in the same form.
    At(Template),
    /// To an endpoint with a form of its own.
    Own(Box<Endpoint>),
    /// Later steps see to it.
    Later,
}

/// What surrounds the step.
#[allow(missing_debug_implementations)] // A scope has none.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// What its templates see.
    pub scope: &'a dyn Scope,
    /// What is known of the server.
    pub provider: Provider<'a>,
    /// The moment.
    pub now: UnixMillis,
}

/// What is said where the page is the default, and nobody tells its address.
const NO_ADDRESS: &str = "an absolute address is needed here: this host does not tell the page's own";

/// What is said where there is no SHA-256, and so no PKCE.
const NO_PKCE: &str = "PKCE needs SHA-256, which browsers have at https addresses and on localhost only";

impl Authorize {
    /// Parses the step.
    pub fn parse(value: &Value, place: Place<'_>) -> Self {
        refuse_secret(value, &place, &["params", "token"]);
        let section = Section::open(value, place, &AUTHORIZE);
        if section.get("mode").as_text() == Some(Mode::Popup.as_str())
            && section.get("bind").as_text() == Some(Bind::Tab.as_str())
        {
            section.fail("mode", "nothing in the address would tell the window from the page: use redirect");
        }
        let params = section.map("params");
        let place = section.place.member("params");
        for (name, only) in [("response_type", "code"), ("code_challenge_method", "S256")] {
            let given = params.and_then(|params| params.get(name));
            if given.is_some_and(|given| *given != Value::Null && given.as_text() != Some(only)) {
                place.member(name).fail("it is the code flow with S256, or null leaves it out");
            }
        }
        for (name, value) in params.into_iter().flatten() {
            if !matches!(value, Value::Undefined | Value::Null | Value::Text(_)) {
                place.member(name).fail("must be a text");
            }
        }
        let at = section.place.member("token");
        let token = match section.get("token") {
            Value::Undefined => Token::Standard,
            Value::Bool(false) => Token::Later,
            Value::Text(_) => address(&section, "token").map_or(Token::Later, Token::At),
            own => Endpoint::parse(own, at).map_or(Token::Later, |endpoint| Token::Own(Box::new(endpoint))),
        };
        let text = |key| template(&section, key);
        let redirect_uri = address(&section, "redirectUri");
        let written = redirect_uri.as_ref().and_then(|uri| uri.constant());
        let bind = section.word("bind", Bind::WORDS, Bind::ALL).unwrap_or(Bind::State);
        if let Some(why) = written.and_then(|uri| why_no_return(uri, bind)) {
            section.fail("redirectUri", why);
        }
        Self {
            endpoint: address(&section, "endpoint"),
            client_id: text("clientId"),
            redirect_uri,
            scope: text("scope"),
            params: Shape::parse(section.get("params"), &section.place.member("params")),
            token,
            answer: section.texts("answer").unwrap_or_else(|| ["code", "error"].map(str::to_owned).into()),
            bind,
            pkce: !section.has("pkce") || section.flag("pkce"),
            popup: section.word("mode", Mode::WORDS, Mode::ALL) == Some(Mode::Popup),
        }
    }

    /// Shows every template to `see`.
    pub fn templates(&self, see: &mut dyn FnMut(&Template)) {
        for text in [&self.endpoint, &self.client_id, &self.redirect_uri, &self.scope] {
            text.iter().for_each(&mut *see);
        }
        self.params.templates(see);
        match &self.token {
            Token::At(url) => see(url),
            Token::Own(endpoint) => endpoint.templates(see),
            Token::Standard | Token::Later => {}
        }
    }

    /// The endpoint with a form of its own, where the code goes to one.
    pub const fn endpoint(&self) -> Option<&Endpoint> {
        match &self.token {
            Token::Own(endpoint) => Some(endpoint),
            _ => None,
        }
    }

    /// Whether an address may be the answer that comes to a window of its own.
    pub fn may_answer_window(&self, address: &Address<'_>) -> bool {
        let has = |name: &str| address.param(name).is_some();
        self.popup
            && (["error", "state", OWN_ID].iter().any(|name| has(name)) || self.answer.iter().any(|name| has(name)))
    }

    /// Whether it needs the server's metadata.
    pub const fn needs_metadata(&self) -> bool {
        self.endpoint.is_none() || matches!(self.token, Token::Standard)
    }

    /// Whether the platform has given what it takes.
    ///
    /// # Errors
    /// `ERR_NOT_READY` where PKCE is wanted and there is no SHA-256.
    pub fn check(&self, prepared: &Prepared) -> Result<(), AuthError> {
        if self.pkce && prepared.challenge.is_empty() {
            return Err(AuthError::new(Code::NotReady, NO_PKCE));
        }
        Ok(())
    }

    /// The address that the user comes back to: what the option says, else that of the page, without query and fragment.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, and `ERR_INVALID_OPTION` where there is no address.
    pub fn redirect_uri(&self, prepared: &Prepared, scope: &dyn Scope) -> Result<String, AuthError> {
        let uri = match &self.redirect_uri {
            Some(template) => to_text(&template.eval(scope)?),
            None => Address::parse(&prepared.address).page.to_owned(),
        };
        if let Some(why) = why_no_return(&uri, self.bind) {
            let why = if self.redirect_uri.is_some() { why } else { NO_ADDRESS };
            return Err(AuthError::new(Code::InvalidOption, why).at("redirectUri"));
        }
        Ok(match self.bind {
            Bind::RedirectUri => with_query(&uri, &Map::from_iter([(OWN_ID.to_owned(), prepared.id.expose().into())])),
            Bind::State | Bind::Tab => uri,
        })
    }

    /// Where the user goes.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, and those of [`known`]: the code must have somewhere to go, too.
    pub fn depart(
        &self,
        prepared: &Prepared,
        redirect_uri: String,
        setting: &Setting<'_>,
    ) -> Result<Departure, AuthError> {
        let endpoint = match &self.endpoint {
            Some(endpoint) => to_text(&endpoint.eval(setting.scope)?),
            None => known(setting.provider.metadata, "authorization_endpoint")?.to_owned(),
        };
        if !is_web_address(&endpoint) {
            return Err(AuthError::new(Code::InvalidOption, "must be an http address").at("endpoint"));
        }
        if matches!(self.token, Token::Standard) {
            known(setting.provider.metadata, "token_endpoint")?;
        }
        let mut params = self.said(&endpoint, setting.scope)?;
        let text = |name: &str, template: &Option<Template>| -> Result<Option<String>, AuthError> {
            match (params.get(name).filter(|said| !said.is_nullish()), template) {
                (Some(said), _) => Ok(Some(to_text(said))),
                (_, Some(template)) => Ok(Some(to_text(&template.eval(setting.scope)?))),
                _ => Ok(None),
            }
        };
        let is_openid = setting.provider.metadata.is_some_and(is_openid);
        let scope = text("scope", &self.scope)?.or_else(|| is_openid.then(|| "openid".to_owned()));
        // A broker's own address says what the broker wants of its provider: the ID token is the broker's, too.
        let is_brokers = matches!(self.token, Token::Own(_) | Token::Later) && self.scope.is_none() && !is_openid;
        let is_openid = !is_brokers && scope.as_ref().is_some_and(|scope| has_openid(scope));
        let client_id = text("client_id", &self.client_id)?.or_else(|| setting.provider.client_id.map(str::to_owned));
        let mut set = |name: &str, value: Option<&str>| {
            if let Some(value) = value.filter(|_| params.get(name).is_none()) {
                params.set_text(name, value);
            }
        };
        set("response_type", Some("code"));
        set("client_id", client_id.as_deref());
        set("redirect_uri", Some(&redirect_uri));
        set("scope", scope.as_deref());
        set("state", (self.bind == Bind::State).then(|| prepared.id.expose()));
        set("nonce", is_openid.then(|| prepared.nonce.expose()));
        set("code_challenge", self.pkce.then_some(prepared.challenge.as_str()));
        set("code_challenge_method", self.pkce.then_some("S256"));
        let mut pending = Pending::new(&prepared.id, &redirect_uri, self.bind, &self.answer, setting.now);
        pending.set("verifier", Some(prepared.verifier.expose()));
        if is_openid {
            // The answer is checked by what has gone there, whoever has said it.
            let nonce = params.get("nonce").filter(|said| !said.is_nullish()).map(to_text);
            pending.set("nonce", Some(nonce.as_deref().unwrap_or_default()));
        }
        pending.set("clientId", client_id.as_deref());
        pending.set("mode", Some(if self.popup { Mode::Popup } else { Mode::Redirect }.as_str()));
        pending.set("issuer", setting.provider.metadata.and(setting.provider.issuer));
        Ok(Departure { endpoint, params: params.into(), pending })
    }

    /// What the endpoint has itself, then what the step says; `null` leaves one of ours out, as it does in a query.
    fn said(&self, endpoint: &str, scope: &dyn Scope) -> Result<Map, AuthError> {
        let given = match self.params.fill(scope)? {
            Value::Map(given) => given,
            _ => Map::new(),
        };
        let mut said = own_params(endpoint, &given);
        for (name, value) in &given {
            if said.get(name).is_none() {
                said.set(name.as_str(), value.clone());
            }
        }
        Ok(said)
    }

    /// The request that exchanges what has come back; `None` where later steps do. `scope` has it under bare names.
    ///
    /// # Errors
    /// `ERR_TEMPLATE`, `ERR_STEP`, `ERR_INVALID_OPTION` where no endpoint is known, and `ERR_CALLBACK_MISMATCH` without a code.
    pub fn exchange(
        &self,
        pending: &Pending,
        code: &str,
        metadata: Option<&Map>,
        scope: &dyn Scope,
    ) -> Result<Option<HttpRequest>, AuthError> {
        let url = match &self.token {
            Token::Standard => known(metadata, "token_endpoint")?.to_owned(),
            Token::At(url) => to_text(&url.eval(scope)?),
            Token::Own(endpoint) => return endpoint.request(scope).map(Some),
            Token::Later => return Ok(None),
        };
        if code.is_empty() {
            return Err(AuthError::new(Code::CallbackMismatch, NO_CODE));
        }
        let mut form = Map::new();
        form.set_text("grant_type", "authorization_code");
        form.set_text("code", code);
        form.set_text("redirect_uri", pending.redirect_uri());
        if let Some(client_id) = pending.text("clientId") {
            form.set_text("client_id", client_id);
        }
        if self.pkce {
            form.set_text("code_verifier", pending.text("verifier").unwrap_or_default());
        }
        Ok(Some(posted(url, &form)))
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)] // A test that panics has failed, and says where.
mod tests;
