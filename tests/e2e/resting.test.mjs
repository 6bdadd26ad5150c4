// @ts-check
/** Where a session rests, who shares its end, and what a page finds when it comes up. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** What the storages of the page hold of tokens. @param {import("./lib/tab.mjs").Tab} tab */
const places = (tab) =>
  tab.evaluate(() => {
    const holds = (/** @type {Storage} */ area) => Object.values(area).some((text) => /"accessToken"/.test(text));
    return { local: holds(localStorage), session: holds(sessionStorage) };
  });

scenario("createAuth again with another storage moves session and values, and leaves nothing in localStorage", async (world) => {
  const tab = await world.openTab({ options: { storage: "local" } });
  await tab.ok("signin", world.user);
  await tab.ok("storeValue", "theme", "dark");
  tab.start.options = { ...tab.start.options, storage: "session" };
  await tab.startAuth();
  await tab.ok("accessToken");

  assert.deepEqual(await places(tab), { local: false, session: true });
  assert.deepEqual(await tab.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(".value:"))), []);
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("theme")), "dark");
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
  await tab.ok("logout");
  assert.deepEqual(await places(tab), { local: false, session: false });
});

scenario("remember: who does not tick the box is in sessionStorage alone, also after a reload", async (world) => {
  const tab = await world.openTab({ options: { storage: "local", remember: "{{ inputs.remember }}" } });
  await tab.ok("signin", { ...world.user, remember: false });
  assert.deepEqual(await places(tab), { local: false, session: true });
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
  await tab.ok("logout");

  await tab.ok("signin", { ...world.user, remember: true });
  assert.deepEqual(await places(tab), { local: true, session: false });
});

scenario("storage session: a tab opened by window.open shares the sign-out", async (world) => {
  const tab = await world.openTab({ options: { storage: "session" } });
  await tab.ok("signin", world.user);
  const [popup] = await Promise.all([world.context.waitForEvent("page"), tab.evaluate(() => void window.open(location.href))]);
  await popup.waitForFunction(() => Boolean(globalThis.kit));
  const state = JSON.stringify(tab.start.options);
  await popup.evaluate(`globalThis.auth = kit.start(${state}); undefined`);
  assert.equal(await popup.evaluate(() => globalThis.auth.status().signedIn), true, "it has a copy of the storage");

  await tab.ok("logout");

  await popup.waitForFunction(() => !globalThis.auth.status().signedIn);
  assert.equal(await popup.evaluate(() => Object.values(sessionStorage).some((text) => /"accessToken"/.test(text))), false);
  await popup.close();
});

scenario("a store of promises is read by itself: nobody has to call anything", async (world) => {
  const complete = (/** @type {any} */ options) => {
    const wait = () => new Promise((done) => setTimeout(done, 20));
    const store = {
      get: async (/** @type {string} */ key) => (await wait(), JSON.parse(localStorage.getItem(`host.${key}`) ?? "null") ?? undefined),
      set: async (/** @type {string} */ key, /** @type {unknown} */ value) => (
        await wait(), localStorage.setItem(`host.${key}`, JSON.stringify(value))
      ),
      remove: async (/** @type {string} */ key) => (await wait(), localStorage.removeItem(`host.${key}`)),
    };
    return { ...options, host: { store } };
  };
  const tab = await world.openTab({ complete, options: { storage: "host" } });
  await tab.ok("signin", world.user);
  await tab.reload();
  await tab.until(() => globalThis.auth.status().signedIn);
});

scenario("returnTo: a sign-in leads back to the page that a guard has sent away from", async (world) => {
  const options = { pages: { home: "/app.html?home", login: "/app.html?login", returnTo: true } };
  const complete = (/** @type {any} */ { host, ...given }) => given;
  const tab = await world.openTab({ complete, options, at: "/app.html?orders=7#top" });
  await Promise.all([tab.page.waitForURL("**/app.html?login"), tab.call("guard", "protected").catch(() => {})]);
  await tab.startAuth();
  await Promise.all([tab.page.waitForURL("**/app.html?orders=7#top"), tab.call("signin", world.user).catch(() => {})]);
  await tab.startAuth();
  assert.equal((await tab.status()).signedIn, true);
});

scenario("expiring warns, and extend() answers it", async (world) => {
  const tab = await world.openTab({ options: { idleSeconds: 3600, warnSeconds: 600 } });
  await tab.evaluate(() => globalThis.auth.on("expiring", (event) => globalThis.kit.record.events.push(event)));
  await tab.ok("signin", world.user);
  await world.sleep(3_100_000);
  await tab.evaluate(() => dispatchEvent(new Event("online")));
  assert.equal((await tab.event("expiring")).reason, "idle");
  assert.equal((await tab.ok("extend")).ok, true);
  await world.sleep(3_100_000);
  await tab.evaluate(() => dispatchEvent(new Event("online")));
  await tab.event("expiring");
  assert.equal((await tab.status()).signedIn, true);
});

for (const storage of ["local", "vault"]) {
  scenario(`idleSeconds counts while no page is open: who comes back too late is signed out (${storage})`, async (world) => {
    const options = { storage, idleSeconds: 600 };
    const tab = await world.signedIn({ options });
    await world.sleep(500_000);
    await tab.reload();
    assert.equal(await tab.ok("guard", "protected"), true, "back in time");
    await tab.page.goto("about:blank");
    await world.sleep(601_000);
    const sent = await world.refreshes();
    const late = await world.openTab({ options });
    assert.equal(await late.ok("guard", "protected"), false);
    assert.equal((await late.event("signedOut")).reason, "idle");
    await late.fails("ERR_SIGNED_OUT", "accessToken");
    assert.equal(await world.refreshes(), sent, "no token is got for who is away");
  });
}

scenario("the same name for another server: the former's session goes, and nothing is sent", async (world) => {
  const tab = await world.openTab();
  await tab.ok("signin", world.user);
  const { flows, provider, ...rest } = /** @type {any} */ (tab.start.options);
  const url = `${world.site.origin}/elsewhere`;
  const json = { token: "{{ session.refreshToken ?? '' }}" };
  const others = { signin: { url, json }, refresh: { url, json }, revoke: { url, json } };
  const before = tab.urls.length;
  tab.start.options = { ...rest, flows: others };
  await tab.startAuth();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.deepEqual(
    tab.urls.slice(before).filter((to) => to === url),
    [],
  );
  assert.deepEqual(await places(tab), { local: false, session: false });
});

scenario("a double click is one sign-in", async (world) => {
  const tab = await world.openTab();
  const outcomes = await tab.many(2, "signin", world.user);
  assert.deepEqual(
    outcomes.map(({ value }) => value?.ok),
    [true, true],
  );
  assert.deepEqual(await tab.navigations(), ["Dashboard"]);
});
