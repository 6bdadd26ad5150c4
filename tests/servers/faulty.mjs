// @ts-check
/**
 * The embedded provider behind a proxy that changes what it says: what broken, foreign and hostile providers do. The provider
 * believes that it stands at the proxy's address, so that all is right until a test changes something.
 */
import { createServer, request } from "node:http";

import { startEmbedded } from "./lib.mjs";

/**
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, body: string }} Answer
 * @typedef {{ path: string, grant: string | undefined, url: string, referer: string | undefined, body: string }} Asked
 * @typedef {(answer: Answer, asked: Asked) => void} Change
 */

/** @param {Parameters<typeof startEmbedded>[0]} [options] */
export async function startFaulty(options = {}) {
  /** @type {Change[]} */
  let changes = [];
  /** @type {Change[]} */
  const listeners = [];
  const proxy = createServer();
  await new Promise((done) => proxy.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (proxy.address());
  const url = `http://127.0.0.1:${port}`;
  const server = await startEmbedded({ ...options, issuer: url }).catch((error) => {
    proxy.close();
    throw error;
  });

  proxy.on("request", async (given, taken) => {
    try {
      const body = await textOf(given);
      const path = new URL(given.url ?? "/", url).pathname;
      const answer = await forward(server.url, given, body);
      const { referer } = given.headers;
      const asked = { path, grant: new URLSearchParams(body).get("grant_type") ?? undefined, url: url + given.url, referer, body };
      for (const each of [...changes, ...listeners]) each(answer, asked);
      taken.writeHead(answer.status, answer.headers).end(answer.body);
    } catch {
      taken.destroy(); // The provider has hung up, or the caller has.
    }
  });

  /** Changes JSON that is answered at `path`. @param {string} path @param {(json: any, asked: Asked) => void} change */
  function changeJson(path, change) {
    changes.push((answer, asked) => {
      if (asked.path !== path || !answer.headers["content-type"]?.includes("json")) return;
      const json = JSON.parse(answer.body);
      change(json, asked);
      answer.body = JSON.stringify(json);
    });
  }

  return {
    ...server,
    url,
    /** Changes all that is answered. @param {Change} change */
    change: (change) => void changes.push(change),
    changeJson,
    /** Hears all that is answered, changed or not, for as long as the server runs. @param {Change} listener */
    hear: (listener) => void listeners.push(listener),
    /** Changes what the provider says of itself. @param {(metadata: any) => void} change */
    changeMetadata: (change) => changeJson("/.well-known/openid-configuration", change),
    /**
     * Changes the ID tokens that are given, and leaves their signatures as they are; a text that is returned takes the place of one.
     * @param {(claims: any, header: any, asked: Asked) => string | void} change
     */
    changeIdTokens: (change) =>
      changeJson("/token", (tokens, asked) => {
        if (!tokens.id_token) return;
        const [header, claims, signature] = tokens.id_token.split(".");
        const parts = [header, claims].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
        const instead = change(parts[1], parts[0], asked);
        const made = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
        tokens.id_token = instead ?? [...made, signature].join(".");
      }),
    /** Changes the parameters with which a user is sent back to the app. @param {(params: URLSearchParams) => void} change */
    changeAnswers(change) {
      changes.push(({ headers }) => {
        if (!headers.location?.includes("state=") || headers.location.startsWith(url)) return;
        const back = new URL(headers.location);
        change(back.searchParams);
        headers.location = back.href;
      });
    },
    /** Ends all changes too. */
    reset() {
      changes = [];
      return server.reset();
    },
    async stop() {
      proxy.closeAllConnections();
      await Promise.all([new Promise((done) => proxy.close(done)), server.stop()]);
    },
  };
}

/**
 * Sends a request on, and gives the answer. The host stays the one that was asked: the provider makes its addresses of it.
 * @param {string} to @param {import("node:http").IncomingMessage} given @param {string} body
 * @returns {Promise<Answer>}
 */
function forward(to, { method, url, headers }, body) {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url ?? "/", to), { method, headers }, async (response) => {
      try {
        const text = await textOf(response);
        const { "content-length": _, "transfer-encoding": __, connection: ___, ...kept } = response.headers;
        resolve({ status: response.statusCode ?? 502, headers: kept, body: text });
      } catch (error) {
        reject(error);
      }
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** @param {AsyncIterable<Buffer>} stream */
async function textOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
