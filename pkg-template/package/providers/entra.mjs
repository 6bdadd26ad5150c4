// @ts-check
import { checked } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Microsoft Entra ID. `scope` is what the app's API is called there; who signs in and stays so is asked for besides. It takes no
 * tokens back.
 * @param {import("./oidc.mjs").Leaving & { tenant: string, clientId: string, scope: string }} options
 */
export function entra(options) {
  const { tenant, scope, ...more } = checked(options, `tenant ${CLIENT.replace("scope?", "scope")}`);
  const words = new Set(["openid", "offline_access", ...scope.split(" ")]);
  const { flows, ...rest } = at({ ...more, scope: [...words].join(" "), issuer: `https://login.microsoftonline.com/${tenant}/v2.0` });
  return { ...rest, flows: { signin: flows.signin, refresh: flows.refresh } };
}
