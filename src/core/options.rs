//! The options of a session, parsed and checked when they are given.

mod end_session;
mod given;
mod refresh_rule;

use std::sync::Arc;

use super::error::AuthError;
use super::flow::endpoint::{check_port, expression};
use super::flow::program::Program;
use super::http::origin::exact_origin;
use super::lite::text::cut;
use super::section::{Faults, Place, Section};
use super::template::Shape;
use super::template::Template;
use super::time::Millis;
use super::token::{TokenPaths, dotted};
use super::value::{Map, Value};
use super::vocabulary::{ATTACH, CSRF, EXPOSE, OPTIONS, PAGES, REFRESH, TokenField};
pub use end_session::EndSession;
use given::{check_host, with_provider};
pub use refresh_rule::RefreshRule;

pub use super::vocabulary::{CrossTab, FlowName, Storage};

/// The options of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The session's name, and the key of its record.
    pub name: String,
    /// The flows by [`FlowName`].
    pub flows: [Option<Arc<Program>>; 4],
    /// Where tokens stand in an answer.
    pub tokens: TokenPaths,
    /// The issuer whose metadata flows can use.
    pub issuer: Option<String>,
    /// The public client at that issuer.
    pub client_id: Option<String>,
    /// The page after a sign-in.
    pub home: Option<String>,
    /// The page to sign in at.
    pub login: Option<String>,
    /// Whether a sign-in leads back to the page that a guard has sent away from.
    pub return_to: bool,
    /// Where the record rests; `None`: the host's store if it has one, else local storage.
    pub storage: Option<Storage>,
    /// Where this is false at a sign-in, the session rests in this tab's storage in place of the local one.
    pub remember: Option<Template>,
    /// Whether a page without a session tries the refresh flow once.
    pub restore: bool,
    /// Plain store keys for the access token, the refresh token and the moment of expiry.
    pub expose: [Option<String>; 3],
    /// Answer fields kept as values.
    pub keep: Vec<String>,
    /// What is added to authorised requests.
    pub attach: Attach,
    /// When tokens are refreshed.
    pub refresh: RefreshRule,
    /// Whether a sign-out goes on at the provider; `None`: it does not.
    pub end_session: Option<EndSession>,
    /// Whether a sign-in binds its tokens to a key.
    pub dpop: bool,
    /// What holds tabs apart.
    pub cross_tab: CrossTab,
    /// The limit of each request and host call.
    pub timeout: Millis,
    /// Signs out after that long without activity.
    pub idle: Option<Millis>,
    /// Signs out that long after the sign-in.
    pub max_age: Option<Millis>,
    /// Tells that long before the session ends that it will.
    pub warn: Millis,
}

/// What is added to authorised requests, and where they may go.
#[derive(Clone, Debug, PartialEq)]
pub struct Attach {
    /// `None`: the origins of the flows' own endpoints.
    pub origins: Option<Vec<String>>,
    /// Headers with templates.
    pub headers: Shape,
    /// Whether the headers are doorkey's own choice: the bearer token.
    pub is_default: bool,
    /// Query members with templates; `undefined`: none.
    pub query: Shape,
    /// Members of a JSON or form body, with templates; `undefined`: none.
    pub body: Shape,
    /// The cookie to read and the header to send it in.
    pub csrf: Option<(String, String)>,
}

impl Options {
    /// Parses options as `createAuth` gets them.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn parse(given: &Value) -> Result<Self, AuthError> {
        let merged = with_provider(given)?;
        let faults = Faults::default();
        let options = Self::read(&Section::open(&merged, Place::root("", &faults), &OPTIONS));
        faults.verdict().map(|()| options)
    }

    fn read(section: &Section<'_>) -> Self {
        check_host(&section.place.member("host"), section.get("host"));
        let pages = section.section("pages", &PAGES);
        let options = Self {
            name: section.owned("name").unwrap_or_else(|| "doorkey".to_owned()),
            flows: flows(&section.section("flows", FlowName::WORDS)),
            tokens: token_paths(section),
            issuer: section.owned("issuer"),
            client_id: section.owned("clientId"),
            home: pages.owned("home"),
            login: pages.owned("login"),
            return_to: pages.flag("returnTo"),
            storage: section.word("storage", Storage::WORDS, Storage::ALL),
            remember: section.text("remember").and_then(|_| expression(section, "remember")),
            restore: section.flag("restore"),
            expose: owned(&section.section("expose", &EXPOSE), &EXPOSE),
            keep: section.texts("keep").unwrap_or_default(),
            attach: Attach::read(&section.section("attach", &ATTACH)),
            refresh: RefreshRule::read(&section.section("refresh", &REFRESH)),
            end_session: EndSession::read(section),
            dpop: section.flag("dpop"),
            cross_tab: section.word("crossTab", CrossTab::WORDS, CrossTab::ALL).unwrap_or(CrossTab::Lock),
            timeout: seconds(section, "timeoutSeconds").unwrap_or(Millis(30_000)),
            idle: seconds(section, "idleSeconds"),
            max_age: seconds(section, "maxAgeSeconds"),
            warn: Millis::from_seconds(section.number("warnSeconds", 0.0).unwrap_or(60.0)),
        };
        section.check_key("name");
        if [".value:", ".signin:", ".kept:"].iter().any(|mark| cut(&options.name, mark).is_some()) {
            section.fail("name", "must not hold `.value:`, `.signin:` or `.kept:`: other keys of a session begin so");
        }
        for (section, key) in [(section, "issuer"), (&pages, "home"), (&pages, "login")] {
            check_port(section, key);
        }
        let taken = "this key holds the session itself";
        for (key, exposed) in EXPOSE.iter().zip(&options.expose) {
            if exposed.as_ref() == Some(&options.name) {
                section.place.member("expose").member(key).fail(taken);
            }
        }
        for (index, key) in options.keep.iter().enumerate() {
            let keep = section.place.member("keep");
            check_path(key, keep.item(index));
            if *key == options.name {
                keep.item(index).fail(taken);
            }
        }
        options
    }

    /// The flow of that name.
    pub fn flow(&self, name: FlowName) -> Option<&Arc<Program>> {
        self.flows.get(name as usize)?.as_ref()
    }
}

