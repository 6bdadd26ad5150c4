// @ts-check
// Where the record and the values rest: the browser's storage, this page's memory, or the host's store. Those of `web` answer at once, and those of `vault` and `hosted` in their time.

import { json, textOf } from "../copy.js";
import { isFirefox, isFunction, member, read as readMember } from "../own.js";
import { wellFormed } from "../text.js";
import { shared } from "./records.js";
import { unsealed, vault } from "./vault.js";
import { memory } from "./web.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("./web.js").Store} Store */

/** @type {Map<boolean, any>} The browser's storages that were found. */
const areas = new Map();

/** Whether the page has that storage; looking may throw, and what some workers call `window` has others of that name. @param {boolean} isLocal */
export function hasStorage(isLocal) {
  // What was found once may be denied by now.
  areas.delete(isLocal);
  try {
    // Where there is no page, not even looking: what is thrown there takes longer than all the rest of a call.
    const area = globalThis.document && (isLocal ? localStorage : sessionStorage);
    if (!(area instanceof Storage)) return false;
    areas.set(isLocal, area);
    return true;
  } catch {
    return false;
  }
}

/** The browser's storage, of which `hasStorage` says that it is there: what gloo-storage looks for. @param {boolean} isLocal */
export const rawStorage = (isLocal) => areas.get(isLocal);

/** What gloo-storage found, until the messages that say what it is for. @type {any[]} */
const handed = [];

/** @param {any} area */
export const handStorage = (area) => void handed.push(area);

/** Opens the storage that Rust has chosen. @param {Page} page @param {"host" | "web" | "vault" | "memory"} kind @returns {Store} */
export function openStorage(page, kind) {
  if (kind === "host") return hosted(page);
  if (kind !== "memory") {
    const found = handed.shift();
    if (found && found === rawStorage(false)) loadAnew(page);
    if (found && kind === "web") return unsealed(page, found);
    // A page of http has no WebCrypto: nothing is stored there then.
    if (found && globalThis.crypto?.subtle) return vault(page, found);
    page.tell({ op: "denied" });
  }
  return memory(page.name);
}

/**
 * Firefox keeps with a page (bfcache) what its sessionStorage was: it would come back with a token that the next page has spent.
 * A page that hears its end is loaded anew.
 * @param {Page} page
 */
function loadAnew(page) {
  if (!isFirefox()) return;
  const hear = () => {};
  addEventListener("unload", hear);
  page.ends.push(() => removeEventListener("unload", hear));
}

/**
 * The host's store, with the record that tabs share in IndexedDB. Apps of one origin share that: a host that has several
 * says by its `scope()` which is which.
 * @param {Page} page @returns {Store}
 */
function hosted(page) {
  const { name } = page;
  const key = scoped(page.host, name);
  const call = (/** @type {string} */ member, /** @type {unknown[]} */ ...args) => {
    const store = readMember(page.host, "store");
    const function_ = readMember(store, member);
    if (!isFunction(function_)) throw new Error(`the host's store has no ${member}`);
    return Reflect.apply(function_, store, args);
  };
  const get = async (/** @type {string} */ key) => call("get", key);
  const set = async (/** @type {string} */ key, /** @type {unknown} */ value, /** @type {boolean} */ persist) =>
    call("set", key, value, persist);
  const copy = async () => record(await get(name));
  return {
    isLate: true,
    /** The host's copy, if the host gives it at once. */
    glance() {
      try {
        const found = call("get", name);
        quiet(found); // a promise is too late for this, and what it rejects with is told by `read`
        return record(found);
      } catch {}
    },
    async read() {
      let text;
      try {
        text = await shared(key);
      } catch {
        return { text: await copy() };
      }
      // A host that can't say what it has says nothing of the session.
      return { text, hasMirror: true, mirror: await copy().catch(() => text) };
    },
    async commit(/** @type {string | undefined} */ expected, /** @type {string} */ text, /** @type {() => void} */ stillWanted) {
      let lost;
      try {
        lost = await shared(key, expected, text, stillWanted);
      } catch {
        const current = await copy();
        if (current !== expected) lost = { text: current };
      }
      stillWanted();
      if (lost) return { isLost: true, text: /** @type {any} */ (lost).text };
      await set(name, text, true);
      return { isLost: false };
    },
    /** A host that can't keeps what it has. */
    mirror: (text) => quiet(set(name, text, true)),
    async put(/** @type {string} */ key, /** @type {string | undefined} */ text, /** @type {boolean} */ persist) {
      await (text === undefined ? call("remove", key) : set(key, JSON.parse(text), persist));
      return {};
    },
    async list(/** @type {string[]} */ keys) {
      const values = [];
      for (const key of keys) {
        try {
          values.push(key, json(await get(key), key));
        } catch {} // What is no value of ours is left alone.
      }
      return { values };
    },
  };
}

/** @param {any} host @param {string} name */
function scoped(host, name) {
  try {
    const scope = readMember(host, "scope")?.call(host);
    return typeof scope === "string" ? `${name}@${scope}` : name;
  } catch {
    return name;
  }
}

/** Lets a promise fail unheard. @param {unknown} promise */
async function quiet(promise) {
  try {
    await promise;
  } catch {}
}

/** The text of a record that a host gave back as text or as an object. @param {unknown} found */
function record(found) {
  const text = textOf(found);
  if (text !== undefined) return wellFormed(text);
  if (found && typeof found === "object" && !Array.isArray(found) && !isFunction(member(found, "then")))
    return wellFormed(json(found, "record"));
}

/**
 * @param {Page} page @param {string} op @param {number} id
 * @param {(stillWanted: () => void) => any} work is given what throws once the time is up, since what was given up may be undone by then
 */
function answered(page, op, id, work) {
  const stillWanted = () => {
    if (page.late.has(id)) throw new Error("the time limit has passed");
  };
  if (page.store.isLate) page.answerLater(op, id, async () => work(stillWanted));
  else page.answer(op, id, () => work(stillWanted));
}

/** @param {Page} page @param {{ id: number }} message */
export const read = (page, { id }) => answered(page, "read", id, () => page.store.read());

/** @param {Page} page @param {{ id: number, expected?: string, text: string }} message */
export const commit = (page, { id, expected, text }) =>
  answered(page, "commit", id, (stillWanted) => page.store.commit(expected, text, stillWanted));

/** @param {Page} page @param {{ id: number, key: string, text?: string, persist: boolean }} message */
export const put = (page, { id, key, text, persist }) =>
  answered(page, "put", id, (stillWanted) => page.store.put(key, text, persist, stillWanted));

/** @param {Page} page @param {{ id: number, keys: string[] }} message */
export const list = (page, { id, keys }) => answered(page, "list", id, () => page.store.list(keys));

/** @param {Page} page @param {{ text: string }} message */
export const mirror = (page, { text }) => page.store.mirror?.(text);
