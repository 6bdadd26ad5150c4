//! An auth server with rotation, strict or tolerant about the reuse of a refresh token, and with faults on demand.

use std::collections::VecDeque;

use doorkey::core::http::{HttpResponse, Redirect};
use doorkey::core::lite::codec::base64;
use doorkey::core::oauth::dpop::Proof;
use doorkey::core::secret::{Secret, Sensitive};
use doorkey::core::value::{Map, Value};

use super::provider::{ISSUER, Provider};
use crate::testing::{PLATFORM, json};

/// The body of an answer that is longer than anything that is read.
pub const TOO_LONG: &str = "too long";

/// The password of the only user.
pub const PASSWORD: &str = "canary-password";

/// A request as it arrives.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub redirect: Redirect,
    /// Whether cookies go along to another origin.
    pub with_cookies: bool,
    /// The proof of who sends it.
    pub proof: Option<Proof>,
}

/// What becomes of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    Response(HttpResponse),
    /// The connection broke.
    NoNetwork,
    /// It was redirected, and may not follow.
    Redirected,
    /// Nothing ever comes back.
    Silence,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The server answers this, with these headers and this JSON, and does nothing.
    Status(u16, &'static [(&'static str, &'static str)], &'static str),
    /// It is redirected to this address, which answers so, and knows nothing of the session.
    Led(&'static str, u16),
    /// The request never arrives.
    NoNetwork,
    /// It is sent elsewhere.
    Moved,
    /// The server does its work, and the answer is lost.
    LostAnswer,
    /// The server does its work, and never answers.
    Silence,
    /// It answers, this many milliseconds late.
    Slow(u64),
}

/// How the answer tells the lifetime.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tells {
    ExpiresIn,
    ExpiresAt,
    Claims,
    Nothing,
}

/// One request that the server has seen.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub status: u16,
    pub request: Request,
}

#[derive(Debug)]
struct Family {
    alive: bool,
    /// How many refresh tokens were given out; the last is the good one.
    rotations: u32,
    /// When each access token expires, by the server's clock.
    access_until: Vec<u64>,
    /// The key that its tokens are bound to.
    key: Option<String>,
}

/// The server.
#[derive(Debug)]
pub struct Server {
    /// A refresh token that was used before ends the session.
    pub strict: bool,
    pub access_seconds: u64,
    pub tells: Tells,
    /// Access tokens are JWTs.
    pub jwt: bool,
    /// The `Date` header can be read.
    pub shows_date: bool,
    /// The server's clock, less that of the tabs, in milliseconds.
    pub clock_ahead: i64,
    /// Whether refresh answers hold a refresh token.
    pub rotates: bool,
    /// How often a used refresh token came.
    pub reuses: usize,
    pub seen: Vec<Seen>,
    /// Tokens are bound to the key that a proof shows (RFC 9449).
    pub dpop: bool,
    /// A proof may be five minutes old, or to come.
    pub minds_clock: bool,
    /// The nonce that a proof must have.
    pub nonce: Option<&'static str>,
    /// An OpenID provider at a host of its own.
    pub provider: Provider,
    faults: Vec<(&'static str, VecDeque<Fault>)>,
    families: Vec<Family>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            strict: true,
            access_seconds: 600,
            tells: Tells::ExpiresIn,
            jwt: false,
            shows_date: false,
            clock_ahead: 0,
            rotates: true,
            reuses: 0,
            seen: Vec::new(),
            dpop: false,
            minds_clock: false,
            nonce: None,
            provider: Provider::default(),
            faults: Vec::new(),
            families: Vec::new(),
        }
    }
}

impl Server {
    /// The next requests to this path meet these faults, one each.
    pub fn fail(&mut self, path: &'static str, faults: impl IntoIterator<Item = Fault>) {
        self.faults.push((path, faults.into_iter().collect()));
    }

    /// No fault waits any more.
    pub fn heal(&mut self) {
        self.faults.clear();
    }

    /// How many requests to this path arrived.
    pub fn count(&self, path: &str) -> usize {
        self.seen.iter().filter(|seen| seen.path == path).count()
    }

    /// The last request to this path.
    pub fn last(&self, path: &str) -> &Request {
        &self.seen.iter().rfind(|seen| seen.path == path).expect("the request was made").request
    }

    /// Ends every session, as an administrator would.
    pub fn revoke_all(&mut self) {
        self.families.iter_mut().for_each(|family| family.alive = false);
    }

