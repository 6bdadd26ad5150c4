// @ts-check
// A front before a server, for browsers whose driver tells nothing of the console: each page of it tells what has gone wrong in it.

import { createServer } from "node:http";

/** First in the head of each page: errors nobody caught, console errors, and what a policy has stopped. */
const HEAR = `
  const tell = (kind, what) => navigator.sendBeacon("/heard", location.pathname + ": " + kind + ": " + what + " " + (what?.stack ?? ""));
  addEventListener("error", ({ error, message }) => tell("uncaught", error ?? message));
  addEventListener("unhandledrejection", ({ reason }) => tell("unhandled", reason));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => tell("policy", violatedDirective + " " + blockedURI));
  const { error } = console;
  console.error = (...told) => { tell("console", told.map(String).join(" ")); error(...told); };`;

/**
 * @param {string} behind the address of the server
 * @param {Record<string, { type: string, body: string }>} own pages that it has besides
 */
export async function startFront(behind, own = {}) {
  /** @type {string[]} */
  const heard = [];
  const files = { ...own, "/hear.js": { type: "text/javascript", body: HEAR } };
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    if (path === "/heard") {
      for await (const part of request) heard.push(String(part));
      return response.writeHead(204).end();
    }
    const file = /** @type {Record<string, { type: string, body: string } | undefined>} */ (files)[path];
    const answer = file ? undefined : await fetch(behind + path, { redirect: "manual" });
    const type = file?.type ?? answer?.headers.get("content-type") ?? "application/octet-stream";
    const body = file ? Buffer.from(file.body) : Buffer.from((await answer?.arrayBuffer()) ?? []);
    for (const name of ["content-security-policy", "location"]) {
      const value = answer?.headers.get(name);
      if (value) response.setHeader(name, value);
    }
    response.writeHead(answer?.status ?? 200, { "Content-Type": type, "Cache-Control": "no-store" });
    response.end(type.startsWith("text/html") ? String(body).replace(/<head>/i, '$&<script src="/hear.js"></script>') : body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}
