// @ts-check
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { compare } from "./rounds.mjs";

const ROUNDS = { rounds: 11, leastRounds: 3 };
const STARTER = new URL("./starter.mjs", import.meta.url).href;
// The code that Node runs; what it prints is the answer. Node has no localStorage, and the floor needs one that is empty.
const IN_NODE = `globalThis.localStorage = { getItem: () => null };
import { start } from ${JSON.stringify(STARTER)};
console.log(JSON.stringify(await start(JSON.parse(process.argv[1]))));
process.exit();`;

/**
 * @typedef {{ name: string, form: string, url: string, options: any }} Started
 * @typedef {(what: Started) => Promise<{ ready: number, answered: number }>} Run
 */

/**
 * Each in a new context of the browser, and so in a new renderer: nothing is compiled or cached from before.
 * @param {import("playwright-core").Browser} browser @param {string} page its address
 * @returns {Run}
 */
export function inChromium(browser, page) {
  return async (what) => {
    const context = await browser.newContext();
    try {
      const tab = await context.newPage();
      await tab.goto(page);
      // The first request and the first module of a renderer cost more; this file is both.
      await tab.evaluate(() => import(/** @type {any} */ ("/benches/starter.mjs")));
      return await tab.evaluate(async (given) => {
        const { start } = await import(/** @type {any} */ ("/benches/starter.mjs"));
        await new Promise((resolve) => requestIdleCallback(resolve)); // the page itself is done
        return start(given);
      }, what);
    } finally {
      await context.close();
    }
  };
}

/** Each in a new process. @type {Run} */
export async function inNode(what) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", IN_NODE, JSON.stringify(what)]);
  return JSON.parse(stdout);
}

/**
 * Times the starts of pairs: doorkey in one of its forms, and the floor loaded in the same way.
 * @param {Run} run @param {Started[][]} pairs @param {number} budgetMs @param {(text: string) => void} say
 */
export async function measureStarts(run, pairs, budgetMs, say) {
  // The floor may be the peer of several forms, and is measured once a round.
  const all = [...new Set(pairs.flat())];
  const answered = new Map(all.map((what) => [what, /** @type {number[]} */ ([])]));
  const variants = all.map((what) => ({
    name: what.name,
    async sample() {
      const times = await run(what);
      answered.get(what)?.push(times.answered);
      return times.ready;
    },
  }));
  const onRound = (/** @type {number} */ done) => say(`starts: round ${done}`);
  const taken = await compare(variants, { ...ROUNDS, budgetMs, onRound });
  const ready = new Map(all.map((what, at) => [what, taken[at].samples]));
  const rows = (/** @type {Started[]} */ pair, /** @type {typeof ready} */ samples, /** @type {string} */ until) =>
    pair.map((what) => ({ name: `${what.name}, ${until}`, samples: samples.get(what) ?? [] }));
  return pairs.flatMap((pair) => [rows(pair, ready, "ready"), rows(pair, answered, "first status()")]);
}
