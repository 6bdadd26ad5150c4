// The auth server as the guides draw it, JSON in and JSON out; each request is passed on to the real server.

import { createServer } from "node:http";

const client = { client_id: "playground" };
/** @type {Record<string, (given: Record<string, string>) => [string, Record<string, string>]>} */
const routes = {
  password: ({ email, password }) => [
    "/token",
    { ...client, grant_type: "password", scope: "openid offline_access", username: email, password },
  ],
  refresh_token: ({ refresh_token }) => ["/token", { ...client, grant_type: "refresh_token", refresh_token }],
  logout: ({ refresh_token }) => ["/token/revocation", { ...client, token: refresh_token }],
};
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, *",
  "access-control-expose-headers": "*",
};

/** @param {string} issuer */
export async function startGateway(issuer) {
  const server = createServer(async (request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    const { pathname, searchParams } = new URL(request.url ?? "/", issuer);
    if (pathname.startsWith("/api/"))
      return pass(response, await ask(issuer + pathname, { headers: { authorization: request.headers.authorization ?? "" } }));
    const chunks = await request.toArray();
    // GoTrue signs nobody out who does not show the access token.
    if (pathname.endsWith("/logout") && !/^Bearer [^ ]+$/.test(request.headers.authorization ?? ""))
      return response.writeHead(401, { "content-type": "application/json", ...cors }).end('{"code":401,"error_code":"no_authorization"}');
    const [path, form] = routes[searchParams.get("grant_type") ?? "logout"](JSON.parse(Buffer.concat(chunks).toString()));
    return pass(response, await ask(issuer + path, { method: "POST", body: new URLSearchParams(form) }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  return {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`,
    stop: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

/** An answer, or undefined when the server cuts the connection. */
const ask = (/** @type {string} */ url, /** @type {RequestInit} */ init) => fetch(url, init).catch(() => undefined);

/** @param {import("node:http").ServerResponse} response @param {Response | undefined} answer */
async function pass(response, answer) {
  if (!answer) return response.destroy();
  const headers = { "content-type": answer.headers.get("content-type") ?? "text/plain", ...cors };
  return response.writeHead(answer.status, headers).end(await answer.text());
}

/** The refreshes that reached the server. @param {{ log(): Promise<import("../../servers/lib.mjs").Entry[]> }} server */
export const refreshes = async (server) => (await server.log()).filter(({ grant }) => grant === "refresh_token");

/** Every token in a value: the long random words under a token's name. @param {unknown} value */
export function tokensIn(value) {
  /** @type {string[]} */
  const texts = [];
  JSON.stringify(value, (key, each) => {
    if (typeof each === "string" && /token$/i.test(key) && each.length > 20) texts.push(each);
    return each;
  });
  return [...new Set(texts)];
}
