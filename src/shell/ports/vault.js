// @ts-check
// The browser's storage with everything sealed: AES-GCM under a key that is kept in IndexedDB and that nobody can read out.

import { utf16 } from "../text.js";
import { addKey, keyUnder } from "./records.js";
import { memory, replace, web } from "./web.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("./web.js").Area} Area */
/** @typedef {ReturnType<typeof web>} Store */

/** What a sealed text begins with. JSON, which is what there is in clear, never begins so. */
const MARK = "v1.";
const IV_BYTES = 12;

/** Whether a text was sealed, by this version or another. @param {string | undefined} text */
const isSealed = (text) => text?.[0] === "v";

const keyId = (/** @type {string} */ name) => `vault:${name}`;

const makeKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

/** A text is tied to its mark and its place: under another it can't be opened. @param {string} mark @param {string} place @param {Uint8Array<ArrayBuffer>} iv */
const cipher = (mark, place, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(mark + place) });

/** @param {CryptoKey} key @param {string} place @param {string} text */
async function seal(key, place, text) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(cipher(MARK, place, iv), key, new TextEncoder().encode(text));
  let units = "";
  for (const bytes of [iv, new Uint8Array(sealed)]) for (const byte of bytes) units += String.fromCharCode(byte);
  return MARK + btoa(units);
}

/** What is in a stored text; `undefined` for what can't be opened. @param {CryptoKey} key @param {string} place @param {string} [stored] */
async function open(key, place, stored) {
  if (!stored || !isSealed(stored)) return stored;
  try {
    const bytes = Uint8Array.from(atob(stored.slice(MARK.length)), (unit) => unit.charCodeAt(0));
    const how = cipher(stored.slice(0, MARK.length), place, bytes.subarray(0, IV_BYTES));
    return utf16(new Uint8Array(await crypto.subtle.decrypt(how, key, bytes.subarray(IV_BYTES))));
  } catch {}
}

/**
 * A storage in which nothing is in clear. What is there in clear, of a time before the vault, is sealed when it is first
 * found. One thing is done after the other, so that what was asked first is answered first.
 * @param {Page} page @param {Area} area @returns {Store}
 */
export function vault(page, area) {
  const { name } = page;
  const store = web(name, area);
  const { get, prefix } = store;
  /** What was last seen of the record: the text that is stored, and what is in it. @type {{ stored?: string, text?: string }} */
  let seen = {};
  let isFirst = true;
  let puts = 0;
  let waiting = 0;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  /** The key, for all that wait at once. @type {Promise<CryptoKey> | undefined} */
  let found;
  /** @template T @param {(key: CryptoKey) => T | Promise<T>} work @returns {Promise<T>} */
  const inTurn = (work) => {
    waiting++;
    found ??= addKey(keyId(name), makeKey);
    const key = found;
    const turn = last.then(async () => work(await key));
    last = turn.catch(() => {}).then(() => --waiting || (found = undefined));
    return turn;
  };
  const look = async (/** @type {CryptoKey} */ key) => {
    const stored = get(name);
    seen = { stored, text: await open(key, name, stored) };
  };
  /** Gives what is in a text, which is sealed if it is in clear. @param {CryptoKey} key @param {string} place @param {string} [stored] */
  const takeOver = async (key, place, stored) => {
    if (!stored || isSealed(stored)) return open(key, place, stored);
    const sealed = await seal(key, place, stored);
    try {
      if (get(place) === stored) area.setItem(place, sealed);
    } catch {} // A sealed text is longer: without room for it the session and its values stay as they are, until there is.
    return stored;
  };
  return {
    ...store,
    isLate: true,
    async read() {
      // Where nothing is, nothing is sealed. Its data cleared, a page may find its database without an answer for good.
      if (!isFirst && get(name) === undefined) return {};
      try {
        return await inTurn(async (key) => {
          if (isFirst) await takeOver(key, name, get(name));
          isFirst = false;
          await look(key);
          // Meanwhile somebody may have been told that nothing is there.
          return { text: get(name) === undefined ? undefined : seen.text };
        });
      } catch (thrown) {
        // It may have moved meanwhile.
        if (!isFirst || page.store !== this) throw thrown;
        // Without a key there is no vault.
        page.store = memory(name);
        page.tell({ op: "denied" });
        return {};
      }
    },
    commit: (expected, text, stillWanted) =>
      inTurn(async (key) => {
        const sealed = await seal(key, name, text);
        while (get(name) !== seen.stored) await look(key);
        // From here on it is one turn with the write.
        if (seen.text !== expected) return { isLost: true, text: seen.text };
        stillWanted();
        store.commit(seen.stored, sealed, stillWanted);
        seen = { stored: sealed, text };
        return { isLost: false };
      }).catch((thrown) => {
        // As in `replace`: what this was to take the place of is spent, or over.
        if (seen.text === expected && get(name) === seen.stored) store.forget();
        throw thrown;
      }),
    peek(key, tell) {
      const since = puts;
      inTurn(async (cryptoKey) => {
        const text = await open(cryptoKey, prefix + key, get(prefix + key));
        // What this tab is about to write is newer.
        if (since === puts) tell(text);
        else this.peek?.(key, tell);
      }).catch(() => {});
    },
    put(key, text, persist, stillWanted) {
      puts++;
      return inTurn(async (cryptoKey) => {
        const sealed = text !== undefined && persist ? await seal(cryptoKey, prefix + key, text) : text;
        stillWanted();
        return store.put(key, sealed, persist, stillWanted);
      });
    },
    list: () =>
      inTurn(async (cryptoKey) => {
        const { values } = store.list([]);
        const opened = [];
        for (let at = 0; at < values.length; at += 2) {
          const place = prefix + values[at];
          const text = await takeOver(cryptoKey, place, values[at + 1]);
          if (text !== undefined) opened.push(values[at], text);
          else if (get(place) === values[at + 1]) area.removeItem(place);
        }
        return { values: opened };
      }),
  };
}

/**
 * A storage in which nothing is sealed. What a vault has left there is opened before the first look.
 * @param {Page} page @param {Area} area @returns {Store}
 */
export function unsealed(page, area) {
  const { name } = page;
  const store = web(name, area);
  const { get, prefix } = store;
  const places = [name, ...store.keys().map((key) => prefix + key)];
  const sealed = places.filter((place) => isSealed(get(place)));
  if (!sealed.length) return store;
  return {
    ...store,
    isLate: true,
    async read() {
      try {
        const key = await keyUnder(keyId(name));
        for (const place of sealed) {
          // It may have moved meanwhile.
          if (page.store !== this) break;
          const stored = get(place);
          const text = await open(key, place, stored);
          if (get(place) !== stored) continue;
          if (text === undefined) area.removeItem(place);
          else replace(area, place, text);
        }
      } catch {} // What can't be opened is no record.
      if (page.store === this) page.store = store;
      return store.read();
    },
  };
}
