// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Auth0. Without an audience its access tokens are of use to Auth0 alone.
 * @param {import("./oidc.mjs").Leaving & { domain: string, clientId: string, audience?: string }} options
 */
export function auth0(options) {
  const { domain, audience, params, ...more } = checked(options, `domain audience? ${CLIENT}`);
  const old = `https://${domain}/v2/logout?client_id=${encodeURIComponent(more.clientId)}&returnTo=`;
  return {
    ...at({ ...more, issuer: `https://${domain}/`, params: { ...(audience && { audience }), ...params } }),
    // Older tenants end sessions in their own way alone, and do not say so in their metadata.
    endSession: { endpoint: `{{ metadata.end_session_endpoint ?? concat("${old}", encodeURIComponent(redirectUri)) }}` },
  };
}
