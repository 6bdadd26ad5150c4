//! A sign-out that goes on at the provider: OpenID Connect RP-Initiated Logout 1.0 section 2.

use super::address::Address;
use super::departure::Prepared;
use super::pending::Pending;
use crate::core::error::{AuthError, Code};
use crate::core::flow::scope::FlowScope;
use crate::core::http::form::{to_text, with_query};
use crate::core::http::origin::{is_web_address, origin_of};
use crate::core::lite::text::{concat, cut, holds};
use crate::core::options::Options;
use crate::core::secret::Secret;
use crate::core::time::UnixMillis;
use crate::core::value::Map;
use crate::core::vocabulary::Bind;

/// Whether there is a provider to go to.
pub fn is_possible(options: &Options, metadata: Option<&Map>, id_token: Option<&Secret>) -> bool {
    let has_endpoint = || metadata.is_some_and(|metadata| metadata.get(ENDPOINT).is_some());
    options.end_session.as_ref().is_some_and(|end| end.endpoint.is_some() || (has_endpoint() && id_token.is_some()))
}

const ENDPOINT: &str = "end_session_endpoint";

/// Where the user goes, and what is kept to know them again by.
///
/// An endpoint with a query of its own is gone to as it is: some providers have names of their own for these parameters. Its
/// templates see the address to come back to as `redirectUri`.
///
/// # Errors
/// `ERR_TEMPLATE`, and `ERR_INVALID_OPTION` for an endpoint that is no address of a server.
pub fn depart(
    options: &Options,
    id_token: Option<&Secret>,
    prepared: &Prepared,
    scope: FlowScope<'_>,
    now: UnixMillis,
) -> Result<(Secret, Pending), AuthError> {
    let end = options.end_session.clone().unwrap_or_default();
    let redirect_uri = return_address(options.login.as_deref(), end.return_to.as_deref(), &prepared.address);
    let mut results = Map::new();
    results.set_text("redirectUri", &redirect_uri);
    let scope = FlowScope { results: &results, ..scope };
    let metadata = scope.ambient.provider.metadata;
    let endpoint = match &end.endpoint {
        Some(endpoint) => to_text(&endpoint.eval(&scope)?),
        None => metadata.and_then(|metadata| metadata.get(ENDPOINT)?.as_text()).unwrap_or_default().to_owned(),
    };
    if !is_web_address(&endpoint) {
        return Err(AuthError::new(Code::InvalidOption, "must be an http address").at("endSession.endpoint"));
    }
    let mut params = Map::new();
    if end.endpoint.is_none() || !holds(&endpoint, |byte| byte == b'?') {
        if let Some(id_token) = id_token {
            params.set_text("id_token_hint", id_token.expose());
        }
        if let Some(client_id) = &options.client_id {
            params.set_text("client_id", client_id);
        }
        params.set_text("post_logout_redirect_uri", &redirect_uri);
        params.set_text("state", prepared.id.expose());
    }
    let pending = Pending::new(&prepared.id, &redirect_uri, Bind::State, &[], now);
    Ok((with_query(&endpoint, &params).into(), pending))
}

/// The login page where it has an address, else what the option says, else this page.
fn return_address(login: Option<&str>, return_to: Option<&str>, address: &str) -> String {
    let absolute = |page: &str| -> Option<String> {
        if cut(page, "://").is_some() {
            return Some(page.to_owned());
        }
        let is_path = page.starts_with('/') && !page.starts_with("//");
        is_path.then(|| origin_of(address)).flatten().map(|origin| concat(&[&origin, page]))
    };
    login
        .and_then(absolute)
        .or_else(|| return_to.and_then(absolute))
        .unwrap_or_else(|| Address::parse(address).page.to_owned())
}

#[cfg(test)]
mod tests {
    use super::return_address;

    #[test]
    fn the_user_comes_back_to_the_login_page_where_that_has_an_address() {
        let at = "https://app.example/orders?x=1#y";
        let rows = [
            (Some("/login"), None, "https://app.example/login"),
            (Some("https://app.example/in"), Some("/out"), "https://app.example/in"),
            (Some("LoginPage"), Some("/out"), "https://app.example/out"),
            (Some("//evil.example"), None, "https://app.example/orders"),
            (None, None, "https://app.example/orders"),
        ];
        for (login, return_to, expected) in rows {
            assert_eq!(return_address(login, return_to, at), expected);
        }
    }
}
