// @ts-check
/** Sign-in by a real broker, better-auth, with the embedded provider and its own pages behind it. */

import assert from "node:assert/strict";
import { after } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { startBetterAuth } from "../servers/brokers/better-auth.mjs";
import { approve, comeBack, isSignedIn, leave, open } from "./lib/brokered.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World */

const scenario = suite();
/** Started when a test first wants it: behind it is the server that all tests of this file share. @type {ReturnType<typeof startBetterAuth> | undefined} */
let started;
after(async () => (await started)?.stop());
const betterAuth = (/** @type {World} */ world) => (started ??= startBetterAuth(world.server.url, world.site.origin));

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
  assert.equal(requests.at(-1)?.path, "/api/auth/sign-out");
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
