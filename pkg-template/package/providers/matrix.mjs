// @ts-check
import { byName, checked, refreshToken } from "./given.mjs";

/**
 * A Matrix homeserver.
 * @param {{ url: string }} options
 */
export function matrix(options) {
  const base = `${checked(options, "url").url}/_matrix/client/v3`;
  const { username: user, password } = byName;
  const identifier = { type: "m.id.user", user };
  return {
    flows: {
      signin: { url: `${base}/login`, json: { type: "m.login.password", identifier, password, refresh_token: true } },
      refresh: { url: `${base}/refresh`, json: { refresh_token: refreshToken } },
      revoke: { url: `${base}/logout`, json: {} },
      check: { url: `${base}/account/whoami` },
    },
  };
}
