// Apps of a rebuilt builder in tabs of a real Chromium. The page's side is platform.js.

import { Clock } from "../../e2e/lib/clock.mjs";
import { launch } from "../../package/browser.mjs";
import { startEmbedded } from "../../servers/lib.mjs";
import { startGateway } from "./gateway.mjs";
import { unpackPackage } from "./package.mjs";
import { atProvider } from "./redirect.mjs";
import { serveCdn } from "./servers.mjs";

/**
 * What every harness needs: the unpacked package on a CDN, the real auth server behind its gateway, Chromium.
 * @param {{ fixtures?: Record<string, any>, cors?: boolean }} [options]
 */
export async function startParts({ fixtures, cors = true } = {}) {
  const files = unpackPackage();
  const server = await startEmbedded();
  const [gateway, cdn, browser] = await Promise.all([startGateway(server.url), serveCdn({ files, fixtures, cors }), launch()]);
  return {
    files,
    server,
    gateway,
    cdn,
    browser,
    /** A template with the test server's address in place of the example's. @param {string} path */
    template: (path) =>
      Object.entries(atProvider(server.url))
        .reduce((text, [name, own]) => text.replaceAll(name, own), files.read(`templates/${path}`))
        .replaceAll("https://example.api.co", gateway.url)
        .replaceAll("https://cdn.jsdelivr.net", cdn.url)
        .replaceAll("<version>", files.version),
    stop: async () => {
      await browser.close();
      await Promise.all([gateway.stop(), server.stop(), cdn.close()]);
      files.remove();
    },
  };
}

/** What fetch is given. @typedef {RequestInit & { url: string }} Request */

export class App {
  /** What the builder's server sent for queries. @type {{ name: string, request: Request, status: number | undefined }[]} */
  runs = [];

  /** @param {import("playwright-core").BrowserContext} context @param {Clock} clock @param {(page: string) => string} url @param {any} config */
  constructor(context, clock, url, config) {
    this.context = context;
    this.clock = clock;
    this.url = url;
    this.config = config;
  }

  /** @param {{ browser: import("playwright-core").Browser, url: (page: string) => string, config: any }} given */
  static async start({ browser, url, config }) {
    const context = await browser.newContext();
    const app = new App(context, await Clock.install(context), url, config);
    await app.context.exposeFunction("executeQuery", (/** @type {string} */ name, /** @type {Request} */ request) =>
      app.#send(name, request),
    );
    return app;
  }

  /** @param {string} name @param {Request} request */
  async #send(name, request) {
    const run = { name, request, status: /** @type {number | undefined} */ (undefined) };
    this.runs.push(run);
    try {
      const response = await fetch(request.url, request);
      run.status = response.status;
      return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
    } catch (thrown) {
      const error = /** @type {Error & { cause?: Error & { code?: string } }} */ (thrown);
      // In the words of Node's own client, which the builders' servers use.
      return { unreachable: error.cause?.code === "UND_ERR_SOCKET" ? "socket hang up" : (error.cause?.message ?? error.message) };
    }
  }

  /** A further tab on a page of the app, or on its home page. @param {string} page */
  async open(page = this.config.home) {
    const tab = new Tab(this, await this.context.newPage());
    await tab.visit(page);
    return tab;
  }

  close() {
    return this.context.close();
  }
}

export class Tab {
  /** @param {App} app @param {import("playwright-core").Page} page */
  constructor(app, page) {
    this.app = app;
    this.page = page;
    /** @type {string[]} */
    this.console = [];
    page.on("console", (message) => this.console.push(message.text()));
    page.on("pageerror", (error) => this.console.push(`uncaught: ${error.message}`));
  }

  /** Loads the app at a page's own address, as a link or a bookmark does. @param {string} page */
  async visit(page) {
    await this.page.goto(this.app.url(page));
    await this.call("boot", this.app.config);
  }

  async reload() {
    await this.page.reload();
    await this.call("boot", this.app.config);
  }

  /** Calls a member of the builder's runtime. @param {string} name @param {unknown[]} args @returns {Promise<any>} */
  call(name, ...args) {
    return this.page.evaluate(
      (/** @type {[string, any[]]} */ [name, args]) => window.platform[name](...args),
      /** @type {[string, any[]]} */ ([name, args]),
    );
  }

  /** Runs a function of the app by its name; it must not fail. @param {string} name @param {unknown} [params] */
  async run(name, params) {
    return good(name, await this.call("tryRun", name, params));
  }

  /** Runs code as a function of the app: what it returns. @param {string} code */
  async script(code) {
    return good(code, await this.call("tryScript", code));
  }

  /** The code of the error with which code ends, or its message where it has none. @param {string} code */
  async fails(code) {
    const { error, result } = await this.call("tryScript", code);
    if (!error) throw new Error(`${code}: no failure but ${JSON.stringify(result)}`);
    return error.code ?? error.message;
  }

  /** @param {string} name @param {string} text */
  type(name, text) {
    return this.call("type", name, text);
  }

  /** Types what a user types, and signs in; what that gives. @param {{ email: string, password: string }} user */
  async signIn({ email, password }) {
    await this.type("email", email);
    await this.type("password", password);
    return this.run("login");
  }

  toasts() {
    return this.page.evaluate(() => window.platform.toasts);
  }

  steps() {
    return this.page.evaluate(() => window.platform.steps);
  }

  /** All that a reload would find, as text. */
  stored() {
    return this.page.evaluate(() => JSON.stringify({ ...localStorage }));
  }

  current() {
    return this.page.evaluate(() => window.platform.current);
  }

  /** @param {string} page */
  async shows(page) {
    await this.page
      .waitForFunction((page) => window.platform.current === page, page)
      .catch(async () => {
        throw new Error(`${await this.current()} is shown, not ${page}; ${JSON.stringify(await this.toasts())}; ${this.console.slice(-5)}`);
      });
  }
}

/** @param {string} what @param {any} outcome */
function good(what, { result, error }) {
  if (error) throw new Error(`${what}: ${error.code ?? error.name}: ${error.message}`);
  return result;
}
