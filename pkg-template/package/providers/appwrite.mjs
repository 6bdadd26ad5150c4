// @ts-check
import { BROKERED, back, broker, byMail, checked, include } from "./given.mjs";

/**
 * Appwrite, at its address with the version (`…/v1`): by password, or by a provider that is turned on there. The session is a cookie.
 * @param {import("./given.mjs").Brokered & { url: string, project: string }} options
 */
export function appwrite(options) {
  const { url, project, provider, ...more } = checked(options, `url project ${BROKERED}`);
  const account = `${url}/account`;
  const headers = { "X-Appwrite-Project": project };
  const session = `${account}/sessions/`;
  /** @param {string} path @param {object} json */
  const create = (path, json) => [
    { request: { url: session + path, headers, json, ...include } },
    // Where the browser takes no cookie of another site, it may be sent as a header.
    { define: { FALLBACK_COOKIES: "{{ http1.headers['x-fallback-cookies'] ?? '' }}" }, secret: true },
  ];
  return {
    flows: {
      signin: provider
        ? [
            broker(more, {
              endpoint: `${account}/tokens/oauth2/${provider}`,
              params: { project, success: back, failure: back },
              pkce: false,
              bind: "redirectUri",
              answer: ["userId", "secret"],
              token: false,
            }),
            ...create("token", { userId: "{{ authorize1.userId }}", secret: "{{ authorize1.secret }}" }),
          ]
        : create("email", byMail),
      refresh: { url: `${session}current`, method: "PATCH", attach: true, ...include },
      revoke: { url: `${session}current`, method: "DELETE", ...include },
      check: { url: account, ...include },
    },
    tokens: /** @type {const} */ (false),
    attach: { headers: { ...headers, "X-Fallback-Cookies": "{{ FALLBACK_COOKIES ?? '' }}" } },
  };
}
