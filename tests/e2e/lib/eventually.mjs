// @ts-check
/** Waiting, in the test's own process, for what comes in its time. */

/** Far above what a slow machine needs: it is there for what never comes. */
const NEVER_AFTER_MS = 20_000;

/**
 * Asks again and again until the answer is true, and gives it.
 * @template T
 * @param {() => Promise<T> | T} look @param {string | (() => string)} never what is wrong if it never is
 * @returns {Promise<T>}
 */
export async function eventually(look, never) {
  for (const deadline = Date.now() + NEVER_AFTER_MS; ; ) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(typeof never === "string" ? never : never());
    await new Promise((done) => setTimeout(done, 25));
  }
}
