//! Requests: those of flows, and the caller's own with what is put on them.

use gloo_net::http::Response;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, Request, RequestInit};

use super::super::convert::{failure, member, to_value};
use super::global;
use crate::core::effect::Addition;
use crate::core::flow::machine::Found;
use crate::core::http::{HttpRequest, HttpResponse};
use crate::core::input::FetchCall;
use crate::core::value::{Map, Value};

/// A longer answer is no answer of an auth server.
const LONGEST_BODY: u32 = 4_000_000;

/// Sends a flow's request and reads the whole answer.
pub async fn send(request: HttpRequest, abort: Option<AbortController>) -> Found {
    match exchange(&request, abort).await {
        Ok(found) => found,
        Err(thrown) => Found::Failed(failure(&thrown)),
    }
}

async fn exchange(request: &HttpRequest, abort: Option<AbortController>) -> Result<Found, JsValue> {
    let init = RequestInit::new();
    init.set_method(&request.method);
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    init.set_headers(&headers);
    if let Some(body) = &request.body {
        init.set_body(&JsValue::from_str(body));
    }
    if let Some(abort) = &abort {
        init.set_signal(Some(&abort.signal()));
    }
    let redirect = if request.refuse_redirect { "error" } else { "follow" };
    let fields = [
        ("credentials", request.credentials.as_str()),
        ("cache", "no-store"),
        ("referrerPolicy", "no-referrer"),
        ("redirect", redirect),
    ];
    for (name, word) in fields {
        Reflect::set(&init, &JsValue::from_str(name), &JsValue::from_str(word))?;
    }
    // gloo-net's own `send` panics when a fetch rejects with what is no error, as a host's may.
    let raw: web_sys::Response = JsFuture::from(fetch(&JsValue::from_str(&request.url), &init)?).await?.dyn_into()?;
    let text: js_sys::JsString = JsFuture::from(raw.text()?).await?.unchecked_into();
    let response = Response::from(raw);
    let headers = response.headers().entries().map(|(name, value)| (name, Value::Text(value))).collect();
    Ok(answer(response.status(), headers, &text))
}

/// The answer that a status, headers and a text make.
fn answer(status: u16, headers: Map, text: &js_sys::JsString) -> Found {
    if text.length() > LONGEST_BODY {
        return too_much("the answer is too long");
    }
    let body = match JSON::parse(&String::from(text)) {
        Err(_) => Value::Text(text.into()),
        Ok(json) => match to_value(&json) {
            Ok(body) => body,
            Err(why) => return too_much(why),
        },
    };
    Found::Http(HttpResponse { status, headers, body })
}

fn too_much(why: &str) -> Found {
    let thrown = [("code", "ERR_INVALID_RESPONSE"), ("message", why)];
    let thrown = thrown.into_iter().map(|(key, text)| (key.to_owned(), Value::from(text))).collect();
    Found::Failed(crate::core::failure::Failure { thrown: Value::Map(thrown), cause: None })
}

/// The request as a host's `http` gets it.
pub fn for_host(request: &HttpRequest) -> JsValue {
    let headers: Map = request.headers.iter().map(|(name, value)| (name.clone(), Value::Text(value.clone()))).collect();
    let members = [
        ("url", Value::from(request.url.as_str())),
        ("method", Value::from(request.method.as_str())),
        ("headers", Value::Map(headers)),
        ("body", request.body.as_deref().map_or(Value::Undefined, Value::from)),
    ];
    let members = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    super::super::convert::from_value(&Value::Map(members))
}

/// What a host's `http` gave.
pub fn from_host(given: &JsValue) -> Found {
    let Some(status) = member(given, "status").as_f64() else {
        return too_much("the host's http gave no status");
    };
    let headers = match to_value(&member(given, "headers")) {
        Ok(Value::Map(headers)) => {
            headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect()
        }
        _ => Map::new(),
    };
    let body = member(given, "body");
    match body.dyn_ref::<js_sys::JsString>() {
        Some(text) => answer(status as u16, headers, text),
        None => match to_value(&body) {
            Ok(body) => Found::Http(HttpResponse { status: status as u16, headers, body }),
            Err(why) => too_much(why),
        },
    }
}

/// The caller's own request, kept to be sent twice.
#[derive(Debug)]
pub struct OwnRequest {
    request: Request,
}

impl OwnRequest {
    /// Takes what `fetch` was called with, and says what core must know of it.
    ///
    /// # Errors
    /// What `new Request` threw.
    pub fn new(input: &JsValue, init: &JsValue) -> Result<(Self, FetchCall), JsValue> {
        let class: Function = global("Request").dyn_into()?;
        let request: Request = Reflect::construct(&class, &Array::of2(input, init))?.unchecked_into();
        let body = member(init, "body");
        let is_text = body.is_string() || body.is_instance_of::<web_sys::UrlSearchParams>();
        let mut header_names = Vec::new();
        let headers = Array::from(request.headers().as_ref());
        for entry in headers.iter() {
            header_names.push(Array::from(&entry).get(0).as_string().unwrap_or_default());
        }
        let redirect = |given: &JsValue| !member(given, "redirect").is_undefined();
        let call = FetchCall {
            url: request.url(),
            method: request.method(),
            header_names,
            content_type: request.headers().get("content-type")?,
            body: is_text.then(|| js_sys::JsString::from(js_sys::Object::from(body.clone()).to_string()).into()),
            replayable: !body.is_instance_of::<web_sys::ReadableStream>(),
            redirect_chosen: redirect(init),
        };
        Ok((Self { request }, call))
    }

    /// Sends it, with what is put on it.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn send(&self, addition: &Addition) -> Result<Promise, JsValue> {
        let base = self.request.clone()?;
        let init = RequestInit::new();
        let headers = Headers::new_with_headers(&base.headers())?;
        for (name, value) in &addition.headers {
            headers.set(name, value)?;
        }
        if let Some((cookie, header)) = &addition.csrf
            && let Some(token) = read_cookie(cookie)
        {
            headers.set(header, &token)?;
        }
        init.set_headers(&headers);
        if let Some(body) = &addition.body {
            init.set_body(&JsValue::from_str(body));
        }
        if addition.refuse_redirect {
            Reflect::set(&init, &JsValue::from_str("redirect"), &JsValue::from_str("error"))?;
        }
        let request = match &addition.url {
            Some(url) => Request::new_with_str_and_init(url, base.unchecked_ref())?,
            None => base,
        };
        fetch(&request, &init)
    }
}

/// A cookie that the page may read.
fn read_cookie(name: &str) -> Option<String> {
    let cookies = member(&global("document"), "cookie").as_string()?;
    cookies.split("; ").find_map(|cookie| Some(cookie.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

fn fetch(input: &JsValue, init: &Object) -> Result<Promise, JsValue> {
    let fetch: Function = global("fetch").dyn_into()?;
    fetch.call2(&JsValue::UNDEFINED, input, init)?.dyn_into()
}
