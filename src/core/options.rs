//! The options of a session, parsed and checked when they are given.

use std::rc::Rc;

use super::error::AuthError;
use super::flow::program::Program;
use super::http::origin_of;
use super::section::{Faults, Place, Section, invalid};
use super::time::Millis;
use super::token::{FIELDS, TokenPaths};
use super::value::{ForeignKind, Map, Value};
use crate::core::lite::text::replace;

/// The options of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The session's name, and the key of its record.
    pub name: String,
    /// The flows by [`FlowName`].
    pub flows: [Option<Rc<Program>>; 4],
    /// Where tokens stand in an answer.
    pub tokens: TokenPaths,
    /// The page after a sign-in.
    pub home: Option<String>,
    /// The page to sign in at.
    pub login: Option<String>,
    /// Where the record rests; `None`: the host's store if it has one, else local storage.
    pub storage: Option<Storage>,
    /// Plain store keys for the access token, the refresh token and the moment of expiry.
    pub expose: [Option<String>; 3],
    /// Answer fields kept as values.
    pub keep: Vec<String>,
    /// What is added to authorised requests.
    pub attach: Attach,
    /// When tokens are refreshed.
    pub refresh: RefreshRule,
    /// What holds tabs apart.
    pub cross_tab: CrossTab,
    /// The limit of each request and host call.
    pub timeout: Millis,
    /// Signs out after that long without activity.
    pub idle: Option<Millis>,
    /// Signs out that long after the sign-in.
    pub max_age: Option<Millis>,
}

/// The flows of a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FlowName {
    /// Signs in.
    Signin,
    /// Refreshes the tokens.
    Refresh,
    /// Revokes them.
    Revoke,
    /// Asks whether they are good.
    Check,
}

impl FlowName {
    /// The names as options spell them, in the order of the variants.
    pub const NAMES: [&str; 4] = ["signin", "refresh", "revoke", "check"];

    /// The name as options spell it.
    pub const fn as_str(self) -> &'static str {
        // There is a name for each flow.
        Self::NAMES[self as usize]
    }
}

/// Where the record rests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Storage {
    /// Nowhere: lost on reload.
    Memory,
    /// `sessionStorage`: this tab.
    Session,
    /// `localStorage`: every tab of the origin.
    Local,
    /// The host's store, shared between tabs through IndexedDB.
    Host,
}

impl Storage {
    const WORDS: [&str; 5] = ["memory", "session", "local", "host", "vault"];

    /// The word for it in options and traces.
    pub const fn as_str(self) -> &'static str {
        // There is a word for each storage.
        Self::WORDS[self as usize]
    }
}

/// What holds tabs apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CrossTab {
    /// A Web Lock and the commit rule.
    Lock,
    /// The commit rule alone.
    Optimistic,
    /// Tabs do not hear of each other.
    Off,
}

/// What is added to authorised requests, and where they may go.
#[derive(Clone, Debug, PartialEq)]
pub struct Attach {
    /// `None`: the origins of the flows' own endpoints.
    pub origins: Option<Vec<String>>,
    /// Headers with templates.
    pub headers: Value,
    /// Whether the headers are doorkey's own choice: the bearer token.
    pub is_default: bool,
    /// Query members with templates; `undefined`: none.
    pub query: Value,
    /// Members of a JSON or form body, with templates; `undefined`: none.
    pub body: Value,
    /// The cookie to read and the header to send it in.
    pub csrf: Option<(String, String)>,
}

/// When tokens are refreshed.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshRule {
    /// So long before expiry, at most.
    pub before: Millis,
    /// After a response of these statuses; empty: of any outside 200 to 299.
    pub statuses: Vec<u16>,
    /// Every so many seconds: a number or a template; `undefined`: never.
    pub every: Value,
    /// Before every query.
    pub every_query: bool,
    /// After a `response` of which this template is true; `undefined`: the status alone decides.
    pub when: Value,
}

impl RefreshRule {
    /// Whether a response of this status asks for a refresh.
    pub fn covers(&self, status: u16) -> bool {
        if self.statuses.is_empty() { !(200..300).contains(&status) } else { self.statuses.contains(&status) }
    }
}

const KEYS: [&str; 15] = [
    "name",
    "host",
    "flows",
    "provider",
    "tokens",
    "pages",
    "storage",
    "expose",
    "keep",
    "attach",
    "refresh",
    "crossTab",
    "timeoutSeconds",
    "idleSeconds",
    "maxAgeSeconds",
];

