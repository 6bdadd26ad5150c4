//! The members of the objects that users give, and the names that say that a member is secret.

/// The members of options.
pub const OPTIONS: [&str; 22] = [
    "name",
    "host",
    "flows",
    "provider",
    "tokens",
    "issuer",
    "clientId",
    "pages",
    "storage",
    "remember",
    "restore",
    "expose",
    "keep",
    "attach",
    "refresh",
    "endSession",
    "dpop",
    "crossTab",
    "timeoutSeconds",
    "idleSeconds",
    "maxAgeSeconds",
    "warnSeconds",
];

/// The members of `pages`.
pub const PAGES: [&str; 3] = ["home", "login", "returnTo"];

/// The members of `endSession`.
pub const END_SESSION: [&str; 2] = ["endpoint", "returnTo"];

/// The members of `expose`.
pub static EXPOSE: [&str; 3] = ["accessToken", "refreshToken", "expiresAt"];

/// The members of `attach`.
pub const ATTACH: [&str; 5] = ["origins", "headers", "query", "body", "csrf"];

/// The members of `attach.csrf`.
pub const CSRF: [&str; 2] = ["cookie", "header"];

/// The members of `refresh`.
pub const REFRESH: [&str; 6] = ["beforeExpirySeconds", "status", "everySeconds", "everyQuery", "when", "fromHeader"];

/// The members of a step, of which one is a [`StepKind`](super::StepKind).
pub const STEP: [&str; 11] =
    ["when", "id", "timeoutSeconds", "params", "secret", "request", "query", "script", "define", "form", "authorize"];

/// The members of an endpoint.
pub const ENDPOINT: [&str; 12] =
    ["url", "method", "headers", "query", "json", "form", "body", "credentials", "attach", "redirect", "ok", "message"];

/// The members of an `authorize` step.
pub const AUTHORIZE: [&str; 10] =
    ["endpoint", "clientId", "redirectUri", "scope", "params", "token", "answer", "bind", "pkce", "mode"];

/// The members of a form.
pub const FORM: [&str; 2] = ["title", "fields"];

/// The members of a field.
pub const FIELD: [&str; 7] = ["name", "label", "type", "required", "value", "help", "options"];

/// The members of one of a select's options.
pub const CHOICE: [&str; 2] = ["value", "label"];

/// Names that have a meaning in every scope.
pub const SCOPE: [&str; 6] = ["inputs", "store", "session", "metadata", "redirectUri", "codeChallenge"];

/// The members of a host that are functions.
pub const HOST: [&str; 8] = ["navigateTo", "run", "http", "prompt", "notify", "location", "replaceLocation", "popup"];

/// The members of a host's store.
pub const HOST_STORE: [&str; 4] = ["get", "set", "remove", "clear"];

/// What the names of secrets have in them, in lower case and without `_`, `-` and blanks.
pub static SECRET_PARTS: [&str; 15] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "otp",
    "jwt",
    "authorization",
    "cookie",
    "apikey",
    "privatekey",
    "credential",
    "assertion",
];

/// Names of secrets that are too short to be looked for in others.
pub static SECRET_NAMES: [&str; 5] = ["access", "refresh", "pin", "pass", "sid"];
