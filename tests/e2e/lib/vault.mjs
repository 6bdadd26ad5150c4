// @ts-check
/** What a page's storages hold of a vault. */

import assert from "node:assert/strict";

/** @typedef {import("./tab.mjs").Tab} Tab */

/** A value that must be readable nowhere. */
export const CANARY = "canary-of-a-value";

/** Runs in the page: what IndexedDB holds, and what is known of keys. */
function readDatabase() {
  const done = (/** @type {IDBRequest} */ request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  return (async () => {
    const database = await done(indexedDB.open("doorkey"));
    try {
      const found = [];
      for (const name of database.objectStoreNames) {
        const store = database.transaction(name).objectStore(name);
        const keys = await done(store.getAllKeys());
        for (const value of await done(store.getAll())) {
          const isKey = value instanceof CryptoKey;
          const known = isKey ? { extractable: value.extractable, algorithm: value.algorithm.name } : value;
          found.push({ store: name, key: keys.shift(), value: known });
        }
      }
      return found;
    } finally {
      database.close();
    }
  })();
}

/** What stands in the database `doorkey`. @param {Tab} tab @returns {Promise<{ store: string, key: string, value: any }[]>} */
export const database = (tab) => tab.evaluate(readDatabase);

/** The browser's data half cleared: the keys go, the texts stay. @param {Tab} tab */
export const dropDatabase = (tab) =>
  tab.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase("doorkey");
        request.onsuccess = () => resolve(undefined);
        request.onerror = () => reject(request.error);
      }),
  );

/**
 * Fails if anything of a session can be read in a storage of this tab, or a key be read out.
 * @param {import("./world.mjs").World} world @param {Tab} tab
 */
export async function assertSealed(world, tab) {
  const stored = await tab.stored();
  const found = await database(tab);
  const all = JSON.stringify([stored, found]);
  const tokens = await world.tokens();
  assert.ok(tokens.length, "no token has been seen to look for");
  for (const secret of [...tokens, CANARY, world.user.email, '"accessToken"']) assert.ok(!all.includes(secret), `in clear: ${secret}`);
  for (const [key, text] of Object.entries(stored)) {
    if (/^doorkey(\.value:|$)/.test(key)) assert.match(text, /^v1\.[A-Za-z0-9+/]+=*$/, key);
  }
  for (const { value } of found.filter(({ store }) => store === "keys")) {
    assert.deepEqual(value, { extractable: false, algorithm: "AES-GCM" });
  }
}

/** Says that a tab is signed out, without an error, and that the next sign-in holds, also after a reload. @param {import("./world.mjs").World} world @param {Tab} tab */
export async function assertStartsAnew(world, tab) {
  await tab.fails("ERR_SIGNED_OUT", "accessToken");
  assert.equal((await tab.status()).signedIn, false);
  await tab.ok("signin", world.user);
  await tab.ok("storeValue", "after", "it");
  await tab.reload();
  await tab.ok("accessToken");
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("after")), "it");
  await assertSealed(world, tab);
}
