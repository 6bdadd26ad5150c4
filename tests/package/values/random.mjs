// @ts-check
// Numbers that look random, and are the same for the same seed.

/** @typedef {{ next(): number, below(limit: number): number, chance(of: number): boolean, pick<T>(list: readonly T[]): T }} Random */

/** @param {number} seed @returns {Random} */
export function seeded(seed) {
  let state = (seed * 0x9e3779b9) >>> 0;
  const next = () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit);
  return { next, below, chance: (of) => below(of) === 0, pick: (list) => list[below(list.length)] };
}
