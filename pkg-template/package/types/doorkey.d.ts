// The types of every form of doorkey.

// --- Ways in -----------------------------------------------------------------------------------------------------

/**
 * Opens a session. The same `name` again gives the session new options and returns the same object.
 *
 * @throws AuthError `ERR_INVALID_OPTION` or `ERR_TEMPLATE`, with the `path` of what is wrong; `ERR_NOT_READY` when the
 * module could not start. While it still starts, the options are checked at the first call.
 */
export function createAuth(options: Options): Auth;

/**
 * Opens the default session, on which the bare functions act.
 *
 * @throws AuthError as `createAuth`
 */
export function configure(options: Options): Auth;

/** `Auth.signin` of the default session. */
export const signin: Auth["signin"];
/** `Auth.signinCallback` of the default session. */
export const signinCallback: Auth["signinCallback"];
/** `Auth.refreshAccessToken` of the default session. */
export const refreshAccessToken: Auth["refreshAccessToken"];
/** `Auth.logout` of the default session. */
export const logout: Auth["logout"];
/** `Auth.storeValue` of the default session. */
export const storeValue: Auth["storeValue"];
/** `Auth.getValue` of the default session. */
export const getValue: Auth["getValue"];
/** `Auth.removeValue` of the default session. */
export const removeValue: Auth["removeValue"];
/** `Auth.clearStore` of the default session. */
export const clearStore: Auth["clearStore"];
/** `Auth.accessToken` of the default session. */
export const accessToken: Auth["accessToken"];
/** `Auth.headers` of the default session. */
export const headers: Auth["headers"];
/** `Auth.run` of the default session. */
export const run: Auth["run"];
/** `Auth.check` of the default session. */
export const check: Auth["check"];
/** `Auth.guard` of the default session. */
export const guard: Auth["guard"];
/** `Auth.status` of the default session; signed out before `configure`. */
export const status: Auth["status"];
/** The claims of a JWT. Needs no session. */
export const claims: Auth["claims"];
/** `Auth.values` of the default session. */
export const values: Auth["values"];
/** `Auth.on` of the default session. */
export const on: Auth["on"];

/** Resolves when the module can be used; rejects with `ERR_NOT_READY` when it can't, never as an unhandled rejection. */
export const ready: Promise<void>;
/** The version of the package. */
export const version: string;

/** What app builders give, as a `Host` each. */
export const hosts: {
  /** An ordinary page: pages are addresses, the session is kept in the browser's own storage. */
  browser(): Host;
  /** Appsmith, from within a JS object. `globals` is where `storeValue`, `navigateTo` and `appsmith` are; default `globalThis`. */
  appsmith(globals?: object): Host;
  /** Budibase, from a component of a plugin: `getContext("sdk")`. A query is known by its id. */
  budibase(sdk: object): Host;
  /** DronaHQ, from a JS code block. A query is what `UTILITY.CALLRESTAPI` takes, as an object. */
  dronahq(UTILITY: object): Host;
  /**
   * Lowcoder, from within a JS query. Its sandbox swallows `fetch`: `http` is the REST query that sends requests, `get` the one that sends
   * those without a body, `answer` the JS query that tells how one failed. `url` is Lowcoder's own, for a sign-in by redirect.
   */
  lowcoder(given: {
    localStorage: object;
    utils: object;
    url?: object;
    message?: object;
    http?: Query;
    get?: Query;
    answer?: Query;
    queries?: Record<string, Query>;
  }): Host;
  /** Lowdefy, from within an action of a plugin: what the action was given. */
  lowdefy(given: { methods: object; globals: object }): Host;
  /** NocoBase, from within RunJS. A query is what `ctx.request` takes. */
  nocobase(ctx: object): Host;
  /** Plasmic, in the app that shows its pages. `push` is the router's, if there is one. */
  plasmic(given?: { push?: (path: string) => unknown }): Host;
  /**
   * Retool's classic apps, from within a JS query. `queries` are those that are run by name; `http` sends requests in place of `fetch`; `url` is
   * Retool's own, for a sign-in by redirect.
   */
  retool(given: { localStorage: object; utils: object; url?: object; queries?: Record<string, Query>; http?: Query }): Host;
  /**
   * ToolJet, from within a RunJS query.
   *
   * @throws AuthError `ERR_HOST` in a query that runs in a worker
   */
  tooljet(given: { actions: object; queries: object }): Host;
  /** UI Bakery, from a code step. `actions` are those that are run by name; `goto` among them goes to `{{params.page}}`. */
  uibakery(given?: { state?: object; actions?: Record<string, Query> }): Host;
  /** WeWeb, from a Custom JavaScript action. `ids` are variables' ids, by key; keys without one are kept in the browser's storage. */
  weweb(wwLib: object, ids?: Record<string, string>): Host;
  /** Windmill: `state` and `goto` of a frontend script; neither in a full-code app. */
  windmill(given?: { state?: object; goto?: (url: string, newTab?: boolean) => unknown }): Host;
};

/**
 * Options of well-known servers, as plain data for `Options.provider`. Those that take a `provider` ("google", …) sign in by
 * redirect with one, and by password without. An address (`url`) has no `/` at its end that counts.
 *
 * Google and GitHub themselves give tokens only for a secret, which a page can't keep: go by one of these that keeps it.
 *
 * @throws AuthError `ERR_INVALID_OPTION`, with the `path`, for an option that is misspelt, missing or no text
 */
