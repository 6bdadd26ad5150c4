// @ts-check
/** One contract, held with the packed package against real servers that differ in everything a client can see. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { sleep } from "./raw.mjs";
import { createApp, openWorld } from "./world.mjs";

/** @typedef {import("./registry.mjs").Server} Server  @typedef {import("./registry.mjs").Behaviour} Behaviour */

/** Tests of servers are named `<server>: <behaviour>: <what>`. @param {any} doorkey @param {Server} entry */
export function contract(doorkey, entry) {
  if (entry.obstacle) return void test(`${entry.name} is not here`, { skip: entry.obstacle });
  describe(`contract with ${entry.name}`, { concurrency: 1 }, () => {
    /** @type {import("./world.mjs").World} */
    let world;
    /** @type {ReturnType<typeof createApp>} */
    let app;
    before(async () => {
      world = await openWorld(entry);
    });
    beforeEach(() => {
      world.proxy.reset();
      app = createApp(world, doorkey);
    });
    afterEach(() => app?.auth.dispose());
    after(() => world?.stop());

    /** @param {Behaviour} behaviour @param {string} what @param {() => Promise<unknown>} run */
    const row = (behaviour, what, run) => {
      if (!entry.cannot?.[behaviour]) test(`${entry.name}: ${behaviour}: ${what}`, run);
    };
    const refused = /** @type {number} */ (entry.refused);
    /** One refresh; on a busy machine a test may take longer than the new token lives, and then there is one for each life. */
    const refreshedInTime = () => {
      assert.ok(world.refreshes().length > 0);
      assert.equal(world.needlessRefreshes(), 0);
    };

    row("sign in", "the session is stored, its lifetime told, and home shown", async () => {
      const answer = await app.signIn();
      assert.equal(answer.ok, true);
      assert.equal(answer.navigated, true);
      assert.deepEqual(app.pages, ["Dashboard"]);
      const status = app.auth.status();
      const { accessToken, refreshToken } = app.tokens();
      assert.equal(status.signedIn, true);
      assert.equal(status.hasRefreshToken, refreshToken !== undefined);
      if (entry.tellsNoLifetime) assert.equal(status.expiresInSeconds, null);
      else
        assert.ok(
          status.expiresInSeconds > 0 && status.expiresInSeconds <= (entry.lifetime ?? world.accessTtl),
          `expires in ${status.expiresInSeconds} s`,
        );
      for (const token of [accessToken, refreshToken]) if (token) assert.ok(!JSON.stringify(answer).includes(token));
      assert.doesNotMatch(app.address(), /code=/);
    });

    row("wrong password", "told in the server's words, and nothing is stored", async () => {
      const password = "not-the-password";
      const error = await app.auth.signin({ email: world.user.email, password }).then(assert.fail, (/** @type {any} */ e) => e);
      assert.ok(doorkey.isAuthError(error));
      assert.equal(error.code, "ERR_INVALID_CREDENTIALS");
      assert.deepEqual({ status: error.status, message: error.message }, entry.wrong);
      assert.ok(!JSON.stringify({ ...error, text: String(error) }).includes(password));
      assert.deepEqual(app.pages, []);
      assert.deepEqual(app.tokens(), { accessToken: undefined, refreshToken: undefined });
      assert.equal(app.auth.status().signedIn, false);
    });

    row("field errors", "a field left out is told in a sentence for a person", async () => {
      const inputs = { email: world.user.email, password: "", ...entry.missing?.inputs };
      const error = await app.auth.signin(inputs).then(assert.fail, (/** @type {any} */ e) => e);
      assert.equal(error.code, "ERR_INVALID_CREDENTIALS");
      assert.equal(error.message, entry.missing?.message);
    });

    row("call", "it carries what the server asks for, and needs no refresh while that is good", async () => {
      await app.signIn();
      const response = await app.me();
      assert.equal(response.status, 200);
      assert.match(await response.text(), entry.shows ?? /ada@example\.com/);
      assert.deepEqual(world.refreshes(), []);
      assert.equal(await app.auth.check(), true);
    });

    row("one refresh", "the call after expiry refreshes once and succeeds", async () => {
      await app.signIn();
      const before = app.tokens();
      await app.closeUntilExpiry();
      app.open();
      assert.equal((await app.me()).status, 200);
      assert.equal((await app.me()).status, 200);
      refreshedInTime();
      const { accessToken, refreshToken } = app.tokens();
      if (!entry.withCookies && !entry.keepsAccessToken) assert.notEqual(accessToken, before.accessToken);
      if (entry.keepsRefreshToken) assert.equal(refreshToken, before.refreshToken);
      else if (refreshToken) assert.notEqual(refreshToken, before.refreshToken);
    });

    row("one refresh", "a 401 to a token that looks good is answered by one refresh and one more try", async () => {
      await app.signIn();
      world.refuseCalls(1);
      assert.equal((await app.me()).status, 200);
      assert.equal(world.refreshes().length, 1);
    });

    row("one refresh", "a 401 that stays is handed back after it", async () => {
      await app.signIn();
      const before = world.calls().length; // where everything has one address
      world.refuseCalls(null);
      assert.equal((await app.me()).status, 401);
      assert.equal(world.refreshes().length, 1);
      assert.equal(world.calls().length - before, 2);
      assert.equal(app.auth.status().signedIn, true);
    });

    row("20 at once", "twenty calls at once after expiry make one refresh", async () => {
      await app.signIn();
      await app.closeUntilExpiry();
      app.open();
      const began = Date.now();
      const responses = await Promise.all(Array.from({ length: 20 }, () => app.me()));
      const outlived = Date.now() - began > (world.accessTtl - 1) * 1000;
      for (const { status } of responses) assert.ok(status === 200 || (outlived && status === 401), String(status));
      refreshedInTime();
    });

    row("reuse", "what a refresh has used up is never sent again, and the server would refuse it", async () => {
      await app.signIn();
      const first = app.tokens();
      for (let turn = 0; turn < 3; turn += 1) {
        const { ok, refreshed } = await app.auth.refreshAccessToken({ force: true });
        assert.deepEqual({ ok, refreshed }, { ok: true, refreshed: true });
        await sleep(1100); // by a clock of whole seconds the next token would be the same
      }
      assert.equal(world.refreshes().length, 3);
      assert.equal((await world.raw("refresh", first)).status, refused);
    });

    row("revoked", "a session that has ended elsewhere is over here at its next use", async () => {
      const own = entry.end === "lifetime" && entry.isRefresh ? await openWorld(entry, { accessTtl: 60, refreshTtl: 2 }) : undefined;
      try {
        if (own) app = createApp(own, doorkey);
        await app.signIn();
        if (entry.end === "lifetime") await sleep((own ? 2 : world.accessTtl) * 1000 + 500);
        else await (entry.end ?? revoke)(world, app.tokens());
        if (entry.isRefresh)
          await assert.rejects(app.auth.refreshAccessToken({ force: true }), { code: "ERR_REFRESH_REJECTED", status: refused });
        else assert.ok([401, 403].includes((await app.me()).status));
        await until(() => app.events.includes("expired")); // the check may be asked before
        await sleep(50); // and no other event comes after it
        // What renews itself may have done so before, on a busy machine.
        assert.deepEqual(
          app.events.filter((type) => type !== "refreshed"),
          ["signedIn", "expired"],
        );
        assert.equal(app.events.at(-1), "expired");
        assert.deepEqual(app.pages, ["Dashboard", "LoginPage"]);
        assert.equal(app.auth.status().signedIn, false);
        assert.deepEqual(app.tokens(), { accessToken: undefined, refreshToken: undefined });
      } finally {
        await own?.stop();
      }
    });

    row("server down", "a 503 to a refresh keeps the session, and Retry-After is honoured", async () => {
      await app.signIn();
      await app.closeUntilExpiry();
      world.proxy.fail({ path: "*", grant: "refresh_token", status: 503, headers: { "Retry-After": "2" }, times: null });
      const asked = Date.now();
      app.open();
      // What has no known end, or has not come to it, is refreshed by force.
      const force = entry.tellsNoLifetime || entry.renewsWithAccessToken;
      const error = await app.auth.refreshAccessToken({ force }).then(assert.fail, (/** @type {any} */ e) => e);
      assert.equal(error.code, "ERR_UNREACHABLE");
      assert.equal(error.retryable, true);
      assert.ok(error.retryAtMs >= asked + 1900 && error.retryAtMs < Date.now() + 3000, `retry in ${error.retryAtMs - asked} ms`);
      await assert.rejects(app.auth.refreshAccessToken({ force }), { code: "ERR_UNREACHABLE" });
      assert.deepEqual(world.refreshes(), [503], "no second request before the time that the server gave");
      assert.equal(app.auth.status().signedIn, true);
      assert.deepEqual(app.pages, ["Dashboard"]);

      world.proxy.reset();
      await sleep(error.retryAtMs - Date.now() + 200);
      assert.equal((await app.me()).status, 200);
      refreshedInTime();
    });

    for (const [what, fault] of /** @type {const} */ ([
      ["a 429", { status: 429 }],
      ["a cut connection", { mode: "drop" }],
    ])) {
      row("server down", `${what} at a refresh keeps the session and what it has`, async () => {
        await app.signIn();
        const before = app.tokens();
        world.proxy.fail({ path: "*", grant: "refresh_token", ...fault, times: null });
        await assert.rejects(app.auth.refreshAccessToken({ force: true }), { code: "ERR_UNREACHABLE", retryable: true });
        assert.equal(app.auth.status().signedIn, true);
        assert.deepEqual(app.tokens(), before);
        assert.deepEqual(app.pages, ["Dashboard"]);
        assert.ok(!app.events.includes("expired"));
      });
    }

    const extent = entry.tokensLiveOn ? " (only here: its tokens live on)" : "";
    row("logout", `the session is revoked at the server, cleared here, and the login page shown, once${extent}`, async () => {
      await app.signIn();
      const tokens = app.tokens();
      assert.deepEqual(await app.auth.logout(), { ok: true, revoked: true, navigated: true });
      if (entry.isRefresh) assert.equal((await world.raw("refresh", tokens)).status, refused);
      else assert.equal([401, 403].includes((await world.call(tokens)).status), !entry.tokensLiveOn);
      assert.deepEqual(app.pages, ["Dashboard", "LoginPage"]);
      assert.equal(app.auth.status().signedIn, false);
      assert.deepEqual(app.tokens(), { accessToken: undefined, refreshToken: undefined });
      const requests = world.proxy.log().length;
      assert.equal((await app.auth.logout()).revoked, false);
      assert.equal(world.proxy.log().length, requests);
    });
  });
}

/** @param {import("./world.mjs").World} world @param {import("./registry.mjs").Tokens} tokens */
const revoke = (world, tokens) => world.raw("revoke", tokens);

/** Waits for something that comes soon, also on a busy machine. @param {() => boolean} happened */
async function until(happened) {
  for (let turn = 0; turn < 100 && !happened(); turn += 1) await sleep(50);
}