static EXPOSED: [&str; 3] = ["accessToken", "refreshToken", "expiresAt"];

impl Options {
    /// Parses options as `createAuth` gets them.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn parse(given: &Value) -> Result<Self, AuthError> {
        let merged = with_provider(given)?;
        let faults = Faults::default();
        let options = Self::read(&Section::open(&merged, Place::root("", &faults), &KEYS));
        faults.verdict().map(|()| options)
    }

    fn read(section: &Section<'_>) -> Self {
        check_host(&section.place.member("host"), section.get("host"));
        let pages = section.section("pages", &["home", "login"]);
        let options = Self {
            name: section.owned("name").unwrap_or_else(|| "doorkey".to_owned()),
            flows: flows(&section.section("flows", &FlowName::NAMES)),
            tokens: token_paths(section),
            home: pages.owned("home"),
            login: pages.owned("login"),
            storage: storage(section),
            expose: owned(&section.section("expose", &EXPOSED), &EXPOSED),
            keep: section.texts("keep").unwrap_or_default(),
            attach: Attach::read(&section.section("attach", &["origins", "headers", "query", "body", "csrf"])),
            refresh: RefreshRule::read(
                &section.section("refresh", &["beforeExpirySeconds", "status", "everySeconds", "everyQuery", "when"]),
            ),
            cross_tab: match section.word("crossTab", &["lock", "optimistic", "off"]) {
                Some(1) => CrossTab::Optimistic,
                Some(2) => CrossTab::Off,
                _ => CrossTab::Lock,
            },
            timeout: seconds(section, "timeoutSeconds").unwrap_or(Millis(30_000)),
            idle: seconds(section, "idleSeconds"),
            max_age: seconds(section, "maxAgeSeconds"),
        };
        let taken = "this key holds the session itself";
        for (key, exposed) in EXPOSED.iter().zip(&options.expose) {
            if exposed.as_ref() == Some(&options.name) {
                section.place.member("expose").member(key).fail(taken);
            }
        }
        for (index, key) in options.keep.iter().enumerate() {
            if *key == options.name {
                section.place.member("keep").item(index).fail(taken);
            }
        }
        options
    }

    /// The flow of that name.
    pub fn flow(&self, name: FlowName) -> Option<&Rc<Program>> {
        self.flows.get(name as usize)?.as_ref()
    }
}

/// A host's members are functions, or are not there. One with `run` is taken for a query, into which core does not look.
fn check_host(place: &Place<'_>, host: &Value) {
    let members = match host {
        Value::Undefined | Value::Foreign(_) => return,
        Value::Map(members) => members,
        _ => return place.fail("must be an object"),
    };
    for (name, member) in members {
        let is_function = matches!(member, Value::Foreign(foreign) if foreign.kind() == ForeignKind::Function);
        match name.as_str() {
            "store" if !is_function => check_host(&place.member(name), member),
            "navigateTo" | "run" | "http" | "prompt" | "notify" | "get" | "set" | "remove" | "clear"
                if !is_function && *member != Value::Undefined =>
            {
                place.member(name).fail("must be a function");
            }
            _ => {}
        }
    }
}

/// The options with those of the provider beneath them: what the builder set wins.
fn with_provider(given: &Value) -> Result<Value, AuthError> {
    let Value::Map(members) = given else {
        return Err(invalid("options", "must be an object"));
    };
    match members.get("provider") {
        None | Some(Value::Undefined) => Ok(given.clone()),
        Some(Value::Map(base)) => Ok(Value::Map(merged(base, members))),
        Some(_) => Err(invalid("provider", "must be an object of options")),
    }
}

/// Members of `over` win; objects that both have are merged, but for an endpoint, which is one thing.
fn merged(base: &Map, over: &Map) -> Map {
    let mut map = base.clone();
    for (key, value) in over {
        let value = match (base.get(key), value) {
            (_, Value::Undefined) => continue,
            (Some(Value::Map(beneath)), Value::Map(above)) if above.get("url").is_none() => {
                Value::Map(merged(beneath, above))
            }
            _ => value.clone(),
        };
        map.set(key.as_str(), value);
    }
    map
}

