// @ts-check
/** Access tokens that have expired, or that the API refuses, in one tab. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const valuesOf = (outcomes) => outcomes.map(({ value, error }) => value ?? `${error.code}: ${error.message}`);

scenario("access token expired: the next call refreshes once and succeeds", async (world) => {
  const tab = await world.signedIn();
  const { access_token: first } = await world.newestTokens();
  await world.expire();
  const second = await tab.ok("accessToken");
  assert.notEqual(second, first);
  assert.equal(await tab.ok("accessToken"), second);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);
  await tab.event("refreshed");
});

scenario("a token that is good is not refreshed, unless forced or asked to last longer", async (world) => {
  const tab = await world.signedIn();
  const { refreshed } = await tab.ok("refreshAccessToken");
  assert.equal(refreshed, false);
  assert.equal(await world.refreshes(), 0);
  const forced = await tab.ok("refreshAccessToken", { force: true });
  assert.deepEqual({ ok: forced.ok, refreshed: forced.refreshed }, { ok: true, refreshed: true });
  assert.equal(await world.refreshes(), 1);
  await world.sleep(30_000);
  await tab.ok("accessToken", { minSeconds: 20 });
  assert.equal(await world.refreshes(), 1);
  await tab.ok("accessToken", { minSeconds: 45 });
  assert.equal(await world.refreshes(), 2);
});

scenario("headers() refreshes an expired token before it gives it", async (world) => {
  const tab = await world.signedIn();
  await world.expire();
  const headers = await tab.ok("headers");
  const { access_token: newest } = await world.newestTokens();
  assert.deepEqual(headers, { Authorization: `Bearer ${newest}` });
  assert.equal(await world.refreshes(), 1);
});

scenario("check() refreshes an expired token and asks the server", async (world) => {
  const tab = await world.signedIn();
  await world.expire();
  assert.equal(await tab.ok("check"), true);
  assert.equal(await world.refreshes(), 1);
  assert.equal((await world.requests("/api/me")).at(-1).status, 200);
});

scenario("S1: 20 calls at once with an expired token: exactly 1 refresh request, 20 ok", async (world) => {
  const tab = await world.signedIn();
  await world.expire();
  const values = valuesOf(await tab.many(20, "accessToken"));
  const { access_token: newest } = await world.newestTokens();
  assert.deepEqual(values, Array(20).fill(newest));
  assert.equal(await world.refreshes(), 1);
});

scenario("S1: 20 different calls at once with an expired token share 1 refresh request", async (world) => {
  const tab = await world.signedIn();
  await world.expire();
  const outcomes = await tab.evaluate((url) => {
    const calls = [
      () => globalThis.kit.fetch(`${url}/api/me`),
      () => globalThis.kit.call("accessToken", []),
      () => globalThis.kit.call("headers", []),
      () => globalThis.kit.call("refreshAccessToken", []),
      () => globalThis.kit.call("check", []),
    ];
    return Promise.all(Array.from({ length: 20 }, (_, index) => calls[index % calls.length]()));
  }, world.server.url);
  assert.deepEqual(outcomes.map(({ error }) => error).filter(Boolean), []);
  assert.equal(await world.refreshes(), 1);
});

scenario("S9: the API answers 401 to a token that looks good: refresh once, send once more, 200", async (world) => {
  const tab = await world.signedIn();
  await world.expireOnServer();
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);
  assert.deepEqual(
    (await world.requests("/api/me")).map(({ status }) => status),
    [401, 200],
  );
});

scenario("S9: a body is sent again with the request", async (world) => {
  const tab = await world.signedIn();
  await world.expireOnServer();
  const body = JSON.stringify({ amount: 3, note: "ünïcödé" });
  const answer = await tab.fetch(`${world.server.url}/api/echo`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  assert.deepEqual(answer, { status: 200, body, isResponse: true });
});

scenario("S9: a Request object is sent again with its body", async (world) => {
  const tab = await world.signedIn();
  await world.expireOnServer();
  const { value, error } = await tab.evaluate((url) => {
    const request = new Request(`${url}/api/echo`, { method: "POST", body: "once", headers: { "Content-Type": "text/plain" } });
    return globalThis.kit.fetch(request);
  }, world.server.url);
  assert.ok(!error, error?.message);
  assert.deepEqual(value, { status: 200, body: "once", isResponse: true });
});

scenario("S9: 401 for good: 2 calls, 1 refresh, and the 401 is the answer", async (world) => {
  const tab = await world.signedIn();
  await world.server.fail({ path: "/api/me", status: 401, times: Infinity });
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 401);
  assert.equal(await world.refreshes(), 1);
  assert.equal((await world.requests("/api/me")).length, 2);
  assert.equal((await tab.status()).signedIn, true);
});

scenario("S9: 20 requests at once that all meet 401 share 1 refresh, and all succeed", async (world) => {
  const tab = await world.signedIn();
  await world.expireOnServer();
  const outcomes = await tab.evaluate(
    (url) => Promise.all(Array.from({ length: 20 }, () => globalThis.kit.fetch(`${url}/api/orders`))),
    world.server.url,
  );
  assert.deepEqual(
    outcomes.map(({ value, error }) => value?.status ?? error.message),
    Array(20).fill(200),
  );
  assert.equal(await world.refreshes(), 1);
});

scenario("S9: a 401 that comes late, after another request's refresh, does not refresh again", async (world) => {
  const tab = await world.signedIn();
  await world.server.fail({ path: "/api/orders", mode: "hold", times: 1 });
  await world.expireOnServer();
  await tab.evaluate((url) => void (globalThis.late = globalThis.kit.fetch(`${url}/api/orders`)), world.server.url);
  await world.untilHeld();
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);
  await world.server.release();
  const late = await tab.evaluate(() => globalThis.late);
  assert.equal(late.value?.status, 200);
  assert.equal(await world.refreshes(), 1);
});

scenario("fetch resolves with the server's first answer when the refresh is refused", async (world) => {
  const tab = await world.signedIn();
  await world.server.revokeAll();
  const { status, body } = await tab.fetch(`${world.server.url}/api/me`);
  assert.equal(status, 401);
  assert.equal(JSON.parse(body).error, "invalid_token");
  await tab.event("expired");
  assert.equal((await world.requests("/api/me")).length, 1);
  await tab.navigated("LoginPage");
  assert.deepEqual(await tab.navigations(), ["Dashboard", "LoginPage"]);
});

scenario("fetch without a session sends the request as it is", async (world) => {
  const tab = await world.openTab();
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 401);
  assert.equal((await world.requests("/api/me")).length, 1);
  assert.equal(await world.refreshes(), 0);
});

scenario("fetch resolves with other failures as they are, without a refresh", async (world) => {
  const tab = await world.signedIn();
  for (const status of [403, 404, 418, 500, 503]) {
    await world.server.fail({ path: "/api/me", status });
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, status);
  }
  assert.equal(await world.refreshes(), 0);
});

scenario("run refreshes once and runs the host's query once more", async (world) => {
  const tab = await world.signedIn({
    complete: (options, kit, url) => ({
      ...options,
      host: {
        ...kit.recordingHost,
        async run(query) {
          const response = await fetch(`${url}${query}`, { headers: await globalThis.auth.headers() });
          if (!response.ok) {
            throw { status: response.status, message: "the query failed" };
          }
          return response.json();
        },
      },
    }),
    data: world.server.url,
  });
  await world.expireOnServer();
  const { email } = await tab.ok("run", "/api/me");
  assert.equal(email, world.user.email);
  assert.equal(await world.refreshes(), 1);
  assert.deepEqual(
    (await world.requests("/api/me")).map(({ status }) => status),
    [401, 200],
  );
});
