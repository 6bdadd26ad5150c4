//! What calls, flows and the refresh stand on: the record, the values, where tokens may go.

use std::sync::Arc;

use super::context::{Context, Errand};
use super::effect::Effect;
use super::error::{AuthError, Code};
use super::flow::scope::{Ambient, FlowScope, Provider};
use super::http::attach::{Origins, origin_of_call};
use super::http::origin::origin_of;
use super::input::EffectId;
use super::lite::text::concat;
use super::oauth::id_token::{Expected, subject, verify};
use super::oauth::pending::Pending;
use super::options::Options;
use super::record::Keeper;
use super::record::place::Servers;
use super::redact::Secrets;
use super::secret::Secret;
use super::template::Scope;
use super::time::UnixMillis;
use super::token::Tokens;
use super::value::{Map, Value};
use super::values::Values;
use super::values::exposed::named_keys;
use super::vocabulary::{FlowName, Storage};
use super::waits::Waiter;

/// The machines below a refresh, and what surrounds them.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The moment, the options, the effects.
    pub cx: Context,
    /// The stored record.
    pub record: Keeper,
    /// The stored values.
    pub values: Values,
    /// Where what is attached may go.
    pub origins: Origins,
    /// The tokens whose requests may go ahead.
    pub permitted: Option<Arc<Tokens>>,
    /// What the issuer says of itself, once it was asked.
    pub metadata: Option<Map>,
    /// The name of the key of the session.
    pub key: Option<String>,
    /// Whether it outlives the page.
    pub keeps_key: bool,
}

impl Ground {
    /// What a session begins with, whose record rests there.
    pub fn new(cx: Context, storage: Storage) -> Self {
        let (record, values) = (Keeper::new(storage), Values::new(cx.platform));
        let origins = Origins::default();
        let mut ground =
            Self { cx, record, values, origins, permitted: None, metadata: None, key: None, keeps_key: false };
        ground.allow_origins();
        ground
    }

    /// The tokens of the session.
    pub const fn tokens(&self) -> Option<&Arc<Tokens>> {
        self.record.tokens()
    }

    /// Nobody has tokens that are bound to this key any more.
    pub fn drop_key(&mut self, key: Option<&String>) {
        if let Some(key) = key {
            self.keep(key.clone(), false, EffectId::NOBODY);
        }
    }

    /// Lets the key outlive the page, where the session is about to: with a record and no key it would be lost. Gives
    /// whether there is an answer to wait for.
    pub fn keep_key(&mut self, waiter: Waiter) -> bool {
        let is_due = !self.keeps_key && self.record.survives_reload();
        let Some(key) = self.key.clone().filter(|_| is_due) else { return false };
        self.keeps_key = true;
        let id = self.cx.wait_for_storage(waiter);
        self.keep(key, true, id);
        true
    }

    fn keep(&mut self, name: String, is_kept: bool, id: EffectId) {
        self.cx.ask(Effect::KeepKey { id, name, is_kept });
    }

    /// The key goes with the session, and rests in the browser where that does.
    pub fn mind_key(&mut self) {
        let key = self.record.tokens().and_then(|tokens| tokens.key.as_ref());
        let (was_kept, is_kept) = (self.keeps_key, self.record.survives_reload());
        if self.key.as_ref() != key {
            let old = std::mem::replace(&mut self.key, key.cloned());
            self.drop_key(old.as_ref());
        } else if was_kept == is_kept {
            return;
        }
        self.keeps_key = is_kept;
        if let Some(name) = self.key.clone().filter(|_| was_kept || is_kept) {
            self.keep(name, is_kept, EffectId::NOBODY);
        }
    }

    /// Whether there is an access token that is not past its time.
    pub fn has_good_token(&self) -> bool {
        self.tokens().is_some_and(|tokens| !tokens.is_expired(self.cx.now))
    }

