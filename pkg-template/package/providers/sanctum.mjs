// @ts-check
import { byMail, checked, include, within } from "./given.mjs";

/**
 * Laravel with Sanctum for pages: a session in a cookie, and one against forged requests beside it.
 * @param {{ url: string, user?: string }} options
 */
export function sanctum(options) {
  const { url, user = "/api/user" } = checked(options, "url user?");
  // Laravel answers with redirects to whoever does not ask for JSON.
  const more = { ...include, headers: { Accept: "application/json" } };
  const cookie = { request: { url: `${url}/sanctum/csrf-cookie`, ...more } };
  const me = { url: url + within(user), ...more };
  return {
    flows: {
      signin: [cookie, { request: { url: `${url}/login`, json: byMail, ...more } }],
      refresh: [cookie, { request: me }],
      revoke: { url: `${url}/logout`, method: "POST", ...more },
      check: me,
    },
    tokens: /** @type {const} */ (false),
    attach: { headers: { Accept: "application/json" }, csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" } },
    refresh: { status: [401, 419] },
  };
}
