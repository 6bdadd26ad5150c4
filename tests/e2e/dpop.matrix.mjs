// @ts-check
/** `dpop: true` at glewlwyd, a provider in C whose checks of proofs are its own: with and without nonces. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { NO_DEBIAN, startGlewlwyd } from "../servers/matrix/starts.mjs";

import { suite } from "./lib/suite.mjs";

const scenario = suite({ timeoutSeconds: 180 });

/** @param {boolean} dpopNonce */
function signsIn(dpopNonce) {
  const title = `glewlwyd: tokens are bound to the key, ${dpopNonce ? "with" : "without"} nonces`;
  if (NO_DEBIAN) return test(title, { skip: NO_DEBIAN }, () => {});
  scenario(title, async (world) => {
    const { url: issuer, stop } = await startGlewlwyd({ redirectUri: `${world.site.origin}/app.html`, dpopNonce });
    try {
      // It shows its nonces to no page of another origin: here that is what stands before it does, as its administrator would have it.
      await world.context.route(`${issuer}/**`, async (route) => {
        if (route.request().isNavigationRequest()) return route.continue();
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "access-control-expose-headers": "DPoP-Nonce" } });
      });
      /** @type {Promise<any>[]} */
      const answers = [];
      world.context.on("response", (response) => {
        if (response.request().method() === "POST" && response.url().endsWith("/token"))
          answers.push(response.json().then((body) => ({ status: response.status(), body })));
      });
      const tab = await world.openTab({
        whole: true,
        options: {
          storage: "local",
          dpop: true,
          ...{ provider: providers.oidc({ issuer, clientId: "app", params: { prompt: "consent" } }) },
        },
        complete: (options, kit) => ({ ...options, host: { ...kit.recordingHost, navigateTo: kit.doorkey.hosts.browser().navigateTo } }),
      });
      await tab.evaluate(() => void globalThis.auth.signin().catch(() => {}));
      const { page } = tab;
      await page.fill("#username", world.user.email);
      await page.fill("#password", world.user.password);
      await page.getByRole("button", { name: "OK" }).click();
      await page.getByLabel("Offline access").check();
      await page.getByRole("button", { name: "Grant access" }).click();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(/app\.html/);
      await tab.startAuth();
      assert.deepEqual((await tab.ok("signinCallback")).ok, true);
      const userinfo = await tab.evaluate(
        async (at) => (await (await fetch(at)).json()).userinfo_endpoint,
        `${issuer}/.well-known/openid-configuration`,
      );
      assert.equal((await tab.fetch(userinfo)).status, 200);
      assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
      assert.equal((await tab.fetch(userinfo)).status, 200);
      // Without the key the token opens nothing.
      const Authorization = `DPoP ${await tab.ok("accessToken")}`;
      assert.equal((await fetch(userinfo, { headers: { Authorization } })).status, 401);
      const given = (await Promise.all(answers)).filter(({ status }) => status === 200);
      assert.deepEqual(
        given.map(({ body }) => body.token_type),
        ["DPoP", "DPoP"],
      );
      await tab.ok("logout", { navigate: false });
    } finally {
      await stop();
    }
  });
}

signsIn(false);
signsIn(true);
