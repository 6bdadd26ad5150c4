// @ts-check
// The browser's storage, or this page's memory in its place: both answer at once.

import { wellFormed } from "../text.js";

/** @typedef {{ getItem(key: string): unknown, setItem(key: string, text: string): void, removeItem(key: string): void, length: number, key?(at: number): string | null }} Area */

/** This page's memory. @param {string} name */
export const memory = (name) => web(name, area());

/**
 * @typedef {object} Store where a record and its values rest
 * @property {boolean} isLate whether it answers in its time, and not at once
 * @property {() => any} read
 * @property {(expected: string | undefined, text: string, stillWanted: () => void) => any} commit
 * @property {(key: string, text: string | undefined, persist: boolean, stillWanted: () => void) => any} put
 * @property {(keys: string[]) => any} list
 * @property {() => string[]} [keys] those of the values that are stored there, by this page or another
 * @property {(key: string, tell: (text: string | undefined) => void) => void} [peek] tells the text of a value, as it stands there now
 * @property {() => void} [forget] takes the record out
 * @property {() => string | undefined} [glance]
 * @property {(text: string) => unknown} [mirror]
 */

/** @param {string} name @param {Area} area @returns {Required<Omit<Store, "glance" | "mirror">> & { prefix: string, get(place: string): string | undefined }} */
export function web(name, area) {
  const prefix = `${name}.value:`;
  const get = (/** @type {string} */ key) => {
    try {
      const text = area.getItem(key);
      return typeof text === "string" ? wellFormed(text) : undefined;
    } catch {}
  };
  const keys = () => {
    /** @type {string[]} */
    const found = [];
    for (let at = 0; at < area.length; at++) {
      const place = area.key?.(at);
      if (place?.startsWith(prefix)) found.push(place.slice(prefix.length));
    }
    return found;
  };
  return {
    isLate: false,
    prefix,
    get,
    read: () => ({ text: get(name) }),
    /** Writes `text` if `expected` is what stands there, in one turn; gives what stands there otherwise. */
    commit(expected, text) {
      const current = get(name);
      if (current !== expected) return { isLost: true, text: current };
      replace(area, name, text);
      if (get(name) !== text) throw new Error("the storage keeps nothing");
      return { isLost: false };
    },
    forget: () => area.removeItem(name),
    peek: (key, tell) => tell(get(prefix + key)),
    put(key, text, persist) {
      if (text === undefined) area.removeItem(prefix + key);
      else if (persist) area.setItem(prefix + key, text);
      return {};
    },
    keys,
    /** The values and their keys in turn. */
    list() {
      const values = [];
      for (const key of keys()) {
        const text = get(prefix + key);
        if (text) values.push(key, text);
      }
      return { values };
    },
  };
}

/** @param {Area} area @param {string} name @param {string} text */
export function replace(area, name, text) {
  try {
    area.setItem(name, text);
  } catch (thrown) {
    // The old record is worth nothing after a rotation, and other tabs must not use it.
    area.removeItem(name);
    try {
      area.setItem(name, text);
    } catch {
      throw thrown;
    }
  }
}

/** @returns {Area} */
function area() {
  const map = new Map();
  return {
    length: 0, // a new page finds nothing
    getItem: (key) => map.get(key),
    setItem: (key, text) => void map.set(key, text),
    removeItem: (key) => void map.delete(key),
  };
}
