// The origins of a harness: the builder's own, and CDNs that serve the packed package and fixtures.

import { createServer } from "node:http";

import { build } from "esbuild";

/** @type {Record<string, string>} */
const types = { html: "text/html", js: "text/javascript", mjs: "text/javascript", json: "application/json", wasm: "application/wasm" };
const typeOf = (/** @type {string} */ path) => types[path.split(".").at(-1) ?? ""] ?? "text/plain";

/** @typedef {{ status?: number, type?: string, body?: string | Buffer, headers?: Record<string, string> }} Served */

/**
 * Listens on a free port of the loopback.
 * @param {(path: string) => Served} answer
 */
export async function listen(answer) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const { status = 200, type = typeOf(pathname), body, headers } = answer(pathname);
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff", ...headers }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  return {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`,
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

export const notFound = { status: 404, type: "text/plain", body: "not found" };

/**
 * A CDN: `/npm/doorkey@<version>/<file>` from the package, anything else from `fixtures`.
 * @param {{ files?: ReturnType<typeof import("./package.mjs").unpackPackage>, fixtures?: Record<string, string | Served>, cors: boolean }} given
 */
export async function serveCdn({ files, fixtures = {}, cors }) {
  /** @type {Record<string, string>} */
  const headers = cors ? { "access-control-allow-origin": "*" } : {};
  // A fixture may name the CDN that it lies on.
  const placed = (/** @type {string | Buffer | undefined} */ body) =>
    typeof body === "string" ? body.replaceAll("@cdn", server.url) : body;
  const server = await listen((path) => {
    const inPackage = /^\/npm\/doorkey@[^/]+\/(.+)$/.exec(path)?.[1];
    if (inPackage && files) return { type: typeOf(inPackage), body: files.read(inPackage), headers };
    const fixture = fixtures[path];
    if (fixture === undefined) return { ...notFound, headers };
    if (typeof fixture === "string") return { type: typeOf(path), body: placed(fixture), headers };
    return { ...fixture, body: placed(fixture.body), headers };
  });
  return server;
}

/**
 * One script of the harness with all that it imports.
 * @param {string} entry
 * @param {import("esbuild").BuildOptions} [options]
 */
export async function bundle(entry, options) {
  const made = await build({ entryPoints: [entry], bundle: true, format: "iife", logLevel: "error", ...options, write: false });
  return made.outputFiles[0].text;
}
