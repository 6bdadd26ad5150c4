// @ts-check
/** Servers that refuse, fail, or can't be reached: only the server's word ends a session. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** The failed call says when to come again; at that time the session goes on. */
async function assertRecovers(world, tab, { retryAtMs }) {
  await world.heal();
  const now = await tab.evaluate(() => Date.now());
  assert.ok(retryAtMs > now - 10_000 && retryAtMs < now + 120_000, `retryAtMs is ${retryAtMs - now} ms from now`);
  // Where the test has been slow the page has tried again since, and has another pause; from now on no try fails.
  const { error } = await tab.call("accessToken");
  await world.sleep(Math.max(0, (error?.retryAtMs ?? now) - (await tab.evaluate(() => Date.now()))) + 50);
  const token = await tab.ok("accessToken");
  const { access_token: newest } = await world.newestTokens();
  assert.equal(token, newest);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
}

for (const [title, status] of [
  ["S3", 503],
  ["S14", 500],
]) {
  scenario(`${title}: the server answers a refresh with ${status}: few attempts, signed in still, later succeeds`, async (world) => {
    const tab = await world.signedIn();
    await world.failRefresh({ status });
    await world.expire();
    const error = await tab.fails("ERR_UNREACHABLE", "accessToken");
    assert.equal(error.status, status);
    assert.equal(error.retryable, true);
    for (let call = 0; call < 5; call++) {
      await tab.fails("ERR_UNREACHABLE", "accessToken");
    }
    const attempts = await world.refreshes();
    assert.ok(attempts <= 3, `${attempts} attempts`);
    assert.equal((await tab.status()).signedIn, true);
    assert.ok(!(await tab.events()).some((type) => type === "expired" || type === "signedOut"));
    assert.deepEqual(await tab.navigations(), ["Dashboard"]);
    await assertRecovers(world, tab, error);
  });
}

scenario("503 with Retry-After during a refresh: not before that time, then it succeeds", async (world) => {
  const tab = await world.signedIn();
  await world.failRefresh({ status: 503, headers: { "retry-after": "20" } });
  await world.expire();
  const error = await tab.fails("ERR_UNREACHABLE", "accessToken");
  const now = await tab.evaluate(() => Date.now());
  assert.ok(Math.abs(error.retryAtMs - now - 20_000) < 3000, `retryAtMs is ${error.retryAtMs - now} ms from now`);
  await world.sleep(15_000);
  await tab.fails("ERR_UNREACHABLE", "accessToken");
  assert.equal(await world.refreshes(), 1);
  await assertRecovers(world, tab, error);
});

scenario("503 to an early refresh: the token that is still good goes on being used", async (world) => {
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  await world.failRefresh({ status: 503 });
  await tab.fails("ERR_UNREACHABLE", "refreshAccessToken", { force: true });
  assert.equal(await tab.ok("accessToken"), token);
  // By the page's own clock, whatever of the lifetime the test has taken so far: it is due, and good for five seconds more.
  await world.sleep(await tab.evaluate(() => Number(globalThis.auth.status().expiresAt) - Date.now() - 5000));
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
});

scenario("S5: 429 with Retry-After, and 15 calls until just before that time: 1 request, signed in still", async (world) => {
  const tab = await world.signedIn();
  await world.failRefresh({ status: 429, headers: { "retry-after": "50" }, times: 1 });
  await world.expire();
  // Most of the pause goes by on the page's clock alone, so that a slow machine is still in it at the end.
  const outcomes = await tab.evaluate(async () => {
    const outcomes = [];
    for (let call = 0; call < 15; call++) {
      outcomes.push(await globalThis.kit.call("accessToken", []));
      globalThis.testClock.sleep(2000);
    }
    return outcomes;
  });
  assert.deepEqual(
    outcomes.map((/** @type {any} */ { error }) => error?.code),
    Array(15).fill("ERR_UNREACHABLE"),
  );
  assert.equal(await world.refreshes(), 1);
  assert.equal((await tab.status()).signedIn, true);
  await assertRecovers(world, tab, outcomes[0].error);
});

scenario("S5: Retry-After holds for all tabs", async (world) => {
  const [first, second] = await world.signedInTabs(2);
  await world.failRefresh({ status: 429, headers: { "retry-after": "30" } });
  await world.expire();
  await first.fails("ERR_UNREACHABLE", "accessToken");
  await second.fails("ERR_UNREACHABLE", "accessToken");
  const attempts = await world.refreshes();
  assert.ok(attempts <= 2, `${attempts} attempts`);
  for (let call = 0; call < 5; call++) {
    await first.fails("ERR_UNREACHABLE", "accessToken");
    await second.fails("ERR_UNREACHABLE", "accessToken");
  }
  assert.equal(await world.refreshes(), attempts);
});

for (const [name, failure] of Object.entries({ "cuts the connection": { mode: "drop" }, "never answers": { mode: "hang" } })) {
  scenario(`the server ${name} during a refresh: signed in still, later succeeds`, async (world) => {
    const tab = await world.signedIn();
    await tab.limit(1);
    await world.failRefresh(failure);
    await world.expire();
    const error = await tab.fails("ERR_UNREACHABLE", "accessToken");
    assert.equal((await tab.status()).signedIn, true);
    await tab.limit(30);
    await assertRecovers(world, tab, error);
  });
}

