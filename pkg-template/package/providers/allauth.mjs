// @ts-check
import { accessToken, byEither, checked, refreshToken } from "./given.mjs";

/**
 * Django with allauth's headless mode, for apps: by its session token, or by the tokens of its JWT strategy.
 * @param {{ url: string, jwt?: boolean }} options
 */
export function allauth(options) {
  const { url, jwt } = checked(options, "url jwt!");
  const base = `${url}/_allauth/app/v1`;
  const session = { url: `${base}/auth/session` };
  const signin = { url: `${base}/auth/login`, json: byEither };
  if (jwt) return { flows: { signin, refresh: { url: `${base}/tokens/refresh`, json: { refresh_token: refreshToken } } } };
  return {
    flows: {
      signin,
      // That nobody is signed in any more is said by 401.
      revoke: { ...session, method: "DELETE", ok: "{{ response.status == 401 || response.status == 200 }}" },
      check: session,
    },
    tokens: { accessToken: "meta.session_token" },
    attach: { headers: { "X-Session-Token": accessToken } },
    refresh: { status: [401, 403, 410] },
  };
}
