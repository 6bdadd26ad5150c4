// @ts-check
import { accessToken, byEither, checked, refreshToken, within } from "./given.mjs";

/**
 * Django REST framework with dj-rest-auth: its own tokens, or simplejwt's with `jwt`, which wants JWT_AUTH_HTTPONLY off.
 * @param {{ url: string, path?: string, jwt?: boolean }} options
 */
export function djRestAuth(options) {
  const { url, path = "/dj-rest-auth", jwt } = checked(options, "url path? jwt!");
  const base = `${url}${within(path)}/`;
  const json = jwt ? { refresh: refreshToken } : {};
  const flows = {
    signin: { url: `${base}login/`, json: byEither },
    revoke: { url: `${base}logout/`, json },
    check: { url: `${base}user/` },
  };
  return jwt
    ? { flows: { ...flows, refresh: { url: `${base}token/refresh/`, json } } }
    : { flows, tokens: { accessToken: "key" }, attach: { headers: { Authorization: `Token ${accessToken}` } } };
}
