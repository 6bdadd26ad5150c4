//! Every word that users see, once: what options are called, what a step can be, what listeners hear, why something failed.
//!
//! The types, the JSON Schema, the typed API and the workbench say the same words: `tests/rooms/vocabulary.rs` compares them.

mod keys;

/// Declares an enum whose variants have one public word each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$about])* $variant,)*
        }

        impl $name {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Their words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The public word.
            pub const fn as_str(self) -> &'static str {
                // There is a word for each variant.
                Self::WORDS[self as usize]
            }

            /// What a word stands for.
            pub fn of(word: &str) -> Option<Self> {
                Self::WORDS.iter().position(|own| *own == word).and_then(|at| Self::ALL.get(at).copied())
            }
        }
    };
}

mod outcomes;

pub use self::keys::*;
pub use self::outcomes::*;

words! {
    /// The stable code that JavaScript sees as `error.code`: added to, never renamed.
    #[non_exhaustive]
    Code {
        /// There is no session.
        SignedOut = "ERR_SIGNED_OUT",
        /// The server refused the refresh: the session is over.
        RefreshRejected = "ERR_REFRESH_REJECTED",
        /// The server refused the sign-in.
        InvalidCredentials = "ERR_INVALID_CREDENTIALS",
        /// The server answered with a status that says nothing about the session.
        Server = "ERR_SERVER",
        /// The server could not be reached, or said to come again later.
        Unreachable = "ERR_UNREACHABLE",
        /// A host call took longer than `timeoutSeconds`.
        Timeout = "ERR_TIMEOUT",
        /// The user cancelled.
        Cancelled = "ERR_CANCELLED",
        /// Another call or another tab decided otherwise meanwhile.
        Superseded = "ERR_SUPERSEDED",
        /// An answer did not hold what it must.
        InvalidResponse = "ERR_INVALID_RESPONSE",
        /// An option is misspelt, ill-typed or missing.
        InvalidOption = "ERR_INVALID_OPTION",
        /// A value can't be stored.
        InvalidValue = "ERR_INVALID_VALUE",
        /// A template can't be parsed or evaluated.
        Template = "ERR_TEMPLATE",
        /// A step of a flow failed.
        Step = "ERR_STEP",
        /// A member of the host failed.
        Host = "ERR_HOST",
        /// The storage can't be used.
        StorageDenied = "ERR_STORAGE_DENIED",
        /// The storage is full.
        StorageFull = "ERR_STORAGE_FULL",
        /// An answer to a sign-in by redirect is not the one that was waited for.
        CallbackMismatch = "ERR_CALLBACK_MISMATCH",
        /// The module can't be used: not yet, or not at all.
        NotReady = "ERR_NOT_READY",
        /// `dispose()` was called.
        Disposed = "ERR_DISPOSED",
    }
}

words! {
    /// What is read of an answer with tokens: the members of `tokens`, and the variables that win over any answer. The texts
    /// come first.
    TokenField {
        /// The access token.
        AccessToken = "accessToken",
        /// The refresh token.
        RefreshToken = "refreshToken",
        /// The ID token of OpenID Connect.
        IdToken = "idToken",
        /// How the access token is to be used.
        TokenType = "tokenType",
        /// How long the access token lives.
        ExpiresIn = "expiresIn",
        /// When it expires.
        ExpiresAt = "expiresAt",
        /// How long the refresh token lives.
        RefreshExpiresIn = "refreshExpiresIn",
    }
}

words! {
    /// The flows of a session.
    FlowName {
        /// Signs in.
        Signin = "signin",
        /// Refreshes the tokens.
        Refresh = "refresh",
        /// Revokes them (RFC 7009).
        Revoke = "revoke",
        /// Asks whether they are good.
        Check = "check",
    }
}

words! {
    /// What a step does: the member of a step in options, the `kind` in traces.
    StepKind {
        /// Asks the user.
        Form = "form",
        /// Sends one HTTP request.
        Request = "request",
        /// Runs a query of the host's.
        Query = "query",
        /// Calls `script(scope)`.
        Script = "script",
        /// Defines variables.
        Define = "define",
        /// Sends the user to a server that signs them in and sends them back (RFC 6749 section 4.1).
        Authorize = "authorize",
        /// Calls `flow(inputs, scope)`: a flow that is a function, and no member of a step.
        Call = "call",
    }
}

