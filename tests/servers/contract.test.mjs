// @ts-check
/** One contract, held with the packed package against real servers that differ in everything a client can see. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { startDjango, startEmbedded } from "./lib.mjs";
import { importPackage } from "./package.mjs";
import { rawDjango, rawEmbedded, sleep } from "./raw.mjs";

const ACCESS_TTL = 4;
const SERVERS = [
  { name: "oidc-provider", start: startEmbedded, raw: rawEmbedded, refused: 400, wrong: "Wrong email or password." },
  {
    name: "simplejwt",
    start: startDjango,
    raw: rawDjango,
    refused: 401,
    wrong: "No active account found with the given credentials",
  },
];

const { doorkey } = await importPackage();
let names = 0;

/** A low-code app in small: a host with a store and navigation, and a session that can be closed and opened again. */
function createApp(/** @type {any} */ server) {
  const name = `contract-${(names += 1)}`;
  /** @type {Map<string, any>} */
  const store = new Map();
  /** @type {string[]} */
  const pages = [];
  /** @type {string[]} */
  const events = [];
  const host = {
    navigateTo: (/** @type {string} */ page) => void pages.push(page),
    store: {
      get: (/** @type {string} */ key) => store.get(key),
      set: (/** @type {string} */ key, /** @type {unknown} */ value) => void store.set(key, value),
      remove: (/** @type {string} */ key) => void store.delete(key),
    },
  };
  const app = {
    /** @type {any} */
    auth: undefined,
    store,
    pages,
    events,
    open() {
      const expose = { accessToken: "accesstoken", refreshToken: "refreshtoken" };
      app.auth = doorkey.createAuth(server.options({ name, host, expose }));
      for (const type of ["signedIn", "refreshed", "signedOut", "expired"]) app.auth.on(type, () => events.push(type));
    },
    signIn: () => app.auth.signin(server.user.email, server.user.password),
    /** Closes the app until its access token is past its time. It may refresh on its own as soon as it is opened again. */
    async closeUntilExpiry() {
      app.auth.dispose();
      await sleep(ACCESS_TTL * 1000 + 200);
    },
    me: () => app.auth.fetch(server.options().flows.check.url),
    refreshToken: () => store.get("refreshtoken"),
  };
  app.open();
  return app;
}

