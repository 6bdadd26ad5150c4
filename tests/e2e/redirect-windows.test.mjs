// @ts-check
/** Sign-in in a window of its own, where it does not go as it should. */

import assert from "node:assert/strict";

import { startFaulty } from "../servers/faulty.mjs";
import { approve, exchanges, isSignedIn, open } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite({ start: startFaulty });

/** Begins in a window; gives that. @param {Tab} tab */
async function opened(tab) {
  const [popup] = await Promise.all([
    tab.page.waitForEvent("popup"),
    tab.page.evaluate(() => {
      globalThis.said = globalThis.kit.outcome(() => globalThis.auth.signin());
    }),
  ]);
  return popup;
}

/** What the page says that the window comes back to. @param {import("playwright-core").Page} popup @param {World} world */
async function answer(popup, { server }) {
  await popup.waitForURL(/app\.html/);
  // A browser gives a window a copy of what its opener has in sessionStorage.
  assert.deepEqual(await popup.evaluate(() => ({ ...sessionStorage })), {}, "the verifier stays with the page that began");
  await popup
    .evaluate((issuer) => {
      const { createAuth } = globalThis.kit.doorkey;
      createAuth({ issuer, clientId: "app", flows: { signin: [{ authorize: { mode: "popup" } }] } }).guard("login");
    }, server.url)
    .catch(() => {}); // it may have closed already
}

const said = (/** @type {Tab} */ tab) => tab.evaluate(() => globalThis.said);
const closed = (/** @type {import("playwright-core").Page} */ popup) => popup.isClosed() || popup.waitForEvent("close");

scenario("a window that was opened is closed again where there is nowhere to go", async (world) => {
  const tab = await open(world, { mode: "popup" });
  await world.server.fail({ path: "/.well-known/openid-configuration", status: 503 });
  const popup = await opened(tab);
  await closed(popup);
  assert.equal((await said(tab)).error.code, "ERR_UNREACHABLE");
});

scenario("in a window the user says no: the call ends so, and the window closes", async (world) => {
  const tab = await open(world, { mode: "popup" });
  const popup = await opened(tab);
  await popup.getByRole("button", { name: "Cancel" }).click();
  await answer(popup, world);
  await closed(popup);
  assert.equal((await said(tab)).error.message, "End-User aborted interaction");
});

scenario("in a window the answer is another server's: the call ends so, and the window closes", async (world) => {
  const tab = await open(world, { mode: "popup" });
  /** @type {Awaited<ReturnType<typeof startFaulty>>} */ (world.server).changeAnswers((params) =>
    params.set("iss", "https://evil.example"),
  );
  const popup = await opened(tab);
  await approve(popup, world);
  await answer(popup, world);
  await closed(popup);
  assert.equal((await said(tab)).error.code, "ERR_CALLBACK_MISMATCH");
  assert.equal(await exchanges(world), 0);
});

scenario("a second try in the same window signs in", async (world) => {
  const tab = await open(world, { mode: "popup" });
  const popup = await opened(tab);
  await popup.getByRole("button", { name: "Cancel" }).click();
  await answer(popup, world);
  await closed(popup);
  await said(tab);
  const again = await opened(tab);
  await approve(again, world);
  await answer(again, world);
  await closed(again);
  assert.equal((await said(tab)).value?.ok, true);
  assert.equal(await isSignedIn(tab), true);
});

scenario("a second click while the window is open begins again in a window that stays", async (world) => {
  const tab = await open(world, { mode: "popup" });
  const first = await opened(tab);
  await first.getByRole("button", { name: "Sign in" }).waitFor();
  const [again] = await tab.evaluate(() => {
    globalThis.before = globalThis.said;
    globalThis.said = globalThis.kit.outcome(() => globalThis.auth.signin());
    return globalThis.before.then((outcome) => [outcome.error.code]);
  });
  assert.equal(again, "ERR_SUPERSEDED");
  const popup = tab.page
    .context()
    .pages()
    .find((page) => page !== tab.page && !page.isClosed());
  assert.ok(popup, "there is a window");
  await approve(popup, world);
  await answer(popup, world);
  await closed(popup);
  assert.equal((await said(tab)).value?.ok, true);
});

scenario("the page that began has gone: its window shows what any page shows, and nobody is signed in", async (world) => {
  const tab = await open(world, { mode: "popup" });
  const popup = await opened(tab);
  await popup.getByRole("button", { name: "Sign in" }).waitFor();
  await tab.page.close();
  await approve(popup, world);
  await popup.waitForURL(/app\.html/);
  const outcome = await popup.evaluate((issuer) => {
    const { createAuth } = globalThis.kit.doorkey;
    return createAuth({ issuer, clientId: "app", flows: { signin: [{ authorize: { mode: "popup" } }] } }).signinCallback();
  }, world.server.url);
  assert.equal(outcome.reason, "no-callback");
  assert.equal(await exchanges(world), 0);
});
