// @ts-check
import { BROKERED, back, broker, byMail, checked } from "./given.mjs";

/**
 * Xano, at the address of an API group: by its endpoints `auth/login` and `auth/me`, or by those of its template for a provider.
 * @param {import("./given.mjs").Brokered & { url: string }} options
 */
export function xano(options) {
  const { url, provider, ...more } = checked(options, `url ${BROKERED}`);
  const base = `${url}/oauth/${provider}`;
  const query = { redirect_uri: back };
  return {
    flows: {
      signin: provider
        ? [
            { request: { url: `${base}/init`, query } },
            // The address is called something else in each template. Our state goes to the provider, and comes back.
            broker(more, {
              endpoint: `{{ http1.body.authUrl ?? http1.body["${provider}_authurl"] ?? http1.body }}`,
              pkce: false,
              token: { url: `${base}/continue`, query: { code: "{{ code }}", ...query } },
            }),
          ]
        : { url: `${url}/auth/login`, json: byMail },
      check: { url: `${url}/auth/me` },
    },
  };
}
