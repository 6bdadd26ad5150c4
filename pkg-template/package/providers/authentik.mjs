// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * authentik, an application of it.
 * @param {import("./oidc.mjs").Leaving & { url: string, slug: string, clientId: string }} options
 */
export function authentik(options) {
  const { url, slug, ...more } = checked(options, `url slug ${CLIENT}`);
  return at({ ...more, issuer: `${url}/application/o/${slug}/` });
}
