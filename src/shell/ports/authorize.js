// @ts-check
// Sign-in by redirect: what nobody can guess, what is kept while the page is away, the way out, and the way back.

import { isA, isFunction, member, ownOrigin } from "../own.js";
import { Refusal } from "../refusal.js";
import { called } from "./host.js";
import { keptOf } from "./kept.js";
import { hashed, unguessable } from "./random.js";
import { shared } from "./records.js";
import { hasStorage, rawStorage } from "./storage.js";

/** @typedef {import("../page.js").Page} Page */

/** A page that is still there after this time was not left. */
const LEFT_MS = 10000;
/** How often a window is looked at, how long it must be closed, and how long one is waited for. */
const LOOK_MS = 500;
const CLOSED_MS = 3000;
const POPUP_MS = 300000;
/** Browsers take a longer timer for none. */
const LONGEST_MS = 2 ** 31 - 1;

/** What nobody can guess, new for each sign-in. */
async function secrets() {
  let found;
  try {
    found = { verifier: unguessable(), state: unguessable(), nonce: unguessable() };
  } catch {
    throw { code: "ERR_NOT_READY", message: "this browser has no source of secrets here: use an https address" };
  }
  try {
    return { ...found, challenge: await hashed(found.verifier) };
  } catch {
    return found; // A page of http has no SHA-256, which not every sign-in needs.
  }
}

/** @param {Page} page @param {{ id: number }} message */
export const prepare = (page, { id }) =>
  page.answerLater("prepare", id, async () => {
    return {
      ...(await secrets()),
      address: (await address(page)) ?? "",
      kept: await listed(page),
    };
  });

/** What is kept; where nothing can be, leaving fails, and says so. @param {Page} page */
async function listed(page) {
  try {
    return await keptOf(page).list();
  } catch {
    return [];
  }
}

/**
 * Opens the window in which a sign-in will go on, while the browser still knows of the user's click. It is blank until there is
 * somewhere to go. @param {Page} page
 */
export function openPopup(page) {
  page.popup = popupOf(page.host, "about:blank");
}

/**
 * Where a host has no windows, does not say in time, or the browser blocks them, there is none. @param {any} host @param {string} url
 */
async function popupOf(host, url) {
  try {
    return await Promise.race([called(host, "popup", url), new Promise((resolve) => setTimeout(resolve, LEFT_MS))]);
  } catch {}
}

/**
 * Keeps what is to be kept, and leaves. Who waits hears only where that fails, or where nothing came of it.
 * @param {Page} page @param {{ id: number, key: string, text: string, url: string, outdated: string[], isPopup: boolean }} message
 */
export const leave = (page, { id, key, text, url, outdated, isPopup }) =>
  page.answerLater("leave", id, async () => {
    const kept = keptOf(page);
    if (isPopup && (await page.popup)) {
      for (const old of outdated) page.held.delete(old);
      page.held.set(key, text);
      // The window that was opened has a name, under which the host finds it again.
      page.popup = popupOf(page.host, url);
      const popup = await page.popup;
      if (popup) {
        hearAnswers(page);
        await given(page, popup);
        throw { code: "ERR_CANCELLED", message: "the window was closed" };
      }
      page.held.delete(key);
    }
    try {
      await inTime(page, async () => {
        for (const old of outdated) await kept.remove(old);
        await kept.set(key, text);
      });
    } catch (thrown) {
      if (isA(thrown, Refusal)) throw thrown;
      throw { code: "ERR_STORAGE_DENIED", message: "nothing can be kept here while the user is away: open the page in a tab of its own" };
    }
    // A host may take for ever to say that it has left.
    const still = stillThere(page);
    const left = (async () => called(page.host, "navigateTo", url, undefined, "SAME_WINDOW"))();
    await Promise.race([still, left.then(() => still)]);
    throw { code: "ERR_CANCELLED", message: "the page was left, and is there again" };
  });

/** Waits until it is clear that the user has given up. That a window says it is closed is a hint: some say so while they live. @param {Page} page @param {any} opened */
const given = (page, opened) =>
  new Promise((resolve) => {
    const { popup } = page;
    const since = Date.now();
    let closed = 0;
    const look = setInterval(async () => {
      if (Date.now() - since > POPUP_MS || page.popup !== popup) return end();
      const isClosed = (await closedOf(opened)) && globalThis.document?.hasFocus() !== false;
      closed = isClosed ? closed + 1 : 0;
      if (closed * LOOK_MS > CLOSED_MS) end();
    }, LOOK_MS);
    const end = () => {
      clearInterval(look);
      resolve(undefined);
    };
    page.ends.push(() => clearInterval(look));
  });

/** @param {any} popup */
async function closedOf(popup) {
  try {
    return await popup.closed();
  } catch {
    return true;
  }
}

/**
 * Waits no longer for a host than the options say: rejects with a Refusal then.
 * @template T @param {Page} page @param {() => T | Promise<T>} work @returns {Promise<T>}
 */
const inTime = ({ limitMs }, work) =>
  new Promise((resolve, reject) => {
    const late = () => reject(new Refusal("ERR_TIMEOUT", "the host did not answer in time", { retryable: true }));
    const timeout = setTimeout(late, Math.min(limitMs, LONGEST_MS));
    (async () => work())()
      .then(resolve, reject)
      .finally(() => clearTimeout(timeout));
  });

/** Waits until it is clear that the page is still there, or there again. @param {Page} page */
const stillThere = (page) =>
  new Promise((resolve) => {
    const again = (/** @type {any} */ event) => event.persisted && resolve(undefined);
    globalThis.addEventListener?.("pageshow", again);
    const timeout = setTimeout(resolve, LEFT_MS);
    page.ends.push(() => {
      clearTimeout(timeout);
      globalThis.removeEventListener?.("pageshow", again);
    });
  });

