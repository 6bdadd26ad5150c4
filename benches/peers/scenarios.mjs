// @ts-check
/** What is tried, S1 to S16: each gives what was seen, and whether that is what a user would want. */
import { setTimeout as sleep } from "node:timers/promises";

import { until } from "./stage.mjs";

/** @typedef {import("./stage.mjs").Stage} Stage  @typedef {import("playwright-core").Page} Page */
/** @typedef {{ text: string, good: boolean | undefined }} Cell  undefined: the SDK leaves this to the app */
/** @typedef {{ id: string, name: string, wanted: string, run: (stage: Stage) => Promise<Cell> }} Scenario */

const HOURS_MS = 3_600_000;
const NOT_ITS_OWN = { text: "left to the app", good: undefined };

const times = (/** @type {number} */ count, /** @type {string} */ what) => `${count} ${what}${count === 1 ? "" : "s"}`;
const fate = (/** @type {boolean} */ lives) => (lives ? "lives" : "signed out");
const words = (/** @type {string | undefined} */ error) => (error ?? "").replace(/\s+/g, " ").replaceAll("|", "/").slice(0, 60);

/** @param {Stage} stage @param {number} status */
async function refused(stage, status) {
  const page = await stage.signedIn();
  await stage.failRefresh({ status });
  await stage.expire();
  const { ms, error } = await stage.call(page, "token", null, 8000);
  const { count } = await stage.refreshes();
  const lives = await stage.lives(page);
  const still = /no answer/.test(error ?? "") ? ", no answer" : "";
  return { text: `${times(count, "request")} in ${(ms / 1000).toFixed(1)} s${still}; ${fate(lives)}`, good: lives && !still };
}

