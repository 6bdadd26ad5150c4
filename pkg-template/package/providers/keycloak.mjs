// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Keycloak, from 17 on; before that the address ends in `/auth`. It gives refresh tokens without being asked for them.
 * @param {import("./oidc.mjs").Leaving & { url: string, realm: string, clientId: string }} options
 */
export function keycloak(options) {
  const { url, realm, ...more } = checked(options, `url realm ${CLIENT}`);
  return at({ scope: "openid", ...more, issuer: `${url}/realms/${realm}` });
}
