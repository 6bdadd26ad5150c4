// @ts-check
// The presets that are OpenID providers: whose metadata they ask for, what the user is sent with, what is exchanged, refreshed,
// revoked and ended where. The providers are rebuilt from their documentation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leaving, PAGE } from "./providers/leaving.mjs";
import { jwt, params, providers } from "./providers/lib.mjs";

const clientId = "c1";
const URL_ = "https://id.example.com";
const now = Math.round(Date.now() / 1000);

/**
 * @type {Record<string, { provider: any, issuer: string, claimed?: string, metadata?: Record<string, string | undefined>, sent: object, more?: object, end: (idToken: string) => URL, revokes?: boolean }>}
 */
const PROVIDERS = {
  oidc: {
    provider: providers.oidc({ issuer: URL_, clientId, scope: "openid", params: { acr_values: "2" }, redirectUri: PAGE }),
    issuer: URL_,
    sent: { scope: "openid", acr_values: "2" },
    end: (hint) => ended(`${URL_}/end`, hint),
  },
  "Auth0, a tenant of before 2023": {
    provider: providers.auth0({ domain: "t.eu.auth0.com", clientId, audience: "https://api.example.com" }),
    issuer: "https://t.eu.auth0.com/",
    metadata: { end_session_endpoint: undefined },
    sent: { scope: "openid offline_access", audience: "https://api.example.com" },
    end: () => new URL(`https://t.eu.auth0.com/v2/logout?client_id=c1&returnTo=${encodeURIComponent(PAGE)}`),
  },
  Auth0: {
    provider: providers.auth0({ domain: "t.eu.auth0.com", clientId, params: { connection: "github" } }),
    issuer: "https://t.eu.auth0.com/",
    sent: { scope: "openid offline_access", connection: "github" },
    end: (hint) => ended("https://t.eu.auth0.com/end", hint),
  },
  Keycloak: {
    provider: providers.keycloak({ url: `${URL_}/`, realm: "main", clientId, params: { kc_idp_hint: "google" } }),
    issuer: `${URL_}/realms/main`,
    sent: { scope: "openid", kc_idp_hint: "google" },
    end: (hint) => ended(`${URL_}/realms/main/end`, hint),
  },
  "Entra, of any tenant": {
    provider: providers.entra({ tenant: "common", clientId, scope: "api://a/read openid" }),
    issuer: "https://login.microsoftonline.com/common/v2.0",
    claimed: "https://login.microsoftonline.com/{tenantid}/v2.0",
    metadata: { revocation_endpoint: undefined },
    sent: { scope: "openid offline_access api://a/read" },
    end: (hint) => ended("https://login.microsoftonline.com/common/v2.0/end", hint),
    revokes: false,
  },
  Okta: {
    provider: providers.okta({ domain: "t.okta.com", clientId, server: "default" }),
    issuer: "https://t.okta.com/oauth2/default",
    sent: { scope: "openid offline_access" },
    end: (hint) => ended("https://t.okta.com/oauth2/default/end", hint),
  },
  "Okta, the organization's server": {
    provider: providers.okta({ domain: "t.okta.com", clientId }),
    issuer: "https://t.okta.com",
    sent: { scope: "openid offline_access" },
    end: (hint) => ended("https://t.okta.com/end", hint),
  },
  Cognito: {
    provider: providers.cognito({ domain: "shop", region: "eu-west-1", poolId: "eu-west-1_x", clientId }),
    issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x",
    metadata: {
      authorization_endpoint: "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
      token_endpoint: "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token",
    },
    sent: { scope: "openid" },
    end: () => new URL(`https://shop.auth.eu-west-1.amazoncognito.com/logout?client_id=c1&logout_uri=${encodeURIComponent(PAGE)}`),
  },
  Zitadel: {
    provider: providers.zitadel({ domain: "t.zitadel.cloud", clientId }),
    issuer: "https://t.zitadel.cloud",
    sent: { scope: "openid offline_access" },
    end: (hint) => ended("https://t.zitadel.cloud/end", hint),
  },
  "Logto, for an API": {
    provider: providers.logto({ url: "https://t.logto.app", clientId, resource: "https://api.example.com" }),
    issuer: "https://t.logto.app/oidc",
    sent: { scope: "openid offline_access", prompt: "consent", resource: "https://api.example.com" },
    more: { resource: "https://api.example.com" },
    end: (hint) => ended("https://t.logto.app/oidc/end", hint),
  },
  authentik: {
    provider: providers.authentik({ url: URL_, slug: "shop", clientId }),
    issuer: `${URL_}/application/o/shop/`,
    sent: { scope: "openid offline_access" },
    end: (hint) => ended(`${URL_}/application/o/shop/end`, hint),
  },
};

