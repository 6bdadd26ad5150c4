// @ts-check
/**
 * node benches/run.mjs [sizes] [start] [calls] [fetch] [flows] [scale] [tabs]     (npm run bench packs first; DOORKEY_TARBALL names a packed one)
 *
 * DOORKEY_BEFORE=<a tarball> measures that package beside this one. A run of all writes its tables into docs/performance.md.
 *
 * Prints what doorkey costs, each figure beside plain JavaScript measured in the same run: by hand-written lines in the same
 * place, or by floor.js, the least that a session can be. Takes about four minutes, and one more when core is to be built.
 *
 * How to read it. A line at the margin is doorkey's; the indented ones under it are its peers. "doorkey is 3.0 x" says that
 * doorkey takes 3 times what this peer takes: the median of the rounds' ratios, with the least and the most beside it. Trust
 * the ratios: doorkey and its peers take turns within a round, so other work on the machine slows down all of them, while the
 * times are those of this machine at this moment. A ratio whose min-max is wide or spans 1 says little.
 *
 * sizes  files as they are in the package, and minified as an app's bundler sends them
 * start  from asking for the module until it is `ready`, and until the first `status()` after `createAuth`. Each start has a
 *        renderer (in Node: a process) of its own, without any cache; files come from this machine, uncompressed, so the time
 *        is that of compiling and starting. What the network adds follows from the sizes.
 * calls  calls without network, in a signed-in session with a good token
 * flows  a flow of ten `define` and `script` steps: taken in and run, by the wasm in a page and in Node, and by core natively
 * scale  ten times as much of it, and a day in one page: in Node, by the processor's time
 * tabs   10 and 100 tabs of one session in Chromium: a refresh that all get, and one that all ask for
 * fetch  `auth.fetch` beside `fetch` with the same header, on warm connections to the embedded auth server's protected API
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { unpackPackage } from "../tests/e2e/lib/package.mjs";
import { launch, serve } from "../tests/package/browser.mjs";
import { startEmbedded } from "../tests/servers/lib.mjs";
import { CLIENT_ID } from "../tests/servers/options.mjs";
import { measureCalls } from "./calls.mjs";
import { measureFlows } from "./flows.mjs";
import { startNative } from "./native.mjs";
import { measureRequests } from "./requests.mjs";
import { median } from "./rounds.mjs";
import { bundleFloor, measureSizes } from "./sizes.mjs";
import { inChromium, inNode, measureStarts } from "./start.mjs";
import { comparison, crowds, scales, sizes } from "./table.mjs";
import { measureTabs } from "./tabs.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SECTIONS = ["sizes", "start", "calls", "fetch", "flows", "scale", "tabs"];
const REPORT = join(HERE, "../docs/performance.md");
/** What stands between these lines of the report is this file's. */
const MARKS = ["<!-- measured: npm run bench -->", "<!-- end of what was measured -->"];
const START_BUDGET_MS = { chromium: 24_000, node: 6_000 };
const FLOOR = join(HERE, "floor.js");

