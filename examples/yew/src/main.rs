//! A login form, a protected page and a sign-out, with doorkey in Yew.

mod dashboard;
mod login;
mod session;

use yew::prelude::*;

use dashboard::Dashboard;
use login::Login;
use session::{Route, open};

/// Shows the page that the session goes to.
#[component]
fn App() -> Html {
    let route = use_state(|| Route::Opening);
    let session = use_memo((), |()| open(route.setter()));
    match (&*session, *route) {
        (Err(error), _) => html! { <p role="alert">{ error.to_string() }</p> },
        (Ok(auth), Route::Login) => html! { <Login auth={auth.clone()} /> },
        // Nothing of it is shown until the session says so.
        (Ok(auth), Route::Opening | Route::Dashboard) => html! { <Dashboard auth={auth.clone()} /> },
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
