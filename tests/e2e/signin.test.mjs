// @ts-check
/** Signing in, and what a page may show. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

scenario("wrong password: the server's message, nothing stored, no navigation", async (world) => {
  const tab = await world.openTab();
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin", { email: world.user.email, password: "not-her-password" });
  assert.equal(error.status, 400);
  assert.equal(error.message, "Wrong email or password.");
  assert.deepEqual(await tab.stored(), {});
  assert.deepEqual(await tab.navigations(), []);
  assert.equal((await tab.status()).signedIn, false);
  assert.ok(!(await tab.events()).includes("signedIn"));
});

scenario("right password: signed in, on the home page, and the API answers", async (world) => {
  const tab = await world.openTab();
  const before = Date.now();
  const { ok, expiresAt, navigated } = await tab.ok("signin", world.user);
  assert.deepEqual({ ok, navigated }, { ok: true, navigated: true });
  assert.ok(Math.abs(expiresAt - before - world.accessTtl * 1000) < 5000, `expiresAt is ${expiresAt}`);
  assert.deepEqual(await tab.navigations(), ["Dashboard"]);
  await tab.event("signedIn");
  const { status, body } = await tab.fetch(`${world.server.url}/api/me`);
  assert.equal(status, 200);
  assert.equal(JSON.parse(body).email, world.user.email);
});

scenario("signin(email, password) is the same as signin({ email, password })", async (world) => {
  const tab = await world.openTab();
  await tab.ok("signin", world.user.email, world.user.password);
  assert.equal(await tab.ok("check"), true);
});

scenario("a submit event given to signin means its form's fields, and the page stays", async (world) => {
  const tab = await world.openTab();
  await tab.evaluate(() => {
    document.body.innerHTML =
      '<form><input name="email"><input name="password" type="password"><input value="nameless"><button>Go</button></form>';
    document.querySelector("form").addEventListener("submit", globalThis.auth.signin);
  });
  await tab.page.fill("[name=email]", world.user.email);
  await tab.page.fill("[name=password]", world.user.password);
  await tab.page.click("button");
  await tab.event("signedIn");
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.deepEqual(await tab.navigations(), ["Dashboard"]);
});

scenario("a click event given to signin means no inputs", async (world) => {
  const tab = await world.openTab({
    complete: (options) => ({
      ...options,
      flows: { ...options.flows, signin: (inputs) => ({ access_token: `seen:${Object.keys(inputs).length}` }) },
    }),
  });
  await tab.evaluate(() => {
    document.body.innerHTML = "<button>Sign in</button>";
    document.querySelector("button").addEventListener("click", globalThis.auth.signin);
  });
  await tab.page.click("button");
  await tab.event("signedIn");
  assert.equal(await tab.ok("accessToken"), "seen:0");
});

scenario("a second sign-in replaces the first", async (world) => {
  const tab = await world.signedIn();
  const first = await tab.ok("accessToken");
  await tab.ok("signin", world.user);
  assert.notEqual(await tab.ok("accessToken"), first);
  const { access_token: newest } = await world.newestTokens();
  assert.equal(await tab.ok("accessToken"), newest);
});

scenario("a wrong password while signed in leaves the session as it was", async (world) => {
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  const stored = await tab.stored();
  await tab.fails("ERR_INVALID_CREDENTIALS", "signin", { email: world.user.email, password: "not-her-password" });
  assert.equal(await tab.ok("accessToken"), token);
  assert.deepEqual(await tab.stored(), stored);
});

scenario("a reload keeps the session, without a request", async (world) => {
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  const asked = (await world.server.log()).length;
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal((await world.server.log()).length, asked);
});

scenario("a reload keeps what storeValue stored, but for what was not to persist", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("storeValue", "theme", { colour: "green" });
  await tab.ok("storeValue", "draft", "unsaved", false);
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("draft")), "unsaved");
  await tab.reload();
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { theme: { colour: "green" } });
});

scenario('guard("login") while signed in: the home page', async (world) => {
  const tab = await world.signedIn();
  await tab.reload();
  assert.equal(await tab.ok("guard", "login"), false);
  assert.deepEqual(await tab.navigations(), ["Dashboard"]);
});

scenario('guard("login") while signed out: the page may be shown', async (world) => {
  const tab = await world.openTab();
  assert.equal(await tab.ok("guard", "login"), true);
  assert.deepEqual(await tab.navigations(), []);
});

scenario('guard("protected") while signed out: false, and the login page', async (world) => {
  const tab = await world.openTab();
  assert.equal(await tab.ok("guard", "protected"), false);
  assert.deepEqual(await tab.navigations(), ["LoginPage"]);
  assert.deepEqual(await world.server.log(), []);
});

scenario('guard("protected") while signed in: the page may be shown', async (world) => {
  const tab = await world.signedIn();
  await tab.reload();
  assert.equal(await tab.ok("guard", "protected"), true);
  assert.deepEqual(await tab.navigations(), []);
});

scenario('guard("protected") with an expired token refreshes before it decides', async (world) => {
  const tab = await world.signedIn();
  await world.expire();
  await tab.reload();
  assert.equal(await tab.ok("guard", "protected"), true);
  assert.equal(await world.refreshes(), 1);
  assert.deepEqual(await tab.navigations(), []);
});

scenario('guard("protected") when the server has ended the session: false, and the login page', async (world) => {
  const tab = await world.signedIn();
  await world.server.revokeAll();
  await world.expire();
  await tab.reload();
  assert.equal(await tab.ok("guard", "protected"), false);
  // Twice where the session ended by itself, at load, before the guard was asked.
  assert.deepEqual([...new Set(await tab.navigations())], ["LoginPage"]);
});

scenario("with the browser's own host a navigation loads the page", async (world) => {
  const pages = { home: "/elsewhere.html", login: "/app.html" };
  const tab = await world.openTab({
    options: { pages },
    complete: ({ host, ...options }) => options,
  });
  const { navigated } = await tab.ok("signin", world.user).catch(() => ({ navigated: "the page was left before the answer came" }));
  assert.ok(navigated);
  await tab.page.waitForURL("**/elsewhere.html");
  assert.ok((await tab.stored()).doorkey, "the session is stored before the page is left");
});
