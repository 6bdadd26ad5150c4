// @ts-check
import { generateKeyPairSync, randomBytes } from "node:crypto";

import { BROKER_CLIENT, CLIENT_ID, PAGE_CLIENT_ID } from "../options.mjs";
import { authenticate, USER } from "./account.mjs";
import { errorPage, logoutPage, signedOutPage } from "./page.mjs";
import { createStorage } from "./storage.mjs";

const { Provider, errors } = await importProvider();
// @ts-expect-error it has no types, and is what grants of one's own are to use
const { default: validateDpop } = await import("oidc-provider/lib/helpers/validate_dpop.js");

const SCOPES = ["openid", "offline_access", "email", "profile"];

/**
 * A real OpenID provider with rotation, reuse detection, revocation and introspection, and the password grant beside them.
 * @param {{ issuer: string, accessTtl: number, refreshTtl: number, originAllowed: (origin: string) => boolean, pushes: boolean, hasRsa: boolean, requiresNonce: boolean }} options
 *   lifetimes in seconds; pushes: the parameters of an authorization must come by RFC 9126; hasRsa: it signs for brokers with RS256; requiresNonce: proofs (RFC 9449) must have its nonce
 */
export function createProvider({ issuer, accessTtl, refreshTtl, originAllowed, pushes, hasRsa, requiresNonce }) {
  const storage = createStorage(() => new errors.InvalidGrant("refresh token already used"));
  const provider = new Provider(issuer, {
    adapter: /** @type {any} */ (storage.Adapter),
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: "none",
        // The playground's user may sign in here, too.
        grant_types: ["password", "authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: ["http://127.0.0.1/"],
        id_token_signed_response_alg: "ES256",
        scope: SCOPES.join(" "),
      },
      {
        client_id: PAGE_CLIENT_ID,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        // Those of the pages that are served beside it stand on whatever ports are free.
        redirect_uris: ["http://127.0.0.1/"],
        id_token_signed_response_alg: "ES256",
        scope: SCOPES.join(" "),
      },
      {
        client_id: BROKER_CLIENT.id,
        client_secret: BROKER_CLIENT.secret,
        grant_types: ["authorization_code"],
        response_types: ["code"],
        redirect_uris: ["http://127.0.0.1/"],
        id_token_signed_response_alg: hasRsa ? "RS256" : "ES256",
        scope: SCOPES.join(" "),
      },
    ],
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    scopes: SCOPES,
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // Who asks for a name finds it in the ID token, as with most providers.
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => (id === USER.id ? account() : undefined),
    jwks: { keys: hasRsa ? [signingKey(), rsaKey()] : [signingKey()] },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => requiresNonce },
      introspection: { enabled: true, allowedPolicy: () => true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: pushes, allowUnregisteredRedirectUris: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: signedOutPage },
      userinfo: { enabled: true },
    },
    renderError: errorPage,
    clientBasedCORS: (_ctx, origin) => originAllowed(origin),
    rotateRefreshToken: true,
    ttl: { AccessToken: accessTtl, IdToken: accessTtl, RefreshToken: refreshTtl, Grant: Math.max(refreshTtl, 86_400) },
    // The library forgives 15 s by default; an expired token would go on working.
    clockTolerance: 0,
    cookies: { keys: ["test servers keep no secrets"] },
  });
  const { prototype } = /** @type {any} */ (provider).Client;
  const isOurs = (/** @type {string} */ uri) => ["127.0.0.1", "localhost"].includes(new URL(uri).hostname);
  prototype.redirectUriAllowed = isOurs;
  prototype.postLogoutRedirectUriAllowed = isOurs;
  provider.registerGrantType("password", (ctx) => passwordGrant(provider, ctx), ["username", "password", "scope"]);
  provider.on("server_error", (_ctx, error) => console.error("oidc-provider:", error));
  return { provider, storage };
}

/** RFC 6749 section 4.3, made of the provider's own models, so that all later steps are the provider's. @param {any} provider @param {any} ctx */
async function passwordGrant(provider, ctx) {
  const { client, params } = ctx.oidc;
  const proof = await validateDpop(provider, ctx);
  for (const name of ["username", "password"]) {
    if (!params[name]) throw new errors.InvalidRequest(`missing required parameter(s) (${name})`);
  }
  const user = authenticate(params.username, params.password);
  if (!user) {
    const refused = new errors.InvalidGrant("wrong credentials");
    refused.error_description = "Wrong email or password.";
    throw refused;
  }
  const scope = params.scope ?? "openid";
  const scopes = scope.split(" ");
  const unknown = scopes.filter((/** @type {string} */ name) => !SCOPES.includes(name));
  if (unknown.length > 0) throw new errors.InvalidScope("requested scope is not allowed", unknown.join(" "));

  const grant = new provider.Grant({ accountId: user.id, clientId: client.clientId });
  grant.addOIDCScope(scope);
  const issued = { accountId: user.id, client, grantId: await grant.save(), gty: "password", scope };

  const accessToken = new provider.AccessToken(issued);
  const refreshToken = new provider.RefreshToken({ ...issued, authTime: Math.floor(Date.now() / 1000), rotations: 0 });
  if (proof) for (const token of [accessToken, refreshToken]) token.setThumbprint("jkt", proof.thumbprint);
  /** @type {Record<string, unknown>} */
  const body = { access_token: await accessToken.save(), expires_in: accessToken.expiration, scope, token_type: accessToken.tokenType };
  if (scopes.includes("offline_access")) {
    body.refresh_token = await refreshToken.save();
  }
  if (scopes.includes("openid")) {
    const idToken = new provider.IdToken(await account().claims(), { ctx });
    idToken.scope = scope;
    body.id_token = await idToken.issue({ use: "idtoken" });
  }
  ctx.body = body;
}

function account() {
  return { accountId: USER.id, claims: async () => ({ sub: USER.id, email: USER.email, email_verified: true, name: USER.name }) };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid: "test", alg: "ES256", use: "sig" };
}

/** It takes a moment to make. */
function rsaKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: "rsa", alg: "RS256", use: "sig" };
}

/** Everything used here works on Node 20, which oidc-provider warns of; its other warnings are let through. */
async function importProvider() {
  const { warn } = console;
  console.warn = (...args) => {
    if (!String(args[0]).includes("Unsupported runtime.")) warn(...args);
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}
