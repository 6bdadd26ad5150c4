// @ts-check
/** Sign-in by real brokers, PocketBase and better-auth, with the embedded provider and its own pages behind them. */

import assert from "node:assert/strict";
import { after } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { startBetterAuth } from "../servers/brokers/better-auth.mjs";
import { startPocketBase } from "../servers/brokers/pocketbase.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite();
/** @type {Map<string, Promise<any>>} */
const started = new Map();
after(async () => {
  for (const broker of started.values()) await (await broker).stop();
});

/** Started once, when a test first wants it: behind it is the server that all tests of this file share. @param {World} world */
const pocketBase = (world) => once("PocketBase", () => startPocketBase(world.server.url));
/** @param {World} world */
const betterAuth = (world) => once("better-auth", () => startBetterAuth(world.server.url, world.site.origin));

/** @param {string} name @param {() => Promise<any>} start */
function once(name, start) {
  const broker = started.get(name) ?? start();
  started.set(name, broker);
  return broker;
}

/** A page of an app that signs in by this preset. @param {World} world @param {object} provider */
const open = (world, provider) =>
  world.openTab({
    whole: true,
    options: { storage: "local", provider },
    complete: (options, kit) => {
      const { navigateTo, popup } = kit.doorkey.hosts.browser();
      return { ...options, host: { ...kit.recordingHost, navigateTo, popup } };
    },
  });

/** Begins, and waits for the provider's page. @param {Tab} tab */
async function leave({ page }) {
  await page.evaluate(() => void globalThis.auth.signin().catch(() => {}));
  await page.waitForURL(/\/interaction\//);
}

/** Signs in at the provider's page, or says no, and comes back to the app's, loaded anew. @param {Tab} tab @param {World} world */
async function approve(tab, { user }) {
  await tab.page.fill("input[name=password]", user.password);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  await tab.page.getByRole("button", { name: "Allow" }).click();
  await comeBack(tab);
}

/** @param {Tab} tab */
async function comeBack(tab) {
  await tab.page.waitForURL(/app\.html/);
  await tab.startAuth();
}

const isSignedIn = (/** @type {Tab} */ tab) => tab.evaluate(() => globalThis.auth.status().signedIn);

scenario("PocketBase: a user signs in at the provider behind it, and its own token refreshes itself", async (world) => {
  const { url } = await pocketBase(world);
  const tab = await open(world, providers.pocketbase({ url, provider: "oidc" }));
  await leave(tab);
  await approve(tab, world);
  assert.match(tab.page.url(), /\?code=[^&]+&state=[\w-]{43}&iss=/);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.deepEqual(await tab.evaluate(() => Object.keys(sessionStorage)), []);
  const { hasRefreshToken, expiresInSeconds } = await tab.evaluate(() => globalThis.auth.status());
  assert.equal(hasRefreshToken, false, "the provider's own is not kept");
  assert.ok(expiresInSeconds > 3600, String(expiresInSeconds));
  assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
  const users = await tab.evaluate(
    async (address) => (await globalThis.auth.fetch(address)).json(),
    `${url}/api/collections/users/records`,
  );
  assert.deepEqual([users.totalItems, users.items[0].name], [1, "Ada Lovelace"]);
  await world.assertNoTokenStored(tab);
});

scenario("PocketBase: the user says no, and a code that is used again", async (world) => {
  const { url } = await pocketBase(world);
  const tab = await open(world, providers.pocketbase({ url, provider: "oidc" }));
  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(tab);
  await tab.fails("ERR_CANCELLED", "signinCallback");
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);

  await leave(tab);
  await approve(tab, world);
  const used = tab.page.url();
  await tab.ok("signinCallback");
  await tab.page.goto(used);
  await tab.startAuth();
  assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
  assert.equal(await isSignedIn(tab), true);
});

scenario("PocketBase: in a window of its own", async (world) => {
  const { url } = await pocketBase(world);
  const provider = providers.pocketbase({ url, provider: "oidc", mode: "popup" });
  const tab = await open(world, provider);
  const [popup] = await Promise.all([
    tab.page.waitForEvent("popup"),
    tab.page.evaluate(() => {
      globalThis.said = globalThis.auth.signin();
      globalThis.said.catch(() => {});
    }),
  ]);
  await popup.waitForURL(/\/interaction\//);
  const closed = popup.waitForEvent("close");
  await popup.fill("input[name=password]", world.user.password);
  await popup.getByRole("button", { name: "Sign in" }).click();
  await popup.getByRole("button", { name: "Allow" }).click();
  await popup.waitForURL(/app\.html/);
  await popup.evaluate((given) => {
    globalThis.mine = globalThis.kit.doorkey.createAuth({ provider: given }).guard("login");
  }, provider);
  await closed;
  assert.equal((await tab.evaluate(() => globalThis.said)).ok, true);
});

scenario("better-auth: a user signs in at the provider behind it, and its cookie is the session", async (world) => {
  const { url, requests } = await betterAuth(world);
  const tab = await open(world, providers.betterAuth({ url, provider: "op" }));
  await leave(tab);
  await approve(tab, world);
  assert.match(tab.page.url(), /\?doorkey=[\w-]{43}$/);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.equal(await isSignedIn(tab), true);
  assert.equal(await tab.ok("check"), true);
  assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
  await tab.page.evaluate(() => globalThis.auth.logout({ navigate: false }));
  assert.equal(requests.at(-1).path, "/api/auth/sign-out");
  const session = await tab.evaluate(async (address) => {
    const answer = await fetch(address, { credentials: "include" });
    return answer.json();
  }, `${url}/api/auth/get-session`);
  assert.equal(session, null);
});

scenario("better-auth: the user says no", async (world) => {
  const { url } = await betterAuth(world);
  const tab = await open(world, providers.betterAuth({ url, provider: "op" }));
  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(tab);
  const error = await tab.fails("ERR_CANCELLED", "signinCallback");
  assert.equal(error.message, "End-User aborted interaction");
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.equal(await isSignedIn(tab), false);
});

scenario("better-auth: a session that was ended elsewhere ends here", async (world) => {
  const { url } = await betterAuth(world);
  const tab = await open(world, providers.betterAuth({ url, provider: "op" }));
  await leave(tab);
  await approve(tab, world);
  await tab.ok("signinCallback");
  await tab.evaluate(async (address) => {
    await fetch(address, { method: "POST", body: "{}", headers: { "content-type": "application/json" }, credentials: "include" });
  }, `${url}/api/auth/sign-out`);
  await tab.fails("ERR_REFRESH_REJECTED", "refreshAccessToken", { force: true });
  assert.equal(await isSignedIn(tab), false);
});
