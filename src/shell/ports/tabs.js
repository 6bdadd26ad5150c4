// @ts-check
// The other tabs: words on a channel, and what they change in the storage. No word carries a token: who hears one looks at
// the storage itself.

import { member } from "../own.js";

/** Words that come in a crowd are heard once in that time: what they tell is to look, and one look sees all. */
const CROWD_MS = 20;

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../module.js").Message} Message */

/** More sessions than a page has can't have been ended. */
const MOST_ENDED = 16;

/** Says a word to the other tabs. @param {Page} page @param {{ word: string, at?: number }} message */
export const announce = (page, { word, at }) => page.channel?.postMessage(at === undefined ? word : `${word} ${at}`);

/** Begins to hear them. @param {Page} page */
export function openChannel(page) {
  try {
    const channel = new BroadcastChannel(page.name);
    const changed = crowd(page, () => page.hint({ op: "changed" }));
    const active = crowd(page, () => page.hint({ op: "active" }));
    const refreshing = crowd(page, () => page.hint({ op: "refreshing" }));
    /** @type {Set<number>} */
    const moments = new Set();
    const ended = crowd(page, () => {
      for (const at of moments) page.hint({ op: "ended", at });
      moments.clear();
    });
    channel.onmessage = ({ data }) => {
      if (data === "changed") changed();
      else if (data === "active") active();
      else if (data === "refreshing") refreshing();
      else if (typeof data === "string" && data.startsWith("ended ") && moments.size < MOST_ENDED) {
        moments.add(Number(data.slice("ended ".length)));
        ended();
      }
    };
    /** @type {any} */ (channel).unref?.();
    page.channel = channel;
    page.ends.push(() => page.mute());
  } catch {} // A frame without an origin has none.
}

/** What other tabs change in the browser's storage. @param {Page} page */
export function hearStorage(page) {
  /** @type {Set<string>} */
  const keys = new Set();
  const prefix = `${page.name}.value:`;
  const record = crowd(page, () => page.hint({ op: "changed" }));
  const values = crowd(page, () => {
    const changed = [...keys];
    keys.clear();
    // What stands there now: the event may tell of what was there before this tab's own write.
    for (const key of changed) page.store.peek?.(key, (text) => page.tell({ op: "stored", key, text }));
  });
  return (/** @type {unknown} */ event) => {
    const key = member(event, "key");
    // Without a key everything was cleared, or may be another.
    if (key === null || key === page.name) record();
    if (!page.store.peek) return; // a host's values are not there
    if (key === null) for (const known of [...page.session.view.keys(), ...stored(page)]) keys.add(known);
    else if (typeof key === "string" && key.startsWith(prefix)) keys.add(key.slice(prefix.length));
    if (keys.size) values();
  };
}

/** The keys that are there, where one may look. @param {Page} page */
function stored({ store }) {
  try {
    return store.keys?.() ?? [];
  } catch {
    return [];
  }
}

/** What is done at once, and of what comes soon after only once more. @param {Page} page @param {() => void} hear */
function crowd(page, hear) {
  let isQuiet = true;
  let again = false;
  /** @type {any} */
  let timeout;
  page.ends.push(() => clearTimeout(timeout));
  const heard = () => {
    if (!isQuiet) {
      again = true;
      return;
    }
    isQuiet = again = false;
    hear();
    timeout = setTimeout(() => {
      isQuiet = true;
      if (again) heard();
    }, CROWD_MS);
    timeout.unref?.();
  };
  return heard;
}
