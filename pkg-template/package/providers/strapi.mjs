// @ts-check
import { BROKERED, back, broker, byMail, checked, include, refreshToken } from "./given.mjs";

/**
 * Strapi: by password, or, from 5.53 on, by a provider that is turned on there. It refreshes where its sessions are in the mode "refresh".
 * @param {import("./given.mjs").Brokered & { url: string }} options
 */
export function strapi(options) {
  const { url, provider, ...more } = checked(options, `url ${BROKERED}`);
  const { email: identifier, password } = byMail;
  const base = `${url}/api/auth`;
  return {
    flows: {
      signin: provider
        ? [
            // It takes the query off the address to come back to, and says nothing there: the cookie is the answer.
            broker(more, {
              endpoint: `${url}/api/connect/${provider}`,
              params: { callback: back },
              pkce: false,
              bind: "tab",
              answer: [],
              token: { url: `${base}/${provider}/callback`, ...include },
            }),
          ]
        : { url: `${base}/local`, json: { identifier, password } },
      refresh: { url: `${base}/refresh`, json: { refreshToken } },
      revoke: { url: `${base}/logout`, json: {} },
      check: { url: `${url}/api/users/me` },
    },
  };
}
