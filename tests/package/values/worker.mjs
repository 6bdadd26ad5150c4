// @ts-check
// Runs cases in a thread that may be ended when one of them hangs, and says what it found.
import { parentPort, workerData } from "node:worker_threads";

import { CASES } from "./cases.mjs";
import { seeded } from "./random.mjs";

const { module, first, last, seed, untilMs } = workerData;
/** A call that takes longer has hung: nothing here waits for more than one time limit at a step of a few. */
const SETTLES_WITHIN_MS = 15_000;
const BLOCKS_FOR_MS = 3_000;
const PATIENCE_MS = 300;
/** Within which an event reaches its listeners. */
const LATER_MS = 50;

/** @type {any} */
let doorkey;
let copies = 0;
const load = async () => {
  doorkey = await import(`${module}?worker=${first}-${++copies}`);
};

/** @type {string[]} */
let problems = [];
/** What a listener throws is its owner's, who hears of it as of any event's listener. */
let isListening = false;
let hasStopped = false;
process.on("unhandledRejection", (reason) => isListening || problems.push(`an unhandled rejection: ${short(reason)}`));
process.on("uncaughtException", (error) => isListening || problems.push(`an uncaught exception: ${short(error)}`));

/** @param {unknown} thrown */
function short(thrown) {
  try {
    const { name, code, message } = /** @type {any} */ (thrown);
    return `${name} ${code ?? ""} ${message}`.slice(0, 160);
  } catch {
    return typeof thrown;
  }
}

/** @param {unknown} error */
function judged(error) {
  const { isAuthError } = doorkey;
  if (!isAuthError(error)) return `threw what is no AuthError: ${short(error)}`;
  const { code, message } = /** @type {any} */ (error);
  if (code !== "ERR_NOT_READY" || hasStopped) return "";
  hasStopped = true; // what comes after it says the same
  return `the module has stopped: ${message}`;
}

/** Calls that wait for a person, who has all the time there is; the session's end must end them. @type {Promise<any>[]} */
let waiting = [];
/** Whether calls may wait so in this case. */
let mayWait = false;

/** @param {string} label @param {() => any} call */
async function step(label, call) {
  const start = performance.now();
  let given;
  try {
    given = call();
  } catch (error) {
    const verdict = judged(error);
    if (verdict) problems.push(`${label} ${verdict}`);
    return undefined;
  }
  const blocked = performance.now() - start;
  if (blocked > BLOCKS_FOR_MS) problems.push(`${label} blocks for seconds`);
  if (!(given instanceof Promise)) return given;
  const late = Symbol("late");
  /** @type {any} */
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, mayWait ? PATIENCE_MS : SETTLES_WITHIN_MS, late);
  });
  try {
    const value = await Promise.race([given, limit]);
    if (value === late && mayWait) waiting.push(given);
    else if (value === late) problems.push(`${label} does not settle`);
    return value === late ? undefined : value;
  } catch (error) {
    const verdict = judged(error);
    if (verdict) problems.push(`${label} ${verdict}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** What must work whatever came before. @param {string} name */
async function good(name) {
  await doorkey.ready;
  const auth = doorkey.createAuth({ name: `good ${name}`, storage: "memory", flows: { signin: () => ({ access_token: "a" }) } });
  await auth.signin("ada@example.org", "secret");
  await auth.storeValue("theme", "dark");
  const seen = [await auth.accessToken(), auth.getValue("theme"), auth.status().signedIn];
  auth.dispose();
  if (seen.join() !== "a,dark,true") throw new Error(`it gives ${seen}`);
}

await load();
for (let at = first; at < last && Date.now() < untilMs; at += 1) {
  const random = seeded(seed + at);
  const [where, run] = CASES[at % CASES.length];
  problems = [];
  hasStopped = false;
  isListening = /listener|argument 1 of (on|watch)/.test(where);
  mayWait = /prompt/.test(where);
  waiting = [];
  parentPort?.postMessage({ begun: at, where });
  /** @type {string[]} */
  const kinds = [];
  try {
    await run({ doorkey, random, name: `case ${at}`, kinds, step });
  } catch (error) {
    if (!hasStopped) problems.push(`the case ended: ${short(error)}`);
  }
  mayWait = false;
  for (const [at, call] of waiting.entries()) await step(`what waited for a person, ${at},`, () => call);
  // What is thrown in a later task is seen.
  await new Promise((resolve) => (isListening ? setTimeout(resolve, LATER_MS) : setImmediate(resolve)));
  try {
    await good(String(at));
  } catch (error) {
    if (!hasStopped) problems.push(`a good session no longer works: ${short(error)}`);
    await load();
  }
  parentPort?.postMessage({ done: at, where, kinds, problems });
}
parentPort?.postMessage({ end: true });
process.exit();
