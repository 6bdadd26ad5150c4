// @ts-check
/** better-auth in memory, with the embedded provider as one of its own, for pages of one origin. */
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { genericOAuth } from "better-auth/plugins";
import { BROKER_CLIENT } from "../options.mjs";

/** @param {string} issuer @param {string} page the origin of the app */
export async function startBetterAuth(issuer, page) {
  /** @type {{ method?: string, path?: string }[]} */
  const requests = [];
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  const auth = betterAuth({
    baseURL: url,
    secret: "test servers keep no secrets, and this is long enough",
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    trustedOrigins: [page],
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: "op",
            discoveryUrl: `${issuer}/.well-known/openid-configuration`,
            clientId: BROKER_CLIENT.id,
            clientSecret: BROKER_CLIENT.secret,
            scopes: ["openid", "email", "profile"],
            pkce: true,
          },
        ],
      }),
    ],
  });
  const handle = toNodeHandler(auth);
  server.on("request", (request, response) => {
    if (request.headers.origin === page) {
      response.setHeader("Access-Control-Allow-Origin", page);
      response.setHeader("Access-Control-Allow-Credentials", "true");
      response.setHeader("Access-Control-Allow-Headers", "content-type");
    }
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    requests.push({ method: request.method, path: request.url?.split("?")[0] });
    handle(request, response);
  });
  return {
    url,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
