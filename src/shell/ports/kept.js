// @ts-check
// Where sign-ins that have left their page wait for their answer.

import { member } from "../own.js";
import { called } from "./host.js";
import { shared } from "./records.js";
import { hasStorage, rawStorage } from "./storage.js";

/** @typedef {import("../page.js").Page} Page */

/**
 * What is kept of sign-ins that have left, keys and texts in turn: in this tab's own storage, where two tabs are two, and
 * which survives the way; else in IndexedDB; in a frame that has neither, in the host's store. What goes on in a window of its
 * own stays with this page alone: the window gets a copy of this tab's storage, and would take itself for who began.
 * @param {Page} page
 * @returns {{ list(): string[] | Promise<string[]>, set(key: string, text: string): unknown, remove(key: string): unknown }}
 */
export function keptOf({ name, host, held }) {
  const prefix = `${name}.signin:`;
  const ours = [...held].flat();
  if (hasStorage(false)) {
    const area = rawStorage(false);
    return {
      list() {
        const found = [...ours];
        for (let at = 0; at < area.length; at++) {
          const key = area.key(at);
          const text = key.startsWith(prefix) && area.getItem(key);
          if (text) found.push(key.slice(prefix.length), text);
        }
        return found;
      },
      set: (key, text) => area.setItem(prefix + key, text),
      remove: (key) => held.delete(key) || area.removeItem(prefix + key),
    };
  }
  const store = member(host, "store");
  const read = async () => {
    try {
      return await shared(prefix);
    } catch {
      return called(store, "get", prefix);
    }
  };
  const mapIn = (/** @type {any} */ text) => {
    try {
      return new Map(JSON.parse(text ?? "[]"));
    } catch {
      return new Map(); // What is no list was not written here.
    }
  };
  /** @param {(kept: Map<string, string>) => void} change */
  const write = async (change) => {
    for (;;) {
      const expected = await read();
      const kept = mapIn(expected);
      change(kept);
      const text = JSON.stringify([...kept]);
      try {
        if (!(await shared(prefix, expected, text))) return;
      } catch {
        await called(store, kept.size ? "set" : "remove", prefix, text, true);
        return;
      }
    }
  };
  return {
    list: () =>
      read().then(
        (text) => [...ours, ...[...mapIn(text)].flat()],
        () => ours,
      ),
    set: (key, text) => write((kept) => kept.set(key, text)),
    remove: (key) => held.delete(key) || write((kept) => kept.delete(key)),
  };
}
