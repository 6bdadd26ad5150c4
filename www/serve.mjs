// @ts-check
// Serves the playground, the workbench and the templates: www/ at /, the package at /pkg/, the CSS library at /vendor/, what the pages
// must know at /config.json, /templates.json and /providers.json, the documents at /docs/ once they are built, and what the workbench
// has of packages, its editor and its parsers, as a file each. What is text goes out compressed, as it does from any web server.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import compression from "compression";
import { build } from "esbuild";
import sirv from "sirv";
import { nowhere, waiting } from "./plain.mjs";
import { readProviders } from "./providers.mjs";
import { readTemplates } from "./templates.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const DOCS = `${here}/../docs`;
/** What is made of packages, as one file each. */
const BUNDLES = ["/workbench/editor.mjs", "/workbench/import/libraries.mjs"];
const css = dirname(createRequire(import.meta.url).resolve("@picocss/pico/css/pico.min.css"));

/**
 * Starts the playground's web server.
 * @param {object} options
 * @param {string} options.authUrl the auth server, which also has the protected API
 * @param {number} [options.port] 0 = a free one
 * @param {string} [options.host]
 * @param {string} [options.pkgDir] the unpacked package; default: pkg/ of this repository
 * @param {{ email: string, password: string }} [options.user] the demo user, offered on the sign-in page
 * @param {string[]} [options.reach] the origins of other servers that the workbench may send requests to
 * @param {string} [options.docsDir] the documents as a site; default: where `npm run docs` puts them
 * @param {() => string | undefined} [options.docsState] why they are not there: what has failed, or nothing while they are built
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function servePlayground({
  authUrl,
  port = 0,
  host = "127.0.0.1",
  pkgDir = `${here}/../pkg`,
  user,
  reach = [],
  docsDir = `${here}/../target/docs/site`,
  docsState = () => "They are not built: run `npm run docs`.",
}) {
  const config = JSON.stringify({ authUrl: trimmed(authUrl), reach, user: user && { email: user.email, password: user.password } });
  const headers = securityHeaders([new URL(authUrl).origin, ...reach]);
  // `dev` reads the disk on each request, so that a new build is seen without a restart; with `etag` the answer is "no-cache" and not
  // "no-store", which would keep the page out of the back/forward cache.
  const fresh = { dev: true, etag: true };
  const mounts = [
    { prefix: "/pkg", serve: sirv(pkgDir, fresh) },
    { prefix: "/vendor", serve: sirv(css, fresh) },
    { prefix: "/docs", serve: sirv(docsDir, fresh) },
    { prefix: "", serve: sirv(here, fresh) },
  ];

  const compress = compression();
  const answer = (
    /** @type {import("node:http").IncomingMessage} */ request,
    /** @type {import("node:http").ServerResponse} */ response,
  ) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = request.url ?? "/";
    if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "Only GET and HEAD.");
    if (path === "/config.json") return end(response, 200, config, "application/json");
    const failed = (/** @type {unknown} */ error) => end(response, 500, String(error));
    if (BUNDLES.includes(path)) return bundle(path).then((code) => end(response, 200, code, "text/javascript"), failed);
    if (path === "/templates.json")
      return readTemplates(pkgDir).then((found) => end(response, 200, JSON.stringify(found), "application/json"), failed);
    if (path === "/providers.json")
      return readProviders(pkgDir, DOCS).then((found) => end(response, 200, JSON.stringify(found), "application/json"), failed);
    if (path.startsWith("/docs/")) {
      // Its pages say by themselves what may run in them.
      response.removeHeader("Content-Security-Policy");
      if (/(\/|\.html)$/.test(path) && !existsSync(`${docsDir}/index.html`))
        return end(response, 503, waiting(docsState()), "text/html; charset=utf-8");
    }
    if (path === "/workbench" || path === "/hosts" || path === "/docs") return response.writeHead(301, { Location: `${path}/` }).end();
    const mount = /** @type {typeof mounts[number]} */ (mounts.find(({ prefix }) => path.startsWith(`${prefix}/`)));
    request.url = path.slice(mount.prefix.length);
    mount.serve(request, response, () => {
      if (!request.headers.accept?.includes("text/html")) return end(response, 404, "There is nothing here.");
      // The documents have a page of their own for that.
      const page = path.startsWith("/docs/") ? readFile(`${docsDir}/404.html`, "utf8").catch(nowhere) : Promise.resolve(nowhere());
      return page.then((html) => end(response, 404, html, "text/html; charset=utf-8"));
    });
  };
  // It was written for Express, and looks at nothing that Express adds.
  const server = createServer((request, response) =>
    compress(/** @type {any} */ (request), /** @type {any} */ (response), () => answer(request, response)),
  );

  await listen(server, port, host);
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The files with all that they import; each is made once, when it is first asked for. @type {Map<string, Promise<string>>} */
const bundles = new Map();

/** @param {string} path */
function bundle(path) {
  const made =
    bundles.get(path) ??
    build({
      entryPoints: [here + path],
      bundle: true,
      format: "esm",
      target: "es2022",
      minify: true,
      write: false,
      logLevel: "silent",
    }).then(({ outputFiles }) => outputFiles[0].text);
  bundles.set(path, made);
  made.catch(() => bundles.delete(path));
  return made;
}

/** @param {string} url */
function trimmed(url) {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new TypeError(`authUrl must be an http or https address, not ${url}`);
  return url.replace(/\/$/, "");
}

/** @param {string[]} origins those that its pages may send requests to */
function securityHeaders(origins) {
  return {
    "Content-Security-Policy": [
      "default-src 'self'",
      "script-src 'self' 'wasm-unsafe-eval'",
      `connect-src 'self' ${origins.join(" ")}`,
      "style-src 'self'",
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    // Every file here is public, and a sandboxed frame, whose origin is opaque, can load modules only so.
    "Access-Control-Allow-Origin": "*",
  };
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<void>}
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} on ${host} is taken: stop the program that listens there, or choose another port.`, { cause: error })
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function end(response, status, text, type = "text/plain; charset=utf-8") {
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" });
  response.end(text);
}
