// @ts-check
import { oidc } from "../../pkg-template/package/providers/index.mjs";

/** doorkey Options for the test servers: plain data, so that a test can hand them to a page. */

const PAGES = { home: "Dashboard", login: "LoginPage" };
export const CLIENT_ID = "playground";
/** The client of pages that send the user to the provider. */
export const PAGE_CLIENT_ID = "app";
/** The client of brokers, which keep a secret. */
export const BROKER_CLIENT = { id: "broker", secret: "test servers keep no secrets" };
const CLIENT = { client_id: CLIENT_ID };

/** @param {string} url @param {Record<string, any>} [extra] */
export function embeddedOptions(url, extra = {}) {
  const token = `${url}/token`;
  return merge(extra, {
    signin: {
      url: token,
      form: {
        ...CLIENT,
        grant_type: "password",
        scope: "openid offline_access",
        username: "{{ inputs.email }}",
        password: "{{ inputs.password }}",
      },
    },
    refresh: { url: token, form: { ...CLIENT, grant_type: "refresh_token", refresh_token: "{{ session.refreshToken }}" } },
    revoke: {
      url: `${token}/revocation`,
      // RFC 7009: the client authenticates here, not the user; this server takes a Bearer token for a broken client secret.
      headers: { Authorization: "" },
      form: { ...CLIENT, token: "{{ session.refreshToken }}", token_type_hint: "refresh_token" },
    },
    check: { url: `${url}/api/me` },
  });
}

/** Sign-in by redirect at the embedded provider. @param {string} url @param {Record<string, any>} [given] what `providers.oidc` takes beside */
export const redirectOptions = (url, given = {}) => ({
  provider: oidc({ issuer: url, clientId: PAGE_CLIENT_ID, params: { prompt: "consent" }, ...given }),
});

/** @param {string} url @param {Record<string, any>} [extra] */
export function djangoOptions(url, extra = {}) {
  return merge(extra, {
    signin: { url: `${url}/api/token/`, json: { username: "{{ inputs.email }}", password: "{{ inputs.password }}" } },
    refresh: { url: `${url}/api/token/refresh/`, json: { refresh: "{{ session.refreshToken }}" } },
    revoke: { url: `${url}/api/token/blacklist/`, json: { refresh: "{{ session.refreshToken }}" } },
    check: { url: `${url}/api/me/` },
  });
}

/**
 * doorkey Options for a server of the registry; what `extra` sets wins.
 * @param {string} name @param {string} url @param {Record<string, any>} [extra]
 */
export function serverOptions(name, url, extra = {}) {
  const { flows, ...rest } = /** @type {any} */ (OPTIONS[name](url));
  return merge({ ...rest, ...extra }, flows);
}

const EMAIL = "{{ inputs.email }}";
const PASSWORD = "{{ inputs.password }}";
const ACCESS_TOKEN = "{{ session.accessToken }}";
const REFRESH_TOKEN = "{{ session.refreshToken }}";