export const providers: {
  /** allauth's headless mode, as an app. No sign-in by provider: it wants the provider's own token. */
  allauth(options: AllauthOptions): Provider;
  /** Appwrite. The session is a cookie: of a page on another site only where Appwrite has a domain of that site, or sends it as a header. */
  appwrite(options: AppwriteOptions): Provider;
  /** Auth0, by redirect. */
  auth0(options: Auth0Options): Provider;
  /** authentik, by redirect. A signing key must be set there: without one it signs ID tokens with a secret. */
  authentik(options: AuthentikOptions): Provider;
  /** better-auth. By password it needs the plugin `bearer` there, or `cookie`; by `provider` the page must be of the same site. */
  betterAuth(options: BetterAuthOptions): Provider;
  /** Amazon Cognito: by redirect with a `domain`, by password without. No second factor by password. */
  cognito(options: CognitoOptions | CognitoPasswordOptions): Provider;
  /** Directus. By `provider` the session is a cookie, and the page must be of the same site. */
  directus(options: DirectusOptions): Provider;
  /** dj-rest-auth. Its refresh token in a cookie (`JWT_AUTH_HTTPONLY`) is not read. */
  djRestAuth(options: DjRestAuthOptions): Provider;
  /** Microsoft Entra ID, by redirect. It takes no tokens back, and its refresh tokens end after 24 hours. */
  entra(options: EntraOptions): Provider;
  /** fastapi-users. Nothing to refresh with. */
  fastapiUsers(options: FastapiUsersOptions): Provider;
  /** Feathers, with the strategy `local`. Nothing to refresh with. */
  feathers(options: FeathersOptions): Provider;
  /** Firebase Authentication. It takes no tokens back. */
  firebase(options: FirebaseOptions): Provider;
  /** Flask-AppBuilder: Superset, Airflow 2. It takes no tokens back. */
  flaskAppBuilder(options: FlaskAppBuilderOptions): Provider;
  /** Keycloak, by redirect. */
  keycloak(options: KeycloakOptions): Provider;
  /** knox. Nothing to refresh with. */
  knox(options: KnoxOptions): Provider;
  /** Logto, by redirect. */
  logto(options: LogtoOptions): Provider;
  /** A Matrix homeserver, by password. */
  matrix(options: MatrixOptions): Provider;
  /** Nhost. No second factor. */
  nhost(options: NhostOptions): Provider;
  /** Django OAuth Toolkit, by its password grant. By redirect: `oidc`. */
  oauthToolkit(options: OauthToolkitOptions): Provider;
  /** Any OpenID provider that takes public clients, by redirect. */
  oidc(options: OidcOptions): Provider;
  /** Okta, by redirect. */
  okta(options: OktaOptions): Provider;
  /** PocketBase. Nothing to sign out with. */
  pocketbase(options: PocketbaseOptions): Provider;
  /** Laravel Sanctum, by cookie: the page must be of the same site. */
  sanctum(options: SanctumOptions): Provider;
  /** Django REST framework with simplejwt. */
  simplejwt(options: SimpleJwtOptions): Provider;
  /** Strapi. By `provider` from 5.53 on, and the page must be of the same site. */
  strapi(options: StrapiOptions): Provider;
  /** Supabase. No second factor. */
  supabase(options: SupabaseOptions): Provider;
  /** Xano. Nothing to refresh or sign out with. */
  xano(options: XanoOptions): Provider;
  /** Zitadel, by redirect. */
  zitadel(options: ZitadelOptions): Provider;
};

/** How a sign-in by redirect goes. */
export interface RedirectOptions {
  /** Where the user comes back to, as it is registered there: absolute. Default the address of the page, without query and fragment. */
  redirectUri?: string;
  /** More parameters for the address that the user is sent to. */
  params?: Record<string, string | null>;
  /** Default `"redirect"`. */
  mode?: "redirect" | "popup";
}

/** A server that can sign in by others. */
export interface BrokerOptions extends RedirectOptions {
  /** Who signs in, as the server calls them, such as `google`. Default: by password. */
  provider?: string;
}

/** A public client of an OpenID provider: one without a secret. */
export interface ClientOptions extends RedirectOptions {
  clientId: string;
  /** What is asked for, parted by blanks. Default `openid offline_access`, or `openid` where refresh tokens come without. */
  scope?: string;
}

export interface OidcOptions extends ClientOptions {
  /** As it stands in the provider's metadata, to the letter. */
  issuer: string;
}

export interface Auth0Options extends ClientOptions {
  /** Such as `example.eu.auth0.com`. */
  domain: string;
  /** The API's identifier. Without one access tokens are of use to Auth0 alone. */
  audience?: string;
}

export interface KeycloakOptions extends ClientOptions {
  /** The server's address; before Keycloak 17 with `/auth` at its end. */
  url: string;
  realm: string;
}

export interface EntraOptions extends ClientOptions {
  /** The directory's id or domain, or `common`, `organizations`, `consumers`. */
  tenant: string;
  /** A scope of the API, such as `api://…/access`. `openid` and `offline_access` are added. */
  scope: string;
}

export interface OktaOptions extends ClientOptions {
  /** Such as `example.okta.com`. */
  domain: string;
  /** The id of an authorization server, such as `default`. Default the organization's own, whose access tokens are for Okta alone. */
  server?: string;
}

export interface CognitoOptions extends ClientOptions {
  /** Of the pages to sign in at: the whole name, or what stands before `.auth.REGION.amazoncognito.com`. */
  domain: string;
  region: string;
  poolId: string;
  /** Of its API, in place of Amazon's. */
  url?: string;
}

