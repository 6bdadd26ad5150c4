// @ts-check
/** Storage that is denied or full: a memory fallback or a clear error, and never a call that hangs. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** Runs before a page's scripts: all storage refuses, as with blocked cookies. */
function denyStorage() {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, {
      get() {
        throw new DOMException("The user has blocked storage.", "SecurityError");
      },
    });
  }
  IDBFactory.prototype.open = () => {
    throw new DOMException("The user has blocked storage.", "SecurityError");
  };
}

/** Fills the local storage of the page's origin to the last character. */
function fillStorage() {
  let size = 4 * 1024 * 1024;
  for (let part = 0; size >= 1; part++) {
    try {
      localStorage.setItem(`filler${part}`, "x".repeat(size));
    } catch {
      size = Math.floor(size / 2);
    }
  }
}

/** The page's storage takes nothing more, from now on. */
function refuseWrites() {
  globalThis.realSetItem = Storage.prototype.setItem;
  Storage.prototype.setItem = () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
}

/** The whole of doorkey works, out of memory. */
async function assertWorksFromMemory(world, tab) {
  assert.equal((await tab.status()).signedIn, false);
  await tab.ok("signin", world.user);
  assert.equal((await tab.status()).signedIn, true);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  await tab.ok("storeValue", "theme", "dark");
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("theme")), "dark");
  await world.expire();
  const outcomes = await tab.many(5, "accessToken");
  assert.ok(
    outcomes.every(({ value }) => value),
    outcomes[0].error?.message,
  );
  assert.equal(await world.refreshes(), 1);
  await tab.ok("logout");
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
}

for (const storage of [undefined, "local", "session"]) {
  scenario(`S8: storage blocked, option storage ${storage ?? "not given"}: starts, and works from memory`, async (world) => {
    const tab = await world.openTab({ before: denyStorage, options: { storage } });
    await assertWorksFromMemory(world, tab);
  });
}

scenario("S8: a sandboxed frame, in which storage, IndexedDB and locks are denied: starts, and works from memory", async (world) => {
  const tab = await world.openTab({ at: "/sandbox.html", start: false });
  const [, frame] = tab.page.frames();
  tab.target = frame;
  await tab.until(() => Boolean(globalThis.kit));
  assert.equal(await tab.evaluate(() => origin), "null");
  await tab.startAuth();
  await assertWorksFromMemory(world, tab);
});

scenario("S8: storage that appears to work and keeps nothing", async (world) => {
  const tab = await world.openTab({
    before: () => {
      Storage.prototype.setItem = () => {};
      Storage.prototype.getItem = () => null;
    },
  });
  await assertWorksFromMemory(world, tab);
});

scenario("storage full at sign-in: signed in from memory and said so, or refused with ERR_STORAGE_FULL and nothing kept", async (world) => {
  const tab = await world.openTab({ start: false });
  await tab.evaluate(fillStorage);
  await tab.startAuth();
  const { value, error } = await tab.call("signin", world.user);
  if (value) {
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    const { reason } = await tab.event("failed");
    assert.match(JSON.stringify(reason), /STORAGE_FULL/);
  } else {
    assert.equal(error.code, "ERR_STORAGE_FULL");
    assert.equal((await tab.status()).signedIn, false);
    assert.deepEqual(await tab.navigations(), []);
  }
  await world.assertNoTokenStored(tab);
});

scenario("storage full: storeValue says so, and nothing is changed", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("storeValue", "cart", "small");
  await tab.evaluate(fillStorage);
  await tab.fails("ERR_STORAGE_FULL", "storeValue", "cart", "x".repeat(10_000));
  await tab.fails("ERR_STORAGE_FULL", "storeValue", "other", "x".repeat(10_000));
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { cart: "small" });
  await tab.reload();
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), { cart: "small" });
  assert.equal((await tab.status()).signedIn, true);
});

scenario(
  "S11: setItem throws QuotaExceededError while the rotated token is saved: the session lives on in memory, and it is reported",
  async (world) => {
    const tab = await world.signedIn();
    await tab.evaluate(refuseWrites);
    for (const round of [1, 2]) {
      await world.expire();
      const token = await tab.ok("accessToken");
      const { access_token: newest } = await world.newestTokens();
      assert.equal(token, newest);
      assert.equal(await tab.ok("accessToken"), newest);
      assert.equal(await world.refreshes(), round);
    }
    const { reason } = await tab.event("failed");
    assert.match(JSON.stringify(reason), /STORAGE_FULL/);
    assert.equal((await tab.status()).signedIn, true);
  },
);

scenario("S11: another tab, which finds the token of before in storage, does not end the session by using it", async (world) => {
  const [tab, other] = await world.signedInTabs(2);
  await tab.evaluate(refuseWrites);
  await world.expire();
  const token = await tab.ok("accessToken");
  const { value, error } = await other.call("accessToken");
  assert.ok(value === token || error?.code === "ERR_SIGNED_OUT", error?.message ?? "the other tab made a token of its own");
  assert.equal(await world.refreshes(), 1);
  await world.expire();
  await tab.ok("accessToken");
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
});

scenario("S11: a sign-in after the storage takes writes again is stored again", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate(refuseWrites);
  await world.expire();
  await tab.ok("accessToken");
  await tab.evaluate(() => {
    Storage.prototype.setItem = globalThis.realSetItem;
  });
  await tab.ok("signin", world.user);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
});

scenario("S11: logout with a storage that takes nothing leaves no token behind", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate(refuseWrites);
  await tab.ok("logout");
  assert.equal((await tab.status()).signedIn, false);
  await world.assertNoTokenStored(tab);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, false);
});

scenario("localStorage.clear() by other code ends the session here, without a hang", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate(() => localStorage.clear());
  await world.expire();
  const { value, error } = await tab.call("accessToken");
  assert.ok(value || error.code === "ERR_SIGNED_OUT", error?.message);
  assert.equal((await tab.status()).signedIn, Boolean(value));
});

scenario("storage memory: nothing is written anywhere", async (world) => {
  const tab = await world.signedIn({ options: { storage: "memory" } });
  await tab.ok("storeValue", "theme", "dark");
  await world.expire();
  await tab.ok("accessToken");
  assert.deepEqual(await tab.stored(), {});
  assert.deepEqual(await tab.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), []);
});

scenario("storage session: the tab's own, and a reload keeps it", async (world) => {
  const tab = await world.signedIn({ options: { storage: "session" } });
  assert.deepEqual(await tab.evaluate(() => ({ ...localStorage })), {});
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
  const other = await world.openTab({ options: { storage: "session" } });
  assert.equal((await other.status()).signedIn, false);
});

scenario("every key of doorkey's begins with the session's name", async (world) => {
  const tab = await world.signedIn({ options: { name: "acme" } });
  await tab.ok("storeValue", "theme", "dark");
  await tab.ok("storeValue", "doorkey", "a value");
  const keys = Object.keys(await tab.stored());
  assert.ok(keys.includes("acme"));
  assert.deepEqual(
    keys.filter((key) => !key.startsWith("acme")),
    [],
  );
});