/**
 * Hands the address of this page to the one that has begun: by the channel, and to the opener, since one of them may be cut.
 * Where that takes it, this window has done its work. @param {Page} page @param {{ id: number, address: string }} message
 */
export const handOver = (page, { id, address }) =>
  page.answerLater("handOver", id, async () => {
    const origin = ownOrigin();
    const word = { doorkey: page.name, answer: address };
    await new Promise((resolve) => {
      const channel = channelOf(page);
      const hear = (/** @type {any} */ data) => data?.doorkey === page.name && data.taken === address && resolve(undefined);
      if (channel) channel.onmessage = ({ data }) => hear(data);
      const heard = (/** @type {MessageEvent} */ event) => event.origin === origin && event.source === opener && hear(event.data);
      addEventListener("message", heard);
      channel?.postMessage(word);
      opener?.postMessage(word, "/");
    });
    close();
    return {};
  });

/** Where there is none, windows have each other. @param {Page} page */
function channelOf(page) {
  try {
    const channel = new BroadcastChannel(`${page.name}.signin:`);
    page.ends.push(() => channel.close());
    return channel;
  } catch {}
}

/** Begins to hear of answers that come to windows of their own. @param {Page} page */
function hearAnswers(page) {
  if (page.hearsAnswers || !globalThis.document) return;
  page.hearsAnswers = true;
  const origin = ownOrigin();
  /** @param {any} data @param {(word: object) => void} reply */
  const hear = async (data, reply) => {
    if (data?.doorkey !== page.name || typeof data.answer !== "string") return;
    const before = (await keptOf(page).list()).length;
    const found = await arrival(page, data.answer);
    page.arrivedAt = undefined; // a window has, and not this page
    if (found && "kept" in found) page.tell({ op: "arrived", ...found });
    if ((await keptOf(page).list()).length < before) reply({ doorkey: page.name, taken: data.answer });
  };
  const channel = channelOf(page);
  if (channel) channel.onmessage = ({ data }) => hear(data, (word) => channel.postMessage(word));
  const heard = (/** @type {MessageEvent} */ event) =>
    event.origin === origin &&
    member(event.source, "opener") === globalThis &&
    hear(event.data, (word) => /** @type {Window} */ (event.source)?.postMessage(word, "/"));
  addEventListener("message", heard);
  page.ends.push(() => removeEventListener("message", heard));
}

const METADATA = ".kept:metadata";

/** The metadata that is kept. @param {Page} page @param {{ id: number }} message */
export const recall = (page, { id }) =>
  page.answerLater("recall", id, async () => ({
    value: hasStorage(true) ? (rawStorage(true).getItem(page.name + METADATA) ?? undefined) : await shared(page.name + METADATA),
  }));

/** Keeps metadata where other tabs find it. @param {Page} page @param {{ text: string }} message */
export const remember = (page, { text }) =>
  void ignored(async () => {
    const key = page.name + METADATA;
    if (hasStorage(true)) rawStorage(true).setItem(key, text);
    else await shared(key, await shared(key), text);
  });

/** Keeps no longer what has been answered. @param {Page} page @param {{ key: string }} message */
export const takeOut = (page, { key }) => void ignored(() => keptOf(page).remove(key));

/** Takes the answer out of the page's address. @param {Page} page @param {{ url: string }} message */
export function replaceLocation(page, { url }) {
  void ignored(() => {
    if (page.arrivedAt === undefined) return;
    if (isFunction(member(page.host, "replaceLocation"))) return called(page.host, "replaceLocation", url);
    if (globalThis.document && location.href === page.arrivedAt) history.replaceState(history.state, "", url);
  });
}

/**
 * The address at which the page has come up, and what is kept that it may be the answer to; nothing where it can be none. At
 * once where it can be: whatever looks at the address next shall find it clean.
 * @param {Page} page @param {unknown} [given] the address, where the caller knows it
 * @returns {Arrival | undefined | Promise<Arrival | Refusal | undefined>} a Refusal where what is kept can't be looked at in time
 */
export function arrival(page, given) {
  try {
    const at = typeof given === "string" ? given : address(page);
    if (!at) return; // Where there is no address, nothing is looked up.
    if (typeof at === "object") return late(page, at);
    const kept = keptOf(page).list(at);
    return Array.isArray(kept) ? arrived(page, at, kept) : late(page, at, kept);
  } catch {} // What can't be looked at is no answer.
}

/** @param {Page} page @param {any} at @param {any} [kept] */
async function late(page, at, kept) {
  let found = at;
  try {
    // A host that never says where it is holds up nobody for good.
    if (!kept) found = await inTime(page, () => at);
  } catch {
    return;
  }
  try {
    return arrived(page, found, await inTime(page, () => kept ?? keptOf(page).list(found)));
  } catch (thrown) {
    return isA(thrown, Refusal) ? thrown : undefined;
  }
}

/** @typedef {{ address: string, kept: string[] }} Arrival */

/** @param {Page} page @param {unknown} at @param {string[]} kept @returns {Arrival | undefined} */
function arrived(page, at, kept) {
  // Without anything kept it can only be another page's, which may have opened this window.
  if (typeof at !== "string" || !(kept.length || /[?#]/.test(at))) return;
  page.arrivedAt = at;
  return { address: at, kept };
}

/** The page's address, its query with it; a promise where the host takes its time. @param {Page} page @returns {any} */
function address({ host }) {
  const given = isFunction(member(host, "location")) ? called(host, "location") : undefined;
  // The address of a worker is that of its script.
  return given || (globalThis.document ? location.href : undefined);
}

/** @param {() => unknown} work */
async function ignored(work) {
  try {
    await work();
  } catch {}
}
