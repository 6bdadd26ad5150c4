// @ts-check
/** `storage: "vault"`: what is stored can't be read, and is a session like any other. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";
import { assertSealed, assertStartsAnew, CANARY, database, dropDatabase } from "./lib/vault.mjs";

const scenario = suite();

const options = { storage: "vault" };
/** @param {import("./lib/tab.mjs").Tab} tab @param {string} key */
const value = (tab, key) => tab.evaluate((/** @type {string} */ name) => globalThis.auth.getValue(name), key);

scenario("a user signs in, and is still signed in after a reload; nothing can be read, no key be taken out", async (world) => {
  const tab = await world.signedIn({ options: { ...options, expose: { accessToken: "token" } } });
  await tab.ok("storeValue", "theme", CANARY);
  await assertSealed(world, tab);
  assert.deepEqual(Object.keys(await tab.stored()).sort(), ["doorkey", "doorkey.value:theme", "doorkey.value:token"]);
  assert.deepEqual(await database(tab), [{ store: "keys", key: "vault:doorkey", value: { extractable: false, algorithm: "AES-GCM" } }]);
  await tab.reload();
  await tab.ok("accessToken");
  assert.equal((await tab.status()).signedIn, true);
  assert.equal(await value(tab, "theme"), CANARY);
  assert.equal(await world.refreshes(), 0);
  await world.expire();
  await tab.ok("accessToken");
  assert.equal(await world.refreshes(), 1);
  await assertSealed(world, tab);
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), (await world.newestTokens()).access_token);
});

scenario("what is written twice is another text: each write has an IV of its own", async (world) => {
  const tab = await world.openTab({ options });
  const texts = new Set();
  for (let round = 0; round < 4; round++) {
    await tab.ok("storeValue", "theme", "dark");
    texts.add((await tab.stored())["doorkey.value:theme"]);
  }
  assert.equal(texts.size, 4);
});

scenario("a value of a megabyte and one beyond ASCII come back as they were", async (world) => {
  const tab = await world.openTab({ options });
  const large = "x\u00e9\u{1f511}".repeat(200_000);
  await tab.evaluate((/** @type {string} */ text) => globalThis.auth.storeValue("large", text), large);
  await tab.reload();
  await tab.ok("storeValue", "other", 1);
  assert.equal(await value(tab, "large"), large);
});

scenario("four tabs wake with an expired token at the same moment: exactly 1 refresh request, five times over", async (world) => {
  const tabs = await world.signedInTabs(4, { options });
  await world.failRefresh({ mode: "delay", delayMs: 150 });
  for (const round of [1, 2, 3, 4, 5]) {
    await world.expire();
    const outcomes = await world.atOnce(tabs, "accessToken");
    assert.equal(await world.refreshes(), round);
    const { access_token: newest } = await world.newestTokens();
    assert.deepEqual(
      outcomes.map(({ value: token, error }) => token ?? error?.message),
      tabs.map(() => newest),
    );
  }
  await assertSealed(world, tabs[0]);
});

scenario("a sign-in, a value and a sign-out are seen by every tab", async (world) => {
  const [tab, other] = [await world.openTab({ options }), await world.openTab({ options })];
  await tab.ok("signin", world.user);
  assert.equal((await other.event("signedIn")).reason, "otherTab");
  await tab.ok("storeValue", "theme", "dark");
  await other.until(() => globalThis.auth.getValue("theme") === "dark");
  await tab.ok("removeValue", "theme");
  await other.until(() => globalThis.auth.getValue("theme") === undefined);

  await tab.ok("logout");
  assert.equal((await other.event("signedOut")).reason, "otherTab");
  await other.fails("ERR_SIGNED_OUT", "accessToken");
  await tab.reload();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  await assertSealed(world, tab);
});

/** Runs before a page's scripts: what is opened is kept waiting while the page says so. */
function holdOpening() {
  const decrypt = SubtleCrypto.prototype.decrypt;
  /** @type {any} */ (SubtleCrypto.prototype).decrypt = async function (/** @type {any} */ ...args) {
    if (globalThis.holds) await new Promise((done) => Object.assign(globalThis, { release: done }));
    return Reflect.apply(decrypt, this, args);
  };
}

scenario("what this tab has just stored is not undone by what another stored before", async (world) => {
  const [tab, other] = [await world.openTab({ options, before: holdOpening }), await world.openTab({ options })];
  await Promise.all([tab.ok("storeValue", "ready", 1), other.ok("storeValue", "ready", 1)]);
  await tab.evaluate(() => void Object.assign(globalThis, { holds: true }));
  await other.ok("storeValue", "count", 1);
  await tab.until(() => Boolean(globalThis.release));
  await tab.evaluate(async () => {
    const stored = globalThis.auth.storeValue("count", 2);
    Object.assign(globalThis, { holds: false });
    globalThis.release();
    await stored;
    // Behind all that was looked at meanwhile.
    await globalThis.auth.storeValue("after", 1);
  });
  assert.equal(await value(tab, "count"), 2);
  await other.until(() => globalThis.auth.getValue("count") === 2);
  await tab.reload();
  await tab.ok("storeValue", "ready", 2);
  assert.equal(await value(tab, "count"), 2, "what is seen is what is stored");
});

scenario("a sign-out while a refresh is under way in another tab holds", async (world) => {
  const [tab, other] = await world.signedInTabs(2, { options });
  await other.ok("accessToken");
  await world.failRefresh({ mode: "hold" });
  await world.expire();
  await other.evaluate(() => void (globalThis.under = globalThis.kit.call("accessToken", [])));
  await world.untilHeld();
  await tab.ok("logout");
  await world.server.release();
  assert.match((await other.evaluate(() => globalThis.under)).error?.code, /^ERR_(SIGNED_OUT|SUPERSEDED)$/);
  await tab.reload();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
});

