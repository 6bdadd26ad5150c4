//! Flows as they are given, parsed and checked: a bad one fails when it is given, not when a user signs in.

use super::super::error::AuthError;
use super::super::http::{Credentials, origin_from};
use super::super::json::number_to_text;
use super::super::section::{Section, invalid};
use super::super::template::Template;
use super::super::value::{Foreign, ForeignKind, Map, Value};
use super::shape::{Shape, indexed};

/// A list of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// In the order in which they run.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name of its result in the scope.
    pub id: String,
    /// Skips the step when it is false.
    pub when: Option<Shape>,
    /// What it does.
    pub kind: Kind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Sends one HTTP request.
    Request(Endpoint),
    /// Runs a query of the host's, with parameters; without them it gets the inputs.
    Query(Value, Option<Shape>),
    /// Calls `script(scope)`.
    Script(Foreign),
    /// Calls `flow(inputs, scope)`: a flow that is a function.
    Call(Foreign),
    /// Defines variables.
    Define(Vec<(String, Shape)>),
}

impl Kind {
    /// The word for it in traces.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Query(..) => "query",
            Self::Script(_) => "script",
            Self::Call(_) => "call",
            Self::Define(_) => "define",
        }
    }
}

/// One HTTP request, with templates.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Where it goes.
    pub url: Shape,
    /// `None`: POST with a body, else GET.
    pub method: Option<String>,
    /// Header values.
    pub headers: Vec<(String, Shape)>,
    /// Query members.
    pub query: Option<Shape>,
    /// The body.
    pub body: Body,
    /// What to do with cookies.
    pub credentials: Credentials,
}

/// The body of a request, with templates.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// None.
    Empty,
    /// Sent as `application/json`.
    Json(Shape),
    /// Sent as `application/x-www-form-urlencoded`.
    Form(Shape),
    /// Sent as it is.
    Text(Shape),
}

impl Program {
    /// Parses a flow in any of its four forms.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn parse(flow: &Value, path: &str) -> Result<Self, AuthError> {
        let steps = match flow {
            Value::Foreign(foreign) => vec![Step::only(match foreign.kind {
                ForeignKind::Function => Kind::Call(foreign.clone()),
                ForeignKind::Query => Kind::Query(flow.clone(), None),
                ForeignKind::Other => return Err(not_a_flow(path)),
            })],
            Value::Map(_) => vec![Step::only(Kind::Request(Endpoint::parse(flow, path)?))],
            Value::List(items) if !items.is_empty() => Self::parse_steps(items, path)?,
            _ => return Err(not_a_flow(path)),
        };
        Ok(Self { steps })
    }

    fn parse_steps(items: &[Value], path: &str) -> Result<Vec<Step>, AuthError> {
        let mut steps: Vec<Step> = Vec::new();
        let mut counts = [0_u32; 3];
        for (index, item) in items.iter().enumerate() {
            let path = indexed(path, index);
            let step = Step::parse(item, &path, &mut counts)?;
            if steps.iter().any(|earlier| earlier.id == step.id) {
                return Err(invalid([&path, ".id"].concat(), "another step has this id"));
            }
            steps.push(step);
        }
        Ok(steps)
    }

    /// Calls `visit` with every template in it.
    pub fn each_template(&self, visit: &mut dyn FnMut(&Template)) {
        for step in &self.steps {
            if let Some(when) = &step.when {
                when.each_template(visit);
            }
            match &step.kind {
                Kind::Request(endpoint) => endpoint.each_template(visit),
                Kind::Query(_, Some(params)) => params.each_template(visit),
                Kind::Define(variables) => variables.iter().for_each(|(_, value)| value.each_template(visit)),
                Kind::Query(_, None) | Kind::Script(_) | Kind::Call(_) => {}
            }
        }
    }

    /// Whether a template can't do without the refresh token.
    pub fn needs_refresh_token(&self) -> bool {
        let mut needed = false;
        self.each_template(&mut |template| {
            template.uses(&mut |used| {
                let is_refresh = matches!(used.member, Some("refreshToken" | "refreshtoken" | "refresh_token"));
                needed |= used.required && is_refresh && matches!(used.root, "session" | "inputs");
            });
        });
        needed
    }

    /// The origins of its endpoints, as far as they are plain text; `base` is that of relative URLs.
    pub fn origins(&self, base: Option<&str>, found: &mut Vec<String>) {
        for step in &self.steps {
            let Kind::Request(endpoint) = &step.kind else { continue };
            let text = match &endpoint.url {
                Shape::Constant(Value::Text(text)) => text.as_str(),
                // The origin must be whole within the literal text: `https://api.` could become anything.
                Shape::Template(template) => match template.literal_prefix() {
                    prefix if prefix.splitn(4, '/').count() == 4 => prefix,
                    prefix if prefix.starts_with('/') => prefix,
                    _ => continue,
                },
                _ => continue,
            };
            if let Some(origin) = origin_from(text, base).filter(|origin| !found.contains(origin)) {
                found.push(origin);
            }
        }
    }
}