const BEGUN = performance.now();
/** @type {string[]} */
const printed = [];
const HEADERS = {
  "cache-control": "no-store",
  // An isolated page has a clock of 5 us instead of 100 us.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * @typedef {{ module: string, script: string }} Floor
 * @typedef {{ dist: string, before?: string, floor: Floor, site: { url: string }, browser: import("playwright-core").Browser,
 *   server: Awaited<ReturnType<typeof startEmbedded>> }} World
 */

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`doorkey: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}

/** @param {string[]} wanted */
async function main(wanted) {
  const unknown = wanted.find((name) => !SECTIONS.includes(name));
  if (unknown) throw new Error(`there is no section "${unknown}": choose from ${SECTIONS.join(", ")}`);
  const wants = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
  const dist = join(unpackPackage(), "dist");
  const { DOORKEY_BEFORE } = process.env;
  const before = DOORKEY_BEFORE && join(unpackPackage(DOORKEY_BEFORE), "dist");
  const floor = { module: bundleFloor(FLOOR, "esm"), script: bundleFloor(FLOOR, "iife") };
  if (wants("sizes")) print(sizes("Sizes, bytes", measureSizes(dist, floor.module)));

  if (wants("scale")) await scale(dist);
  if (!["start", "calls", "fetch", "flows", "tabs"].some(wants)) return;

  say("starting Chromium and the auth server");
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  try {
    const site = await serve(filesOf(dist, floor, before), HEADERS);
    stops.push(site.stop);
    const browser = await launch();
    stops.push(() => browser.close());
    const server = await startEmbedded({ accessTtl: 3600, refreshTtl: 7200, control: false });
    stops.push(server.stop);
    const world = { dist, before, floor, site, browser, server };
    if (wants("tabs")) await tabs(world);
    if (wants("start")) await starts(world);
    if (wants("flows")) await flows(world);
    if (wants("calls") || wants("fetch")) await inSession(world, { calls: wants("calls"), requests: wants("fetch") });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
  say("done");
  if (wanted.length === 0) report();
}

/**
 * What the pages load.
 * @param {string} dist @param {Floor} floor @param {string} [before]
 */
function filesOf(dist, floor, before) {
  /** @type {Record<string, string | Uint8Array>} */
  const files = { "/": "<!doctype html><title>doorkey benchmarks</title>", "/floor.mjs": floor.module, "/floor-script.js": floor.script };
  for (const name of ["doorkey.mjs", "doorkey.slim.mjs", "doorkey.wasm", "doorkey.umd.min.js"]) {
    files[`/dist/${name}`] = readFileSync(join(dist, name));
    if (before) files[`/before/${name}`] = readFileSync(join(before, name));
  }
  for (const name of ["starter.mjs", "rounds.mjs", "calls.mjs", "requests.mjs", "flows.mjs", "floor.js"]) {
    files[`/benches/${name}`] = readFileSync(join(HERE, name));
  }
  return files;
}

/** @param {World} world */
async function tabs({ site, browser, server }) {
  const given = { site: site.url, api: `${server.url}/api/me`, token: `${server.url}/token`, user: server.user };
  const found = [];
  for (const size of [10, 100]) {
    say(`Chromium, ${size} tabs`);
    found.push(await measureTabs(browser, { ...given, options: doorkeyOptions(server, "local") }, size));
  }
  print(crowds(`Tabs of one session, Chromium ${browser.version()}`, found));
}

/** @param {World} world */
async function starts({ dist, before, floor, site, browser, server }) {
  const doorkey = (/** @type {string} */ name, /** @type {string} */ form, /** @type {string} */ url, storage = "local") => ({
    ...{ name, form, url },
    options: doorkeyOptions(server, storage),
  });
  const peer = (/** @type {string} */ name, /** @type {string} */ form, /** @type {string} */ url) => ({
    ...{ name, form, url },
    options: floorOptions(server),
  });

  const again = (/** @type {any} */ what, /** @type {(url: string) => string} */ place) =>
    before ? [{ ...what, name: "the package before", url: place(what.url) }] : [];
  /** @param {any} own @param {any} floor @param {(url: string) => string} place */
  const group = (own, floor, place = (url) => url.replace("/dist/", "/before/")) => [own, floor, ...again(own, place)];
  const module = peer("the floor, import", "module", "/floor.mjs");
  const inPages = await measureStarts(
    inChromium(browser, site.url),
    [
      group(doorkey("doorkey.mjs, import", "module", "/dist/doorkey.mjs"), module),
      group(doorkey("doorkey.slim.mjs, import and init()", "slim", "/dist/doorkey.slim.mjs"), module),
      group(
        doorkey("doorkey.umd.min.js, <script>", "script", "/dist/doorkey.umd.min.js"),
        peer("the floor, <script>", "script", "/floor-script.js"),
      ),
    ],
    START_BUDGET_MS.chromium,
    (text) => say(`Chromium, ${text}`),
  );
  print(comparison(`Start, Chromium ${browser.version()}`, "ms", inPages));

  const urlOf = (/** @type {string} */ name) => pathToFileURL(join(dist, name)).href;
  writeFileSync(join(dist, "floor.mjs"), floor.module);
  const file = peer("the floor, import", "module", urlOf("floor.mjs"));
  const earlier = (/** @type {string} */ url) => url.replace(pathToFileURL(dist).href, pathToFileURL(before ?? dist).href);
  const inProcesses = await measureStarts(
    inNode,
    [
      group(doorkey("doorkey.mjs, import", "module", urlOf("doorkey.mjs"), "memory"), file, earlier),
      group(doorkey("doorkey.slim.mjs, import and init()", "slim", urlOf("doorkey.slim.mjs"), "memory"), file, earlier),
    ],
    START_BUDGET_MS.node,
    (text) => say(`Node, ${text}`),
  );
  print(comparison(`Start, Node ${process.version}`, "ms", inProcesses));
}

/** @param {World} world */
async function flows({ dist, before, site, browser }) {
  say("building core for this machine");
  const native = await startNative();
  try {
    say("Node, flows");
    const create = (await load(dist)).createAuth;
    const createBefore = before && (await load(before)).createAuth;
    print(comparison(`Flows, Node ${process.version} and native`, "us", await measureFlows(create, createBefore, native)));
  } finally {
    await native.stop();
  }
  say("Chromium, flows");
  const page = await browser.newPage();
  await page.goto(site.url);
  const inPage = await page.evaluate(async (hasBefore) => {
    const load = (/** @type {string} */ url) => import(url);
    const { measureFlows } = await load("/benches/flows.mjs");
    return measureFlows((await load("/dist/doorkey.mjs")).createAuth, hasBefore && (await load("/before/doorkey.mjs")).createAuth);
  }, before !== undefined);
  await page.close();
  print(comparison(`Flows, Chromium ${browser.version()}`, "us", inPage));
}

/**
 * The benchmarks of a signed-in session, first in a page and then here.
 * @param {World} world @param {{ calls: boolean, requests: boolean }} wants
 */
async function inSession({ dist, before, site, browser, server }, wants) {
  const { email, password } = server.user;
  const hasBefore = before !== undefined;
  const given = { email, password, api: `${server.url}/api/me`, floor: floorOptions(server), wants, hasBefore };
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  say("Chromium, calls and requests");
  const inPage = await page.evaluate(
    async ({ options, floor: floorOptions, ...given }) => {
      // The addresses are the page's; whoever reads this file must not look for them.
      const load = (/** @type {string} */ url) => import(url);
      const auth = (await load("/dist/doorkey.mjs")).createAuth(options);
      const floor = (await load("/benches/floor.js")).createAuth(floorOptions);
      const before = given.hasBefore ? (await load("/before/doorkey.mjs")).createAuth({ ...options, name: "before" }) : undefined;
      for (const session of [auth, floor, before]) await session?.signin(given.email, given.password);
      const { measureCalls } = await load("/benches/calls.mjs");
      const { measureRequests } = await load("/benches/requests.mjs");
      const measured = {
        calls: given.wants.calls && (await measureCalls({ auth, before, floor })),
        requests: given.wants.requests && (await measureRequests({ auth, before, floor, url: given.api })),
      };
      for (const session of [auth, floor, before]) await session?.logout();
      return measured;
    },
    { ...given, options: doorkeyOptions(server, "local") },
  );
  await context.close();

  say("Node, calls and requests");
  const auth = (await load(dist)).createAuth(doorkeyOptions(server, "memory"));
  const earlier = before && (await load(before)).createAuth({ ...doorkeyOptions(server, "memory"), name: "before" });
  for (const session of [auth, earlier]) await session?.signin(email, password);
  const here = {
    calls: wants.calls && (await measureCalls({ auth, before: earlier })),
    requests: wants.requests && (await measureRequests({ auth, before: earlier, url: given.api })),
  };
  for (const session of [auth, earlier]) {
    await session?.logout();
    session?.dispose();
  }

  for (const [where, { calls, requests }] of /** @type {const} */ ([
    [`Chromium ${browser.version()}`, inPage],
    [`Node ${process.version}`, here],
  ])) {
    if (calls) print(comparison(`Calls, ${where}`, "ns", calls));
    if (requests) print(`${comparison(`Requests, ${where}`, "ms", [requests])}\n${addition(requests)}`);
  }
}

/** @param {string} dist */
async function scale(dist) {
  say("Node, scale");
  const args = ["--expose-gc", join(HERE, "scale.mjs"), pathToFileURL(join(dist, "doorkey.mjs")).href];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e7 });
  print(scales(JSON.parse(stdout)));
}

/** @param {string} dist @returns {Promise<any>} */
function load(dist) {
  return import(pathToFileURL(join(dist, "doorkey.mjs")).href);
}

/** @param {import("./rounds.mjs").Group} requests */
function addition([own, plain, again]) {
  const us = (/** @type {number[]} */ some, /** @type {number[]} */ others) =>
    Math.round(median(some.map((sample, round) => sample - others[round])) * 1000);
  const [added, noise] = [us(own.samples, plain.samples), us(again.samples, plain.samples)];
  return `auth.fetch takes ${added} us more than fetch, and the same fetch once more ${noise} us: the medians of the rounds' differences`;
}

