// @ts-check
import { BROKERED, back, bearer, broker, byMail, checked, refreshToken } from "./given.mjs";

/**
 * Supabase: by password, or by a provider that is turned on there. `key` is the publishable one.
 * @param {import("./given.mjs").Brokered & { url: string, key: string }} options
 */
export function supabase(options) {
  const { url, key: apikey, provider, ...more } = checked(options, `url key ${BROKERED}`);
  const base = `${url}/auth/v1`;
  const headers = { apikey };
  /** @param {string} grant @param {object} json */
  const token = (grant, json) => ({ url: `${base}/token?grant_type=${grant}`, headers, json });
  return {
    flows: {
      signin: provider
        ? [
            broker(more, {
              endpoint: `${base}/authorize`,
              params: { provider, redirect_to: back },
              bind: "redirectUri",
              // It marks its fragments by `sb`.
              answer: ["code", "error", "sb"],
              token: token("pkce", { auth_code: "{{ code }}", code_verifier: "{{ codeVerifier }}" }),
            }),
          ]
        : token("password", byMail),
      refresh: token("refresh_token", { refresh_token: refreshToken }),
      revoke: { url: `${base}/logout?scope=local`, method: "POST" },
      check: { url: `${base}/user` },
    },
    attach: { headers: { ...bearer, ...headers } },
    // Of a token that is past its time it says 403; of a right that is missing, too.
    refresh: {
      // By its later versions the code is a text, and `error_code` is not there.
      when: "{{ response.status == 403 && contains('bad_jwt session_not_found', response.body.error_code ?? response.body.code ?? '?') }}",
    },
  };
}
