// @ts-check
// A person with a browser, an app and a provider: what the scenarios of sign-in by redirect are written in. Nothing here knows which browser it is.

import assert from "node:assert/strict";

import { By, until } from "selenium-webdriver";

import { startEmbedded } from "../../servers/lib.mjs";
import { PAGE_CLIENT_ID } from "../../servers/options.mjs";
import { page } from "./page.mjs";

/** @typedef {import("../../e2e/lib/site.mjs").Site} Site  @typedef {Awaited<ReturnType<typeof import("../../servers/faulty.mjs").startFaulty>>} Faulty */
/** @typedef {{ value?: any, error?: { code: string, message: string, path?: string, retryable?: boolean, retryAtMs?: number } }} Outcome */

const WAIT_MS = 30_000;
const LOOK_MS = 15;
const HTML = { "content-type": "text/html", "cache-control": "no-cache" };

export class User {
  /** Another provider, for as long as a scenario runs. @type {Awaited<ReturnType<typeof startEmbedded>> | undefined} */
  #another;

  /** @param {{ browser: import("selenium-webdriver").WebDriver, first: string, site: Site, server: Faulty, react: string }} given first: the window that stays */
  constructor({ browser, first, site, server, react }) {
    this.browser = browser;
    this.first = first;
    this.site = site;
    this.server = server;
    this.react = react;
    this.app = `${site.origin}/app`;
    /** What was sent to the provider, and what came of it. @type {import("../../servers/faulty.mjs").Asked[]} */
    this.asked = [];
    /** Every token that it has given. @type {string[]} */
    this.tokens = [];
    server.hear((answer, asked) => {
      this.asked.push(asked);
      if (asked.path !== "/token" || !answer.headers["content-type"]?.includes("json")) return;
      const { access_token, refresh_token } = JSON.parse(answer.body);
      this.tokens.push(...[access_token, refresh_token].filter(Boolean));
    });
  }

  /** As if they had never been here; the provider may know them. */
  async reset() {
    await this.#another?.stop();
    this.#another = undefined;
    await this.heal();
    this.site.reset();
    this.site.answer("/react.js", { headers: { "content-type": "text/javascript" }, body: this.react });
    for (const handle of await this.browser.getAllWindowHandles()) {
      if (handle === this.first) continue;
      await this.to(handle);
      await this.browser.close();
    }
    await this.to(this.first);
    await this.browser.get(`${this.site.origin}/elsewhere.html`);
    await this.clear();
  }

  /** The provider is as it should be, and its log empty. */
  async heal() {
    this.asked = [];
    this.tokens = [];
    await this.server.reset();
  }

  /** Nothing of the app is kept in this browser. */
  clear = () =>
    this.wait(`
      localStorage.clear();
      sessionStorage.clear();
      const gone = indexedDB.deleteDatabase("doorkey");
      gone.onsuccess = gone.onerror = gone.onblocked = () => done(null);
    `);

  /** The provider knows nobody in this browser. */
  async forgetMe() {
    await this.browser.get(this.server.url); // its own cookies are its alone
    await this.browser.manage().deleteAllCookies();
  }

  /** A provider of another kind, in the place of the usual one. @param {Parameters<typeof startEmbedded>[0]} how */
  async at(how) {
    this.#another ??= await startEmbedded(how);
    return this.#another;
  }

  /** Where the user signs in. */
  get provider() {
    return this.#another ?? this.server;
  }

  /** What is to be had at `path` from now on. @param {import("./page.mjs").App} [app] @param {string} [path] @param {Record<string, string>} [headers] */
  serve({ given = {}, options, ...app } = {}, path = "/app", headers = HTML) {
    const all = { issuer: this.provider.url, clientId: PAGE_CLIENT_ID, params: { prompt: "consent" }, ...given };
    this.site.answer(path, { headers, body: page({ ...app, given: all, options: { storage: "local", ...options } }) });
  }