export interface CognitoPasswordOptions {
  region: string;
  /** Of an app client with the flow `ALLOW_USER_PASSWORD_AUTH`. */
  clientId: string;
  /** Of its API, in place of Amazon's. */
  url?: string;
}

export interface ZitadelOptions extends ClientOptions {
  /** Such as `example.zitadel.cloud`. */
  domain: string;
}

export interface LogtoOptions extends ClientOptions {
  /** Such as `https://example.logto.app`. */
  url: string;
  /** The API's identifier (RFC 8707). Without one access tokens are of use to Logto alone. */
  resource?: string;
}

export interface AuthentikOptions extends ClientOptions {
  url: string;
  /** The application's. */
  slug: string;
}

export interface SupabaseOptions extends BrokerOptions {
  /** The project's, such as `https://abc.supabase.co`. */
  url: string;
  /** The publishable key (`anon`), never the secret one. */
  key: string;
}

export interface XanoOptions extends BrokerOptions {
  /** The base address of the API group with the endpoints for authentication: `https://…/api:group`. */
  url: string;
}

export interface PocketbaseOptions extends BrokerOptions {
  url: string;
  /** Default `users`. */
  collection?: string;
  /** False where PKCE is turned off for the provider there. Default true. */
  pkce?: boolean;
}

export interface FirebaseOptions extends BrokerOptions {
  /** The web API key. */
  key: string;
  /** Of an emulator. */
  url?: string;
}

export interface NhostOptions extends BrokerOptions {
  /** Of the auth service, without the version: `https://SUBDOMAIN.auth.REGION.nhost.run`. */
  url: string;
}

export interface AppwriteOptions extends BrokerOptions {
  /** With the version: `https://REGION.cloud.appwrite.io/v1`. */
  url: string;
  /** The project's id. */
  project: string;
}

export interface StrapiOptions extends BrokerOptions {
  url: string;
}

export interface DirectusOptions extends BrokerOptions {
  url: string;
}

export interface BetterAuthOptions extends BrokerOptions {
  url: string;
  /** Whether the session is the server's cookie. Default true with a `provider`, else false. */
  cookie?: boolean;
}

export interface SimpleJwtOptions {
  /** The server's address, such as `https://api.example.com`. */
  url: string;
  /** The path of the view that gives tokens; default `/api/token/`. */
  path?: string;
  /** The field that names the user; default `username`. Its value is `inputs.username`, else `inputs.email`. */
  usernameField?: string;
}

export interface DjRestAuthOptions {
  url: string;
  /** Where its views are; default `/dj-rest-auth/`. */
  path?: string;
  /** Whether it gives simplejwt's tokens (`USE_JWT`). Default false. */
  jwt?: boolean;
}

export interface OauthToolkitOptions {
  url: string;
  /** Of a public application with the password grant. */
  clientId: string;
  /** Where its views are; default `/o/`. */
  path?: string;
  /** Default the server's. */
  scope?: string;
}

export interface FastapiUsersOptions {
  url: string;
  /** Where the router of the backend is; default `/auth/jwt`. */
  path?: string;
  /** Whether the transport is a cookie. Default false. */
  cookie?: boolean;
}

export interface FeathersOptions {
  url: string;
}

export interface SanctumOptions {
  url: string;
  /** The path that tells who is signed in; default `/api/user`. */
  user?: string;
}

export interface AllauthOptions {
  url: string;
  /** Whether it gives JWTs (`HEADLESS_TOKEN_STRATEGY`). Default false. */
  jwt?: boolean;
}

export interface KnoxOptions {
  url: string;
  /** Where its views are; default `/api/auth/`. */
  path?: string;
}

export interface FlaskAppBuilderOptions {
  url: string;
  /** `"db"` or `"ldap"`. Default `"db"`. */
  backend?: string;
}

export interface MatrixOptions {
  url: string;
}

// --- A session ---------------------------------------------------------------------------------------------------

/**
 * A session. Its members are bound: `onClick={auth.signin}` works.
 * What gives a promise rejects with an `AuthError` and nothing else; what does not throws one.
 */
export interface Auth {
  /**
   * Runs the sign-in flow, stores the tokens, then goes to `pages.home`.
   *
   * @param inputs what the flow reads as `inputs`. A submit event means its form's named fields, any other event none.
   * @throws AuthError `ERR_INVALID_CREDENTIALS`, `ERR_INVALID_RESPONSE`, `ERR_UNREACHABLE`, `ERR_CANCELLED`, `ERR_SUPERSEDED`, and those of the flow's steps
   */
  signin(inputs?: object): Promise<SignedIn>;
  /** The same, with `{ email, password }`. */
  signin(email: string, password: string): Promise<SignedIn>;

  /**
   * Finishes a sign-in by redirect, where the page's address is its answer. `guard` and `signin` do it by themselves first.
   *
   * @param url the address, where the host can't tell it
   * @throws AuthError `ERR_CALLBACK_MISMATCH`: the answer is not the one that was waited for; `ERR_CANCELLED`: the user said no;
   * and those of `signin`
   */
  signinCallback(url?: string): Promise<SignedIn | { ok: false; reason: "no-callback"; message: string }>;

  /**
   * Refreshes the tokens unless they are good: one request, however many callers and tabs.
   *
   * @param options `force`: also when they are good
   * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}, for servers that follow it
   * @throws AuthError `ERR_REFRESH_REJECTED`: the session is over; `ERR_UNREACHABLE`: it is not, try again at `retryAtMs`
   */
  refreshAccessToken(options?: { force?: boolean } | Event): Promise<Refreshed>;

