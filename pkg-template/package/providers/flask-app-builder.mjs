// @ts-check
import { byName, checked, refreshToken } from "./given.mjs";

/**
 * Flask-AppBuilder, as in Superset and Airflow 2. `backend` is "db" or "ldap".
 * @param {{ url: string, backend?: string }} options
 */
export function flaskAppBuilder(options) {
  const { url, backend: provider = "db" } = checked(options, "url backend?");
  const base = `${url}/api/v1/security`;
  return {
    flows: {
      signin: { url: `${base}/login`, json: { ...byName, provider, refresh: true } },
      refresh: { url: `${base}/refresh`, method: "POST", headers: { Authorization: `Bearer ${refreshToken}` } },
    },
  };
}
