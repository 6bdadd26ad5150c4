// @ts-check
/** The first lines of docs/redirect.md at OpenID providers that differ, through their own pages, with nothing else set. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { codeBlocks } from "../package/markdown.mjs";
import { startDjango } from "../servers/lib.mjs";
import { NO_DEBIAN, startGlewlwyd } from "../servers/matrix/starts.mjs";
import { approve } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

/**
 * @typedef {import("./lib/world.mjs").World} World  @typedef {import("playwright-core").Page} Page
 * @typedef {object} Provider
 * @property {string} [obstacle]  why it can't be had here
 * @property {(world: World, redirectUri: string) => Promise<{ issuer: string, stop(): Promise<unknown> }>} start
 * @property {(page: Page, world: World) => Promise<void>} approve  what a person does at its pages who wants to sign in
 * @property {(page: Page) => Promise<void>} asksAgain  waits for what is asked of somebody who is not signed in there
 * @property {(page: Page) => Promise<void>} end  and who wants to sign out
 */

/** Each has the public client "app", which may come back to this page. @type {Record<string, Provider>} */
const PROVIDERS = {
  "oidc-provider": {
    start: async ({ server }) => ({ issuer: server.url, stop: async () => {} }),
    approve,
    end: (page) => page.getByRole("button", { name: "Yes, sign me out" }).click(),
    asksAgain: (page) => page.locator("input[name=password]").waitFor(),
  },
  "oauth-toolkit": {
    start: async (_world, redirectUri) => {
      const { url, stop } = await startDjango({ mode: "openid", redirectUri });
      return { issuer: `${url}/o`, stop };
    },
    async approve(page, { user }) {
      await page.fill("input[name=username]", user.email);
      await page.fill("input[name=password]", user.password);
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("button", { name: "Authorize" }).click();
    },
    end: (page) => page.getByRole("button", { name: "Logout" }).click(),
    asksAgain: (page) => page.locator("input[name=password]").waitFor(),
  },
  glewlwyd: {
    obstacle: NO_DEBIAN,
    start: async (_world, redirectUri) => {
      const { url, stop } = await startGlewlwyd({ redirectUri });
      return { issuer: url, stop };
    },
    async approve(page, { user }) {
      await page.fill("#username", user.email);
      await page.fill("#password", user.password);
      await page.getByRole("button", { name: "OK" }).click();
      await page.getByLabel("Offline access").check();
      await page.getByRole("button", { name: "Grant access" }).click();
      await page.getByRole("button", { name: "Continue" }).click();
    },
    end: (page) => page.getByRole("button", { name: "Logout" }).first().click(),
    asksAgain: (page) => page.locator("#password").waitFor(),
  },
};

const scenario = suite({ timeoutSeconds: 180 });
const [{ code }] = await codeBlocks("docs/redirect.md");
const headers = { "content-type": "text/html" };

/** The lines, with who the provider is in them, and what makes all three give a refresh token. @param {string} issuer */
const lines = (issuer) =>
  code
    .replace('"doorkey"', '"/pkg/dist/doorkey.mjs"')
    .replace("https://login.example.com", issuer)
    .replace('clientId: "my-app"', 'clientId: "app", params: { prompt: "consent" }');

/** @param {string} body @param {string} script */
const html = (body, script) => `<!doctype html><link rel="icon" href="data:,">${body}<script type="module">${script}</script>`;

for (const [name, provider] of Object.entries(PROVIDERS)) {
  const title = `${name}: the first lines of docs/redirect.md sign in, refresh, and sign out at the provider`;
  if (provider.obstacle) {
    test(title, { skip: provider.obstacle }, () => {});
    continue;
  }
  scenario(title, async (world) => {
    const { issuer, stop } = await provider.start(world, `${world.site.origin}/login`);
    try {
      world.site.answer("/login", { headers, body: html("<button>Sign in</button>", lines(issuer)) });
      // The same but for the last line, so that the test can call them.
      const script = lines(issuer)
        .replace(/^if .*/m, "")
        .replace("configure({", "globalThis.auth = configure({");
      world.site.answer("/orders", { headers, body: html("<h1>Orders</h1>", script) });
      const page = await world.context.newPage();
      /** @type {string[]} */
      const exchanges = [];
      page.on("request", (request) => {
        const body = request.postData() ?? "";
        if (body.includes("code_verifier=")) exchanges.push(body);
      });

      await page.goto(`${world.site.origin}/login`);
      // The button is there before the guard has answered.
      await page.waitForFunction(() => document.querySelector("button")?.onclick);
      await page.click("button");
      await provider.approve(page, world);
      await page.getByRole("heading", { name: "Orders" }).waitFor();
      assert.equal(page.url(), `${world.site.origin}/orders`);
      assert.equal(exchanges.length, 1);

      await page.waitForFunction(() => globalThis.auth?.status().signedIn);
      const { hasRefreshToken } = await page.evaluate(() => globalThis.auth.status());
      assert.equal(hasRefreshToken, true);
      const { refreshed } = await page.evaluate(() => globalThis.auth.refreshAccessToken({ force: true }));
      assert.equal(refreshed, true);
      const me = await page.evaluate(async (metadata) => {
        const { userinfo_endpoint } = await (await fetch(metadata)).json();
        const answer = await globalThis.auth.fetch(userinfo_endpoint);
        return { status: answer.status, sub: (await answer.json()).sub };
      }, `${issuer}/.well-known/openid-configuration`);
      assert.equal(me.status, 200);
      assert.ok(me.sub);

      await page.evaluate(() => void globalThis.auth.logout());
      await provider.end(page);
      await page.waitForFunction(() => document.querySelector("button")?.onclick);
      assert.equal(page.url(), `${world.site.origin}/login`);
      // The provider has forgotten the user, too: it asks again.
      await page.click("button");
      await provider.asksAgain(page);
    } finally {
      await stop();
    }
  });
}
