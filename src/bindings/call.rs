//! The calls that take time: what they are called, and what they are called with. See arguments.js.

use crate::core::arguments::{key, refuse_data_field};
use crate::core::error::AuthError;
use crate::core::input::{Ahead, Bearer, Call, FetchCall};
use crate::core::time::UnixMillis;
use crate::core::value::Value;
use crate::core::vocabulary::Credentials;
use crate::shell::answer::Incoming;

/// The call that a message means.
///
/// # Errors
/// What is wrong with its arguments, with the path.
pub fn read(mut incoming: Incoming) -> Result<Call, AuthError> {
    let name = incoming.text("call").unwrap_or_default();
    refuse_data_field(incoming.flag("isDataField"))?;
    let key_of = |incoming: &mut Incoming| key(&incoming.take("key"));
    match name.as_str() {
        "signin" => Ok(Call::signin(&incoming.take("inputs"), &incoming.take("password"))),
        "signinCallback" => Ok(Call::SigninCallback),
        "refreshAccessToken" => Call::refresh(&incoming.take("options")),
        "logout" => Call::logout(&incoming.take("options")),
        "storeValue" => {
            let (key, persist) = (key_of(&mut incoming)?, incoming.flag("persist"));
            Ok(Call::StoreValue(key, incoming.secret("json").unwrap_or_default(), persist))
        }
        "removeValue" => key_of(&mut incoming).map(Call::RemoveValue),
        "clearStore" => Ok(Call::ClearStore),
        "accessToken" => Call::access_token(&incoming.take("options")),
        "headers" => Ok(Call::Headers),
        "extend" => Ok(Call::Extend),
        "run" => Call::run(incoming.take("query"), incoming.take("params")),
        "check" => Ok(Call::Check),
        "guard" => Call::guard(&incoming.take("page")),
        "fetch" => Ok(Call::Fetch(fetch(&mut incoming))),
        _ => {
            let open = incoming.take("options").member("secrets").is_some_and(Value::is_truthy);
            Ok(Call::Test(incoming.take("flow"), incoming.take("inputs").into(), open))
        }
    }
}

/// What core must know of the caller's own request.
#[inline(never)]
pub fn fetch(incoming: &mut Incoming) -> FetchCall {
    let mut header_names = Vec::new();
    for name in incoming.list("headerNames") {
        if let Value::Text(name) = name {
            header_names.push(name);
        }
    }
    FetchCall {
        header_names,
        url: incoming.secret("url").unwrap_or_default(),
        method: incoming.text("method").unwrap_or_default(),
        content_type: incoming.text("contentType"),
        body: incoming.secret("body"),
        replayable: incoming.flag("isReplayable"),
        redirect_chosen: incoming.flag("redirectChosen"),
        credentials: incoming
            .text("credentials")
            .and_then(|word| Credentials::of(&word))
            .unwrap_or(Credentials::SameOrigin),
        credentials_chosen: incoming.flag("credentialsChosen"),
        ahead: ahead(incoming),
    }
}

/// What is told of a request that has gone ahead.
fn ahead(incoming: &mut Incoming) -> Option<Ahead> {
    let mut moment = |name| Some(incoming.number(name)).filter(|at| !at.is_nan()).map(|at| UnixMillis(at as u64));
    let bearer = Bearer { signed_in_at: moment("signedInAt")?, received_at: moment("receivedAt")? };
    Some(Ahead { bearer, at: moment("sentAt")? })
}
