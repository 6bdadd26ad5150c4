//! The page for those who are signed in.

use doorkey::{Auth, Page};
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub auth: Auth,
}

/// Shows what it has once the session is known to be good; else doorkey has gone to the login page by then.
#[component]
pub fn Dashboard(props: &Props) -> Html {
    let is_open = use_state(|| false);
    {
        let is_open = is_open.setter();
        use_effect_with(props.auth.clone(), move |auth| {
            let auth = auth.clone();
            spawn_local(async move { is_open.set(auth.guard(Page::Protected).await.unwrap_or(false)) });
        });
    }
    if !*is_open {
        return html! { <p>{ "One moment." }</p> };
    }
    let onclick = {
        let auth = props.auth.clone();
        Callback::from(move |_| {
            let auth = auth.clone();
            spawn_local(async move {
                // A server that can't be reached does not keep anybody signed in here.
                let _ = auth.logout().await;
            });
        })
    };
    let seconds = props.auth.status().expires_in_seconds.map_or_else(String::new, |seconds| format!("{seconds:.0}"));
    html! {
        <main>
            <h1>{ "Dashboard" }</h1>
            <p>{ "Signed in. The access token is good for " }{ seconds }{ " seconds." }</p>
            <button {onclick}>{ "Sign out" }</button>
        </main>
    }
}
