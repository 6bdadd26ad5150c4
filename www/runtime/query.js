// @ts-check
// A query as app builders have it: run() and, to bind widgets to, data, error and isLoading.

import { changed } from "./bindings.js";

/** @type {Set<{ reset(): void }>} */
const all = new Set();

/**
 * @template T
 * @param {() => Promise<T>} send
 */
export function query(send) {
  let latest = 0;
  const self = {
    /** @type {T | undefined} */ data: undefined,
    /** @type {Error | undefined} */ error: undefined,
    isLoading: false,

    /** Runs the query; a failure is bound, not thrown. An answer that a later run or a reset has overtaken is dropped. */
    async run() {
      const turn = ++latest;
      self.isLoading = true;
      changed();
      let data, error;
      try {
        data = await send();
      } catch (thrown) {
        error = thrown instanceof Error ? thrown : new Error(String(thrown));
      }
      if (turn !== latest) return;
      // What was there before a failure is shown no longer: it may be another user's by now.
      Object.assign(self, { data, error, isLoading: false });
      changed();
    },

    reset() {
      latest += 1;
      Object.assign(self, { data: undefined, error: undefined, isLoading: false });
      changed();
    },
  };
  all.add(self);
  return self;
}

/** Forgets what every query has brought. */
export function resetQueries() {
  for (const one of all) one.reset();
}
