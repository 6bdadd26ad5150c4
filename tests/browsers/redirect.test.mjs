// @ts-check
// Sign-in by redirect and in a window of its own, in each browser that people have, at a real provider with its own pages.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { By, until } from "selenium-webdriver";

import { unpackPackage } from "../e2e/lib/package.mjs";
import { Site } from "../e2e/lib/site.mjs";
import { startFaulty } from "../servers/faulty.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { PAGE_CLIENT_ID } from "../servers/options.mjs";
import { ENGINES, start } from "./engines.mjs";

const limit = { timeout: 240_000 }; // a browser takes long to start on a busy machine
const WAIT_MS = 30_000;

/** @type {Awaited<ReturnType<typeof startFaulty>>} */
let server;
/** @type {Awaited<ReturnType<typeof startEmbedded>>} one whose pages cut what opened them off */
let apart;
/** @type {Site} */
let site;

before(async () => {
  [site, server, apart] = await Promise.all([Site.start(unpackPackage()), startFaulty(), startEmbedded({ coop: true })]);
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
    async function open(given = {}, /** @type {{ url: string }} */ { url } = server) {
      const all = { issuer: url, clientId: PAGE_CLIENT_ID, params: { prompt: "consent" }, ...given };
      await browser.executeScript("localStorage.setItem('given', arguments[0])", JSON.stringify(all));
      await browser.get(`${site.origin}/oidc.html`);
      await said(/no-callback/);
    }

    /** What the app says; it may be about to leave its page. @param {RegExp} expected @returns {Promise<string>} */
    const said = (expected) =>
      /** @type {Promise<string>} */ (
        browser.wait(
          async () => {
            const text = await browser.executeScript("return document.getElementById('said')?.textContent ?? ''").catch(() => "");
            return expected.test(String(text)) && text;
          },
          WAIT_MS,
          `the app does not say ${expected}`,
        )
      );

    const click = async (/** @type {By} */ by) => (await browser.wait(until.elementLocated(by), WAIT_MS)).click();

    /** What a person does at the provider who wants to sign in; it may know them already. */
    async function approve() {
      const first = await browser.wait(until.elementLocated(By.css("input[name=password], ul")), WAIT_MS);
      if ((await first.getTagName()).toLowerCase() === "input") {
        await first.sendKeys(server.user.password);
        await click(By.css("button[value=yes]"));
        await browser.wait(until.elementLocated(By.css("ul")), WAIT_MS);
      }
      await click(By.css("button[value=yes]"));
    }

    /** Goes to the window that is not the first. */
    async function toPopup() {
      const other = await browser.wait(async () => (await browser.getAllWindowHandles()).find((handle) => handle !== first), WAIT_MS);
      await browser.switchTo().window(/** @type {string} */ (other));
    }

    const requests = async (/** @type {string} */ path, /** @type {Pick<typeof apart, "log">} */ from = server) =>
      (await from.log()).filter((entry) => entry.path === path);

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

    /** Leaves, signs in, and comes back to what the app says. @param {RegExp} expected */
    async function answered(expected) {
      await open();
      await click(By.id("signin"));
      await approve();
      await said(expected);
      assert.equal(await browser.executeScript("return location.href"), `${site.origin}/oidc.html`);
      assert.equal(await browser.executeScript("return sessionStorage.length"), 0);
      assert.equal(await browser.executeScript("return auth.status().signedIn"), false);
    }

    for (const [name, change] of /** @type {const} */ ([
      ["an answer of another server is none", (/** @type {URLSearchParams} */ answer) => answer.set("iss", "https://evil.example")],
      ["an answer that lacks the promised iss is none", (/** @type {URLSearchParams} */ answer) => answer.delete("iss")],
      ["an answer with two codes is none", (/** @type {URLSearchParams} */ answer) => answer.append("code", "another")],
    ])) {
      test(name, limit, async () => {
        server.changeAnswers(change);
        await answered(/ERR_CALLBACK_MISMATCH/);
        assert.equal((await requests("/token")).length, 0);
      });
    }

    for (const [claim, value] of [
      ["nonce", "another"],
      ["aud", "another"],
      ["iss", "https://evil.example"],
    ]) {
      test(`an ID token with another ${claim} signs nobody in`, limit, async () => {
        server.changeIdTokens((claims) => {
          claims[claim] = value;
        });
        await answered(/ERR_INVALID_RESPONSE/);
        await browser.wait(async () => (await requests("/token/revocation")).length > 0, WAIT_MS);
      });
    }

    test("a foreign code, and a forged error, in the address are left alone", limit, async () => {
      for (const query of ["?code=foreign", "?code=foreign&state=another", "?error=access_denied"]) {
        await open();
        await browser.get(`${site.origin}/oidc.html${query}`);
        await said(/no-callback/);
        assert.equal(await browser.executeScript("return location.search"), query);
      }
      assert.equal((await requests("/token")).length, 0);
    });

    test("prompt=none where nobody is signed in: the provider shows no page", limit, async () => {
      await open({ params: { prompt: "none" } });
      await click(By.id("signin"));
      await said(/ERR_INVALID_CREDENTIALS/);
      assert.equal(await browser.executeScript("return location.href"), `${site.origin}/oidc.html`);
    });

    test("back from the provider, and there again: what comes after all signs in", limit, async () => {
      await open();
      await click(By.id("signin"));
      await browser.wait(until.elementLocated(By.name("password")), WAIT_MS);
      await browser.navigate().back();
      // Kept by the browser, the page goes on where it was; loaded anew, it begins.
      await said(/ERR_CANCELLED|no-callback/);
      await browser.navigate().forward();
      await approve();
      await said(/"signedIn":true/);
    });

    for (const [name, provider] of /** @type {const} */ ([
      ["in a window of its own", () => server],
      ["in a window that the provider cuts off from its opener", () => apart],
    ])) {
      test(name, limit, async () => {
        await open({ mode: "popup" }, provider());
        // The second time all is known at once, and nothing gives the browser time.
        for (const time of [1, 2]) {
          await click(By.id("signin"));
          await toPopup();
          await approve();
          await browser.wait(async () => (await browser.getAllWindowHandles()).length === 1, WAIT_MS);
          await browser.switchTo().window(first);
          await said(/"ok":true/);
          assert.equal(await browser.executeScript("return auth.status().signedIn"), true);
          assert.equal((await requests("/token", provider())).filter(({ method }) => method === "POST").length, time);
        }
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
