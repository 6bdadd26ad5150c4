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

/** @param {Record<string, any>} extra @param {Record<string, any>} flows */
function merge({ flows: ownFlows, pages: ownPages, ...rest }, flows) {
  return { ...rest, flows: { ...flows, ...ownFlows }, pages: { ...PAGES, ...ownPages } };
}
