// @ts-check
/** `restore`: a page without a session finds the one that an HttpOnly cookie keeps, and says nothing where there is none. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** An API whose refresh token is a cookie that no script can read, new with each use. */
async function startApi() {
  const api = { renewals: 0, refusals: 0, url: "", close: async () => {} };
  /** The cookies that still count, and the access tokens. */
  const refreshTokens = new Set();
  const accessTokens = new Set();
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    response.setHeader("Access-Control-Allow-Origin", headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.setHeader("Access-Control-Allow-Headers", "authorization, content-type");
    const say = (/** @type {number} */ status, /** @type {object} */ body) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    const grant = () => {
      const [refreshToken, access_token] = [randomUUID(), randomUUID()];
      refreshTokens.add(refreshToken);
      accessTokens.add(access_token);
      response.setHeader("Set-Cookie", `refresh=${refreshToken}; HttpOnly; SameSite=Lax; Path=/renew; Max-Age=600`);
      say(200, { access_token, expires_in: 60 });
    };
    if (method === "OPTIONS") return say(200, {});
    if (url === "/login") return grant();
    if (url === "/orders") return accessTokens.has(headers.authorization?.slice("Bearer ".length)) ? say(200, ["one"]) : say(401, {});
    const sent = /refresh=([\w-]+)/.exec(headers.cookie ?? "")?.[1];
    if (!refreshTokens.delete(sent)) {
      api.refusals++;
      return say(401, { message: "no session" });
    }
    api.renewals++;
    return grant();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  api.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  api.close = () => new Promise((done) => (server.close(() => done()), server.closeAllConnections()));
  return api;
}

/** @param {(world: import("./lib/world.mjs").World, api: Awaited<ReturnType<typeof startApi>>, options: object) => Promise<void>} body */
const withApi = (body) => async (/** @type {import("./lib/world.mjs").World} */ world) => {
  const api = await startApi();
  const endpoint = (/** @type {string} */ path) => ({ url: `${api.url}/${path}`, method: "POST", credentials: "include" });
  const flows = { signin: endpoint("login"), refresh: endpoint("renew") };
  const options = { restore: true, storage: "memory", pages: { home: "Home", login: "Login" }, flows };
  try {
    await body(world, api, options);
  } finally {
    await api.close();
  }
};

scenario(
  "a fresh page finds the session that an HttpOnly cookie keeps: reload, another tab, guard, and a request made at once",
  withApi(async (world, api, options) => {
    const first = await world.openTab({ options, whole: true });
    await first.ok("signin", world.user);
    const cookies = await world.context.cookies(`${api.url}/renew`);
    assert.deepEqual(
      cookies.map(({ name, httpOnly }) => [name, httpOnly]),
      [["refresh", true]],
    );
    assert.deepEqual(await first.stored(), {}, "nothing rests where a script can read it");

    const fresh = await world.openTab({ options, whole: true });
    assert.equal((await fresh.fetch(`${api.url}/orders`)).body, '["one"]', "who comes early waits");
    assert.equal(await fresh.ok("guard", "protected"), true);
    assert.deepEqual([await fresh.events(), await fresh.navigations()], [["signedIn"], []]);
    assert.equal((await fresh.status()).signedIn, true);

    await fresh.page.reload();
    await fresh.startAuth();
    assert.equal(typeof (await fresh.ok("accessToken")), "string");
    assert.deepEqual([api.renewals, api.refusals], [2, 1], "one for each page, and one before anybody had signed in");
  }),
);

scenario(
  "where no cookie keeps a session a fresh page asks once and says nothing, and its sign-in works",
  withApi(async (world, api, options) => {
    const tab = await world.openTab({ options, whole: true });
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
    assert.equal((await tab.status()).signedIn, false);
    assert.deepEqual([await tab.events(), await tab.navigations()], [[], []]);
    assert.equal(await tab.ok("guard", "protected"), false);
    assert.deepEqual(await tab.navigations(), ["Login"]);
    assert.deepEqual([api.renewals, api.refusals], [0, 1]);
    await tab.ok("signin", world.user);
    assert.equal((await tab.fetch(`${api.url}/orders`)).body, '["one"]');
  }),
);

scenario("a session that is itself a cookie (tokens: false) is found again, renewed by the longer lived one", async (world) => {
  const endpoint = (/** @type {string} */ path) => ({ url: `${world.server.url}/cookies/${path}`, method: "POST", credentials: "include" });
  const signin = { ...endpoint("login"), json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" } };
  const options = { restore: true, storage: "memory", tokens: false, flows: { signin, refresh: endpoint("renew") } };
  await (await world.openTab({ options, whole: true })).ok("signin", world.user);
  await world.context.clearCookies({ name: "sid" });
  assert.ok((await world.context.cookies(world.server.url)).some(({ name, httpOnly }) => name === "remembered" && httpOnly));

  const fresh = await world.openTab({ options, whole: true });
  await fresh.event("signedIn");
  assert.equal((await fresh.fetch(`${world.server.url}/cookies/me`, { credentials: "include" })).status, 200);

  await world.context.clearCookies();
  const stranger = await world.openTab({ options, whole: true });
  assert.equal(await stranger.ok("guard", "protected"), false);
  assert.deepEqual([(await stranger.status()).signedIn, await stranger.events()], [false, []]);
});
