// @ts-check
// What this tab keeps of a run that leaves the page, until the answer has come: the draft, which has no secret in it, and what was
// done so far, which is masked. A window of its own finds in its copy how an answer is known.

import { answersOf } from "./flow.js";
import { withoutSecrets } from "./link.js";

const KEY = "doorkey-workbench";
/** As long as doorkey's own note counts. */
const LONGEST_MS = 600_000;

/**
 * @typedef {object} Away
 * @property {string} text the draft
 * @property {string} flow which of its flows is run
 * @property {string} [from] the preset that it was made by
 * @property {any[]} [steps] what was done before, as it is shown
 * @property {any[]} [sent] the requests of the step that leaves
 * @property {string} [leaving] the address that it goes to, masked
 */

/** Whether a draft can be put down. @param {any} document */
export const canBeKept = (document) => withoutSecrets(document).removed === 0;

/** @param {Away} away */
export const keepAway = (away) => sessionStorage.setItem(KEY, JSON.stringify({ ...away, at: Date.now() }));

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

/** Whether the page has come up at an address that something was added to. */
export const isAnswered = () => location.search !== "" || /^#(?!flow=)./.test(location.hash);
