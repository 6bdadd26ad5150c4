// @ts-check
// Where sign-ins that have left their page wait for their answer.

import { member } from "../own.js";
import { called } from "./host.js";
import { shared } from "./records.js";
import { hasStorage, rawStorage } from "./storage.js";

/** @typedef {import("../page.js").Page} Page */

/**
 * What is kept of sign-ins that have left, keys and texts in turn: in this tab's own storage, where two tabs are two, and
 * which survives the way; where that is not there or takes nothing, in IndexedDB; in a frame that has neither, in the host's
 * store. What goes on in a window of its own stays with this page alone: the window gets a copy of this tab's storage, and would
 * take itself for who began.
 * @param {Page} page
 * @returns {{ list(at?: string): string[] | Promise<string[]>, set(key: string, text: string): unknown, remove(key: string): unknown }}
 */
export function keptOf({ name, host, held }) {
  const prefix = `${name}.signin:`;
  const area = hasStorage(false) ? rawStorage(false) : undefined;
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
    list(at) {
      const found = [...held].flat();
      for (let place = 0; place < (area?.length ?? 0); place++) {
        const key = area.key(place);
        const text = key.startsWith(prefix) && area.getItem(key);
        if (text) found.push(key.slice(prefix.length), text);
      }
      // Only for an address that asks for what is not here: looking elsewhere takes its time.
      const [, id] = /[?&#](?:state|doorkey)=([\w-]{43})(?![^&#])/.exec(at ?? "") ?? [];
      if (area && (!id || found.includes(id))) return found;
      return read().then(
        (text) => [...found, ...[...mapIn(text)].flat()],
        () => found,
      );
    },
    set(key, text) {
      try {
        if (area) return area.setItem(prefix + key, text);
      } catch {} // It may be full.
      return write((kept) => {
        if (kept.size > 9) kept.delete([...kept.keys()][0]);
        kept.set(key, text);
      });
    },
    remove(key) {
      if (held.delete(key)) return;
      if (area?.getItem(prefix + key)) area.removeItem(prefix + key);
      else return write((kept) => kept.delete(key));
    },
  };
}
