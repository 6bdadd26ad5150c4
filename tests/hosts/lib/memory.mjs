// The browser's storage, for adapters by themselves in Node.

export function useStorage() {
  const values = new Map();
  globalThis.localStorage = /** @type {Storage} */ ({
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, String(value)),
    removeItem: (key) => void values.delete(key),
  });
}
