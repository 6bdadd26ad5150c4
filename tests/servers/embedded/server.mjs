// @ts-check
/**
 * The embedded auth server: a real OpenID provider, and APIs of several kinds behind its tokens, on one loopback port.
 *
 *   node server.mjs [--port N] [--access-ttl S] [--refresh-ttl S] [--origins A,B|*] [--issuer URL] [--control] [--coop] [--par] [--rsa] [--dpop-nonce] [--child]
 *
 * Prints `READY <url>` when it listens. Port 0, the default, takes a free one. `--control` opens /__control/* for tests; `--coop`
 * cuts its pages off from what opened them;
 * `--child` ends the server when its standard input closes, which happens when its parent is gone.
 */
import "./clock.mjs"; // first: everything below must see the clock that tests can move
import { createServer, IncomingMessage } from "node:http";
import { parseArgs } from "node:util";

import { cors } from "@connectrpc/connect";

import { createApi, sendJson } from "./api.mjs";
import { createControl } from "./control.mjs";
import { createInteractions } from "./interaction.mjs";
import { createProtocols } from "./protocols.mjs";
import { createProvider } from "./provider.mjs";

const HOST = "127.0.0.1";
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const EXPOSED_HEADERS = ["DPoP-Nonce", "Location", "Retry-After", "WWW-Authenticate", ...cors.exposedHeaders];

const { values: args } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    issuer: { type: "string" },
    "access-ttl": { type: "string", default: "60" },
    "refresh-ttl": { type: "string", default: "3600" },
    origins: { type: "string", default: "*" },
    control: { type: "boolean", default: false },
    coop: { type: "boolean", default: false },
    par: { type: "boolean", default: false },
    rsa: { type: "boolean", default: false },
    "dpop-nonce": { type: "boolean", default: false },
    child: { type: "boolean", default: false },
  },
});

const server = createServer();
server.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  const taken = `port ${args.port} of ${HOST} is taken: end the program that uses it, or choose another with --port`;
  console.error(error.code === "EADDRINUSE" ? taken : `the auth server cannot listen: ${error.message}`);
  process.exit(1);
});
server.listen(Number(args.port), HOST, start);
process.on("SIGTERM", stop);
// Ctrl-C goes to the whole process group; as a child the server leaves it to its parent, which may still need it.
process.on("SIGINT", args.child ? () => {} : stop);
if (args.child) process.stdin.on("end", stop).on("error", stop).resume();

function start() {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://${HOST}:${port}`;
  server.on("request", createHandler(args.issuer ?? url));
  console.log(`READY ${url}`);
}

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}

/** An answer whose request is in the log. @typedef {import("node:http").ServerResponse & { logEntry: Record<string, unknown> }} Logged */

/** @param {string} issuer */
function createHandler(issuer) {
  const origins = args.origins.split(",");
  const originAllowed = (/** @type {string} */ origin) => origins.includes("*") || origins.includes(origin);
  const lifetimes = { accessTtl: Number(args["access-ttl"]), refreshTtl: Number(args["refresh-ttl"]) };
  const requiresNonce = args["dpop-nonce"];
  const { provider, storage } = createProvider({ issuer, ...lifetimes, originAllowed, pushes: args.par, hasRsa: args.rsa, requiresNonce });
  const protocols = createProtocols(provider, lifetimes);
  const api = createApi(provider, { issuer, requiresNonce });
  const interactions = createInteractions(provider);
  const control = createControl();
  const serveProvider = provider.callback();

  const revoke = {
    all() {
      storage.grantIds().forEach(storage.removeGrant);
      protocols.forgetAll();
    },
    access: storage.removeAccessTokens,
  };
  provider.on("grant.error", (ctx, error) => {
    /** @type {Logged} */ (ctx.res).logEntry.error = error.error_detail ?? error.message;
  });

  /** @param {IncomingMessage} req @param {import("node:http").ServerResponse & { logEntry?: object }} res */
  async function handle(req, res) {
    const path = new URL(req.url ?? "/", issuer).pathname;
    const body = await readBody(req);
    if (args.control && path.startsWith("/__control/")) return control.handle(req, res, path, body, revoke);

    const grant = path === "/token" ? (new URLSearchParams(body.toString()).get("grant_type") ?? undefined) : undefined;
    res.setHeader("Date", new Date().toUTCString());
    res.logEntry = control.record(req, res, path, grant);
    if (allowOrigin(req, res, path, originAllowed)) return;
    const fault = control.takeFault(req, path, grant);
    if (fault && control.applyFault(fault, res)) return;
    if (args.coop) res.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    if (path.startsWith("/interaction/")) return interactions(replay(req, body), res, body);
    if (path.startsWith("/api/")) return api(req, res, path, body);
    if (protocols.owns(path)) return protocols.app(/** @type {any} */ (replay(req, body)), /** @type {any} */ (res));
    return serveProvider(replay(req, body), res);
  }

  return (/** @type {IncomingMessage} */ req, /** @type {import("node:http").ServerResponse} */ res) => {
    handle(req, res).catch((error) => {
      if (error.code === "ECONNRESET") return; // the caller has gone in the middle of its request
      console.error("the auth server failed:", error);
      if (!res.headersSent) sendJson(res, 500, { error: "server_error" });
    });
  };
}

/**
 * Sets the CORS headers; true when the request was a preflight and is answered. A foreign origin gets no header, and the
 * provider then refuses it by its own rule.
 * @param {IncomingMessage} req @param {import("node:http").ServerResponse} res @param {string} path
 * @param {(origin: string) => boolean} originAllowed
 */
function allowOrigin(req, res, path, originAllowed) {
  const { origin } = req.headers;
  if (!origin) return false;
  res.setHeader("Vary", "Origin");
  if (originAllowed(origin)) {
    res.setHeader("Access-Control-Allow-Origin", origin);
    res.setHeader("Access-Control-Expose-Headers", EXPOSED_HEADERS.join(", "));
    // Only there is a cookie a session.
    if (/^\/(cookies|sanctum)\//.test(path)) res.setHeader("Access-Control-Allow-Credentials", "true");
  }
  if (req.method !== "OPTIONS" || !req.headers["access-control-request-method"]) return false;
  if (originAllowed(origin)) {
    res.setHeader("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    res.setHeader("Access-Control-Allow-Headers", req.headers["access-control-request-headers"] ?? "");
    res.setHeader("Access-Control-Max-Age", "600");
  }
  res.writeHead(204).end();
  return true;
}

/** @param {IncomingMessage} req */
async function readBody(req) {
  const chunks = [];
  let length = 0;
  for await (const chunk of req) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error("the request's body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The same request with its body still to be read. The provider reads it itself, after the log and the faults have seen it.
 * @param {IncomingMessage} req @param {Buffer} body
 */
function replay(req, body) {
  const { method, url, httpVersion, headers, rawHeaders } = req;
  const fresh = new IncomingMessage(req.socket);
  Object.assign(fresh, { method, url, httpVersion, headers, rawHeaders, complete: true });
  fresh.push(body);
  fresh.push(null);
  return fresh;
}
