// @ts-check
/**
 * npm run soak [-- minutes [seed [storage]]]        (DOORKEY_TARBALL=<a packed one> node tests/soak/soak.mjs)
 *
 * Random tabs, calls, flows, faults and clocks in Chromium, against a server that ends a session whose refresh token is used again. Counts what
 * must not be; ten minutes, a seed of this moment, and the storage "local", unless given. What it counted is written into docs/proof.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";

import { launchBrowser } from "../e2e/lib/browser.mjs";
import { unpackPackage } from "../e2e/lib/package.mjs";
import { Site } from "../e2e/lib/site.mjs";
import { World } from "../e2e/lib/world.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { count } from "./lib/page.mjs";
import { chanceOf, next } from "./lib/walk.mjs";

/** @typedef {import("../e2e/lib/tab.mjs").Tab} Tab */
/** @typedef {{ heap: number, wasm: number, listeners: number, timers: number }} Weight */

const ACCESS_TTL_S = 30;
const REPORT = fileURLToPath(new URL("../../docs/proof.md", import.meta.url));
/** A refresh this long after the one before, in lifetimes, is that of the next lifetime: sessions refresh before the end. */
const EARLIEST = 0.5;
/** What the browser, this file's own records and a trace that fills up may add in the first tab. */
const SPARE = { heap: 4_000_000, wasm: 4 * 65_536, listeners: 0, timers: 1 };
const TIMEOUT_S = 4;

/** DOORKEY_SOAK_STEPS=1 tells each step. */
const isTold = Boolean(process.env.DOORKEY_SOAK_STEPS);
const [given = 10, seed = Date.now() % 1_000_000, storage = "local"] = process.argv.slice(2);
const minutes = Number(given);
/** The report has a place for each storage. */
const MARKS = ["begin", "end"].map((mark) => `<!-- soak in ${storage}: ${mark} -->`);
const code = await main().catch((error) => {
  console.error(`doorkey: ${error.stack}`);
  return 1;
});
process.exit(code);

async function main() {
  console.log(`soak: ${minutes} minutes, seed ${seed}, storage "${storage}"`);
  const browser = await launchBrowser();
  const site = await Site.start(unpackPackage());
  const server = await startEmbedded({ accessTtl: ACCESS_TTL_S, refreshTtl: 3650 * 86_400 });
  const world = await World.open({ browser, server, site, accessTtl: ACCESS_TTL_S });
  await world.context.addInitScript(count);
  try {
    const found = await soak(world);
    console.log(found.text);
    write(found.text);
    return found.isGood ? 0 : 1;
  } finally {
    await browser.close();
    await Promise.all([server.stop(), site.stop()]);
  }
}

/** @param {World} world */
async function soak(world) {
  const options = { timeoutSeconds: TIMEOUT_S, storage };
  const chance = chanceOf(Number(seed));
  /** When something happened that may cost a refresh more, by the server's clock. @type {number[]} */
  const excuses = [];
  const counts = { steps: 0, calls: 0, signIns: 0, ended: 0, lost: 0, hangs: 0, traps: 0, extra: 0, unwell: 0, refreshes: 0 };
  /** @type {Record<string, number>} */
  const outcomes = {};
  /** @type {Set<Tab>} */
  const seen = new Set();
  /** @param {Tab} tab @param {string} name @param {any[]} args */
  const call = async (tab, name, ...args) => {
    counts.calls += 1;
    const asked = name === "fetch" ? tab.fetch(args[0]).then(({ status }) => String(status)) : tab.call(name, ...args);
    const outcome = await asked.catch((error) => ({ error }));
    const error = typeof outcome === "object" ? outcome.error : undefined;
    if (/hanging/.test(error?.message ?? "")) {
      counts.hangs += 1;
      console.log(`hang: ${name} ${error?.message}`);
    }
    const said = typeof outcome === "string" ? outcome : error ? codeOf(error) : "done";
    outcomes[said] = (outcomes[said] ?? 0) + 1;
    if (isTold) console.log(`  ${name}: ${said} ${error?.message?.slice(0, 200) ?? ""}`);
  };
  const walk = { world, options, chance, call, excuse: () => void excuses.push(world.serverNow()) };

  const first = await world.openTab({ options });
  await signIn(first);
  for (let round = 0; round < 20; round += 1) await call(first, "fetch", `${world.server.url}/api/me`);
  const before = await weigh(first);

  async function signIn(/** @type {Tab} */ tab) {
    counts.signIns += 1;
    for (let tries = 0; tries < 5; tries += 1) if (!(await tab.call("signin", world.user)).error) break;
    walk.excuse();
  }
  /** Whether all is well with the session: one that is gone was ended by the server or by a sign-out, or it is lost. @param {string} step */
  async function look(step) {
    for (const tab of world.tabs) seen.add(tab);
    if ((await first.status()).signedIn) return;
    if (step === "sign out") return signIn(first);
    const refreshToken = (await Promise.all(world.answers)).findLast((answer) => answer?.refresh_token)?.refresh_token;
    if (refreshToken && (await isAlive(refreshToken))) {
      counts.lost += 1;
      console.log(`lost at step ${counts.steps}: ${step}`);
    } else counts.ended += 1;
    await signIn(first);
  }

  /** What the server says of a refresh token, past the faults that still wait for requests. @param {string} refreshToken */
  async function isAlive(refreshToken) {
    for (;;) {
      const status = await Promise.race([world.redeem(refreshToken).catch(() => 0), new Promise((done) => setTimeout(done, 3000, 0))]);
      if (status === 200 || status === 400) return status === 200;
    }
  }

  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    counts.steps += 1;
    const { name, run } = next(walk);
    if (isTold) console.log(name);
    await run(/** @type {any} */ (walk));
    await look(name);
  }
  while (world.tabs.length > 1) await world.tabs.pop()?.page.close();
  // What is under way ends within its limit; then no fault is left, and no wait after one.
  await new Promise((done) => setTimeout(done, (TIMEOUT_S + 2) * 1000));
  Object.assign(counts, extraIn(await world.server.log(), excuses));
  await world.heal();
  await world.sleep(3_600_000);
  // What the server has ended last, the tab may not have heard of.
  await first.call("refreshAccessToken", { force: true });
  await look("the end");
  for (let round = 0; round < 20; round += 1) {
    const answer = await first.fetch(`${world.server.url}/api/me`).catch((error) => ({ status: error.message }));
    if (answer.status === 200) continue;
    counts.unwell += 1;
    console.log(`at the end: ${answer.status}`);
  }
  const after = await weigh(first);
  for (const tab of seen) {
    const broken = [...tab.errors, ...tab.console.map(({ text }) => text)].filter((text) => /RuntimeError|unreachable|panicked/.test(text));
    counts.traps += broken.length;
    for (const line of [...broken, ...tab.errors]) console.log(`in a page: ${line}`);
  }
  return { text: textOf(counts, outcomes, before, after), isGood: isGood(counts, before, after) };
}