    /// How many sessions live.
    pub fn alive(&self) -> usize {
        self.families.iter().filter(|family| family.alive).count()
    }

    /// What becomes of a request that arrives at this moment of the tabs' clock, and how late the answer is.
    pub fn handle(&mut self, request: Request, now: u64) -> (Outcome, u64) {
        let path = path_of(&request.url);
        let now = now.saturating_add_signed(self.clock_ahead);
        let fault = self.faults.iter_mut().find(|(at, faults)| *at == path && !faults.is_empty());
        let fault = fault.and_then(|(_, faults)| faults.pop_front());
        let (outcome, late) = match fault {
            None => (Outcome::Response(self.answer(&path, &request, now)), 0),
            Some(Fault::Slow(late)) => (Outcome::Response(self.answer(&path, &request, now)), late),
            Some(Fault::NoNetwork) => (Outcome::NoNetwork, 0),
            Some(Fault::Led(url, status)) => (
                Outcome::Response(HttpResponse {
                    status,
                    url: url.into(),
                    redirected: true,
                    ..HttpResponse::default()
                }),
                0,
            ),
            Some(Fault::Moved) => (Outcome::Redirected, 0),
            Some(Fault::LostAnswer) => {
                self.answer(&path, &request, now);
                (Outcome::NoNetwork, 0)
            }
            Some(Fault::Silence) => {
                self.answer(&path, &request, now);
                (Outcome::Silence, 0)
            }
            Some(Fault::Status(status, headers, body)) => {
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
                let parsed = if body.is_empty() || body == TOO_LONG { Value::Undefined } else { json(body) };
                (
                    Outcome::Response(HttpResponse {
                        status,
                        headers: Sensitive::new(headers.collect()),
                        body: parsed.into(),
                        url: request.url.as_str().into(),
                        redirected: false,
                        is_too_long: body == TOO_LONG,
                        thrown: None,
                    }),
                    0,
                )
            }
        };
        let status = if let Outcome::Response(response) = &outcome { response.status } else { 0 };
        self.seen.push(Seen { path, status, request });
        (outcome, late)
    }

