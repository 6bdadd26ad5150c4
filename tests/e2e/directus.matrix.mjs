// @ts-check
/** Sign-in by a real broker, Directus, with the embedded provider and its own pages behind it. */

import assert from "node:assert/strict";
import { after, test } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { NO_DIRECTUS, startDirectus } from "../servers/matrix/starts.mjs";
import { approve, isSignedIn, leave, open } from "./lib/brokered.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const TITLES = {
  signsIn: "Directus: a user signs in at the provider behind it, and its cookie is the session",
  saysNo: "Directus: the user says no, and then yes",
  lost: "Directus: an answer whose cookie is gone ends with an error, and the next sign-in works",
  ended: "Directus: a session that was ended elsewhere ends here",
};
// Directus takes ID tokens by RS256 alone: its setting for another is read as part of the client id.
const scenario = NO_DIRECTUS
  ? (/** @type {string} */ title) => test(title, { skip: NO_DIRECTUS }, () => {})
  : suite({ timeoutSeconds: 300, start: (how) => startEmbedded({ ...how, rsa: true }) });

/** Started when a test first wants it: behind it is the server that all tests of this file share. @type {ReturnType<typeof startDirectus> | undefined} */
let started;
after(async () => (await started)?.stop());

/** A page of an app that signs in by Directus. @param {World} world */
async function begin(world) {
  const page = `${world.site.origin}/app.html`;
  started ??= startDirectus({ accessTtl: 60, refreshTtl: 3600, publicUrl: "" }, { ISSUER: world.server.url, PAGE: page });
  const { url } = await started;
  const tab = await open(world, providers.directus({ url, provider: "op" }));
  /** What Directus's cookie is good for, asked without doorkey. */
  const me = () => tab.evaluate(async (address) => (await fetch(address, { credentials: "include" })).status, `${url}/users/me`);
  return { url, tab, page, me };
}

/** @param {Tab} tab @param {World} world */
async function signIn(tab, world) {
  await leave(tab);
  await approve(tab, world);
  return tab.ok("signinCallback");
}

scenario(TITLES.signsIn, async (world) => {
  const { tab, page, me } = await begin(world);
  await leave(tab);
  await approve(tab, world);
  assert.equal(tab.page.url(), page, "nothing comes back but the user");
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(tab.page.url(), page);
  assert.deepEqual(await tab.evaluate(() => Object.keys(sessionStorage)), []);
  assert.equal(await isSignedIn(tab), true);
  assert.equal(await tab.ok("check"), true);
  assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
  assert.equal(await tab.ok("check"), true);
  await world.assertNoTokenStored(tab);
  // The same page once more is no answer.
  await tab.page.reload();
  await tab.startAuth();
  assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
  assert.equal(await isSignedIn(tab), true);

  assert.equal(await me(), 200);
  assert.equal((await tab.ok("logout", { navigate: false })).revoked, true);
  assert.equal(await me(), 401);
  assert.equal(await isSignedIn(tab), false);
});

scenario(TITLES.saysNo, async (world) => {
  const { tab, page } = await begin(world);
  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await tab.page.waitForURL(/app\.html/);
  // All that it tells of the provider's access_denied.
  assert.equal(tab.page.url(), `${page}?reason=INVALID_CREDENTIALS`);
  await tab.startAuth();
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signinCallback");
  assert.equal(error.message, "The sign-in was cancelled or refused.");
  assert.equal(await isSignedIn(tab), false);
  assert.equal((await signIn(tab, world)).ok, true);
});

scenario(TITLES.lost, async (world) => {
  const { url, tab, page } = await begin(world);
  await leave(tab);
  // Too late: its own note of the sign-in lives for five minutes, in a cookie.
  const cookies = await world.context.cookies(url);
  assert.ok(
    cookies.some(({ name }) => name === "openid.op"),
    JSON.stringify(cookies.map(({ name }) => name)),
  );
  await world.context.clearCookies({ name: "openid.op" });
  await tab.page.fill("input[name=password]", world.user.password);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  await tab.page.getByRole("button", { name: "Allow" }).click();
  // Directus shows its error itself, and leads nowhere: the user comes back by hand.
  await tab.page.waitForURL(/\/auth\/login\/op\/callback/);
  assert.match(await tab.page.content(), /INVALID_CREDENTIALS/);
  await tab.page.goto(page);
  await tab.startAuth();
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signinCallback");
  assert.equal(error.message, "The sign-in was cancelled or refused.");
  // The provider knows the user by now, and asks nothing.
  const loaded = tab.page.waitForEvent("load");
  await tab.page.evaluate(() => void globalThis.auth.signin().catch(() => {}));
  await loaded;
  await tab.startAuth();
  assert.equal((await tab.ok("signinCallback")).ok, true);
});

scenario(TITLES.ended, async (world) => {
  const { url, tab } = await begin(world);
  await signIn(tab, world);
  await world.context.clearCookies({ name: "directus_session_token" });
  const status = await tab.evaluate(async (address) => (await globalThis.auth.fetch(address)).status, `${url}/users/me`);
  assert.equal(status, 401);
  await tab.page.waitForFunction(() => !globalThis.auth.status().signedIn);
});
