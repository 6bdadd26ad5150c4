// @ts-check
/** What may happen next, by chance: tabs, calls, flows, faults, clocks. All chance is of one seed. */

import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {import("../../e2e/lib/world.mjs").World} World  @typedef {import("../../e2e/lib/tab.mjs").Tab} Tab */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOST_TABS = 5;

/** A number from 0 to 1, the next of its seed: mulberry32. @param {number} seed */
export function chanceOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @typedef {{ world: World, options: object, chance: () => number, call: (tab: Tab, name: string, ...args: any[]) => Promise<void>, excuse: () => void }} Walk */
/** @typedef {(walk: Walk) => Promise<unknown>} Step */

/** @template T @param {Walk} walk @param {T[]} among @returns {T} */
const one = ({ chance }, among) => among[Math.floor(chance() * among.length)];
const tabOf = (/** @type {Walk} */ walk) => one(walk, walk.world.tabs);
const FAULTS = [
  { mode: "status", status: 503 },
  { mode: "status", status: 500, body: "<h1>no</h1>" },
  { mode: "status", status: 429, headers: { "Retry-After": "2" } },
  { mode: "drop" },
  { mode: "hang" },
  { mode: "delay", delayMs: 800 },
  { mode: "lose" },
];
const CALLS = [
  ["accessToken"],
  ["headers"],
  ["check"],
  ["refreshAccessToken"],
  ["test", "check"],
  ["storeValue", "seen", 1],
  ["guard", "protected"],
];

/** Each with how often it is taken, of all. @type {[number, string, Step][]} */
const STEPS = [
  [30, "call", (walk) => walk.call(tabOf(walk), .../** @type {[string]} */ (one(walk, CALLS)))],
  [20, "fetch", (walk) => walk.call(tabOf(walk), "fetch", `${walk.world.server.url}/api/me`)],
  [8, "all tabs at once", ({ world, call }) => Promise.all(world.tabs.map((tab) => call(tab, "accessToken")))],
  [6, "open a tab", async ({ world, options }) => world.tabs.length < MOST_TABS && (await world.openTab({ options }))],
  [4, "close a tab", (walk) => close(walk)],
  [4, "reload a tab", async (walk) => (walk.world.tabs.length > 1 ? one(walk, walk.world.tabs.slice(1)).reload() : undefined)],
  [8, "a moment", ({ chance }) => sleep(chance() * 1500)],
  [10, "sleep past the token's time", (walk) => rest(walk, () => walk.world.expire())],
  [3, "sleep for hours", (walk) => rest(walk, () => walk.world.sleep(Math.round(walk.chance() * 300) * MINUTE_MS))],
  [4, "set the clock", ({ world, chance, excuse }) => (excuse(), world.setClock(Math.round((chance() - 0.5) * 2 * DAY_MS)))],
  [6, "a refresh goes wrong", (walk) => faulty(walk, { path: "/token", grant: "refresh_token" })],
  [4, "a request goes wrong", (walk) => faulty(walk, { path: "/api/me" })],
  [3, "the network goes for a moment", (walk) => offline(walk)],
  [3, "the server revokes access", ({ world, excuse }) => (excuse(), world.server.revokeAccess())],
  [1, "the server ends the session", ({ world, excuse }) => (excuse(), world.server.revokeAll())],
  [2, "refresh by force", (walk) => (walk.excuse(), walk.call(tabOf(walk), "refreshAccessToken", { force: true }))],
  [2, "sign out", (walk) => (walk.excuse(), walk.call(tabOf(walk), "logout"))],
];

/** The next step, and its name. @param {Walk} walk @returns {{ name: string, run: Step }} */
export function next(walk) {
  let left = walk.chance() * STEPS.reduce((sum, [weight]) => sum + weight, 0);
  const [, name, run] = STEPS.find(([weight]) => (left -= weight) < 0) ?? STEPS[0];
  return { name, run };
}

/**
 * The server's clock is moved before those of the pages: what is refreshed in between is out of date at once.
 * @param {Walk} walk @param {() => Promise<void>} sleeps
 */
async function rest({ world, excuse }, sleeps) {
  const before = await world.refreshes();
  await sleeps();
  if ((await world.refreshes()) !== before) excuse();
}

/** Never the first: it lives for as long as all of it, and is what is measured. @param {Walk} walk */
async function close(walk) {
  const { tabs } = walk.world;
  if (tabs.length < 2) return;
  const tab = one(walk, tabs.slice(1));
  tabs.splice(tabs.indexOf(tab), 1);
  await tab.page.close();
}

/** @param {Walk} walk @param {object} where */
function faulty(walk, where) {
  walk.excuse();
  return walk.world.server.fail(/** @type {any} */ ({ ...where, ...one(walk, FAULTS), times: 1 + Math.floor(walk.chance() * 2) }));
}

/** @param {Walk} walk */
async function offline(walk) {
  const { world, call } = walk;
  walk.excuse();
  await world.context.setOffline(true);
  await Promise.all(world.tabs.map((tab) => call(tab, "accessToken")));
  await world.context.setOffline(false);
}