/** @param {Stage} stage @param {number} hours */
async function wrongClock(stage, hours) {
  await stage.clock.move("set", hours * HOURS_MS);
  const page = await stage.tab();
  const failure = (await stage.failure(page)) ?? (await stage.signin(page));
  if (failure) return { text: `sign-in fails: ${words(failure)}`, good: false };
  let served = 0;
  for (let call = 0; call < 5; call += 1) served += (await stage.api((await stage.call(page, "token")).value)) === 200 ? 1 : 0;
  if (!served) return { text: "sign-in leaves no token", good: false };
  const { count } = await stage.refreshes();
  await stage.expire();
  const noticed = (await stage.api((await stage.call(page, "token")).value)) === 200;
  const text = `${times(count, "refresh").replace("hs", "hes")} for 5 calls; the end ${noticed ? "noticed" : "missed"}`;
  return { text, good: served === 5 && count === 0 && noticed };
}

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    id: "S1",
    name: "20 calls at once, the token past its time",
    wanted: "one refresh, all answered",
    async run(stage) {
      const page = await stage.signedIn();
      await stage.failRefresh({ mode: "delay", delayMs: 150 });
      await stage.expire();
      const tokens = await page.evaluate(() => {
        const { app } = /** @type {any} */ (globalThis);
        const late = new Promise((done) => setTimeout(done, 10_000));
        return Promise.all(Array.from({ length: 20 }, () => Promise.race([app.token(), late]).catch(() => undefined)));
      });
      const answers = await Promise.all(tokens.map((token) => stage.api(token)));
      const served = answers.filter((status) => status === 200).length;
      const { count } = await stage.refreshes();
      return { text: `${count} sent, ${served} of 20 served`, good: count === 1 && served === 20 };
    },
  },
  {
    id: "S2",
    name: "two tabs at once, the token past its time",
    wanted: "one refresh, the session lives",
    async run(stage) {
      const tabs = [await stage.signedIn(), await stage.tab()];
      await stage.call(tabs[1], "token");
      await stage.heal();
      await stage.failRefresh({ mode: "delay", delayMs: 150 });
      await stage.expire();
      const at = Date.now() + 300;
      const begin = async (/** @type {number} */ moment) => {
        const { app, testClock } = /** @type {any} */ (globalThis);
        await new Promise((done) => setTimeout(done, moment - testClock.realNow()));
        await Promise.race([app.token(), new Promise((done) => setTimeout(done, 10_000))]).catch(() => {});
      };
      await Promise.all(tabs.map((tab) => tab.evaluate(begin, at)));
      const { count, reused } = await stage.refreshes();
      const lives = await stage.lives(tabs[0]);
      return { text: `${count} sent, ${reused} a reuse; ${fate(lives)}`, good: lives && reused === 0 && count === 1 };
    },
  },
  { id: "S3", name: "the server answers 503", wanted: "the session lives", run: (stage) => refused(stage, 503) },
  {
    id: "S4",
    name: "the network is gone",
    wanted: "an answer, the session lives",
    async run(stage) {
      const page = await stage.signedIn();
      await stage.offline(true);
      await stage.expire();
      const { ms, error } = await stage.call(page, "token");
      await stage.offline(false);
      const lives = await stage.lives(page);
      const hung = /no answer/.test(error ?? "");
      return { text: `${hung ? "no answer in 10 s" : `answer in ${ms} ms`}; ${fate(lives)}`, good: lives && !hung };
    },
  },
  {
    id: "S5",
    name: "429 with `Retry-After: 5`, 15 calls in 4.5 s",
    wanted: "one request, the session lives",
    async run(stage) {
      const page = await stage.signedIn();
      await stage.failRefresh({ status: 429, headers: { "Retry-After": "5" } });
      await stage.expire();
      const calls = [];
      for (let call = 0; call < 15; call += 1) {
        calls.push(stage.call(page, "token", null, 3000));
        await sleep(300);
      }
      const { count } = await stage.refreshes();
      await Promise.all(calls);
      const lives = await stage.lives(page);
      return { text: `${times(count, "request")}; ${fate(lives)}`, good: lives && count === 1 };
    },
  },
  {
    id: "S6",
    name: "the server has ended the session, 2 calls",
    wanted: "one request, nothing left",
    async run(stage) {
      const page = await stage.signedIn();
      const kept = async () => {
        const text = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
        return [...stage.place.front.refreshTokens].some((token) => text.includes(token));
      };
      const before = await kept();
      await stage.server.revokeAll();
      await stage.expire();
      await stage.call(page, "token");
      await stage.call(page, "token");
      const { count } = await stage.refreshes();
      const left = await kept();
      const said = before ? (left ? "the refresh token left" : "nothing left") : "stored encrypted: not looked into";
      return { text: `${times(count, "request")}; ${said}`, good: before ? count === 1 && !left : count === 1 };
    },
  },
  { id: "S7 +", name: "the device's clock 2 h ahead", wanted: "no extra refresh, the end noticed", run: (stage) => wrongClock(stage, 2) },
  { id: "S7 −", name: "the device's clock 2 h behind", wanted: "no extra refresh, the end noticed", run: (stage) => wrongClock(stage, -2) },
  {
    id: "S8",
    name: "all storage throws",
    wanted: "starts, and works from memory",
    async run(stage) {
      if (stage.place.peer.storesNothing) return NOT_ITS_OWN;
      const page = await stage.tab(() => {
        const denied = () => {
          throw new DOMException("denied", "SecurityError");
        };
        for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { get: denied });
        IDBFactory.prototype.open = denied;
      });
      const atStart = await stage.failure(page);
      if (atStart) return { text: `does not start: ${words(atStart)}`, good: false };
      const failure = await stage.signin(page).catch((error) => error.message);
      const { value, error } = failure ? { value: undefined, error: failure } : await stage.call(page, "token");
      if ((await stage.api(value)) === 200) return { text: "works from memory", good: true };
      return { text: `starts; no sign-in${error ? `: ${words(error)}` : ""}`, good: false };
    },
  },
  {
    id: "S9",
    name: "the API answers 401 to a token that looks good",
    wanted: "one refresh, sent again, 200",
    async run(stage) {
      const page = await stage.signedIn();
      if (!(await page.evaluate(() => Boolean(/** @type {any} */ (globalThis).app.fetch)))) return NOT_ITS_OWN;
      await stage.server.revokeAccess();
      const { value, error } = await stage.call(page, "fetch", stage.apiUrl);
      const { count } = await stage.refreshes();
      return { text: `${value ?? words(error)}, ${count} sent`, good: value === 200 && count === 1 };
    },
  },
  {
    id: "S10",
    name: "its `fetch` is called with a foreign origin",
    wanted: "no token sent",
    async run(stage) {
      const page = await stage.signedIn();
      if (!(await page.evaluate(() => Boolean(/** @type {any} */ (globalThis).app.fetch)))) return NOT_ITS_OWN;
      const { foreign } = stage.place;
      foreign.bearers.length = 0;
      await stage.call(page, "fetch", `${foreign.url}/anything`);
      const sent = foreign.bearers.length > 0;
      return { text: sent ? "token sent" : "no token sent", good: !sent };
    },
  },
  {
    id: "S11",
    name: "storage is full when the rotated token is to be kept",
    wanted: "goes on in memory",
    async run(stage) {
      if (stage.place.peer.storesNothing) return NOT_ITS_OWN;
      const page = await stage.signedIn();
      await page.evaluate(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException("full", "QuotaExceededError");
        };
      });
      for (const round of ["at once", "when that token ends"]) {
        await stage.expire();
        if ((await stage.api((await stage.call(page, "token")).value)) !== 200) return { text: `lost ${round}`, good: false };
      }
      return { text: "goes on", good: true };
    },
  },
  {
    id: "S12",
    name: "another tab holds its lock for ever",
    wanted: "a good token in the end",
    async run(stage) {
      const page = await stage.signedIn();
      await stage.failRefresh({ mode: "delay", delayMs: 1500 });
      await stage.expire();
      const refreshed = stage.call(page, "token");
      const names = await until(
        page,
        async () => {
          const { held = [] } = await navigator.locks.query();
          return held.length > 0 && held.map(({ name }) => name);
        },
        1400,
      ).catch(() => undefined);
      await refreshed;
      if (!names) return { text: "has no lock", good: undefined };
      await stage.heal();
      const holder = await stage.context.newPage();
      await holder.goto(`${stage.place.site.url}/blank.html`);
      await holder.evaluate((wanted) => {
        for (const name of wanted) navigator.locks.request(name, () => new Promise(() => {}));
      }, names);
      await stage.expire();
      const { value, error, ms } = await stage.call(page, "token", null, 20_000);
      const good = (await stage.api(value)) === 200;
      const seconds = `${(ms / 1000).toFixed(1)} s`;
      return { text: good ? `good after ${seconds}` : `none after ${seconds}: ${words(error) || "an expired one"}`, good };
    },
  },
  {
    id: "S13",
    name: "another tab has refreshed 0.8 s ago",
    wanted: "that token taken over",
    async run(stage) {
      const [first, second] = [await stage.signedIn(), await stage.tab()];
      await stage.call(second, "token");
      await stage.heal();
      await stage.expire();
      await stage.call(first, "token");
      await sleep(800);
      const { value } = await stage.call(second, "token");
      const { count, reused } = await stage.refreshes();
      const good = (await stage.api(value)) === 200;
      return { text: `${count} sent, ${reused} a reuse; ${good ? "good" : "no good token"}`, good: good && count === 1 };
    },
  },
  { id: "S14", name: "the server answers 500", wanted: "the session lives", run: (stage) => refused(stage, 500) },
  {
    id: "S15",
    name: "sign-out while a refresh is on its way",
    wanted: "stays signed out",
    async run(stage) {
      const page = await stage.signedIn();
      await stage.failRefresh({ mode: "delay", delayMs: 1200 });
      await stage.expire();
      const refreshed = stage.call(page, "token");
      for (const end = Date.now() + 5000; (await stage.refreshes()).count === 0; await sleep(25)) {
        if (Date.now() > end) throw new Error("no refresh was sent");
      }
      await stage.call(page, "signout");
      await refreshed;
      await sleep(300);
      const other = await stage.tab();
      const { value } = (await stage.failure(other)) ? { value: undefined } : await stage.call(other, "token");
      return { text: value ? "signed in again" : "signed out", good: !value };
    },
  },
  {
    id: "S16",
    name: "sign-out in another tab",
    wanted: "signed out here, too",
    async run(stage) {
      const [first, second] = [await stage.signedIn(), await stage.tab()];
      await stage.call(second, "token");
      await stage.call(first, "signout");
      for (const end = Date.now() + 3000; Date.now() < end; await sleep(200)) {
        if (!(await stage.call(second, "token", null, 2000)).value) return { text: "signed out", good: true };
      }
      return { text: "still gives a token", good: false };
    },
  },
];
