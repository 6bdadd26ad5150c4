// @ts-check

/**
 * A store whose reads show a write late, or never in the same run: what was written counts until the host shows it, or
 * something that it showed neither before nor in between. What can't be read is what it was.
 * @param {(key: string) => unknown} read
 */
export function laggingStore(read) {
  /** What is known of each key, and what the host may still show instead. @type {Map<string, { value: unknown, stale: string[] }>} */
  const known = new Map();
  const text = (/** @type {unknown} */ value) => JSON.stringify(value) ?? "";
  return {
    get(/** @type {string} */ key) {
      const last = known.get(key);
      let value;
      try {
        value = read(key);
      } catch (thrown) {
        if (last) return last.value;
        throw thrown;
      }
      if (last?.stale.includes(text(value))) return last.value;
      known.set(key, { value, stale: [] });
      return value;
    },
    wrote(/** @type {string} */ key, /** @type {unknown} */ value) {
      const { value: before, stale } = known.get(key) ?? { value: read(key), stale: [] };
      known.set(key, { value, stale: [...stale, text(before), text(read(key))].filter((each) => each !== text(value)) });
    },
    known: () => Object.fromEntries([...known].map(([key, { value }]) => [key, value])),
  };
}