    /// Whether what is attached of these tokens may go to a URL.
    pub fn allows(&self, url: &Secret, tokens: Option<&Arc<Tokens>>) -> bool {
        self.origins.allow(&origin_of_call(url, self.cx.base.as_deref()), tokens.map(Arc::as_ref))
    }

    /// Notes that a request goes out bare though there is a session: nobody would know why it is refused.
    pub fn note_bare(&mut self, url: &Secret) {
        let origin = origin_of_call(url, self.cx.base.as_deref());
        if !origin.is_empty() {
            let parts = ["no token goes to ", &origin, ": attach: { origins: [\"", &origin, "\"] } lets it"];
            self.cx.trace.note_once("attach", &concat(&parts), self.cx.now);
        }
    }

    /// Takes new options in; gives whether the session turns out to be another server's.
    pub fn configure(&mut self, options: Options) -> bool {
        if self.cx.options.issuer != options.issuer {
            self.metadata = None;
        }
        let before = std::mem::replace(&mut self.cx.options, options);
        if before.expose != self.cx.options.expose {
            self.cx.want(Errand::Remove(named_keys(&before.expose)));
            self.cx.want(Errand::Expose);
        }
        self.origins.forget(self.record.tokens().map(AsRef::as_ref));
        self.allow_origins();
        self.record.turn_away(self.cx.platform)
    }

    /// Reckons anew where tokens may go, of the options.
    pub fn allow_origins(&mut self) {
        let Context { options, base, .. } = &self.cx;
        self.origins.configure(&options.attach, &options.flows, base.as_deref());
        let mut servers = Vec::new();
        for name in [FlowName::Signin, FlowName::Refresh] {
            if let Some(program) = options.flow(name) {
                program.add_origins(base.as_deref(), &mut servers);
            }
        }
        // What flows ask stands in the metadata of the issuer.
        servers.extend(options.issuer.as_deref().and_then(origin_of));
        self.record.servers = Servers(servers);
    }

    /// What templates of a flow see of the session; `tokens` stand for those that it holds.
    pub fn ambient<'a>(&'a self, tokens: Option<&'a Arc<Tokens>>) -> Ambient<'a> {
        let options = &self.cx.options;
        let provider = Provider {
            metadata: self.metadata.as_ref(),
            issuer: options.issuer.as_deref(),
            client_id: options.client_id.as_deref(),
        };
        Ambient { tokens: tokens.or_else(|| self.tokens()), store: self.values.store(), now: self.cx.now, provider }
    }

    /// Where a session that is signed in with these inputs is to rest. What `remember` does not find counts as a no: a box
    /// that is not ticked is not in a form's data.
    pub fn resting_place(&self, inputs: &Value) -> Storage {
        let home = self.record.place.home;
        let Some(remember) = &self.cx.options.remember else { return home };
        let none = Map::new();
        let ambient = self.ambient(None);
        let scope = FlowScope { ambient, inputs, results: &none, variables: &none, bare_names: false };
        if remember.eval(&scope).is_ok_and(|value| value.is_truthy()) { home } else { home.of_this_tab() }
    }

    /// Gives `read` what templates of `attach` see: the session, its values, and the bare names of variables.
    pub fn with_scope<T>(&self, tokens: Option<&Arc<Tokens>>, read: impl FnOnce(&dyn Scope) -> T) -> T {
        let none = Map::new();
        let ambient = self.ambient(tokens);
        read(&FlowScope { ambient, inputs: &Value::Undefined, results: &none, variables: &none, bare_names: true })
    }

    /// All that must not be seen: the tokens, and the secret ones among inputs and variables.
    pub fn secrets(&self) -> Secrets {
        let mut secrets = self.cx.known_secrets();
        self.add_secrets(&mut secrets);
        secrets.add_forms(self.cx.platform);
        secrets
    }

