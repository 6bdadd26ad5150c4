// @ts-check
/** Sign-in by redirect, in a real browser, at a real OpenID provider with its own pages. */

import assert from "node:assert/strict";

import { redirectOptions } from "../servers/options.mjs";
import { answered, approve, comeBack, exchanges, isSignedIn, leave, open } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

scenario("a user signs in at the provider, and the session lives as any other", async (world) => {
  const tab = await open(world);
  const address = await answered(tab, world);
  assert.match(address, /\?code=.*&state=.*&iss=/);
  // The address is clean before any script could look: the call itself has done it when it returns.
  const seen = await tab.evaluate(() => {
    globalThis.guarded = globalThis.auth.guard("protected");
    return location.href;
  });
  assert.equal(seen, `${world.site.origin}/app.html`);
  assert.equal(await tab.evaluate(() => globalThis.guarded), true);
  assert.equal(await isSignedIn(tab), true);
  assert.equal(await tab.evaluate(() => sessionStorage.length), 0);
  await world.expire();
  await tab.ok("refreshAccessToken");
  assert.equal(await world.refreshes(), 1);
  const status = await tab.evaluate(async (url) => (await globalThis.auth.fetch(`${url}/api/me`)).status, world.server.url);
  assert.equal(status, 200);
});

scenario("a sign-out goes on at the provider, and comes back to a clean address", async (world) => {
  const tab = await open(world);
  await answered(tab, world);
  await tab.ok("signinCallback");
  await tab.page.evaluate(() => void globalThis.auth.logout());
  await tab.page.waitForURL(/\/session\/end\?/);
  assert.equal((await world.requests("/token/revocation")).length, 1);
  await tab.page.getByRole("button", { name: /sign me out/ }).click();
  await tab.page.waitForURL(/app\.html\?state=/);
  await tab.startAuth();
  assert.equal(await tab.evaluate(() => globalThis.auth.guard("login")), true);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  await world.assertNoTokenStored(tab);
  // The provider knows nobody any more.
  await leave(tab);
  await tab.page.locator("input[name=password]").waitFor();
});

scenario("several calls share one exchange, and none of it stays in history", async (world) => {
  const tab = await open(world);
  const address = await answered(tab, world);
  const outcomes = await tab.evaluate(() =>
    Promise.all([globalThis.auth.signinCallback(), globalThis.auth.guard("protected"), globalThis.auth.signinCallback()]),
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok ?? outcome),
    [true, true, true],
  );
  assert.equal(await exchanges(world), 1);
  // Back onto the used answer, and to it by hand: nothing is sent.
  await tab.page.goto(address);
  await tab.startAuth();
  assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
  assert.equal(await exchanges(world), 1);
  assert.equal(await isSignedIn(tab), true);
});

scenario("the user says no", async (world) => {
  const tab = await open(world);
  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(tab);
  const error = await tab.fails("ERR_CANCELLED", "signinCallback");
  assert.equal(error.message, "End-User aborted interaction");
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.equal(await isSignedIn(tab), false);
});

scenario("an answer that is forged, foreign or of another server is none", async (world) => {
  const tab = await open(world);
  const address = await answered(tab, world);
  const changed = (/** @type {string} */ name, /** @type {string} */ value) => {
    const url = new URL(address);
    url.searchParams.set(name, value);
    return url.href;
  };
  for (const foreign of [
    changed("state", "other"),
    `${world.site.origin}/app.html?code=foreign`,
    `${world.site.origin}/app.html?error=access_denied`,
  ]) {
    await tab.page.goto(foreign);
    await tab.startAuth();
    assert.equal((await tab.ok("signinCallback")).reason, "no-callback", foreign);
    assert.equal(tab.page.url(), foreign, "it is another's, and left alone");
  }
  await tab.page.goto(changed("iss", "https://evil.example"));
  await tab.startAuth();
  await tab.fails("ERR_CALLBACK_MISMATCH", "signinCallback");
  assert.equal(await exchanges(world), 0);
});

scenario("an answer in another browser, and one after ten minutes", async (world) => {
  const tab = await open(world);
  const address = await answered(tab, world);
  const other = await world.context.browser()?.newContext();
  const page = await other?.newPage();
  await page?.goto(address);
  await page?.waitForFunction(() => Boolean(globalThis.kit));
  const said = await page?.evaluate((issuer) => {
    const { createAuth } = globalThis.kit.doorkey;
    return createAuth({ issuer, clientId: "app", flows: { signin: [{ authorize: {} }] } }).signinCallback();
  }, world.server.url);
  assert.equal(said?.reason, "no-callback");
  assert.match(said?.message ?? "", /begun here/);
  await other?.close();

  await world.sleep(11 * 60_000);
  assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
  assert.equal(await exchanges(world), 0);
});

