// @ts-check
// The one timer of a session.

/** The longest delay that browsers keep. */
const LONGEST_MS = 2147483647;
/** The most that a device may have slept without a word before a timer is set anew. */
const NAP_MS = 2000;

/**
 * Sets the timer, or leaves it; `steady` is until when a token that was given in this turn is good.
 * @param {import("../page.js").Page} page @param {{ at?: number, now: number, steady?: number }} message
 */
export function timer(page, { at, now, steady = 0 }) {
  const { accessToken } = page.session.known;
  for (const known of [accessToken, page.permit]) if (known) Object.assign(known, { since: now, until: steady });
  // One that is set goes off for nothing then, once.
  if (at === undefined) return;
  const delay = Math.min(Math.max(at - now, 0), LONGEST_MS);
  // One that was set for no longer comes in time, however long ago that was: no clock tells, since some count the time that a
  // device sleeps, and timers do not. A tick that comes too early costs less than another timer for each call. One that was set
  // for the same moment a moment ago is late by no more than the device has slept since.
  const longest = at === page.timeoutAt ? delay + Math.min(delay / 16, NAP_MS) : delay;
  if (/** @type {number} */ (page.delay) <= longest) return;
  clearTimeout(page.timeout);
  page.delay = delay;
  page.timeoutAt = at;
  page.timeout = setTimeout(() => page.hint({ op: "tick" }), delay);
  page.stay();
}
