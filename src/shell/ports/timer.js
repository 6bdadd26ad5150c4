// @ts-check
// The one timer of a session.

/** The longest delay that browsers keep. */
const LONGEST_MS = 2147483647;

/**
 * Sets the timer, or stops it; `steady` is until when a token that was given in this turn is good.
 * @param {import("../page.js").Page} page @param {{ at?: number, now: number, steady?: number }} message
 */
export function timer(page, { at, now, steady = 0 }) {
  const { accessToken } = page.session.known;
  if (accessToken) Object.assign(accessToken, { since: now, until: steady });
  const delay = at === undefined ? Number.NaN : Math.min(Math.max(at - now, 0), LONGEST_MS);
  const due = clock() + delay;
  // A tick that comes too early costs less than another timer for each call; both clocks count in whole milliseconds, or nearly.
  if (/** @type {number} */ (page.due) <= due + 1) return;
  clearTimeout(page.timeout);
  page.due = due;
  page.timeout = undefined;
  if (at === undefined) return;
  page.timeout = setTimeout(() => page.hint({ op: "tick" }), delay);
  page.stay();
}

/** What timers go by, and nobody can put back; nothing is before or after it where it is not there. */
function clock() {
  try {
    return performance.now();
  } catch {
    return Number.NaN;
  }
}
