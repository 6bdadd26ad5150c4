// @ts-check
/** Sign-in by redirect, in a real browser, at a real OpenID provider with its own pages. */

import assert from "node:assert/strict";

import { redirectOptions } from "../servers/options.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** @param {import("./lib/world.mjs").World} world @param {Record<string, any>} [extra] */
const opening = (world, extra = {}) => ({
  options: { storage: "local", ...redirectOptions(world.server.url, extra) },
  whole: true,
  complete: (/** @type {any} */ options, /** @type {any} */ kit) => ({
    ...options,
    host: { ...kit.recordingHost, navigateTo: kit.doorkey.hosts.browser().navigateTo },
  }),
});

/** Begins, and waits for the provider's page. @param {import("./lib/tab.mjs").Tab} tab */
async function leave({ page }) {
  page.on("console", (m) => console.error("CONSOLE", m.text())); page.on("response", (r) => console.error(r.status(), r.url()));
  await page.evaluate(() => void globalThis.auth.signin().catch((e) => console.log("FAILED", e.code, e.message, e.path)));
  await page.waitForURL(/\/interaction\//);
}

/** What a person does at the provider. @param {import("./lib/tab.mjs").Tab} tab @param {import("./lib/world.mjs").World} world */
async function approve({ page }, { user }) {
  await page.fill("input[name=password]", user.password);
  await page.click("button[value=yes]");
  await page.getByRole("button", { name: "Allow" }).click();
}

scenario("a user signs in at the provider, and the session lives as any other", async (world) => {
  const tab = await world.openTab(opening(world));
  await leave(tab);
  await approve(tab, world);
  await tab.page.waitForURL(/app\.html/);
  await tab.startAuth();
  const guarded = await tab.evaluate(() => globalThis.auth.guard("login"));
  assert.equal(guarded, true, "there is no home page to go to");
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`, "the address is clean");
  assert.equal(await tab.evaluate(() => globalThis.auth.status().signedIn), true);
  assert.equal(await tab.evaluate(() => sessionStorage.length), 0);
  await world.expire();
  await tab.ok("refreshAccessToken");
  assert.equal(await world.refreshes(), 1);
  const response = await tab.evaluate(async (url) => (await globalThis.auth.fetch(`${url}/api/me`)).status, world.server.url);
  assert.equal(response, 200);
  const { revoked } = await tab.ok("logout");
  assert.equal(revoked, true);
});
