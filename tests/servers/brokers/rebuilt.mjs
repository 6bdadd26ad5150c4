// @ts-check
/**
 * Brokers that can't be installed here, as small servers rebuilt from their sources and documentation: how each begins, what it
 * sends the user back with, what it wants for that, and what it says of what is wrong. Behind all of them stands one page, on which
 * the user says yes or no.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";

import cookieParser from "cookie-parser";
import express from "express";

import { appwrite } from "./appwrite.mjs";
import { gotrue } from "./gotrue.mjs";
import { nhost } from "./nhost.mjs";
import { strapi } from "./strapi.mjs";
import { xano } from "./xano.mjs";

export const THEIRS = "a-token-of-the-provider-behind-the-broker";

/** @typedef {import("express").Request} Request  @typedef {import("express").Response} Response */

/**
 * What each of them has at hand.
 * @typedef {object} Parts
 * @property {string} url  its own address
 * @property {string} page  the address of the app's page, which is the one that it lets users go back to
 * @property {(response: Response, callback: string) => void} ask  asks the user, and goes to `callback` with `code` or `error`
 * @property {(verifier: unknown) => string} challengeOf
 * @property {(seconds: number) => string} token  a JWT that lives so long
 * @property {(request: Request) => boolean} isAuthorised  whether it comes with such a token that is good
 * @property {typeof randomUUID} id
 * @property {string} theirs  a token of the provider behind it
 */

const BROKERS = { gotrue, nhost, appwrite, strapi, xano };

/**
 * Starts them all. @param {(path: string) => string} pageAt the address of the app's page
 */
export async function startRebuilt(pageAt = () => "") {
  const app = express();
  const server = createServer(app);
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  /** @type {{ method: string, path: string, query: any, body: any }[]} */
  const requests = [];
  const alive = new Map();
  let page = pageAt("");

  app.use(cookieParser("test servers keep no secrets"), express.json(), (request, response, next) => {
    const from = request.get("origin");
    if (from) {
      response.set({ "Access-Control-Allow-Origin": from, "Access-Control-Allow-Credentials": "true", Vary: "Origin" });
      response.set("Access-Control-Expose-Headers", "X-Fallback-Cookies");
      response.set("Access-Control-Allow-Headers", request.get("access-control-request-headers") ?? "");
      response.set("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    }
    if (request.method === "OPTIONS") return void response.sendStatus(204);
    requests.push({ method: request.method, path: request.path, query: request.query, body: request.body });
    next();
  });
  /** The provider: yes or no. */
  app.get("/idp", ({ query }, response) => {
    const { to, state } = /** @type {Record<string, string>} */ (query);
    const link = (/** @type {Record<string, string>} */ answer) => {
      const url = new URL(to);
      for (const [name, value] of Object.entries({ ...answer, ...(state && { state }) })) url.searchParams.set(name, value);
      return url.href.replaceAll("&", "&amp;");
    };
    response.send(`<!doctype html><title>A provider</title>
      <p><a href="${link({ code: `4/0A${randomBytes(6).toString("hex")}`, scope: "email", authuser: "0" })}">Allow</a>
      <p><a href="${link({ error: "access_denied", error_description: "The user said no" })}">Cancel</a>`);
  });
  for (const [name, make] of Object.entries(BROKERS)) {
    const router = express.Router();
    make(router, {
      url: `${origin}/${name}`,
      get page() {
        return page;
      },
      ask: (response, callback) => response.redirect(302, `${origin}/idp?to=${encodeURIComponent(callback)}`),
      challengeOf: (verifier) => createHash("sha256").update(String(verifier)).digest("base64url"),
      token(seconds) {
        const now = Math.floor(Date.now() / 1000);
        const parts = [{ alg: "HS256" }, { sub: "1", iat: now, exp: now + seconds, jti: randomUUID() }].map((part) => JSON.stringify(part));
        const made = [...parts, "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");
        alive.set(made, now + seconds);
        return made;
      },
      isAuthorised(request) {
        return (alive.get(request.get("authorization")?.replace(/^Bearer /, "")) ?? 0) * 1000 > Date.now();
      },
      id: randomUUID,
      theirs: THEIRS,
    });
    app.use(`/${name}`, router);
  }
  return {
    origin,
    requests,
    /** Lets users go back to this page. @param {string} address */
    allow(address) {
      page = address;
      requests.length = 0;
    },
    /** Takes back all access tokens; refresh tokens stay good. */
    forget: () => alive.clear(),
    /** @param {string} path */
    asked: (path) => requests.filter((request) => request.path === path),
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
