// @ts-check
/** `storage: "vault"`: where there can be none, and the way to it and from it. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";
import { assertSealed, CANARY, database, dropDatabase } from "./lib/vault.mjs";

const scenario = suite();

const vault = { storage: "vault" };
const local = { storage: "local" };
/** @param {import("./lib/tab.mjs").Tab} tab @param {string} key */
const value = (tab, key) => tab.evaluate((/** @type {string} */ name) => globalThis.auth.getValue(name), key);

/** The next load of the page has other options, as after a deploy. @param {import("./lib/tab.mjs").Tab} tab @param {object} options */
const deploy = (tab, options) => void (tab.start.options = { ...tab.start.options, ...options });

/** The whole of doorkey works, out of memory, and nothing is stored. @param {import("./lib/world.mjs").World} world @param {import("./lib/tab.mjs").Tab} tab */
async function assertWorksFromMemory(world, tab) {
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.match(JSON.stringify((await tab.event("failed")).reason), /STORAGE_DENIED/);
  await tab.ok("signin", world.user);
  await tab.ok("storeValue", "theme", CANARY);
  assert.equal(await value(tab, "theme"), CANARY);
  await world.expire();
  await tab.ok("accessToken");
  assert.equal(await world.refreshes(), 1);
  assert.deepEqual(await tab.stored(), {}, "never in clear");
  await tab.ok("logout");
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
}

/** Runs before a page's scripts. @type {Record<string, () => void>} */
const WITHOUT = {
  "IndexedDB throws": () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("denied", "SecurityError");
    };
  },
  "IndexedDB refuses later": () => {
    IDBFactory.prototype.open = () => {
      const request = /** @type {any} */ ({ error: new DOMException("denied", "InvalidStateError") });
      setTimeout(() => request.onerror(new Event("error")));
      return request;
    };
  },
  "there is no IndexedDB": () => void Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
  "IndexedDB takes no key": () => {
    IDBObjectStore.prototype.add = () => {
      throw new DOMException("could not be cloned", "DataCloneError");
    };
  },
  "WebCrypto makes no key": () => {
    SubtleCrypto.prototype.generateKey = async () => {
      throw new DOMException("refused", "OperationError");
    };
  },
  "localStorage is denied": () =>
    void Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    }),
};

for (const [what, before] of Object.entries(WITHOUT)) {
  scenario(`${what}: the session lives in this page, and nothing is stored`, async (world) => {
    const tab = await world.openTab({ options: vault, before, start: false });
    if (what.startsWith("localStorage")) tab.stored = () => tab.evaluate(() => ({ ...sessionStorage }));
    await tab.startAuth();
    await assertWorksFromMemory(world, tab);
  });
}

scenario("a page of http, which has no WebCrypto: the session lives in this page, and nothing is stored", async (world) => {
  // A name that is not the machine's own, for which browsers ask for https.
  await world.context.route("http://plain.example/**", async (route) => {
    const url = route.request().url().replace("http://plain.example", world.site.origin);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  const tab = await world.openTab({ options: vault, start: false });
  await tab.page.goto("http://plain.example/app.html");
  assert.deepEqual(await tab.evaluate(() => [isSecureContext, typeof crypto.subtle]), [false, "undefined"]);
  await tab.startAuth();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.match(JSON.stringify((await tab.event("failed")).reason), /STORAGE_DENIED/);
  await tab.ok("storeValue", "theme", CANARY);
  assert.equal(await value(tab, "theme"), CANARY);
  assert.deepEqual(await tab.stored(), {});
});

scenario(
  "a full storage at a refresh: the session lives on in memory, the old token is not left, and room is used again",
  async (world) => {
    const tab = await world.signedIn({ options: vault });
    await tab.evaluate(() => {
      const { setItem } = Storage.prototype;
      Object.assign(globalThis, { heal: () => Object.assign(Storage.prototype, { setItem }) });
      Storage.prototype.setItem = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
    });
    await world.expire();
    assert.equal(await tab.ok("accessToken"), (await world.newestTokens()).access_token);
    assert.match(JSON.stringify((await tab.event("failed")).reason), /STORAGE_FULL/);
    assert.deepEqual(await tab.stored(), {});
    await tab.fails("ERR_STORAGE_FULL", "storeValue", "theme", CANARY);
    await tab.evaluate(() => /** @type {any} */ (globalThis).heal());
    await tab.ok("signin", world.user);
    await assertSealed(world, tab);
    await tab.reload();
    await tab.ok("accessToken");
  },
);

scenario("createAuth again: from local to vault and back the session and its values come along", async (world) => {
  const tab = await world.signedIn({ options: local });
  await tab.ok("storeValue", "theme", CANARY);
  const token = await tab.ok("accessToken");

  deploy(tab, vault);
  await tab.startAuth();
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal(await value(tab, "theme"), CANARY);
  await assertSealed(world, tab);
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal(await value(tab, "theme"), CANARY);

  deploy(tab, local);
  await tab.startAuth();
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal(await value(tab, "theme"), CANARY);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true, "what is in clear is known at once");
  assert.equal(await value(tab, "theme"), CANARY);
});

for (const storage of ["memory", "session"]) {
  scenario(`createAuth again: from ${storage} to vault and back`, async (world) => {
    const tab = await world.signedIn({ options: { storage } });
    await tab.ok("storeValue", "theme", CANARY);
    const token = await tab.ok("accessToken");
    deploy(tab, vault);
    await tab.startAuth();
    assert.equal(await tab.ok("accessToken"), token);
    await assertSealed(world, tab);
    deploy(tab, { storage });
    await tab.startAuth();
    assert.equal(await tab.ok("accessToken"), token);
    assert.equal(await value(tab, "theme"), CANARY);
    assert.deepEqual(await tab.evaluate(() => Object.keys(localStorage)), ["doorkey"], "a tombstone, and no value");
    await world.expire();
    await tab.ok("accessToken");
  });
}

scenario("a deploy from local to vault: the user stays signed in, and what was in clear is sealed at once", async (world) => {
  const tab = await world.signedIn({ options: local });
  await tab.ok("storeValue", "theme", CANARY);
  const token = await tab.ok("accessToken");
  deploy(tab, vault);
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal(await value(tab, "theme"), CANARY);
  await assertSealed(world, tab);
  await world.expire();
  await tab.ok("accessToken");
  assert.equal(await world.refreshes(), 1);
});

scenario("a deploy from vault to local: the user stays signed in, with the values", async (world) => {
  const tab = await world.signedIn({ options: vault });
  await tab.ok("storeValue", "theme", CANARY);
  const token = await tab.ok("accessToken");
  deploy(tab, local);
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), token);
  assert.equal(await value(tab, "theme"), CANARY);
  assert.match((await tab.stored()).doorkey, /^\{/);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true, "opened once, it is known at once");
  await tab.ok("logout");
  await tab.reload();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
});

