//! The login page.

use doorkey::{Auth, Data};
use wasm_bindgen::JsValue;
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub auth: Auth,
}

/// A form that signs in. A success needs no handler: the session goes to its home page.
#[component]
pub fn Login(props: &Props) -> Html {
    let problem = use_state(String::new);
    let onsubmit = {
        let (auth, problem) = (props.auth.clone(), problem.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (auth, problem) = (auth.clone(), problem.clone());
            spawn_local(async move {
                // doorkey takes the named fields of the form for the inputs of the sign-in.
                let fields = Data::from(JsValue::from(event));
                let message = auth.signin(&fields).await.err().map(|error| error.message);
                problem.set(message.unwrap_or_default());
            });
        })
    };
    html! {
        <form {onsubmit}>
            <h1>{ "Sign in" }</h1>
            <label>{ "Email " }<input name="email" type="email" autocomplete="username" required=true /></label>
            <label>{ "Password " }<input name="password" type="password" autocomplete="current-password" required=true /></label>
            <button>{ "Sign in" }</button>
            <p role="alert">{ &*problem }</p>
        </form>
    }
}
