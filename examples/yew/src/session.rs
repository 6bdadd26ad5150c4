//! The session of the application.

use doorkey::{Auth, Endpoint, Error, Flows, Host, Options, Pages};
use yew::UseStateSetter;

/// The pages of the application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Route {
    /// Where one comes in.
    Opening,
    /// Where one signs in.
    Login,
    /// What only those who are signed in see.
    Dashboard,
}

const HOME: &str = "dashboard";
const LOGIN: &str = "login";

/// Opens the session; doorkey navigates by setting the route.
pub fn open(route: UseStateSetter<Route>) -> Result<Auth, Error> {
    let issuer = issuer();
    let token = format!("{issuer}/token");
    let client = ("client_id", "playground");
    Auth::new(&Options {
        name: Some("doorkey-example-yew".into()),
        flows: Flows {
            signin: Some(
                Endpoint::new(&token)
                    .form([
                        client,
                        ("grant_type", "password"),
                        ("username", "{{ inputs.email }}"),
                        ("password", "{{ inputs.password }}"),
                        ("scope", "openid offline_access"),
                    ])
                    .into(),
            ),
            refresh: Some(
                Endpoint::new(&token)
                    .form([client, ("grant_type", "refresh_token"), ("refresh_token", "{{ session.refreshToken }}")])
                    .into(),
            ),
            revoke: Some(
                // RFC 7009: the client authenticates here and not the user, whose token is not to be sent along.
                Endpoint::new(format!("{token}/revocation"))
                    .header("Authorization", "")
                    .form([client, ("token", "{{ session.refreshToken }}"), ("token_type_hint", "refresh_token")])
                    .into(),
            ),
            ..Flows::default()
        },
        pages: Pages { home: Some(HOME.into()), login: Some(LOGIN.into()), ..Pages::default() },
        host: Host::new()
            .navigate_to(move |page| route.set(if page == HOME { Route::Dashboard } else { Route::Login })),
        ..Options::default()
    })
}

/// The server's address: `?issuer=` of the page.
fn issuer() -> String {
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    query.strip_prefix("?issuer=").unwrap_or("http://127.0.0.1:4000").to_owned()
}
