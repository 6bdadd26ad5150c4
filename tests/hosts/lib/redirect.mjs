// A sign-in at a provider from the app of a builder: the page leaves, a person signs in at a real provider, and the builder's
// page comes up anew, with all that ends with a page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { refreshes } from "./gateway.mjs";

/** @import { App, Tab } from "./app.mjs" */
/** @typedef {import("playwright-core").Page} Page */

/** What stands in the templates, and what the test server is. @param {string} issuer */
export const atProvider = (issuer) => ({
  "https://id.example.com": issuer,
  'clientId: "your-client-id"': 'clientId: "app", params: { prompt: "consent" }',
});

/** The flows of a template by password, in whose place its README puts the provider. */
export const FLOWS = /^( *)flows: (?:authFlows\(\)|\{[^]*?\n\1\}),\n/m;

/** @param {string} issuer */
export const providerAt = (issuer, oidc = "Doorkey.providers.oidc") =>
  `provider: ${oidc}({ issuer: "${issuer}", clientId: "app", params: { prompt: "consent" } }),\n`;

/** What a script of the app does that the button "Sign in with …" runs. */
export const SIGN_IN = "return await Doorkey.signin().catch((error) => ({ ok: false, code: error.code }));";

export const inPopup = (/** @type {string} */ text) =>
  text.replaceAll('params: { prompt: "consent" }', 'params: { prompt: "consent" }, mode: "popup"');

/** What a person does at the provider who wants to sign in. @param {Page} page @param {{ password: string }} user */
export async function approve(page, { password }) {
  await page.waitForURL(/\/interaction\//);
  await page.fill("input[name=password]", password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
}

/** @param {{ log(): Promise<import("../../servers/lib.mjs").Entry[]> }} server */
export const exchanges = async (server) => (await server.log()).filter(({ grant }) => grant === "authorization_code").length;

/** The parameters of an answer in an address. */
export const ANSWER = /[?&](code|state|iss|error)=/;

/**
 * @param {string} host
 * @param {() => Promise<any>} start gives { server, newApp, stop }
 * @param {{ changes?: (world: any, mode: (text: string) => string) => any, cleans?: boolean, popup?: boolean, signsOut?: boolean }} [says]
 *   what the app has in place of the templates by password; whether the address can be cleaned; whether there are windows; whether
 *   a sign-out goes on at the provider
 */
export function tellRedirect(host, start, { changes = () => ({}), cleans = true, popup = true, signsOut = true } = {}) {
  /** @type {any} */
  let world;
  before(async () => (world = await start()));
  after(() => world?.stop());

  /** @param {string} name @param {(tab: Tab, app: App) => Promise<void>} body @param {(text: string) => string} [mode] */
  const tell = (name, body, mode = (text) => text) =>
    test(`${host}: ${name}`, async () => {
      await world.server.reset();
      const given = await changes(world, mode);
      const app = await world.newApp({ ...given, scripts: { ...world.config.scripts, ...given.scripts } });
      try {
        await body(await app.open("LoginPage"), app);
      } finally {
        await app.close();
      }
    });
  const leave = (/** @type {Tab} */ { page }) => page.evaluate(() => void window.platform.tryRun("loginWith"));
  const isOurs = (/** @type {URL} */ { origin }) => origin !== world.server.url;
  /** The builder's page is there again: it starts as at any load. @param {Tab} tab @param {Page} [page] */
  const comeUp = async (tab, page = tab.page) => {
    await page.waitForURL(isOurs);
    const address = page.url();
    // A page that goes on to another one by a load of that is gone before its start is over.
    await page.evaluate((config) => void window.platform.boot(config).then(() => (window.platform.isUp = true)), tab.app.config);
    return address;
  };
  const signedIn = (/** @type {Tab} */ tab) => tab.script("return Doorkey.status().signedIn");
  const isClean = (/** @type {Tab} */ tab) => assert.doesNotMatch(tab.page.url(), ANSWER);

  tell("redirect: the provider is shown in the same window, and the page that comes up anew is signed in", async (tab, app) => {
    await leave(tab);
    await approve(tab.page, world.server.user);
    const address = await comeUp(tab);
    assert.match(address, /[?&]code=.*&state=/);
    await tab.shows("Dashboard");
    assert.equal(await signedIn(tab), true);
    assert.equal(app.context.pages().length, 1, "the same window");
    isClean(tab);
    assert.doesNotMatch(await tab.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage })), /verifier/);
    assert.ok((await tab.run("loadOrders")).orders.length > 0);
    await tab.script("return Doorkey.refreshAccessToken({ force: true })");
    assert.equal((await refreshes(world.server)).length, 1);
    // Whatever finds the used address again, in history or by hand.
    await tab.page.goto(address);
    await comeUp(tab);
    await tab.shows("Dashboard");
    assert.equal(await exchanges(world.server), 1, "an answer works once");
    if (cleans) return;
    assert.equal(await signedIn(tab), true);
  });

  tell("redirect: who says no is signed out, at a page that works", async (tab) => {
    await leave(tab);
    await tab.page.waitForURL(/\/interaction\//);
    await tab.page.getByRole("button", { name: "Cancel" }).click();
    assert.match(await comeUp(tab), /[?&]error=access_denied/);
    await tab.page.waitForFunction(() => window.platform.isUp);
    assert.equal(await tab.current(), "LoginPage");
    assert.equal(await signedIn(tab), false);
    assert.equal(await exchanges(world.server), 0);
    if (cleans) isClean(tab);
    await leave(tab);
    await approve(tab.page, world.server.user);
    await comeUp(tab);
    await tab.shows("Dashboard");
  });

  if (signsOut) {
    tell("logout: it goes on at the provider, which knows nobody any more, and comes back to LoginPage", async (tab) => {
      await leave(tab);
      await approve(tab.page, world.server.user);
      await comeUp(tab);
      await tab.shows("Dashboard");
      await tab.page.evaluate(() => void window.platform.tryRun("logout"));
      await tab.page.waitForURL(/\/session\/end\?/);
      await tab.page.getByRole("button", { name: /sign me out/ }).click();
      await comeUp(tab);
      await tab.shows("LoginPage");
      assert.equal(await signedIn(tab), false);
      await leave(tab);
      await tab.page.locator("input[name=password]").waitFor();
    });
  }

  if (popup) {
    tell(
      "popup: the provider is shown in a window of its own, which the builder's page closes when it comes up there",
      async (tab, app) => {
        const opened = tab.page.waitForEvent("popup");
        await leave(tab);
        const window = await opened;
        await approve(window, world.server.user);
        const closed = window.waitForEvent("close");
        await comeUp(tab, window).catch((error) => assert.match(error.message, /closed/));
        await closed;
        await tab.shows("Dashboard");
        assert.equal(await signedIn(tab), true);
        assert.equal(app.context.pages().length, 1);
        assert.equal(await exchanges(world.server), 1);
      },
      inPopup,
    );
  } else {
    tell(
      "popup: without windows the sign-in goes on in the same one (only by redirect)",
      async (tab) => {
        await leave(tab);
        await approve(tab.page, world.server.user);
        await comeUp(tab);
        await tab.shows("Dashboard");
      },
      inPopup,
    );
  }
}
