//! The arguments of calls, read: each by a total function, every fault with its path.

use super::error::{AuthError, Code};
use super::flow::step::Query;
use super::input::{Call, LogoutCall};
use super::section::{Faults, Place, Section, invalid};
use super::time::Millis;
use super::value::{Map, Value};
use super::vocabulary::GuardedPage;

impl Call {
    /// `signin(inputs)`, or `signin("a@b.c", "secret")`, which means `{ email, password }`; nothing means no inputs.
    pub fn signin(first: &Value, second: &Value) -> Self {
        Self::Signin(inputs(first, second).into())
    }

    /// `refreshAccessToken({ force })`.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` with the path of what is wrong, as for all that follow.
    pub fn refresh(options: &Value) -> Result<Self, AuthError> {
        read(options, &["force"], |section| Self::Refresh(section.flag("force")))
    }

    /// `logout({ navigate, keep })`.
    ///
    /// # Errors
    /// As [`Call::refresh`].
    pub fn logout(options: &Value) -> Result<Self, AuthError> {
        read(options, &["navigate", "keep"], |section| Self::Logout(LogoutCall::read(section)))
    }

    /// `accessToken({ minSeconds })`.
    ///
    /// # Errors
    /// As [`Call::refresh`].
    pub fn access_token(options: &Value) -> Result<Self, AuthError> {
        read(options, &["minSeconds"], |section| {
            Self::AccessToken(Millis::from_seconds(section.number("minSeconds", 0.0).unwrap_or(0.0)))
        })
    }

    /// `run(query, params)`.
    ///
    /// # Errors
    /// As [`Call::refresh`].
    pub fn run(query: Value, params: Value) -> Result<Self, AuthError> {
        match query {
            Value::Foreign(query) => Ok(Self::Run(Query::Given(query), params.into())),
            Value::Text(name) => Ok(Self::Run(Query::Named(name), params.into())),
            _ => Err(invalid("query", "must be a query of the host's, a function or a query's name")),
        }
    }

    /// `guard(page)`.
    ///
    /// # Errors
    /// As [`Call::refresh`].
    pub fn guard(page: &Value) -> Result<Self, AuthError> {
        let page = page.as_text().and_then(GuardedPage::of);
        page.map(Self::Guard).ok_or_else(|| invalid("page", "must be one of protected, login"))
    }
}

/// That a call does not come from a data field: Appsmith evaluates those synchronously, and nothing can be awaited there.
///
/// # Errors
/// `ERR_HOST`.
pub fn refuse_data_field(is_data_field: bool) -> Result<(), AuthError> {
    if is_data_field {
        let why = "this can't be called from a data field: call it from an event or a JS function";
        return Err(AuthError::new(Code::Host, why));
    }
    Ok(())
}

