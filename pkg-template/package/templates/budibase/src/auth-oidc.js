// In place of auth.js: people sign in at an OpenID provider. Its addresses stand here, since Budibase's policy lets the page
// ask nobody for them, and the code that comes back is exchanged by a query.
import { accessToken, configure, guard, hosts, logout, run, signin } from "doorkey";

/** Every part of the plugin calls it first, with getContext("sdk"). */
export function open(sdk) {
  const host = hosts.budibase(sdk);
  configure({
    host,
    flows: {
      signin: [
        {
          authorize: {
            endpoint: "https://id.example.com/auth",
            clientId: "your-client-id",
            scope: "offline_access",
            token: false,
          },
        },
        {
          query: "query_code",
          params: {
            code: "{{ authorize1.code }}",
            code_verifier: "{{ authorize1.codeVerifier }}",
            redirect_uri: "{{ authorize1.redirectUri }}",
          },
        },
      ],
      refresh: [{ query: "query_refresh", params: "{{ inputs }}" }],
      revoke: [{ query: "query_revoke", params: "{{ inputs }}" }],
    },
    // Budibase puts the answer of a REST query into a list.
    tokens: { accessToken: "data.0.access_token", refreshToken: "data.0.refresh_token", expiresIn: "data.0.expires_in" },
    pages: { home: "/dashboard", login: "/loginpage" },
    expose: { accessToken: "accesstoken" },
  });
  /** Runs a query whose parameter `token` stands in its header Authorization: `Bearer {{ token }}`. */
  const load = (query) => run({ run: async () => host.run(query, { token: await accessToken() }) });
  return { guard, load, logout, signin };
}