  /**
   * Revokes the tokens, removes the session and the values that were stored through doorkey, then goes to `pages.login`.
   *
   * @param options `navigate`: false stays on the page; `keep`: values to spare, or `true` for all
   * @see {@link https://www.rfc-editor.org/rfc/rfc7009 RFC 7009}, for servers that follow it
   */
  logout(options?: { navigate?: boolean; keep?: boolean | readonly string[] } | Event): Promise<SignedOut>;

  /**
   * The access token, refreshed first if need be.
   *
   * @param options `minSeconds`: for how long it must be good
   * @throws AuthError `ERR_SIGNED_OUT`, or as `refreshAccessToken` where no good token is left
   */
  accessToken(options?: { minSeconds?: number }): Promise<string>;

  /**
   * What `attach` adds to a request, for an app builder's own queries; refreshed first if need be.
   *
   * @throws AuthError `ERR_SIGNED_OUT`, or as `refreshAccessToken` where no good token is left; `ERR_TEMPLATE`
   */
  headers(): Promise<Record<string, string>>;

  /**
   * `fetch` with what `attach` adds, to the origins that may get it. On an unauthorised status it refreshes and sends once more,
   * unless there was another sign-in meanwhile.
   *
   * @returns the response, whatever its status
   * @throws AuthError `ERR_SUPERSEDED` where there was another sign-in while it waited for a token, unless it is a GET or
   *   HEAD; as `refreshAccessToken` where no good token is left; what `fetch` throws
   */
  fetch: typeof fetch;

  /**
   * Runs a query of the host. On an unauthorised failure it refreshes and runs it once more; where no fresh token is to be had, it
   * rejects with why.
   *
   * @param query the query, or its name
   * @returns its data; of a `Response` the status may be an unauthorised one, too
   */
  run<T = any>(query: string | Query, params?: object): Promise<T>;

  /** Whether the session is good: the check flow answers 2xx and not `false`, or, without one, a good token is held or can be got. */
  check(): Promise<boolean>;

  /**
   * For page load. `"protected"` goes to `pages.login` without a session, `"login"` to `pages.home` with one.
   *
   * @returns whether the page may be shown
   */
  guard(page: "protected" | "login"): Promise<boolean>;

  /**
   * What is known of the session. No side effect: usable in a binding.
   *
   * @param store the host's store to read instead, so that a binding depends on it: `status(appsmith.store)`
   */
  status(store?: object): Status;

  /**
   * The claims of a JWT, unverified.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc7519#section-4 RFC 7519 section 4}
   * @throws AuthError `ERR_INVALID_VALUE`
   */
  claims<T extends object = Claims>(token: string): T;

  /**
   * Stores a value, readable at once.
   *
   * @param key one segment: `"a.b"` is a key
   * @param value JSON
   * @param persist false: until the page is reloaded; shadows a persisted value of the key. Default true
   * @throws AuthError `ERR_INVALID_VALUE` (no JSON, or a key of `expose`), `ERR_STORAGE_FULL`, `ERR_STORAGE_DENIED`: nothing is changed
   */
  storeValue<T>(key: string, value: T & Storable<T>, persist?: boolean): Promise<{}>;
  /** A stored value: the same object each time, until it is stored anew. Change a copy of it. */
  getValue<T = any>(key: string): T | undefined;
  /** All stored values. */
  values(): Record<string, any>;
  /** Removes a value that was stored through doorkey. */
  removeValue(key: string): Promise<{}>;
  /** Removes all values that were stored through doorkey; the session stays. */
  clearStore(): Promise<{}>;

  /**
   * Calls `listener` in a later task whenever the value of `key` changes, also by another tab.
   *
   * @returns a function that ends it
   */
  watch(key: string, listener: (value: any) => void): () => void;
  /**
   * Calls `listener` in a later task whenever that happens, also by another tab.
   *
   * @returns a function that ends it
   */
  on(event: AuthEventType, listener: (event: AuthEvent) => void): () => void;

  /**
   * The user stays, which is the answer to `expiring`: counts as activity, and refreshes where the session ends with its
   * refresh token. Nothing moves the end by `maxAgeSeconds`.
   *
   * @throws `ERR_UNREACHABLE`, `ERR_REFRESH_REJECTED`
   */
  extend(): Promise<Extended>;

  /**
   * Runs a flow for real, but stores nothing and navigates nowhere.
   *
   * @param options `secrets`: true shows them in scopes; default masked
   */
  test(flow: FlowName | Flow, inputs?: object, options?: { secrets?: boolean }): Promise<TestResult>;
  /** The last 100 steps, oldest first, secrets masked. */
  trace(): TraceStep[];

  /** Ends timers, listeners and locks. Waiting and later calls reject with `ERR_DISPOSED`; the stored session stays. */
  dispose(): void;
}

export interface SignedIn {
  ok: true;
  /** Milliseconds since 1970; null when the server does not say. */
  expiresAt: number | null;
  /** Whether the host went to `pages.home`. */
  navigated: boolean;
}

export type Refreshed =
  | {
      ok: true;
      /** False: the token was good. */
      refreshed: boolean;
      /** Milliseconds since 1970; null when the server does not say. */
      expiresAt: number | null;
    }
  | { ok: false; reason: "signed-out" | "not-refreshable" };

