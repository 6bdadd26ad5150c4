// @ts-check
/** The playground in a real browser, with its auth server: one of each for a file, a fresh context for each test. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { servePlayground } from "../../../www/serve.mjs";
import { startEmbedded } from "../../servers/lib.mjs";
import { launchBrowser, noBrowser } from "./browser.mjs";
import { unpackPackage } from "./package.mjs";

export const PHONE = { width: 360, height: 740 };
export const WIDE = { width: 1440, height: 900 };

/** @typedef {Awaited<ReturnType<typeof startEmbedded>>} Server */

/**
 * Starts what a file's tests share; gives what defines a test.
 * @returns {(name: string, body: (app: App) => Promise<void>, contextOptions?: import("playwright-core").BrowserContextOptions) => void}
 */
export function playgroundSuite() {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Server} */
  let server;
  /** @type {Awaited<ReturnType<typeof servePlayground>>} */
  let playground;

  before(async () => {
    if (noBrowser) return;
    server = await startEmbedded({ accessTtl: 60, refreshTtl: 3600, origins: "*" });
    playground = await servePlayground({ port: 0, authUrl: server.url, pkgDir: unpackPackage(), user: server.user });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await playground?.close();
    await server?.stop();
  });

  return (name, body, contextOptions = {}) => {
    test(name, { skip: noBrowser ?? false, timeout: 60_000 }, async () => {
      await server.reset();
      const context = await browser.newContext({ viewport: WIDE, ...contextOptions });
      const app = new App(context, server, playground.url);
      try {
        await body(app);
        assert.deepEqual(app.problems, [], "errors in the page");
      } finally {
        await context.close();
      }
    });
  };
}

/** The playground in one browser context. */
export class App {
  /** Console errors and uncaught ones, but for the browser's own lines about answers that are no 2xx. @type {string[]} */
  problems = [];

  /** @param {import("playwright-core").BrowserContext} context @param {Server} server @param {string} url */
  constructor(context, server, url) {
    this.context = context;
    this.server = server;
    this.url = url;
  }

  /** @param {string} [path] */
  async open(path = "/") {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.problems.push(message.text());
      }
    });
    await page.goto(this.url + path);
    return page;
  }

  /** Opens the login page and signs in, as a person would. */
  async signIn(path = "/") {
    const page = await this.open(path);
    await page.getByTestId("email").fill(this.server.user.email);
    await page.getByTestId("password").fill(this.server.user.password);
    await page.getByTestId("signin").click();
    await page.getByTestId("dashboard").waitFor();
    return page;
  }
}

/** Whether the page scrolls sideways. */
export const scrollsSideways = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
