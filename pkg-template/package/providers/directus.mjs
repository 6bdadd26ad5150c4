// @ts-check
import { BROKERED, back, broker, byMail, checked, include, refreshToken } from "./given.mjs";

/**
 * Directus: by password, or by a provider of its, whose session is a cookie.
 * @param {import("./given.mjs").Brokered & { url: string }} options
 */
export function directus(options) {
  const { url, provider, ...more } = checked(options, `url ${BROKERED}`);
  const base = `${url}/auth`;
  const mode = provider ? "session" : "json";
  const json = provider ? { mode } : { refresh_token: refreshToken, mode };
  const by = provider ? include : {};
  const refresh = { url: `${base}/refresh`, json, ...by };
  return {
    flows: {
      signin: provider
        ? [
            // Where it has an error to tell, it takes the query off the address to come back to.
            broker(more, {
              endpoint: `${base}/login/${provider}`,
              params: { redirect: back },
              pkce: false,
              bind: "tab",
              answer: [],
              // Where the provider said no there is no cookie, which Directus tells in words of its own.
              token: { ...refresh, message: "The sign-in was cancelled or refused." },
            }),
          ]
        : { url: `${base}/login`, json: byMail },
      refresh,
      // It refuses whoever comes with an access token that is past its time.
      revoke: { url: `${base}/logout`, attach: false, json, ...by },
      check: { url: `${url}/users/me`, ...by },
    },
    ...(provider && { tokens: /** @type {const} */ (false) }),
  };
}