export interface SignedOut {
  ok: true;
  /** Whether the server took the tokens back. */
  revoked: boolean;
  /** Whether the host went to `pages.login`. */
  navigated: boolean;
}

export interface Status {
  /** The session exists and can be used or refreshed. */
  signedIn: boolean;
  /** Milliseconds since 1970; null when not known. */
  expiresAt: number | null;
  /** Negative when the access token is past its time; null when not known. */
  expiresInSeconds: number | null;
  hasRefreshToken: boolean;
}

/**
 * Registered claims and any others. Times are in seconds since 1970.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519#section-4.1 RFC 7519 section 4.1}
 */
export interface Claims {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
  jti?: string;
  [claim: string]: any;
}

/** What JSON can hold of a type; `never` in place of what it can't. */
export type Storable<T> = T extends undefined | bigint | symbol | ((...args: never[]) => unknown)
  ? never
  : T extends object
    ? { [K in keyof T]: undefined extends T[K] ? Storable<Exclude<T[K], undefined>> | undefined : Storable<T[K]> }
    : T;

export type AuthEventType = "signedIn" | "refreshed" | "expiring" | "signedOut" | "expired" | "failed";

export interface AuthEvent {
  type: AuthEventType;
  /** Milliseconds since 1970. */
  at: number;
  reason?: AuthEventReason;
}

/** What brought an event about: an error, another tab, a limit, or the refresh token's own end. */
export type AuthEventReason = AuthErrorCode | "otherTab" | "idle" | "maxAge" | "refreshToken";

/** What `extend()` resolves. */
export interface Extended {
  /** Whether there is a session still. */
  ok: boolean;
  /** When the access token expires, in milliseconds since 1970; null when the server does not say. */
  expiresAt: number | null;
}

export interface TestResult {
  /** Whether the real call would go well with what the flow has given; of a flow that no session has, whether no step has failed. */
  ok: boolean;
  steps: TestStep[];
}

export interface TestStep {
  id: string;
  /** What sort of step it was; `"call"` is a flow that is a function. */
  kind: "form" | "request" | "query" | "script" | "define" | "authorize" | "call";
  /** The flow that it is of. */
  flow: FlowName;
  /** When it began, in milliseconds since 1970. */
  at: number;
  /** How long it took, in milliseconds. */
  ms: number;
  /** The HTTP status, where there was one. */
  status?: number;
  /** The scope after the step. */
  scope: Record<string, any>;
  error?: { code: AuthErrorCode; message: string };
}

export interface TraceStep extends Omit<TestStep, "kind" | "flow"> {
  /** `"note"`: no step of a flow, but what the session did by itself. */
  kind: TestStep["kind"] | "note";
  /** The flow that it is of; not of a note. */
  flow?: FlowName;
  /**
   * What a note says. Of `leave` the mode; of `callback` what was done with an answer: `address` (cleaned), `record` (taken out),
   * `iss` (compared), `error` (the server's), `id_token` (checked).
   */
  reason?: string;
}

// --- Options -----------------------------------------------------------------------------------------------------

