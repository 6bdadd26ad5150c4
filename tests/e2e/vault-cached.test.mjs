// @ts-check
/** Sealed and bound pages in the back/forward cache: what other tabs do meanwhile holds when they come back. */

import assert from "node:assert/strict";

import { eventually } from "./lib/eventually.mjs";
import { suite } from "./lib/suite.mjs";
import { database, dropDatabase } from "./lib/vault.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite({ keepsPages: true });

/**
 * Leaves the page, lets `meanwhile` happen, and goes back. Where tabs speak to each other the page may have loaded anew.
 * @param {World} world @param {Tab} tab @param {() => unknown} meanwhile
 */
async function leaveAndGoBack(world, tab, meanwhile) {
  await tab.page.goto(`${world.site.origin}/elsewhere.html`);
  await meanwhile();
  await tab.page.goBack({ waitUntil: "commit" });
  await tab.page.waitForURL("**/app.html", { waitUntil: "commit" });
  if (await tab.evaluate(() => globalThis.auth !== undefined)) return;
  // Chromium drops a page to which somebody speaks while it rests.
  await tab.until(() => globalThis.kit !== undefined);
  assert.notEqual(/** @type {any} */ (tab.start.options).crossTab, "off", "the page was not kept");
  await tab.startAuth();
}

for (const crossTab of ["lock", "off"]) {
  // Without words between tabs the page is kept whatever they do: it has to look itself.
  const how = { options: { storage: "vault", dpop: true, crossTab } };
  const two = async (/** @type {World} */ world) => {
    const [tab, other] = await world.signedInTabs(2, how);
    await other.ok("accessToken");
    return [tab, other];
  };

  scenario(`crossTab ${crossTab}: its token and key are good when it comes back`, async (world) => {
    const tab = await world.signedIn(how);
    await leaveAndGoBack(world, tab, () => {});
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    await world.expire();
    await tab.ok("accessToken");
    assert.equal(await world.refreshes(), 1);
  });

  scenario(`crossTab ${crossTab}: another tab has refreshed meanwhile`, async (world) => {
    const [tab, other] = await two(world);
    await leaveAndGoBack(world, tab, () => other.ok("refreshAccessToken", { force: true }));
    const { access_token: newest } = await world.newestTokens();
    // The look takes its time.
    await tab.until(async (/** @type {string} */ wanted) => (await globalThis.auth.accessToken()) === wanted, newest);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    assert.equal(await world.refreshes(), 1);
  });

  scenario(`crossTab ${crossTab}: another tab has signed out meanwhile`, async (world) => {
    const [tab, other] = await two(world);
    await leaveAndGoBack(world, tab, () => other.ok("logout"));
    await tab.until(() => globalThis.auth.status().signedIn === false);
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
    const keys = async () => (await database(tab)).map(({ key }) => key).join();
    await eventually(async () => (await keys()) === "vault:doorkey", "the key of what is over is left");
  });

  scenario(`crossTab ${crossTab}: another tab has signed out and in again meanwhile, under another key`, async (world) => {
    const [tab, other] = await two(world);
    await leaveAndGoBack(world, tab, async () => {
      await other.ok("logout");
      await other.ok("signin", world.user);
    });
    const token = await other.ok("accessToken");
    await tab.until(async (/** @type {string} */ wanted) => (await globalThis.kit.call("accessToken", [])).value === wanted, token);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    await tab.ok("refreshAccessToken", { force: true });
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  });

  scenario(`crossTab ${crossTab}: the database was dropped meanwhile`, async (world) => {
    const [tab, other] = await two(world);
    await leaveAndGoBack(world, tab, () => dropDatabase(other));
    await tab.until(() => globalThis.auth.status().signedIn === false);
    await tab.ok("signin", world.user);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    await tab.reload();
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    await other.evaluate(() => dispatchEvent(new Event("online")));
    await other.until(() => globalThis.auth.status().signedIn);
    assert.equal((await other.fetch(`${world.server.url}/api/me`)).status, 200);
  });

  scenario(`crossTab ${crossTab}: left in the middle of a refresh, and come back`, async (world) => {
    const tab = await world.signedIn(how);
    await world.failRefresh({ mode: "delay", delayMs: 150 });
    await tab.evaluate(() => void globalThis.auth.refreshAccessToken({ force: true }).catch(() => {}));
    await leaveAndGoBack(world, tab, () => new Promise((done) => setTimeout(done, 400)));
    await world.heal();
    // A refresh whose answer nobody has heard may have spent the token: that is said, and the next sign-in holds.
    const { value, error } = await tab.call("accessToken");
    assert.ok(value || /^ERR_(REFRESH_REJECTED|SIGNED_OUT)$/.test(error?.code ?? ""), error?.message);
    await tab.ok("signin", world.user);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  });
}
