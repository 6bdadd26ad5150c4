// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Logto. Without a resource (RFC 8707), an API's identifier there, its access tokens are of use to Logto alone.
 * @param {import("./oidc.mjs").Leaving & { url: string, clientId: string, resource?: string }} options
 */
export function logto(options) {
  const { url, resource, ...more } = checked(options, `url resource? ${CLIENT}`);
  // It gives refresh tokens only to whom it has asked for consent.
  const params = { prompt: "consent", ...more.params };
  return at({ ...more, params, issuer: `${url}/oidc` }, resource ? { resource } : undefined);
}