    /// Adds the tokens, and the secret ones among the session's variables.
    pub fn add_secrets(&self, secrets: &mut Secrets) {
        let Some(tokens) = self.tokens() else { return };
        secrets.add_tokens(tokens);
        secrets.add_members_of(tokens.variables.data());
        for program in &self.cx.options.flows {
            let Some(program) = program else { continue };
            program.add_secrets(tokens.variables.data(), secrets);
        }
    }

    /// The last steps, oldest first, secrets masked.
    pub fn trace(&self) -> Value {
        Value::List(self.cx.trace.steps(&self.secrets()))
    }

    /// Masks an error on its way out.
    pub fn masked(&self, mut error: AuthError) -> AuthError {
        self.secrets().mask_error(&mut error);
        error
    }

    /// Whether the ID token of a sign-in that has come back says what it must, where one must be there.
    ///
    /// # Errors
    /// `ERR_INVALID_RESPONSE`.
    pub fn check_id_token(
        &mut self,
        tokens: &Tokens,
        pending: &Pending,
        server_now: Option<UnixMillis>,
    ) -> Result<(), AuthError> {
        let Some(nonce) = pending.text("nonce") else { return Ok(()) };
        // Empty: the ID token is expected, but no nonce went there.
        let nonce = Some(nonce).filter(|nonce| !nonce.is_empty());
        let client_id = pending.text("clientId").unwrap_or_default();
        let checked = self.verify(tokens, &Expected { client_id, nonce, ..self.expected(server_now) });
        self.cx.note_callback("id_token", Map::new(), checked.as_ref().err());
        checked
    }

    /// Whether the ID token of a refresh is of the same user, where there is one before and after.
    ///
    /// # Errors
    /// `ERR_INVALID_RESPONSE`.
    pub fn check_same_user(
        &self,
        before: &Tokens,
        fresh: &Tokens,
        server_now: Option<UnixMillis>,
    ) -> Result<(), AuthError> {
        let before = before.id.as_ref().and_then(|id| subject(id.expose(), self.cx.platform));
        let options = &self.cx.options;
        let (Some(subject), Some(_), Some(_), Some(_)) = (&before, &fresh.id, &options.issuer, &options.client_id)
        else {
            return Ok(());
        };
        self.verify(fresh, &Expected { subject: Some(subject), ..self.expected(server_now) })
    }

    fn verify(&self, tokens: &Tokens, expected: &Expected<'_>) -> Result<(), AuthError> {
        let Some(id) = &tokens.id else {
            return Err(AuthError::new(Code::InvalidResponse, "the answer holds no ID token").at("id_token"));
        };
        verify(id.expose(), expected, self.cx.platform)
    }

    /// What every ID token of the issuer must say.
    fn expected(&self, server_now: Option<UnixMillis>) -> Expected<'_> {
        let Context { options, .. } = &self.cx;
        let given = self.metadata.as_ref().and_then(|metadata| metadata.get("issuer")?.as_text());
        Expected {
            issuer: given.or(options.issuer.as_deref()).unwrap_or_default(),
            client_id: options.client_id.as_deref().unwrap_or_default(),
            nonce: None,
            subject: None,
            server_now,
        }
    }

    /// Whether what came back says that the token was no good although its status does not: as `refresh.when` tells it, or
    /// as gRPC does, whose code 16 is UNAUTHENTICATED.
    pub fn says_unauthorised(&self, seen: &Value) -> bool {
        let Some(headers) = seen.member("headers") else { return false };
        if headers.member("grpc-status").and_then(Value::as_text) == Some("16") {
            return true;
        }
        let Some(when) = &self.cx.options.refresh.when else { return false };
        let (mut results, none) = (Map::new(), Map::new());
        results.set("response", seen.clone());
        let (ambient, inputs) = (self.ambient(None), &Value::Undefined);
        let scope = FlowScope { ambient, inputs, results: &results, variables: &none, bare_names: false };
        // A path that leads nowhere in this answer is no word of the server's.
        when.eval(&scope).is_ok_and(|value| value.is_truthy())
    }
}
