// The origins of a harness: the app's own, and two CDNs that serve the packed package, one with CORS, one without.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { build } from "esbuild";
import { findTarball } from "../../servers/package.mjs";

const here = import.meta.dirname;
const root = resolve(here, "../../..");

/** Unpacks what `npm run pack` made: what is published is what is tested. */
export function unpackPackage() {
  const tarball = findTarball();
  const folder = mkdtempSync(join(tmpdir(), "doorkey-appsmith-"));
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return {
    version,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    path: (path) => join(folder, path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const types = { html: "text/html", js: "text/javascript", mjs: "text/javascript", json: "application/json", wasm: "application/wasm" };
const typeOf = (path) => types[path.split(".").at(-1)] ?? "text/plain";

async function listen(answer) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const { status = 200, type, body, headers } = answer(pathname);
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff", ...headers }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

const notFound = { status: 404, type: "text/plain", body: "not found" };

/** The app's origin: every page of every app is the same document. */
export async function serveApp(contentSecurityPolicy = "frame-ancestors 'self'") {
  const strict = { js: '"use strict";' };
  const bundle = await build({ entryPoints: [join(here, "worker.js")], bundle: true, format: "iife", banner: strict, write: false, logLevel: "error" });
  const files = {
    "/evaluation.worker.js": bundle.outputFiles[0].text,
    "/page.mjs": readFileSync(join(here, "page.mjs"), "utf8"),
  };
  const html = '<!doctype html><link rel="icon" href="data:,"><title>Appsmith</title><script type="module" src="/page.mjs"></script>';
  const headers = { "content-security-policy": contentSecurityPolicy };
  return listen((path) => {
    if (files[path]) return { type: "text/javascript", body: files[path], headers };
    return path.startsWith("/app/") ? { type: "text/html", body: html, headers } : notFound;
  });
}

/**
 * A CDN: `/npm/doorkey@<version>/<file>` from the package, anything else from `fixtures`.
 * @param {{ files?: ReturnType<typeof unpackPackage>, fixtures?: Record<string, string | { body: string, type: string }>, cors: boolean }} given
 */
export async function serveCdn({ files, fixtures = {}, cors }) {
  const headers = cors ? { "access-control-allow-origin": "*" } : {};
  return listen((path) => {
    const inPackage = /^\/npm\/doorkey@[^/]+\/(.+)$/.exec(path)?.[1];
    if (inPackage && files) return { type: typeOf(inPackage), body: files.read(inPackage), headers };
    const fixture = fixtures[path];
    if (fixture === undefined) return { ...notFound, headers };
    return typeof fixture === "string" ? { type: typeOf(path), body: fixture, headers } : { ...fixture, headers };
  });
}
