// @ts-check
/** Pages that are left, come back from the back/forward cache, or are done with doorkey. */

import assert from "node:assert/strict";

import { eventually } from "./lib/eventually.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite({ keepsPages: true });

/** Leaves the page, lets `meanwhile` happen, and goes back. Gives whether the page came out of the back/forward cache. */
async function leaveAndGoBack(world, tab, meanwhile) {
  await tab.evaluate(() => {
    addEventListener("pageshow", ({ persisted }) => {
      globalThis.wasPersisted = persisted;
    });
  });
  await tab.page.goto(`${world.site.origin}/elsewhere.html`);
  await meanwhile();
  // A page from the cache never fires "load" again.
  await tab.page.goBack({ waitUntil: "commit" });
  await tab.page.waitForURL("**/app.html", { waitUntil: "commit" });
  return tab.evaluate(() => globalThis.wasPersisted === true);
}

/** Why Chromium did not keep the page, for the message of a failed test. */
function reasonsOf(tab) {
  return tab.evaluate(() => JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons));
}

scenario("back/forward cache: a page with a session is kept, and is signed in when it comes back", async (world) => {
  const tab = await world.signedIn();
  const persisted = await leaveAndGoBack(world, tab, async () => {});
  assert.ok(persisted, `doorkey keeps the page out of the back/forward cache: ${await reasonsOf(tab)}`);
  assert.equal((await tab.status()).signedIn, true);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 0);
});

scenario("back/forward cache: the token expired meanwhile: refreshed once when the page comes back", async (world) => {
  const tab = await world.signedIn();
  const persisted = await leaveAndGoBack(world, tab, async () => {});
  assert.ok(persisted, await reasonsOf(tab));
  // A frozen page's clock can't be moved from outside: it is moved now, before doorkey has looked at it.
  await world.expire();
  await tab.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);
});

scenario("back/forward cache: another tab refreshed meanwhile: its token is used", async (world) => {
  const [tab, other] = await world.signedInTabs(2);
  await leaveAndGoBack(world, tab, () => other.ok("refreshAccessToken", { force: true }));
  await startAgainIfReloaded(tab);
  const newest = await other.ok("accessToken");
  // The look takes its time.
  await tab.until(async (wanted) => (await globalThis.auth.accessToken()) === wanted, newest);
  assert.equal(await world.refreshes(), 1);
});

scenario("back/forward cache: another tab signed out meanwhile: the page comes back signed out", async (world) => {
  const [tab, other] = await world.signedInTabs(2);
  const persisted = await leaveAndGoBack(world, tab, () => other.ok("logout"));
  await startAgainIfReloaded(tab);
  await tab.until(() => globalThis.auth.status().signedIn === false);
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  if (persisted) {
    await tab.event("signedOut");
  }
});

/** A message that comes while a page is in the cache makes Chromium drop it: going back is then a load. */
async function startAgainIfReloaded(tab) {
  if (await tab.evaluate(() => globalThis.auth === undefined)) {
    await tab.until(() => globalThis.kit !== undefined);
    await tab.startAuth();
  }
}

scenario("pageshow, visibilitychange, online and focus with a good token ask nothing of the server", async (world) => {
  const tab = await world.signedIn();
  const asked = (await world.server.log()).length;
  await tab.evaluate(async () => {
    for (let round = 0; round < 5; round++) {
      document.dispatchEvent(new Event("visibilitychange"));
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      dispatchEvent(new Event("online"));
      dispatchEvent(new Event("focus"));
      await new Promise((done) => setTimeout(done, 20));
    }
  });
  assert.equal((await world.server.log()).length, asked);
  assert.deepEqual(
    (await tab.events()).filter((type) => type !== "signedIn"),
    [],
  );
});

scenario("a page left in the middle of a refresh: the next page has a session that works", async (world) => {
  const tab = await world.signedIn();
  await world.failRefresh({ mode: "delay", delayMs: 300, times: 1 });
  await world.expire();
  await tab.evaluate(() => {
    globalThis.auth.accessToken();
  });
  await tab.reload();
  const { value, error } = await tab.call("accessToken");
  // The answer may have gone with the page; a server that is strict about rotation then ends the session, perhaps by the new
  // page's own refresh, before this call. Each is said clearly.
  assert.ok(value || ["ERR_REFRESH_REJECTED", "ERR_SIGNED_OUT"].includes(error.code), error?.message);
  assert.equal((await tab.status()).signedIn, Boolean(value));
});

scenario("dispose() ends waiting calls with ERR_DISPOSED, and later ones too", async (world) => {
  const tab = await world.signedIn();
  await world.failRefresh({ mode: "hang" });
  await world.expire();
  await tab.evaluate(() => {
    globalThis.waiting = globalThis.kit.call("accessToken", []);
  });
  await eventually(async () => (await world.refreshes()) === 1, "nothing is refreshed");
  const outcome = await tab.evaluate(() => {
    globalThis.auth.dispose();
    return globalThis.waiting;
  });
  assert.equal(outcome.error?.code, "ERR_DISPOSED");
  await tab.fails("ERR_DISPOSED", "accessToken");
  // It is given back, a moment later: the next holder is to see what was written.
  await tab.until(async () => (await navigator.locks.query()).held.length === 0);
});

scenario("after dispose() the same name makes a new session object, with the stored session", async (world) => {
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  await tab.evaluate(() => globalThis.auth.dispose());
  await tab.startAuth();
  assert.equal(await tab.ok("accessToken"), token);
});

scenario("a listener may call doorkey, and waits for nothing that waits for it", async (world) => {
  const tab = await world.openTab();
  await tab.evaluate(() => {
    globalThis.heard = [];
    globalThis.auth.on("signedIn", async () => globalThis.heard.push((await globalThis.auth.accessToken()).length > 0));
    globalThis.auth.on("refreshed", async () => globalThis.heard.push((await globalThis.auth.refreshAccessToken()).ok));
  });
  await tab.ok("signin", world.user);
  await tab.ok("refreshAccessToken", { force: true });
  await tab.until(() => globalThis.heard.length === 2);
  assert.deepEqual(await tab.evaluate(() => globalThis.heard), [true, true]);
});

scenario("back/forward cache: what another tab stored and removed meanwhile is seen when the page comes back", async (world) => {
  const [tab, other] = await world.signedInTabs(2);
  for (const key of ["cart", "theme"]) await tab.ok("storeValue", key, 1);
  const persisted = await leaveAndGoBack(world, tab, async () => {
    await other.ok("storeValue", "cart", 2);
    await other.ok("removeValue", "theme");
    await other.ok("storeValue", "new", 3);
  });
  assert.ok(persisted, await reasonsOf(tab));
  await tab.until(() => JSON.stringify(globalThis.auth.values()) === '{"cart":2,"new":3}');
});
