// @ts-check
/** Several tabs with one session, on a server that ends it when a refresh token is used twice. */

import assert from "node:assert/strict";

import { eventually } from "./lib/eventually.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** All tabs hold the newest token, and the server takes it. */
async function assertAllSignedIn(world, tabs, outcomes) {
  const { access_token: newest } = await world.newestTokens();
  assert.deepEqual(
    outcomes.map(({ value, error }) => value ?? error.message),
    tabs.map(() => newest),
  );
  for (const tab of tabs) {
    assert.equal((await tab.status()).signedIn, true);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  }
}

for (const count of [2, 4]) {
  const name = count === 2 ? "S2: two tabs with an expired token at once" : "four tabs wake with an expired token at the same moment";
  scenario(`${name}: exactly 1 refresh request, and all stay signed in, five times over`, async (world) => {
    const tabs = await world.signedInTabs(count);
    await world.failRefresh({ mode: "delay", delayMs: 150 });
    // More than once: a tab may read the storage of before even when it has waited for the lock of the tab that wrote it.
    for (const round of [1, 2, 3, 4, 5]) {
      await world.expire();
      const outcomes = await world.atOnce(tabs, "accessToken");
      assert.equal(await world.refreshes(), round);
      await assertAllSignedIn(world, tabs, outcomes);
    }
  });
}

scenario("tabs that have the lock within the same millisecond: each gives it back at once", async (world) => {
  const tabs = await world.signedInTabs(4);
  const at = Date.now();
  for (const tab of tabs) await tab.evaluate((/** @type {number} */ moment) => void (Date.now = () => moment), at);
  await world.failRefresh({ mode: "hold" });
  const calls = tabs.map((tab) => tab.call("refreshAccessToken", { force: true }));
  for (const tab of tabs) await tab.until(() => globalThis.kit.pending().length === 1);
  await world.untilHeld();
  await world.server.release();
  const outcomes = await Promise.all(calls);
  // Held for longer than the work under it, it would be waited for by others for some seconds.
  await tabs[0].until(async () => (await navigator.locks.query()).pending.length === 0, undefined, 1000);
  assert.deepEqual(
    outcomes.map(({ value, error }) => value?.ok ?? error?.message),
    tabs.map(() => true),
  );
  assert.equal(await world.refreshes(), 1);
});

scenario("four tabs that wake and make five API calls each: exactly 1 refresh request", async (world) => {
  const tabs = await world.signedInTabs(4);
  await world.expire();
  const burst = (url) => Promise.all(Array.from({ length: 5 }, () => globalThis.kit.fetch(`${url}/api/me`)));
  const outcomes = await Promise.all(tabs.map((tab) => tab.evaluate(burst, world.server.url)));
  assert.deepEqual(
    outcomes.flat().map(({ value, error }) => value?.status ?? error.message),
    Array(20).fill(200),
  );
  assert.equal(await world.refreshes(), 1);
});

/** Runs before a page's scripts: nothing that another tab says arrives. */
function beDeaf() {
  Object.defineProperty(globalThis, "BroadcastChannel", { value: undefined });
  addEventListener("storage", (event) => event.stopImmediatePropagation(), true);
}

for (const before of [undefined, beDeaf]) {
  const variant = before ? ", even if no message between tabs arrives" : "";
  scenario(`S13: a tab whose token another tab refreshed 0.8 s ago adopts that one${variant}`, async (world) => {
    const first = await world.signedIn();
    const second = await world.openTab({ before });
    await second.ok("accessToken");
    await world.expire();
    const token = await first.ok("accessToken");
    await new Promise((done) => setTimeout(done, 800));
    assert.equal(await second.ok("accessToken"), token);
    assert.equal(await world.refreshes(), 1);
  });
}

/** Runs before a page's scripts: what another tab has written is seen late, as where the machine is busy. */
function seeLate() {
  const { getItem, setItem } = Storage.prototype;
  const isRecord = (area, key) => area === localStorage && key === "doorkey";
  const read = () => getItem.call(localStorage, "doorkey");
  let shown = read();
  setInterval(() => {
    const now = read();
    setTimeout(() => {
      shown = now;
    }, 400);
  }, 5);
  Storage.prototype.getItem = function (key) {
    return isRecord(this, key) ? shown : getItem.call(this, key);
  };
  Storage.prototype.setItem = function (key, text) {
    if (isRecord(this, key)) shown = text;
    return setItem.call(this, key, text);
  };
  addEventListener("storage", (event) => event.stopImmediatePropagation(), true);
}

scenario(
  "a tab that gets the lock long before it sees what was written under it waits for that: exactly 1 refresh request",
  async (world) => {
    const first = await world.signedIn();
    const second = await world.openTab({ before: seeLate });
    await second.ok("accessToken");
    await world.failRefresh({ mode: "hold", times: 1 });
    await world.expire();
    const begun = first.call("accessToken");
    await world.untilHeld();
    const waiting = second.call("accessToken");
    await second.until(async () => (await navigator.locks.query()).pending.length > 0);
    await world.server.release();
    await assertAllSignedIn(world, [first, second], await Promise.all([begun, waiting]));
    assert.equal(await world.refreshes(), 1);
  },
);

