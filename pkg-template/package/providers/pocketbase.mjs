// @ts-check
import { BROKERED, back, bearer, broker, byMail, checked } from "./given.mjs";

/**
 * PocketBase: by password, or by a provider of the collection. `pkce: false` where PKCE is turned off for the provider there.
 * @param {import("./given.mjs").Brokered & { url: string, collection?: string, pkce?: boolean }} options
 */
export function pocketbase(options) {
  const { url, collection = "users", provider, pkce, ...more } = checked(options, `url collection? pkce! ${BROKERED}`);
  const base = `${url}/api/collections/${collection}`;
  const { email: identity, password } = byMail;
  const json = { provider, code: "{{ code }}", codeVerifier: "{{ codeVerifier }}", redirectURL: back };
  return {
    flows: {
      signin: provider
        ? [
            { request: { url: `${base}/auth-methods` } },
            broker(more, {
              endpoint: `{{ find(http1.body.oauth2.providers, "name", "${provider}").authURL }}`,
              pkce,
              token: { url: `${base}/auth-with-oauth2`, json },
            }),
            // The provider's own tokens come along.
            { define: { refreshToken: "{{ null }}" } },
          ]
        : { url: `${base}/auth-with-password`, json: { identity, password } },
      refresh: { url: `${base}/auth-refresh`, method: "POST", headers: bearer },
    },
  };
}
