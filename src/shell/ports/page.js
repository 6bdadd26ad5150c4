// @ts-check
// The page around a session: what there is of it, what happens in it, and what it is shown.

import { parsed, textOf } from "../copy.js";
import { isFunction, member, ownOrigin } from "../own.js";
import { hasStorage, rawStorage } from "./storage.js";
import { hearStorage, openChannel } from "./tabs.js";

/** @typedef {import("../page.js").Page} Page */

const HOST = ["navigateTo", "store", "run", "http", "prompt", "notify", "location", "replaceLocation", "popup"];

/** What a session must know of the place. @param {any} host */
export function facts(host) {
  const store = member(host, "store");
  return {
    hasStore: !!store && typeof store === "object",
    hasLocal: hasStorage(true),
    hasSession: hasStorage(false),
    origin: ownOrigin(),
    isVisible: !member(globalThis.document, "hidden"),
    seed: Math.random() * 2 ** 32,
    found: found(host),
  };
}

/** In words, for the trace: the members of the host, and what tabs share. @param {any} host */
function found(host) {
  const members = HOST.filter((name) => member(host, name));
  const lacking = [];
  if (!member(globalThis.navigator, "locks")) lacking.push("locks");
  // Not read: Node makes them only then, which takes longer than the rest of a start.
  for (const name of ["BroadcastChannel", "indexedDB"]) if (!(name in globalThis)) lacking.push(name);
  return `host: ${members.join(", ") || "nothing"}${lacking.length ? `; without ${lacking.join(", ")}` : ""}`;
}

/** Begins to hear of what happens. @param {Page} page @param {boolean} isShared whether other tabs have a part in the session */
export function listen(page, isShared) {
  if (!isShared) page.mute();
  else if (!page.channel) openChannel(page);
  if (page.listens) return;
  page.listens = true;
  on(page, globalThis, "pageshow", () => page.hint({ op: "woke" }));
  on(page, globalThis, "online", () => page.hint({ op: "woke" }));
  const { document } = globalThis; // the UMD form knows no bare one
  // Deno has a Window and no document, and some hosts call a worker's global `window`: those are no pages.
  if (!isFunction(member(document, "addEventListener")) || !isWindow()) return;
  on(page, document, "visibilitychange", () => page.hint({ op: "visible", isVisible: !document.hidden }));
  for (const kind of ["pointerdown", "keydown"]) on(page, globalThis, kind, () => page.hint({ op: "touched" }));
  const heard = hearStorage(page);
  on(page, globalThis, "storage", heard);
  // Only Chromium tells a page that comes back what others have stored meanwhile.
  on(page, globalThis, "pageshow", ({ persisted }) => {
    if (!persisted) return;
    heard({ key: null });
    page.tell({ op: "place", ...place(page) });
    page.tell({ op: "back" });
  });
}

function isWindow() {
  try {
    return globalThis instanceof Window;
  } catch {
    return false;
  }
}

/** @param {Page} page @param {any} target @param {string} kind @param {(event: any) => void} hear */
function on(page, target, kind, hear) {
  // Not every global can be listened to.
  if (!isFunction(member(target, "addEventListener"))) return;
  target.addEventListener(kind, hear);
  page.ends.push(() => target.removeEventListener(kind, hear));
}

/** Changes what `getValue` gives, and tells the watchers. @param {Page} page @param {{ key: string, text?: string }} message */
export function show({ session }, { key, text }) {
  // In a new life the same values come once more.
  if (session.view.get(key)?.text === text) return;
  const value = text === undefined ? undefined : parsed(text);
  if (text === undefined) session.view.delete(key);
  else session.view.set(key, { value, text });
  session.tell(`value:${key}`, value);
}

/** @param {Page} page @param {{ event: string, at: number, reason?: string }} message */
export function emit({ session }, { event: type, at, reason }) {
  session.tell(type, reason === undefined ? { type, at } : { type, at, reason });
}

/** Ends a call. @param {Page} page @param {{ call: number, value?: unknown, error?: any }} message */
export const settle = ({ session }, message) => session.settle(message);

/** Nothing goes on any more. @param {Page} page */
export const over = ({ session }) => {
  session.isOver = true;
};

/** The key under which the tab keeps a page. @param {Page} page */
const keptKey = ({ name }) => `${name}.kept:page`;

/** Keeps the page from which a guard has sent away, for as long as the tab is there. @param {Page} page @param {{ text?: string }} message */
export function keepPage(page, { text }) {
  page.kept = text;
  try {
    if (text === undefined) rawStorage(false)?.removeItem(keptKey(page));
    else rawStorage(false)?.setItem(keptKey(page), text);
  } catch {} // It is known in this page at least.
}

/** Where the page is, as the host says it or else the browser, and which page is kept. @param {Page} page */
export function place(page) {
  let kept;
  let address;
  try {
    kept = rawStorage(false)?.getItem(keptKey(page));
  } catch {}
  try {
    const { host } = page;
    address = isFunction(member(host, "location")) ? host.location() : globalThis.location?.href;
    // One that comes later is not waited for, and what it fails with is nobody's.
    if (typeof address === "object") (async () => address)().catch(() => {});
  } catch {}
  return { address: textOf(address), kept: textOf(kept) ?? page.kept };
}
