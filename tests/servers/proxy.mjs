// @ts-check
/** A proxy before a server that is somebody else's: it sees each request, and makes answers go wrong as a test asks. */
import { request as ask, createServer } from "node:http";

import { createControl } from "./embedded/control.mjs";

/**
 * @typedef {import("./embedded/control.mjs").Entry} Entry  @typedef {import("./embedded/control.mjs").Fault} Fault
 * @typedef {{ method: string, path: string, headers: import("node:http").IncomingHttpHeaders, fields: Record<string, unknown> }} Request
 *   `fields` are those of a JSON or form body
 */

/**
 * Listens before the server is there, so that the server can be told of its public address.
 * @param {(request: Request) => boolean} isRefresh  what the log then shows with the grant refresh_token
 */
export async function startProxy(isRefresh) {
  const control = createControl();
  let target = "";
  /** @type {((request: Request) => Fault | undefined) | undefined} */
  let refuse;

  const server = createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = new URL(req.url ?? "/", "http://127.0.0.1").pathname;
    const request = { method: req.method ?? "", path, headers: req.headers, fields: fieldsOf(body.toString()) };
    const grant = isRefresh(request) ? "refresh_token" : undefined;
    control.record(req, res, path, grant);
    const fault = control.takeFault(req, path, grant) ?? refuse?.(request);
    if (fault && control.applyFault(fault, res)) return;
    const { hostname, port } = new URL(target);
    const onward = ask({ hostname, port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => res.destroy());
    onward.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    /** @param {string} url */
    leadTo(url) {
      target = url;
    },
    log: () => control.entries(),
    /** @param {Fault} fault */
    fail: (fault) => control.fail(fault),
    /** What a request meets that no other fault does, until `reset`. @param {(request: Request) => Fault | undefined} rule */
    refuse(rule) {
      refuse = rule;
    },
    reset() {
      control.reset();
      refuse = undefined;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param {string} body @returns {Record<string, unknown>} */
function fieldsOf(body) {
  try {
    const value = JSON.parse(body);
    return value !== null && typeof value === "object" ? value : {};
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}
