// @ts-check
// How everything here is measured, in Node and in pages: what is compared takes turns, so that other work on the machine meets
// all of it. A round is a number of such turns, its sample the median of them, and only what was in the same round is compared.

/**
 * @typedef {{ name: string, samples: number[] }} Variant  one sample a round
 * @typedef {Variant[]} Group  the first is doorkey's, the others are its peers
 */

/**
 * @param {{ name: string, sample: () => number | Promise<number> }[]} variants
 * @param {{ rounds: number, leastRounds: number, budgetMs: number, turns?: number, onRound?: (done: number) => void }} options
 *   budgetMs: after the least number of rounds, none is begun later than that
 * @returns {Promise<Group>}
 */
export async function compare(variants, { rounds, leastRounds, budgetMs, turns = 1, onRound }) {
  const begun = performance.now();
  const taken = variants.map(({ name }) => ({ name, samples: /** @type {number[]} */ ([]) }));
  for (let round = 0; round < rounds; round++) {
    if (round >= leastRounds && performance.now() - begun > budgetMs) break;
    const samples = variants.map(() => /** @type {number[]} */ ([]));
    for (let turn = 0; turn < turns; turn++) {
      for (const at of order(variants.length, round * turns + turn)) samples[at].push(await variants[at].sample());
    }
    taken.forEach((variant, at) => variant.samples.push(median(samples[at])));
    onRound?.(round + 1);
  }
  return taken;
}

/**
 * The order of a turn: every second one goes backwards, and another variant begins each time, so that none always follows
 * the same.
 * @param {number} count @param {number} turn
 */
function order(count, turn) {
  const row = Array.from({ length: count }, (_, at) => (at + (turn >> 1)) % count);
  return turn % 2 ? row.reverse() : row;
}

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
