// @ts-check
// Calls that touch no network, in nanoseconds; runs in a page and in Node. Every variant is called through the same loop, which
// can't be inlined into it, so what an empty function costs there is in every figure.
import { statusOf } from "./floor.js";
import { compare } from "./rounds.mjs";

const ROUNDS = { rounds: 15, leastRounds: 5, turns: 9, budgetMs: 2_000 };
const BATCH_MS = 1; // short, so that most batches are done before the machine gives its core to somebody else
const KEYS = ["theme", "language", "density", "currency"];

/**
 * @param {{ auth: any, before?: any, floor?: any }} sessions  all signed in; without a floor there is no localStorage to compare with
 * @returns {Promise<import("./rounds.mjs").Group[]>}
 */
export async function measureCalls({ auth, before, floor }) {
  const query = { run: async () => 1 };
  const values = new Map(KEYS.map((key) => [key, `the ${key} that was chosen`]));
  for (const [key, value] of values) {
    await auth.storeValue(key, value);
    await before?.storeValue(key, value);
    if (floor) localStorage.setItem(`bench.${key}`, JSON.stringify(value));
  }
  const own = auth.status();
  const session = { accessToken: await auth.accessToken(), refreshToken: "in memory", expiresAt: own.expiresAt };
  const key = (/** @type {number} */ at) => KEYS[at & 3];
  const parsed = (/** @type {string} */ name) => JSON.parse(localStorage.getItem(name) ?? "");

  /** @type {[Timer, ([string, Call, unknown] | undefined)[]][]} */
  const groups = [
    [
      timed,
      [
        ["getValue(key)", (at) => auth.getValue(key(at)), values.get(key(1))],
        before && ["the package before", (at) => before.getValue(key(at)), values.get(key(1))],
        ["map.get(key)", (at) => values.get(key(at)), values.get(key(1))],
        floor && ["JSON.parse(localStorage.getItem(key))", (at) => parsed(`bench.${key(at)}`), values.get(key(1))],
      ],
    ],
    [
      timed,
      [
        ["status()", () => auth.status().signedIn, true],
        before && ["the package before", () => before.status().signedIn, true],
        ["the same object made of a parsed one", () => statusOf(session, Date.now()).signedIn, true],
        floor && ["the floor's: JSON.parse(localStorage.getItem(key))", () => floor.status().signedIn, true],
      ],
    ],
    [
      timedAsync,
      [
        ["await accessToken()", () => auth.accessToken(), session.accessToken],
        before && ["the package before", () => before.accessToken(), await before.accessToken()],
        [
          "await an async function that checks the expiry",
          async () => {
            if (session.expiresAt < Date.now() + 60_000) throw new Error("the token is past its time");
            return session.accessToken;
          },
          session.accessToken,
        ],
        floor && ["await the floor's: JSON.parse(localStorage.getItem(key))", () => floor.accessToken(), await floor.accessToken()],
      ],
    ],
    [
      timedAsync,
      [
        ["await run(query)", () => auth.run(query), 1],
        before && ["the package before", () => before.run(query), 1],
        ["await the query", () => query.run(), 1],
      ],
    ],
    [
      timedAsync,
      [
        ['await guard("protected")', () => auth.guard("protected"), true],
        before && ["the package before", () => before.guard("protected"), true],
      ],
    ],
    [timed, [["an empty function", (at) => at, 1]]],
  ];
  const taken = [];
  for (const [timer, given] of groups) taken.push(await compare(await prepare(timer, given), ROUNDS));
  return taken;
}

/**
 * @typedef {(at: number) => any} Call
 * @typedef {(call: Call, count: number) => number | Promise<number>} Timer  gives milliseconds
 */

/**
 * Variants that take about BATCH_MS a sample, after it is made sure that each gives what it should.
 * @param {Timer} timer @param {([string, Call, unknown] | undefined)[]} given
 */
async function prepare(timer, given) {
  const variants = [];
  for (const [name, call, expected] of /** @type {[string, Call, unknown][]} */ (given.filter(Boolean))) {
    const answer = await call(1);
    if (answer !== expected) throw new Error(`${name} gives something else than it should`);
    let count = 10;
    // Also warms it up. The quickest of three, or a pause that the machine makes would pass for a full batch.
    const quickest = async () => Math.min(await timer(call, count), await timer(call, count), await timer(call, count));
    while ((await quickest()) < BATCH_MS) count *= 2;
    variants.push({ name, sample: async () => ((await timer(call, count)) * 1e6) / count });
  }
  return variants;
}

/** What calls give, so that no call can be left out as useless. @type {unknown} */
export let last;

/** @type {Timer} */
function timed(call, count) {
  const begun = performance.now();
  for (let at = 0; at < count; at++) last = call(at);
  return performance.now() - begun;
}

/** @type {Timer} */
async function timedAsync(call, count) {
  const begun = performance.now();
  for (let at = 0; at < count; at++) last = await call(at);
  return performance.now() - begun;
}
