// @ts-check
import { byName, checked, refreshToken, within } from "./given.mjs";

/**
 * Django REST framework with simplejwt, at the paths of its documentation. Revoking needs its blacklist app; where
 * that is not installed, `logout` says `revoked: false`.
 * @param {{ url: string, path?: string, usernameField?: string }} options
 */
export function simplejwt(options) {
  const { url, path = "/api/token", usernameField = "username" } = checked(options, "url path? usernameField?");
  // Django redirects a path without its last slash, and a redirected POST loses its body.
  const base = `${url}${within(path)}/`;
  const { username, password } = byName;
  const json = { refresh: refreshToken };
  return {
    flows: {
      signin: { url: base, json: { [usernameField]: username, password } },
      refresh: { url: `${base}refresh/`, json },
      revoke: { url: `${base}blacklist/`, json },
    },
  };
}