impl Step {
    /// The one step of a flow that is no list.
    fn only(kind: Kind) -> Self {
        let id = match kind {
            Kind::Request(_) => "http1",
            Kind::Query(..) => "query1",
            _ => "js1",
        };
        Self { id: id.to_owned(), when: None, kind }
    }

    fn parse(item: &Value, path: &str, counts: &mut [u32; 3]) -> Result<Self, AuthError> {
        const KINDS: [&str; 4] = ["request", "query", "script", "define"];
        let section =
            Section::open(Some(item), path, &["when", "id", "params", "request", "query", "script", "define"])?;
        let mut given = KINDS.iter().enumerate().filter_map(|(index, kind)| Some((index, section.get(kind)?)));
        let (Some((index, body)), None) = (given.next(), given.next()) else {
            return Err(invalid(path, "a step is one of request, query, script, define"));
        };
        if index != 1 && section.get("params").is_some() {
            return Err(invalid(section.path_of("params"), "only a query has params"));
        }
        let at = section.path_of(KINDS.get(index).copied().unwrap_or_default());
        let (prefix, kind) = match (index, body) {
            (0, _) => ("http", Kind::Request(Endpoint::parse(body, &at)?)),
            (1, Value::Text(_)) => ("query", Kind::Query(body.clone(), params(&section)?)),
            (1, Value::Foreign(query)) if query.kind != ForeignKind::Other => {
                ("query", Kind::Query(body.clone(), params(&section)?))
            }
            (1, _) => return Err(invalid(at, "must be a query of the host's or its name")),
            (2, Value::Foreign(script)) if script.kind == ForeignKind::Function => ("js", Kind::Script(script.clone())),
            (2, _) => return Err(invalid(at, "must be a function")),
            (_, Value::Map(variables)) => ("define", Kind::Define(definitions(variables, &at)?)),
            _ => return Err(invalid(at, "must be an object of variables")),
        };
        let number = counts.get_mut(index).map_or(0, |count| {
            *count += 1;
            *count
        });
        let id = match section.text("id")? {
            Some("inputs" | "store" | "session") => {
                return Err(invalid(section.path_of("id"), "inputs, store and session have a meaning already"));
            }
            Some(id) => id.to_owned(),
            None if number == 0 => path.to_owned(),
            None => [prefix, &number_to_text(f64::from(number))].concat(),
        };
        let when = match section.get("when") {
            None => None,
            Some(text @ Value::Text(_)) => Some(Shape::parse(text, &section.path_of("when"))?),
            Some(_) => return Err(invalid(section.path_of("when"), "must be a text with an expression")),
        };
        Ok(Self { id, when, kind })
    }
}

fn params(section: &Section<'_>) -> Result<Option<Shape>, AuthError> {
    section.get("params").map(|value| Shape::parse(value, &section.path_of("params"))).transpose()
}