scenario("S13: a tab with a stale token that meets 401 adopts the other tab's token and sends once more", async (world) => {
  const first = await world.signedIn();
  const second = await world.openTab({ before: beDeaf });
  await second.ok("accessToken");
  await world.expireOnServer();
  assert.equal((await first.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal((await second.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);
});

scenario("S12: another tab holds doorkey's lock for ever: an answer within the limit, and the session survives", async (world) => {
  const [first, second] = await world.signedInTabs(2);
  await world.failRefresh({ mode: "hold", times: 1 });
  await world.expire();
  const refreshed = first.call("accessToken");
  await world.untilHeld();
  const names = await second.evaluate(async () => (await navigator.locks.query()).held.map(({ name }) => name));
  assert.equal(names.length, 1, names.join());
  await world.server.release();
  await refreshed;

  const holder = await world.openTab({ at: "/elsewhere.html", start: false });
  await holder.evaluate((wanted) => {
    for (const name of wanted) {
      navigator.locks.request(name, () => new Promise(() => {}));
    }
  }, names);
  await world.expire();
  for (const tab of [second, first]) {
    await tab.limit(4);
    const { value, error } = await tab.call("accessToken");
    const { access_token: newest } = await world.newestTokens();
    assert.equal(value, newest, error?.message);
  }
  assert.equal(await world.refreshes(), 2);
});

scenario("a tab that is closed in the middle of its refresh does not block the others", async (world) => {
  const [first, second] = await world.signedInTabs(2, { options: { timeoutSeconds: 5 } });
  await world.failRefresh({ mode: "hang", times: 1 });
  await world.expire();
  await first.evaluate(() => {
    globalThis.auth.accessToken();
  });
  await second.until(async () => (await navigator.locks.query()).held.length > 0);
  const waiting = second.call("accessToken");
  await first.page.close();
  const { value, error } = await waiting;
  const { access_token: newest } = await world.newestTokens();
  assert.equal(value, newest, error?.message);
});

scenario("without Web Locks two tabs that refresh at once end in agreement", async (world) => {
  const before = () => Object.defineProperty(navigator, "locks", { value: undefined });
  const tabs = await world.signedInTabs(2, { before });
  await world.failRefresh({ mode: "delay", delayMs: 150 });
  await world.expire();
  const outcomes = await world.atOnce(tabs, "accessToken");
  assert.ok(outcomes.every(({ value, error }) => value || error.isAuthError));
  const signedIn = async () => (await Promise.all(tabs.map((tab) => tab.status()))).map((status) => status.signedIn);
  const agree = async () => new Set(await signedIn()).size === 1;
  await eventually(agree, "one tab is signed in and the other is not");
});

scenario("S16: sign-out in one tab signs out all", async (world) => {
  const tabs = await world.signedInTabs(4);
  await tabs[1].ok("logout");
  for (const tab of tabs) {
    await tab.event("signedOut");
    assert.equal((await tab.status()).signedIn, false);
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
    await world.assertNoTokenStored(tab);
  }
  assert.equal(await world.redeem((await world.newestTokens()).refresh_token), 400);
  assert.equal(await world.refreshes(), 1, "the only refresh request is the test's own");
});

scenario("sign-in in one tab signs in the others", async (world) => {
  const [first, second] = [await world.openTab(), await world.openTab()];
  await first.ok("signin", world.user);
  await second.event("signedIn");
  assert.equal((await second.status()).signedIn, true);
  assert.equal(await second.ok("accessToken"), await first.ok("accessToken"));
});

scenario("the end of the session by the server reaches every tab, with one request", async (world) => {
  const tabs = await world.signedInTabs(3);
  await world.server.revokeAll();
  await world.expire();
  const outcomes = await world.atOnce(tabs, "accessToken");
  const codes = outcomes.map(({ error }) => error?.code);
  assert.ok(codes.includes("ERR_REFRESH_REJECTED"), codes.join());
  assert.ok(
    codes.every((code) => code === "ERR_REFRESH_REJECTED" || code === "ERR_SIGNED_OUT"),
    codes.join(),
  );
  for (const tab of tabs) {
    await tab.event("expired");
    assert.ok(!(await tab.events()).includes("signedOut"));
    assert.equal((await tab.status()).signedIn, false);
  }
  assert.equal(await world.refreshes(), 1);
});

scenario("a value stored in one tab is seen in the others", async (world) => {
  const [first, second] = await world.signedInTabs(2);
  await first.ok("storeValue", "theme", "dark");
  await second.until(() => globalThis.auth.getValue("theme") === "dark");
  await first.ok("removeValue", "theme");
  await second.until(() => globalThis.auth.getValue("theme") === undefined);
});

scenario("what a storage event says was stored is older than what this tab has stored since", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("storeValue", "theme", "mine");
  const seen = await tab.evaluate(async () => {
    const [key] = Object.keys(localStorage).filter((name) => name.endsWith("theme"));
    dispatchEvent(new StorageEvent("storage", { key, newValue: '"theirs"', storageArea: localStorage }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return globalThis.auth.getValue("theme");
  });
  assert.equal(seen, "mine");
});

scenario("when other code clears the local storage, other tabs see no value any more but those that were never stored", async (world) => {
  const [first, second] = await world.signedInTabs(2);
  await first.ok("storeValue", "theme", "dark");
  await second.until(() => globalThis.auth.getValue("theme") === "dark");
  await second.ok("storeValue", "draft", "mine", false);
  await first.evaluate(() => localStorage.clear());
  await second.until(() => globalThis.auth.getValue("theme") === undefined);
  assert.deepEqual(await second.evaluate(() => globalThis.auth.values()), { draft: "mine" });
});

scenario("two names are two sessions, which share nothing", async (world) => {
  const [first, second] = [await world.signedIn({ options: { name: "one" } }), await world.openTab({ options: { name: "two" } })];
  assert.equal((await second.status()).signedIn, false);
  await second.ok("signin", world.user);
  await second.ok("logout");
  assert.equal((await first.status()).signedIn, true);
  assert.equal((await first.fetch(`${world.server.url}/api/me`)).status, 200);
});