fn flows(section: &Section<'_>) -> [Option<Arc<Program>>; 4] {
    let mut parsed = [const { None }; 4];
    for (slot, name) in parsed.iter_mut().zip(FlowName::WORDS) {
        if section.has(name) {
            let program = Program::read(section.get(name), &section.place.member(name));
            if program.asks() && *name != FlowName::Signin.as_str() {
                section.fail(name, "only a sign-in can ask the user: nobody waits for what runs by itself");
            }
            if program.authorize().is_some() && *name != FlowName::Signin.as_str() {
                section.fail(name, "only a sign-in can leave the page");
            }
            *slot = Some(Arc::new(program));
        }
    }
    parsed
}

fn token_paths(section: &Section<'_>) -> TokenPaths {
    if matches!(section.get("tokens"), Value::Bool(false)) {
        return TokenPaths { cookie: true, ..TokenPaths::default() };
    }
    let mut paths = owned(&section.section("tokens", TokenField::WORDS), TokenField::WORDS);
    for (key, path) in TokenField::WORDS.iter().zip(&mut paths) {
        if let Some(path) = path {
            check_path(path, section.place.member("tokens").member(key));
            *path = dotted(path);
        }
    }
    TokenPaths { cookie: false, paths }
}

/// A path that can never lead anywhere is a mistake: it is no template, and does not begin with a root.
fn check_path(path: &str, place: Place<'_>) {
    if path.starts_with(['$', '[']) || cut(path, "{{").is_some() {
        place.fail("must be a path into the answer, such as data[0].token");
    }
}

/// Copies of these members, which must be texts, and keys.
fn owned<const N: usize>(section: &Section<'_>, keys: &[&str]) -> [Option<String>; N] {
    let mut texts = [const { None }; N];
    for (slot, key) in texts.iter_mut().zip(keys) {
        *slot = section.owned(key);
        section.check_key(key);
    }
    texts
}

fn seconds(section: &Section<'_>, key: &str) -> Option<Millis> {
    section.number(key, 0.001).map(Millis::from_seconds)
}

impl Attach {
    fn read(section: &Section<'_>) -> Self {
        let mut origins = section.texts("origins");
        for (index, origin) in origins.iter_mut().flatten().enumerate() {
            match exact_origin(origin) {
                Some(normal) => *origin = normal,
                None => {
                    let place = section.place.member("origins");
                    place.item(index).fail("must be scheme, host and port and nothing else: https://api.example.com");
                }
            }
        }
        let csrf = section.section("csrf", &CSRF);
        for key in &CSRF {
            if csrf.is_given() && csrf.text(key).is_none() {
                csrf.fail(key, "must be the name of a cookie and of a header");
            }
        }
        section.headers();
        section.map("query");
        section.map("body");
        let shape = |key| Shape::parse(section.get(key), &section.place.member(key));
        let is_default = !section.has("headers");
        Self {
            origins,
            is_default,
            headers: if is_default { default_headers(&section.place) } else { shape("headers") },
            query: shape("query"),
            body: shape("body"),
            csrf: csrf.owned("cookie").zip(csrf.owned("header")),
        }
    }
}

/// The bearer token (RFC 6750 section 2.1).
fn default_headers(place: &Place<'_>) -> Shape {
    let mut headers = Map::new();
    headers.set_text("Authorization", "Bearer {{ session.accessToken }}");
    Shape::parse(&Value::Map(headers), place)
}

#[cfg(test)]
mod tests;
