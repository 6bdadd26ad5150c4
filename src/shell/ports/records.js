// @ts-check
// What tabs share in IndexedDB: the records where a host's store is not shared, under the same commit rule; and keys that
// never leave the browser.

import { wellFormed } from "../text.js";

const STORES = ["records", "keys"];

/** The version that is asked for; none where a page with a later one of this package has been here. @type {number | undefined} */
let version = 2;

/** Opens the database; an older one gets what it lacks. @returns {Promise<IDBDatabase>} */
async function opened() {
  const opening = indexedDB.open("doorkey", version);
  opening.onupgradeneeded = () => {
    const { result } = opening;
    for (const name of STORES) if (!result.objectStoreNames.contains(name)) result.createObjectStore(name);
  };
  // Where an older page has it open this waits, and that page closes it after each use; whoever asks has a time limit.
  const database = await done(opening);
  database.onversionchange = () => database.close();
  return database;
}

/**
 * Works with a store in one transaction, and gives what `work` gives once that is written. `work` may await nothing but
 * requests of the store; it is done anew where the database fails for a moment, since nothing is written then.
 * @template T @param {string} name one of STORES @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => Promise<T>} work
 */
export async function withStore(name, mode, work) {
  for (let pause = 20; ; pause *= 4) {
    let database;
    try {
      database = await opened();
      const transaction = database.transaction(name, mode);
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([work(transaction.objectStore(name)), ended]);
      return result;
    } catch (thrown) {
      const { name: why } = /** @type {Error} */ (thrown);
      // One that is denied or full is so the next time, and for longer than a moment nobody waits.
      if (pause > 320 || !/^(Unknown|Abort|InvalidState|Version)E/.test(why)) throw thrown;
      if (why === "VersionError") version = undefined;
    } finally {
      // An open connection would keep the page out of the back/forward cache.
      database?.close();
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * Reads a record; with `text` writes it if `expected` is what stands there, in one transaction, and gives what stands there
 * otherwise. `stillWanted` throws where that is too late.
 * @param {string} key @param {string} [expected] @param {string} [text] @param {() => void} [stillWanted]
 * @returns {Promise<any>}
 */
export const shared = (key, expected, text, stillWanted) =>
  withStore("records", text === undefined ? "readonly" : "readwrite", async (store) => {
    const found = await done(store.get(key));
    const current = typeof found === "string" ? wellFormed(found) : undefined;
    if (text === undefined) return current;
    if (current !== expected) return { text: current };
    stillWanted?.();
    await done(store.put(text, key));
  });

/** The key of that name, or what belongs together of several; `undefined` where there is none. @param {string} id @returns {Promise<any>} */
export const keyUnder = (id) => withStore("keys", "readonly", (store) => done(store.get(id)));

/**
 * The key of that name; where there is none, the one that `make` makes. Tabs that make one at once end with the same.
 * @template T @param {string} id @param {() => T | Promise<T>} make @returns {Promise<T>}
 */
export async function addKey(id, make) {
  const found = await keyUnder(id);
  if (found !== undefined) return found;
  // A transaction ends while a key is made.
  const made = await make();
  return withStore("keys", "readwrite", async (store) => {
    const first = await done(store.get(id));
    if (first === undefined) await done(store.add(made, id));
    return first ?? made;
  });
}

/** Drops the key of that name. @param {string} id */
export const dropKey = (id) => withStore("keys", "readwrite", (store) => done(store.delete(id)));

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
