// @ts-check
import { accessToken, byEither, checked, refreshToken } from "./given.mjs";

/**
 * Django with allauth's headless mode, for apps: by its session token, or by the tokens of its JWT strategy.
 * @param {{ url: string, jwt?: boolean }} options
 */
export function allauth(options) {
  const { url, jwt } = checked(options, "url jwt!");
  const base = `${url}/_allauth/app/v1`;
  const signin = { url: `${base}/auth/login`, json: byEither };
  const session = { url: `${base}/auth/session` };
  // That nobody is signed in any more is said by 401.
  const end = { ...session, method: "DELETE", ok: "{{ response.status == 401 || response.status == 200 }}" };
  if (!jwt) {
    return {
      flows: { signin, revoke: end, check: session },
      tokens: { accessToken: "meta.session_token" },
      attach: { headers: { "X-Session-Token": accessToken } },
      // 403 is what Django REST framework says where no scheme is known; `check` tells it from one that only forbids.
      refresh: { when: "{{ response.status == 403 || response.status == 410 }}" },
    };
  }
  const refresh = { url: `${base}/tokens/refresh`, json: { refresh_token: refreshToken } };
  // A token that is past its time would end nothing, and be answered alike.
  const headers = { Authorization: "Bearer {{ http1.body.data.access_token }}" };
  return {
    flows: { signin, refresh, revoke: [{ request: { ...refresh, attach: false } }, { request: { ...end, headers } }], check: session },
  };
}
