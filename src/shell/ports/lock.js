// @ts-check
// The Web Lock that holds tabs apart.

import { isFunction } from "../own.js";

/**
 * Chromium hands a lock to another process before that process sees what was written to localStorage under it. So the
 * lock is kept a little longer than it is needed, and whoever had to wait for it looks a little later.
 */
const HANDOVER_MS = 50;

/** @typedef {import("../page.js").Page} Page */

/** Takes the lock, or waits for it; without locks, which Rust is incoming, the commit rule alone holds. @param {Page} page @param {{ id: number }} message */
export function lock(page, { id }) {
  page.unlock();
  const abort = new AbortController();
  /** @type {(() => void) | undefined} */
  let release;
  page.unlock = () => {
    page.unlock = () => {};
    if (release) setTimeout(release, HANDOVER_MS);
    else abort.abort(new Error("the wait for the lock is over"));
  };
  const tell = (/** @type {boolean} */ isHeld) => page.tell({ op: "lock", id, isHeld });
  const { locks } = globalThis.navigator ?? {};
  if (!isFunction(locks?.request)) return void setTimeout(() => tell(false));
  const asked = Date.now();
  const held = () => {
    const end = new Promise((resolve) => (release = () => resolve(undefined)));
    if (Date.now() - asked > HANDOVER_MS / 2) setTimeout(() => tell(true), HANDOVER_MS);
    else tell(true);
    return end;
  };
  // Where locks are refused, as in a frame without an origin, the commit rule alone holds.
  wait(locks, page.name, abort.signal, held, () => void (release || abort.signal.aborted || tell(false)));
}

/** @param {any} locks @param {string} name @param {AbortSignal} signal @param {() => Promise<unknown>} held @param {() => void} refused */
async function wait(locks, name, signal, held, refused) {
  try {
    await locks.request(name, { signal }, held);
  } catch {
    refused();
  }
}

/** Gives the lock back, or stops waiting for it. @param {Page} page */
export const unlock = (page) => page.unlock();