/** @param {string} endpoint @param {string} hint */
function ended(endpoint, hint) {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries({ id_token_hint: hint, client_id: clientId, post_logout_redirect_uri: PAGE })) {
    url.searchParams.set(name, value);
  }
  return url;
}

for (const [name, { provider, issuer, claimed = issuer, metadata, sent, more = {}, end, revokes = true }] of Object.entries(PROVIDERS)) {
  test(`${name}: sign in, refresh, sign out there`, async () => {
    const base = issuer.replace(/\/$/, "");
    const endpoints = {
      authorization_endpoint: `${base}/auth`,
      token_endpoint: `${base}/token`,
      revocation_endpoint: `${base}/revoke`,
      end_session_endpoint: `${base}/end`,
      userinfo_endpoint: `${base}/me`,
      ...metadata,
    };
    /** @type {import("./providers/lib.mjs").Answer[]} */
    const tokens = [];
    const session = leaving(provider, {
      [`GET ${base}/.well-known/openid-configuration`]: [200, { issuer: claimed, ...endpoints }],
      [`POST ${endpoints.token_endpoint}`]: tokens,
      [`POST ${endpoints.revocation_endpoint}`]: [200, ""],
    });
    const to = await session.leave();
    assert.equal(to.origin + to.pathname, endpoints.authorization_endpoint);
    const { state, nonce, code_challenge: challenge, ...rest } = params(to);
    assert.ok(state && challenge && nonce);
    assert.deepEqual(rest, { response_type: "code", client_id: clientId, redirect_uri: PAGE, code_challenge_method: "S256", ...sent });
    session.asked();

    const iss = claimed.replace("{tenantid}", "9188");
    const id = jwt({ iss, tid: "9188", aud: clientId, sub: "1", nonce, iat: now, exp: now + 600 });
    tokens.push([200, { access_token: "a1", refresh_token: "r1", id_token: id, expires_in: 600, token_type: "Bearer" }]);
    await session.comeBack(`${PAGE}?code=x&state=${state}`);
    const [{ form }] = session.asked();
    const { code_verifier: verifier, ...exchanged } = form;
    assert.ok(verifier);
    assert.deepEqual(exchanged, { grant_type: "authorization_code", code: "x", redirect_uri: PAGE, client_id: clientId, ...more });

    tokens.splice(0, 1, [200, { access_token: "a2", expires_in: 600, token_type: "Bearer" }]);
    await session.auth.refreshAccessToken({ force: true });
    assert.deepEqual(session.asked(), [
      {
        to: `POST ${endpoints.token_endpoint}`,
        form: { grant_type: "refresh_token", refresh_token: "r1", client_id: clientId, ...more },
      },
    ]);

    session.auth.logout().catch(() => {});
    while (session.left.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(
      session.asked(),
      revokes ? [{ to: `POST ${endpoints.revocation_endpoint}`, form: { token: "r1", client_id: clientId } }] : [],
    );
    const left = new URL(/** @type {string} */ (session.left.at(-1)));
    if (left.searchParams.has("state")) left.searchParams.delete("state");
    assert.equal(left.href, end(id).href);
    session.end();
  });
}
