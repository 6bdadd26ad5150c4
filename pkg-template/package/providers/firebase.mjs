// @ts-check
import { accessToken, BROKERED, back, broker, byMail, checked, refreshToken } from "./given.mjs";

/**
 * Firebase Authentication, Identity Platform. `key` is the web app's; `url` is that of an emulator.
 * @param {import("./given.mjs").Brokered & { key: string, url?: string }} options
 */
export function firebase(options) {
  const { key, url, provider, ...more } = checked(options, `key url? ${BROKERED}`);
  const at = (/** @type {string} */ host) => `${url ? `${url}/` : "https://"}${host}.googleapis.com/v1/`;
  /** @param {string} method @param {object} json */
  const call = (method, json) => ({ url: `${at("identitytoolkit")}accounts:${method}?key=${key}`, json });
  const secure = { returnSecureToken: true };
  const providerId = provider?.includes(".") ? provider : `${provider}.com`;
  const session = { requestUri: "{{ url }}", sessionId: "{{ http1.body.sessionId }}" };
  return {
    flows: {
      signin: provider
        ? [
            { request: call("createAuthUri", { providerId, continueUri: back, authFlowType: "CODE_FLOW" }) },
            // The state in it is Firebase's, and bound to its session.
            broker(more, {
              endpoint: "{{ http1.body.authUri }}",
              pkce: false,
              bind: "tab",
              token: call("signInWithIdp", { ...session, ...secure }),
            }),
          ]
        : call("signInWithPassword", { ...byMail, ...secure }),
      refresh: { url: `${at("securetoken")}token?key=${key}`, form: { grant_type: "refresh_token", refresh_token: refreshToken } },
      check: { ...call("lookup", { idToken: accessToken }), attach: false },
    },
  };
}
