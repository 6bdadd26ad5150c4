// @ts-check
/** Sign-in by a real broker, PocketBase, with the embedded provider and its own pages behind it. */

import assert from "node:assert/strict";
import { after } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { startPocketBase } from "../servers/brokers/pocketbase.mjs";
import { approve, comeBack, isSignedIn, leave, open } from "./lib/brokered.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World */

const scenario = suite();
/** Started when a test first wants it: behind it is the server that all tests of this file share. @type {ReturnType<typeof startPocketBase> | undefined} */
let started;
after(async () => (await started)?.stop());
const pocketBase = (/** @type {World} */ world) => (started ??= startPocketBase(world.server.url));

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
