// @ts-check
// What this tab keeps of a run that leaves the page, until the answer has come: the draft, which has no secret in it, and what was
// done so far, which is masked. A window of its own finds in its copy how an answer is known.

import { answersOf } from "./flow.js";
import { withoutSecrets } from "./link.js";

const KEY = "doorkey-workbench";
/** As long as doorkey's own note counts. */
const LONGEST_MS = 600_000;

/**
 * @typedef {{ text: string, from?: string, isLinked?: boolean }} Written a draft; from: the preset that it was made by; isLinked: whether
 *   it came by a link
 *
 * @typedef {Written & AwayRun} Away
 * @typedef {object} AwayRun
 * @property {string} flow which of its flows is run
 * @property {boolean} [isSeen] whether it was shown once that no answer has come
 * @property {any[]} [steps] what was done before, as it is shown
 * @property {any[]} [sent] the requests of the step that leaves
 * @property {string} [leaving] the address that it goes to, masked
 */

/** Whether a draft can be put down. @param {any} document */
export const canBeKept = (document) => withoutSecrets(document).removed === 0;

/** @param {Away} away */
export const keepAway = (away) => sessionStorage.setItem(KEY, JSON.stringify({ at: Date.now(), ...away }));

/** Keeps what was kept for an answer that may come yet; without one the page comes up with what else it has. @param {Away} away */
export const keepSeen = (away) => keepAway({ ...away, isSeen: true });

/** Keeps what a window needs that is opened now. @param {any} document */
export const keepForWindow = (document) => sessionStorage.setItem(KEY, JSON.stringify({ answer: answersOf(document), at: Date.now() }));

export function forgetAway() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {} // Then there is nothing.
}

/** What was kept, unless that was long ago. @returns {(Away & { answer?: string[] }) | undefined} */
export function keptAway() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept && Date.now() - kept.at < LONGEST_MS ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the page has come up by a link. */
export const isLink = () => location.hash.startsWith("#flow=");

/** Whether the page has come up at an address that something was added to. */
export const isAnswered = () => location.search !== "" || /^#(?!flow=)./.test(location.hash);