scenario("a deploy from vault to local whose key is lost: signed out, the values are gone, and all begins anew", async (world) => {
  const tab = await world.signedIn({ options: vault });
  await tab.ok("storeValue", "theme", CANARY);
  await dropDatabase(tab);
  deploy(tab, local);
  await tab.reload();
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
  await tab.ok("signin", world.user);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
});

scenario("a tab of before a deploy to vault is signed out at most, and neither tab undoes the other without end", async (world) => {
  const old = await world.signedIn({ options: local });
  const tab = await world.openTab({ options: vault });
  await tab.ok("accessToken");
  await assertSealed(world, tab);
  await old.event("signedOut");
  const before = await tab.ok("accessToken");
  await old.ok("signin", world.user);
  // It hears of that in its time.
  await tab.until(
    (/** @type {string} */ token) => globalThis.auth.accessToken().then((/** @type {string} */ now) => now !== token),
    before,
  );
  assert.equal(await tab.ok("accessToken"), await old.ok("accessToken"));
  await world.expire();
  await tab.ok("accessToken");
  await assertSealed(world, tab);
  await tab.reload();
  await tab.ok("accessToken");
});

scenario("a tab of before a deploy from vault reads what the new one writes; the other way a reload does", async (world) => {
  const old = await world.signedIn({ options: vault });
  const tab = await world.openTab({ options: local });
  const token = await tab.ok("accessToken");
  assert.equal(await old.ok("accessToken"), token);
  await world.expire();
  const next = await tab.ok("accessToken");
  assert.equal(await old.ok("accessToken"), next);
  await world.expire();
  await old.ok("accessToken");
  await tab.event("signedOut");
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), await old.ok("accessToken"));
  assert.equal(await world.refreshes(), 2);
});

scenario("remember: who does not tick the box is in this tab alone, sealed as well", async (world) => {
  const tab = await world.openTab({ options: { ...vault, remember: "{{ inputs.remember }}" } });
  await tab.ok("signin", { ...world.user, remember: false });
  await tab.ok("storeValue", "theme", CANARY);
  await assertSealed(world, tab);
  assert.deepEqual(await tab.evaluate(() => [localStorage.length, Object.keys(sessionStorage).sort()]), [
    0,
    ["doorkey", "doorkey.value:theme"],
  ]);
  await tab.reload();
  await tab.ok("accessToken");
  assert.equal(await value(tab, "theme"), CANARY);
  await tab.ok("logout");
  await tab.ok("signin", { ...world.user, remember: true });
  assert.match(await tab.evaluate(() => localStorage.doorkey), /^v1\./);
  await assertSealed(world, tab);
});

scenario("a database of an earlier version is upgraded, and a host's session in it is kept", async (world) => {
  const complete = (/** @type {any} */ options) => {
    const store = {
      get: (/** @type {string} */ key) => JSON.parse(localStorage.getItem(`host.${key}`) ?? "null") ?? undefined,
      set: (/** @type {string} */ key, /** @type {unknown} */ it) => localStorage.setItem(`host.${key}`, JSON.stringify(it)),
      remove: (/** @type {string} */ key) => localStorage.removeItem(`host.${key}`),
    };
    return { ...options, host: { store } };
  };
  const tab = await world.signedIn({ options: { storage: "host" }, complete });
  const [{ value: record }] = await database(tab);
  const token = await tab.ok("accessToken");
  // As version 1 has left it, and another page of that version has it open.
  await tab.page.goto(`${world.site.origin}/elsewhere.html`);
  const other = await world.openTab({ at: "/elsewhere.html", start: false });
  await other.evaluate(
    (/** @type {string} */ text) =>
      new Promise((resolve, reject) => {
        indexedDB.deleteDatabase("doorkey").onsuccess = () => {
          const opening = indexedDB.open("doorkey", 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore("records").put(text, "doorkey");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            Object.assign(globalThis, { opened: opening.result });
            resolve(undefined);
          };
        };
      }),
    record,
  );
  await tab.page.goto(`${world.site.origin}/app.html`);
  await tab.startAuth();
  await other.evaluate(() => /** @type {any} */ (globalThis).opened.close());
  assert.equal(await tab.ok("accessToken"), token);
  await world.expire();
  const next = await tab.ok("accessToken");
  assert.ok(JSON.stringify(await database(tab)).includes(next), "it is the shared record that is kept, and not only its copy");
});
