// @ts-check
/** A static server on two loopback origins: the fixture pages, the unpacked package, an echo, and answers of a test's own making. */

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import sirv from "sirv";

const PAGES = fileURLToPath(new URL("../pages/", import.meta.url));

/**
 * @typedef {object} Answer what a hostile or foreign server says
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} [body]
 * @property {"hang" | "drop"} [mode] never answer, or close the connection
 * @property {string[]} [parts] sent one after the other, the last again and again until nobody takes it; never ends
 */

export class Site {
  /** Requests other than for files, oldest first. @type {{ origin: string, method: string, path: string, headers: import("node:http").IncomingHttpHeaders, body: string }[]} */
  requests = [];
  /** Every request, oldest first: where to, and from where. @type {{ url: string, referer: string }[]} */
  seen = [];
  /** @type {Map<string, Answer>} */
  #answers = new Map();
  #servers;

  /**
   * @param {import("node:http").Server[]} servers
   * @param {string[]} origins
   */
  constructor(servers, origins) {
    this.#servers = servers;
    this.origin = origins[0];
    this.other = origins[1];
  }

  /**
   * Serves the package in `packageDir` at /pkg/ and the fixture pages at /.
   * @param {string} packageDir
   */
  static async start(packageDir) {
    const files = sirv(PAGES);
    const packageFiles = sirv(packageDir);
    const servers = [createServer(), createServer()];
    const origins = await Promise.all(servers.map(listen));
    const site = new Site(servers, origins);
    servers.forEach((server, index) => {
      server.on("request", (request, response) => site.#serve(origins[index], request, response, { files, packageFiles }));
    });
    return site;
  }

  /**
   * From now on `path` answers like this, on both origins.
   * @param {string} path
   * @param {Answer} answer
   */
  answer(path, answer) {
    this.#answers.set(path, answer);
  }

  /** How many bytes of streams were taken, and how many streams were given up by who read them. */
  taken = 0;
  givenUp = 0;

  /** @param {import("node:http").ServerResponse} response @param {string[]} parts */
  #stream(response, parts) {
    response.on("close", () => this.givenUp++);
    let at = 0;
    const write = () => {
      for (;;) {
        const part = parts[Math.min(at++, parts.length - 1)];
        this.taken += part.length;
        if (part === "") return;
        if (!response.write(part)) return void response.once("drain", write);
      }
    };
    write();
  }

  reset() {
    this.taken = this.givenUp = 0;
    this.requests = [];
    this.seen = [];
    this.#answers.clear();
  }

  async stop() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  /**
   * @param {string} origin
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @param {{ files: import("sirv").RequestHandler, packageFiles: import("sirv").RequestHandler }} given
   */
  async #serve(origin, request, response, { files, packageFiles }) {
    // A sandboxed frame has an opaque origin: even its modules are cross-origin requests.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*, authorization");
    response.setHeader("access-control-allow-methods", "*");
    response.setHeader("access-control-expose-headers", "*");
    const url = new URL(request.url ?? "/", origin);
    this.seen.push({ url: url.href, referer: request.headers.referer ?? "" });
    if (request.method === "OPTIONS") {
      return response.writeHead(204).end();
    }
    if (url.pathname.startsWith("/pkg/")) {
      request.url = request.url?.slice("/pkg".length);
      return packageFiles(request, response, () => void response.writeHead(404).end());
    }
    const answer = this.#answers.get(url.pathname) ?? (url.pathname === "/echo" ? {} : undefined);
    if (!answer) {
      return files(request, response, () => void response.writeHead(404).end());
    }
    const seen = { origin, method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: await bodyOf(request) };
    this.requests.push(seen);
    if (answer.mode === "drop") {
      return response.destroy();
    }
    if (answer.parts) {
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", "cache-control": "no-store", ...answer.headers });
      return this.#stream(response, answer.parts);
    }
    if (answer.mode !== "hang") {
      const headers = { "content-type": "application/json", "cache-control": "no-store", ...answer.headers };
      response.writeHead(answer.status ?? 200, headers).end(answer.body ?? JSON.stringify(seen));
    }
  }
}

/** @param {import("node:http").Server} server */
async function listen(server) {
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}

/** @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
