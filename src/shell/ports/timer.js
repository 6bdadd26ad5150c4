// @ts-check
// The one timer of a session.

/** The longest delay that browsers keep. */
const LONGEST_MS = 2147483647;
/** A timer of so much is left where nothing comes any more: it goes off for nothing, once. */
const LEFT_MS = 60000;
/** The most that a device may have slept without a word before a timer is set anew. */
const NAP_MS = 2000;

/**
 * Sets the timer, leaves it, or stops it; `steady` is until when the token is good, whoever asks.
 * @param {import("../page.js").Page} page @param {{ at?: number, now: number, steady?: number }} message
 */
export function timer(page, { at, now, steady = 0 }) {
  const { accessToken } = page.session.known;
  for (const known of [accessToken, page.permit]) if (known) Object.assign(known, { since: now, until: steady });
  const delay = at === undefined ? Number.NaN : Math.min(Math.max(at - now, 0), LONGEST_MS);
  if (at === undefined && /** @type {number} */ (page.delay) <= LEFT_MS) return;
  // One that was set for no longer comes in time, however long ago that was: no clock tells, since some count the time that a
  // device sleeps, and timers do not. A tick that comes too early costs less than another timer for each call. One that was set
  // for the same moment a moment ago is late by no more than the device has slept since.
  const longest = at === page.timeoutAt ? delay + Math.min(delay / 16, NAP_MS) : delay;
  if (/** @type {number} */ (page.delay) <= longest) return;
  clearTimeout(page.timeout);
  page.delay = at === undefined ? undefined : delay;
  page.timeoutAt = at;
  page.timeout = undefined;
  if (at === undefined) return;
  page.timeout = setTimeout(() => page.hint({ op: "tick" }), delay);
  page.stay();
}