for (const { name, start, raw, refused, wrong } of SERVERS) {
  describe(`contract with ${name}`, () => {
    /** @type {any} */
    let server;
    /** @type {ReturnType<typeof createApp>} */
    let app;
    before(async () => {
      server = await start({ accessTtl: ACCESS_TTL, refreshTtl: 120 });
    });
    beforeEach(async () => {
      await server.reset();
      app = createApp(server);
    });
    afterEach(() => app.auth.dispose());
    after(() => server?.stop());

    /** The statuses of the refresh requests that the server has seen. */
    async function refreshes() {
      const log = await server.log();
      return log.filter((/** @type {any} */ entry) => entry.grant === "refresh_token").map((/** @type {any} */ entry) => entry.status);
    }

    test("sign-in stores the session, tells its lifetime, and goes home", async () => {
      const answer = await app.signIn();
      assert.equal(answer.ok, true);
      assert.equal(answer.navigated, true);
      assert.deepEqual(app.pages, ["Dashboard"]);
      const status = app.auth.status();
      assert.equal(status.signedIn, true);
      assert.equal(status.hasRefreshToken, true);
      assert.ok(status.expiresInSeconds > 0 && status.expiresInSeconds <= ACCESS_TTL, `expires in ${status.expiresInSeconds} s`);
      assert.ok(!JSON.stringify(answer).includes(app.refreshToken()));
    });

    test("a wrong password is told in the server's words, and nothing is stored", async () => {
      const password = "not-the-password";
      const error = await app.auth.signin(server.user.email, password).then(assert.fail, (/** @type {any} */ e) => e);
      assert.ok(doorkey.isAuthError(error));
      assert.equal(error.code, "ERR_INVALID_CREDENTIALS");
      assert.equal(error.status, refused);
      assert.equal(error.message, wrong);
      assert.ok(!JSON.stringify({ ...error, text: String(error) }).includes(password));
      assert.deepEqual(app.pages, []);
      assert.equal(app.store.has("accesstoken"), false);
      assert.equal(app.store.has("refreshtoken"), false);
      assert.equal(app.auth.status().signedIn, false);
    });

    test("a call carries the token and needs no refresh while it is good", async () => {
      await app.signIn();
      const response = await app.me();
      assert.equal(response.status, 200);
      assert.equal((await response.json()).email, server.user.email);
      assert.equal(await app.auth.check(), true);
      assert.deepEqual(await refreshes(), []);
    });

    test("the call after expiry refreshes once and succeeds", async () => {
      await app.signIn();
      const before = app.refreshToken();
      await app.closeUntilExpiry();
      app.open();
      assert.equal((await app.me()).status, 200);
      assert.equal((await app.me()).status, 200);
      assert.deepEqual(await refreshes(), [200]);
      assert.notEqual(app.refreshToken(), before);
    });

    test("twenty calls at once after expiry make one refresh", async () => {
      await app.signIn();
      await app.closeUntilExpiry();
      app.open();
      const responses = await Promise.all(Array.from({ length: 20 }, () => app.me()));
      assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]));
      assert.deepEqual(await refreshes(), [200]);
    });

    test("a 401 to a token that looks good is answered by one refresh and one more try", async () => {
      await app.signIn();
      const { pathname } = new URL(server.options().flows.check.url);
      await server.fail({ path: pathname, status: 401, times: 1 });
      assert.equal((await app.me()).status, 200);
      assert.deepEqual(await refreshes(), [200]);
    });

    test("a 401 that stays is handed back after one refresh", async () => {
      await app.signIn();
      const { pathname } = new URL(server.options().flows.check.url);
      await server.fail({ path: pathname, status: 401, times: Infinity });
      assert.equal((await app.me()).status, 401);
      assert.deepEqual(await refreshes(), [200]);
      const calls = (await server.log()).filter((/** @type {any} */ entry) => entry.path === pathname);
      assert.equal(calls.length, 2);
      assert.equal(app.auth.status().signedIn, true);
    });

    test("after a refresh the server refuses the refresh token that was used", async () => {
      await app.signIn();
      const used = app.refreshToken();
      const { ok, refreshed } = await app.auth.refreshAccessToken({ force: true });
      assert.deepEqual({ ok, refreshed }, { ok: true, refreshed: true });
      assert.equal((await raw.refresh(server, used)).status, refused);
    });

    test("sign-out revokes, clears and goes to the login page, once", async () => {
      await app.signIn();
      const refreshToken = app.refreshToken();
      assert.deepEqual(await app.auth.logout(), { ok: true, revoked: true, navigated: true });
      assert.equal((await raw.refresh(server, refreshToken)).status, refused);
      assert.deepEqual(app.pages, ["Dashboard", "LoginPage"]);
      assert.equal(app.auth.status().signedIn, false);
      assert.equal(app.store.has("accesstoken"), false);
      assert.equal(app.store.has("refreshtoken"), false);
      const requests = (await server.log()).length;
      assert.equal((await app.auth.logout()).revoked, false);
      assert.equal((await server.log()).length, requests);
    });

    test("a session that the server has revoked expires at the next refresh", async () => {
      await app.signIn();
      await server.revokeAll();
      await assert.rejects(app.auth.refreshAccessToken({ force: true }), { code: "ERR_REFRESH_REJECTED", status: refused });
      await sleep(50); // events come in a later task
      assert.deepEqual(app.events, ["signedIn", "expired"]);
      assert.deepEqual(app.pages, ["Dashboard", "LoginPage"]);
      assert.equal(app.auth.status().signedIn, false);
      assert.equal(app.store.has("refreshtoken"), false);
      assert.deepEqual(await refreshes(), [refused]);
    });

    test("a 503 to a refresh keeps the session, and Retry-After is honoured", async () => {
      await app.signIn();
      await app.closeUntilExpiry();
      const { pathname } = new URL(server.options().flows.refresh.url);
      await server.fail({ path: pathname, grant: "refresh_token", status: 503, headers: { "Retry-After": "2" }, times: Infinity });
      const asked = Date.now();
      app.open();
      const error = await app.auth.accessToken().then(assert.fail, (/** @type {any} */ e) => e);
      assert.equal(error.code, "ERR_UNREACHABLE");
      assert.equal(error.retryable, true);
      assert.ok(error.retryAtMs >= asked + 1900 && error.retryAtMs < Date.now() + 3000, `retry in ${error.retryAtMs - asked} ms`);
      await assert.rejects(app.auth.accessToken(), { code: "ERR_UNREACHABLE" });
      assert.deepEqual(await refreshes(), [503], "no second request before the time that the server gave");
      assert.equal(app.auth.status().signedIn, true);
      assert.deepEqual(app.pages, ["Dashboard"]);

      await server.reset();
      await sleep(error.retryAtMs - Date.now() + 200);
      assert.equal((await app.me()).status, 200);
      assert.deepEqual(await refreshes(), [200]);
    });
  });
}