/** `Tab.fetch` has the call's code in its message. @param {{ code?: string, message: string }} error */
function codeOf({ code, message }) {
  return /failed with ([A-Z_a-z-]+)/.exec(message)?.[1] ?? code ?? "other";
}

/**
 * Refreshes that followed another one within its lifetime, when nothing had happened that calls for one: a refresh that went wrong, a
 * token that the API refused, or what the walk has excused.
 * @param {import("../servers/lib.mjs").Entry[]} log @param {number[]} excused
 */
function extraIn(log, excused) {
  const tried = log.filter(({ grant }) => grant === "refresh_token");
  const given = tried.filter(({ status }) => status === 200).map(({ at }) => at);
  const failed = [...tried.filter(({ status }) => status !== 200), ...log.filter(({ status }) => status === 401)].map(({ at }) => at);
  const excuses = [...excused, ...failed];
  const lifetime = ACCESS_TTL_S * 1000;
  const isExtra = (/** @type {number} */ at, /** @type {number} */ index) => {
    const last = given[index - 1];
    return at - last < EARLIEST * lifetime && !excuses.some((excuse) => excuse >= last - lifetime && excuse <= at);
  };
  return { refreshes: given.length, extra: given.filter(isExtra).length };
}

/** @param {Tab} tab @returns {Promise<Weight>} */
async function weigh({ page }) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (/** @type {string} */ wanted) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  const { timers, wasmBytes } = await page.evaluate(() => /** @type {any} */ (globalThis).soak());
  await session.detach();
  return { heap: metric("JSHeapUsedSize"), wasm: wasmBytes, listeners: metric("JSEventListeners"), timers };
}

/** @param {any} counts @param {Weight} before @param {Weight} after */
function isGood({ lost, hangs, traps, extra, unwell }, before, after) {
  const grown = /** @type {(keyof Weight)[]} */ (Object.keys(SPARE)).filter((key) => after[key] > before[key] + SPARE[key]);
  for (const key of grown) console.log(`${key} has grown: ${before[key]}, then ${after[key]}`);
  return lost + hangs + traps + extra + unwell === 0 && grown.length === 0;
}

/** @param {any} counts @param {Record<string, number>} outcomes @param {Weight} before @param {Weight} after */
function textOf(counts, outcomes, before, after) {
  const kilo = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000)} kB`;
  const load = loadavg().map((value) => value.toFixed(1));
  const said = Object.entries(outcomes).sort((a, b) => b[1] - a[1]);
  return `Storage "${storage}", seed ${seed}, ${minutes} minutes, on ${new Date().toISOString().slice(0, 10)}, while the machine's load was ${load.join(", ")} (of 1, 5 and 15 minutes): ${counts.steps} steps,
${counts.calls} calls (${said.map(([what, times]) => `${what} ${times}`).join(", ")}), ${counts.refreshes} refreshes that the server gave, ${counts.signIns} sign-ins.

| what must not be | seen |
|---|--:|
| sessions lost that the server had not ended (it ended ${counts.ended}) | ${counts.lost} |
| refreshes above one in a lifetime, without a cause | ${counts.extra} |
| calls that had not settled after 20 s | ${counts.hangs} |
| traps of the wasm | ${counts.traps} |
| of 20 requests when all faults are over, those that fail | ${counts.unwell} |

| the first tab, open all the time | at the beginning | at the end |
|---|--:|--:|
| heap, after garbage collection | ${kilo(before.heap)} | ${kilo(after.heap)} |
| the wasm's memory | ${kilo(before.wasm)} | ${kilo(after.wasm)} |
| listeners | ${before.listeners} | ${after.listeners} |
| timers that wait | ${before.timers} | ${after.timers} |`;
}

/** @param {string} text */
function write(text) {
  const report = readFileSync(REPORT, "utf8");
  const [head, rest] = report.split(MARKS[0]);
  if (rest === undefined) throw new Error(`${MARKS[0]} is not in docs/proof.md`);
  writeFileSync(REPORT, `${head}${MARKS[0]}\n\n${text}\n${MARKS[1]}${rest.split(MARKS[1])[1]}`);
}
