// @ts-check
/** better-auth in memory, with the embedded provider as one of its own, for pages of one origin. */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { matrixFolders } from "../lib.mjs";
import { BROKER_CLIENT } from "../options.mjs";

/** A module of those that set-up has installed for the matrix. @param {string} name */
const load = (name) => import(pathToFileURL(createRequire(join(matrixFolders().modules, "package.json")).resolve(name)).href);

/** @param {string} issuer @param {string} page the origin of the app */
export async function startBetterAuth(issuer, page) {
  const { betterAuth } = await load("better-auth");
  const { memoryAdapter } = await load("better-auth/adapters/memory");
  const { toNodeHandler } = await load("better-auth/node");
  const { genericOAuth } = await load("better-auth/plugins");
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
