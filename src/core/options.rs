//! The options of a session, parsed and checked when they are given.

use std::rc::Rc;

use super::error::AuthError;
use super::flow::program::{Program, headers};
use super::flow::shape::{Shape, dotted};
use super::http::origin_of;
use super::section::{Section, invalid};
use super::time::Millis;
use super::token::{FIELDS, TokenPaths};
use super::value::{ForeignKind, Map, Value};

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
        match self {
            Self::Signin => "signin",
            Self::Refresh => "refresh",
            Self::Revoke => "revoke",
            Self::Check => "check",
        }
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
    pub headers: Vec<(String, Shape)>,
    /// Whether the headers are doorkey's own choice: the bearer token.
    pub is_default: bool,
    /// Query members with templates.
    pub query: Option<Shape>,
    /// Members of a JSON or form body.
    pub body: Option<Shape>,
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
    /// Every so many seconds.
    pub every: Option<Shape>,
    /// Before every query.
    pub every_query: bool,
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

impl Options {
    /// Parses options as `createAuth` gets them; `base` is the page's origin.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn parse(given: &Value) -> Result<Self, AuthError> {
        let merged = with_provider(given)?;
        let section = Section::open(Some(&merged), "", &KEYS)?;
        check_host(section.get("host"))?;
        let pages = Section::open(section.get("pages"), "pages", &["home", "login"])?;
        let expose = Section::open(section.get("expose"), "expose", &["accessToken", "refreshToken", "expiresAt"])?;
        let exposed = |key| Ok::<_, AuthError>(expose.text(key)?.map(str::to_owned));
        let options = Self {
            name: section.text("name")?.unwrap_or("doorkey").to_owned(),
            flows: flows(&section)?,
            tokens: token_paths(&section)?,
            home: pages.text("home")?.map(str::to_owned),
            login: pages.text("login")?.map(str::to_owned),
            storage: storage(&section)?,
            expose: [exposed("accessToken")?, exposed("refreshToken")?, exposed("expiresAt")?],
            keep: section.texts("keep")?.unwrap_or_default(),
            attach: Attach::parse(section.get("attach"))?,
            refresh: RefreshRule::parse(section.get("refresh"))?,
            cross_tab: match section.word("crossTab", &["lock", "optimistic", "off"])? {
                Some(1) => CrossTab::Optimistic,
                Some(2) => CrossTab::Off,
                _ => CrossTab::Lock,
            },
            timeout: seconds(&section, "timeoutSeconds")?.unwrap_or(Millis(30_000)),
            idle: seconds(&section, "idleSeconds")?,
            max_age: seconds(&section, "maxAgeSeconds")?,
        };
        for (index, key) in ["accessToken", "refreshToken", "expiresAt"].into_iter().enumerate() {
            if options.expose.get(index).is_some_and(|exposed| exposed.as_ref() == Some(&options.name)) {
                return Err(invalid(dotted("expose", key), "this key holds the session itself"));
            }
        }
        if let Some(index) = options.keep.iter().position(|key| *key == options.name) {
            return Err(invalid(super::flow::shape::indexed("keep", index), "this key holds the session itself"));
        }
        Ok(options)
    }

    /// The flow of that name.
    pub fn flow(&self, name: FlowName) -> Option<&Rc<Program>> {
        self.flows.get(name as usize)?.as_ref()
    }
}

/// A host's members are functions, or are not there.
fn check_host(host: Option<&Value>) -> Result<(), AuthError> {
    let is_function = |value: &Value| match value {
        Value::Undefined => true,
        Value::Foreign(foreign) => foreign.kind == ForeignKind::Function,
        _ => false,
    };
    let check = |members: &Map, names: &[&str], path: &str| {
        let wrong = names.iter().find(|name| !members.get(name).is_none_or(is_function));
        wrong.map_or(Ok(()), |name| Err(invalid(dotted(path, name), "must be a function")))
    };
    match host {
        // One with `run` is taken for a query, into which core does not look.
        None | Some(Value::Foreign(_)) => Ok(()),
        Some(Value::Map(host)) => {
            check(host, &["navigateTo", "run", "http", "prompt", "notify"], "host")?;
            match host.get("store") {
                None | Some(Value::Undefined | Value::Foreign(_)) => Ok(()),
                Some(Value::Map(store)) => check(store, &["get", "set", "remove", "clear"], "host.store"),
                Some(_) => Err(invalid("host.store", "must be an object")),
            }
        }
        Some(_) => Err(invalid("host", "must be an object")),
    }
}

/// The options with those of the provider beneath them: what the builder set wins.
fn with_provider(given: &Value) -> Result<Value, AuthError> {
    let Value::Map(members) = given else {
        return Err(invalid("options", "must be an object"));
    };
    let base = match members.get("provider") {
        None | Some(Value::Undefined) => return Ok(given.clone()),
        Some(Value::Map(base)) => base,
        Some(_) => return Err(invalid("provider", "must be an object of options")),
    };
    Ok(Value::Map(merged(base, members)))
}

