// @ts-check
// Ten times as much of it: sessions, values, calls under way; and a day in one page. Runs in a process of its own, with
// `--expose-gc`, whose clock is this file's: a day takes seconds. Prints what it found as JSON; times are of the processor,
// which other work on the machine does not lengthen much.
const DAY_MS = 86_400_000;
const HOUR_MS = DAY_MS / 24;
const API = "http://api.example";
const [url] = process.argv.slice(2);

const clock = makeClock();
const { createAuth } = await import(url);
const memory = () => {
  /** @type {any} */ (globalThis).gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

let names = 0;
const tokens = () => ({ access_token: `a${++names}`, refresh_token: "r", expires_in: 300 });
const options = () => ({
  name: `s${++names}`,
  storage: "memory",
  crossTab: "off",
  flows: { signin: tokens, refresh: tokens },
  attach: { origins: [API] },
});

/** @param {string} what @param {number[]} sizes @param {(size: number) => Promise<() => unknown>} prepare gives what ends it */
async function scaled(what, sizes, prepare) {
  const rows = [];
  for (const size of sizes) {
    const before = memory();
    const begun = process.cpuUsage();
    const end = await prepare(size);
    const { user, system } = process.cpuUsage(begun);
    const ms = (user + system) / 1000;
    rows.push({ size, ms, bytes: memory() - before });
    await end();
  }
  return { what, rows };
}

async function sessions(/** @type {number} */ size) {
  const all = Array.from({ length: size }, () => createAuth(options()));
  for (const auth of all) await auth.signin();
  return () => all.forEach((auth) => auth.dispose());
}

async function atOnce(/** @type {number} */ size) {
  const auth = createAuth(options());
  await Promise.all(Array.from({ length: size }, (_, at) => auth.storeValue(`k${at}`, at)));
  return () => auth.dispose();
}

async function values(/** @type {number} */ size) {
  const auth = createAuth(options());
  for (let at = 0; at < size; at++) await auth.storeValue(`k${at}`, at);
  if (auth.getValue(`k${size - 1}`) !== size - 1) throw new Error("a value is not there");
  return () => auth.dispose();
}

async function underWay(/** @type {number} */ size) {
  const auth = createAuth(options());
  await auth.signin();
  /** @type {((response: Response) => void)[]} */
  const waiting = [];
  globalThis.fetch = () => new Promise((resolve) => waiting.push(resolve));
  const calls = Array.from({ length: size }, () => auth.fetch(`${API}/me`));
  while (waiting.length < size) await new Promise((resolve) => setImmediate(resolve));
  for (const resolve of waiting) resolve(new Response("{}"));
  await Promise.all(calls);
  return () => auth.dispose();
}

/** A page that asks its API each half minute of a day, in which its token is renewed every few. */
async function day() {
  let refreshes = 0;
  const refresh = () => ++refreshes && tokens();
  const auth = createAuth({ ...options(), flows: { signin: tokens, refresh } });
  await auth.signin();
  globalThis.fetch = async () => new Response("{}");
  const seen = [];
  let calls = 0;
  for (let hour = 1; hour <= 24; hour++) {
    for (let at = 0; at < 120; at++) {
      await clock.advance(HOUR_MS / 120);
      await auth.fetch(`${API}/me`);
      await auth.storeValue("last", ++calls);
    }
    seen.push(memory());
  }
  auth.dispose();
  return { calls, refreshes, memory: seen };
}

const found = [
  await scaled("sessions of different names, signed in", [100, 1000], sessions),
  await scaled("values stored one after the other", [1000, 10_000], values),
  await scaled("values stored at once", [1000, 10_000], atOnce),
  await scaled("auth.fetch, all under way at once", [500, 5000], underWay),
];
console.log(JSON.stringify({ found, day: await day() }));
process.exit();

/** A clock that stands until it is moved: `Date.now`, and what `setTimeout` waits for. */
function makeClock() {
  let now = Date.now();
  let last = 0;
  /** @type {Map<number, { at: number, run: () => void }>} */
  const timers = new Map();
  Date.now = () => now;
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {(...given: any[]) => void} */ run, ms = 0, /** @type {any[]} */ ...given) => {
      timers.set(++last, { at: now + ms, run: () => run(...given) });
      return last;
    }
  );
  globalThis.clearTimeout = /** @type {any} */ ((/** @type {number} */ id) => timers.delete(id));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    /** @param {number} ms */
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        const [id, next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
        if (id === undefined || !next) break;
        timers.delete(id);
        now = Math.max(now, next.at);
        next.run();
        await settled();
      }
      now = end;
      await settled();
    },
  };
}
