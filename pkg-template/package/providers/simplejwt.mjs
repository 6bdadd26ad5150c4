// @ts-check
import { AuthError } from "../error.mjs";

/**
 * Django REST framework with simplejwt, at the paths of its documentation. Revoking needs its blacklist app; where
 * that is not installed, `logout` says `revoked: false`.
 * @param {{ url: string, path?: string, usernameField?: string }} options
 */
export function simplejwt({ url, path = "/api/token/", usernameField = "username" }) {
  for (const [name, given] of [
    ["url", url],
    ["path", path],
  ]) {
    if (typeof given !== "string") throw new AuthError("ERR_INVALID_OPTION", "must be a text", { path: name });
  }
  // Django redirects a path without its last slash, and a redirected POST loses its body.
  const base = `${url.replace(/\/+$/, "")}/${path.replace(/^\/+|\/+$/g, "")}/`;
  return {
    flows: {
      signin: { url: base, json: { [usernameField]: "{{ inputs.username ?? inputs.email }}", password: "{{ inputs.password }}" } },
      refresh: { url: `${base}refresh/`, json: { refresh: "{{ session.refreshToken }}" } },
      revoke: { url: `${base}blacklist/`, json: { refresh: "{{ session.refreshToken }}" } },
    },
  };
}