export interface Options {
  /** The session's name, and the key under which it is stored. Default `"doorkey"`. */
  name?: string;
  /** What the app builder gives. Default `hosts.browser()`; one of your own takes its place whole: `{ ...hosts.browser(), notify }`. */
  host?: Host;
  flows?: { [name in FlowName]?: Flow };
  /** From `providers`: fills in what is not set here. */
  provider?: Provider;
  /** Paths into the answer of `signin` and `refresh`, such as `"data.token"`; false: the server keeps the session in a cookie. */
  tokens?: false | TokenPaths;
  /**
   * The issuer of OAuth or OpenID Connect metadata, as its server writes it. Its members stand in expressions as
   * `metadata.token_endpoint` and so on.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc8414 RFC 8414}
   */
  issuer?: string;
  /** The public client at that issuer; `authorize` steps inherit it. */
  clientId?: string;
  pages?: {
    /** Where a sign-in leads. */
    home?: string;
    /** Where the session's end leads. */
    login?: string;
    /**
     * Whether a sign-in leads back to the page that `guard("protected")` has sent away from, in place of `home`; only ever to a
     * page of the own origin. Default false.
     */
    returnTo?: boolean;
  };
  /**
   * Where the session is kept. Default `"host"` if the host has a store, else `"local"`. `"vault"` is `"local"` sealed by a key
   * that no script can read out: it wants https and IndexedDB, and `status()` knows of the session a moment after the load.
   */
  storage?: "memory" | "session" | "local" | "vault" | "host";
  /**
   * A template over `inputs`, read at sign-in: where it gives false, or finds nothing, the session rests in `"session"` in
   * place of `"local"` (of `"vault"`: sealed there as well), and a reload of the tab finds it there: `"{{ inputs.remember }}"`.
   */
  remember?: string;
  /**
   * A page without a session tries the refresh flow once, silently: for a refresh token in an HttpOnly cookie. Calls wait for
   * that; a session that is found is told as `signedIn`. A flow that needs `session.refreshToken` is not tried. Default false.
   */
  restore?: boolean;
  /** Plain store keys, for bindings, under which these are stored too. */
  expose?: { accessToken?: string; refreshToken?: string; expiresAt?: string };
  /** Fields of the answer that are stored as values. Default none. */
  keep?: readonly string[];
  attach?: Attach;
  refresh?: {
    /**
     * How long before expiry tokens are refreshed, up to half of their lifetime. Default 60, or a tenth of the lifetime when that is shorter.
     * It is up to a fifth earlier, by chance, so that many clients do not come at once.
     */
    beforeExpirySeconds?: number;
    /** The statuses that mean unauthorised. Default `[401]`. */
    status?: readonly number[] | "non-2xx";
    /** A number, or a template or variable that gives one. Default never. */
    everySeconds?: number | string;
    /** Before each `run` and `fetch`. Default false. */
    everyQuery?: boolean;
    /**
     * A template over `response`, `{ status, headers, body, url, redirected }`: when it is true, the answer means unauthorised though its
     * status does not, as GraphQL's may: `{{ response.body.errors[0].extensions.code == "UNAUTHENTICATED" }}`. For `run`,
     * `response.body` is the query's data. The code 16 of gRPC-web is understood without it.
     */
    when?: string;
    /**
     * A header, in any case, in which an answer to an authorised request brings the next access token, with or without
     * `Bearer` before it: sessions that slide. Of another origin it must be in `Access-Control-Expose-Headers`.
     */
    fromHeader?: string;
  };
  /**
   * Whether a sign-out goes on at the provider. Default true where the metadata has an `end_session_endpoint` and the session an
   * ID token. `endpoint` is a template; one with a query of its own is gone to as it is, and sees the address to come back to as
   * `redirectUri`. `returnTo` is that address where `pages.login` is none.
   *
   * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html OpenID Connect RP-Initiated Logout}
   */
  endSession?: boolean | { endpoint?: string; returnTo?: string };
  /**
   * Binds the tokens of a sign-in to an ES256 key of this browser, which nobody can take out of it: requests of `signin` and
   * `refresh`, and what goes out with the access token, carry a proof (the header `DPoP`), and the token goes as
   * `Authorization: DPoP …`. A token that is stolen opens nothing without the key. The server must do DPoP. `headers()` and `run`
   * carry no proof: it is for one request alone. Default false.
   *
   * @throws `signin` rejects `ERR_NOT_READY` without WebCrypto (a page by http), and `ERR_INVALID_RESPONSE` with the path
   * `token_type` where the server gives a token of the type `Bearer`.
   * @see {@link https://www.rfc-editor.org/rfc/rfc9449 RFC 9449}
   */
  dpop?: boolean;
  /** What keeps tabs from refreshing at once. Default `"lock"`. */
  crossTab?: "lock" | "optimistic" | "off";
  /** The limit of each request and host call. Default 30. */
  timeoutSeconds?: number;
  /** Signs out after that long without activity in any tab, also while none was open. Default never. */
  idleSeconds?: number;
  /** Signs out that long after the sign-in. Default never. */
  maxAgeSeconds?: number;
  /**
   * How long before the session ends by `idleSeconds`, `maxAgeSeconds` or the refresh token's own expiry the event `expiring` is
   * told, or half of that time where it is shorter. Default 60; 0: never.
   */
  warnSeconds?: number;
}

/** A part of `Options`. */
export type Provider = Partial<Omit<Options, "provider">>;

export interface TokenPaths {
  accessToken?: string;
  refreshToken?: string;
  /** In seconds. */
  expiresIn?: string;
  /** In seconds or milliseconds since 1970, or as ISO 8601. */
  expiresAt?: string;
  /** When the refresh token itself ends, in seconds. */
  refreshExpiresIn?: string;
  idToken?: string;
  tokenType?: string;
}

/** What is added to authorised requests, and where they may go. Strings are templates. */
export interface Attach {
  /**
   * Scheme, host and port, and nothing else: `https://api.example.com`, `capacitor://localhost`. Default: the origins of the
   * flows' own endpoints, and those that the sign-in turned out to use. The requests of `revoke` and `check` carry it where
   * they go, named or not. A request elsewhere goes out untouched, and `trace()` says so.
   */
  origins?: readonly string[];
  /**
   * Default `{ Authorization: "Bearer {{ session.accessToken }}" }`.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750 section 2.1}
   */
  headers?: Record<string, string>;
  /** Added to the URL; a parameter that the URL has already, the caller's or an endpoint's, stays as it is and the only one. */
  query?: Record<string, unknown>;
  /**
   * Goes only into JSON and form bodies, behind what is there; a field that the request has already stays as it is. The body of
   * a `Request`, a blob or bytes is read for it, up to 1 MB; a longer one is sent as it is.
   */
  body?: Record<string, unknown>;
  /**
   * The cookie to read, and the header to send it in, URL-decoded: with each request of flows and of `fetch` that is not GET,
   * HEAD or OPTIONS, and whose `credentials` are not `"omit"`.
   */
  csrf?: { cookie: string; header: string };
}

// --- Flows -------------------------------------------------------------------------------------------------------

export type FlowName = "signin" | "refresh" | "revoke" | "check";

/**
 * Anything that signs in, refreshes, revokes or checks. Of a `Response` that a function or a query gives or throws, the body is the
 * answer; its status counts as that of a request.
 */
export type Flow = ((inputs: any, scope: Scope) => unknown) | Query | Endpoint | readonly Step[];

/** A query object of the host: Appsmith, ToolJet and Lowcoder have `run`, Retool has `trigger`. */
export type Query = { run: AnyFunction } | { trigger: AnyFunction };

/** Of the first kind a parameter of an arrow function gets no type. */
type AnyFunction = Function | ((...args: any[]) => unknown);

