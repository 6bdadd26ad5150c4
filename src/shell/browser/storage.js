// Where the record and the values rest. Every storage has the members of `web`, but for `peek`; those of `host` give promises.

import { stringify } from "./data.js";

/** Whether the page has that storage; looking may throw, and what some workers call `window` is none. */
export function hasStorage(local) {
  try {
    return window instanceof Window && rawStorage(local) instanceof Storage;
  } catch {
    return false;
  }
}

/** The browser's storage. */
export const rawStorage = (local) => (local ? localStorage : sessionStorage);

/**
 * A text as Rust reads it: half a surrogate pair becomes U+FFFD. What is compared must be what was read, or a commit would
 * lose for ever against a text that somebody else wrote.
 */
function wellFormed(text) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** The browser's storage, or this page's memory. */
export function webStorage(name, storage = memory()) {
  const prefix = name + ".value:";
  const get = (key) => {
    try {
      const text = storage.getItem(key);
      return typeof text === "string" ? wellFormed(text) : undefined;
    } catch {}
  };
  return {
    read: () => [get(name)],
    /** Writes `text` if `expected` is what stands there, in one turn; gives what stands there otherwise. */
    commit(expected, text) {
      const current = get(name);
      if (current !== expected) return [current];
      try {
        storage.setItem(name, text);
      } catch (thrown) {
        // The old record is worth nothing after a rotation, and other tabs must not use it.
        storage.removeItem(name);
        try {
          storage.setItem(name, text);
        } catch {
          throw thrown;
        }
      }
      if (get(name) !== text) throw new Error("the storage keeps nothing");
      return [];
    },
    /** The text of a value, as it stands there now. */
    peek: (key) => get(prefix + key),
    put(key, text, persist) {
      if (text === undefined) storage.removeItem(prefix + key);
      else if (persist) storage.setItem(prefix + key, text);
    },
    /** The values and their keys in turn. */
    list() {
      const found = [];
      for (let at = 0; at < storage.length; at++) {
        const key = storage.key(at);
        const text = key?.startsWith(prefix) && get(key);
        if (text) found.push(key.slice(prefix.length), text);
      }
      return found;
    },
  };
}

function memory() {
  const map = new Map();
  return {
    length: 0, // a new page finds nothing
    getItem: (key) => map.get(key),
    setItem: (key, text) => map.set(key, text),
    removeItem: (key) => map.delete(key),
  };
}

/**
 * The host's store, with the record that tabs share in IndexedDB. Apps of one origin share that: a host that has several
 * says by its `scope()` which is which.
 */
export function hostStorage(name, page) {
  let scope;
  try {
    scope = page.host.scope?.();
  } catch {}
  const key = typeof scope === "string" ? name + "@" + scope : name;
  const store = () => page.host.store;
  const set = async (key, value, persist) => store().set(key, value, persist);
  const get = async (key) => store().get(key);
  const copy = () => get(name).then(record, () => undefined);
  return {
    /** The host's copy, if the host gives it at once. */
    glance() {
      const found = store().get(name);
      Promise.resolve(found).catch(() => {}); // a promise is too late for this, and what it rejects with is told by `read`
      return record(found);
    },
    async read() {
      const mirror = await copy();
      return shared(key).then((text) => [text, mirror], () => [mirror]);
    },
    async commit(expected, text) {
      let lost;
      try {
        lost = await shared(key, expected, text);
      } catch {
        const current = await copy();
        if (current !== expected) lost = [current];
      }
      if (!lost) await set(name, text, true);
      return lost ?? [];
    },
    /** A host that can't keeps what it has. */
    mirror: (text) => set(name, text, true).catch(() => {}),
    put: async (key, text, persist) => void (await (text === undefined ? store().remove(key) : set(key, JSON.parse(text), persist))),
    async list(keys) {
      const found = [];
      for (const key of keys) {
        const text = stringify(await get(key).catch(() => undefined));
        if (text[0] !== "!") found.push(key, text);
      }
      return found;
    },
  };
}

/** The text of a record that a host gave back as text or as an object. */
function record(found) {
  if (typeof found === "string") return wellFormed(found);
  if (found && typeof found === "object" && !Array.isArray(found)) return wellFormed(JSON.stringify(found));
}

/**
 * Reads the record that tabs share; with `text` writes it if `expected` is what stands there, in one transaction, and
 * gives what stands there otherwise.
 */
async function shared(key, expected, text) {
  const opening = indexedDB.open("doorkey", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("records");
  const database = await done(opening);
  try {
    const store = database.transaction("records", text ? "readwrite" : "readonly").objectStore("records");
    const found = await done(store.get(key));
    const current = typeof found === "string" ? wellFormed(found) : undefined;
    if (!text) return current;
    if (current !== expected) return [current];
    await done(store.put(text, key));
  } finally {
    // An open connection would keep the page out of the back/forward cache.
    database.close();
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