  /** Opens the app, and gives what it begins with. @param {import("./page.mjs").App} [app] @param {string} [at] */
  async open(app = {}, at = "/app") {
    this.serve(app, at.split(/[?#]/)[0]);
    await this.browser.get(`${this.site.origin}${at}`);
    return app.first === null ? this.ready() : this.said();
  }

  /** Opens an address of the app once more. @param {string} url */
  async visit(url) {
    await this.browser.get(url);
    return this.said();
  }

  /** Something of the page; undefined while it is on its way, or is the provider's. @param {string} expression @returns {Promise<any>} */
  now = (expression) => this.browser.executeScript(`return ${expression}`).catch(() => undefined);

  /** Waits for something of the page. @param {string} expression @param {string} [what] @returns {Promise<any>} */
  async once(expression, what = expression) {
    let seen;
    const look = async () => Boolean((seen = await this.now(expression)));
    await this.until(look, `the page never has: ${what}`);
    return seen;
  }

  /** @param {() => Promise<unknown>} look @param {string} why */
  until = (look, why) => this.browser.wait(look, WAIT_MS, why, LOOK_MS);

  /** A script of the page that calls `done`. @param {string} script @returns {Promise<any>} */
  wait = (script) => this.browser.executeAsyncScript(`const done = arguments[arguments.length - 1]; ${script}`);

  ready = () => this.once("window.isReady");

  /** What the app's last call came to. @returns {Promise<any>} */
  said = async () => JSON.parse(await this.once("window.said", "what its call came to"));

  /** @param {string} name @param {...unknown} args @returns {Promise<Outcome>} */
  async call(name, ...args) {
    await this.start(name, ...args);
    return this.said();
  }

  /** Begins a call. @param {string} name @param {...unknown} args */
  start = (name, ...args) => this.browser.executeScript("window.begin(arguments[0], arguments[1])", name, JSON.stringify(args));

  /** A call that must fail so. @param {string} code @param {Outcome} outcome @param {RegExp} [message] */
  fails(code, outcome, message = /./) {
    assert.equal(outcome.error?.code, code, JSON.stringify(outcome));
    assert.match(outcome.error.message, message);
    return outcome.error;
  }

  /** @param {import("selenium-webdriver").By} by */
  async click(by) {
    await (await this.find(by)).click();
  }

  /** @param {import("selenium-webdriver").By} by */
  find = (by) => this.browser.wait(until.elementLocated(by), WAIT_MS, `there is no ${by}`, LOOK_MS);

  begin = () => this.click(By.id("signin"));

  /** The provider's page is there: who they are, or what the app may know. */
  asks = () => this.find(By.css("input[name=password], ul"));

  /** Leaves for the provider. */
  async leave() {
    await this.begin();
    await this.asks();
  }

  /** What a person does at the provider who wants to sign in; it may know them already. */
  async approve() {
    const field = await this.asks();
    if ((await field.getTagName()).toLowerCase() === "input") {
      await field.sendKeys(this.server.user.password);
      await this.click(By.css("button[value=yes]"));
      await this.find(By.css("ul"));
    }
    await this.click(By.css("button[value=yes]"));
  }

  refuse = () => this.click(By.css("button[value=no]"));

  /** Leaves, signs in, and comes back to what the app says. */
  async signsIn() {
    await this.leave();
    await this.approve();
    return this.said();
  }

  /** Is signed in, and all is well. @param {Outcome} outcome */
  async isIn(outcome) {
    assert.equal(outcome.value?.ok ?? outcome.value, true, JSON.stringify(outcome));
    assert.equal((await this.status()).signedIn, true);
  }

  status = () => this.now("auth.status()");

  address = () => this.browser.getCurrentUrl();

  /** The page comes to that address. @param {string} url */
  async comesTo(url) {
    let at = "";
    const look = async () => (at = await this.address()) === url;
    await this.until(look, `it does not come to ${url}`).catch(() => assert.equal(at, url));
  }

  /** What this tab keeps of sign-ins that have left. @returns {Promise<string[]>} */
  kept = () => this.now("Object.values({ ...sessionStorage })");

  /** The addresses with an answer that the app has come up at, oldest first. */
  answers = () => this.site.requests.map(({ path }) => path).filter((path) => /[?&](code|error)=/.test(path));

  /** Codes that were exchanged, or tried to be. */
  exchanges = async () => (await this.requests("/token")).filter(({ grant }) => grant === "authorization_code").length;

  /** @param {string} path */
  requests = async (path) => (await this.provider.log()).filter((entry) => entry.path === path && entry.method !== "OPTIONS");

  /** Nobody is signed in, nothing is kept, and the address is clean. */
  async assertNobody() {
    assert.equal((await this.status()).signedIn, false);
    assert.deepEqual(await this.kept(), [], "the answer is used up");
    assert.equal(await this.address(), this.app);
    const stored = String(await this.now("JSON.stringify({ ...localStorage })"));
    assert.deepEqual(
      this.tokens.filter((token) => stored.includes(token)),
      [],
      "no token is stored",
    );
  }

  /** The page has seen no error and no line on its console. */
  async assertQuiet() {
    assert.deepEqual((await this.now("window.noise")) ?? [], []);
  }

  /** @param {string} handle */
  to = (handle) => this.browser.switchTo().window(handle);

  async newTab() {
    await this.browser.switchTo().newWindow("tab");
    return this.browser.getWindowHandle();
  }

  /** Clicks on "Sign in", and goes to the window that comes. */
  async beginInWindow() {
    const before = await this.browser.getAllWindowHandles();
    await this.begin();
    return this.toNew(before);
  }

  /** Goes to the window that is none of these. @param {string[]} before */
  async toNew(before) {
    let found;
    const look = async () => Boolean((found = (await this.browser.getAllWindowHandles()).find((handle) => !before.includes(handle))));
    await this.until(look, "no window was opened");
    const handle = /** @type {string} */ (/** @type {unknown} */ (found));
    await this.to(handle);
    return handle;
  }

  /** The window closes by itself; then the page that opened it is at hand, with what its call came to. @param {string} [opener] */
  async windowCloses(opener = this.first) {
    const isAlone = async () => (await this.browser.getAllWindowHandles()).length === 1;
    await this.until(isAlone, "the window does not close");
    await this.to(opener);
    const said = await this.said();
    // One that came up late was not there to be seen before.
    await this.until(isAlone, "the window does not close");
    return said;
  }
}