scenario("two tabs that leave at once come back to their own", async (world) => {
  const [one, other] = [await open(world), await open(world)];
  await Promise.all([leave(one), leave(other)]);
  await approve(one.page, world);
  await comeBack(one);
  assert.equal((await one.ok("signinCallback")).ok, true);
  await other.page.reload();
  await approve(other.page, world);
  await comeBack(other);
  assert.equal((await other.ok("signinCallback")).ok, true);
});

scenario("a provider's endpoint that is down, and the way to try again", async (world) => {
  const tab = await open(world);
  await world.server.fail({ path: "/.well-known/openid-configuration", status: 503, times: 1 });
  await tab.fails("ERR_UNREACHABLE", "signin");
  await answered(tab, world);
  await world.server.fail({ path: "/token", grant: "authorization_code", status: 503, times: 1 });
  const error = await tab.fails("ERR_UNREACHABLE", "signinCallback");
  assert.equal(error.retryable, true);
  assert.equal(await isSignedIn(tab), false);
});

scenario("the back button, out of the cache for it: the call says so, and what comes after all signs in", async (world) => {
  const tab = await open(world);
  await tab.page.evaluate(() => {
    globalThis.said = "waits";
    globalThis.auth.signin().catch((error) => {
      globalThis.said = error.code;
    });
  });
  await tab.page.waitForURL(/\/interaction\//);
  const provider = tab.page.url();
  await tab.page.goBack({ waitUntil: "commit" });
  await tab.page.waitForFunction(() => globalThis.said !== "waits");
  assert.equal(await tab.evaluate(() => globalThis.said), "ERR_CANCELLED");
  await tab.page.goto(provider);
  await approve(tab.page, world);
  await comeBack(tab);
  assert.equal((await tab.ok("signinCallback")).ok, true);
});

scenario("a hundred sign-ins that were given up leave ten", async (world) => {
  // Its host goes nowhere.
  const tab = await world.openTab({ whole: true, options: { storage: "local", ...redirectOptions(world.server.url) } });
  await tab.evaluate(async () => {
    for (let time = 0; time < 100; time++) {
      const before = Object.keys(sessionStorage).join();
      globalThis.kit.outcome(() => globalThis.auth.signin());
      while (Object.keys(sessionStorage).join() === before) await new Promise((done) => setTimeout(done, 1));
    }
  });
  assert.equal(await tab.evaluate(() => sessionStorage.length), 10);
  await tab.evaluate(() => globalThis.auth.dispose());
});

scenario("in a window of its own", async (world) => {
  const tab = await open(world, { mode: "popup" });
  const [popup] = await Promise.all([
    tab.page.waitForEvent("popup"),
    tab.page.evaluate(() => {
      globalThis.said = globalThis.auth.signin();
      globalThis.said.catch(() => {});
    }),
  ]);
  await popup.waitForURL(/\/interaction\//);
  const closed = popup.waitForEvent("close");
  await approve(popup, world);
  await popup.waitForURL(/app\.html/);
  await popup.evaluate(
    ({ issuer }) => {
      const { createAuth } = globalThis.kit.doorkey;
      const flows = { signin: [{ authorize: { mode: "popup" } }] };
      globalThis.mine = createAuth({ issuer, clientId: "app", flows }).guard("login");
    },
    { issuer: world.server.url },
  );
  await closed;
  assert.deepEqual(await tab.evaluate(async () => (await globalThis.said).ok), true);
  assert.equal(await isSignedIn(tab), true);
  assert.equal(await exchanges(world), 1);
});

scenario("a window that is closed", async (world) => {
  const tab = await open(world, { mode: "popup" });
  const [popup] = await Promise.all([
    tab.page.waitForEvent("popup"),
    tab.page.evaluate(() => {
      globalThis.said = globalThis.kit.outcome(() => globalThis.auth.signin());
    }),
  ]);
  await popup.waitForURL(/\/interaction\//);
  await popup.close();
  const { error } = await tab.evaluate(() => globalThis.said);
  assert.equal(error.code, "ERR_CANCELLED");
});

scenario("a window that is blocked: the page itself goes there", async (world) => {
  const tab = await open(world, { mode: "popup" });
  await tab.page.evaluate(() => {
    globalThis.open = () => null;
  });
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
});