    fn answer(&mut self, path: &str, request: &Request, now: u64) -> HttpResponse {
        if request.url.starts_with(ISSUER) {
            return self.provider.answer(path, request, now);
        }
        let body = request.body.as_deref().and_then(|body| (PLATFORM.parse_json)(body)).unwrap_or_default();
        let proof = request.proof.as_ref().filter(|_| self.dpop);
        let lacks_nonce = proof.is_some_and(|proof| proof.nonce.as_deref() != self.nonce);
        let is_off = proof.is_some_and(|proof| (proof.iat * 1000.0 - now as f64).abs() > 300_000.0);
        let is_off = is_off && self.minds_clock;
        let (status, body) = match path {
            "/login" | "/token" if is_off => (400, json(r#"{"error":"invalid_dpop_proof"}"#)),
            _ if is_off => (401, json(r#"{"error":"invalid_dpop_proof"}"#)),
            "/login" | "/token" if lacks_nonce => (400, json(r#"{"error":"use_dpop_nonce"}"#)),
            _ if lacks_nonce => (401, json(r#"{"error":"use_dpop_nonce"}"#)),
            "/login" => self.login(&body, proof, now),
            "/token" => self.refresh(&body, proof, now),
            "/revoke" => self.revoke(&body),
            _ if self.authorised(request, now) => (200, json(r#"{"fine":true}"#)),
            _ => (401, json(r#"{"error":"invalid_token"}"#)),
        };
        let mut headers = Map::new();
        if let Some(nonce) = self.nonce {
            headers.set("dpop-nonce", Value::from(nonce));
        }
        if is_off && path == "/api" {
            headers.set("www-authenticate", Value::from("DPoP error=\"invalid_dpop_proof\""));
        }
        if self.shows_date {
            headers.set("date", Value::from(iso(now)));
        }
        let url = request.url.as_str().into();
        HttpResponse { status, headers: headers.into(), body: body.into(), url, ..HttpResponse::default() }
    }

    fn login(&mut self, body: &Value, proof: Option<&Proof>, now: u64) -> (u16, Value) {
        if body.member("password").and_then(Value::as_text) != Some(PASSWORD) {
            return (401, json(r#"{"error":"invalid_grant","error_description":"Wrong e-mail or password"}"#));
        }
        let key = proof.map(|proof| proof.key.name.clone());
        self.families.push(Family { alive: true, rotations: 1, access_until: Vec::new(), key });
        (200, self.tokens(self.families.len() - 1, true, now))
    }

    fn refresh(&mut self, body: &Value, proof: Option<&Proof>, now: u64) -> (u16, Value) {
        let refused = || (400, json(r#"{"error":"invalid_grant","error_description":"grant request is invalid"}"#));
        let Some((index, rotation)) = body.member("refresh_token").and_then(Value::as_text).and_then(numbers) else {
            return refused();
        };
        let (strict, rotates) = (self.strict, self.rotates);
        let Some(family) = self.families.get_mut(index) else { return refused() };
        if rotation != family.rotations {
            self.reuses += 1;
            family.alive &= !strict;
        }
        if !family.alive || family.key.as_ref() != proof.map(|proof| &proof.key.name) {
            return refused();
        }
        if rotates {
            family.rotations += 1;
        }
        (200, self.tokens(index, rotates, now))
    }

    fn revoke(&mut self, body: &Value) -> (u16, Value) {
        if let Some((index, _)) = body.member("token").and_then(Value::as_text).and_then(numbers) {
            self.families[index].alive = false;
        }
        (200, Value::from(""))
    }

    fn tokens(&mut self, index: usize, with_refresh: bool, now: u64) -> Value {
        let until = now + self.access_seconds * 1000;
        let family = &mut self.families[index];
        family.access_until.push(until);
        let access = ["canary-access-", &index.to_string(), "-", &family.access_until.len().to_string()].concat();
        let access = if self.jwt { self.jwt_of(&access, now) } else { access };
        let mut answer = Map::new();
        answer.set("access_token", Value::from(access));
        let is_bound = self.families[index].key.is_some();
        answer.set("token_type", Value::from(if is_bound { "DPoP" } else { "Bearer" }));
        if with_refresh {
            let rotation = self.families[index].rotations;
            answer.set("refresh_token", Value::from(format!("canary-refresh-{index}-{rotation}")));
        }
        match self.tells {
            Tells::ExpiresIn => answer.set("expires_in", Value::Number(self.access_seconds as f64)),
            Tells::ExpiresAt => answer.set("expires_at", Value::Number((until / 1000) as f64)),
            Tells::Claims | Tells::Nothing => {}
        }
        Value::Map(answer)
    }

    fn jwt_of(&self, signature: &str, now: u64) -> String {
        let seconds = now / 1000;
        let payload = format!(r#"{{"iat":{seconds},"exp":{}}}"#, seconds + self.access_seconds);
        [&base64(br#"{"alg":"HS256"}"#, true), ".", &base64(payload.as_bytes(), true), ".", signature].concat()
    }

    fn authorised(&self, request: &Request, now: u64) -> bool {
        let header = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let bound = header.and_then(|(_, value)| value.strip_prefix("DPoP "));
        let token = header.and_then(|(_, value)| value.strip_prefix("Bearer ")).or(bound);
        let Some((index, number)) = token.and_then(|token| numbers(token.rsplit('.').next()?)) else { return false };
        let Some(family) = self.families.get(index) else { return false };
        let proof = request.proof.as_ref().filter(|proof| proof.token.as_ref().map(Secret::expose) == bound);
        if family.key.as_ref() != proof.map(|proof| &proof.key.name) {
            return false;
        }
        family.alive && family.access_until.get(number as usize - 1).is_some_and(|until| now < *until)
    }
}

/// The two numbers at the end of a token.
fn numbers(token: &str) -> Option<(usize, u32)> {
    let mut parts = token.rsplit('-');
    let number = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, number))
}

/// The path of an absolute URL.
pub fn path_of(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.split_once('/').map_or("", |(_, path)| path);
    ["/", path.split(['?', '#']).next().unwrap_or_default()].concat()
}

/// A moment as HTTP writes one.
pub fn http_date(millis: u64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = iso(millis);
    let (date, time) = iso.trim_end_matches('Z').split_once('T').unwrap_or_default();
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = MONTHS[month.and_then(|month| month.parse::<usize>().ok()).unwrap_or(1) - 1];
    // Nobody reads the day of the week.
    format!("Fri, {} {month} {} {time} GMT", day.unwrap_or_default(), year.unwrap_or_default())
}

/// A moment in the form that the platform of the tests reads.
pub fn iso(millis: u64) -> String {
    let (days, rest) = (millis / 86_400_000, millis / 1000 % 86_400);
    // Civil calendar from days, after Howard Hinnant.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * month_index + 2) / 5 + 1, (month_index + 2) % 12 + 1);
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}