fn flows(section: &Section<'_>) -> [Option<Rc<Program>>; 4] {
    let mut parsed = [const { None }; 4];
    for (slot, name) in parsed.iter_mut().zip(&FlowName::NAMES) {
        if section.has(name) {
            let program = Program::read(section.get(name), &section.place.member(name));
            if program.asks() && *name != FlowName::Signin.as_str() {
                section.fail(name, "only a sign-in can ask the user: nobody waits for what runs by itself");
            }
            *slot = Some(Rc::new(program));
        }
    }
    parsed
}

fn token_paths(section: &Section<'_>) -> TokenPaths {
    if matches!(section.get("tokens"), Value::Bool(false)) {
        return TokenPaths { cookie: true, ..TokenPaths::default() };
    }
    let mut paths = owned(&section.section("tokens", &FIELDS), &FIELDS);
    for path in paths.iter_mut().flatten() {
        // `data[0].token`, as in templates, is `data.0.token`.
        *path = replace(&replace(path, "[", "."), "]", "");
    }
    TokenPaths { cookie: false, paths }
}

/// Copies of these members, which must be texts.
fn owned<const N: usize>(section: &Section<'_>, keys: &[&str; N]) -> [Option<String>; N] {
    let mut texts = [const { None }; N];
    for (slot, key) in texts.iter_mut().zip(keys) {
        *slot = section.owned(key);
    }
    texts
}

fn storage(section: &Section<'_>) -> Option<Storage> {
    match section.word("storage", &Storage::WORDS)? {
        0 => Some(Storage::Memory),
        1 => Some(Storage::Session),
        2 => Some(Storage::Local),
        3 => Some(Storage::Host),
        _ => {
            section.fail("storage", "this version has no vault yet");
            None
        }
    }
}

fn seconds(section: &Section<'_>, key: &str) -> Option<Millis> {
    section.number(key, 0.001).map(Millis::from_seconds)
}

impl Attach {
    fn read(section: &Section<'_>) -> Self {
        let mut origins = section.texts("origins");
        for (index, origin) in origins.iter_mut().flatten().enumerate() {
            match origin_of(origin) {
                Some(normal) => *origin = normal,
                None => {
                    let place = section.place.member("origins");
                    place.item(index).fail("must be an origin such as https://api.example.com");
                }
            }
        }
        let csrf = section.section("csrf", &["cookie", "header"]);
        for key in &["cookie", "header"] {
            if csrf.is_given() && csrf.text(key).is_none() {
                csrf.fail(key, "must be the name of a cookie and of a header");
            }
        }
        section.headers();
        for key in &["headers", "query", "body"] {
            section.map(key);
            section.place.member(key).check(section.get(key), &mut |_| {});
        }
        let is_default = !section.has("headers");
        Self {
            origins,
            is_default,
            headers: if is_default { default_headers() } else { section.get("headers").clone() },
            query: section.get("query").clone(),
            body: section.get("body").clone(),
            csrf: csrf.owned("cookie").zip(csrf.owned("header")),
        }
    }
}

fn default_headers() -> Value {
    let mut headers = Map::new();
    headers.set("Authorization", Value::from("Bearer {{ session.accessToken }}"));
    Value::Map(headers)
}

impl RefreshRule {
    fn read(section: &Section<'_>) -> Self {
        let mut statuses = Vec::new();
        match section.get("status") {
            Value::Undefined => statuses.push(401),
            Value::Text(text) if text == "non-2xx" => {}
            Value::List(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Value::Number(number) if (100.0..600.0).contains(number) && number.fract() == 0.0 => {
                            statuses.push(*number as u16);
                        }
                        _ => section.place.member("status").item(index).fail("must be an HTTP status"),
                    }
                }
            }
            _ => section.fail("status", "must be an array of HTTP statuses, or non-2xx"),
        }
        let every = section.get("everySeconds");
        if matches!(every, Value::Text(_)) {
            section.place.member("everySeconds").check(every, &mut |_| {});
        } else {
            section.number("everySeconds", 0.001);
        }
        section.text("when");
        section.place.member("when").check(section.get("when"), &mut |_| {});
        Self {
            before: Millis::from_seconds(section.number("beforeExpirySeconds", 0.0).unwrap_or(60.0)),
            statuses,
            every: every.clone(),
            every_query: section.flag("everyQuery"),
            when: section.get("when").clone(),
        }
    }
}

#[cfg(test)]
mod tests;