/** What differs from server to server, in words of their own documentation. @type {Record<string, (url: string) => Record<string, any>>} */
const OPTIONS = {
  oidcCode: (url) => {
    const { provider } = redirectOptions(url);
    return { provider, endSession: false, flows: { check: { url: `${url}/api/me` } } };
  },
  cookieSession: (url) => ({
    tokens: false,
    attach: { csrf: { cookie: "csrf-token", header: "x-csrf-token" } },
    flows: {
      signin: { url: `${url}/cookies/login`, json: { email: EMAIL, password: PASSWORD }, credentials: "include" },
      refresh: { url: `${url}/cookies/renew`, method: "POST", credentials: "include" },
      revoke: { url: `${url}/cookies/logout`, method: "POST", credentials: "include" },
      check: { url: `${url}/cookies/me`, credentials: "include" },
    },
  }),
  oauthToolkit: (url) => ({
    flows: {
      ...toolkitFlows(url, CLIENT_ID),
      signin: { url: `${url}/o/token/`, form: { ...CLIENT, grant_type: "password", username: EMAIL, password: PASSWORD } },
    },
  }),
  oauthToolkitCode: (url) => ({
    clientId: PAGE_CLIENT_ID,
    flows: {
      ...toolkitFlows(url, PAGE_CLIENT_ID),
      signin: [{ authorize: { endpoint: `${url}/o/authorize/`, token: `${url}/o/token/`, scope: "read" } }],
    },
  }),
  djRestAuth: (url) => ({
    flows: {
      signin: { url: `${url}/auth/login/`, json: { username: EMAIL, password: PASSWORD } },
      refresh: { url: `${url}/auth/token/refresh/`, json: { refresh: REFRESH_TOKEN } },
      revoke: { url: `${url}/auth/logout/`, json: { refresh: REFRESH_TOKEN } },
      check: { url: `${url}/auth/user/` },
    },
  }),
  knox: (url) => ({
    tokens: { accessToken: "token", expiresAt: "expiry" },
    attach: { headers: { Authorization: `Token ${ACCESS_TOKEN}` } },
    flows: {
      signin: {
        url: `${url}/auth/login/`,
        method: "POST",
        headers: { Authorization: "Basic {{ base64(concat(inputs.email, ':', inputs.password)) }}" },
      },
      revoke: { url: `${url}/auth/logout/`, method: "POST" },
      check: { url: `${url}/api/me/` },
    },
  }),
  allauth: (url) => ({
    tokens: { accessToken: "meta.session_token" },
    attach: { headers: { "X-Session-Token": ACCESS_TOKEN } },
    // 403 is REST framework's to a header that it doesn't know, 410 is allauth's to a session that is gone.
    refresh: { when: "{{ response.status == 403 || response.status == 410 }}" },
    flows: {
      signin: { url: `${url}/_allauth/app/v1/auth/login`, json: { email: EMAIL, password: PASSWORD } },
      revoke: allauthSignOut(url),
      check: { url: `${url}/_allauth/app/v1/auth/session` },
    },
  }),
  allauthJwt: (url) => ({
    flows: {
      signin: { url: `${url}/_allauth/app/v1/auth/login`, json: { email: EMAIL, password: PASSWORD } },
      refresh: { url: `${url}/_allauth/app/v1/tokens/refresh`, json: { refresh_token: REFRESH_TOKEN } },
      revoke: allauthSignOut(url),
      check: { url: `${url}/_allauth/app/v1/auth/session` },
    },
  }),
  flaskAppBuilder: (url) => ({
    flows: {
      signin: { url: `${url}/api/v1/security/login`, json: { username: EMAIL, password: PASSWORD, provider: "db", refresh: true } },
      refresh: { url: `${url}/api/v1/security/refresh`, method: "POST", headers: { Authorization: `Bearer ${REFRESH_TOKEN}` } },
      check: { url: `${url}/api/v1/account/` },
    },
  }),
  fastapiJwt: (url) => fastapiUsers(url, "jwt"),
  fastapiDatabase: (url) => fastapiUsers(url, "database"),
  fastapiCookie: (url) => {
    const { flows } = fastapiUsers(url, "cookie");
    const credentials = "include";
    return { tokens: false, flows: Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, { ...flow, credentials }])) };
  },
  pocketbase: (url) => {
    const users = `${url}/api/collections/users`;
    return {
      flows: {
        signin: { url: `${users}/auth-with-password`, json: { identity: EMAIL, password: PASSWORD } },
        refresh: { url: `${users}/auth-refresh`, method: "POST", headers: { Authorization: ACCESS_TOKEN } },
        check: { url: `${users}/auth-refresh`, method: "POST" },
      },
    };
  },
  betterAuth: (url) => ({
    flows: {
      signin: { url: `${url}/api/auth/sign-in/email`, json: { email: EMAIL, password: PASSWORD }, headers: { Origin: url } },
      revoke: { url: `${url}/api/auth/sign-out`, json: {}, headers: { Origin: url } },
      // Signed out is 200 and null there.
      check: { url: `${url}/api/auth/get-session`, ok: "{{ response.status == 200 && response.body != null }}" },
    },
  }),
  feathers: (url) => ({
    flows: {
      signin: { url: `${url}/authentication`, json: { strategy: "local", email: EMAIL, password: PASSWORD } },
      revoke: { url: `${url}/authentication`, method: "DELETE" },
      check: { url: `${url}/users` },
    },
  }),
  jsonServerAuth: (url) => ({
    flows: {
      signin: { url: `${url}/login`, json: { email: EMAIL, password: PASSWORD } },
      check: { url: `${url}/users/1` },
    },
  }),
  nodeRed: (url) => ({
    flows: {
      signin: {
        url: `${url}/auth/token`,
        json: { client_id: "node-red-editor", grant_type: "password", scope: "*", username: EMAIL, password: PASSWORD },
      },
      revoke: { url: `${url}/auth/revoke`, json: { token: ACCESS_TOKEN } },
      check: { url: `${url}/settings` },
    },
  }),
  /** The client's id is made when the server starts, and comes as the fragment. */
  cognito: (address) => {
    const [url, clientId] = address.split("#");
    const call = (/** @type {string} */ action, /** @type {object} */ json) => ({
      url: `${url}/`,
      headers: { "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`, "Content-Type": "application/x-amz-json-1.1" },
      json,
    });
    const begin = (/** @type {string} */ flow, /** @type {object} */ parameters) =>
      call("InitiateAuth", { AuthFlow: flow, ClientId: clientId, AuthParameters: parameters });
    return {
      // What is called at Cognito itself carries its token in the body.
      attach: { headers: {}, body: { AccessToken: ACCESS_TOKEN } },
      refresh: { when: "{{ response.status == 400 && (response.body.__type ?? '') == 'NotAuthorizedException' }}" },
      flows: {
        signin: begin("USER_PASSWORD_AUTH", { USERNAME: EMAIL, PASSWORD }),
        refresh: begin("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN }),
        revoke: { ...call("RevokeToken", { ClientId: clientId, Token: REFRESH_TOKEN }), attach: false },
        check: call("GetUser", {}),
      },
    };
  },
};

/** What both grants of django-oauth-toolkit have in common. @param {string} url @param {string} client_id */
const toolkitFlows = (url, client_id) => ({
  refresh: { url: `${url}/o/token/`, form: { grant_type: "refresh_token", refresh_token: REFRESH_TOKEN, client_id } },
  revoke: { url: `${url}/o/revoke_token/`, headers: { Authorization: "" }, form: { token: REFRESH_TOKEN, client_id } },
  check: { url: `${url}/api/me/` },
});

/** allauth answers 401 when it has ended the session. @param {string} url */
const allauthSignOut = (url) => ({
  url: `${url}/_allauth/app/v1/auth/session`,
  method: "DELETE",
  ok: "{{ response.status == 200 || response.status == 401 }}",
});

/** @param {string} url @param {"jwt" | "database" | "cookie"} backend */
const fastapiUsers = (url, backend) => ({
  flows: {
    signin: { url: `${url}/auth/${backend}/login`, form: { username: EMAIL, password: PASSWORD } },
    revoke: { url: `${url}/auth/${backend}/logout`, method: "POST" },
    check: { url: `${url}/users/me` },
  },
});

/** @param {Record<string, any>} extra @param {Record<string, any>} flows */
function merge({ flows: ownFlows, pages: ownPages, ...rest }, flows) {
  return { ...rest, flows: { ...flows, ...ownFlows }, pages: { ...PAGES, ...ownPages } };
}