/** Without pages: nothing here shall navigate. @param {World["server"]} server @param {string} storage */
function doorkeyOptions(server, storage) {
  const { pages: _, ...options } = server.options({ storage });
  return options;
}

/** @param {World["server"]} server */
function floorOptions(server) {
  return { url: server.url, client: { client_id: CLIENT_ID } };
}

/** @param {string} text */
function print(text) {
  printed.push(text);
  console.log(`${text}\n`);
}

/** Puts the tables into the report. */
function report() {
  const text = readFileSync(REPORT, "utf8");
  const [start, end] = MARKS.map((mark) => text.indexOf(mark));
  if (start < 0 || end < start) throw new Error(`docs/performance.md lacks a line: ${MARKS.join(", ")}`);
  const day = new Date().toISOString().slice(0, 10);
  const load = loadavg().map((number) => number.toFixed(1));
  const head = `Measured on ${day}, while the machine's load was ${load.join(", ")} (of 1, 5 and 15 minutes).`;
  const tables = printed.map((table) => `\`\`\`text\n${table}\n\`\`\``);
  writeFileSync(REPORT, [text.slice(0, start) + MARKS[0], head, ...tables, text.slice(end)].join("\n\n"));
  say("written: docs/performance.md");
}

/** Progress. @param {string} text */
function say(text) {
  console.error(`${((performance.now() - BEGUN) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}