fn read(options: &Value, keys: &[&str], read: fn(&Section<'_>) -> Call) -> Result<Call, AuthError> {
    let faults = Faults::default();
    let call = read(&Section::open(options, Place::root("", &faults), keys));
    faults.verdict().map(|()| call)
}

/// A store key: any text. What is not well formed (half a surrogate pair) has not come as one.
///
/// # Errors
/// `ERR_INVALID_VALUE` for what is no text, is empty, or is longer than 1,024 bytes.
pub fn key(value: &Value) -> Result<String, AuthError> {
    match value {
        Value::Text(key) if !key.is_empty() && key.len() <= 1024 => Ok(key.clone()),
        _ => Err(AuthError::new(Code::InvalidValue, "a key is a well-formed text of 1 to 1024 bytes").at("key")),
    }
}

fn inputs(first: &Value, second: &Value) -> Value {
    let mut inputs = Map::new();
    match first {
        Value::Map(_) => return first.clone(),
        Value::Text(_) => {
            inputs.set("email", first.clone());
            if !matches!(second, Value::Undefined) {
                inputs.set("password", second.clone());
            }
        }
        _ => {}
    }
    Value::Map(inputs)
}

impl LogoutCall {
    fn read(section: &Section<'_>) -> Self {
        let mut call = Self { stay: section.has("navigate") && !section.flag("navigate"), ..Self::default() };
        match section.get("keep") {
            Value::Bool(keep) => call.keep_all = *keep,
            _ => call.keep = section.texts("keep").unwrap_or_default(),
        }
        call
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)] // A test that panics has failed, and says where.
mod tests {
    use super::*;
    use crate::core::testing::json;
    use crate::core::value::{ForeignKind, HostRef};

    fn parse(name: &str, first: &str) -> Result<Call, AuthError> {
        let first = if first.is_empty() { Value::Undefined } else { json(first) };
        match name {
            "refreshAccessToken" => Call::refresh(&first),
            "logout" => Call::logout(&first),
            "accessToken" => Call::access_token(&first),
            "run" => Call::run(first, Value::Undefined),
            "guard" => Call::guard(&first),
            _ => key(&first).map(Call::RemoveValue),
        }
    }

    #[test]
    fn arguments_mean_what_the_surface_says() {
        let stay = LogoutCall { stay: true, ..LogoutCall::default() };
        let all = LogoutCall { keep_all: true, ..LogoutCall::default() };
        let some = LogoutCall { keep: vec!["theme".to_owned()], ..LogoutCall::default() };
        let rows = [
            ("refreshAccessToken", "", Call::Refresh(false)),
            ("refreshAccessToken", r#"{"force":true}"#, Call::Refresh(true)),
            ("logout", "", Call::Logout(LogoutCall::default())),
            ("logout", r#"{"navigate":true,"keep":false}"#, Call::Logout(LogoutCall::default())),
            ("logout", r#"{"navigate":false}"#, Call::Logout(stay)),
            ("logout", r#"{"keep":true}"#, Call::Logout(all)),
            ("logout", r#"{"keep":["theme"]}"#, Call::Logout(some)),
            ("accessToken", "", Call::AccessToken(Millis(0))),
            ("accessToken", r#"{"minSeconds":1.5}"#, Call::AccessToken(Millis(1500))),
            ("guard", r#""protected""#, Call::Guard(GuardedPage::Protected)),
            ("guard", r#""login""#, Call::Guard(GuardedPage::Login)),
            ("run", r#""orders""#, Call::Run(Query::Named("orders".to_owned()), Value::Undefined.into())),
            ("removeValue", r#""a.b""#, Call::RemoveValue("a.b".to_owned())),
        ];
        for (name, first, call) in rows {
            assert_eq!(parse(name, first), Ok(call), "{name}({first})");
        }
    }

    #[test]
    fn bad_arguments_are_refused_with_their_path() {
        use Code::{InvalidOption, InvalidValue};
        let rows = [
            ("refreshAccessToken", r#"{"forced":true}"#, InvalidOption, "forced"),
            ("refreshAccessToken", r#"{"force":1}"#, InvalidOption, "force"),
            ("refreshAccessToken", "true", InvalidOption, ""),
            ("logout", r#"{"keep":"theme"}"#, InvalidOption, "keep"),
            ("logout", r#"{"keep":["a",1]}"#, InvalidOption, "keep[1]"),
            ("logout", "{\"keep\":[\"a\",\"\u{fffd}\"]}", InvalidOption, "keep[1]"),
            ("logout", r#"{"navigate":"no"}"#, InvalidOption, "navigate"),
            ("accessToken", r#"{"minSeconds":-1}"#, InvalidOption, "minSeconds"),
            ("accessToken", r#"{"minSeconds":"60"}"#, InvalidOption, "minSeconds"),
            ("guard", "", InvalidOption, "page"),
            ("guard", r#""home""#, InvalidOption, "page"),
            ("run", "", InvalidOption, "query"),
            ("run", "{}", InvalidOption, "query"),
            ("removeValue", "", InvalidValue, "key"),
            ("removeValue", r#""""#, InvalidValue, "key"),
            ("removeValue", "7", InvalidValue, "key"),
        ];
        for (name, first, code, path) in rows {
            let error = parse(name, first).expect_err("it is refused");
            assert_eq!((error.code, error.path.as_deref()), (code, Some(path)), "{name}({first})");
        }
    }

    #[test]
    fn inputs_are_an_object_or_two_texts() {
        let inputs = |first: Value, second: Value| match Call::signin(&first, &second) {
            Call::Signin(inputs) => inputs.into_data(),
            other => panic!("{other:?}"),
        };
        let text = |text: &str| Value::from(text);
        let foreign = Value::Foreign(HostRef::new(ForeignKind::Other, 0));

        assert_eq!(inputs(json(r#"{"a":1}"#), Value::Undefined), json(r#"{"a":1}"#));
        assert_eq!(inputs(text("a@b.c"), text("pw")), json(r#"{"email":"a@b.c","password":"pw"}"#));
        assert_eq!(inputs(text("a@b.c"), Value::Undefined), json(r#"{"email":"a@b.c"}"#));
        for nothing in [Value::Undefined, Value::Null, Value::Number(1.0), Value::List(Vec::new()), foreign] {
            assert_eq!(inputs(nothing, Value::Undefined), json("{}"));
        }
    }
}
