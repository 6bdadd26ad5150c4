// @ts-check
// The records that tabs share where a host's store is not shared: in IndexedDB, under the same commit rule.

import { wellFormed } from "../text.js";

/**
 * Reads a record; with `text` writes it if `expected` is what stands there, in one transaction, and gives what stands there
 * otherwise.
 * @param {string} key @param {string} [expected] @param {string} [text]
 * @returns {Promise<any>}
 */
export async function shared(key, expected, text) {
  const opening = indexedDB.open("doorkey", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("records");
  const database = await done(opening);
  try {
    const store = database.transaction("records", text === undefined ? "readonly" : "readwrite").objectStore("records");
    const found = await done(store.get(key));
    const current = typeof found === "string" ? wellFormed(found) : undefined;
    if (text === undefined) return current;
    if (current !== expected) return { text: current };
    await done(store.put(text, key));
  } finally {
    // An open connection would keep the page out of the back/forward cache.
    database.close();
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
