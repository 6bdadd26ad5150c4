// @ts-check
/** What one test has: a browser context of its own, the auth server, the site, and a clock that moves in all of them. */

import assert from "node:assert/strict";

import { rawEmbedded } from "../../servers/raw.mjs";
import { Clock } from "./clock.mjs";
import { eventually } from "./eventually.mjs";
import { Tab } from "./tab.mjs";

/** @typedef {Awaited<ReturnType<typeof import("../../servers/lib.mjs").startEmbedded>>} Server */
/** @typedef {NonNullable<Parameters<World["openTab"]>[0]>} Opening */

export class World {
  /** @type {Tab[]} */
  tabs = [];
  /** Answers of the token endpoint, as pages received them, oldest first. @type {Promise<any>[]} */
  answers = [];

  /** @param {{ context: import("playwright-core").BrowserContext, clock: Clock, server: Server, site: import("./site.mjs").Site, accessTtl: number }} parts */
  constructor({ context, clock, server, site, accessTtl }) {
    this.context = context;
    this.server = server;
    this.site = site;
    this.user = server.user;
    this.accessTtl = accessTtl;
    this.#clock = clock;
  }

  /** @type {Clock} */
  #clock;
  #serverShift = 0;

  /** @param {{ browser: import("playwright-core").Browser, server: Server, site: import("./site.mjs").Site, accessTtl: number }} parts */
  static async open({ browser, server, site, accessTtl }) {
    await server.reset();
    site.reset();
    const context = await browser.newContext();
    const world = new World({ context, clock: await Clock.install(context), server, site, accessTtl });
    context.on("response", (response) => {
      if (response.url() === `${server.url}/token` && response.request().method() === "POST") {
        world.answers.push(response.json().catch(() => undefined));
      }
    });
    return world;
  }

  /**
   * Opens a tab of the fixture app and makes its session.
   * @param {object} [how]
   * @param {object} [how.options] options beside those for the server; what stands here wins
   * @param {boolean} [how.whole] whether these are all options, and none for the server are beside them
   * @param {(options: any, kit: any, data: any) => any} [how.complete] runs in the page: adds functions to the options
   * @param {any} [how.data] what `complete` is given, since it can't see the test's own variables
   * @param {string} [how.at] the page's path
   * @param {(() => void) | string} [how.before] runs in the page before its scripts
   * @param {boolean} [how.start] false: load the page only
   */
  async openTab({ options = {}, whole = false, complete, data, at = "/app.html", before, start = true } = {}) {
    const page = await this.context.newPage();
    const tab = new Tab(page, { options: whole ? options : this.server.options(options), complete: complete?.toString(), data });
    this.tabs.push(tab);
    if (before) {
      await page.addInitScript(before);
    }
    await page.goto(this.site.origin + at);
    if (start) {
      await tab.startAuth();
    }
    return tab;
  }

  /** Opens a tab and signs in. @param {Opening} how */
  async signedIn(how = {}) {
    const tab = await this.openTab(how);
    await tab.ok("signin", this.user);
    await tab.event("signedIn");
    return tab;
  }

  /** Several tabs of one session. @param {number} count @param {Opening} how */
  async signedInTabs(count, how = {}) {
    const tabs = [await this.signedIn(how)];
    while (tabs.length < count) {
      tabs.push(await this.openTab(how));
    }
    return tabs;
  }

  /**
   * The outcomes of one call in each tab, begun at the same moment; the tabs are told beforehand, since telling takes longer than beginning.
   * @param {Tab[]} tabs
   * @param {string} name
   * @param {any[]} args
   * @returns {Promise<import("./tab.mjs").Outcome[]>}
   */
  atOnce(tabs, name, ...args) {
    const at = Date.now() + 250;
    const begin = async (/** @type {[number, string, any[]]} */ [moment, member, given]) => {
      await new Promise((done) => setTimeout(done, moment - globalThis.testClock.realNow()));
      document.dispatchEvent(new Event("visibilitychange"));
      return globalThis.kit.call(member, given);
    };
    return Promise.all(tabs.map((tab) => tab.evaluate(begin, [at, name, args])));
  }

  /** Time passes for the server and every tab, and no timer runs: all slept. @param {number} ms */
  async sleep(ms) {
    await this.#shiftServer(ms);
    await this.#clock.move("sleep", ms);
  }

  /** Sleeps until the access token is past its time. */
  expire() {
    return this.sleep((this.accessTtl + 1) * 1000);
  }

  /** Time passes for the server alone: it refuses what the pages hold for good. */
  expireOnServer() {
    return this.#shiftServer((this.accessTtl + 1) * 1000);
  }

  /** Sets the device's clock, in every tab, ahead (or back) by this much more. @param {number} ms */
  setClock(ms) {
    return this.#clock.move("set", ms);
  }

  /** @param {number} ms */
  async #shiftServer(ms) {
    this.#serverShift += ms;
    await this.server.shiftTime(ms);
  }

  /** What the server takes for now. */
  serverNow() {
    return Date.now() + this.#serverShift;
  }

  /** Ends all failures that a test has asked for. The server's log begins anew. */
  async heal() {
    await this.server.reset();
    await this.server.shiftTime(this.#serverShift);
  }

  /** Requests for `path` that the auth server has seen, without preflights. @param {string} path */
  async requests(path) {
    const log = await this.server.log();
    return log.filter((entry) => entry.path === path && entry.method !== "OPTIONS");
  }

  /** How many refresh requests the auth server has seen. */
  async refreshes() {
    const tokenRequests = await this.requests("/token");
    return tokenRequests.filter(({ grant }) => grant === "refresh_token").length;
  }

  /** Makes the auth server's token endpoint fail (or delay) refreshes, until `heal()` or for so many `times`. @param {object} how */
  failRefresh(how) {
    return this.server.fail({ path: "/token", grant: "refresh_token", times: Infinity, ...how });
  }

  /** Waits until the server has done the work of an answer that it holds back (mode "hold"). */
  async untilHeld() {
    await eventually(async () => (await this.server.held()) > 0, "no answer is held back");
  }

  /** What the server says to this refresh token now: 200, or 400 when it is refused. @param {string} refreshToken */
  async redeem(refreshToken) {
    const { status } = await rawEmbedded.refresh(this.server, refreshToken);
    return status;
  }

  /** The newest answer of the token endpoint. */
  async newestTokens() {
    return this.answers.at(-1);
  }

  /** Every token that pages have received, as text. @returns {Promise<string[]>} */
  async tokens() {
    const answers = await Promise.all(this.answers);
    return answers.flatMap((answer) => [answer?.access_token, answer?.refresh_token, answer?.id_token]).filter(Boolean);
  }

  /** Fails if any storage of this tab holds a token that any page has received. @param {Tab} tab */
  async assertNoTokenStored(tab) {
    const stored = JSON.stringify(await tab.stored());
    const kept = (await this.tokens()).filter((token) => stored.includes(token));
    assert.deepEqual(kept, [], "tokens left in storage");
  }

  async assertQuiet() {
    for (const tab of this.tabs.filter(({ page }) => !page.isClosed())) {
      await tab.assertQuiet();
    }
  }

  close() {
    return this.context.close();
  }
}
