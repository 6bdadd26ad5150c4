// @ts-check
import { accessToken, checked, within } from "./given.mjs";

/**
 * Django REST framework with knox, whose sign-in takes HTTP's Basic scheme.
 * @param {{ url: string, path?: string }} options
 */
export function knox(options) {
  const { url, path = "/api/auth" } = checked(options, "url path?");
  const base = `${url}${within(path)}/`;
  const Authorization = "Basic {{ base64(concat(inputs.username ?? inputs.email, ':', inputs.password)) }}";
  return {
    flows: {
      signin: { url: `${base}login/`, method: "POST", headers: { Authorization } },
      revoke: { url: `${base}logout/`, method: "POST" },
    },
    tokens: { accessToken: "token", expiresAt: "expiry" },
    attach: { headers: { Authorization: `Token ${accessToken}` } },
  };
}