/** One HTTP request. Strings are templates. */
export interface Endpoint {
  url: string;
  /** Default POST with a body, else GET. */
  method?: string;
  headers?: Record<string, string>;
  query?: Record<string, unknown>;
  /** The body as JSON. One of `json`, `form`, `body`. */
  json?: unknown;
  /** The body as `application/x-www-form-urlencoded`. */
  form?: Record<string, unknown>;
  /** The body as text. */
  body?: string;
  /** Default `"omit"`. */
  credentials?: "omit" | "same-origin" | "include";
  /** Whether it is authorised like `fetch`. Default true in `revoke` and `check`, false in `signin` and `refresh`. */
  attach?: boolean;
  /**
   * Redirects are followed wherever they lead, with the body, tokens and headers. Default: within the page's own origin (in
   * Node: within the origin that was asked); elsewhere such a request is `ERR_UNREACHABLE` when it is redirected.
   */
  redirect?: "follow";
  /**
   * A template over `response`, `{ status, headers, body, url, redirected }`, that decides in place of the status: false means
   * that the server refuses, true that it is fine. Where it leads nowhere, and of a page that is no success, the status says.
   */
  ok?: string;
  /** A template over `response`: the text of a refusal. Where it gives none, the answer is searched for one. */
  message?: string;
}

export interface StepBase {
  /** A template; the step is skipped when it is false. */
  when?: string;
  /** The step's name in the scope. Default `http1`, `query1`, `js1`, … by kind. */
  id?: string;
  /** The step's own time limit. Default `timeoutSeconds` of the session; a form has none. */
  timeoutSeconds?: number;
}

export type Step =
  /** Asks a person by the host's `prompt`; only in a sign-in. Scope `form1`, …: what was entered, by the fields' names. */
  | (StepBase & { form: { title?: string; fields?: readonly Field[] } })
  | (StepBase & { request: Endpoint })
  | (StepBase & { query: string | Query; params?: unknown })
  | (StepBase & { script: (scope: Scope) => unknown })
  /** Sends the user away to sign in; only in a sign-in. Scope `authorize1`: what came back, with the token endpoint's answer. */
  | (StepBase & { authorize: Authorize })
  /** Defines variables, which are kept with the session. `secret` masks all of them, or these. */
  | (StepBase & { define: Record<string, string>; secret?: boolean | readonly string[] });

/**
 * OAuth's code flow with PKCE, by redirect or in a window of its own. Strings are templates.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1 RFC 6749 section 4.1}, {@link https://www.rfc-editor.org/rfc/rfc7636 RFC 7636}
 */
export interface Authorize {
  /** The authorization endpoint. Default `metadata.authorization_endpoint`. */
  endpoint?: string;
  /** Default the option `clientId`. */
  clientId?: string;
  /** Where the user comes back to: an absolute address, and none with a fragment where `bind` is `state`. Default that of the page, without query and fragment. */
  redirectUri?: string;
  /** Default `"openid"` where the metadata is OpenID's. */
  scope?: string;
  /**
   * More parameters, whose templates see `redirectUri` and `codeChallenge`. Null leaves one of ours out; one of that name that the
   * endpoint itself has stays then.
   */
  params?: Record<string, string | null>;
  /**
   * Where the code goes: an address (RFC 6749 section 4.1.3), an endpoint of your own, whose templates see `code`, `state`,
   * `codeVerifier`, `redirectUri`, `url` and what else came back, or false: later steps do it. Default `metadata.token_endpoint`.
   */
  token?: string | Endpoint | false;
  /** The parameters that make an address an answer. Default `["code", "error"]`; none: the load of the page itself. */
  answer?: readonly string[];
  /**
   * How the answer is tied to what was begun: the parameter `state`; an id of ours in the query of the address to come back to;
   * or one pending sign-in of this tab. Default `"state"`.
   */
  bind?: "state" | "redirectUri" | "tab";
  /** Default true, by S256. */
  pkce?: boolean;
  /** Default `"redirect"`. */
  mode?: "redirect" | "popup";
}

/** What a person is asked for. Strings are templates. Default fields of a form: `email` and `password`. */
export interface Field {
  /** The name of the value. */
  name: string;
  /** Default the name, with a capital. */
  label?: string;
  /** Default `"text"`. What is entered into a `password` or a `one-time-code` is a secret. */
  type?: "text" | "password" | "email" | "number" | "select" | "checkbox" | "hidden" | "one-time-code";
  /** Default false. */
  required?: boolean;
  /** What stands there at first. */
  value?: unknown;
  help?: string;
  /** Of a `select`, and of no other. */
  options?: readonly (string | { value: string; label?: string })[];
}

/** A form as `prompt` gets it: every field whole, and what was wrong with what was entered before. */
export interface Form {
  title: string;
  fields: readonly (Field & { error?: string })[];
  /** What the server said, when the form is asked again. */
  error?: string;
}

/** Shows a form. */
export interface Prompt {
  /** Gives what was entered, by the fields' names; null: cancelled. No time limit. */
  (form: Form): object | null | undefined | Promise<object | null | undefined>;
  /** Whether it is asked again, with `error`, when the server refuses; without that the sign-in rejects. */
  asksAgain?: boolean;
  /** Called when the flow that asked has ended: a form that is still shown can go. */
  done?(): void;
}

