// @ts-check
// The Web Lock that holds tabs apart.

import { isFunction, member } from "../own.js";

/** @typedef {import("../page.js").Page} Page */

/** Takes the lock, or waits for it; without locks, which Rust is told, the commit rule alone holds. @param {Page} page @param {{ id: number }} message */
export function lock(page, { id }) {
  page.unlock();
  const abort = new AbortController();
  /** @type {(() => void) | undefined} */
  let release;
  page.unlock = () => {
    page.unlock = () => {};
    if (release) leave(locks, page.name, release);
    else abort.abort(new Error("the wait for the lock is over"));
  };
  const tell = (/** @type {boolean} */ isHeld) => page.tell({ op: "lock", id, isHeld });
  const { locks } = globalThis.navigator ?? {};
  if (!isFunction(locks?.request)) return void setTimeout(() => tell(false));
  const held = () => {
    seen(locks, page.name).then(() => tell(true));
    return new Promise((resolve) => (release = () => resolve(undefined)));
  };
  const refused = (/** @type {unknown} */ thrown) => {
    if (release || abort.signal.aborted) return;
    // WebKit ends the waiting of a page that is left, which can come back.
    if (member(thrown, "name") === "AbortError") pause(20).then(ask);
    // Where locks are refused, as in a frame without an origin, the commit rule alone holds.
    else tell(false);
  };
  const ask = () => wait(locks, page.name, { signal: abort.signal }, held, refused);
  ask();
}

/** @param {any} locks @param {string} name @param {object} how @param {() => Promise<unknown>} held @param {(thrown: unknown) => void} refused */
async function wait(locks, name, how, held, refused) {
  try {
    await locks.request(name, how, held);
  } catch (thrown) {
    refused(thrown);
  }
}

/**
 * Gives the lock back. Chromium hands it to another process before that process sees what was written to localStorage under
 * it, on a busy machine long before. So a mark of what stands there is left, by the one way that keeps the order: a lock of
 * that name, for a second, which is shared: in the same millisecond several may leave the same. Whoever takes the lock looks
 * once the same stands there for it.
 * @param {any} locks @param {string} name @param {() => void} release
 */
function leave(locks, name, release) {
  wait(locks, `${name}\n${Date.now()}${head(name)}`, { mode: "shared" }, () => (release(), pause(1000)), release);
}

/** Waits until what stands there is what the newest mark says. @param {any} locks @param {string} name */
async function seen(locks, name) {
  try {
    const { held } = await locks.query();
    const marks = held.map((/** @type {any} */ lock) => lock.name).filter((/** @type {string} */ mark) => mark.startsWith(`${name}\n`));
    const newest = marks.sort().pop();
    for (let look = 0; newest && look < 100 && !newest.endsWith(head(name)); look++) await pause(10);
  } catch {}
}

/** What tells one record from another: its generation, or how it is sealed, and none of its tokens. @param {string} name */
function head(name) {
  try {
    return String(localStorage.getItem(name)).slice(0, 30);
  } catch {
    return "";
  }
}

const pause = (/** @type {number} */ ms) => new Promise((over) => setTimeout(over, ms));

/** Gives the lock back, or stops waiting for it. @param {Page} page */
export const unlock = (page) => page.unlock();
