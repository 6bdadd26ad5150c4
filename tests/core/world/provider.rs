//! An OpenID provider: it signs whoever is sent to it in, and sends them back with a code.

use doorkey::core::http::HttpResponse;
use doorkey::core::http::form::decode_form;
use doorkey::core::lite::codec::{base64, percent_encode};
use doorkey::core::oauth::address::Address;
use doorkey::core::value::{Map, Value};

use super::server::Request;
use crate::testing::json;

/// Who the provider is.
pub const ISSUER: &str = "https://op.example";

/// Its metadata.
pub const METADATA: &str = r#"{ "issuer": "https://op.example", "authorization_endpoint": "https://op.example/auth",
    "token_endpoint": "https://op.example/token", "userinfo_endpoint": "https://op.example/me",
    "revocation_endpoint": "https://op.example/revoke", "end_session_endpoint": "https://op.example/end",
    "authorization_response_iss_parameter_supported": true }"#;

#[derive(Debug)]
struct Grant {
    params: Map,
    is_used: bool,
}

/// The provider.
#[derive(Debug)]
pub struct Provider {
    pub metadata: String,
    /// Members that stand in place of those of the right ID token, as JSON; `null` takes one out.
    pub claims: String,
    /// The algorithm that the ID token names.
    pub alg: String,
    /// Who signs in.
    pub subject: String,
    grants: Vec<Grant>,
    pushed: Vec<Map>,
    refreshes: usize,
    pub revoked: Vec<String>,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            metadata: METADATA.to_owned(),
            claims: "{}".to_owned(),
            alg: "RS256".to_owned(),
            subject: "ada".to_owned(),
            grants: Vec::new(),
            pushed: Vec::new(),
            refreshes: 0,
            revoked: Vec::new(),
        }
    }
}

impl Provider {
    /// Signs the user in who was sent to this address; gives the one that they are sent back to.
    pub fn approve(&mut self, sent: &str) -> String {
        let params = self.params(sent);
        self.grants.push(Grant { params: params.clone(), is_used: false });
        let code = ["canary-code-", &(self.grants.len() - 1).to_string()].concat();
        self.back(&params, &[("code", &code), ("iss", ISSUER)])
    }

    /// The user says no, or the provider does.
    pub fn refuse(&self, sent: &str, error: &str) -> String {
        self.back(&self.params(sent), &[("error", error), ("iss", ISSUER)])
    }

    /// Sends the user back with these parameters.
    pub fn back(&self, params: &Map, more: &[(&str, &str)]) -> String {
        let mut address = text(params, "redirect_uri").to_owned();
        let mut mark = if address.contains('?') { "&" } else { "?" };
        for (name, value) in more.iter().copied().chain([("state", text(params, "state"))]) {
            if !value.is_empty() {
                address.push_str(mark);
                address.push_str(&[name, "=", &percent_encode(value)].concat());
                mark = "&";
            }
        }
        address
    }

    /// What the user was sent with.
    pub fn params(&self, sent: &str) -> Map {
        let params = Address::parse(sent).params();
        match params
            .get("request_uri")
            .and_then(Value::as_text)
            .and_then(|uri| uri.rsplit(':').next()?.parse::<usize>().ok())
        {
            Some(at) => self.pushed[at].clone(),
            None => params,
        }
    }

    pub fn answer(&mut self, path: &str, request: &Request, now: u64) -> HttpResponse {
        let form = request.body.as_deref().and_then(decode_form).unwrap_or_default();
        let (status, body) = match path {
            "/.well-known/openid-configuration" => (200, json(&self.metadata)),
            "/par" => {
                self.pushed.push(form);
                let uri = ["urn:pushed:", &(self.pushed.len() - 1).to_string()].concat();
                (201, Value::Map([("request_uri".to_owned(), Value::Text(uri))].into_iter().collect()))
            }
            "/token" if text(&form, "grant_type") == "refresh_token" => self.refresh(&form, now),
            "/token" => self.exchange(&form, now),
            "/revoke" => {
                self.revoked.push(text(&form, "token").to_owned());
                (200, Value::from(""))
            }
            _ => (404, Value::from("no")),
        };
        HttpResponse { status, headers: Map::new().into(), body: body.into(), ..HttpResponse::default() }
    }

    fn exchange(&mut self, form: &Map, now: u64) -> (u16, Value) {
        let refused =
            || (400, json(r#"{ "error": "invalid_grant", "error_description": "grant request is invalid" }"#));
        let number = text(form, "code").rsplit('-').next().and_then(|number| number.parse::<usize>().ok());
        let Some(grant) = number.and_then(|number| self.grants.get_mut(number)) else { return refused() };
        let same = |name: &str| text(form, name) == text(&grant.params, name);
        let proves = text(form, "code_verifier").replace("canary-verifier", "challenge")
            == text(&grant.params, "code_challenge");
        if std::mem::replace(&mut grant.is_used, true) || !same("redirect_uri") || !same("client_id") || !proves {
            return refused();
        }
        let params = grant.params.clone();
        (200, self.tokens(&params, now))
    }

    fn refresh(&mut self, form: &Map, now: u64) -> (u16, Value) {
        let last = ["canary-refresh-", &self.refreshes.to_string()].concat();
        if text(form, "refresh_token") != last {
            return (400, json(r#"{ "error": "invalid_grant" }"#));
        }
        self.refreshes += 1;
        let params = self.grants.last().map(|grant| grant.params.clone()).unwrap_or_default();
        (200, self.tokens(&params, now))
    }

    fn tokens(&self, params: &Map, now: u64) -> Value {
        let mut answer = Map::new();
        answer.set("access_token", Value::from("canary-access-1"));
        answer.set("refresh_token", Value::Text(["canary-refresh-", &self.refreshes.to_string()].concat()));
        answer.set("expires_in", Value::Number(600.0));
        if text(params, "scope").split(' ').any(|scope| scope == "openid") {
            answer.set("id_token", Value::Text(self.id_token(params, now)));
        }
        Value::Map(answer)
    }

    fn id_token(&self, params: &Map, now: u64) -> String {
        let mut claims = Map::new();
        claims.set_text("iss", ISSUER);
        claims.set_text("aud", text(params, "client_id"));
        claims.set_text("sub", &self.subject);
        claims.set_text("nonce", text(params, "nonce"));
        claims.set_number("iat", (now / 1000) as f64);
        claims.set_number("exp", (now / 1000 + 600) as f64);
        if let Value::Map(other) = json(&self.claims) {
            claims.extend(&other);
        }
        let claims = doorkey::core::lite::json::json_of(&Value::Map(claims));
        let header = ["{\"alg\":\"", &self.alg, "\"}"].concat();
        [&base64(header.as_bytes(), true), ".", &base64(claims.as_bytes(), true), ".canary-signature"].concat()
    }
}

fn text<'a>(map: &'a Map, name: &str) -> &'a str {
    map.get(name).and_then(Value::as_text).unwrap_or_default()
}