/// Members of `over` win; objects that both have are merged, but for an endpoint, which is one thing.
fn merged(base: &Map, over: &Map) -> Map {
    let mut map = base.clone();
    for (key, value) in over.iter() {
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

fn flows(section: &Section<'_>) -> Result<[Option<Rc<Program>>; 4], AuthError> {
    let flows = Section::open(section.get("flows"), "flows", &FlowName::NAMES)?;
    let mut parsed = [const { None }; 4];
    for (slot, name) in parsed.iter_mut().zip(FlowName::NAMES) {
        if let Some(flow) = flows.get(name) {
            *slot = Some(Rc::new(Program::parse(flow, &flows.path_of(name))?));
        }
    }
    Ok(parsed)
}

fn token_paths(section: &Section<'_>) -> Result<TokenPaths, AuthError> {
    let given = section.get("tokens");
    if given == Some(&Value::Bool(false)) {
        return Ok(TokenPaths { cookie: true, ..TokenPaths::default() });
    }
    let tokens = Section::open(given, "tokens", &FIELDS)?;
    let mut paths = TokenPaths::default();
    for (slot, field) in paths.paths.iter_mut().zip(FIELDS) {
        *slot = tokens.text(field)?.map(str::to_owned);
    }
    Ok(paths)
}

fn storage(section: &Section<'_>) -> Result<Option<Storage>, AuthError> {
    Ok(match section.word("storage", &["memory", "session", "local", "host", "vault"])? {
        None => None,
        Some(0) => Some(Storage::Memory),
        Some(1) => Some(Storage::Session),
        Some(2) => Some(Storage::Local),
        Some(3) => Some(Storage::Host),
        Some(_) => return Err(invalid("storage", "this version has no vault yet")),
    })
}

fn seconds(section: &Section<'_>, key: &str) -> Result<Option<Millis>, AuthError> {
    Ok(section.number(key, 0.001)?.map(Millis::from_seconds))
}

impl Attach {
    fn parse(given: Option<&Value>) -> Result<Self, AuthError> {
        let section = Section::open(given, "attach", &["origins", "headers", "query", "body", "csrf"])?;
        let origins = section.texts("origins")?;
        let mut normal = Vec::new();
        for (index, origin) in origins.iter().flatten().enumerate() {
            match origin_of(origin) {
                Some(origin) => normal.push(origin),
                None => {
                    let path = super::flow::shape::indexed("attach.origins", index);
                    return Err(invalid(path, "must be an origin such as https://api.example.com"));
                }
            }
        }
        let object = |key| match section.get(key) {
            None => Ok(None),
            Some(value @ Value::Map(_)) => Shape::parse(value, &section.path_of(key)).map(Some),
            Some(_) => Err(invalid(section.path_of(key), "must be an object")),
        };
        let csrf = Section::open(section.get("csrf"), "attach.csrf", &["cookie", "header"])?;
        let csrf = match (csrf.is_given(), csrf.text("cookie")?, csrf.text("header")?) {
            (false, ..) => None,
            (_, Some(cookie), Some(header)) => Some((cookie.to_owned(), header.to_owned())),
            (_, None, _) => return Err(invalid("attach.csrf.cookie", "must be the name of a cookie")),
            (_, _, None) => return Err(invalid("attach.csrf.header", "must be the name of a header")),
        };
        let is_default = section.get("headers").is_none();
        let headers =
            if is_default { vec![("Authorization".to_owned(), default_authorization()?)] } else { headers(&section)? };
        let origins = origins.is_some().then_some(normal);
        Ok(Self { origins, headers, is_default, query: object("query")?, body: object("body")?, csrf })
    }
}

fn default_authorization() -> Result<Shape, AuthError> {
    Shape::parse(&Value::from("Bearer {{ session.accessToken }}"), "attach.headers.Authorization")
}

impl RefreshRule {
    fn parse(given: Option<&Value>) -> Result<Self, AuthError> {
        const KEYS: [&str; 4] = ["beforeExpirySeconds", "status", "everySeconds", "everyQuery"];
        let section = Section::open(given, "refresh", &KEYS)?;
        let statuses = match section.get("status") {
            None => vec![401],
            Some(Value::Text(text)) if text == "non-2xx" => Vec::new(),
            Some(Value::List(items)) if !items.is_empty() => {
                let status = |item: &Value| match item {
                    Value::Number(number) if (100.0..600.0).contains(number) && number.fract() == 0.0 => {
                        Some(*number as u16)
                    }
                    _ => None,
                };
                let mut statuses = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let path = super::flow::shape::indexed(&section.path_of("status"), index);
                    statuses.push(status(item).ok_or_else(|| invalid(path, "must be an HTTP status"))?);
                }
                statuses
            }
            Some(_) => return Err(bad_status(&section)),
        };
        let every = match section.get("everySeconds") {
            None => None,
            Some(value @ (Value::Number(_) | Value::Text(_))) => {
                if matches!(value, Value::Number(_)) {
                    section.number("everySeconds", 0.001)?;
                }
                Some(Shape::parse(value, &section.path_of("everySeconds"))?)
            }
            Some(_) => return Err(invalid(section.path_of("everySeconds"), "must be a number or a template")),
        };
        Ok(Self {
            before: Millis::from_seconds(section.number("beforeExpirySeconds", 0.0)?.unwrap_or(60.0)),
            statuses,
            every,
            every_query: section.flag("everyQuery")?.unwrap_or(false),
        })
    }
}

fn bad_status(section: &Section<'_>) -> AuthError {
    invalid(section.path_of("status"), "must be an array of HTTP statuses, or non-2xx")
}
