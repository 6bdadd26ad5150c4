// @ts-check
/** A tab of the fixture app: calls doorkey in the page, and collects what the page saw. */

import assert from "node:assert/strict";

/** Whether the browser itself wrote this line: about a request that failed, which no page can prevent, or as advice. */
const isBrowsersOwn = (/** @type {{ type: string, text: string }} */ { type, text }) =>
  type === "verbose" || /^(Failed to load resource|Access to fetch|Unsafe attempt to load URL)/.test(text);

/** Far above every time limit that the tests set: it is there for what hangs, and not for what is slow. */
const HANGS_AFTER_MS = 20_000;

/**
 * @typedef {object} Failure how a call failed, as far as it leaves the page
 * @property {string} code
 * @property {string} message
 * @property {boolean} isAuthError
 * @property {number} [status]
 * @property {unknown} [body]
 * @property {boolean} [retryable]
 * @property {number} [retryAtMs]
 * @property {string} [stepId]
 * @property {string} [path]
 * @property {string} [cause]
 * @property {string} [stack]
 * @property {string} [json]
 */

/** @typedef {{ value?: any, error?: Failure }} Outcome */

export class Tab {
  /** @type {{ type: string, text: string }[]} */
  console = [];
  /** Uncaught errors and unhandled rejections. @type {string[]} */
  errors = [];
  /** URLs that the page asked for. @type {string[]} */
  urls = [];

  /**
   * @param {import("playwright-core").Page} page
   * @param {{ options: object, complete?: string, data?: unknown }} start the options of createAuth, the source of a function that
   *   completes them in the page, and what that is given
   */
  constructor(page, start) {
    this.page = page;
    /** Where scripts run: the page, or a frame in it. @type {import("playwright-core").Page | import("playwright-core").Frame} */
    this.target = page;
    this.start = start;
    page.on("console", (message) => this.console.push({ type: message.type(), text: message.text() }));
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("request", (request) => this.urls.push(request.url()));
  }

  /** Makes the session in the page; again after each load. */
  async startAuth() {
    const { options, complete, data } = this.start;
    const args = [JSON.stringify(options), complete ?? "undefined", JSON.stringify(data) ?? "undefined"];
    await this.target.evaluate(`globalThis.auth = kit.start(${args.join(", ")}); undefined`);
  }

  /**
   * From now on a request and a call of the host may take so long, and no longer. Given late, it cuts off nothing but what is to be cut
   * off: on a busy machine a sign-in may well take more than the second in which a test wants an end of it.
   * @param {number} timeoutSeconds
   */
  async limit(timeoutSeconds) {
    this.start.options = { ...this.start.options, timeoutSeconds };
    const { options, complete, data } = this.start;
    const args = [JSON.stringify(options), complete ?? "(given) => given", JSON.stringify(data) ?? "undefined"];
    await this.target.evaluate(`kit.again(${args.join(", ")}); undefined`);
  }

  async reload() {
    await this.page.reload();
    await this.startAuth();
  }

