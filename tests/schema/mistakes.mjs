// @ts-check
// Documents made of valid ones by the mistakes that people make, always the same for the same seed.

const VALUES = [null, true, false, 0, 7, -1, 0.5, 401, "", "x", "POST", "{{ inputs.email }}", [], {}, ["a"], [7], { a: "b" }, { url: "/a" }];
const KEYS = ["url", "method", "json", "form", "body", "query", "request", "define", "id", "when", "name", "fields", "params", "secret", "a b", "constructor"];

/**
 * A random number generator (mulberry32): a function that gives a whole number below `limit`.
 * @param {number} seed
 */
export function random(seed) {
  let state = seed;
  return (/** @type {number} */ limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** @typedef {ReturnType<typeof random>} Random */

/** @param {any[]} documents @param {Random} below @param {number} count */
export function* mistakes(documents, below, count) {
  for (let made = 0; made < count; made += 1) {
    const holder = { document: structuredClone(pick(documents, below)) };
    for (let left = 1 + below(2); left > 0; left -= 1) spoil(holder, below);
    yield holder.document;
  }
}

/** @template T @param {T[]} items @param {Random} below */
const pick = (items, below) => items[below(items.length)];

/** Makes one change somewhere in an object. @param {any} holder @param {Random} below */
function spoil(holder, below) {
  /** @type {[any, string][]} */
  const places = [];
  const look = (/** @type {any} */ node) => {
    for (const [key, value] of Object.entries(Object(node))) {
      if (typeof node !== "object") return;
      places.push([node, key]);
      look(value);
    }
  };
  look(holder);
  const [node, key] = pick(places, below);
  const value = node[key];
  const set = (/** @type {string} */ name, /** @type {any} */ given) => {
    Object.defineProperty(node, name, { value: structuredClone(given), enumerable: true, configurable: true, writable: true });
  };
  const isMember = !Array.isArray(node) && node !== holder;
  switch (below(7)) {
    case 0: // another type
    case 1:
      return set(key, pick(VALUES, below));
    case 2: // left out
      if (isMember) delete node[key];
      else if (Array.isArray(node)) node.splice(Number(key), 1);
      return;
    case 3: // misspelt
      if (isMember) {
        delete node[key];
        set(below(2) === 0 ? key.slice(1) + key[0] : key.toUpperCase(), value);
      }
      return;
    case 4: // one too many
      if (value && typeof value === "object" && !Array.isArray(value)) value[pick(KEYS, below)] = structuredClone(pick(VALUES, below));
      return;
    case 5: // twice
      if (Array.isArray(value) && value.length > 0) value.push(structuredClone(pick(value, below)));
      return;
    default: // in a list, or out of one
      set(key, Array.isArray(value) && value.length > 0 ? value[0] : [value]);
  }
}
