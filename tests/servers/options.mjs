// @ts-check
import * as providers from "../../pkg-template/package/providers/index.mjs";

/** doorkey Options for the test servers: plain data, so that a test can hand them to a page. */

/** Where the app's page is; nothing listens there. */
export const APP = "http://127.0.0.1:1/app";
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
  provider: providers.oidc({ issuer: url, clientId: PAGE_CLIENT_ID, params: { prompt: "consent" }, ...given }),
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
 * doorkey Options for a server of the registry, by its preset where there is one; what `extra` sets wins.
 * @param {string} name @param {string} url @param {Record<string, any>} [extra]
 */
export function serverOptions(name, url, extra = {}) {
  const { flows, ...rest } = OPTIONS[name](url);
  return merge({ ...rest, ...extra }, flows ?? {});
}

const EMAIL = "{{ inputs.email }}";
const PASSWORD = "{{ inputs.password }}";
const ACCESS_TOKEN = "{{ session.accessToken }}";

/** What our servers are called with: most are their preset, and an address that tells whether one is signed in. @type {Record<string, (url: string) => any>} */
const OPTIONS = {
  oidcCode: (url) => ({ ...redirectOptions(url), endSession: false, flows: { check: { url: `${url}/api/me` } } }),
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
  simplejwt: (url) => ({ provider: providers.simplejwt({ url }), flows: django(url) }),
  oauthToolkit: (url) => ({ provider: providers.oauthToolkit({ url, clientId: CLIENT_ID }), flows: django(url) }),
  oauthToolkitCode: (url) => ({
    provider: providers.oauthToolkit({ url, clientId: PAGE_CLIENT_ID }),
    clientId: PAGE_CLIENT_ID,
    flows: {
      ...django(url),
      signin: [{ authorize: { endpoint: `${url}/o/authorize/`, token: `${url}/o/token/`, scope: "read" } }],
    },
  }),
  djRestAuth: (url) => ({ provider: providers.djRestAuth({ url, path: "/auth", jwt: true }) }),
  knox: (url) => ({ provider: providers.knox({ url, path: "/auth" }), flows: django(url) }),
  allauth: (url) => ({ provider: providers.allauth({ url }) }),
  allauthJwt: (url) => ({ provider: providers.allauth({ url, jwt: true }) }),
  flaskAppBuilder: (url) => ({ provider: providers.flaskAppBuilder({ url }), flows: { check: { url: `${url}/api/v1/account/` } } }),
  fastapiJwt: (url) => ({ provider: providers.fastapiUsers({ url }) }),
  fastapiDatabase: (url) => ({ provider: providers.fastapiUsers({ url, path: "/auth/database" }) }),
  fastapiCookie: (url) => ({ provider: providers.fastapiUsers({ url, path: "/auth/cookie", cookie: true }) }),
  pocketbase: (url) => ({
    provider: providers.pocketbase({ url }),
    flows: { check: { url: `${url}/api/collections/users/auth-refresh`, method: "POST" } },
  }),
  betterAuth: (url) => ({ provider: providers.betterAuth({ url }) }),
  directus: (url) => ({ provider: providers.directus({ url }) }),
  laravel: (url) => ({ provider: providers.sanctum({ url }) }),
  feathers: (url) => ({ provider: providers.feathers({ url }), flows: { check: { url: `${url}/users` } } }),
  jsonServerAuth: (url) => ({
    flows: { signin: { url: `${url}/login`, json: { email: EMAIL, password: PASSWORD } }, check: { url: `${url}/users/1` } },
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
    return {
      provider: providers.cognito({ url, region: "local", clientId }),
      // What is called at Cognito itself carries its token in the body, and is refused with 400.
      attach: { headers: {}, body: { AccessToken: ACCESS_TOKEN } },
      refresh: { when: "{{ response.status == 400 && (response.body.__type ?? '') == 'NotAuthorizedException' }}" },
    };
  },
};

/** @param {string} url */
const django = (url) => ({ check: { url: `${url}/api/me/` } });

/** @param {Record<string, any>} extra @param {Record<string, any>} flows */
function merge({ flows: ownFlows, pages: ownPages, ...rest }, flows) {
  return { ...rest, flows: { ...flows, ...ownFlows }, pages: { ...PAGES, ...ownPages } };
}
