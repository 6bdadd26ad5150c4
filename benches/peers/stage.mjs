// @ts-check
/** Where one cell is found out: a browser context of its own, tabs of the app, the server, and a clock that moves in all of them. */
import { setTimeout as sleep } from "node:timers/promises";

import { Clock } from "../../tests/e2e/lib/clock.mjs";

/** @typedef {import("./peers.mjs").Peer} Peer  @typedef {import("playwright-core").Page} Page */
/** @typedef {{ value?: any, error?: string, ms: number }} Outcome */
/**
 * @typedef {object} Place what all cells of a peer share
 * @property {Peer} peer
 * @property {Awaited<ReturnType<typeof import("../../tests/servers/lib.mjs").startEmbedded>>} server
 * @property {{ url: string, refreshTokens: Set<string> }} front  with all that it has handed out
 * @property {{ url: string }} site
 * @property {{ url: string, bearers: string[] }} foreign an origin that is nobody's business
 * @property {import("playwright-core").Browser} browser
 */

export const ACCESS_TTL_S = 3600;
const STARTS_WITHIN_MS = 15_000;

/** Runs in the page: one call of the app, which may hang. @param {[string, any, number]} given @returns {Promise<Outcome>} */
async function callInPage([name, argument, limitMs]) {
  const { app, testClock } = /** @type {any} */ (globalThis);
  const begun = testClock.realNow();
  const bare = async (/** @type {string} */ url) => fetch(url, { headers: { authorization: `Bearer ${await app.token()}` } });
  const calls = {
    token: () => app.token(),
    signout: () => app.signout(),
    fetch: async () => (await (app.fetch ?? bare)(argument)).status,
  };
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs));
  try {
    const value = await Promise.race([calls[/** @type {keyof typeof calls} */ (name)](), late]);
    return { value, ms: testClock.realNow() - begun };
  } catch (error) {
    return { error: String(error), ms: testClock.realNow() - begun };
  }
}

export class Stage {
  #serverShift = 0;
  #isOffline = false;

  /** @param {Place} place @param {import("playwright-core").BrowserContext} context @param {Clock} clock */
  constructor(place, context, clock) {
    this.place = place;
    this.context = context;
    this.clock = clock;
    this.server = place.server;
  }

  /** @param {Place} place */
  static async open(place) {
    await place.server.reset();
    const context = await place.browser.newContext();
    const stage = new Stage(place, context, await Clock.install(context));
    const { issuer } = place.peer;
    if (issuer) await context.route(`${issuer}/**`, (route) => stage.#handOn(route));
    return stage;
  }

  /** Another name for the front. @param {import("playwright-core").Route} route */
  async #handOn(route) {
    if (this.#isOffline) return route.abort("internetdisconnected");
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    try {
      const { "content-type": type = "text/plain" } = request.headers();
      const init = request.method() === "POST" ? { body: request.postData() ?? "", headers: { "content-type": type } } : {};
      const answer = await fetch(this.place.front.url + pathname + search, { method: request.method(), redirect: "manual", ...init });
      await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() });
    } catch {
      await route.abort("failed").catch(() => {}); // the page may have gone
    }
  }

  /** A tab of the app; `failed` tells that it could not start. @param {string | (() => void)} [before] runs in the page first */
  async tab(before) {
    const page = await this.context.newPage();
    if (before) await page.addInitScript(before);
    await page.goto(`${this.place.site.url}/${this.place.peer.name}.html`);
    await this.#started(page);
    return page;
  }

  /** @param {Page} page */
  #started(page) {
    return until(page, () => {
      const { app, failed, left } = /** @type {any} */ (globalThis);
      return !left && Boolean(app || failed);
    });
  }

  /** Signs in; gives what went wrong. @param {Page} page @returns {Promise<string | undefined>} */
  async signin(page) {
    const { redirects } = this.place.peer;
    await page.evaluate((leaves) => {
      const page = /** @type {any} */ (globalThis);
      page.left = leaves;
      page.signed = false;
      const failed = (/** @type {unknown} */ error) => Object.assign(page, { failed: String(error), left: false });
      setTimeout(() => page.app.signin().then(() => (page.signed = true), failed));
    }, Boolean(redirects));
    if (redirects) await this.#started(page);
    else await until(page, () => /** @type {any} */ (globalThis).signed || /** @type {any} */ (globalThis).failed);
    return this.failure(page);
  }

  /** @param {Page} page @returns {Promise<string | undefined>} */
  failure(page) {
    return page.evaluate(() => /** @type {any} */ (globalThis).failed);
  }

  /** A tab that is signed in: a cell can't be found out without. */
  async signedIn() {
    const page = await this.tab();
    const failure = (await this.failure(page)) ?? (await this.signin(page));
    const { value, error } = failure ? { value: undefined, error: failure } : await this.call(page, "token");
    if (!value || (await this.api(value)) !== 200) throw new Error(`can't be signed in: ${error ?? "its token is refused"}`);
    return page;
  }

  /** @param {Page} page @param {"token" | "signout" | "fetch"} name @param {any} [argument] @returns {Promise<Outcome>} */
  call(page, name, argument, limitMs = 10_000) {
    return page.evaluate(callInPage, /** @type {[string, any, number]} */ ([name, argument ?? null, limitMs]));
  }

  get apiUrl() {
    return `${this.place.front.url}/${this.place.peer.name}/me`;
  }

  /** What the API says to a token: 200 or 401; 0 when there is none. @param {string | undefined | null} token */
  async api(token) {
    if (!token) return 0;
    return (await fetch(this.apiUrl, { headers: { authorization: `Bearer ${token}` } })).status;
  }

  /** Time passes for the server and all tabs, and no timer runs. @param {number} ms */
  async sleep(ms) {
    await this.#shiftServer(ms);
    await this.clock.move("sleep", ms);
  }

  expire() {
    return this.sleep((ACCESS_TTL_S + 1) * 1000);
  }

  /** @param {number} ms */
  async #shiftServer(ms) {
    this.#serverShift += ms;
    await this.server.shiftTime(ms);
  }

  /** @param {object} how */
  failRefresh(how) {
    return this.server.fail({ path: "/token", grant: "refresh_token", times: Infinity, ...how });
  }

  /** Ends what was made to fail; the log begins anew. */
  async heal() {
    await this.server.reset();
    await this.server.shiftTime(this.#serverShift);
  }

  /** The refreshes that the server has seen, and how many of them used a token again. */
  async refreshes() {
    const log = (await this.server.log()).filter(({ grant }) => grant === "refresh_token");
    return { count: log.length, reused: log.filter(({ error }) => /already used/.test(error ?? "")).length };
  }

  /** @param {boolean} is */
  async offline(is) {
    this.#isOffline = is;
    await this.context.setOffline(is);
  }

  /** Whether the session is one still: after a reload, and after one more lifetime. @param {Page} page */
  async lives(page) {
    await this.heal();
    // What it still tries may end: a reload in the middle of a refresh loses its answer.
    await this.call(page, "token", null, 15_000);
    await page.reload();
    await this.#started(page);
    await this.expire();
    if (await this.failure(page)) return false;
    return (await this.api((await this.call(page, "token")).value)) === 200;
  }

  close() {
    return this.context.close();
  }
}

/** Waits until `script` gives something true; a page may leave in between. @param {Page} page @param {() => any} script */
export async function until(page, script, limitMs = STARTS_WITHIN_MS) {
  for (const end = Date.now() + limitMs; ; await sleep(25)) {
    const value = await page.evaluate(script).catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${page.url()}`);
  }
}
