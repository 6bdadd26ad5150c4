// @ts-check
// Sign-in by redirect and in a window of its own, in each browser that people have, at a real provider with its own pages.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { By, until } from "selenium-webdriver";

import { unpackPackage } from "../e2e/lib/package.mjs";
import { Site } from "../e2e/lib/site.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { PAGE_CLIENT_ID } from "../servers/options.mjs";
import { ENGINES, start } from "./engines.mjs";

const limit = { timeout: 240_000 }; // a browser takes long to start on a busy machine
const WAIT_MS = 30_000;

/** @type {Awaited<ReturnType<typeof startEmbedded>>} */
let server;
/** @type {Awaited<ReturnType<typeof startEmbedded>>} one whose pages cut what opened them off */
let apart;
/** @type {Site} */
let site;

before(async () => {
  [site, server, apart] = await Promise.all([Site.start(unpackPackage()), startEmbedded(), startEmbedded({ coop: true })]);
});

after(() => Promise.all([site?.stop(), server?.stop(), apart?.stop()]));

for (const engine of ENGINES) {
  describe(engine.name, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let started;
    /** @type {import("selenium-webdriver").WebDriver} */
    let browser;
    /** @type {string} the window that stays */
    let first;

    before(async () => {
      started = await start(engine);
      browser = started.browser;
      first = await browser.getWindowHandle();
      await browser.manage().setTimeouts({ script: WAIT_MS, pageLoad: 60_000 });
    }, limit);

    after(() => started?.stop());

    beforeEach(async () => {
      await Promise.all([server.reset(), apart.reset()]);
      for (const handle of await browser.getAllWindowHandles()) {
        if (handle === first) continue;
        await browser.switchTo().window(handle);
        await browser.close();
      }
      await browser.switchTo().window(first);
      await browser.get(server.url); // its own cookies are its alone
      await browser.manage().deleteAllCookies();
      await browser.get(`${site.origin}/elsewhere.html`);
      await browser.executeScript("localStorage.clear(); sessionStorage.clear()");
    });

    /** Loads the app. @param {Record<string, any>} [given] what `providers.oidc` takes beside */
    async function open(given = {}, { url } = server) {
      const all = { issuer: url, clientId: PAGE_CLIENT_ID, params: { prompt: "consent" }, ...given };
      await browser.executeScript("localStorage.setItem('given', arguments[0])", JSON.stringify(all));
      await browser.get(`${site.origin}/oidc.html`);
      await said(/no-callback/);
    }

    /** What the app says. @param {RegExp} expected */
    async function said(expected) {
      const output = await browser.wait(until.elementLocated(By.id("said")), WAIT_MS);
      await browser.wait(until.elementTextMatches(output, expected), WAIT_MS);
      return output.getText();
    }

    const click = async (/** @type {By} */ by) => (await browser.wait(until.elementLocated(by), WAIT_MS)).click();

    /** What a person does at the provider who wants to sign in. */
    async function approve() {
      const password = await browser.wait(until.elementLocated(By.name("password")), WAIT_MS);
      await password.sendKeys(server.user.password);
      await click(By.css("button[value=yes]"));
      await browser.wait(until.elementLocated(By.css("ul")), WAIT_MS);
      await click(By.css("button[value=yes]"));
    }

    /** Goes to the window that is not the first. */
    async function toPopup() {
      const other = await browser.wait(async () => (await browser.getAllWindowHandles()).find((handle) => handle !== first), WAIT_MS);
      await browser.switchTo().window(/** @type {string} */ (other));
    }

    const requests = async (/** @type {string} */ path, from = server) => (await from.log()).filter((entry) => entry.path === path);

    test("by redirect, and the address is clean before any script can look", limit, async () => {
      await open();
      await click(By.id("signin"));
      await approve();
      await said(/"signedIn":true/);
      assert.equal(await browser.executeScript("return seen"), `${site.origin}/oidc.html`);
      assert.equal(await browser.executeScript("return location.href"), `${site.origin}/oidc.html`);
      assert.equal(await browser.executeScript("return sessionStorage.length"), 0);
      // And after a reload the session is there, and no answer.
      await browser.navigate().refresh();
      assert.match(await said(/no-callback/), /"signedIn":true/);
      assert.equal((await requests("/token")).filter(({ method }) => method === "POST").length, 1);
    });

    test("the user says no", limit, async () => {
      await open();
      await click(By.id("signin"));
      await click(By.css("button[value=no]"));
      await said(/ERR_CANCELLED/);
    });

    for (const [name, provider] of /** @type {const} */ ([
      ["in a window of its own", () => server],
      ["in a window that the provider cuts off from its opener", () => apart],
    ])) {
      test(name, limit, async () => {
        await open({ mode: "popup" }, provider());
        await click(By.id("signin"));
        await toPopup();
        await approve();
        await browser.wait(async () => (await browser.getAllWindowHandles()).length === 1, WAIT_MS);
        await browser.switchTo().window(first);
        await said(/"ok":true/);
        assert.equal(await browser.executeScript("return auth.status().signedIn"), true);
        assert.equal((await requests("/token", provider())).filter(({ method }) => method === "POST").length, 1);
      });
    }

    test("in a window that is blocked: the page itself goes there", limit, async () => {
      await open({ mode: "popup" });
      await browser.executeScript("window.open = () => null");
      await click(By.id("signin"));
      await approve();
      await said(/"signedIn":true/);
    });
  });
}