/** A session of its own for each status, so that no cooldown of one delays another. */
async function assertKeepsSession(world, statuses, code) {
  for (const status of statuses) {
    const tab = await world.signedIn({ options: { name: `status${status}` } });
    // For good, since the browser itself sends a request once more when 408 comes on a connection that it kept open.
    await world.failRefresh({ status });
    const error = await tab.fails(code, "refreshAccessToken", { force: true });
    assert.equal(error.status, status);
    await world.heal();
    assert.equal((await tab.status()).signedIn, true);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  }
}

scenario("408, 409, 425, 429 and 5xx to a refresh: come again later, signed in still", (world) =>
  assertKeepsSession(world, [408, 409, 425, 429, 500, 502, 503, 504, 520], "ERR_UNREACHABLE"),
);

scenario("404, 410 and 418 to a refresh say nothing about the session: signed in still", (world) =>
  assertKeepsSession(world, [404, 410, 418], "ERR_SERVER"),
);

scenario("S6: invalid_grant to a refresh: 1 request for 2 calls, and no token left in storage", async (world) => {
  const tab = await world.signedIn();
  await world.server.revokeAll();
  await world.expire();
  await tab.fails("ERR_REFRESH_REJECTED", "accessToken");
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.equal(await world.refreshes(), 1);
  await world.assertNoTokenStored(tab);
});

scenario("S6: invalid_grant to 2 calls at once: 1 request", async (world) => {
  const tab = await world.signedIn();
  await world.server.revokeAll();
  await world.expire();
  const outcomes = await tab.many(2, "accessToken");
  assert.deepEqual(
    outcomes.map(({ error }) => error?.code),
    ["ERR_REFRESH_REJECTED", "ERR_REFRESH_REJECTED"],
  );
  assert.equal(await world.refreshes(), 1);
});

scenario("refresh token revoked on the server: event expired, ERR_REFRESH_REJECTED, the login page", async (world) => {
  const tab = await world.signedIn();
  await world.server.revokeAll();
  await world.expire();
  const error = await tab.fails("ERR_REFRESH_REJECTED", "refreshAccessToken");
  assert.equal(error.status, 400);
  assert.ok(!error.retryable);
  await tab.event("expired");
  assert.ok(!(await tab.events()).includes("signedOut"));
  await tab.navigated("LoginPage");
  assert.deepEqual(await tab.navigations(), ["Dashboard", "LoginPage"]);
  assert.equal((await tab.status()).signedIn, false);
  const { ok, reason } = await tab.ok("refreshAccessToken");
  assert.deepEqual({ ok, reason }, { ok: false, reason: "signed-out" });
  await tab.reload();
  assert.equal((await tab.status()).signedIn, false);
});

scenario("a refresh token past its own lifetime ends the session in the same way", async (world) => {
  const tab = await world.signedIn();
  await world.sleep(3_601_000);
  await tab.fails("ERR_REFRESH_REJECTED", "accessToken");
  await tab.event("expired");
  await tab.navigated("LoginPage");
  assert.deepEqual(await tab.navigations(), ["Dashboard", "LoginPage"]);
});

scenario("S4: offline with an expired token: an answer at once, signed in still; online again: it succeeds", async (world) => {
  // Whoever waited for this limit would hang, as a test takes it.
  const tab = await world.signedIn({ options: { timeoutSeconds: 120 } });
  await world.expire();
  await world.context.setOffline(true);
  const error = await tab.fails("ERR_UNREACHABLE", "accessToken");
  assert.equal(error.retryable, true);
  assert.equal((await tab.status()).signedIn, true);
  await world.context.setOffline(false);
  await tab.until(async () => (await globalThis.kit.call("accessToken", [])).value);
  assert.equal(await world.refreshes(), 1);
});

scenario("offline with a good token: it goes on being given, and guard lets pass", async (world) => {
  const tab = await world.signedIn();
  await world.context.setOffline(true);
  await tab.ok("accessToken");
  assert.equal(await tab.ok("guard", "protected"), true);
  await tab.fails("ERR_UNREACHABLE", "refreshAccessToken", { force: true });
  await tab.ok("accessToken");
});

scenario("sign-in while the server is down or offline: ERR_UNREACHABLE, nothing stored, no navigation", async (world) => {
  const tab = await world.openTab({ options: { timeoutSeconds: 1 } });
  for (const failure of [{ status: 503 }, { status: 429 }, { mode: "drop" }, { mode: "hang" }]) {
    await world.server.fail({ path: "/token", times: Infinity, ...failure });
    const error = await tab.fails("ERR_UNREACHABLE", "signin", world.user);
    assert.equal(error.retryable, true);
    await world.heal();
  }
  await world.context.setOffline(true);
  await tab.fails("ERR_UNREACHABLE", "signin", world.user);
  await world.context.setOffline(false);
  assert.deepEqual(await tab.stored(), {});
  assert.deepEqual(await tab.navigations(), []);
  await tab.limit(30);
  await tab.ok("signin", world.user);
});

scenario(
  "an answer to a refresh that is lost on the way: signed in still, until the server says that the token was used",
  async (world) => {
    const tab = await world.signedIn();
    // For good, since the browser itself sends a request once more when a connection that it kept open is cut.
    await world.failRefresh({ mode: "lose" });
    await world.expire();
    const error = await tab.fails("ERR_UNREACHABLE", "accessToken");
    assert.equal((await tab.status()).signedIn, true);
    await world.heal();
    await world.sleep(Math.max(0, error.retryAtMs - (await tab.evaluate(() => Date.now()))) + 50);
    await tab.fails("ERR_REFRESH_REJECTED", "accessToken");
    await tab.event("expired");
  },
);