/** Runs before a page's scripts: a key is made when all tabs are at it. */
function makeKeysTogether() {
  const make = SubtleCrypto.prototype.generateKey;
  /** @type {any} */ (SubtleCrypto.prototype).generateKey = async function (/** @type {any} */ ...args) {
    await new Promise((done) => Object.assign(globalThis, { makeKey: done }));
    return Reflect.apply(make, this, args);
  };
}

scenario("tabs that make the key at once end with the same", async (world) => {
  const tabs = [];
  while (tabs.length < 4) tabs.push(await world.openTab({ options, before: makeKeysTogether }));
  for (const tab of tabs) await tab.until(() => Boolean(globalThis.makeKey));
  // Asked for before there is a key, and so sealed by the one that each tab has got.
  const stored = tabs.map((tab, at) => tab.ok("storeValue", `of${at}`, at));
  for (const [at, tab] of tabs.entries())
    await tab.until((/** @type {string} */ key) => globalThis.auth.getValue(key) !== undefined, `of${at}`);
  await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.makeKey())));
  await Promise.all(stored);
  assert.equal((await database(tabs[0])).length, 1);
  await tabs[0].reload();
  await tabs[0].ok("storeValue", "ready", true);
  assert.deepEqual(await tabs[0].evaluate(() => globalThis.auth.values()), { of0: 0, of1: 1, of2: 2, of3: 3, ready: true });
});

const LAST = /** @param {string} text */ (text) => text.slice(0, -6) + (text.at(-6) === "A" ? "B" : "A") + text.slice(-5);
for (const [what, change] of /** @type {[string, (text: string) => string][]} */ ([
  ["changed", LAST],
  ["cut", (text) => text.slice(0, 60)],
  ["cut to its mark", () => "v1."],
  ["no Base64", () => "v1.***"],
  ["of a later version", (text) => `v2.${text.slice(3)}`],
  ["no record, in clear", () => '{"v":1,"tokens":'],
])) {
  scenario(`a stored text that is ${what} is no session, and the next sign-in is written over it`, async (world) => {
    const tab = await world.signedIn({ options });
    const text = change((await tab.stored()).doorkey);
    await tab.evaluate((/** @type {string} */ changed) => void (localStorage.doorkey = changed), text);
    await tab.reload();
    await assertStartsAnew(world, tab);
  });
}

scenario("a text that is put in another place is opened nowhere", async (world) => {
  const tab = await world.signedIn({ options });
  await tab.ok("storeValue", "role", "admin");
  await tab.ok("storeValue", "theme", "dark");
  const { doorkey } = await tab.stored();
  await tab.evaluate(() => void (localStorage["doorkey.value:theme"] = localStorage["doorkey.value:role"]));
  await tab.evaluate((/** @type {string} */ text) => void (localStorage["doorkey.value:mine"] = text), doorkey);
  await tab.reload();
  await tab.ok("accessToken");
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { role: "admin" });
});

scenario("a text that is changed while pages are open signs them out", async (world) => {
  const tabs = await world.signedInTabs(2, { options });
  await tabs[1].ok("accessToken");
  await tabs[0].evaluate(() => void (localStorage.doorkey = `${localStorage.doorkey.slice(0, -8)}AAAAAAAA`));
  await tabs[1].event("signedOut");
  await tabs[0].evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await tabs[0].event("signedOut");
  await tabs[1].ok("signin", world.user);
  await tabs[0].event("signedIn");
  assert.equal(await tabs[0].ok("accessToken"), await tabs[1].ok("accessToken"));
});

scenario("the key is lost while pages are open: signed out at the next look, and signed in again in all", async (world) => {
  const tabs = await world.signedInTabs(2, { options });
  await tabs[1].ok("accessToken");
  await dropDatabase(tabs[0]);
  for (const tab of tabs) await tab.evaluate(() => dispatchEvent(new Event("online")));
  for (const tab of tabs) await tab.event("signedOut");
  await tabs[0].ok("signin", world.user);
  await tabs[1].event("signedIn");
  await tabs[0].reload();
  assert.equal(await tabs[0].ok("accessToken"), await tabs[1].ok("accessToken"));
  await assertSealed(world, tabs[0]);
});

scenario("the key is lost and the token is due: signed out, and one request at most", async (world) => {
  const tab = await world.signedIn({ options });
  await dropDatabase(tab);
  await world.expire();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  await assertStartsAnew(world, tab);
  assert.equal(await world.refreshes(), 0);
});

scenario("half cleared: IndexedDB is gone, localStorage is kept", async (world) => {
  const tab = await world.signedIn({ options });
  await tab.ok("storeValue", "theme", CANARY);
  await dropDatabase(tab);
  await tab.reload();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
  await assertStartsAnew(world, tab);
});

scenario("half cleared: localStorage is gone, IndexedDB is kept", async (world) => {
  const tab = await world.signedIn({ options });
  await tab.evaluate(() => localStorage.clear());
  await tab.reload();
  await assertStartsAnew(world, tab);
});

scenario("two sessions of one page have a key each", async (world) => {
  const tab = await world.signedIn({ options });
  await tab.evaluate(
    (/** @type {any} */ given) => globalThis.kit.another({ ...given, name: "other" }).storeValue("a", 1),
    tab.start.options,
  );
  assert.deepEqual((await database(tab)).map(({ key }) => key).sort(), ["vault:doorkey", "vault:other"]);
});
