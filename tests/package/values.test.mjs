// @ts-check
// Values of every kind in every place: nothing but an AuthError comes out, every call settles, and the module goes on.
//   DOORKEY_FUZZ_SECONDS=600  makes up cases for so long
//   DOORKEY_FUZZ_CASE=1234    runs that one
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import { makeProject } from "./project.mjs";
import { CASES } from "./values/cases.mjs";

const SEED = Number(process.env.DOORKEY_FUZZ_SEED ?? 1);
/** How often each place is tried. */
const ROUNDS = 8;
/** A case has a dozen calls, some of which wait for a host that never answers. */
const HUNG_MS = 60_000;
const MOST_SHOWN = 60;

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

test("whatever it is given, the package answers by its rules and goes on", async (context) => {
  const seconds = Number(process.env.DOORKEY_FUZZ_SECONDS ?? 0);
  const only = process.env.DOORKEY_FUZZ_CASE;
  const [first, last] = only ? [Number(only), Number(only) + 1] : [0, seconds ? Infinity : ROUNDS * CASES.length];
  const { tried, failures } = await run(first, last, seconds ? Date.now() + seconds * 1000 : Infinity);
  context.diagnostic(`${tried} cases of ${CASES.length} places`);
  // One line for each place and problem: with the first case that shows it, and how many do.
  const groups = new Map();
  for (const { at, where, kinds, problem } of failures) {
    const key = `${where}: ${problem}`;
    const group = groups.get(key) ?? { at, kinds, count: 0 };
    groups.set(key, { ...group, count: group.count + 1 });
  }
  const lines = [...groups].map(([key, { at, kinds, count }]) => `case ${at} (${kinds.join(", ")}), ${count} times: ${key}`);
  assert.equal(lines.length, 0, `${lines.length} kinds of failures in ${tried} cases:\n${lines.slice(0, MOST_SHOWN).join("\n")}`);
});

/**
 * Runs cases in threads, a new one after each that hangs.
 * @param {number} first @param {number} last @param {number} untilMs
 */
async function run(first, last, untilMs) {
  /** @type {{ at: number, where: string, kinds: string[], problem: string }[]} */
  const failures = [];
  let next = first;
  let tried = 0;
  while (next < last && Date.now() < untilMs) {
    const module = pathToFileURL(join(project.installed, "dist/doorkey.mjs")).href;
    const worker = new Worker(new URL("values/worker.mjs", import.meta.url), {
      workerData: { module, first: next, last, seed: SEED * 1_000_003, untilMs },
    });
    await new Promise((resolve) => {
      let current = { begun: next, where: "the start" };
      const hung = () => {
        failures.push({ at: current.begun, where: current.where, kinds: [], problem: "it hangs" });
        next = current.begun + 1;
        worker.terminate().then(resolve);
      };
      let timer = setTimeout(hung, HUNG_MS);
      worker.on("message", (message) => {
        clearTimeout(timer);
        if (message.end) return;
        if ("begun" in message) {
          current = message;
          timer = setTimeout(hung, HUNG_MS);
          return;
        }
        tried += 1;
        next = message.done + 1;
        for (const problem of message.problems) failures.push({ at: message.done, where: message.where, kinds: message.kinds, problem });
        timer = setTimeout(hung, HUNG_MS);
      });
      worker.on("error", (error) => {
        failures.push({ at: current.begun, where: current.where, kinds: [], problem: `the thread ended: ${error}` });
        next = current.begun + 1;
      });
      worker.on("exit", () => {
        clearTimeout(timer);
        // It ended without a word in the middle of a case.
        if (next === current.begun) next += 1;
        resolve(undefined);
      });
    });
  }
  return { tried, failures };
}