/** What expressions and scripts see; beside these, each finished step by its id and each variable by its name. */
export interface Scope {
  inputs: Record<string, any>;
  store: Record<string, any>;
  session: {
    accessToken?: string;
    refreshToken?: string;
    idToken?: string;
    /** Milliseconds since 1970. */
    expiresAt?: number;
  };
  /** What the issuer says of itself. */
  metadata: Record<string, any>;
  /** Where an `authorize` step comes back to. */
  redirectUri: string;
  /** What that step proves later to have the answer of (RFC 7636 section 4.2), for brokers with a name of their own for it. */
  codeChallenge: string;
  [name: string]: any;
}

// --- Host --------------------------------------------------------------------------------------------------------

/** What the app builder gives. Every member may return a value or a promise, and may throw anything. */
export interface Host {
  /** Goes to a page. Params never hold secrets. */
  navigateTo?(target: string, params?: object, how?: "SAME_WINDOW" | "NEW_WINDOW"): unknown;
  store?: {
    get(key: string): unknown;
    set(key: string, value: unknown, persist: boolean): unknown;
    remove(key: string): unknown;
    clear?(): unknown;
  };
  /** Runs a query and resolves its data. Of what it throws, `{ status?, data? | body?, message? }` is understood. */
  run?(query: any, params: any): unknown;
  /** Sends a request instead of `fetch`, and may give a `Response`. */
  http?(request: HostRequest): HostResponse | Response | Promise<HostResponse | Response>;
  /** Asks a person, for the form step. */
  prompt?: Prompt;
  /** The page's absolute address, its query with it: what a sign-in by redirect and `pages.returnTo` come back to. Default: the browser's. */
  location?(): string | Promise<string>;
  /** Takes an answer out of the page's address. */
  replaceLocation?(url: string): unknown;
  /** Opens a window, or finds the one that it has opened, and goes there; null: it is blocked. */
  popup?(url: string): { closed(): boolean; close(): void } | null;
  /** Tells the user that a sign-in or the session came to an end that nobody asked for. */
  notify?(message: string, kind: "info" | "success" | "warning" | "error"): unknown;
}

export interface HostRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export interface HostResponse {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

// --- Errors ------------------------------------------------------------------------------------------------------

/** Codes are added, never renamed. */
export type AuthErrorCode =
  /** There is no session. */
  | "ERR_SIGNED_OUT"
  /** The server refused the refresh: the session is over. */
  | "ERR_REFRESH_REJECTED"
  /** The server refused the sign-in. */
  | "ERR_INVALID_CREDENTIALS"
  /** The server answered with a status that says nothing about the session. */
  | "ERR_SERVER"
  /** The server could not be reached, or said to come again later. The session stays. */
  | "ERR_UNREACHABLE"
  /** A host call took longer than `timeoutSeconds`. */
  | "ERR_TIMEOUT"
  /** The user cancelled. */
  | "ERR_CANCELLED"
  /** Another call or another tab decided otherwise meanwhile. */
  | "ERR_SUPERSEDED"
  /** An answer did not hold what it must. */
  | "ERR_INVALID_RESPONSE"
  /** An option is misspelt, ill-typed or missing: see `path`. */
  | "ERR_INVALID_OPTION"
  /** A value can't be stored. */
  | "ERR_INVALID_VALUE"
  /** A template can't be parsed (see `path`) or evaluated (see `stepId`). */
  | "ERR_TEMPLATE"
  /** A step of a flow failed: see `stepId`. */
  | "ERR_STEP"
  /** A member of the host failed. */
  | "ERR_HOST"
  /** The storage can't be used. */
  | "ERR_STORAGE_DENIED"
  /** The storage is full. */
  | "ERR_STORAGE_FULL"
  /** An answer to a sign-in by redirect is not the one that was waited for. */
  | "ERR_CALLBACK_MISMATCH"
  /** The module can't be used: not yet, or not at all. */
  | "ERR_NOT_READY"
  /** `dispose()` was called. */
  | "ERR_DISPOSED";

/** What doorkey rejects and throws with. Extensible. */
export class AuthError extends Error {
  constructor(code: AuthErrorCode, message: string, details?: AuthErrorDetails & { cause?: unknown });
  readonly name: "AuthError";
  readonly code: AuthErrorCode;
  /** The HTTP status. */
  readonly status?: number;
  /** What the server answered, secrets masked. */
  readonly body?: unknown;
  /** Whether the same call may succeed later, with nothing changed. */
  readonly retryable?: boolean;
  /**
   * The earliest moment at which another try makes sense, in milliseconds since 1970.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 RFC 9110 section 10.2.3}, Retry-After
   */
  readonly retryAtMs?: number;
  /** The step of the flow that failed. */
  readonly stepId?: string;
  /** The place of what is wrong: `flows.signin[1].request.url`. */
  readonly path?: string;
  /** What was thrown beneath. Not enumerable. */
  readonly cause?: unknown;
}

export interface AuthErrorDetails {
  status?: number;
  body?: unknown;
  retryable?: boolean;
  retryAtMs?: number;
  stepId?: string;
  path?: string;
}

/** An AuthError whose `code` tells what else it has: `switch (error.code)` narrows it. */
export type AnyAuthError = {
  [C in AuthErrorCode]: AuthError & { readonly code: C } & (C extends "ERR_INVALID_OPTION"
      ? { readonly path: string }
      : C extends "ERR_STEP"
        ? { readonly stepId: string }
        : C extends "ERR_UNREACHABLE" | "ERR_TIMEOUT"
          ? { readonly retryable: true }
          : unknown);
}[AuthErrorCode];

/** Whether a value is an AuthError, of any copy of doorkey and of any realm, which `instanceof` can't tell. */
export function isAuthError(value: unknown): value is AnyAuthError;
