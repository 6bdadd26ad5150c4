// @ts-check
/** What is served by www on the package from the tarball, in a real browser: a server, a site and a browser for a file, a context for each test. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { servePlayground } from "../../../www/serve.mjs";
import { startEmbedded } from "../../servers/lib.mjs";
import { launchBrowser, noBrowser } from "./browser.mjs";
import { unpackPackage } from "./package.mjs";

export const PHONE = { width: 360, height: 740 };
export const WIDE = { width: 1440, height: 900 };

/** Whether the page scrolls sideways. */
export const scrollsSideways = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

/**
 * @typedef {Awaited<ReturnType<typeof startEmbedded>>} Server
 * @typedef {{ server: Server, site: Awaited<ReturnType<typeof servePlayground>>, packageDir: string }} World
 * @typedef {{ problems: string[] }} Visitor
 */

/**
 * Starts what a file's tests share.
 * @template {Visitor} T
 * @param {object} given
 * @param {(options?: any) => Promise<Server>} [given.start] starts the server
 * @param {(context: import("playwright-core").BrowserContext, world: World) => Promise<T>} given.visit what a test is given
 * @param {import("playwright-core").BrowserContextOptions} [given.options] of each context
 */
export function servedSuite({ start = startEmbedded, visit, options }) {
  const world = /** @type {World} */ ({});
  /** @type {import("playwright-core").Browser | undefined} */
  let browser;

  before(async () => {
    if (noBrowser) return;
    world.packageDir = unpackPackage();
    world.server = await start({ accessTtl: 60, refreshTtl: 3600, origins: "*" });
    const { server, packageDir } = world;
    world.site = await servePlayground({ port: 0, authUrl: server.url, pkgDir: packageDir, user: server.user });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await world.site?.close();
    await world.server?.stop();
  });

  /** @param {string} name @param {(visitor: T) => Promise<void>} body @param {import("playwright-core").BrowserContextOptions} [more] of the context */
  const scenario = (name, body, more) =>
    test(name, { skip: noBrowser ?? false, timeout: 120_000 }, async () => {
      await world.server.reset();
      const context = await /** @type {import("playwright-core").Browser} */ (browser).newContext({ viewport: WIDE, ...options, ...more });
      try {
        const visitor = await visit(context, world);
        await body(visitor);
        assert.deepEqual(visitor.problems, [], "errors in the page");
      } finally {
        await context.close();
      }
    });

  return { scenario, world };
}

/**
 * Hears a page's console errors and uncaught ones, but for the browser's own lines about answers that are no 2xx.
 * @param {import("playwright-core").Page} page @param {Visitor} visitor
 */
export function hearProblems(page, visitor) {
  page.on("pageerror", (error) => visitor.problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) visitor.problems.push(message.text());
  });
}
