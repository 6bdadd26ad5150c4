// @ts-check
import { byName, checked, refreshToken, within } from "./given.mjs";

/**
 * Django OAuth Toolkit, by its password grant, for a public client. By redirect it is a server like any other: `oidc`.
 * @param {{ url: string, clientId: string, path?: string, scope?: string }} options
 */
export function oauthToolkit(options) {
  const { url, clientId, path = "/o", scope } = checked(options, "url clientId path? scope?");
  const base = `${url}${within(path)}/`;
  const client = { client_id: clientId };
  return {
    flows: {
      signin: { url: `${base}token/`, form: { grant_type: "password", ...client, ...byName, scope } },
      refresh: { url: `${base}token/`, form: { grant_type: "refresh_token", ...client, refresh_token: refreshToken } },
      revoke: { url: `${base}revoke_token/`, attach: false, form: { ...client, token: refreshToken } },
    },
  };
}