impl StepKind {
    /// What the names of results begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Request => "http",
            Self::Script | Self::Call => "js",
            Self::Form | Self::Query | Self::Define | Self::Authorize => self.as_str(),
        }
    }
}

words! {
    /// The types of a form's field.
    #[non_exhaustive]
    FieldType {
        /// One line of text.
        Text = "text",
        /// A secret.
        Password = "password",
        /// An e-mail address.
        Email = "email",
        /// A number.
        Number = "number",
        /// One of `options`.
        Select = "select",
        /// True or false.
        Checkbox = "checkbox",
        /// Not shown.
        Hidden = "hidden",
        /// A code that counts once: a secret.
        OneTimeCode = "one-time-code",
    }
}

words! {
    /// Where the record rests.
    #[non_exhaustive]
    Storage {
        /// Nowhere: lost on reload.
        Memory = "memory",
        /// `sessionStorage`: this tab.
        Session = "session",
        /// `localStorage`: every tab of the origin.
        Local = "local",
        /// The same, sealed under a key that nobody can read out.
        Vault = "vault",
        /// The host's store, shared between tabs through IndexedDB.
        Host = "host",
    }
}

impl Storage {
    /// Whether other tabs see the same record.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Local | Self::Vault | Self::Host)
    }

    /// Where a session rests that is not to be remembered.
    #[must_use]
    pub const fn of_this_tab(self) -> Self {
        match self {
            Self::Local | Self::Vault => Self::Session,
            other => other,
        }
    }

    /// Whether what rests here is sealed: in a vault, and in the tab where a vault is what the options ask for.
    pub fn is_sealed(self, asked: Option<Self>) -> bool {
        self == Self::Vault || (self == Self::Session && asked == Some(Self::Vault))
    }

    /// Whether the record is there after a reload.
    pub const fn survives_reload(self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// Whether the host's store holds a copy of the record, and the values under their plain names.
    pub const fn has_copy(self) -> bool {
        matches!(self, Self::Host)
    }
}

words! {
    /// What holds tabs apart.
    CrossTab {
        /// A Web Lock and the commit rule.
        Lock = "lock",
        /// The commit rule alone.
        Optimistic = "optimistic",
        /// Tabs do not hear of each other.
        Off = "off",
    }
}

words! {
    /// What the browser may do with cookies (the Fetch standard's credentials mode).
    Credentials {
        /// Neither send nor accept cookies.
        Omit = "omit",
        /// Cookies for the page's own origin.
        SameOrigin = "same-origin",
        /// Cookies for any origin that the server allows.
        Include = "include",
    }
}

words! {
    /// How the answer to a sign-in by redirect is tied to what was begun.
    Bind {
        /// By the parameter `state` (RFC 6749 section 4.1.1).
        State = "state",
        /// By an id of ours in the query of the address that the user comes back to.
        RedirectUri = "redirectUri",
        /// By nothing but the tab: one such sign-in at a time.
        Tab = "tab",
    }
}

words! {
    /// Where a sign-in by redirect goes on.
    Mode {
        /// In the page's own window.
        Redirect = "redirect",
        /// In a window of its own.
        Popup = "popup",
    }
}

words! {
    /// The functions of templates.
    TemplateFunction {
        /// Of the text's UTF-8 bytes, padded.
        Base64 = "base64",
        /// The same in the alphabet for URLs, not padded.
        Base64Url = "base64url",
        /// As JavaScript's.
        EncodeUriComponent = "encodeURIComponent",
        /// A value as JSON.
        Json = "json",
        /// In lower case.
        Lower = "lower",
        /// In upper case.
        Upper = "upper",
        /// Without the blanks around it.
        Trim = "trim",
        /// The moment, in milliseconds since the Unix epoch.
        Now = "now",
        /// Texts, one after the other.
        Concat = "concat",
        /// Whether a text or a list has a part.
        Contains = "contains",
        /// The member of a list whose key has a value.
        Find = "find",
        /// The value of a cookie, decoded; null where there is none.
        Cookie = "cookie",
    }
}
