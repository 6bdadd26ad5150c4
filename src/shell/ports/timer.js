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
  if (page.due === at && at !== undefined) return;
  clearTimeout(page.timeout);
  page.due = at;
  page.timeout = undefined;
  if (at === undefined) return;
  page.timeout = setTimeout(() => page.hint({ op: "tick" }), Math.min(Math.max(at - now, 0), LONGEST_MS));
  page.stay();
}