fn definitions(variables: &Map, path: &str) -> Result<Vec<(String, Shape)>, AuthError> {
    let mut parsed = Vec::new();
    for (name, value) in variables.iter() {
        let at = super::shape::dotted(path, name);
        if !is_name(name) {
            return Err(invalid(at, "a variable's name is letters, digits and _, and begins with no digit"));
        }
        if value.as_text().is_none() {
            return Err(invalid(at, "must be a text, with or without an expression"));
        }
        parsed.push((name.clone(), Shape::parse(value, &at)?));
    }
    Ok(parsed)
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !matches!(name, "inputs" | "store" | "session")
}

fn not_a_flow(path: &str) -> AuthError {
    invalid(path, "must be a function, a query, an endpoint or a list of steps")
}

impl Endpoint {
    /// Parses one request.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
    pub fn parse(value: &Value, path: &str) -> Result<Self, AuthError> {
        const KEYS: [&str; 8] = ["url", "method", "headers", "query", "json", "form", "body", "credentials"];
        let section = Section::open(Some(value), path, &KEYS)?;
        let Some(url) = section.text("url")? else {
            return Err(invalid(section.path_of("url"), "must be a text that is not empty"));
        };
        let mut bodies = ["json", "form", "body"].into_iter().filter(|key| section.get(key).is_some());
        let (body, extra) = (bodies.next(), bodies.next());
        if let Some(extra) = extra {
            return Err(invalid(section.path_of(extra), "a request has one body: json, form or body"));
        }
        let shape = |key| section.get(key).map(|value| Shape::parse(value, &section.path_of(key))).transpose();
        let body = match (body, shape(body.unwrap_or_default())?) {
            (Some("json"), Some(json)) => Body::Json(json),
            (Some("form"), Some(form @ Shape::Map(_))) => Body::Form(form),
            (Some("body"), Some(text @ (Shape::Template(_) | Shape::Constant(Value::Text(_))))) => Body::Text(text),
            (Some(key), _) => return Err(invalid(section.path_of(key), "must be an object for form, a text for body")),
            (None, _) => Body::Empty,
        };
        let query = shape("query")?;
        if !matches!(query, None | Some(Shape::Map(_))) {
            return Err(invalid(section.path_of("query"), "must be an object"));
        }
        let method = section.text("method")?.map(str::to_ascii_uppercase);
        if matches!(method.as_deref(), Some("GET" | "HEAD")) && body != Body::Empty {
            return Err(invalid(section.path_of("method"), "GET and HEAD have no body"));
        }
        let credentials = match section.word("credentials", &["omit", "same-origin", "include"])? {
            Some(1) => Credentials::SameOrigin,
            Some(2) => Credentials::Include,
            _ => Credentials::Omit,
        };
        let url = Shape::parse(&Value::from(url), &section.path_of("url"))?;
        Ok(Self { url, method, headers: headers(&section)?, query, body, credentials })
    }

    fn each_template(&self, visit: &mut dyn FnMut(&Template)) {
        self.url.each_template(visit);
        self.headers.iter().for_each(|(_, value)| value.each_template(visit));
        if let Some(query) = &self.query {
            query.each_template(visit);
        }
        match &self.body {
            Body::Empty => {}
            Body::Json(body) | Body::Form(body) | Body::Text(body) => body.each_template(visit),
        }
    }
}

/// The `headers` member of a section: names that HTTP allows, texts with or without templates.
///
/// # Errors
/// `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the path of what is wrong.
pub fn headers(section: &Section<'_>) -> Result<Vec<(String, Shape)>, AuthError> {
    let path = section.path_of("headers");
    let members = match section.get("headers") {
        None => return Ok(Vec::new()),
        Some(Value::Map(members)) => members,
        Some(_) => return Err(invalid(path, "must be an object of texts")),
    };
    let mut headers = Vec::new();
    for (name, value) in members.iter() {
        let at = super::shape::dotted(&path, name);
        // RFC 9110 section 5.6.2, token.
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(allowed) {
            return Err(invalid(at, "no header can have this name"));
        }
        if value.as_text().is_none() {
            return Err(invalid(at, "must be a text"));
        }
        headers.push((name.clone(), Shape::parse(value, &at)?));
    }
    Ok(headers)
}
