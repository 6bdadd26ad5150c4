// @ts-check
import { byMail, checked, include, within } from "./given.mjs";

/**
 * fastapi-users, at the paths of its documentation: a bearer transport, or one by cookie.
 * @param {{ url: string, path?: string, cookie?: boolean }} options
 */
export function fastapiUsers(options) {
  const { url, path = "/auth/jwt", cookie } = checked(options, "url path? cookie!");
  const base = `${url}${within(path)}`;
  const more = cookie ? include : {};
  const { email: username, password } = byMail;
  return {
    flows: {
      signin: { url: `${base}/login`, form: { username, password }, ...more },
      revoke: { url: `${base}/logout`, method: "POST", ...more },
      check: { url: `${url}/users/me`, ...more },
    },
    ...(cookie && { tokens: /** @type {const} */ (false) }),
  };
}