  /**
   * Evaluates in the page (or the frame that stands for it). What the page has not answered within the limit hangs for good.
   * @param {any} script
   * @param {any} [argument]
   * @returns {Promise<any>}
   */
  async evaluate(script, argument) {
    let timer;
    const late = new Promise((_, reject) => {
      const hung = new Error(`the page left this hanging: ${script} ${JSON.stringify(argument) ?? ""}`.slice(0, 500));
      timer = setTimeout(() => reject(hung), HANGS_AFTER_MS);
    });
    try {
      return await Promise.race([this.target.evaluate(script, argument), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {string} name a member of Auth
   * @param {any[]} args
   * @returns {Promise<Outcome>}
   */
  call(name, ...args) {
    return this.evaluate((/** @type {[string, any[]]} */ [member, given]) => globalThis.kit.call(member, given), [name, args]);
  }

  /** The value of a call that must succeed. @param {string} name @param {any[]} args */
  async ok(name, ...args) {
    return valueIn(await this.call(name, ...args), name);
  }

  /** The error of a call that must fail, with this code. @param {string} code @param {string} name @param {any[]} args @returns {Promise<Failure>} */
  async fails(code, name, ...args) {
    const { value, error } = await this.call(name, ...args);
    assert.ok(error, `${name} resolved with ${JSON.stringify(value)} instead of failing with ${code}`);
    assert.equal(error.code, code, `${name} failed with ${error.code}: ${error.message}`);
    assert.ok(error.isAuthError, `${name} failed with something that is no extensible AuthError`);
    return error;
  }

  /** The outcomes of `count` calls made in one turn. @param {number} count @param {string} name @param {any[]} args @returns {Promise<Outcome[]>} */
  many(count, name, ...args) {
    return this.evaluate(
      (/** @type {[number, string, any[]]} */ [times, member, given]) =>
        Promise.all(Array.from({ length: times }, () => globalThis.kit.call(member, given))),
      [count, name, args],
    );
  }

  /** `auth.fetch`: `{ status, body }` of an answer. @param {string} url @param {RequestInit} [init] */
  async fetch(url, init) {
    return valueIn(
      await this.evaluate((/** @type {[string, RequestInit]} */ [to, how]) => globalThis.kit.fetch(to, how), [url, init]),
      `fetch ${url}`,
    );
  }

  /** @returns {Promise<{ signedIn: boolean, expiresAt: any, expiresInSeconds: number, hasRefreshToken: boolean }>} */
  status() {
    return this.evaluate(() => globalThis.auth.status());
  }

  /** What the host was told to show, oldest first. @returns {Promise<string[]>} */
  navigations() {
    return this.evaluate(() => globalThis.kit.record.navigations.map(({ target }) => target));
  }

  /** Waits until the host was told to show this page last. An event comes before the page that it leads to. @param {string} target */
  navigated(target) {
    return this.until((/** @type {string} */ wanted) => globalThis.kit.record.navigations.at(-1)?.target === wanted, target);
  }

  /** The types of the session's events, oldest first. @returns {Promise<string[]>} */
  events() {
    return this.evaluate(() => globalThis.kit.record.events.map(({ type }) => type));
  }

  /**
   * Waits for the session's next event of this type, and gives it. One that was waited for before does not count, nor do those older than it:
   * a test that waits for what has been long ago goes on too early.
   * @param {string} type
   */
  event(type) {
    return this.until((/** @type {string} */ wanted) => globalThis.kit.nextEvent(wanted), type);
  }

  /**
   * Waits until `script` gives something true, and gives that. Polled by us: a page's own timers and frames may be what is tested.
   * @param {any} script
   * @param {any} [argument]
   */
  async until(script, argument, limitMs = HANGS_AFTER_MS) {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const value = await this.evaluate(script, argument);
      if (value) {
        return value;
      }
      assert.ok(Date.now() < deadline, `not within ${limitMs} ms: ${script} ${JSON.stringify(argument) ?? ""}`);
      await new Promise((done) => setTimeout(done, 25));
    }
  }

  /** Everything in local and session storage, by key. @returns {Promise<Record<string, string>>} */
  stored() {
    return this.evaluate(() => ({ ...localStorage, ...sessionStorage }));
  }

  /** Fails if a call hangs, or the page saw an error or a line on its console. */
  async assertQuiet() {
    const hasKit = await this.evaluate(() => Boolean(globalThis.kit));
    if (hasKit) {
      await this.until(() => globalThis.kit.pending().length === 0).catch(async () => {
        assert.fail(`promises left hanging: ${await this.evaluate(() => globalThis.kit.pending().join(", "))}`);
      });
    }
    assert.deepEqual(this.errors, [], "uncaught errors or unhandled rejections in the page");
    const lines = this.console.filter((line) => !isBrowsersOwn(line));
    assert.deepEqual(lines, [], "lines on the console");
  }
}

/** @param {Outcome} outcome @param {string} what */
function valueIn({ value, error }, what) {
  assert.ok(!error, `${what} failed with ${error?.code}: ${error?.message}`);
  return value;
}
