// @ts-check
/** `storage: "vault"` in trouble: a database that answers late or never, a storage without room, a move under way. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";
import { assertSealed, CANARY } from "./lib/vault.mjs";

const scenario = suite();
const vault = { storage: "vault" };
/** How long a database that hangs is waited for, in seconds; a sign-in beside it must not take so long. */
const BRIEF = 3;
const value = (/** @type {import("./lib/tab.mjs").Tab} */ tab, /** @type {string} */ key) =>
  tab.evaluate((/** @type {string} */ name) => globalThis.auth.getValue(name), key);

/** Runs in the page: IndexedDB opens nothing until `late.go()`, or refuses then with `late.fail()`. */
function holdDatabase() {
  const { open } = IDBFactory.prototype;
  /** @type {{ go: () => void, fail: () => void }[]} */
  const held = [];
  let isHeld = true;
  const end = (/** @type {"go" | "fail"} */ how) => {
    isHeld = false;
    for (const one of held.splice(0)) one[how]();
  };
  Object.assign(globalThis, { late: { go: () => end("go"), fail: () => end("fail"), count: () => held.length } });
  IDBFactory.prototype.open = function (/** @type {any} */ ...args) {
    if (!isHeld) return Reflect.apply(open, this, args);
    const request = /** @type {any} */ ({});
    held.push({
      go: () => {
        const real = Reflect.apply(open, this, args);
        real.onupgradeneeded = () => {
          request.result = real.result;
          request.onupgradeneeded?.();
        };
        real.onsuccess = () => {
          request.result = real.result;
          request.onsuccess();
        };
      },
      fail: () => {
        request.error = new DOMException("gone", "UnknownError");
        request.onerror();
      },
    });
    return request;
  };
}

scenario("a database that opens only when all is over brings nothing back", async (world) => {
  const tab = await world.openTab({ options: { ...vault, timeoutSeconds: BRIEF }, before: holdDatabase });
  await tab.ok("signin", world.user);
  await tab.fails("ERR_TIMEOUT", "storeValue", "theme", CANARY);
  await tab.ok("logout");
  await tab.evaluate(() => /** @type {any} */ (globalThis).late.go());
  await new Promise((done) => setTimeout(done, 500));
  assert.deepEqual(await tab.stored(), {});
  await tab.reload();
  await tab.evaluate(() => /** @type {any} */ (globalThis).late.go());
  assert.equal((await tab.call("accessToken")).error?.code, "ERR_SIGNED_OUT");
});

scenario("a database that hangs while a session is stored: what was given up is not done later", async (world) => {
  const tab = await world.openTab({ options: vault });
  await tab.ok("storeValue", "x", 1);
  await tab.limit(BRIEF);
  await tab.evaluate(holdDatabase);
  await tab.ok("signin", world.user);
  await tab.ok("logout");
  await tab.evaluate(() => /** @type {any} */ (globalThis).late.go());
  await new Promise((done) => setTimeout(done, 500));
  await tab.reload();
  assert.equal((await tab.call("accessToken")).error?.code, "ERR_SIGNED_OUT");
});

for (const how of ["go", "fail"]) {
  for (const [from, to] of [
    ["vault", "local"],
    ["vault", "session"],
    ["local", "memory"],
  ]) {
    scenario(`from ${from} to ${to} while the database hangs, and then ${how}es: the session is where it went`, async (world) => {
      const tab = await world.signedIn({ options: vault });
      await tab.page.addInitScript(holdDatabase);
      tab.start.options = { ...tab.start.options, storage: from, timeoutSeconds: BRIEF };
      await tab.reload();
      await tab.fails("ERR_SIGNED_OUT", "accessToken");
      tab.start.options = { ...tab.start.options, storage: to };
      await tab.startAuth();
      await tab.fails("ERR_SIGNED_OUT", "accessToken");
      await tab.evaluate((/** @type {string} */ end) => /** @type {any} */ (globalThis).late[end](), how);
      await new Promise((done) => setTimeout(done, 300));
      await tab.ok("signin", world.user);
      await tab.ok("storeValue", "theme", CANARY);
      const stored = await tab.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage } }));
      const places = { local: stored.local, session: stored.session, memory: {} };
      const where = places[/** @type {keyof typeof places} */ (to)];
      if (to !== "memory") assert.equal(where["doorkey.value:theme"], JSON.stringify(CANARY), "not in memory");
      else assert.doesNotMatch(JSON.stringify(stored), /accessToken|canary/);
      await tab.ok("accessToken");
    });
  }
}

scenario("a deploy from local to vault with a full storage: the session and its values are kept", async (world) => {
  const tab = await world.signedIn({ options: { storage: "local" } });
  await tab.ok("storeValue", "theme", CANARY);
  const token = await tab.ok("accessToken");
  await tab.page.addInitScript(() => {
    const { setItem } = Storage.prototype;
    Object.assign(globalThis, { heal: () => Object.assign(Storage.prototype, { setItem }) });
    Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  tab.start.options = { ...tab.start.options, ...vault };
  await tab.reload();
  assert.equal((await tab.call("accessToken")).value, token);
  assert.equal(await value(tab, "theme"), CANARY);
  await tab.evaluate(() => /** @type {any} */ (globalThis).heal());
  await world.expire();
  await tab.ok("accessToken");
  assert.equal(await value(tab, "theme"), CANARY);
});

scenario("rubbish in every place, and a megabyte of it", async (world) => {
  const tab = await world.openTab({ options: vault });
  for (const text of ["v", "v1", "v1.", "v2.", `v1.${"A".repeat(1 << 20)}`, "v1.\u0000\ud800", "{}", "null", "[]", "0"]) {
    await tab.evaluate((/** @type {string} */ it) => {
      localStorage.doorkey = it;
      localStorage["doorkey.value:x"] = it;
    }, text);
    await tab.reload();
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
    await tab.ok("signin", world.user);
    await tab.ok("storeValue", "x", 2);
    await tab.reload();
    await tab.ok("accessToken");
    assert.equal(await value(tab, "x"), 2);
    await assertSealed(world, tab);
  }
});

scenario("an old text that is put back is what the server makes of it, as in every storage", async (world) => {
  const tab = await world.signedIn({ options: vault });
  const { doorkey } = await tab.stored();
  await tab.ok("logout");
  await tab.evaluate((/** @type {string} */ old) => void (localStorage.doorkey = old), doorkey);
  await tab.reload();
  await tab.fails("ERR_REFRESH_REJECTED", "refreshAccessToken", { force: true });
  await tab.event("expired");
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
});
