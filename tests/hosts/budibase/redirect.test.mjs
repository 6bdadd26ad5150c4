import { atProvider, tellRedirect } from "../lib/redirect.mjs";
import { startBudibase } from "./harness.mjs";

// Its policy lets the page ask no provider: a query exchanges the code. Routes stand behind the hash, and the address to come
// back to has none: the app's first screen comes up.
tellRedirect("budibase", startBudibase, {
  signsOut: false,
  changes: async ({ config, server, source }, mode) => {
    const at = Object.entries(atProvider(server.url)).map(([text, own]) => [text, mode(own)]);
    const post = (path, fields) => ({
      method: "POST",
      url: server.url + path,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      json: `client_id=app&${fields}`,
    });
    return {
      body: await source({ '"./auth.js"': '"./auth-oidc.js"', ...Object.fromEntries(at) }),
      queries: {
        ...config.queries,
        query_code: post(
          "/token",
          "grant_type=authorization_code&code={{ code }}&code_verifier={{ code_verifier }}&redirect_uri={{ redirect_uri }}",
        ),
        query_refresh: post("/token", "grant_type=refresh_token&refresh_token={{ refresh_token }}"),
        query_revoke: post("/token/revocation", "token={{ refresh_token }}"),
      },
      pages: { ...config.pages, LoginPage: { components: [{ part: "loginwith" }] } },
      scripts: { loginWith: "return part('loginwith').leave()" },
    };
  },
});
