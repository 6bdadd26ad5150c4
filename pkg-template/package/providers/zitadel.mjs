// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Zitadel, in its cloud or one's own.
 * @param {import("./oidc.mjs").Leaving & { domain: string, clientId: string }} options
 */
export function zitadel(options) {
  const { domain, ...more } = checked(options, `domain ${CLIENT}`);
  return at({ ...more, issuer: `https://${domain}` });
}
