// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Okta. `server` is an authorization server's id; without one it is the organization's own, whose access tokens only Okta reads.
 * @param {import("./oidc.mjs").Leaving & { domain: string, clientId: string, server?: string }} options
 */
export function okta(options) {
  const { domain, server, ...more } = checked(options, `domain server? ${CLIENT}`);
  return at({ ...more, issuer: `https://${domain}${server ? `/oauth2/${server}` : ""}` });
}
