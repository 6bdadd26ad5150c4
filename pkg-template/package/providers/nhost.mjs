// @ts-check
import { BROKERED, back, broker, byMail, checked, noChallenge, refreshToken } from "./given.mjs";

/**
 * Nhost, at the address of its auth service, without the version: by password, or by a provider that is turned on there.
 * @param {import("./given.mjs").Brokered & { url: string }} options
 */
export function nhost(options) {
  const { url, provider, ...more } = checked(options, `url ${BROKERED}`);
  const base = `${url}/v1`;
  const json = { refreshToken };
  return {
    flows: {
      signin: provider
        ? [
            broker(more, {
              endpoint: `${base}/signin/provider/${provider}`,
              // What it says beside an error goes from the address, too.
              answer: ["code", "error", "errorDescription", ...["", "_description", "_url"].map((part) => `provider_error${part}`)],
              params: { redirectTo: back, codeChallenge: "{{ codeChallenge }}", redirect_uri: null, ...noChallenge },
              token: { url: `${base}/token/exchange`, json: { code: "{{ code }}", codeVerifier: "{{ codeVerifier }}" } },
            }),
          ]
        : { url: `${base}/signin/email-password`, json: byMail },
      refresh: { url: `${base}/token`, json },
      revoke: { url: `${base}/signout`, attach: false, json },
    },
  };
}
