// @ts-check
/** Signing out: it wins over everything else that goes on. */

import assert from "node:assert/strict";

import { eventually } from "./lib/eventually.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** Begins accessToken() with an expired token, whose refresh the server has done, and answers when it is let go. */
async function beginSlowRefresh(world, tab) {
  await world.failRefresh({ mode: "hold", times: 1 });
  await world.expire();
  await tab.evaluate(() => {
    globalThis.inFlight = globalThis.kit.call("accessToken", []);
  });
  await world.untilHeld();
}

const revocations = async (world) => (await world.requests("/token/revocation")).filter(({ status }) => status !== null).length;

/** Lets the late answer go, and waits until what it brought is given back: so it has been seen, and dealt with. */
async function letAnswerCome(world) {
  const before = await revocations(world);
  await world.server.release();
  await eventually(async () => (await revocations(world)) > before, "what came late is not revoked");
}

/** Nothing of the session is left after the late answer, here or on the server. */
async function assertGone(world, tabs) {
  assert.equal(world.answers.length, 2, "the late answer has arrived");
  const { refresh_token: discarded } = await world.newestTokens();
  for (const tab of tabs) {
    assert.equal((await tab.status()).signedIn, false);
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
    await world.assertNoTokenStored(tab);
    await tab.event("signedOut");
    const events = await tab.events();
    const after = events.slice(events.indexOf("signedOut"));
    assert.ok(!after.includes("signedIn") && !after.includes("refreshed"), events.join());
  }
  assert.equal(await world.redeem(discarded), 400, "the server refuses the discarded refresh token");
}

scenario("logout: revoked on the server, nothing left, the login page", async (world) => {
  const tab = await world.signedIn();
  const { access_token: accessToken, refresh_token: refreshToken } = await world.newestTokens();
  const result = await tab.ok("logout");
  assert.deepEqual(result, { ok: true, revoked: true, navigated: true });
  assert.deepEqual(await tab.navigations(), ["Dashboard", "LoginPage"]);
  await tab.event("signedOut");
  await world.assertNoTokenStored(tab);
  assert.equal(await world.redeem(refreshToken), 400);
  const api = await fetch(`${world.server.url}/api/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  assert.equal(api.status, 401);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, false);
});

scenario("a second logout sends nothing and changes nothing, and navigates", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("logout");
  const asked = (await world.server.log()).length;
  const stored = await tab.stored();
  assert.deepEqual(await tab.ok("logout"), { ok: true, revoked: false, navigated: true });
  assert.equal((await world.server.log()).length, asked);
  assert.deepEqual(await tab.stored(), stored);
  await tab.event("signedOut");
  assert.equal((await tab.events()).filter((type) => type === "signedOut").length, 1);
});

scenario("two logouts at once are one", async (world) => {
  const tab = await world.signedIn();
  const outcomes = await tab.many(2, "logout");
  assert.deepEqual(
    outcomes.map(({ value }) => value?.ok),
    [true, true],
  );
  assert.equal((await world.requests("/token/revocation")).length, 1);
});

scenario("logout removes the values stored through doorkey, and no foreign key", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate(() => localStorage.setItem("foreign", "kept"));
  await tab.ok("storeValue", "theme", "dark");
  await tab.ok("storeValue", "cart", [1, 2]);
  await tab.ok("logout", { keep: ["theme"] });
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { theme: "dark" });
  assert.equal((await tab.stored()).foreign, "kept");
  await tab.reload();
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { theme: "dark" });
});

scenario("logout({ keep: true, navigate: false }) keeps all values and stays on the page", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("storeValue", "cart", [1, 2]);
  assert.equal((await tab.ok("logout", { keep: true, navigate: false })).navigated, false);
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { cart: [1, 2] });
  assert.deepEqual(await tab.navigations(), ["Dashboard"]);
});

scenario("logout while the revocation fails: signed out all the same", async (world) => {
  for (const failure of [{ status: 503 }, { mode: "drop" }]) {
    const tab = await world.signedIn();
    await world.server.fail({ path: "/token/revocation", times: Infinity, ...failure });
    assert.deepEqual(await tab.ok("logout"), { ok: true, revoked: false, navigated: true });
    assert.equal((await tab.status()).signedIn, false);
    await world.assertNoTokenStored(tab);
    await world.heal();
  }
});

scenario("logout while the revocation never answers: signed out within the limit", async (world) => {
  const tab = await world.signedIn();
  await tab.limit(1);
  await world.server.fail({ path: "/token/revocation", mode: "hang", times: Infinity });
  assert.deepEqual(await tab.ok("logout"), { ok: true, revoked: false, navigated: true });
  await world.assertNoTokenStored(tab);
});

scenario("logout while offline: signed out all the same", async (world) => {
  const tab = await world.signedIn();
  await world.context.setOffline(true);
  assert.deepEqual(await tab.ok("logout"), { ok: true, revoked: false, navigated: true });
  await world.assertNoTokenStored(tab);
  assert.equal((await tab.status()).signedIn, false);
});

scenario("S15: logout during a refresh in flight stays signed out, and the new tokens are stored nowhere", async (world) => {
  const tab = await world.signedIn();
  await beginSlowRefresh(world, tab);
  await tab.ok("logout");
  assert.equal((await tab.status()).signedIn, false);
  await letAnswerCome(world);
  const { value, error } = await tab.evaluate(() => globalThis.inFlight);
  assert.equal(value, undefined);
  assert.ok(["ERR_SIGNED_OUT", "ERR_SUPERSEDED"].includes(error.code), error.code);
  await assertGone(world, [tab]);
});

scenario("S15: logout in another tab during a refresh in flight stays signed out in both", async (world) => {
  const [first, second] = await world.signedInTabs(2);
  await beginSlowRefresh(world, first);
  await second.ok("logout");
  await letAnswerCome(world);
  const { value } = await first.evaluate(() => globalThis.inFlight);
  assert.equal(value, undefined);
  await assertGone(world, [first, second]);
});

scenario("sign-in after a logout during a refresh: the late answer does not touch the new session", async (world) => {
  const tab = await world.signedIn();
  await beginSlowRefresh(world, tab);
  await tab.ok("logout");
  await tab.ok("signin", world.user);
  const token = await tab.ok("accessToken");
  await letAnswerCome(world);
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  await world.expire();
  await tab.ok("accessToken");
});

scenario("logout during a sign-in: the later call decides, and nothing is half signed in", async (world) => {
  const tab = await world.openTab();
  await world.server.fail({ path: "/token", grant: "password", mode: "delay", delayMs: 500 });
  const [signin, logout] = await tab.evaluate(
    (user) => Promise.all([globalThis.kit.call("signin", [user]), globalThis.kit.call("logout", [])]),
    world.user,
  );
  assert.ok(logout.value?.ok, logout.error?.message);
  const { signedIn } = await tab.status();
  assert.equal(signedIn, Boolean(signin.value));
  if (!signedIn) {
    await world.assertNoTokenStored(tab);
  }
});

for (const storage of ["local", "vault"]) {
  scenario(`logout in one tab: what another keeps for its page alone is gone too, but for what is spared: ${storage}`, async (world) => {
    const [tab, other] = await world.signedInTabs(2, { options: { storage } });
    await other.ok("storeValue", "diagnosis", "canary", false);
    await other.ok("storeValue", "theme", "dark", false);
    await tab.ok("logout", { keep: ["theme"] });
    await other.event("signedOut");
    await other.until(() => JSON.stringify(globalThis.auth.values()) === '{"theme":"dark"}');
  });
}
