// @ts-check
import { BROKERED, back, bearer, broker, byMail, checked, include } from "./given.mjs";

/**
 * better-auth: by password with its plugin `bearer`, or with `cookie`; by `provider` with its cookie.
 * @param {import("./given.mjs").Brokered & { url: string, cookie?: boolean }} options
 */
export function betterAuth(options) {
  const { url, provider, cookie = !!provider, ...more } = checked(options, `url cookie! ${BROKERED}`);
  const base = `${url}/api/auth`;
  const by = cookie ? include : {};
  // Signed out is `null`, with status 200.
  const session = { url: `${base}/get-session`, ok: "{{ response.body != null && response.body.session.token != '' }}" };
  const social = { provider, callbackURL: back, errorCallbackURL: back, disableRedirect: true };
  return {
    flows: {
      signin: provider
        ? [
            { request: { url: `${base}/sign-in/social`, json: social, ...include } },
            broker(more, { endpoint: "{{ http1.body.url }}", token: false, answer: [], bind: "redirectUri", pkce: false }),
            { request: { ...session, ...include } },
          ]
        : { url: `${base}/sign-in/email`, json: byMail, ...by },
      refresh: cookie ? { ...session, ...include } : { ...session, headers: bearer },
      revoke: { url: `${base}/sign-out`, json: {}, ...by },
      check: { ...session, ...by },
    },
    ...(cookie && { tokens: /** @type {const} */ (false) }),
  };
}
